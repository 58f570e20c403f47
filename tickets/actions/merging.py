"""Tickets that belong together: merged into one, linked, or one that was two."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext

from tickets.actions import guarding, opening
from tickets.actions.change import Change, changing, write_events
from tickets.actions.replying import reopen_in, stop_held_replies
from tickets.enums import Delivery, EventKind, MessageKind, Role, Status
from tickets.errors import TransitionNotAllowed
from tickets.models import Message, Ticket, TicketEvent, TicketLink


@transaction.atomic
def merge(source: Ticket, into: Ticket, *, by: Any) -> Ticket:
    """Move what was written on one ticket to another of the same customer (of any, for a lead) and end the first.

    Raises PermissionDenied, TransitionNotAllowed. Both rows are locked in the order of their numbers.
    """
    list(Ticket.objects.select_for_update(of=("self",)).filter(pk__in=[source.pk, into.pk]).order_by("pk"))
    with changing(source, by=by) as from_change, changing(into, by=by) as into_change:
        _refuse_merge(from_change.ticket, into_change.ticket, from_change.role)
        source_waits, source_created = from_change.ticket.unanswered_since, from_change.ticket.created_at
        stop_held_replies(from_change)
        _move_messages(from_change.ticket, into_change.ticket)
        from_change.ticket.merged_into = into_change.ticket
        from_change.happen("merged_into")
        from_change.move(Status.MERGED, tells_clocks=False)
        from_change.record(EventKind.MERGED_INTO, ticket=into.pk)
        _receive(into_change, source, source_created, source_waits)
    return into


def _refuse_merge(source: Ticket, target: Ticket, role: Role) -> None:
    if source.pk == target.pk:
        raise TransitionNotAllowed(gettext("A ticket cannot be merged into itself."))
    if not source.is_live:
        raise TransitionNotAllowed(gettext("Only a ticket that is not closed can be merged into another."))
    if not target.is_live:
        message = gettext("The ticket to merge into is “%(status)s”. Choose one that is still open.")
        raise TransitionNotAllowed(message % {"status": Status(target.status).label})
    if source.requester_id != target.requester_id and role != Role.LEAD:
        raise PermissionDenied(gettext("These tickets have different customers. Only a team lead may merge them."))


def _move_messages(source: Ticket, target: Ticket) -> None:
    source.messages.filter(original_ticket=None).update(original_ticket=source)
    source.messages.update(ticket=target)
    source.attachments.update(ticket=target)
    source.side_conversations.update(ticket=target)


def _receive(change: Any, source: Ticket, created_at: Any, waits_since: Any) -> None:
    target = change.ticket
    target.message_count = target.messages.public().count()
    if waits_since is not None and target.status in (Status.PENDING, Status.SOLVED):
        reopen_in(change, reason="merged")
    change.happen("received_merge", source_created_at=created_at, source_unanswered_since=waits_since)
    times = {"created_at": created_at, "waits_since": waits_since}
    kept = {name: moment.isoformat() for name, moment in times.items() if moment is not None}
    change.record(EventKind.RECEIVED_MERGE, ticket=source.pk, **kept)


def link_tickets(first: Ticket, second: Ticket, *, by: Any) -> TicketLink:
    """Say that two tickets have to do with one another. Raises TransitionNotAllowed for one and the same."""
    if first.pk == second.pk:
        raise TransitionNotAllowed(gettext("A ticket cannot be linked to itself."))
    older, newer = sorted((first, second), key=lambda ticket: ticket.pk)
    with changing(older, by=by) as older_change, changing(newer, by=by) as newer_change:
        found, is_new = TicketLink.objects.get_or_create(first=older, second=newer, defaults={"by": by})
        if is_new:
            older_change.record(EventKind.LINKED, ticket=newer.pk)
            newer_change.record(EventKind.LINKED, ticket=older.pk)
    return found


def unlink_tickets(first: Ticket, second: Ticket, *, by: Any) -> bool:
    """Take a link back that somebody made; returns whether there was one. What one ticket became of another stays."""
    older, newer = sorted((first, second), key=lambda ticket: ticket.pk)
    if older.pk == newer.pk:
        return False
    with changing(older, by=by) as older_change, changing(newer, by=by) as newer_change:
        was_linked = TicketLink.objects.filter(first=older, second=newer).delete()[0] > 0
        if was_linked:
            older_change.record(EventKind.UNLINKED, ticket=newer.pk)
            newer_change.record(EventKind.UNLINKED, ticket=older.pk)
    return was_linked


def split(message: Message, *, by: Any, subject: str) -> Ticket:
    """Make a ticket of its own of one of the customer's messages; what follows stays where it is. Whoever waited for
    an answer to it waits for it there, since they wrote; here only if something else is unanswered.

    Raises PermissionDenied, TransitionNotAllowed for what is no message of the customer, or the only one.
    """
    title = guarding.line(subject, door="subject")[0]
    with changing(message.ticket, by=by) as change:
        ticket = change.ticket
        written = set(ticket.messages.filter(kind=MessageKind.CUSTOMER).values_list("pk", flat=True))
        if message.pk not in written or len(written) < 2:  # a colleague may have moved it a moment ago
            raise TransitionNotAllowed(gettext("Only one of several messages of the customer can become a ticket."))
        part = _part_of(ticket, message, title, change.at)
        waiting = _waiting(ticket)
        waits = message.created_at if message in waiting else None
        kept = opening.begin(part, Role.CUSTOMER, waits_since=waits)
        Message.objects.filter(pk=message.pk).update(ticket=part, original_ticket=ticket)
        message.attachments.update(ticket=part)
        ticket.message_count -= 1
        if waits is None:
            change.record(EventKind.SPLIT_OFF, ticket=part.pk)
        else:
            kept |= {"waits_since": waits.isoformat()}
            _wait_no_more(change, part, [other.created_at for other in waiting if other != message])
        write_events([_split_from(part, message, ticket, by, kept)])
    return part


def _part_of(ticket: Ticket, message: Message, subject: str, at: datetime) -> Ticket:
    return Ticket(
        requester=ticket.requester,
        subject=subject,
        topic=ticket.topic,
        language=ticket.language,
        region=ticket.region,
        tier=ticket.tier,
        channel=ticket.channel,
        priority=ticket.priority,
        department=ticket.department,
        department_since=at if ticket.department_id else None,
        split_from=ticket,
        **opening.begun(at, asked_at=message.created_at),
    )


def _waiting(ticket: Ticket) -> list[Message]:
    """The customer's messages that nobody has answered, oldest first."""
    if ticket.unanswered_since is None:
        return []
    since = ticket.unanswered_since
    wrote = ticket.messages.filter(kind=MessageKind.CUSTOMER, created_at__gte=since).order_by("created_at", "pk")
    sent = ticket.messages.filter(kind=MessageKind.REPLY, delivery=Delivery.SENT, visible_at__gte=since)
    answers = list(sent.values_list("original_ticket", "visible_at"))
    return [message for message in wrote if not any(_answers(message, *answer) for answer in answers)]


