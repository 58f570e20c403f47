"""When more requests come in than usual: a score for every stream of requests, minute by minute. Pure.

The score is a Poisson CUSUM (Page 1954; Lucas 1985, "Counted data CUSUM's"): with x requests in a minute where μ were
expected, S = max(0, S + x ln ρ − (ρ − 1) μ) is the evidence for ρ times as many over as many as usual. A stream alarms
where S reaches the threshold h. Every stream has two: one for waves of the ratio that is set up, and a sharp one for
waves of four times as many, whose threshold is lower the rarer a stream.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tickets.arrivals import LEAST, TOTAL

LAG = 30  # minutes by which the slow level follows, so that a surge does not become usual while it begins
LEVEL_MEMORY = 180.0  # minutes: time constant of the slow level
LEVEL_BOUNDS = (0.6, 1.6)
SHARP = 4.0  # ρ of the second score: less than the waves it has to find, which often begin with few requests
# Of the second threshold, see `Detector.sharp_threshold`: requests per minute of a frequent stream, or a part of all
# requests where that is less; how much lower the threshold is than the first one there; how much it falls for a stream
# that is e times as rare, beyond what leaves false alarms as frequent; and the least part of the first one.
FREQUENT, FREQUENT_PART, LOWER, FAVOUR, LEAST_PART = 0.25, 1 / 8, 2.5, 2.75, 0.3
WINDOW = 4.0  # minutes that a wave over all streams takes to alarm, about
SPREAD = 0.18  # the least variation of hours beyond chance (coefficient of variation)
TOLERATED, MARGIN = 0.20, 4.0  # see `Detector.allowance`
ORDINARY = 2.5  # times the usual; below it is a busy day, which the slow level may follow
MOST = 3  # thresholds at which a score stops growing: above what declares a surge, and soon down again
RECENT = 30.0  # minutes: time constant of what an alarmed stream brought lately
SIGNAL_SECONDS = 30 * 60  # a signal of the market is listened to for so long at most


@dataclass(frozen=True)
class Setup:
    """What an operator may turn. `ratio` is ρ, `threshold` h; the rest are minutes."""

    ratio: float = 3.0
    threshold: float = 20.0
    latch: int = 60
    calm: int = 30
    auto_after: int = 10
    is_automatic: bool = True
    recovery: int = 60
    mute: int = 60


@dataclass(frozen=True)
class Signal:
    """What the market says: level 0 (all is well) to 3, from `at` until `until` (Unix seconds)."""

    level: int
    at: float
    until: float

    def counts(self, now: float) -> bool:
        return self.at <= now < min(self.until, self.at + SIGNAL_SECONDS)


def level_of(signals: Iterable[Signal], now: float) -> int:
    """The highest level that holds at a moment; 0 without any."""
    return max((signal.level for signal in signals if signal.counts(now)), default=0)


@dataclass
class Track:
    """What is remembered of one stream. `score` and `bar` are the first score and its threshold, `sharp` and
    `sharp_bar` the second. `since` and `over_since` are minutes: since when it alarms, and since when a score is above
    twice its threshold; `calm` counts minutes in which it was calm again; `recent` and `usual` are what an alarmed
    stream brought lately and would have brought otherwise."""

    score: float = 0.0
    bar: float = 0.0
    sharp: float = 0.0
    sharp_bar: float = 0.0
    since: int | None = None
    over_since: int | None = None
    calm: int = 0
    recent: float = 0.0
    usual: float = 0.0

    def excess(self) -> float:
        """The higher of the two scores against its threshold: 1 where the stream alarms."""
        score, bar = self.reached()
        return score / bar

    def reached(self) -> tuple[float, float]:
        """The score that is nearer to its threshold, and the threshold."""
        is_sharp = self.sharp * self.bar > self.score * self.sharp_bar
        return (self.sharp, self.sharp_bar) if is_sharp else (self.score, self.bar)


@dataclass(frozen=True)
class Alarm:
    """A stream began to alarm. `is_warming_up`: fewer than seven days were known of what is usual."""

    minute: int
    stream: str
    score: float
    threshold: float
    is_warming_up: bool = False


@dataclass(frozen=True)
class Reading:
    """What one minute showed: the streams that alarm, those that alarmed in it first, and those whose score has been
    above twice the threshold for the time after which a surge is declared."""

    minute: int
    level: int
    alarms: tuple[str, ...] = ()
    began: tuple[Alarm, ...] = ()
    growing: tuple[str, ...] = ()


class Detector:
    """Takes minute after minute. `memory` is what an earlier one kept (`keep`): the two together give the same as one
    that took all minutes."""

    def __init__(self, setup: Setup, memory: Mapping[str, Any] | None = None) -> None:
        found = dict(memory or {})
        self.setup = setup
        self.rates: dict[str, float] = found.get("rates", {})
        self.tracks = {stream: Track(**values) for stream, values in found.get("tracks", {}).items()}
        self._lagging: list[list[float]] = found.get("lagging", [])
        self._seen, self._usual = found.get("level", (0.0, 0.0))
        self.spread: float = found.get("spread", SPREAD)
        self.mean: float = found.get("mean", self.rates.get(TOTAL, 0.0))
        self._gain, self._loss = math.log(setup.ratio), setup.ratio - 1
        self._sharp_gain, self._sharp_loss = math.log(SHARP), SHARP - 1

    def keep(self) -> dict[str, Any]:
        """What JSON can hold, to go on from later."""
        tracks = {stream: vars(track) for stream, track in self.tracks.items()}
        known = {"rates": self.rates, "spread": self.spread, "mean": self.mean}
        return {**known, "tracks": tracks, "lagging": self._lagging, "level": [self._seen, self._usual]}

    @property
    def level(self) -> float:
        """How busy the last hours were as a whole against what is usual, within bounds."""
        low, high = LEVEL_BOUNDS
        return min(max(self._seen / self._usual, low), high) if self._usual else 1.0

    def expect(self, rates: Mapping[str, float], spread: float = SPREAD, mean: float | None = None) -> None:
        """Begin an hour: requests per minute by stream, by how much hours differ beyond chance, and how many requests
        a minute of any hour of the day brings; without it, as many as one of this hour."""
        self.spread = max(spread, SPREAD)
        self.mean = rates.get(TOTAL, 0.0) if mean is None else mean
        if self.rates == {} and rates:  # begin as if the last hours had been as usual
            self._seen = self._usual = rates[TOTAL] * LEVEL_MEMORY / 2
        self.rates = dict(rates)

    @property
    def allowance(self) -> float:
        """How many times as many as expected are still usual. Where hours differ by more than 20 %, what is expected of
        the next one may be wrong by more: a day that begins twice as busy as yesterday is no wave there."""
        return 1 + MARGIN * max(0.0, self.spread - TOLERATED)

    def threshold(self, usual: float) -> float:
        """The score at which a stream alarms of which so many requests are usual in a minute. Days and hours differ by
        more than chance, and the busier a stream, the more of its score is that: the variance of a count over W minutes
        is (1 + cv² μ W) times that of chance."""
        return self.setup.threshold * (1 + self.spread**2 * WINDOW * usual)

    def sharp_threshold(self, usual: float) -> float:
        """The same of the second score. False alarms of a score are as frequent as μ exp(-h): lower by ln μ, a rare
        stream has as many as a frequent one. It gets more of them, as it would be found late otherwise, but not on a
        small desk, where all streams are rare: there a frequent one is a part of all requests."""
        favoured = math.log(max(1.0, min(FREQUENT, FREQUENT_PART * self.mean) / usual))
        bar = self.setup.threshold - LOWER - math.log(max(1.0, FREQUENT / usual)) - FAVOUR * favoured
        return max(bar, self.setup.threshold * LEAST_PART) * (1 + self.spread**2 * WINDOW * usual)

    def feed(self, minute: int, counts: Mapping[str, int], level: int = 0, is_warming_up: bool = False) -> Reading:
        """Take the requests of a minute, by stream."""
        if not self.rates:
            return Reading(minute, level)
        busy = self.level * self.allowance
        began = []
        for stream in {**self.rates, **counts} if counts.keys() - self.rates.keys() else self.rates:
            usual, count = self.rates.get(stream, LEAST) * busy, counts.get(stream, 0)
            track = self.tracks.get(stream)
            if track is None:
                if not count:
                    continue
                track = self.tracks[stream] = Track()
            if self._follow(track, minute, count, usual, level):
                began.append(Alarm(minute, stream, *track.reached(), is_warming_up))
            elif track.score == 0.0 and track.sharp == 0.0 and track.since is None:
                del self.tracks[stream]
        self._follow_level(counts.get(TOTAL, 0))
        return self._reading(minute, level, began)

    def _reading(self, minute: int, level: int, began: list[Alarm]) -> Reading:
        if not self.tracks:
            return Reading(minute, level)
        alarms = tuple(stream for stream, track in self.tracks.items() if track.since is not None)
        growing = tuple(stream for stream in alarms if self._is_growing(self.tracks[stream], minute))
        return Reading(minute, level, alarms, tuple(began), growing)

    def _follow(self, track: Track, minute: int, count: int, usual: float, level: int) -> bool:
        """Take a minute of one stream; returns whether it began to alarm."""
        self._score(track, count, usual)
        if track.since is None:
            if track.excess() < (0.5 if level >= 2 else 1.0):
                return False
            track.since, track.calm = minute, 0
            track.usual, track.recent = usual * RECENT, usual * RECENT * self.setup.ratio
            return True
        self._calm_down(track, minute, count, usual)
        return False

    def _score(self, track: Track, count: int, usual: float) -> None:
        track.bar, track.sharp_bar = self.threshold(usual), self.sharp_threshold(usual)
        track.score = _within(track.score + count * self._gain - self._loss * usual, track.bar)
        track.sharp = _within(track.sharp + count * self._sharp_gain - self._sharp_loss * usual, track.sharp_bar)

    def _calm_down(self, track: Track, minute: int, count: int, usual: float) -> None:
        if track.excess() <= 2:
            track.over_since = None
        elif track.over_since is None:
            track.over_since = minute
        track.recent += count - track.recent / RECENT
        track.usual += usual - track.usual / RECENT
        track.calm = track.calm + 1 if self._is_calm(track) else 0
        if track.calm >= self.setup.calm and minute - track.since >= self.setup.latch:  # type: ignore[operator]
            track.score, track.sharp, track.since, track.over_since, track.calm = 0.0, 0.0, None, None, 0

    def _is_calm(self, track: Track) -> bool:
        """A third of the threshold; or no more lately than chance brings: the score of a rare language comes down by
        some hundredths a minute, and would say "surge" until the next day."""
        ordinary = 1.5 * track.usual + 2 * math.sqrt(track.usual)
        return track.excess() < 1 / 3 or track.recent <= ordinary

    def _is_growing(self, track: Track, minute: int) -> bool:
        return track.over_since is not None and minute - track.over_since >= self.setup.auto_after

    def _is_wave(self) -> bool:
        """Whether all requests together alarm and are more than a busy day brings."""
        total = self.tracks.get(TOTAL)
        return total is not None and total.since is not None and total.recent > ORDINARY * self.rates[TOTAL] * RECENT

    def _follow_level(self, count: int) -> None:
        """The slow level, half an hour behind; while all requests together alarm, it stands still."""
        usual = self.rates[TOTAL]
        self._lagging.append([usual * self.level if self._is_wave() else count, usual])
        if len(self._lagging) > LAG:
            seen, expected = self._lagging.pop(0)
            kept = 1 - 1 / LEVEL_MEMORY
            self._seen, self._usual = self._seen * kept + seen, self._usual * kept + expected


def _within(score: float, bar: float) -> float:
    return min(score, MOST * bar) if score > 0 else 0.0
