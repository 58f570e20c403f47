"""What the router is told, read from the rows: who works, what waits, by which policy. Reads only.

Of a long queue the first tickets of each pool (language, certificate, priority, tier, department) are read: nobody
could get the others before them.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self

from django.db.models import (
    BooleanField,
    Count,
    ExpressionWrapper,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Window,
)
from django.db.models.functions import RowNumber

from tickets import editions
from tickets.enums import FAR, Delivery, MessageKind, Metric, Presence, Priority
from tickets.models import Agent, AgentCertificate, Decline, Message, Promise, RoutingSetup, Ticket
from tickets.models.routing import owes_work, waiting, working_agents
from tickets.policies import DEFAULT, Facts
from tickets.routing import AgentState, RoutingPolicy, Waiting

SPARE = 20  # tickets of a pool that are read beyond what can be given out, for those that are kept or were declined
_POOL = ("language", "topic__skill", "priority", "tier", "department")
_COLUMNS = (
    *("pk", "version", "language", "topic__skill", "priority", "tier", "department_id", "created_at"),
    *("unanswered_since", "status_since", "next_due_at", "first_reply_at", "follows__assignee_id", "promised"),
)


def policy_of(setup: RoutingSetup) -> RoutingPolicy:
    """The router's policy in seconds and shares; targets are those of the first reply."""
    return RoutingPolicy(
        targets={priority: promised(priority, Metric.FIRST_REPLY) for priority in Priority.values},
        head_starts={start.tier: start.percent / 100 for start in setup.head_starts.all()},
        assist_after={priority: minutes * 60 for priority, minutes in setup.assist_after.items()},
        missed_start=setup.missed_percent / 100,
        guard_every=setup.guard_every,
        guard_ratio=setup.guard_ratio,
    )


def promised(priority: str, metric: Metric) -> int:
    """Seconds in which a reply is promised to whom no policy of their own fits; where none is, the usual time."""
    facts = Facts(priority=priority)
    found = editions.current().policies.promise(facts, metric) or DEFAULT.promise(facts, metric)
    return found[0] if found else 0


def kept_for(priority: str, setup: RoutingSetup) -> timedelta:
    """How long a ticket is kept for the agent who knows it: a quarter of the time to the next reply, or less."""
    quarter = promised(priority, Metric.NEXT_REPLY) / 4
    return timedelta(seconds=min(quarter, setup.sticky_minutes * 60))


@dataclass(frozen=True)
class Roster:
    """Agents by number, and how the router sees those who are there. `persons` gives the agent of a person."""

    agents: Mapping[int, Agent] = field(default_factory=dict)
    states: tuple[AgentState, ...] = ()
    persons: Mapping[int, int] = field(default_factory=dict)

    @classmethod
    def at(cls, moment: datetime, *, only: int | None = None, with_absent: bool = False) -> Self:
        """Everybody who may work and is not offline; `only` is one agent; absent ones too where that is asked."""
        rows = list(_agents(moment, only, with_absent))
        loads = _loads([row.person_id for row in rows])
        return cls(
            agents={row.pk: row for row in rows},
            states=tuple(_state(row, loads.get(row.person_id, 0)) for row in rows),
            persons={row.person_id: row.pk for row in rows},
        )

    @property
    def here(self) -> frozenset[int]:
        return frozenset(pk for pk, agent in self.agents.items() if agent.presence != Presence.OFFLINE)

    @property
    def free(self) -> int:
        """How many tickets can be given out."""
        return sum(max(0, state.capacity - state.load) for state in self.states if state.is_accepting)


def has_room() -> bool:
    """Whether anybody who takes work could hold one more ticket; asked often, so it reads little."""
    there = working_agents().filter(presence=Presence.AVAILABLE).values_list("person_id", "capacity")
    capacities = dict(there)
    loads = _loads(list(capacities))
    return any(loads.get(person, 0) < capacity for person, capacity in capacities.items())


def _agents(moment: datetime, only: int | None, with_absent: bool) -> Iterable[Agent]:
    found = working_agents().select_related("person", "idle_time").order_by("pk")
    if only is not None:
        found = found.filter(pk=only)
    if not with_absent:
        found = found.exclude(presence=Presence.OFFLINE)
    certificates = Prefetch("certificates", AgentCertificate.objects.valid(moment))
    return found.prefetch_related("languages", certificates)


def _loads(persons: list[int]) -> dict[int, int]:
    work = Ticket.objects.unsolved().filter(owes_work(), assignee__in=persons).order_by()
    return dict(work.values_list("assignee").annotate(Count("pk")))


def _state(agent: Agent, load: int) -> AgentState:
    idle = getattr(agent, "idle_time", None)
    since = max(agent.presence_since, idle.since) if idle else agent.presence_since
    return AgentState(
        id=agent.pk,
        languages={row.language: row.level for row in agent.languages.all()},
        certificates=_certificates(agent),
        capacity=agent.capacity,
        load=load,
        is_accepting=agent.presence == Presence.AVAILABLE,
        idle_since=since.timestamp(),
        picks=idle.picks if idle else 0,
    )


