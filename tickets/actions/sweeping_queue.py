"""The regular sweep over the queue: tickets that come back, wake or find an agent because time has passed."""

from datetime import datetime

from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from tickets import roster, routing
from tickets.actions import dispatching
from tickets.actions.change import changing
from tickets.enums import EventKind, Role, Trigger
from tickets.models import Decline, PresenceChange, RoutingDecision, RoutingSetup, Ticket
from tickets.models.routing import NOBODY, asleep_unseen, left_behind
from tickets.roster import Queue, Roster

MOST_EXPLAINED = 50  # waiting tickets of which it is written down why nobody has them


def sweep_queue(at: datetime | None = None) -> int:
    """What time alone changes: tickets of agents who have gone come back, snoozed ones wake, a translation aid becomes
    better than more waiting. Returns how many tickets found an agent. What nobody would see wakes also where tickets
    are not given out."""
    setup = RoutingSetup.current()
    wake_what_nobody_has(at)
    if not setup.is_on:
        return 0
    bring_back_left_behind(setup, at)
    given = dispatching.dispatch(trigger=Trigger.TICK, at=at)
    write_down_waiting(setup, at)
    return given


def wake_what_nobody_has(at: datetime | None = None) -> int:
    """Wake tickets that sleep in the list of somebody whose account is closed or gone, where nobody would see them.
    Returns how many."""
    now = at or timezone.now()
    return sum(_wake(ticket, now) for ticket in asleep_unseen(now))


def _wake(ticket: Ticket, at: datetime) -> bool:
    with changing(ticket, by=None, role=Role.SYSTEM, at=at) as change:
        if change.ticket.version != ticket.version:
            return False
        change.ticket.snoozed_until = None
        change.record(EventKind.SNOOZED, until=None)
    return True


def bring_back_left_behind(setup: RoutingSetup, at: datetime | None = None) -> int:
    """Put tickets back into the queue whose agent has been gone for longer than they are kept; they keep their age.
    Returns how many."""
    now = at or timezone.now()
    due = [ticket for ticket in left_behind() if _kept_until(ticket, setup) <= now]
    return sum(_bring_back(ticket, now) for ticket in due)


def _kept_until(ticket: Ticket, setup: RoutingSetup) -> datetime:
    """Until when a ticket waits for its agent; a closed account is waited for by nobody."""
    waits_since: datetime = ticket.unanswered_since  # type: ignore[assignment]
    agent = getattr(ticket.assignee, "agent", None)
    if agent is None or not ticket.assignee.is_active:  # type: ignore[union-attr]
        return waits_since
    return max(agent.presence_since, waits_since) + roster.kept_for(ticket.priority, setup)


def _bring_back(ticket: Ticket, at: datetime) -> bool:
    version = ticket.version
    with changing(ticket, by=None, role=Role.SYSTEM, at=at) as change:
        if change.ticket.version != version:
            return False
        former, change.ticket.assignee = change.ticket.assignee_id, None
        change.ticket.assigned_at = None
        change.record(EventKind.UNASSIGNED, reason=dispatching.LEFT_BEHIND, former=former)
    return True


def write_down_waiting(setup: RoutingSetup, at: datetime | None = None) -> int:
    """Keep of the most urgent waiting tickets why nobody has them, where that has changed; returns of how many."""
    now = at or timezone.now()
    staff = Roster.at(now, with_absent=True)
    queue = Queue.at(now, staff, setup)
    policy = roster.policy_of(setup)
    first = sorted(queue.waiting, key=lambda ticket: routing.rules.start(ticket, now.timestamp(), policy))[
        :MOST_EXPLAINED
    ]
    found = {
        ticket.id: dispatching.refused(routing.explain(ticket, staff.states, now.timestamp(), policy))
        for ticket in first
    }
    rows = RoutingDecision.objects.filter(ticket__in=found, reason=NOBODY)
    known = {row.ticket_id: row for row in rows}
    changed = [number for number in found if number not in known or known[number].candidates != found[number]]
    for number in changed:
        _keep_newest(number, known.get(number), found[number], now)
    return len(changed)


def _keep_newest(ticket: int, row: RoutingDecision | None, candidates: dict[str, list[int]], at: datetime) -> None:
    values = {"candidates": candidates, "at": at, "trigger": Trigger.TICK}
    if row is None:
        RoutingDecision.objects.update_or_create(ticket_id=ticket, reason=NOBODY, defaults=values)
    else:
        RoutingDecision.objects.filter(pk=row.pk).update(times=F("times") + 1, **values)


def forget_decisions(before: datetime) -> int:
    """Forget what was decided, declined and said about presence before a moment (UTC); returns how many rows. The last
    word of each agent about their presence stays."""
    last = PresenceChange.objects.filter(agent=OuterRef("agent"), at__gt=OuterRef("at"))
    old = PresenceChange.objects.filter(Exists(last), at__lt=before)
    rows = (RoutingDecision.objects.filter(at__lt=before), Decline.objects.filter(until__lt=before), old)
    return sum(found.delete()[0] for found in rows)
