"""How a ticket comes to be: from a signed-in trader, from a guest once the address is proven, from an agent."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from supportdesk.accounts import addresses
from supportdesk.accounts.requesters import person_of
from supportdesk.outbox import delivery
from supportdesk.ui import written
from supportdesk.ui.prepared import Prepared
from tickets import sla
from tickets.actions import attaching, clocks, guarding, triaging
from tickets.actions.change import became, require_staff, write_events
from tickets.attachments import Examined
from tickets.enums import Channel, Delivery, EventKind, MessageKind, Role, Status
from tickets.errors import AlreadyDone, InvalidInput, TooMany
from tickets.models import Message, PendingRequest, Ticket, TicketEvent, Topic
from tickets.models.attachment import Attachment
from tickets.models.pending import KEPT

Made = TypeVar("Made")

PENDING = "pending_request"  # the event that asks a guest to prove the address
ASKED_AGAIN = "pending_again"  # the event that does so once more; its number is made by `number_of_asking`
SECONDS = 10**10  # more than a moment has since 1970
OPEN_REQUESTS = 40  # unconfirmed ones of an address within a week by one channel: more would be a bombardment


@dataclass(frozen=True)
class Request:
    """What somebody asks. `details` answers the topic's fields by key; `token` is the same for every try to send the
    same thing; `source_key` names a mail."""

    topic: Topic
    subject: str
    body: str
    language: str
    details: Mapping[str, Any] = field(default_factory=dict)
    channel: Channel = Channel.WEB
    region: str = ""
    token: str = ""
    source_key: str | None = None
    quoted: str = ""
    files: Sequence[Examined] = ()


@dataclass(frozen=True)
class _Words:
    """A request's texts after the guard."""

    subject: str
    body: str
    details: dict[str, str]
    removed: list[str]


def _guarded(request: Request) -> _Words:
    subject, in_subject = guarding.line(request.subject, door="ticket")
    body, in_body = guarding.incoming(request.body, door="ticket")
    details, in_details = guarding.details(request.details, door="ticket")
    return _Words(subject, body, details, guarding.all_kinds(in_subject, in_body, in_details))


def open_ticket(request: Request, *, by: Any, follows: Ticket | None = None) -> Ticket:
    """Open a ticket for the person who asks; sending the same token again gives the same ticket.

    Raises InvalidInput. The clocks start now.
    """

    def make() -> Ticket:
        words, now = _guarded(request), timezone.now()
        proposal = _proposed(request, words, now)
        with attaching.stored(request.files) as files, transaction.atomic():
            return _open(request, words, files, by, now, proposal, follows=follows)

    return _once(lambda: _sent_before(request, by), make)


def _proposed(request: Request, words: _Words, at: datetime) -> triaging.Proposal:
    """What triage makes of it; read and thought before the transaction begins."""
    return triaging.propose(
        topic=request.topic,
        text=f"{words.subject}\n{words.body}",
        language=request.language,
        details=words.details,
        channel=request.channel,
        at=at,
    )


def _once(find: Callable[[], Made | None], make: Callable[[], Made]) -> Made:
    """What was made before from the same thing, or is made now; of two at the same moment the second finds what the
    first has made."""
    found = find()
    if found is not None:
        return found
    try:
        return make()
    except IntegrityError:
        found = find()
        if found is None:
            raise
        return found


def _sent_before(request: Request, by: Any) -> Ticket | None:
    if not request.token:
        return None
    known = _of_submission(requester=by.pk, token=request.token)
    return Ticket.objects.with_names("topic").get(pk=known[0]["pk"]) if known else None


@Prepared
def _of_submission(*, requester: int, token: str) -> QuerySet[Ticket, Any]:
    return Ticket.objects.filter(requester=requester).of_submission(token).order_by().values("pk")


def _open(
    request: Request,
    words: _Words,
    files: list[Attachment],
    person: Any,
    at: datetime,
    proposal: triaging.Proposal,
    *,
    asked_at: datetime | None = None,
    follows: Ticket | None = None,
) -> Ticket:
    ticket = Ticket(
        requester=person,
        subject=words.subject,
        topic=proposal.topic,
        language=proposal.language,
        region=request.region,
        tier=person.tier,
        channel=request.channel,
        priority=proposal.priority,
        department_id=proposal.department_id,
        department_since=at if proposal.department_id else None,
        details=words.details,
        submission_token=request.token,
        follows=follows,
        **begun(at, asked_at=asked_at or at),
    )
    kept = begin(ticket, Role.CUSTOMER)
    triaging.keep(ticket, proposal)
    message = _first_message(ticket, request, words, at)
    if files:
        attaching.attach(files, by=person, ticket=ticket, message=message)
    write_events([_created(ticket, message, person, Role.CUSTOMER, kept)])
    return ticket