def _certificates(agent: Agent) -> dict[tuple[str, str], float]:
    """When each ends; of several for the same the last."""
    found: dict[tuple[str, str], float] = {}
    for row in agent.certificates.all():
        until = row.ends_at.timestamp() if row.ends_at else math.inf
        found[row.skill, row.language] = max(until, found.get((row.skill, row.language), -math.inf))
    return found


@dataclass(frozen=True)
class Queue:
    """What waits, as the router sees it, and the version of each ticket that it was read in."""

    waiting: tuple[Waiting, ...] = ()
    versions: Mapping[int, int] = field(default_factory=dict)

    @classmethod
    def at(cls, moment: datetime, roster: Roster, setup: RoutingSetup, *, only: int | None = None) -> Self:
        """The head of every pool, or one ticket if it waits (`only`)."""
        rows = list(_rows(moment, roster.free + SPARE, only))
        numbers = [row["pk"] for row in rows]
        shared = _Shared(
            declined=_declined(moment, numbers),
            answered=_answered([row["pk"] for row in rows if row["first_reply_at"]]),
            members=members({row["department_id"] for row in rows} - {None}),
        )
        return cls(
            waiting=tuple(_waiting(row, shared, roster, setup) for row in rows),
            versions={row["pk"]: row["version"] for row in rows},
        )


@dataclass(frozen=True)
class _Shared:
    """Facts about many tickets that are read with one query: who declined each until when, who answered last, who
    belongs to each department."""

    declined: Mapping[int, Mapping[int, float]]
    answered: Mapping[int, int]
    members: Mapping[int, frozenset[int]]


def _rows(moment: datetime, most: int, only: int | None) -> Iterable[dict[str, Any]]:
    found = waiting(moment).annotate(promised=Subquery(_promised()))
    if only is not None:
        return found.filter(pk=only).values(*_COLUMNS)
    is_first = ExpressionWrapper(Q(first_reply_at__isnull=True), output_field=BooleanField())
    place = Window(
        RowNumber(),
        partition_by=[
            *map(F, _POOL),
            is_first,
            ExpressionWrapper(Q(promised__lte=moment), output_field=BooleanField()),
        ],
        order_by=[F("next_due_at"), F("pk")],
    )
    return found.annotate(place=place).filter(place__lte=most).order_by("pk").values(*_COLUMNS)


def _promised() -> QuerySet[Promise, datetime | None]:
    """When the first reply was promised that a ticket has not got yet."""
    first = Promise.objects.first_ones().filter(ticket=OuterRef("pk"), ticket__first_reply_at=None)
    return first.values_list("due_at", flat=True)[:1]


def _declined(moment: datetime, tickets: list[int]) -> Mapping[int, Mapping[int, float]]:
    found: dict[int, dict[int, float]] = defaultdict(dict)
    for row in Decline.objects.holding(moment).filter(ticket__in=tickets).order_by("until"):
        found[row.ticket_id][row.agent_id] = row.until.timestamp()
    return found


def _answered(tickets: list[int]) -> Mapping[int, int]:
    """The author of each ticket's last reply."""
    replies = Message.objects.filter(ticket__in=tickets, kind=MessageKind.REPLY, delivery=Delivery.SENT)
    return dict(replies.order_by("pk").values_list("ticket_id", "author_id")) if tickets else {}


def members(departments: set[Any]) -> Mapping[int, frozenset[int]]:
    """The agents of each department."""
    found: dict[int, set[int]] = defaultdict(set)
    if departments:
        belongs = Agent.departments.through.objects.filter(department__in=departments)
        for department, agent in belongs.values_list("department_id", "agent_id"):
            found[department].add(agent)
    return {department: frozenset(found[department]) for department in departments}


def _waiting(row: Mapping[str, Any], shared: _Shared, roster: Roster, setup: RoutingSetup) -> Waiting:
    since = row["unanswered_since"] or row["status_since"]
    knows = roster.persons.get(shared.answered.get(row["pk"]) or row["follows__assignee_id"])
    is_kept = knows in roster.here
    return Waiting(
        id=row["pk"],
        language=row["language"],
        skill=row["topic__skill"],
        priority=row["priority"],
        created=since.timestamp(),
        due=row["next_due_at"].timestamp() if row["next_due_at"] < FAR else None,
        tier=row["tier"],
        sticky=knows if is_kept else None,
        sticky_until=(since + kept_for(row["priority"], setup)).timestamp() if is_kept else None,
        declined=shared.declined.get(row["pk"], {}),
        only=shared.members[row["department_id"]] if row["department_id"] else None,
        promised=row["promised"].timestamp() if row["promised"] else None,
    )
