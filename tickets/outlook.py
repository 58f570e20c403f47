"""How long new requests wait now, pool by pool, from the rows of the desk. Reads only.

Work is timed from the moment an agent gets a ticket to the reply. An agent holds several tickets at once, so that
replies follow each other by that time divided by the capacity (Little's law), longer by the share of work that goes
into further replies.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean
from typing import Self

from django.db.models import Avg, Count, Max, QuerySet

from supportdesk.ui.languages import content_languages
from tickets import promises, roster
from tickets.arrivals import DAYS, TOTAL
from tickets.enums import FAR, Metric, Presence
from tickets.models import Agent, Clock, RoutingSetup, StreamHour, Ticket, Topic, WaitOutlook
from tickets.models.routing import waiting
from tickets.promises import NEVER, Desk, Stream, Wait
from tickets.roster import Roster
from tickets.routing import AgentState, RoutingPolicy, Waiting

LATELY, RECENTLY = timedelta(seconds=promises.LONG_WINDOW), timedelta(hours=2)
NEWEST_REPLIES = 2000
NEWEST_TICKETS = 10_000  # tickets that are read to see of what kind requests are
FEW = 20  # replies; fewer say too little
BULK = "bulk"
_STREAM = ("language", "topic__skill", "priority")


@dataclass(frozen=True)
class Paces:
    """Seconds: `pace` between two replies of an agent, on average and by class, and by certificate the
    mean and the four-fifths point of the time from getting a ticket to its first reply."""

    pace: float
    by_class: Mapping[str, float]
    writing: Mapping[str, tuple[float, float]]
    usual: tuple[float, float]


@dataclass(frozen=True)
class Outlook:
    """The desk at one moment."""

    now: datetime
    agents: Sequence[AgentState]
    waiting: Sequence[Waiting]
    arrivals: Mapping[Stream, float]
    usual: Mapping[Stream, float]
    paces: Paces
    policy: RoutingPolicy

    @classmethod
    def at(cls, now: datetime) -> Self | None:
        """None where nothing can be said: nobody takes work, or too little was answered yet."""
        agents = Roster.at(now).states
        paces = _paces(now)
        if paces is None or not any(agent.is_accepting for agent in agents):
            return None
        return cls(
            now=now,
            agents=agents,
            waiting=_waiting(now),
            arrivals=_arrivals(now),
            usual=_usual(now),
            paces=paces,
            policy=roster.policy_of(RoutingSetup.current()),
        )

    def waits(self) -> dict[str, int | None]:
        """What a new request of each pool would be promised; nothing for pools that nobody there can answer."""
        kinds = set(Topic.objects.offered().values_list("skill", "priority"))
        pools = [(language, *kind) for language in content_languages() for kind in sorted(kinds)]
        found = {pool: self._wait(*pool) for pool in pools}
        return {WaitOutlook.pool(*pool): promises.shown(wait) for pool, wait in found.items() if wait != NEVER}

    def _wait(self, language: str, skill: str, priority: str) -> Wait:
        now = self.now.timestamp()
        ticket = Waiting(0, language, skill, priority, now)
        return promises.estimate(ticket, self._desk(skill, now), self.policy)

    def _desk(self, skill: str, now: float) -> Desk:
        mean, most = self.paces.writing.get(skill, self.paces.usual)
        return Desk(
            now=now,
            agents=self.agents,
            waiting=self.waiting,
            arrivals=self.arrivals,
            usual=self.usual,
            pace=self.paces.pace,
            writing=mean,
            writing_long=most,
            paces=self.paces.by_class,
        )


def _waiting(now: datetime) -> list[Waiting]:
    """All that nobody has, without what waits for a department; who is kept for whom does not matter here."""
    rows = waiting(now).filter(department=None).values_list("pk", *_STREAM, "created_at", "next_due_at", "tier")
    return [
        Waiting(pk, language, skill, priority, created.timestamp(), due.timestamp() if due < FAR else None, tier)
        for pk, language, skill, priority, created, due, tier in rows
    ]


def _arrivals(now: datetime) -> dict[Stream, float]:
    rows = _newest().filter(created_at__gt=now - LATELY).order_by("created_at").values_list("created_at", *_STREAM)
    found = [(created.timestamp(), (language, skill, priority)) for created, language, skill, priority in rows]
    span = promises.lately([at for at, _stream in found], now.timestamp())
    counts = Counter(stream for at, stream in found if at >= now.timestamp() - span)
    return {stream: count / span for stream, count in counts.items()}


def _newest() -> QuerySet[Ticket]:
    """What came for the front line. Tickets are numbered as they come: looking at the last numbers is enough."""
    last = Ticket.objects.aggregate(last=Max("pk"))["last"] or 0
    return Ticket.objects.filter(pk__gt=last - NEWEST_TICKETS, department=None)


def _usual(now: datetime) -> dict[Stream, float]:
    """What usually comes in this hour of the day, by the kinds of the newest tickets; nothing while no day is known."""
    known = StreamHour.objects.filter(stream=TOTAL, hour__gte=now - timedelta(days=DAYS), hour__hour=now.hour)
    mean = known.aggregate(mean=Avg("count"))["mean"] or 0.0
    rows = _newest().order_by().values_list(*_STREAM).annotate(number=Count("pk"))
    counts: dict[Stream, int] = {(language, skill, priority): number for language, skill, priority, number in rows}
    every = sum(counts.values()) or 1
    return {stream: mean / 3600 * count / every for stream, count in counts.items()}


@dataclass(frozen=True)
class _Written:
    """A first reply: certificate and class of its ticket, how long it took, when it was sent."""

    skill: str
    priority: str
    seconds: float
    at: datetime


def _paces(now: datetime) -> Paces | None:
    first, all_replies = [], 0
    for metric, ended, began, skill, priority in _replies():
        all_replies += 1
        if metric == Metric.FIRST_REPLY and began is not None and ended is not None and began <= ended:
            first.append(_Written(skill, priority, (ended - began).total_seconds(), ended))
    if len(first) <= FEW:
        return None
    by_class, by_skill = _grouped(first, "priority"), _grouped(first, "skill")
    usual = {priority: fmean(seconds) for priority, seconds in by_class.items()}
    factor = _speed(first, usual, now) * all_replies / len(first) / _capacity()
    return Paces(
        pace=max(1.0, fmean(each.seconds for each in first) * factor),
        by_class={priority: max(1.0, seconds * factor) for priority, seconds in usual.items()},
        writing={skill: _timing(each) for skill, each in by_skill.items()},
        usual=_timing([each.seconds for each in first]),
    )


def _grouped(first: Iterable[_Written], field: str) -> dict[str, list[float]]:
    """Seconds by skill or by class; of what is rare nothing is known."""
    found = defaultdict(list)
    for each in first:
        found[getattr(each, field)].append(each.seconds)
    return {name: seconds for name, seconds in found.items() if len(seconds) > FEW}


def _speed(first: Iterable[_Written], usual: Mapping[str, float], now: datetime) -> float:
    """How long the replies of the last hours took against what is usual in their classes."""
    lately = [each for each in first if each.at > now - RECENTLY and each.priority in usual]
    expected = sum(usual[each.priority] for each in lately)
    return sum(each.seconds for each in lately) / expected if len(lately) > FEW and expected else 1.0


def _replies() -> Iterable[tuple[str, datetime | None, datetime | None, str, str]]:
    """The newest replies that were written for one customer: which clock they stopped, when, since when the agent had
    the ticket, the certificate and the class."""
    clocks = Clock.objects.filter(metric__in=(Metric.FIRST_REPLY, Metric.NEXT_REPLY), satisfied_at__isnull=False)
    front = clocks.filter(void_reason="", ticket__department=None)
    written = front.exclude(via=BULK).order_by("-satisfied_at")[:NEWEST_REPLIES]
    return written.values_list(
        "metric", "satisfied_at", "ticket__assigned_at", "ticket__topic__skill", "ticket__priority"
    )


def _capacity() -> float:
    """Tickets that an agent holds at once, on average."""
    there = Agent.objects.filter(presence=Presence.AVAILABLE).aggregate(mean=Avg("capacity"))["mean"]
    return max(1.0, there or 1.0)


def _timing(seconds: list[float]) -> tuple[float, float]:
    ordered = sorted(seconds)
    return fmean(ordered), ordered[min(len(ordered) - 1, int(0.8 * len(ordered)))]
