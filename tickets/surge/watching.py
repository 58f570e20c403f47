"""History, detector and state of the desk together, following arrivals minute by minute. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from tickets.arrivals import EMPTY_HOUR, LEAST, TOTAL, History, by_stream
from tickets.surge.detecting import Detector, Reading, Setup
from tickets.surge.states import Standing, Step, step

LEAST_HISTORY = 3  # hours before anything can be called unusual
WARM_UP = 7 * 24  # hours before what is usual is known well
NEW_NORMAL = 24 * 60  # minutes of alarm after which a stream is simply busier than it was


class Watch:
    """History, detector and state together: what follows arrivals minute by minute, in the product and in a replay."""

    def __init__(
        self,
        setup: Setup | None = None,
        history: History | None = None,
        standing: Standing | None = None,
        memory: Mapping[str, Any] | None = None,
    ) -> None:
        """`memory` is what an earlier watch kept (`keep`)."""
        found = memory or {}
        self.setup = setup or Setup()
        self.history = history or History()
        self.standing = standing or Standing()
        self.detector = Detector(self.setup, found.get("detector"))
        self.hour: int | None = found.get("hour")
        self.learned: dict[str, float] = dict(found.get("learned", {}))
        self.known: int = found.get("known", 0)  # hours of history when this one began

    def keep(self) -> dict[str, Any]:
        """What JSON can hold, to go on from later; the history is kept by the hour elsewhere."""
        return {"detector": self.detector.keep(), "hour": self.hour, "learned": self.learned, "known": self.known}

    def take(self, minute: int, counts: Mapping[str, int], level: int = 0) -> tuple[Reading, Step | None]:
        """Take the requests of a minute, which has to be the one after the last."""
        self.turn_to(minute)
        reading = self.detector.feed(minute, counts, level, is_warming_up=self.known < WARM_UP)
        self._learn(minute, counts)
        self.standing, taken = step(self.standing, reading, self.setup)
        return reading, taken

    def turn_to(self, minute: int) -> dict[str, float]:
        """Begin the hour of a minute where it is a new one; returns what the last hour left, if so."""
        hour = minute // 60
        if hour == self.hour:
            return {}
        finished = self._finish_hour()
        self.hour, self.learned, self.known = hour, {}, len(self.history)
        if self.known >= LEAST_HISTORY:
            self.detector.expect(self.history.expected(hour), self.history.spread(), self.history.mean())
        return finished

    def _finish_hour(self) -> dict[str, float]:
        if self.hour is None or self._was_not_counted():
            return {}
        self.history.learn(self.hour, self.learned)
        return self.learned

    def _was_not_counted(self) -> bool:
        return not self.learned.get(TOTAL) and self.detector.rates.get(TOTAL, 0) * 60 >= EMPTY_HOUR

    def _learn(self, minute: int, counts: Mapping[str, int]) -> None:
        """What the hour teaches: what came in; while a stream alarms, what had been expected of it, so that a surge
        does not become usual. One that has gone on for a day is the new normal."""
        for stream, count in counts.items():
            self.learned[stream] = self.learned.get(stream, 0.0) + count
        for stream, track in self.detector.tracks.items():
            if track.since is not None and minute - track.since < NEW_NORMAL:
                usual = self.detector.rates.get(stream, LEAST) * self.detector.level
                self.learned[stream] = self.learned.get(stream, 0.0) - counts.get(stream, 0) + usual


def replay(counts: Mapping[int, Mapping[tuple[str, str], int]], setup: Setup) -> Iterator[tuple[Reading, Step | None]]:
    """Run counts by minute and (topic, language) through a fresh watch, from the first minute to the last."""
    if not counts:
        return
    watch, nothing = Watch(setup), Counter[str]()
    for minute in range(min(counts), max(counts) + 1):
        yield watch.take(minute, by_stream(counts[minute]) if minute in counts else nothing)
