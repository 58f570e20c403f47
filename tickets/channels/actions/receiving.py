"""Mail that comes in, by whatever door: the listener, the pipe, the webhook. When `receive` returns, the mail is stored
in the same transaction as what became of it; what cannot be taken in is sealed, shown by its number, and can be run
again. Only when nothing can be stored does the door hear TryAgain, and its sender sends it again."""

import hashlib
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import override

from supportdesk import guard
from supportdesk.accounts.models import User
from supportdesk.outbox import delivery
from supportdesk.ui import languages
from tickets import language_detection, sealing
from tickets.actions import opening, replying
from tickets.channels import inbox, sorting
from tickets.channels.actions import bouncing, gathering, reaching
from tickets.channels.enums import Kept, Outcome, Reason
from tickets.channels.mail import reading
from tickets.channels.mail.errors import Reason as Why
from tickets.channels.mail.errors import Unreadable
from tickets.channels.mail.reading import Inbox, Mail
from tickets.channels.models import IncomingMail
from tickets.channels.sorting import Known, Sorted
from tickets.enums import Channel
from tickets.errors import AlreadyDone, TooMany
from tickets.models import Message, Ticket, Topic

logger = logging.getLogger(__name__)

TOPIC = "other"  # of a request that comes by mail
PURPOSE = "quarantine"  # of the key that seals
LONGEST_ADDRESS = 254
LONGEST_ID = 300


class TryAgain(Exception):
    """Nothing could be stored; the sender keeps the mail and sends it again."""


@dataclass(frozen=True)
class Envelope:
    """What was said outside of the mail: sender (empty for reports, None where nobody knows) and recipients."""

    sender: str | None = None
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Arrived:
    """A mail that was read, with all that deciding about it needs."""

    raw: bytes
    envelope: Envelope
    mail: Mail
    known: Known
    ticket: Ticket | None
    person: User | None


def receive(raw: bytes, *, envelope: Envelope) -> IncomingMail:
    """Take a raw mail in, once however often it comes. Raises TryAgain when nothing could be stored."""
    try:
        return _receive(raw, envelope)
    except (OperationalError, InterfaceError, OSError) as error:
        raise TryAgain(type(error).__name__) from error


def _receive(raw: bytes, envelope: Envelope) -> IncomingMail:
    try:
        mail = reading.read(raw, inbox=ourselves(), envelope_from=envelope.sender, envelope_to=envelope.recipients)
    except Unreadable as error:
        return _keep_failed(raw, envelope, _key(raw, envelope, None), _why(error))
    key = _key(raw, envelope, mail)
    try:
        with transaction.atomic():
            row, is_new = IncomingMail.objects.light().get_or_create(key=key, defaults=_about(raw, mail))
            if is_new:
                _take_in(row, _arrived(raw, envelope, mail))
            else:
                IncomingMail.objects.filter(pk=row.pk).update(copies=F("copies") + 1)
                row.copies += 1
            return row
    except (OperationalError, InterfaceError, OSError):
        raise
    except Exception:
        logger.exception("A mail could not be taken in")
        return _keep_failed(raw, envelope, key, Reason.BROKEN, _about(raw, mail))


def ourselves() -> Inbox:
    return Inbox(settings.MAIL_AUTHSERV_ID, settings.MAIL_INBOUND_DOMAIN, inbox.own_addresses())


def _key(raw: bytes, envelope: Envelope, mail: Mail | None) -> str:
    """What makes two mails the same one: mailbox, Message-ID, sender and bytes. A stranger who reuses somebody's
    Message-ID cannot make their mail disappear."""
    mailboxes = ",".join(sorted(address.lower() for address in envelope.recipients))
    named = [mail.message_id, mail.from_address.lower()] if mail else ["", ""]
    said = "\0".join([mailboxes, *named, hashlib.sha256(raw).hexdigest()])
    return hashlib.sha256(said.encode(errors="surrogatepass")).hexdigest()  # a door hands on bytes that are no UTF-8


def _about(raw: bytes, mail: Mail) -> dict[str, Any]:
    return {
        "outcome": Outcome.FAILED,
        "sender": _harmless(mail.from_address, LONGEST_ADDRESS),
        "mail_id": mail.message_id if _is_plain_id(mail.message_id) else "",
        "size": len(raw),
        "is_quiet": mail.machine.quiet,
    }


def _harmless(text: str, longest: int) -> str:
    return guard.clean(text, door="mail_sender").text[:longest]


def _is_plain_id(message_id: str) -> bool:
    """Whether an id of a stranger may stand in the head of our answer."""
    is_whole = message_id.startswith("<") and message_id.endswith(">") and message_id.isascii() and "@" in message_id
    fits = len(message_id) <= LONGEST_ID
    return is_whole and fits and message_id.isprintable() and " " not in message_id and not guard.findings(message_id)


def _why(error: Unreadable) -> Reason:
    return Reason.UNREADABLE if error.reason in (Why.EMPTY,) else Reason.TOO_BIG


# What is known of the sender


