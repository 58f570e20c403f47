"""What a ticket is about: topic, priority, language, subject, tags; and when an agent wants to hear of it again."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext

from helpcenter.actions.counting import use_address
from supportdesk.accounts import reach
from tickets.actions import guarding, triaging
from tickets.actions.change import changing, require_lead, require_staff
from tickets.enums import EventKind
from tickets.errors import AlreadyDone, InvalidInput, TooMany, TransitionNotAllowed
from tickets.models import Reminder, Tag, Ticket

CHANGEABLE = ("topic", "priority", "language", "subject", "region")
REVEALS = 30  # addresses that one person looks at in full within an hour


def change_details(ticket: Ticket, *, by: Any, seen: int | None = None, **values: Any) -> Ticket:
    """Change any of `CHANGEABLE`; the clocks follow a new priority, topic or language from now on.

    Raises PermissionDenied, InvalidInput.
    """
    unknown = set(values) - set(CHANGEABLE)
    if unknown:
        raise InvalidInput(gettext("These details cannot be changed: %(names)s.") % {"names": ", ".join(unknown)})
    if "subject" in values:
        values["subject"] = guarding.line(values["subject"], door="subject")[0]
    with changing(ticket, by=by, seen=seen) as change:
        if "topic" in values:
            triaging.settle_topic(change.ticket)
        changed = {name: value for name, value in values.items() if getattr(change.ticket, name) != value}
        if not changed:
            return ticket
        for name, value in changed.items():
            setattr(change.ticket, name, value)
        codes = {name: getattr(value, "key", value) for name, value in changed.items() if name != "subject"}
        change.record(EventKind.CHANGED, fields=sorted(changed), **codes)
        triaging.label(change.ticket, codes, by=by, at=change.at)
    return ticket


def tag_ticket(ticket: Ticket, names: Iterable[str], *, by: Any) -> Ticket:
    """Give a ticket exactly these tags; new ones come into being."""
    wanted = sorted(
        {guarding.line(name, door="tag", longest=40, field="tags")[0].lower() for name in names if name.strip()}
    )
    with changing(ticket, by=by) as change:
        tags = [Tag.objects.get_or_create(name=name)[0] for name in wanted]
        change.ticket.tags.set(tags)
        change.record(EventKind.TAGGED, tags=[tag.pk for tag in tags])
    return ticket


def snooze(ticket: Ticket, until: datetime | None, *, by: Any) -> Ticket:
    """Leave a ticket out of the queue until a time (UTC) or the customer's next message; None brings it back now. Its
    clocks go on. Raises InvalidInput for a time that is past, TransitionNotAllowed for a ticket that nobody has: it
    sleeps in the list of its agent."""
    with changing(ticket, by=by) as change:
        if until is not None and change.ticket.assignee_id is None:
            message = gettext("Nobody has this ticket. Take it or give it to a colleague, then let it sleep.")
            raise TransitionNotAllowed(message)
        if until is not None and until <= change.at:
            raise InvalidInput(gettext("The time to see it again must lie in the future."), "until")
        change.ticket.snoozed_until = until
        change.record(EventKind.SNOOZED, until=until.isoformat() if until else None)
    return ticket


def remind_me(ticket: Ticket, at: datetime, *, by: Any, note: str = "") -> Reminder:
    """Be told about a ticket at a time (UTC)."""
    with changing(ticket, by=by) as change:
        if at <= change.at:
            raise InvalidInput(gettext("The time of the reminder must lie in the future."), "at")
        text = guarding.line(note, door="reminder", field="note")[0] if note.strip() else ""
        change.record(EventKind.REMINDER_SET, at=at.isoformat())
        return Reminder.objects.create(ticket=change.ticket, person=by, at=at, note=text)


def drop_reminder(reminder: Reminder, *, by: Any) -> bool:
    """Not be told about a ticket after all; returns whether there was something to take back. Raises PermissionDenied
    for a colleague's reminder."""
    if reminder.person_id != by.pk:
        raise PermissionDenied(gettext("Only who set a reminder can remove it."))
    with changing(reminder.ticket, by=by) as change:
        was_there = Reminder.objects.filter(pk=reminder.pk, told_at__isnull=True).delete()[0] > 0
        if was_there:
            change.record(EventKind.REMINDER_DROPPED, at=reminder.at.isoformat())
    return was_there


def try_mail_again(ticket: Ticket, *, by: Any) -> Ticket:
    """Have mails sent again to a customer whose mails came back for good. Raises PermissionDenied for who does not lead
    the desk, AlreadyDone where mail is sent there."""
    with changing(ticket, by=by) as change:
        require_lead(by)
        if not reach.try_again(change.ticket.requester.email):
            raise AlreadyDone(gettext("Mail is sent to this customer already."))
        change.record(EventKind.MAIL_RETRIED)
    return ticket


def reveal_address(ticket: Ticket, *, by: Any) -> str:
    """The customer's address in full; that somebody looked at it stays in the history. Raises TooMany for whoever goes
    through customers one by one."""
    require_staff(by)
    if use_address(f"person {by.pk}", "reveal", timezone.now()) > REVEALS:
        raise TooMany(gettext("This was done very often within the last hour. Wait an hour, then try again."))
    with changing(ticket, by=by) as change:
        change.record(EventKind.REVEALED)
        return str(change.ticket.requester.email)
