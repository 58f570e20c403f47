"""Promises during a replay: what each customer would have read on sending, and how many came true."""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable
from statistics import fmean, median
from typing import Any

from tickets import promises
from tickets.enums import Priority
from tickets.promises import Desk, Stream
from tickets.replay.assumptions import Assumptions
from tickets.replay.trace import Row
from tickets.routing import Router, Waiting

HALF_HOUR, TWO_HOURS = 1800.0, 7200.0
RAMP = HALF_HOUR  # after the crash
SURGE = 12 * 3600.0
FEW = 20  # replies; fewer say too little about the pace
LONG = 900  # seconds; only of promises above this can too many be kept
ENGLISH = "en"


class PromiseBook:
    """What the desk would know at a moment of the replay: of the trace only the past, and as usual load that of the
    trace's calm tickets, where a real desk has its profile of 28 days."""

    def __init__(self, rows: Iterable[Row], assumptions: Assumptions) -> None:
        self.made: dict[int, int | None] = {}
        self._assumptions = assumptions
        self._calm = [row for row in rows if not row.surge]
        self._arrivals: deque[tuple[float, Stream]] = deque()
        self._replies: deque[tuple[float, str, float]] = deque()
        self._writing = self._by_topic()
        self._paces: dict[str, float] = {}
        self._usual: defaultdict[Stream, float] = defaultdict(float)

    def _by_topic(self) -> dict[str, tuple[float, float]]:
        """Mean and four-fifths point of the seconds that a first reply takes to write."""
        seconds = defaultdict(list)
        for row in self._calm:
            seconds[row.topic].append(row.service_s)
        return {topic: (fmean(each), quantile(each, 0.8)) for topic, each in seconds.items()}

    def learn(self, stream_of: Callable[[Row], Stream]) -> None:
        """How much of what usually comes, further questions with it."""
        span = max((row.t for row in self._calm), default=1.0)
        further = self._assumptions.follow_up_share
        seconds: defaultdict[str, list[float]] = defaultdict(list)
        for row in self._calm:
            stream = stream_of(row)
            self._usual[stream] += (1 + further) / span
            seconds[stream[2]].append(row.service_s)
        each = (1 + further * self._assumptions.follow_up_factor) / (1 + further)
        self._paces = {kind: fmean(found) * each for kind, found in seconds.items()}

    def came(self, ticket: Waiting, now: float) -> None:
        self._arrivals.append((now, (ticket.language, ticket.skill, ticket.priority)))

    def replied(self, now: float, stream: Stream, seconds: float) -> None:
        self._replies.append((now, stream[2], seconds))

    def promise(self, ticket: Waiting, topic: str, router: Router, now: float) -> float | None:
        """Say what is expected of a ticket; returns the moment that was named, None without one."""
        wait = promises.estimate(ticket, self._desk(topic, router, now), router.policy)
        self.made[ticket.id] = seconds = promises.shown(wait)
        return None if seconds is None else now + seconds

    def _desk(self, topic: str, router: Router, now: float) -> Desk:
        _forget(self._arrivals, now - promises.LONG_WINDOW)
        _forget(self._replies, now - TWO_HOURS)
        mean, most = self._writing.get(topic) or self._everything()
        pace = self._pace(mean)
        return Desk(
            now=now,
            agents=router.agents.values(),
            waiting=router.waiting(),
            arrivals=self._rates(now),
            usual=self._usual,
            pace=pace * mean,
            writing=mean,
            writing_long=most,
            paces={kind: pace * seconds for kind, seconds in self._paces.items()},
        )

    def _rates(self, now: float) -> dict[Stream, float]:
        span = promises.lately([at for at, _stream in self._arrivals], now)
        counts = Counter(stream for at, stream in self._arrivals if at >= now - span)
        return {stream: number / span for stream, number in counts.items()}

    def _pace(self, usual: float) -> float:
        """How long the replies of the last hours took against what is usual for their kinds."""
        if len(self._replies) <= FEW:
            return 1.0
        expected = sum(self._paces.get(kind, usual) for _at, kind, _seconds in self._replies)
        return sum(seconds for _at, _kind, seconds in self._replies) / expected

    def _everything(self) -> tuple[float, float]:
        seconds = [row.service_s for row in self._calm] or [HALF_HOUR]
        return fmean(seconds), quantile(seconds, 0.8)


def _forget(kept: deque[Any], before: float) -> None:
    while kept and kept[0][0] < before:
        kept.popleft()


def quantile(values: Iterable[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def calibration(book: PromiseBook, rows: Iterable[Row], waits: dict[int, float], crash_at: float) -> dict[str, Any]:
    """How promises came true, by phase of the day and class. `kept` and `kept_long` (above 15 minutes) are percent;
    `sharpness` is the median of shown / the wait that four of five of the same class, language group and hour had;
    `beyond` counts those who read “more than a day”."""
    has_crash = any(row.surge for row in rows)
    groups = defaultdict(list)
    for row in rows:
        groups[_phase(row.t, crash_at if has_crash else None), row.priority].append(row)
    return {
        phase: {
            str(priority): _kept(book, groups[phase, priority], waits)
            for priority in reversed(Priority.values)
            if groups[phase, priority]
        }
        for phase in ("calm", "ramp", "surge")
    }


def _phase(t: float, crash_at: float | None) -> str:
    if crash_at is None or not 0 <= t - crash_at < SURGE:
        return "calm"
    return "ramp" if t - crash_at < RAMP else "surge"


def _kept(book: PromiseBook, rows: list[Row], waits: dict[int, float]) -> dict[str, float]:
    said = [(book.made[row.id], row) for row in rows]
    numbers = [(shown, row) for shown, row in said if shown is not None]
    long = [(shown, row) for shown, row in numbers if shown > LONG]
    return {
        "n": len(rows),
        "beyond": len(said) - len(numbers),
        "kept": _share(numbers, waits),
        "n_long": len(long),
        "kept_long": _share(long, waits),
        "sharpness": round(median(_sharpness(numbers, waits)), 2) if numbers else 0.0,
    }


def _share(said: list[tuple[int, Row]], waits: dict[int, float]) -> float:
    return round(100 * sum(waits[row.id] <= shown for shown, row in said) / len(said), 1) if said else 100.0


def _sharpness(said: list[tuple[int, Row]], waits: dict[int, float]) -> list[float]:
    alike = defaultdict(list)
    for shown, row in said:
        alike[row.lang == ENGLISH, int(row.t // 3600)].append((shown, waits[row.id]))
    return [
        shown / quantile((wait for _shown, wait in group), 0.8) for group in alike.values() for shown, _wait in group
    ]