def _first_message(ticket: Ticket, request: Request, words: _Words, at: datetime) -> Message:
    message = Message(
        ticket=ticket,
        kind=MessageKind.CUSTOMER,
        author=ticket.requester,
        body=words.body,
        quoted=request.quoted,
        language=ticket.language,
        channel=request.channel,
        created_at=at,
        visible_at=at,
        removed=words.removed,
        source_key=request.source_key,
    )
    written.insert([message])
    return message


def begun(at: datetime, *, asked_at: datetime) -> dict[str, Any]:
    """The times and the count of a ticket that begins at a moment (UTC) with one message."""
    return {
        "created_at": at,
        "asked_at": asked_at,
        "updated_at": at,
        "status_since": at,
        "last_reply_at": at,
        "message_count": 1,
    }


def begin(ticket: Ticket, role: Role, *, waits_since: datetime | None = None) -> dict[str, Any]:
    """Write a new ticket with the clocks that start for whoever opened it, or have run since a moment (UTC) before;
    what the event of it keeps."""
    began = waits_since or ticket.created_at
    created = sla.Happening(at=began, type="created", by=role, facts=clocks.facts_of(ticket))
    rows, kept = clocks.start(ticket, created)
    written.insert([ticket])
    for row in rows:
        row.ticket = ticket
    written.insert(rows)
    return kept | became(ticket, {})


def _created(ticket: Ticket, message: Message, by: Any, role: Role, kept: dict[str, Any]) -> TicketEvent:
    data = kept | ({"follows": ticket.follows_id} if ticket.follows_id else {})
    return TicketEvent(
        ticket=ticket,
        kind=EventKind.CREATED,
        by=by,
        role=role,
        at=ticket.created_at,
        to_status=ticket.status,
        message=message,
        version=ticket.version,
        data=data,
    )


def hold_request(
    request: Request, *, email: str, name: str = "", time_zone: str = "UTC", is_known: bool = False
) -> PendingRequest:  # fmt: skip
    """Keep what a guest wrote until the address is proven: no ticket, no clock. The guest gets one mail, without any
    of these words. Whoever `is_known` has proven the address before; what strangers send in its name does not count
    against them. Raises InvalidInput, TooMany."""
    email = addresses.canonical(email)

    def make() -> PendingRequest:
        if not is_known:
            _refuse_bombardment(email, request.channel)
        words = _guarded(request)
        with attaching.stored(request.files) as files, transaction.atomic():
            return _hold(request, words, files, email, name, time_zone)

    return _once(lambda: _held_before(request, email), make)


def _refuse_bombardment(email: str, channel: Channel) -> None:
    """Each channel for itself: whoever forges mails must not close the form."""
    if PendingRequest.objects.filter(email=email, ticket=None, channel=channel).count() >= OPEN_REQUESTS:
        raise _too_many_open()


def _too_many_open() -> TooMany:
    return TooMany(gettext("Several requests from this address still wait to be confirmed. Open the mail we sent."))


def _held_before(request: Request, email: str) -> PendingRequest | None:
    if not request.token:
        return None
    return PendingRequest.objects.filter(email=email, submission_token=request.token).first()


def _hold(
    request: Request, words: _Words, files: list[Attachment], email: str, name: str, time_zone: str
) -> PendingRequest:
    pending = PendingRequest.objects.create(
        email=email,
        name=guarding.line(name, door="name", longest=150, field="name")[0] if name.strip() else "",
        topic=request.topic,
        subject=words.subject,
        body=words.body,
        language=request.language,
        time_zone=time_zone,
        region=request.region,
        channel=request.channel,
        details=words.details,
        removed=words.removed,
        submission_token=request.token,
        source_key=request.source_key,
    )
    if files:
        attaching.attach(files, by=None, pending=pending)
    delivery.post(PENDING, pending.pk)
    return pending


def ask_again(pending: PendingRequest) -> None:
    """Send a guest who has not found it the mail with the link once more. Nothing happens where it was opened."""
    if pending.ticket_id is None:
        delivery.post(ASKED_AGAIN, number_of_asking(pending.pk, timezone.now()))


