"""Giving out tickets: one dispatcher at a time reads who waits and who works, asks the router, and writes what it says.

Whatever may change the answer calls `dispatch`: a ticket comes or comes back, an agent has time again, comes or goes,
learns something; and `looking_around` finds what time alone has changed. Calling once too often changes nothing.
"""

import logging
import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from tickets import roster, routing
from tickets.actions.change import changing
from tickets.enums import EventKind, Role, Status, Trigger
from tickets.models import Agent, AgentIdleTime, DispatchLease, RoutingDecision, RoutingSetup, Ticket, TicketEvent
from tickets.models.routing import IN_WORK, waiting
from tickets.roster import Queue, Roster
from tickets.routing import Assignment, Candidate, Moment, Refusal, Waiting

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
ROUNDS = 10  # rounds of one lease; the next call finds what is left
ROUTED = "routed"  # the reason of an event that the dispatcher wrote
ASSIGNED = "assigned"  # the reason why a new ticket is open
LEFT_BEHIND = "agent_gone"  # the reason why a ticket has nobody again
SKILLS = "agent_skills"  # the event; its number is that of the entry in the admin's log
ABLE = "able"
LASTING = (
    *(Refusal.DEPARTMENT, Refusal.CERTIFICATE, Refusal.LANGUAGE, Refusal.DECLINED),
    *(Refusal.KEPT, Refusal.ASSIST_LATER, Refusal.OFFLINE, Refusal.FULL),
)


class LeaseLost(Exception):
    """Another dispatcher has taken over: this one was too slow."""


def dispatch(*, trigger: Trigger, at: datetime | None = None) -> int:
    """Give out what can be given out now, or at a moment (UTC); returns how many tickets found an agent.

    Where another dispatcher is at work it is told to look once more, and this one has nothing to do.
    """
    setup = RoutingSetup.current()
    if not setup.is_on or not _may_be_worth_it(at or timezone.now()):
        return 0
    given = 0
    with _lease() as lease:
        while lease is not None:
            wanted = lease.wanted
            given += _give_out(lease, setup, trigger, at)
            lease = lease.next(wanted)
    return given


def _may_be_worth_it(now: datetime) -> bool:
    return waiting(now).exists() and roster.has_room()


class _Lease:
    """The right to give out tickets, for a minute from the last use of it."""

    def __init__(self) -> None:
        self.name = secrets.token_hex(16)
        self.rounds = 0

    @property
    def wanted(self) -> int:
        return DispatchLease.objects.values_list("wanted", flat=True).get(pk=DispatchLease.ONLY)

    def take(self) -> bool:
        """Take it where nobody has it. Only one of several sees the update succeed."""
        now = timezone.now()
        DispatchLease.objects.get_or_create(pk=DispatchLease.ONLY)
        self.call()
        free = DispatchLease.objects.filter(Q(holder="") | Q(held_until__lt=now))
        return free.update(holder=self.name, held_until=now + LEASE) == 1

    def call(self) -> None:
        """Have whoever has it go round once more."""
        DispatchLease.objects.update(wanted=F("wanted") + 1)

    def hold(self) -> None:
        """Go on having it, inside the transaction that gives out a ticket: who wants to take over waits for its end.
        Raises LeaseLost."""
        mine = DispatchLease.objects.filter(holder=self.name)
        if mine.update(held_until=timezone.now() + LEASE) == 0:
            raise LeaseLost

    def next(self, wanted: int) -> "_Lease | None":
        """Itself for one more round, where somebody called since `wanted` was read."""
        self.rounds += 1
        mine = DispatchLease.objects.filter(holder=self.name)
        if self.rounds < ROUNDS and mine.filter(wanted=wanted).update(holder="", held_until=None) == 0:
            return self if mine.exists() else None
        return None

    def let_go(self) -> None:
        DispatchLease.objects.filter(holder=self.name).update(holder="", held_until=None)


@contextmanager
def _lease() -> Iterator[_Lease | None]:
    lease = _Lease()
    if not lease.take():
        yield None
        return
    try:
        yield lease
    except LeaseLost:
        pass
    finally:
        lease.let_go()


def _give_out(lease: _Lease, setup: RoutingSetup, trigger: Trigger, at: datetime | None) -> int:
    now = at or timezone.now()
    staff = Roster.at(now)
    if staff.free == 0:
        return 0
    queue = Queue.at(now, staff, setup)
    if not queue.waiting:
        return 0
    tickets = {ticket.id: ticket for ticket in queue.waiting}
    policy = roster.policy_of(setup)
    given = 0
    for assignment in routing.choose(queue.waiting, staff.states, now.timestamp(), policy):
        ticket = tickets[assignment.ticket]
        gift = _Gift(assignment, ticket, queue.versions[ticket.id], staff.agents[assignment.agent], policy, trigger)
        given += _is_given(lease, gift, at)
    return given


@dataclass(frozen=True)
class _Gift:
    """What the router has chosen, with what was read before."""

    assignment: Assignment
    ticket: Waiting
    version: int
    agent: Agent
    policy: routing.RoutingPolicy
    trigger: Trigger


