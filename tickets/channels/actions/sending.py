"""Mails that tell customers what happened. The outbox calls these in the worker, never a request; each happening is
mailed once, and while the mail server is away it waits."""

import logging
import smtplib
import time
from datetime import timedelta

from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import BadHeaderError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from supportdesk.outbox.models import Outbox
from supportdesk.ui import mail_frame
from tickets.actions.opening import SECONDS
from tickets.channels import inbox, letters
from tickets.channels.actions import reaching
from tickets.channels.enums import AT_ONCE, CAUSED_BY_MAIL, MailKind, Outcome, Sent
from tickets.channels.letters import Letter
from tickets.channels.models import IncomingMail, OutgoingMail
from tickets.enums import EventKind
from tickets.models import PendingRequest, Ticket, TicketEvent
from tickets.models.pending import KEPT

logger = logging.getLogger(__name__)

PAUSE = 30.0  # seconds in which a mail server that did not answer is not tried again
MOST_REFERENCES = 10
CONSUMERS = ("mail_ticket", "mail_pending", "mail_again", "mail_held")


class MailServerAway(Exception):
    """The mail server did not answer a moment ago; the outbox tries again."""


class _Away:
    """When the mail server last failed to answer this process (monotonic seconds): the deliveries behind must not wait
    for it one after the other, as what else the worker does would wait with them."""

    since: float | None = None


# What the outbox tells


def mail_event(event_id: int) -> None:
    """Tell the customer of an event of their ticket. Consumer of `ticket.…`; raises what the mail server's client
    raises."""
    event = (
        TicketEvent.objects.select_related("ticket__requester", "ticket__topic", "ticket__merged_into__requester")
        .select_related("ticket__merged_into__topic", "message")
        .filter(pk=event_id)
        .first()
    )
    letter = letters.of_event(event) if event is not None and not _asked_for_quiet(event) else None
    if letter is not None:
        _send_once(f"ticket:{event_id}", letter)
    if event is not None and event.kind == EventKind.CREATED:
        _ask_about_next(event.ticket)


def _ask_about_next(ticket: Ticket) -> None:
    """Who has just confirmed an address is asked about the newest of the requests that had to wait for that."""
    proven = PendingRequest.objects.filter(ticket=ticket).first()
    if proven is None or reaching.lost_since(proven.email) is not None:
        return
    waiting = PendingRequest.objects.filter(email=proven.email, ticket=None).order_by("-created_at", "-pk").first()
    if waiting is None:
        return
    _close_questions(proven.email)
    withheld = OutgoingMail.objects.filter(event=f"pending:{waiting.pk}", state=Sent.WITHHELD)
    if not OutgoingMail.objects.filter(to=proven.email, is_open=True).exists():
        withheld.update(state=Sent.WAITING, is_open=True)
    _send_once(f"pending:{waiting.pk}", letters.of_pending(waiting))


def _asked_for_quiet(event: TicketEvent) -> bool:
    """A person whose mail asks for no automatic answer gets none for having written."""
    if event.kind != EventKind.CREATED:
        return False
    return IncomingMail.objects.filter(message=event.message_id, is_quiet=True).exists()


def mail_pending(pending_id: int) -> None:
    """Ask a guest whether the address is theirs. Consumer of `pending_request`."""
    pending = PendingRequest.objects.filter(pk=pending_id, ticket=None).first()
    if pending is not None and not IncomingMail.objects.filter(pending=pending, is_quiet=True).exists():
        _send_once(f"pending:{pending_id}", letters.of_pending(pending))


