"""The last tickets once more through the router, under the setup that is and under one that might be. Nothing is
written.

Both runs make the same assumptions, so that they can be compared with one another, not with what really happened: who
is there is what agents said about their presence; a ticket keeps its agent busy for as long as its first reply took
once it was given, or for the median of these; every ticket is as it is now, and waits once.
"""

import heapq
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from statistics import median
from typing import Any, NamedTuple

from tickets import roster
from tickets.enums import Presence, Priority, Status
from tickets.identifiers import reference
from tickets.models import Agent, PresenceChange, Ticket
from tickets.roster import Roster
from tickets.routing import AgentState, Router, RoutingPolicy, Waiting

MOST = 500
USUAL_WORK = 600.0  # seconds, where no ticket says how long its first reply took
WORK = (60.0, 3600.0)  # shorter was prepared, longer lay about
TICK = 30.0
AFTERWARDS = 24 * 3600.0  # how long the last tickets may still find somebody
_COLUMNS = (
    *("pk", "public_id", "language", "topic__skill", "priority", "tier", "department_id", "created_at"),
    *("assigned_at", "first_reply_at"),
)


@dataclass(frozen=True)
class Shift:
    """From `at` on (Unix seconds) an agent takes work, or does not."""

    at: float
    agent: int
    is_there: bool


@dataclass(frozen=True)
class Past:
    """What is played: tickets by their coming, how long each keeps its agent busy, who was there when; and what tickets
    and agents are called."""

    tickets: Sequence[Waiting] = ()
    seconds: Mapping[int, float] = field(default_factory=dict)
    agents: Sequence[AgentState] = ()
    shifts: Sequence[Shift] = ()
    numbers: Mapping[int, str] = field(default_factory=dict)
    names: Mapping[int, str] = field(default_factory=dict)


class Placed(NamedTuple):
    """Who got a ticket, and after how many seconds."""

    agent: int
    waited: float


class _Event(NamedTuple):
    at: float
    order: int
    serial: int
    act: str
    about: Any = None


_ORDER = {"done": 0, "shift": 1, "comes": 2, "tick": 3}


class _Run:
    def __init__(self, past: Past, policy: RoutingPolicy) -> None:
        self.past, self.router = past, Router(policy)
        self.placed: dict[int, Placed] = {}
        self.events: list[_Event] = []
        self.serial = count()

    def play(self) -> dict[int, Placed]:
        for agent in self.past.agents:
            self.router.meet(agent)
        for ticket in self.past.tickets:
            self._plan(ticket.created, "comes", ticket)
        for shift in self.past.shifts:
            self._plan(shift.at, "shift", shift)
        end = max((ticket.created for ticket in self.past.tickets), default=0.0) + AFTERWARDS
        while self.events and self.events[0].at <= end and len(self.placed) < len(self.past.tickets):
            self._step(self.events[0].at)
        return self.placed

    def _plan(self, at: float, act: str, about: Any = None) -> None:
        heapq.heappush(self.events, _Event(at, _ORDER[act], next(self.serial), act, about))

    def _step(self, now: float) -> None:
        while self.events and self.events[0].at == now:
            event = heapq.heappop(self.events)
            getattr(self, f"_{event.act}")(now, event.about)
        while proposal := self.router.proposal(now):
            made = self.router.take(proposal)
            self.placed[made.ticket] = Placed(made.agent, now - proposal.ticket.created)
            self._plan(now + self.past.seconds[made.ticket], "done", made.agent)

    def _done(self, now: float, agent: int) -> None:
        self.router.release(agent, 1, now)

    def _shift(self, now: float, shift: Shift) -> None:
        agent = self.router.agents[shift.agent]
        self.router.meet(replace(agent, is_accepting=shift.is_there, idle_since=now))

    def _comes(self, now: float, ticket: Waiting) -> None:
        if len(self.router) == 0:
            self._plan(now + TICK, "tick")
        self.router.put(ticket, now)

    def _tick(self, now: float, about: None) -> None:
        """Time alone may have changed something for who still waits."""
        if len(self.router):
            self._plan(now + TICK, "tick")


def play(past: Past, policy: RoutingPolicy) -> dict[int, Placed]:
    """Who would have got each ticket after how long; a ticket that is not in it found nobody."""
    return _Run(past, policy).play()


# What is played


def past_of(moment: datetime, most: int = MOST) -> Past:
    """The last tickets before a moment (UTC), and the agents of today."""
    newest = Ticket.objects.exclude(status__in=[Status.SPAM, Status.MERGED]).filter(created_at__lte=moment)
    rows = list(newest.order_by("-created_at", "-pk").values(*_COLUMNS)[:most])[::-1]
    staff = Roster.at(moment, with_absent=True)
    members = roster.members({row["department_id"] for row in rows} - {None})
    start = rows[0]["created_at"].timestamp() if rows else moment.timestamp()
    there, shifts = _attendance(staff.agents, start)
    return Past(
        tickets=[_ticket(row, members) for row in rows],
        seconds=_work(rows),
        agents=[
            replace(state, load=0, picks=0, idle_since=start, is_accepting=there[state.id]) for state in staff.states
        ],
        shifts=shifts,
        numbers={row["pk"]: reference(row["public_id"]) for row in rows},
        names={pk: str(agent.person) for pk, agent in staff.agents.items()},
    )