def _arrived(raw: bytes, envelope: Envelope, mail: Mail, *, is_vouched: bool = False) -> _Arrived:
    address = mail.from_address.lower()
    ticket, names_sender = _claimed(mail, address)
    person = User.objects.filter(email=address, is_active=True).first() if address else None
    known = Known(
        has_claim=ticket is not None,
        is_participant=names_sender,
        is_person=person is not None and _is_proven(person, address),
        is_staff=_is_staff(person, address),
        is_vouched=is_vouched,
    )
    return _Arrived(raw, envelope, mail, known, ticket, person)


def _claimed(mail: Mail, address: str) -> tuple[Ticket | None, bool]:
    """The ticket that a token of ours names, and whether it names the sender, who asked there; a token of the sender's
    own counts before another's."""
    claims = [claim for token in mail.tokens if (claim := inbox.claim_of(token)) is not None]
    rows = Ticket.objects.select_related("requester", "topic", "merged_into")
    tickets = {ticket.public_id: ticket for ticket in rows.filter(public_id__in=[claim.ticket for claim in claims])}
    found = [(tickets[claim.ticket], claim) for claim in claims if claim.ticket in tickets]
    for ticket, claim in found:
        asked = ticket.requester
        if claim.person == asked.pk and asked.email == address and asked.is_active:
            return ticket, True
    return (found[0][0], False) if found else (None, False)


def _is_proven(person: User, address: str) -> bool:
    """An address that somebody entered, and nobody has confirmed, is nobody's."""
    return not EmailAddress.objects.filter(user=person, email=address, verified=False).exists()


def _is_staff(person: User | None, address: str) -> bool:
    domain, ours = address.rpartition("@")[2], settings.STAFF_EMAIL_DOMAIN
    return (person is not None and person.is_staff) or bool(ours and (domain == ours or domain.endswith(f".{ours}")))


# What becomes of it


def _take_in(row: IncomingMail, arrived: _Arrived) -> None:
    """Decide and act, inside the transaction of the row."""
    decided = sorting.sort(arrived.mail, arrived.known, inbox.own_addresses())
    row.ticket, row.person = arrived.ticket, arrived.person
    row.outcome, row.reason = decided.outcome, decided.reason
    if decided.outcome in _ACTS:
        decided = _act(row, arrived, decided)
    row.outcome, row.reason = decided.outcome, decided.reason
    if row.outcome in (Outcome.HELD, Outcome.QUARANTINED):
        _seal(row, arrived.raw, arrived.envelope)
    row.save()
    if row.outcome == Outcome.HELD:
        delivery.post("mail_held", row.pk)


def _act(row: IncomingMail, arrived: _Arrived, decided: Sorted) -> Sorted:
    try:
        with transaction.atomic():
            done = _ACTS[decided.outcome](row, arrived)
    except (PermissionDenied, AlreadyDone):  # the ticket went to somebody else meanwhile
        return Sorted(Outcome.QUARANTINED, Reason.NOT_PARTICIPANT)
    except TooMany:
        return Sorted(Outcome.QUARANTINED, Reason.TOO_MANY)
    return replace(decided, outcome=done)


def _append(row: IncomingMail, arrived: _Arrived) -> Outcome:
    """What a participant adds: a closed ticket is followed by a new one, a merged one leads on."""
    ticket, person, source = arrived.ticket, arrived.person, _source(arrived.mail)
    assert ticket is not None and person is not None  # noqa: S101, PT018 - the sorting asked
    if Message.objects.filter(source_key=source).exists():
        return Outcome.DUPLICATE
    reaching.try_again(person.email)  # whoever writes with a pass of their domain can read mail again
    with override(_known(ticket.language)):
        words = gathering.gather(arrived.mail)
        row.message = replying.write_to_ticket(
            ticket,
            words.body,
            by=person,
            files=words.files,
            channel=Channel.EMAIL,
            quoted=words.quoted,
            source_key=source,
        )
    row.ticket = row.message.ticket
    return Outcome.APPENDED


def _open(row: IncomingMail, arrived: _Arrived) -> Outcome:
    person, mail = arrived.person, arrived.mail
    assert person is not None  # noqa: S101 - the sorting asked
    if Message.objects.filter(source_key=_source(mail)).exists():
        return Outcome.DUPLICATE
    reaching.try_again(person.email)  # whoever writes with a pass of their domain can read mail again
    with override(_known(person.language)):
        words = gathering.gather(mail)
        request = _request(mail, words, _known(person.language))
        row.ticket = opening.open_ticket(replace(request, quoted=words.quoted), by=person)
    row.message = row.ticket.messages.order_by("pk").first()
    return Outcome.NEW_TICKET


def _hold(row: IncomingMail, arrived: _Arrived) -> Outcome:
    """A request of somebody whose address nobody has confirmed."""
    mail = arrived.mail
    if len(mail.from_address) > LONGEST_ADDRESS:
        return Outcome.QUARANTINED
    language = language_detection.language_of(
        f"{mail.subject}\n{mail.text}", mail.languages, default=settings.LANGUAGE_CODE
    )
    with override(_known(language)):
        words = gathering.gather(mail, quote_in_body=True)
        request = _request(mail, words, _known(language))
        row.pending = opening.hold_request(request, email=mail.from_address, name=mail.from_name)
    return Outcome.PENDING


