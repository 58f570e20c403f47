"""Requests as they come in on a made-up desk, minute by minute, for tests and for `python -m bench.surge`.

Days differ by 15 % and hours by 10 % on top of chance (gamma factors), because counts that are only Poisson make a
detector look better than it is. Shares of topics and languages are those of a quiet day at the desk.
"""

import math
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import accumulate

PER_HOUR = 115.0
DAY_CV, HOUR_CV = 0.15, 0.10
TOPICS = {
    "deposits": 0.238,
    "account_access": 0.19,
    "trading": 0.122,
    "fees": 0.102,
    "kyc": 0.099,
    "specs": 0.093,
    "liquidation": 0.06,
    "api": 0.057,
    "security": 0.039,
}
LANGUAGES = {
    "en": 0.336,
    "zh-hans": 0.138,
    "ko": 0.102,
    "ja": 0.082,
    "ru": 0.07,
    "es": 0.062,
    "tr": 0.053,
    "vi": 0.044,
    "zh-hant": 0.041,
    "pt-br": 0.032,
    "ar": 0.022,
    "fr": 0.018,
}
CRASH_TOPICS = {"liquidation": 0.34, "account_access": 0.27, "trading": 0.20, "deposits": 0.10, "api": 0.09}


@dataclass(frozen=True)
class Event:
    """More requests than usual. `factor` is what the wave multiplies by at its height, `ramp` the minutes until then;
    it keeps its height for `plateau` minutes, then halves every hour. Only requests of `topic` or `language` multiply,
    where one is named; a wave of everything has the topics of a crash."""

    start: int
    factor: float
    topic: str = ""
    language: str = ""
    ramp: int = 5
    plateau: int = 120

    def more(self, minute: int) -> float:
        """How much more than usual comes in a minute, as a multiple of what is usual."""
        passed = minute - self.start
        if passed < 0:
            return 0.0
        if passed < self.ramp:
            return (self.factor - 1) * (passed + 1) / self.ramp
        late = max(0, passed - self.ramp - self.plateau)
        return (self.factor - 1) * 0.5 ** (late / 60) if late < 900 else 0.0


@dataclass
class Desk:
    """`Desk(seed).minutes(days)` gives a minute after the other: its number and its requests by (topic, language).
    `swing` is how far the busiest hour of the day lies above the mean one, and the quietest below it."""

    seed: int
    per_hour: float = PER_HOUR
    swing: float = 0.35
    day_cv: float = DAY_CV
    hour_cv: float = HOUR_CV
    events: tuple[Event, ...] = ()
    first: int = 0
    _random: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def minutes(self, days: float) -> Iterator[tuple[int, Counter[tuple[str, str]]]]:
        busy_day = busy_hour = 1.0
        for minute in range(self.first, self.first + round(days * 1440)):
            if minute % 1440 == 0 or minute == self.first:
                busy_day = self._factor(self.day_cv)
            if minute % 60 == 0 or minute == self.first:
                busy_hour = self._factor(self.hour_cv) * self._shape(minute)
            yield minute, self._requests(minute, self.per_hour / 60 * busy_day * busy_hour)

    def _shape(self, minute: int) -> float:
        return 1 + self.swing * math.sin(2 * math.pi * (minute / 1440 - 0.3))

    def _factor(self, cv: float) -> float:
        return self._random.gammavariate(1 / cv**2, cv**2) if cv else 1.0

    def _requests(self, minute: int, rate: float) -> Counter[tuple[str, str]]:
        found: Counter[tuple[str, str]] = Counter()
        for _ in range(self.poisson(rate)):
            found[self._choose(TOPICS), self._choose(LANGUAGES)] += 1
        for event in self.events:
            more = event.more(minute)
            if more:
                self._add(found, event, rate * more)
        return found

    def _add(self, found: Counter[tuple[str, str]], event: Event, rate: float) -> None:
        share = TOPICS.get(event.topic, 1.0) * LANGUAGES.get(event.language, 1.0)
        topics = TOPICS if event.topic or event.language else CRASH_TOPICS
        for _ in range(self.poisson(rate * share)):
            found[event.topic or self._choose(topics), event.language or self._choose(LANGUAGES)] += 1

    def _choose(self, shares: Mapping[str, float]) -> str:
        names, sums = _sums(shares)
        at = self._random.random() * sums[-1]
        return next(name for name, most in zip(names, sums, strict=True) if at < most)

    def poisson(self, mean: float) -> int:
        """Knuth's product of uniforms; a mean of more than 30 in parts."""
        if mean > 30:
            return self.poisson(mean / 2) + self.poisson(mean / 2)
        limit, product, count = math.exp(-mean), self._random.random(), 0
        while product > limit:
            product *= self._random.random()
            count += 1
        return count


_SUMS: dict[int, tuple[list[str], list[float]]] = {}


def _sums(shares: Mapping[str, float]) -> tuple[list[str], list[float]]:
    if id(shares) not in _SUMS:
        _SUMS[id(shares)] = (list(shares), list(accumulate(shares.values())))
    return _SUMS[id(shares)]


Onset = Callable[[int], Event]
SCENARIOS: dict[str, tuple[Onset, float]] = {
    # name -> the wave that begins at a minute, and within how many minutes 95 % have to be found
    "everything x10": (lambda at: Event(at, 10), 6),
    "everything x5": (lambda at: Event(at, 5), 10),
    "everything x3": (lambda at: Event(at, 3), 30),
    "liquidation x5": (lambda at: Event(at, 5, topic="liquidation"), 90),
    "security x8": (lambda at: Event(at, 8, topic="security"), 90),
    "api x6": (lambda at: Event(at, 6, topic="api"), 90),
    "Vietnamese x6": (lambda at: Event(at, 6, language="vi"), 90),
    "Korean x5": (lambda at: Event(at, 5, language="ko"), 90),
    "French x8": (lambda at: Event(at, 8, language="fr"), 90),
    "Arabic x8": (lambda at: Event(at, 8, language="ar"), 90),
}
SCENARIOS["everything x2"] = (lambda at: Event(at, 2), 0)  # no goal: to know
SCENARIOS["everything to x3 in two hours"] = (lambda at: Event(at, 3, ramp=120), 0)