def _ticket(row: Mapping[str, Any], members: Mapping[int, frozenset[int]]) -> Waiting:
    return Waiting(
        id=row["pk"],
        language=row["language"],
        skill=row["topic__skill"],
        priority=row["priority"],
        created=row["created_at"].timestamp(),
        tier=row["tier"],
        only=members[row["department_id"]] if row["department_id"] else None,
    )


def _work(rows: Iterable[Mapping[str, Any]]) -> dict[int, float]:
    known = {}
    for row in rows:
        if row["assigned_at"] and row["first_reply_at"]:
            seconds = (row["first_reply_at"] - row["assigned_at"]).total_seconds()
            if WORK[0] <= seconds <= WORK[1]:
                known[row["pk"]] = seconds
    usual = median(known.values()) if known else USUAL_WORK
    return {row["pk"]: known.get(row["pk"], usual) for row in rows}


def _attendance(agents: Mapping[int, Agent], start: float) -> tuple[dict[int, bool], list[Shift]]:
    """Who was there at the start, and who came and went afterwards. Who never said anything is as they are now."""
    there = {pk: agent.presence == Presence.AVAILABLE for pk, agent in agents.items()}
    shifts: list[Shift] = []
    begun: set[int] = set()
    for row in PresenceChange.objects.filter(agent__in=agents).order_by("at", "pk"):
        at, is_there = row.at.timestamp(), row.presence == Presence.AVAILABLE
        if at <= start:
            there[row.agent_id] = is_there
        else:
            shifts.append(Shift(at, row.agent_id, is_there))
            if row.agent_id not in begun:
                there[row.agent_id] = not is_there
        begun.add(row.agent_id)
    return there, shifts


# What comes of it


@dataclass(frozen=True)
class Figures:
    """Waits until somebody had the ticket, in minutes, of all that found somebody; shares in percent of all."""

    tickets: int
    median: float
    p90: float
    in_time: float
    found_nobody: int


@dataclass(frozen=True)
class Difference:
    """A ticket for which something would change; agents are None where nobody got it, waits are minutes."""

    ticket: int
    number: str
    priority: str
    language: str
    before: Placed | None
    after: Placed | None

    @property
    def weight(self) -> float:
        waits = [placed.waited if placed else math.inf for placed in (self.before, self.after)]
        return 0.0 if waits[0] == waits[1] else abs(waits[0] - waits[1])


@dataclass(frozen=True)
class Comparison:
    tickets: int
    by_priority: Mapping[str, tuple[Figures, Figures]]
    differences: Sequence[Difference]


def compare(past: Past, now_set: RoutingPolicy, might_be: RoutingPolicy) -> Comparison:
    """Both policies over the same past; differences with the greatest change of the wait first."""
    before, after = play(past, now_set), play(past, might_be)
    groups = defaultdict(list)
    for ticket in past.tickets:
        groups[ticket.priority].append(ticket)
    figures = {
        priority: (_figures(groups[priority], before, now_set), _figures(groups[priority], after, now_set))
        for priority in reversed(Priority.values)
        if groups[priority]
    }
    changed = [
        _difference(ticket, past, before.get(ticket.id), after.get(ticket.id))
        for ticket in past.tickets
        if before.get(ticket.id) != after.get(ticket.id)
    ]
    return Comparison(len(past.tickets), figures, sorted(changed, key=lambda row: (-row.weight, row.ticket)))


def _difference(ticket: Waiting, past: Past, before: Placed | None, after: Placed | None) -> Difference:
    number = past.numbers.get(ticket.id, str(ticket.id))
    return Difference(ticket.id, number, ticket.priority, ticket.language, before, after)


def _figures(tickets: Sequence[Waiting], placed: Mapping[int, Placed], policy: RoutingPolicy) -> Figures:
    waits = sorted(placed[ticket.id].waited for ticket in tickets if ticket.id in placed)
    in_time = sum(wait <= policy.targets[tickets[0].priority] for wait in waits)
    return Figures(
        tickets=len(tickets),
        median=_quantile(waits, 0.5),
        p90=_quantile(waits, 0.9),
        in_time=round(100 * in_time / len(tickets), 1),
        found_nobody=len(tickets) - len(waits),
    )


def _quantile(ordered: Sequence[float], share: float) -> float:
    """Minutes, by the nearest rank; 0 of nothing."""
    return round(ordered[max(0, math.ceil(share * len(ordered)) - 1)] / 60, 1) if ordered else 0.0
