"""When more requests come in than usual: a score for every stream of requests, and the state of the desk that follows.
Pure: minutes are whole minutes since 1970 (UTC), moments Unix seconds; nothing is read and nothing written.

The score is a Poisson CUSUM (Page 1954; Lucas 1985, "Counted data CUSUM's"): with x requests in a minute where μ were
expected, S = max(0, S + x ln ρ − (ρ − 1) μ) is the evidence for ρ times as many over as many as usual. A stream alarms
where S reaches the threshold h. Every stream has two: one for waves of the ratio that is set up, and a sharp one for
waves of four times as many, whose threshold is lower the rarer a stream.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from tickets.arrivals import EMPTY_HOUR, LEAST, TOTAL, History, by_stream

MINUTE, HOUR = 60, 3600  # seconds
LEAST_HISTORY = 3  # hours before anything can be called unusual
WARM_UP = 7 * 24  # hours before what is usual is known well
LAG = 30  # minutes by which the slow level follows, so that a surge does not become usual while it begins
LEVEL_MEMORY = 180.0  # minutes: time constant of the slow level
LEVEL_BOUNDS = (0.6, 1.6)
SHARP = 4.0  # ρ of the second score: less than the waves it has to find, which often begin with few requests
# Of the second threshold, see `Detector.sharp_threshold`: requests per minute of a frequent stream, or a part of all
# requests where that is less; how much lower the threshold is than the first one there; how much it falls for a stream
# that is e times as rare, beyond what leaves false alarms as frequent; and the least part of the first one.
FREQUENT, FREQUENT_PART, LOWER, FAVOUR, LEAST_PART = 0.25, 1 / 8, 2.5, 2.75, 0.3
WINDOW = 4.0  # minutes: how long a wave of everything takes to alarm, about
SPREAD = 0.18  # by how much hours differ beyond chance at least (coefficient of variation)
TOLERATED, MARGIN = 0.20, 4.0  # see `Detector.allowance`
ORDINARY = 2.5  # times as many as usual: less than that is a busy day, which the slow level may follow
MOST = 3  # thresholds at which a score stops growing: above what declares a surge, and soon down again
RECENT = 30.0  # minutes: time constant of what an alarmed stream brought lately
NEW_NORMAL = 24 * 60  # minutes of alarm after which a stream is simply busier than it was
SIGNAL_SECONDS = 30 * MINUTE  # a signal of the market is listened to for so long at most


class State(StrEnum):
    NORMAL = "normal"
    WATCH = "watch"
    SURGE = "surge"
    RECOVERY = "recovery"


class Why(StrEnum):
    """What brought the desk from one state to another."""

    ALARM = "alarm"
    SIGNAL = "signal"
    GROWING = "growing"
    CALM = "calm"
    RECOVERED = "recovered"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
    ENDED = "ended"


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


@dataclass(frozen=True)
class Standing:
    """The state of the desk. `since` and `muted_until` are minutes: until then the streams in `muted`, which a lead has
    called no surge, do not open a watch again. `streams` are those that brought the desk here."""

    state: State = State.NORMAL
    since: int = 0
    streams: tuple[str, ...] = ()
    muted: tuple[str, ...] = ()
    muted_until: int = 0


@dataclass(frozen=True)
class Step:
    """The desk went from one state to another, and why."""

    minute: int
    came_from: State
    to: State
    why: Why
    streams: tuple[str, ...] = ()


def is_about(streams: Iterable[str], topic: str) -> bool:
    """Whether what alarms concerns requests of a topic; without one, whether it concerns all requests."""
    return bool({TOTAL, f"topic:{topic}"} & set(streams)) if topic else TOTAL in streams


def step(standing: Standing, reading: Reading, setup: Setup) -> tuple[Standing, Step | None]:
    """What a minute makes of the state of the desk. A signal alone opens a watch and never declares a surge."""
    alarms = _heard(standing, reading.alarms, reading.minute)
    found = _next(standing, reading, alarms, setup)
    if found is None:
        grown = tuple(dict.fromkeys((*standing.streams, *alarms)))
        return replace(standing, streams=grown if standing.state != State.NORMAL else ()), None
    return move(standing, *found, minute=reading.minute, streams=alarms)


def move(
    standing: Standing, to: State, why: Why, *, minute: int, streams: tuple[str, ...] = (), mute: int = 0
) -> tuple[Standing, Step]:
    """Bring the desk to another state. `mute`: for so many minutes, the streams of now do not open a watch again."""
    after = Standing(to, minute, () if to == State.NORMAL else streams or standing.streams)
    if mute:
        after = replace(after, muted=standing.streams, muted_until=minute + mute)
    return after, Step(minute, standing.state, to, why, streams or standing.streams)


def _heard(standing: Standing, streams: tuple[str, ...], minute: int) -> tuple[str, ...]:
    if minute >= standing.muted_until:
        return streams
    return tuple(stream for stream in streams if stream not in standing.muted)


def _next(standing: Standing, reading: Reading, alarms: tuple[str, ...], setup: Setup) -> tuple[State, Why] | None:
    if standing.state == State.NORMAL:
        return _from_normal(standing, reading, alarms)
    if standing.state != State.SURGE and setup.is_automatic and any(stream in alarms for stream in reading.growing):
        return State.SURGE, Why.GROWING
    return None if alarms else _from_calm(standing, reading, setup)


def _from_normal(standing: Standing, reading: Reading, alarms: tuple[str, ...]) -> tuple[State, Why] | None:
    if alarms:
        return State.WATCH, Why.ALARM
    is_warned = reading.level >= 3 and reading.minute >= standing.muted_until
    return (State.WATCH, Why.SIGNAL) if is_warned else None


def _from_calm(standing: Standing, reading: Reading, setup: Setup) -> tuple[State, Why] | None:
    lasted = reading.minute - standing.since
    if standing.state == State.WATCH and reading.level < 3:
        return State.NORMAL, Why.CALM
    if standing.state == State.SURGE and lasted >= setup.latch:
        return State.RECOVERY, Why.CALM
    if standing.state == State.RECOVERY and lasted >= setup.recovery:
        return State.NORMAL, Why.RECOVERED
    return None


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