def _answers(message: Message, original_ticket: int | None, at: datetime) -> bool:
    """Whether a reply came after it where it was written: one on another ticket that was merged in meant others."""
    return original_ticket == message.original_ticket_id and at > message.created_at


def _wait_no_more(change: Change, part: Ticket, others: list[datetime]) -> None:
    """A message that waited has left: what still waits is the oldest of the others, or that its customer opened the
    ticket again without a word."""
    again = TicketEvent.objects.filter(
        ticket=change.ticket,
        kind=EventKind.MOVED,
        reason="reopened",
        role=Role.CUSTOMER,
        at__gte=change.ticket.unanswered_since,
    )
    since = min([*others, *again.values_list("at", flat=True)], default=None)
    change.happen("split_off", source_unanswered_since=since)
    told = since.isoformat() if since else None
    change.record(EventKind.SPLIT_OFF, ticket=part.pk, waits_since=told)


def _split_from(part: Ticket, message: Message, ticket: Ticket, by: Any, kept: dict[str, Any]) -> TicketEvent:
    return TicketEvent(
        ticket=part,
        kind=EventKind.SPLIT_FROM,
        by=by,
        role=Role.AGENT,
        at=part.created_at,
        to_status=part.status,
        message_id=message.pk,
        version=part.version,
        data=kept | {"ticket": ticket.pk},
    )