def _is_given(lease: _Lease, gift: _Gift, at: datetime | None) -> bool:
    """Write one gift down, in a transaction of its own. One that fails stands in the way of no other. Raises
    LeaseLost."""
    try:
        with transaction.atomic():
            lease.hold()
            if _may_still(gift.agent, gift.ticket, gift.policy, at) and _give(gift, at):
                _write_down(gift.assignment, gift.trigger, at)
                return True
        lease.call()  # the desk has changed since it was read: look again
    except LeaseLost:
        raise
    except Exception:  # whatever is wrong with this ticket, the others wait behind it
        logger.exception("Ticket %d could not be given out", gift.ticket.id)
    return False


def _may_still(agent: Agent, ticket: Waiting, policy: routing.RoutingPolicy, at: datetime | None) -> bool:
    """Whether nothing has come between since the router chose: the agent left, is full, a certificate expired."""
    now = at or timezone.now()
    # A change of presence at this moment waits for us, or we for it.
    Agent.objects.select_for_update().filter(pk=agent.pk).first()
    states = {state.id: state for state in Roster.at(now, only=agent.pk).states}
    if agent.pk not in states:
        return False
    return not routing.refusals(ticket, states[agent.pk], Moment(states, now.timestamp(), policy))


def _give(gift: _Gift, at: datetime | None) -> bool:
    """Give a ticket to an agent, unless somebody took or changed it since it was read."""
    with changing(Ticket(pk=gift.ticket.id), by=None, role=Role.SYSTEM, at=at) as change:
        found = change.ticket
        if found.assignee_id is not None or found.version != gift.version:
            return False
        found.assignee_id, found.assigned_at = gift.agent.person_id, change.at
        change.record(EventKind.ASSIGNED, reason=ROUTED, to=gift.agent.person_id, former=None)
        if found.status == Status.NEW:
            change.move(Status.OPEN, reason=ASSIGNED)
    return True


def _write_down(assignment: Assignment, trigger: Trigger, at: datetime | None) -> None:
    now = at or timezone.now()
    RoutingDecision.objects.create(
        ticket_id=assignment.ticket,
        agent_id=assignment.agent,
        at=now,
        reason=assignment.reason.value,
        trigger=trigger,
        key=":".join(f"{part:.0f}" for part in assignment.key),
        candidates=refused(assignment.candidates),
    )
    if not AgentIdleTime.objects.filter(agent=assignment.agent).update(since=now, picks=F("picks") + 1):
        AgentIdleTime.objects.create(
            agent_id=assignment.agent, since=now, picks=1
        )  # no race: the agent's row is locked


def refused(candidates: Iterable[Candidate]) -> dict[str, list[int]]:
    """The numbers of agents by the most lasting reason why they do not get a ticket; `ABLE` where there is none."""
    found: dict[str, list[int]] = defaultdict(list)
    for candidate in candidates:
        code = next((refusal.value for refusal in LASTING if refusal in candidate.refusals), ABLE)
        found[code].append(candidate.agent)
    return dict(found)


# What calls it


TRIGGERS: Mapping[EventKind, Trigger] = {
    EventKind.CREATED: Trigger.CREATED,
    EventKind.SPLIT_FROM: Trigger.CREATED,
    EventKind.CUSTOMER_WROTE: Trigger.CHANGED,
    EventKind.CHANGED: Trigger.CHANGED,
    EventKind.SNOOZED: Trigger.CHANGED,
    EventKind.TRANSFERRED: Trigger.CHANGED,
    EventKind.REPLIED: Trigger.FREED,
    EventKind.MOVED: Trigger.FREED,
    EventKind.ASSIGNED: Trigger.FREED,
    EventKind.MERGED_INTO: Trigger.FREED,
    EventKind.UNASSIGNED: Trigger.RETURNED,
}
FREEING = (EventKind.REPLIED, EventKind.MOVED, EventKind.UNASSIGNED, EventKind.MERGED_INTO)


def follow_ticket(event_id: int) -> None:
    """Something happened to a ticket (consumer of the outbox; twice is as good as once)."""
    event = TicketEvent.objects.select_related("ticket").filter(pk=event_id).first()
    if event is None or event.reason in (ROUTED, ASSIGNED):
        return
    if event.kind in FREEING and (event.kind != EventKind.MOVED or event.to_status not in IN_WORK):
        _count_idle(event)
    dispatch(trigger=TRIGGERS[EventKind(event.kind)])


def _count_idle(event: TicketEvent) -> None:
    """The agent of a ticket has finished something: idle from then on."""
    person = event.data.get("former") or event.ticket.assignee_id
    agent = Agent.objects.filter(person=person).first() if person else None
    if agent is not None:
        AgentIdleTime.objects.get_or_create(agent=agent, defaults={"since": event.at})
        AgentIdleTime.objects.filter(agent=agent, since__lt=event.at).update(since=event.at)


def follow_presence(change_id: int) -> None:
    """Somebody came or went (consumer of the outbox)."""
    dispatch(trigger=Trigger.PRESENCE)


def follow_skills(entry_id: int) -> None:
    """Languages, certificates, departments or the capacity of an agent changed (consumer of the outbox)."""
    dispatch(trigger=Trigger.SKILLS)
