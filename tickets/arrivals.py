"""How many requests are to be expected in an hour, stream by stream, from the weeks before. Pure: no rows, no clock.

A stream is all requests (`total`), those about a topic (`topic:liquidation`) or those in a language (`language:ko`).
Hours are whole hours since 1970 (UTC), days whole days. Whoever counts requests keeps them by hour in a `History`.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping

TOTAL = "total"
DAYS = 28
SHARE_DAYS = 8.0  # the share of a stream over all hours weighs as much as so many days of the same hour
NEAR = (-1, 0, 1)  # the share of a stream is that in the hours beside an hour too, so that rare ones are known sooner
LEAST = 0.01  # requests per minute: what a stream that nobody has seen before is expected to bring
EMPTY_HOUR = 20.0  # an hour without any request where so many were expected was not counted, rather than quiet
# The first day knows nothing of its later hours: they may be twice as busy as the ones before.
UNSEEN_HOUR = 2.0
RECENT_HOURS = 3
SPREAD_HOURS = 14 * 24  # must be known before it is measured how much hours differ
HEADROOM = 0.35  # an hour of the day that was seen once may be so much busier today; divided by the days it was seen


def streams_of(topic: str, language: str) -> tuple[str, str, str]:
    """The streams that a request belongs to."""
    return TOTAL, f"topic:{topic}", f"language:{language}"


def by_stream(cells: Mapping[tuple[str, str], int]) -> Counter[str]:
    """Counts by stream from counts by (topic, language)."""
    found: Counter[str] = Counter()
    for (topic, language), count in cells.items():
        for stream in streams_of(topic, language):
            found[stream] += count
    return found


class History:
    """What came in during each hour of the last 28 days."""

    def __init__(self, hours: Iterable[tuple[int, Mapping[str, float]]] = ()) -> None:
        self._hours: dict[int, Mapping[str, float]] = {}
        self._by_hour: list[Counter[str]] = [Counter() for _ in range(24)]
        self._sums: Counter[str] = Counter()
        self._seen = [0] * 24
        for hour, counts in hours:
            self.learn(hour, counts)

    def __len__(self) -> int:
        """The number of hours that are known."""
        return len(self._hours)

    def learn(self, hour: int, counts: Mapping[str, float]) -> None:
        """Keep an hour that is over, and forget those that are older than 28 days. One that was learned before is
        replaced. `counts` are requests by stream."""
        self._forget(hour)
        self._hours[hour] = counts
        self._add(hour, counts, 1)
        for old in [known for known in self._hours if known <= hour - DAYS * 24]:
            self._forget(old)

    def expected(self, hour: int) -> dict[str, float]:
        """Requests per minute that are usual in an hour, by stream; empty while nothing is known at all.

        An hour of the day is the mean of that hour on the days known. A stream is its share of all requests in that
        hour and the two beside it, drawn towards its share of all hours the fewer days there are. Hours that were never
        seen go by the last three, doubled.
        """
        if not self._sums[TOTAL]:
            return {}
        total = self._expected_total(hour)
        return {stream: max(self._expected_stream(stream, hour, total) / 60, LEAST) for stream in sorted(self._sums)}

    def mean(self) -> float:
        """Requests per minute of all hours that are known; 0 while none is."""
        return self._sums[TOTAL] / len(self._hours) / 60 if self._hours else 0.0

    def spread(self) -> float:
        """By how much hours differ from the mean of their hour of the day, beyond what chance does: a coefficient of
        variation; 0 until two weeks are known."""
        if len(self._hours) < SPREAD_HOURS or not self._sums[TOTAL]:
            return 0.0
        means = [counts[TOTAL] / seen if seen else 0.0 for counts, seen in zip(self._by_hour, self._seen, strict=True)]
        known = [(counts.get(TOTAL, 0.0), means[hour % 24]) for hour, counts in self._hours.items() if means[hour % 24]]
        days = max(self._seen)
        squares = sum((count / mean - 1) ** 2 - 1 / mean for count, mean in known) / len(known)
        return math.sqrt(max(0.0, squares) * days / (days - 1))

    def _expected_total(self, hour: int) -> float:
        seen = self._seen[hour % 24]
        if seen:
            return self._by_hour[hour % 24][TOTAL] / seen * (1 + HEADROOM / seen)
        recent = [self._hours[known].get(TOTAL, 0.0) for known in sorted(self._hours)[-RECENT_HOURS:]]
        return sum(recent) / len(recent) * UNSEEN_HOUR

    def _expected_stream(self, stream: str, hour: int, total: float) -> float:
        if stream == TOTAL:
            return total
        share = self._sums[stream] / self._sums[TOTAL]
        near = [(hour + away) % 24 for away in NEAR]
        counted = sum(self._by_hour[other][stream] for other in near)
        # by the share in the same hours, so that a day that was busy as a whole doesn't count twice
        of_all = sum(self._by_hour[other][TOTAL] for other in near)
        drawn = SHARE_DAYS * (of_all / max(1, sum(self._seen[other] for other in near)) or total)
        return total * (counted + share * drawn) / (of_all + drawn) if drawn else 0.0

    def _forget(self, hour: int) -> None:
        counts = self._hours.pop(hour, None)
        if counts is not None:
            self._add(hour, counts, -1)

    def _add(self, hour: int, counts: Mapping[str, float], sign: int) -> None:
        self._seen[hour % 24] += sign
        for stream, count in counts.items():
            self._by_hour[hour % 24][stream] += sign * count  # type: ignore[assignment]
            self._sums[stream] += sign * count  # type: ignore[assignment]
