"""Messages: what the customer adds, what an agent answers, what colleagues note.

A reply is held for some seconds before it goes out, together with the status that it brings: until then it can be taken
back, and a new message of the customer stops it. The status, the clocks and the mail follow when it goes out, with the
moment that was promised.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from supportdesk.outbox import delivery
from supportdesk.ui import written
from supportdesk.ui.prepared import Prepared
from tickets.actions import attaching, guarding, opening, uploading
from tickets.actions.change import Change, changing
from tickets.attachments import Examined
from tickets.enums import UNDO, Channel, Delivery, EventKind, MessageKind, Role, Status
from tickets.errors import AlreadyDone, StaleTicket, TransitionNotAllowed
from tickets.models import Attachment, Mention, Message, ReplyDraft, Ticket

REPLY_DUE = "reply_due"  # the event that releases a held reply
THEN = (Status.OPEN, Status.PENDING, Status.SOLVED)  # what a reply may bring; on hold needs a department


def write_to_ticket(
    ticket: Ticket,
    body: str,
    *,
    by: Any,
    files: Sequence[Examined] = (),
    channel: Channel = Channel.WEB,
    quoted: str = "",
    token: str = "",
    source_key: str | None = None,
) -> Message:
    """What the customer adds. Opens a pending, held or solved ticket again; to a merged one it goes where that went;
    a closed one is followed by a new ticket. `token` and `source_key` make a second try give the first message.

    Raises PermissionDenied for somebody else, InvalidInput.
    """
    key = source_key or _form_key(by, token)
    known = _known(key)
    if known is not None:
        return known
    found: dict[str, Any] = {"quoted": quoted, "channel": channel, "source_key": key}
    try:
        return _write_where_it_goes(ticket, body, by, files, found)
    except _EndedMeanwhile:
        return write_to_ticket(Ticket.objects.get(pk=ticket.pk), body, by=by, files=files, token=token, **found)
    except IntegrityError:  # the same thing was sent twice at the same moment
        known = _known(key)
        if known is None:
            raise
        return known


class _EndedMeanwhile(Exception):
    """Somebody merged or closed a ticket after it was read: what is written goes somewhere else."""


def _write_where_it_goes(
    ticket: Ticket, body: str, by: Any, files: Sequence[Examined], found: dict[str, Any]
) -> Message:
    """Raises _EndedMeanwhile."""
    target = _where_it_goes(ticket)
    if _has_ended(target):
        return opening.follow_up(target, body, by=by, files=files, **found).messages.get()
    text, removed = guarding.incoming(body, door="message")
    with attaching.stored(files) as rows, changing(target, by=by, role=Role.CUSTOMER) as change:
        if _has_ended(change.ticket):
            raise _EndedMeanwhile
        return _add(change, rows, {**found, "body": text, "removed": removed})


def written_before(*, by: Any, token: str) -> Message | None:
    """What an earlier try of a customer with the same token has made."""
    return _known(_form_key(by, token))


def _form_key(by: Any, token: str) -> str | None:
    return f"form:{by.pk}:{token}" if token else None


def _known(key: str | None) -> Message | None:
    known = _of_key(key=key) if key else []
    return Message.objects.get(pk=known[0]["pk"]) if known else None


@Prepared
def _of_key(*, key: str) -> QuerySet[Message, Any]:
    return Message.objects.filter(source_key=key).order_by().values("pk")


def _add(change: Change, rows: list[Attachment], values: dict[str, Any]) -> Message:
    message = Message(
        ticket=change.ticket,
        kind=MessageKind.CUSTOMER,
        author=change.by,
        language=change.ticket.language,
        created_at=change.at,
        visible_at=change.at,
        **values,
    )
    written.insert([message])
    if rows:
        attaching.attach(rows, by=change.by, ticket=change.ticket, message=message)
    _take_in(change, message)
    return message


def _where_it_goes(ticket: Ticket) -> Ticket:
    """The ticket that a merged one went to, over any number of merges."""
    while ticket.merged_into is not None:
        ticket = ticket.merged_into
    return ticket


def _has_ended(ticket: Ticket) -> bool:
    """Whether nothing more is written on it: it is closed or merged, or solved for too long."""
    if ticket.status == Status.SOLVED:
        return not ticket.may_reopen(timezone.now())
    return not ticket.is_live and ticket.status != Status.SPAM


def _take_in(change: Change, message: Message) -> None:
    ticket = change.ticket
    ticket.message_count += 1
    ticket.last_reply_at = change.at
    change.record(EventKind.CUSTOMER_WROTE, message=message)
    if ticket.status == Status.SPAM:
        return
    change.happen("public_reply", by=Role.CUSTOMER)
    if ticket.status in (Status.PENDING, Status.ON_HOLD, Status.SOLVED):
        reopen_in(change, reason="customer_wrote")
    ticket.snoozed_until = None
    stop_held_replies(change)


def reopen_in(change: Change, *, reason: str, words: str = "") -> None:
    """Bring a ticket back to work, whatever it was waiting for."""
    ticket = change.ticket
    ticket.reopen_count += ticket.status == Status.SOLVED
    ticket.solved_at = None
    change.move(Status.OPEN, reason=reason, words=words)


def stop_held_replies(change: Change) -> None:
    """What was about to go out was written without knowing of this: it waits for its author."""
    for held in change.ticket.messages.held():
        held.delivery = Delivery.STOPPED
        held.save(update_fields=["delivery"])
        change.record(EventKind.REPLY_STOPPED, message=held)


def reply(
    ticket: Ticket,
    body: str,
    *,
    by: Any,
    seen: int | None = None,
    then: Status = Status.OPEN,
    files: Sequence[Examined] = (),
    token: str = "",
) -> Message:
    """Answer the customer; it goes out after `UNDO` unless it is taken back, and brings the status `then`.

    Raises PermissionDenied, StaleTicket, SecretFound, InvalidInput, TransitionNotAllowed.
    """
    key = _key(MessageKind.REPLY, by, token)
    known = _known(key)
    if known is not None:
        return known
    text = guarding.outgoing(body)
    try:
        with attaching.stored(files) as rows, changing(ticket, by=by, seen=seen) as change:
            refuse_reply(change.ticket, then)
            message = _held(change, text, then, key)
            if rows:
                attaching.attach(rows, by=by, ticket=change.ticket, message=message)
            change.record(EventKind.REPLY_HELD, message=message)
            _forget_draft(change.ticket, by)
            delivery.post(REPLY_DUE, message.pk, at=message.visible_at)
    except (IntegrityError, StaleTicket):  # the same form was sent twice at the same moment
        known = _known(key)
        if known is None:
            raise
        return known
    return message


def _held(change: Change, text: str, then: Status, key: str | None) -> Message:
    """A reply that waits until it can no longer be taken back."""
    message = Message(
        ticket=change.ticket,
        kind=MessageKind.REPLY,
        author=change.by,
        body=text,
        language=change.ticket.language,
        created_at=change.at,
        visible_at=change.at + UNDO,
        delivery=Delivery.HELD,
        then_status=then,
        source_key=key,
    )
    written.insert([message])
    return message


def _forget_draft(ticket: Ticket, by: Any) -> None:
    """What was begun has been sent; mostly nothing was kept on the way, and to see that costs less than to delete."""
    begun = _begun(ticket=ticket.pk, author=by.pk)
    if begun:
        ReplyDraft.objects.filter(pk__in=[row["pk"] for row in begun]).delete()


@Prepared
def _begun(*, ticket: int, author: int) -> QuerySet[ReplyDraft, Any]:
    return ReplyDraft.objects.filter(ticket=ticket, author=author, is_note=False).order_by().values("pk")


def _key(kind: MessageKind, by: Any, token: str) -> str | None:
    return f"{kind}:{by.pk}:{token}" if token else None


def sent_before(kind: MessageKind, *, by: Any, token: str) -> Message | None:
    """What an earlier try with the same token has made."""
    return _known(_key(kind, by, token))


def refuse_reply(ticket: Ticket, then: Status) -> None:
    """Raises TransitionNotAllowed where nobody can answer, or a reply cannot bring this status."""
    if not ticket.is_live:
        message = gettext("This ticket is “%(status)s”. Nobody can answer on it any more; write to the customer anew.")
        raise TransitionNotAllowed(message % {"status": Status(ticket.status).label})
    if then not in THEN:
        raise TransitionNotAllowed(gettext("A reply can leave the ticket open, pending or solved."))
    if ticket.status == Status.SOLVED and then == Status.PENDING:
        raise TransitionNotAllowed(
            gettext("A solved ticket does not become pending. Send the reply as open or solved.")
        )


def release_reply(message_id: int) -> None:
    """Let a held reply go out, once; what was stopped or taken back stays. Called by the outbox."""
    with transaction.atomic():
        message = Message.objects.select_related("ticket", "author").filter(pk=message_id).first()
        if message is None or message.delivery != Delivery.HELD or message.visible_at > timezone.now():
            return
        with changing(message.ticket, by=message.author, role=Role.SYSTEM, at=message.visible_at) as change:
            change.role = Role.AGENT  # what its author may do was asked when it was written
            message.refresh_from_db()
            if message.delivery != Delivery.HELD:
                return
            _send(change, message)


def _send(change: Change, message: Message) -> None:
    ticket = change.ticket
    if not ticket.is_live:
        message.delivery = Delivery.STOPPED
        message.save(update_fields=["delivery"])
        change.record(EventKind.REPLY_STOPPED, message=message)
        return
    message.delivery = Delivery.SENT
    message.save(update_fields=["delivery"])
    change.record(EventKind.REPLIED, message=message)
    change.happen("public_reply", by=Role.AGENT)
    _count(change)
    if ticket.assignee is None and message.author is not None:
        ticket.assignee, ticket.assigned_at = message.author, change.at
        change.record(EventKind.ASSIGNED, reason="replied", to=message.author_id, former=None)
    _bring_status(change, Status(message.then_status or Status.OPEN), "")


def _count(change: Change) -> None:
    ticket = change.ticket
    ticket.message_count += 1
    ticket.last_reply_at = change.at
    ticket.first_reply_at = ticket.first_reply_at or change.at


def answer_many(change: Change, body: str, *, language: str, key: str, then: Status, incident: int) -> Message:
    """The answer of an incident on one of its tickets: it goes out now, since it could be taken back before, stops the
    clocks as a reply `via` bulk, and gives the ticket to nobody. What a department or an agent holds stays where it
    is. `key` makes a second message impossible. Raises TransitionNotAllowed."""
    refuse_reply(change.ticket, Status.OPEN)
    message = Message.objects.create(
        ticket=change.ticket,
        kind=MessageKind.REPLY,
        author=change.by,
        body=body,
        language=language,
        created_at=change.at,
        visible_at=change.at,
        source_key=key,
    )
    change.record(EventKind.REPLIED, message=message, via="bulk", incident=incident)
    change.happen("public_reply", by=Role.AGENT, via="bulk")
    _count(change)
    if change.ticket.status == Status.NEW or then != Status.OPEN and change.ticket.status == Status.OPEN:
        _bring_status(change, then, "incident")
    return message


def _bring_status(change: Change, then: Status, reason: str) -> None:
    ticket = change.ticket
    if ticket.status == Status.SOLVED or (then == Status.OPEN and ticket.status == Status.PENDING):
        return  # a further word neither ends the wait for the customer nor opens what is solved
    if ticket.status == Status.NEW:
        change.move(Status.OPEN, reason="replied")
    change.move(then, reason=reason)
    if then == Status.SOLVED:
        ticket.solved_at = change.at


def undo_reply(message: Message, *, by: Any) -> ReplyDraft:
    """Take a held or stopped reply back; its text is the author's draft again, and its files wait for that one. Raises
    PermissionDenied, AlreadyDone."""
    with changing(message.ticket, by=by) as change:
        held = Message.objects.filter(pk=message.pk).first()
        if held is None or held.delivery == Delivery.SENT:
            raise AlreadyDone(gettext("This reply has gone out already. Send another one to correct it."))
        if held.author_id != by.pk and change.role != Role.LEAD:
            raise PermissionDenied(gettext("Only who wrote a reply takes it back."))
        draft = _back_to_draft(held, held.author_id or by.pk, change.at)
        uploading.wait_again(held, owner=uploading.draft_owner(held.ticket_id, draft.author_id, is_note=False))
        held.delete()
        change.record(EventKind.REPLY_UNDONE)
    return draft


def _back_to_draft(held: Message, author_id: int, at: datetime) -> ReplyDraft:
    """The text of a reply above the reply that its author has begun since; a note that was begun stays as it is."""
    begun = ReplyDraft.objects.filter(ticket=held.ticket_id, author=author_id, is_note=False).first()
    draft = begun or ReplyDraft(ticket_id=held.ticket_id, author_id=author_id, body="")
    if held.body not in draft.body:
        draft.body = f"{held.body}\n\n{draft.body}".strip()
    draft.updated_at = at
    draft.save()
    return draft


def send_stopped(message: Message, *, by: Any, seen: int | None = None) -> Message:
    """Send a stopped reply after all, now that its author has read what came in. Raises PermissionDenied, StaleTicket,
    AlreadyDone."""
    with changing(message.ticket, by=by, seen=seen) as change:
        stopped = Message.objects.filter(pk=message.pk, delivery=Delivery.STOPPED).first()
        if stopped is None:
            raise AlreadyDone(gettext("This reply is not waiting any more."))
        if stopped.author_id != by.pk and change.role != Role.LEAD:
            raise PermissionDenied(gettext("Only who wrote a reply sends it."))
        stopped.delivery, stopped.visible_at = Delivery.HELD, change.at
        stopped.save(update_fields=["delivery", "visible_at"])
        change.record(EventKind.REPLY_HELD, message=stopped)
    release_reply(stopped.pk)
    stopped.refresh_from_db()
    return stopped


def write_note(
    ticket: Ticket,
    body: str,
    *,
    by: Any,
    mentions: Iterable[Any] = (),
    files: Sequence[Examined] = (),
    token: str = "",
) -> Message:
    """A note for colleagues, never shown to the customer; those who are mentioned see the ticket from then on. `token`
    makes a second try give the first note.

    Raises PermissionDenied, InvalidInput.
    """
    key = _key(MessageKind.NOTE, by, token)
    known = _known(key)
    if known is not None:
        return known
    text, removed = guarding.incoming(body, door="note")
    try:
        with attaching.stored(files) as rows, changing(ticket, by=by) as change:
            return _add_note(change, rows, mentions, {"body": text, "removed": removed, "source_key": key})
    except IntegrityError:  # the same form was sent twice at the same moment
        known = _known(key)
        if known is None:
            raise
        return known


def _add_note(change: Change, rows: list[Attachment], mentions: Iterable[Any], values: dict[str, Any]) -> Message:
    note = Message.objects.create(
        ticket=change.ticket,
        kind=MessageKind.NOTE,
        author=change.by,
        created_at=change.at,
        visible_at=change.at,
        **values,
    )
    attaching.attach(rows, by=change.by, ticket=change.ticket, message=note)
    change.record(EventKind.NOTED, message=note)
    if change.ticket.status == Status.NEW:
        change.move(Status.OPEN, reason="noted")
    _mention(change, note, mentions)
    ReplyDraft.objects.filter(ticket=change.ticket, author=change.by, is_note=True).delete()
    return note


def _mention(change: Change, note: Message, people: Iterable[Any]) -> None:
    """Call colleagues. Oneself nobody calls: a ticket that went to another department would stay in sight."""
    for person in people:
        if person.pk == change.by.pk:
            continue
        Mention.objects.get_or_create(ticket=change.ticket, person=person, message=note)
        change.record(EventKind.MENTIONED, message=note, person=person.pk)