def mail_again(number: int) -> None:
    """Ask a guest once more, who has pressed the button for it: the question before may have been lost, and this one
    stands in its place. Consumer of `pending_again`."""
    pending = PendingRequest.objects.filter(pk=number // SECONDS, ticket=None).first()
    if pending is None:
        return
    event = f"pending:{number}"
    if not OutgoingMail.objects.filter(event=event).exists():
        OutgoingMail.objects.filter(to=pending.email.lower(), is_open=True).update(is_open=False)
    _send_once(event, letters.of_pending(pending))


def mail_held(incoming_id: int) -> None:
    """Ask a person whether a held mail is theirs. Consumer of `mail_held`."""
    held = (
        IncomingMail.objects.light().select_related("ticket__requester", "ticket__topic").filter(pk=incoming_id).first()
    )
    if held is not None and held.outcome == Outcome.HELD and held.ticket is not None:
        _send_once(f"held:{incoming_id}", letters.was_it_you(held.ticket, held.public_id))


# Sending


def _send_once(event: str, letter: Letter) -> None:
    row = _row(event, letter)
    if row.state != Sent.WAITING:
        return
    if _Away.since is not None and time.monotonic() < _Away.since + PAUSE:
        raise MailServerAway("The mail server did not answer a moment ago.")
    OutgoingMail.objects.filter(pk=row.pk).update(attempts=F("attempts") + 1)
    try:
        compose(letter, row.message_id).send()
    except Exception as error:
        _note_failure(row, error)
        if not is_permanent(error):
            raise
    else:
        OutgoingMail.objects.filter(pk=row.pk).update(state=Sent.SENT, sent_at=timezone.now(), error="")
        _is_back()


def _row(event: str, letter: Letter) -> OutgoingMail:
    """The row of a happening; it is there before anything is sent, so that a mail that is sent again after the worker
    was killed has the same Message-ID and falls together with the first."""
    with transaction.atomic():
        row = OutgoingMail.objects.filter(event=event, kind=letter.kind).first()
        return row or _new_row(event, letter)


def _new_row(event: str, letter: Letter) -> OutgoingMail:
    to = letter.to.lower()
    found = OutgoingMail(
        event=event,
        kind=letter.kind,
        to=to,
        language=letter.language,
        person=letter.ticket.requester if letter.ticket else None,
        ticket=letter.ticket,
        pending=letter.pending,
        message_id=inbox.new_message_id(letter.ticket),
        state=Sent.WITHHELD if _must_not_go(letter, to) else Sent.WAITING,
    )
    if letter.kind == MailKind.PROVE and found.state == Sent.WAITING:
        return _only_question(found)
    found.save()
    return found


def _must_not_go(letter: Letter, to: str) -> bool:
    if reaching.lost_since(to) is not None:
        return True
    if letter.kind not in CAUSED_BY_MAIL:
        return False
    hour = timezone.now() - timedelta(hours=1)
    rows = OutgoingMail.objects.filter(to=to, kind__in=CAUSED_BY_MAIL, created_at__gte=hour)
    return rows.exclude(state=Sent.WITHHELD).count() >= AT_ONCE


def _only_question(row: OutgoingMail) -> OutgoingMail:
    """An address that has not been confirmed is asked once, however many requests come in its name."""
    _close_questions(row.to)
    row.is_open = True
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        row.is_open, row.state = False, Sent.WITHHELD
        row.save()
    return row


def _close_questions(address: str) -> None:
    """Forget questions that were answered, or whose requests are gone."""
    asked = OutgoingMail.objects.filter(to=address, is_open=True)
    asked.filter(created_at__lt=timezone.now() - KEPT).update(is_open=False)
    asked.filter(pending__ticket__isnull=False).update(is_open=False)
    asked.filter(pending__isnull=True).update(is_open=False)


def compose(letter: Letter, message_id: str) -> EmailMultiAlternatives:
    """The mail of a letter, with the head that answers need to find their way back."""
    headers = {"Message-ID": message_id}
    if letter.ticket is not None and (known := _references(letter.ticket, message_id)):
        headers["References"] = " ".join(known)
        headers["In-Reply-To"] = known[-1]
    message = mail_frame.compose(
        "tickets_channels/mail/letter",
        {"letter": letter},
        to=letter.to,
        language=letter.language,
        time_zone=letter.time_zone,
        headers=headers,
    )
    if letter.ticket is not None and (address := inbox.reply_address(letter.ticket)):
        message.reply_to = [address]
    return message


def _references(ticket: Ticket, message_id: str) -> list[str]:
    """Mails of ours about a ticket, then the last of its customer: mail programs show them as one thread."""
    rows = OutgoingMail.objects.filter(ticket=ticket, state=Sent.SENT).exclude(message_id=message_id)
    ours = list(rows.order_by("-created_at", "-pk").values_list("message_id", flat=True)[:MOST_REFERENCES])[::-1]
    theirs = IncomingMail.objects.filter(ticket=ticket, message__isnull=False).exclude(mail_id="")
    last = theirs.order_by("-received_at").values_list("mail_id", flat=True).first()
    return [*ours, last] if last else ours


# What the mail server says


def is_permanent(error: Exception) -> bool:
    """Whether trying again is useless: the address or the mail is refused for good. Trouble with our own account at the
    mail server is not permanent, or one wrong line of its configuration would close the addresses of all customers."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(500 <= code < 600 and not _is_about_us(code, said) for code, said in error.recipients.values())
    if isinstance(error, smtplib.SMTPDataError):
        return 500 <= error.smtp_code < 600
    return isinstance(error, (BadHeaderError, UnicodeError, smtplib.SMTPNotSupportedError))


def _is_about_us(code: int, said: bytes | str) -> bool:
    """Whether a server refuses to take anything from us for that address: no relaying, blocked, no password (RFC 3463:
    5.7 is security and policy), where it says nothing of the address."""
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return code in _NOT_SIGNED_IN or text.startswith("5.7.")


_NOT_SIGNED_IN = (530, 535)  # RFC 4954


def _note_failure(row: OutgoingMail, error: Exception) -> None:
    said = f"{type(error).__name__}: {error}".replace("\0", "")[:200]
    state = Sent.REFUSED if is_permanent(error) else Sent.WAITING
    OutgoingMail.objects.filter(pk=row.pk).update(
        state=state, error=said, is_open=row.is_open and state != Sent.REFUSED
    )
    if state == Sent.REFUSED and isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [str(code) for code, _ in error.recipients.values()]
        reaching.lose(row.to, codes[0])
    if isinstance(error, (OSError, smtplib.SMTPServerDisconnected)) and not isinstance(error, _ANSWERS):
        _Away.since = time.monotonic()


# Errors that are answers of the server: it is there.
_ANSWERS = (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused)


def _is_back() -> None:
    """The first mail that goes out after the server was away takes the others along."""
    if _Away.since is None:
        return
    _Away.since = None
    now = timezone.now()
    waiting = Outbox.objects.pending().filter(consumer__in=CONSUMERS, attempts__gt=0, next_at__gt=now)
    waiting.update(next_at=now)
