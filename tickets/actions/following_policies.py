"""Bringing open clocks to a new edition of the policies: time that was used up stays, what is left counts anew."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.db.models import prefetch_related_objects
from django.utils import timezone

from tickets import editions, sla
from tickets.actions import clocks
from tickets.actions.change import changing
from tickets.enums import EventKind, Role
from tickets.models import PolicyEdition, Ticket
from tickets.models.ticket import TicketQuerySet
from tickets.policies import Policies

BATCH = 200
MOST = 2_000  # tickets in one run of the job
SETTLED = timedelta(seconds=3 * editions.KNOWN_FOR)  # by then no process goes by the edition before


def follow_policies(at: datetime | None = None, most: int = MOST) -> int:
    """Bring unsolved tickets to the newest edition, from the oldest on; returns how many were looked at. A run that
    was stopped is taken up by the next; a ticket that follows already is left alone."""
    now = at or timezone.now()
    edition = PolicyEdition.objects.order_by("-number").first()
    if edition is None or edition.done_at is not None or edition.at > now - SETTLED:
        return 0
    editions.forget()
    looked = 0
    while looked < most and edition.done_at is None:
        looked += _follow_batch(edition, now, min(BATCH, most - looked))
    return looked


def _follow_batch(edition: PolicyEdition, now: datetime, size: int) -> int:
    policies = editions.of(edition.number).policies
    batch = list(_behind(edition).select_related("topic").order_by("pk")[:size])
    prefetch_related_objects(batch, "clocks")
    for ticket in batch:
        if needs_other_targets(ticket, now, policies):
            follow_now(ticket)
            edition.changed += 1
    edition.reached = batch[-1].pk if batch else edition.reached
    edition.done_at = now if len(batch) < size else None
    edition.save(update_fields=["changed", "reached", "done_at"])
    return len(batch)


def _behind(edition: PolicyEdition) -> TicketQuerySet:
    return Ticket.objects.unsolved().filter(pk__gt=edition.reached)


def tickets_behind(edition: PolicyEdition) -> int:
    """How many unsolved tickets have not been looked at since an edition came."""
    return 0 if edition.done_at else Ticket.objects.unsolved().filter(pk__gt=edition.reached).count()


def needs_other_targets(ticket: Ticket, at: datetime, policies: Policies) -> bool:
    """Whether a ticket was promised something else by the policies than by its clocks."""
    before = clocks.standing_of(ticket)
    before = replace(before, clocks=tuple(clocks.clock_of(row) for row in ticket.clocks.all()))
    after = sla.after(before, sla.Happening(at, "change", facts=before.facts), policies)
    return _terms(before) != _terms(after)


def _terms(standing: sla.Standing) -> list[tuple[int, str, str]]:
    return [(clock.target_s, clock.calendar, clock.policy) for clock in standing.clocks]


def follow_now(ticket: Ticket) -> None:
    """Promise a ticket what the newest policies say, from now on."""
    with changing(ticket, by=None, role=Role.SYSTEM) as change:
        change.record(EventKind.RETIMED)
        change.happen("change", facts=clocks.facts_of(change.ticket))
