"""Who has a ticket: a person, a department, nobody yet."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext

from tickets.access import Access
from tickets.actions import guarding
from tickets.actions.change import changing
from tickets.enums import DeclineReason, EventKind, Status
from tickets.errors import InvalidInput, TransitionNotAllowed
from tickets.models import Agent, Decline, Department, RoutingSetup, Ticket


def assign(ticket: Ticket, to: Any, *, by: Any, seen: int | None = None, words: str = "") -> Ticket:
    """Give a ticket to a colleague, or take it; `words` say why. Raises PermissionDenied for somebody who may not work
    on it, TransitionNotAllowed for one that is closed."""
    with changing(ticket, by=by, seen=seen) as change:
        _refuse_ended(change.ticket)
        if not to.is_active or not to.has_perm("tickets.work_ticket"):
            message = gettext("%(person)s does not work on tickets. Choose somebody of the desk.")
            raise PermissionDenied(message % {"person": to})
        if change.ticket.assignee_id == to.pk:
            return ticket
        former = change.ticket.assignee_id
        change.ticket.assignee, change.ticket.assigned_at = to, change.at
        change.record(EventKind.ASSIGNED, words=words, to=to.pk, former=former)
        if change.ticket.status == Status.NEW:
            change.move(Status.OPEN, reason="assigned")
    return ticket


def take(ticket: Ticket, *, by: Any) -> Ticket:
    """Take a ticket that nobody has. Of two who try, one is told. Raises TransitionNotAllowed."""
    with changing(ticket, by=by) as change:
        _refuse_ended(change.ticket)
        if change.ticket.assignee_id not in (None, by.pk):
            message = gettext("%(person)s has just taken this ticket.")
            raise TransitionNotAllowed(message % {"person": change.ticket.assignee})
        if change.ticket.assignee_id == by.pk:
            return ticket  # the dispatcher was a moment faster
        change.ticket.assignee, change.ticket.assigned_at = by, change.at
        change.record(EventKind.ASSIGNED, to=by.pk, former=None)
        if change.ticket.status == Status.NEW:
            change.move(Status.OPEN, reason="assigned")
    return ticket


def give_back(ticket: Ticket, *, by: Any) -> Ticket:
    """Put a ticket back into the queue; it keeps its age. One's own is not offered to oneself again for a while."""
    with changing(ticket, by=by) as change:
        if change.ticket.assignee_id is None:
            return ticket
        former, change.ticket.assignee = change.ticket.assignee_id, None
        change.ticket.assigned_at = None
        change.record(EventKind.UNASSIGNED, former=former)
        if former == by.pk:
            _hold_from(change.ticket, by, change.at, DeclineReason.GIVEN_BACK)
    return ticket


def _hold_from(ticket: Ticket, person: Any, at: datetime, reason: str, note: str = "") -> None:
    """Offer a ticket to somebody no more for as long as that is set up."""
    until = at + timedelta(minutes=RoutingSetup.current().decline_minutes)
    agent = Agent.objects.get_or_create(person=person)[0]
    Decline.objects.create(ticket=ticket, agent=agent, reason=reason, note=note, at=at, until=until)


def decline_ticket(ticket: Ticket, *, by: Any, reason: str, note: str = "") -> Ticket:
    """Put one's ticket back into the queue, with the reason (`DeclineReason`). It keeps its age, and is not offered to
    the same agent again for a while. Raises PermissionDenied for whose it is not, InvalidInput."""
    if reason not in DeclineReason.values:
        raise InvalidInput(gettext("Choose why you decline the ticket."), "reason")
    words = guarding.line(note, door="decline", field="note")[0][:200] if note.strip() else ""
    if reason == DeclineReason.OTHER and not words:
        raise InvalidInput(gettext("Say in a few words why you decline the ticket."), "note")
    with changing(ticket, by=by) as change:
        if change.ticket.assignee_id != by.pk:
            raise PermissionDenied(gettext("Only who has a ticket can decline it."))
        _refuse_ended(change.ticket)
        change.ticket.assignee = change.ticket.assigned_at = None
        change.record(EventKind.UNASSIGNED, reason=reason, former=by.pk, declined=True)
        _hold_from(change.ticket, by, change.at, reason, words)
    return ticket


def transfer(ticket: Ticket, department: Department | None, *, by: Any, words: str = "") -> Ticket:
    """Give a ticket to a department, or back to the front line; its agent goes on only where they belong there."""
    with changing(ticket, by=by) as change:
        _refuse_ended(change.ticket)
        change.ticket.department = department
        change.ticket.department_since = change.at if department else None
        change.record(EventKind.TRANSFERRED, words=words, department=department.pk if department else None)
        if change.ticket.assignee is not None and not _stays(change.ticket):
            former = change.ticket.assignee_id
            change.ticket.assignee = change.ticket.assigned_at = None
            change.record(EventKind.UNASSIGNED, former=former)
    return ticket


def _stays(ticket: Ticket) -> bool:
    if ticket.department_id is None or Access.of_staff(ticket.assignee).leads:
        return True
    return ticket.department.agents.filter(person=ticket.assignee).exists()  # type: ignore[union-attr]


def _refuse_ended(ticket: Ticket) -> None:
    if not ticket.is_live:
        message = gettext("This ticket is “%(status)s”. There is nothing left to do on it.")
        raise TransitionNotAllowed(message % {"status": Status(ticket.status).label})
