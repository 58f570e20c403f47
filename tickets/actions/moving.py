"""Where a ticket stands: waiting for the customer, on hold with a department, solved, open again, closed, spam."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext

from tickets.actions import guarding
from tickets.actions.change import Change, changing, require_lead
from tickets.actions.replying import refuse_reply, reopen_in, stop_held_replies
from tickets.enums import PENDING_REMINDER, PENDING_SOLVED, REOPEN_FOR, SPAM_KEPT, EventKind, Role, Status
from tickets.errors import InvalidInput, TransitionNotAllowed
from tickets.models import Department, Rating, Ticket

NO_REPLY_NEEDED = "no_reply_needed"


def wait_for_customer(ticket: Ticket, *, by: Any, seen: int | None = None) -> Ticket:
    """Mark a ticket as waiting for the customer. Raises TransitionNotAllowed while a message of theirs is
    unanswered."""
    with changing(ticket, by=by, seen=seen) as change:
        if _goes_with_held_reply(change, Status.PENDING):
            return ticket
        if change.ticket.unanswered_since is not None:
            raise TransitionNotAllowed(
                gettext("The customer waits for an answer. Reply first; the reply can set the ticket to pending.")
            )
        change.move(Status.PENDING)
    return ticket


def _goes_with_held_reply(change: Change, then: Status) -> bool:
    """A reply that is about to go out and its status are one: the status waits for the reply, and comes with it.
    Raises TransitionNotAllowed where a reply cannot bring it."""
    held = change.ticket.messages.held().order_by("pk").last()
    if held is None:
        return False
    refuse_reply(change.ticket, then)
    held.then_status = then
    held.save(update_fields=["then_status"])
    change.record(EventKind.CHANGED, message=held, then=then.value)
    return True


def put_on_hold(
    ticket: Ticket, *, by: Any, department: Department, reason: str, revisit_at: datetime, seen: int | None = None
) -> Ticket:  # fmt: skip
    """Park a ticket while a department works on it; the time to solve runs on. `revisit_at` is when to look again,
    in UTC; one that is parked already gets another time. Raises InvalidInput for a time that is past or no reason."""
    if not reason.strip():
        raise InvalidInput(gettext("Say what the department is asked to do."), "reason")
    asked = guarding.line(reason, door="hold", field="reason")[0][:200]
    with changing(ticket, by=by, seen=seen) as change:
        if revisit_at <= change.at:
            raise InvalidInput(gettext("The time to look again must lie in the future."), "revisit_at")
        _hold_on(change, department, asked, revisit_at)
        change.ticket.hold_reason = asked
        change.ticket.revisit_at = revisit_at
        if change.ticket.department_id != department.pk:
            change.ticket.department, change.ticket.department_since = department, change.at
        if change.ticket.status == Status.NEW:
            change.move(Status.OPEN, reason="taken_up")
        change.move(Status.ON_HOLD, department=department.pk)
    return ticket


def _hold_on(change: Change, department: Department, asked: str, revisit_at: datetime) -> None:
    """What is on hold already makes no move that would tell what is different now."""
    ticket = change.ticket
    if ticket.status != Status.ON_HOLD:
        return
    if ticket.department_id != department.pk:
        change.record(EventKind.TRANSFERRED, department=department.pk)
    now = {"revisit_at": revisit_at, "hold_reason": asked}
    if fields := [name for name, value in now.items() if getattr(ticket, name) != value]:
        change.record(EventKind.CHANGED, fields=fields)


def take_up_again(ticket: Ticket, *, by: Any, words: str = "") -> Ticket:
    """Bring a held or pending ticket back to work."""
    with changing(ticket, by=by) as change:
        if change.ticket.status not in (Status.ON_HOLD, Status.PENDING):
            raise TransitionNotAllowed(gettext("This ticket waits for nobody: it is in work already."))
        reopen_in(change, reason="taken_up", words=words)
    return ticket


def solve(ticket: Ticket, *, by: Any, reason: str = "", words: str = "", seen: int | None = None) -> Ticket:
    """Mark a ticket as solved without another word. Raises TransitionNotAllowed when the customer had the last one,
    unless `reason` is `no_reply_needed`."""
    with changing(ticket, by=by, seen=seen) as change:
        if _goes_with_held_reply(change, Status.SOLVED):
            return ticket
        if change.ticket.unanswered_since is not None and reason != NO_REPLY_NEEDED:
            raise TransitionNotAllowed(
                gettext("The last word is the customer's. Reply first, or say that no reply is needed.")
            )
        change.move(Status.SOLVED, reason=reason, words=words)
        change.ticket.solved_at = change.at
    return ticket


def confirm_solved(ticket: Ticket, *, by: Any) -> Ticket:
    """The customer says that the problem is gone."""
    with changing(ticket, by=by, role=Role.CUSTOMER) as change:
        change.move(Status.SOLVED, reason="by_customer")
        change.ticket.solved_at = change.at
        stop_held_replies(change)
    return ticket


def reopen(ticket: Ticket, *, by: Any) -> Ticket:
    """Open a solved ticket again: its customer within a week, a lead at any time before it is closed.

    Raises PermissionDenied, TransitionNotAllowed.
    """
    is_customer = by.pk == ticket.requester_id
    with changing(ticket, by=by, role=Role.CUSTOMER if is_customer else Role.AGENT) as change:
        if not is_customer:
            require_lead(by, gettext("A solved ticket is opened again by its customer or by a team lead."))
        if change.ticket.status != Status.SOLVED or (is_customer and not change.ticket.may_reopen(change.at)):
            raise TransitionNotAllowed(gettext("This request cannot be opened again. Send a new one instead."))
        if is_customer:  # who says without words that it is not solved: an answer is owed
            change.happen("public_reply", by=Role.CUSTOMER)
        reopen_in(change, reason="reopened")
        Rating.objects.filter(ticket=change.ticket, score__isnull=True).delete()
    return ticket


def mark_spam(ticket: Ticket, *, by: Any) -> Ticket:
    """Take a ticket out of the desk as spam. Raises PermissionDenied for a customer whose address is proven, unless a
    lead does it."""
    with changing(ticket, by=by) as change:
        if change.role != Role.LEAD and change.ticket.requester.has_usable_password():
            raise PermissionDenied(gettext("This customer has an account. Only a team lead may call this spam."))
        change.ticket.former_status = change.ticket.status
        change.move(Status.SPAM)
        stop_held_replies(change)
    return ticket


def restore(ticket: Ticket, *, by: Any) -> Ticket:
    """Bring a ticket back from spam to where it stood; its clocks go on with what had elapsed."""
    with changing(ticket, by=by) as change:
        require_lead(by)
        if change.ticket.status != Status.SPAM:
            raise TransitionNotAllowed(gettext("This ticket is not marked as spam."))
        if change.ticket.status_since < change.at - SPAM_KEPT:
            raise TransitionNotAllowed(
                gettext("This was marked as spam more than thirty days ago. Write to the customer in a new ticket.")
            )
        change.move(Status(change.ticket.former_status or Status.OPEN))
        change.ticket.former_status = ""
    return ticket


# What time does by itself; called every minute by the scheduler


def close_solved(at: datetime | None = None) -> int:
    """Close what has been solved for a week; returns how many."""
    now = at or timezone.now()
    due = Ticket.objects.filter(status=Status.SOLVED, solved_at__lte=now - REOPEN_FOR)
    return sum(_by_time(ticket, Status.CLOSED, "week_passed", now) for ticket in due[:500])


def solve_silent(at: datetime | None = None) -> int:
    """Solve what the customer did not come back to, four days after the reminder; never where the topic says that
    money or an account may be at risk."""
    now = at or timezone.now()
    quiet = Ticket.objects.filter(
        status=Status.PENDING, status_since__lte=now - PENDING_REMINDER - PENDING_SOLVED, topic__solves_itself=True
    ).filter(events__kind=EventKind.REMINDED)
    return sum(_by_time(ticket, Status.SOLVED, "silent", now) for ticket in quiet.distinct()[:500])


def _by_time(ticket: Ticket, to: Status, reason: str, at: datetime) -> bool:
    with changing(ticket, by=None, role=Role.SYSTEM, at=at) as change:
        if not _still_stands(change.ticket, ticket):
            return False
        change.move(to, reason=reason)
        if to == Status.SOLVED:
            change.ticket.solved_at = at
    return True


def _still_stands(now: Ticket, found: Ticket) -> bool:
    """Whether a ticket stands as it was found: somebody may have written, or looked at it again, since the list of
    those that are due was made."""
    return all(getattr(now, name) == getattr(found, name) for name in ("status", "status_since", "revisit_at"))


def remind_silent(at: datetime | None = None) -> int:
    """Remind customers whose answer has been awaited for two days, once in each wait."""
    now = at or timezone.now()
    waiting = Ticket.objects.filter(status=Status.PENDING, status_since__lte=now - PENDING_REMINDER)
    return sum(_remind(ticket, now) for ticket in waiting[:500] if not _is_reminded(ticket))


def _is_reminded(ticket: Ticket) -> bool:
    return bool(ticket.events.filter(kind=EventKind.REMINDED, at__gte=ticket.status_since).exists())


def _remind(ticket: Ticket, at: datetime) -> bool:
    with changing(ticket, by=None, role=Role.SYSTEM, at=at) as change:
        if not _still_stands(change.ticket, ticket) or _is_reminded(change.ticket):
            return False
        change.record(EventKind.REMINDED)
    return True


def revisit_due(at: datetime | None = None) -> int:
    """Bring back what was on hold until now; returns how many."""
    now = at or timezone.now()
    due = Ticket.objects.filter(status=Status.ON_HOLD, revisit_at__lte=now)[:500]
    return sum(_revisit(ticket) for ticket in due)


def _revisit(ticket: Ticket) -> bool:
    with changing(ticket, by=None, role=Role.SYSTEM) as change:
        if not _still_stands(change.ticket, ticket):
            return False
        reopen_in(change, reason="revisit")
    return True