def number_of_asking(pending_id: int, at: datetime) -> int:
    """One for each second (UTC): a second press of the button in it is none of its own."""
    return pending_id * SECONDS + int(at.timestamp())


@transaction.atomic
def prove_address(pending: PendingRequest) -> Ticket:
    """Open the ticket of a guest who has shown that the address is theirs; a second time gives the same ticket. The
    clocks start now, the raw wait counts from when it was asked. Raises AlreadyDone for one that is too old, and where
    the account with the address is closed."""
    held = PendingRequest.objects.select_for_update(of=("self",)).select_related("topic", "ticket").get(pk=pending.pk)
    if held.ticket is not None:
        return held.ticket
    now = timezone.now()
    if held.created_at < now - KEPT:
        raise AlreadyDone(gettext("This link is older than seven days. Please send your request again."))
    person = person_of(held.email, language=held.language, time_zone=held.time_zone, name=held.name)
    if not person.is_active:
        raise AlreadyDone(gettext("This account is closed."))
    request = Request(
        topic=held.topic,
        subject=held.subject,
        body=held.body,
        language=held.language,
        channel=Channel(held.channel),
        region=held.region,
        token=held.submission_token,
        source_key=held.source_key,
    )
    words = _Words(held.subject, held.body, held.details, held.removed)
    ticket = _sent_before(request, person) or _open(
        request, words, [], person, now, _proposed(request, words, now), asked_at=held.created_at
    )
    attaching.hand_over(held, ticket, ticket.messages.order_by("pk")[0])
    held.ticket = ticket
    held.save(update_fields=["ticket"])
    return ticket


def open_for_customer(request: Request, *, by: Any, requester: Any) -> Ticket:
    """Write to a customer first: the ticket is open, only the time to solve runs. Raises PermissionDenied,
    SecretFound, InvalidInput."""
    require_staff(by)

    def make() -> Ticket:
        subject, body = guarding.outgoing(request.subject, field="subject"), guarding.outgoing(request.body)
        with attaching.stored(request.files) as files, transaction.atomic():
            return _write_first(request, subject, body, files, by, requester)

    return _once(lambda: _sent_before(request, requester), make)


def _write_first(
    request: Request, subject: str, body: str, files: list[Attachment], by: Any, requester: Any
) -> Ticket:  # fmt: skip
    now = timezone.now()
    ticket = Ticket(
        requester=requester,
        subject=subject,
        topic=request.topic,
        language=request.language,
        channel=request.channel,
        status=Status.OPEN,
        tier=requester.tier,
        priority=request.topic.priority,
        submission_token=request.token,
        assignee=by,
        assigned_at=now,
        first_reply_at=now,
        **begun(now, asked_at=now),
    )
    kept = begin(ticket, Role.AGENT)
    message = Message.objects.create(
        ticket=ticket,
        kind=MessageKind.REPLY,
        author=by,
        body=body,
        language=request.language,
        channel=request.channel,
        created_at=now,
        visible_at=now,
        delivery=Delivery.SENT,
    )
    attaching.attach(files, by=by, ticket=ticket, message=message)
    write_events([_created(ticket, message, by, Role.AGENT, kept)])
    return ticket


def follow_up(ticket: Ticket, body: str, *, by: Any, files: Sequence[Examined] = (), **found: Any) -> Ticket:
    """A new ticket of the same customer about one that is closed. Raises InvalidInput."""
    if by.pk != ticket.requester_id:
        raise InvalidInput(gettext("Only the person who asked may do this."))
    request = Request(
        topic=ticket.topic, subject=ticket.subject, body=body, language=ticket.language, files=files, **found
    )  # fmt: skip
    opened = open_ticket(request, by=by, follows=ticket)
    if opened.follows_id == ticket.pk and not ticket.events.filter(data__ticket=opened.pk).exists():
        with transaction.atomic():
            write_events([_followed(ticket, opened, by)])
    return opened


def _followed(ticket: Ticket, opened: Ticket, by: Any) -> TicketEvent:
    return TicketEvent(
        ticket=ticket,
        kind=EventKind.FOLLOWED,
        by=by,
        role=Role.CUSTOMER,
        at=opened.created_at,
        from_status=ticket.status,
        to_status=ticket.status,
        version=ticket.version,
        data={"ticket": opened.pk},
    )