def _bounce(row: IncomingMail, arrived: _Arrived) -> Outcome:
    if arrived.mail.machine.bounce is not None:
        bouncing.note(arrived.mail.machine.bounce)
    return Outcome.BOUNCE


_ACTS: dict[Outcome, Callable[[IncomingMail, _Arrived], Outcome]] = {
    Outcome.APPENDED: _append,
    Outcome.NEW_TICKET: _open,
    Outcome.PENDING: _hold,
    Outcome.BOUNCE: _bounce,
}


def _request(mail: Mail, words: gathering.Words, language: str) -> opening.Request:
    topic, _ = Topic.objects.get_or_create(key=TOPIC, defaults={"is_offered": False})
    return opening.Request(
        topic=topic,
        subject=gathering.subject_of(mail),
        body=words.body,
        language=language,
        channel=Channel.EMAIL,
        token=_source(mail),
        source_key=_source(mail),
        files=words.files,
    )


def _source(mail: Mail) -> str:
    """The name of what was written: the same mail that comes by two ways is one message."""
    files = [hashlib.sha256(part.data).hexdigest() for part in mail.attachments]
    said = [mail.message_id, mail.from_address.lower(), str(mail.date), mail.subject, mail.whole or mail.text, *files]
    return f"mail:{hashlib.sha256(chr(0).join(said).encode('utf-8', 'replace')).hexdigest()}"


def _known(code: str) -> str:
    return code if languages.is_known(code) else settings.LANGUAGE_CODE


# Keeping what could not be taken in


def _seal(row: IncomingMail, raw: bytes, envelope: Envelope) -> None:
    head = json.dumps([envelope.sender, list(envelope.recipients)]).encode()
    row.sealed = sealing.seal(head + b"\n" + raw, row.public_id, purpose=PURPOSE)
    row.kept = Kept.SEALED


def _unsealed(row: IncomingMail) -> tuple[bytes, Envelope]:
    """Raises sealing.Broken, AlreadyDone where the mail was destroyed."""
    if row.kept != Kept.SEALED or row.sealed is None:
        raise AlreadyDone("This mail is not kept any more.")
    head, _, raw = sealing.unseal(bytes(row.sealed), row.public_id, purpose=PURPOSE).partition(b"\n")
    sender, recipients = json.loads(head)
    return raw, Envelope(sender, tuple(recipients))


@transaction.atomic
def _keep_failed(
    raw: bytes, envelope: Envelope, key: str, reason: Reason, about: dict[str, Any] | None = None
) -> IncomingMail:
    defaults = {"outcome": Outcome.FAILED, "size": len(raw), **(about or {}), "reason": reason}
    row, is_new = IncomingMail.objects.get_or_create(key=key, defaults=defaults)
    if is_new:
        _seal(row, raw, envelope)
    else:
        row.copies += 1
    row.save()
    return row


# A second time


def run_again(row: IncomingMail) -> IncomingMail:
    """Read and sort a sealed mail anew, as an administrator asks after a mistake was mended. What fails again stays
    sealed. Raises AlreadyDone, sealing.Broken."""
    return _again(row, is_vouched=False)


def release(row: IncomingMail) -> IncomingMail:
    """Add a held mail to its ticket: the participant has said that it is theirs. Raises AlreadyDone."""
    return _again(row, is_vouched=True)


def destroy(row: IncomingMail) -> None:
    """The participant said that a held mail is not theirs. Its content is destroyed; staff see only that a mail
    came."""
    with transaction.atomic():
        held = IncomingMail.objects.select_for_update(of=("self",)).get(pk=row.pk)
        if held.outcome != Outcome.HELD:
            raise AlreadyDone("This mail is not held any more.")
        held.outcome, held.reason = Outcome.QUARANTINED, Reason.REFUSED_BY_PERSON
        held.sealed, held.kept = None, Kept.GONE
        held.save()


def _again(row: IncomingMail, *, is_vouched: bool) -> IncomingMail:
    with transaction.atomic():
        locked = IncomingMail.objects.select_for_update(of=("self",)).get(pk=row.pk)
        if is_vouched and locked.outcome != Outcome.HELD:
            raise AlreadyDone("This mail is not held any more.")
        raw, envelope = _unsealed(locked)
        try:
            with transaction.atomic():
                _take_anew(locked, raw, envelope, is_vouched)
        except (OperationalError, InterfaceError, OSError):
            raise
        except Exception:
            logger.exception("A mail could not be taken in again")
            locked = IncomingMail.objects.get(pk=row.pk)
        return locked


def _take_anew(row: IncomingMail, raw: bytes, envelope: Envelope, is_vouched: bool) -> None:
    mail = reading.read(raw, inbox=ourselves(), envelope_from=envelope.sender, envelope_to=envelope.recipients)
    former, row.sealed, row.kept = row.outcome, None, Kept.NOT
    _take_in(row, _arrived(raw, envelope, mail, is_vouched=is_vouched))
    if former != row.outcome:
        logger.info("Mail %s was run again at %s: %s", row.public_id, timezone.now().isoformat(), row.outcome)
