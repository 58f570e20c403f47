"""How long people waited, as counts of durations that can be added up: a month is the sum of its days. Pure.

A duration is kept in minutes with two significant digits (7, 42, 130, 1400), so that percentiles are off by less than
five per cent and a day needs a few dozen numbers whatever its traffic.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

FEW = 10  # below this many, a median says little


class Measure(StrEnum):
    """What is timed. A first reply may be one answer to many; the first individual one is written for this customer."""

    FIRST = "first_reply"
    OWN = "first_own_reply"
    NEXT = "next_reply"
    SOLVED = "resolution"


def minutes_of(seconds: float) -> int:
    """Whole minutes, begun ones counted, cut to two significant digits upwards. Nothing takes less than one."""
    minutes = max(1, math.ceil(seconds / 60))
    step = 10 ** max(0, len(str(minutes)) - 2)
    return math.ceil(minutes / step) * step


@dataclass(frozen=True)
class Timing:
    """How many there were, how many of those kept what was promised, and the middle and the slow end in minutes."""

    count: int
    kept: int
    median: int | None
    slow: int | None  # nine of ten were not slower

    @property
    def attainment(self) -> float | None:
        """Share of promises kept, 0 to 1."""
        return self.kept / self.count if self.count else None

    @property
    def is_few(self) -> bool:
        return self.count < FEW


def summary(durations: Mapping[int, int], kept: int) -> Timing:
    """Of durations in minutes with how often each occurred."""
    return Timing(sum(durations.values()), kept, percentile(durations, 0.5), percentile(durations, 0.9))


def percentile(durations: Mapping[int, int], share: float) -> int | None:
    """The smallest duration that at least `share` of all do not exceed (nearest rank); None of nothing."""
    total = sum(durations.values())
    if not total:
        return None
    wanted, passed = max(1, math.ceil(total * share)), 0
    for minutes in sorted(durations):
        passed += durations[minutes]
        if passed >= wanted:
            return minutes
    raise AssertionError("the counts add up to the total")


def added(parts: Iterable[Mapping[int, int]]) -> Counter[int]:
    """The durations of several parts together."""
    total: Counter[int] = Counter()
    for part in parts:
        total.update(part)
    return total
