"""What our mails say: for each happening one letter, in the language and zone of its reader, with one signed link.

The words of the trader are in none of them: neither the subject nor the name that they gave (whoever writes in somebody
else's name must not have us carry the words to them). An agent's answer is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext, override

from supportdesk.ui import languages
from tickets import custody, links, waits
from tickets.channels.enums import MailKind
from tickets.enums import PENDING_REMINDER, PENDING_SOLVED, REOPEN_FOR, EventKind, MessageKind, Role, Status
from tickets.identifiers import reference
from tickets.models import Message, PendingRequest, Ticket, TicketEvent
from tickets.models.agent import public_names

WAS_IT_YOU = "was_it_you"  # a purpose of links: the held mail (public id)


@dataclass(frozen=True)
class Letter:
    """A mail before it is put into its frame. `lines` are paragraphs, `words` an agent's own text that `who` wrote,
    `facts` pairs of a name and a value, `after` paragraphs below the link."""

    kind: MailKind
    to: str
    language: str
    subject: str
    lines: tuple[str, ...]
    link: str
    button: str
    why: str
    time_zone: str = "UTC"
    about: str = ""
    who: str = ""
    words: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    after: tuple[str, ...] = ()
    ticket: Ticket | None = None
    pending: PendingRequest | None = None


# Which letter a happening makes


def kind_of(event: TicketEvent) -> MailKind | None:
    """What the customer is told of an event of a ticket; None where they know it themselves, need not know, or hear of
    it by another mail of the same moment."""
    if event.ticket.status == Status.SPAM:
        return None
    if event.kind == EventKind.MOVED:
        return _of_move(event)
    if event.kind == EventKind.CREATED:
        return MailKind.OPENED if event.role in (Role.AGENT, Role.LEAD) else MailKind.RECEIVED
    if event.kind == EventKind.MERGED_INTO:
        return MailKind.MERGED if _is_of_one_customer(event.ticket) else None
    return _TOLD.get(EventKind(event.kind))


_TOLD = {
    EventKind.REPLIED: MailKind.ANSWERED,
    EventKind.REMINDED: MailKind.REMINDER,
    EventKind.RATING_ASKED: MailKind.RATING,
    EventKind.APOLOGISED: MailKind.SORRY,
}
_OF_STATUS = {Status.PENDING: MailKind.WAITING, Status.SOLVED: MailKind.SOLVED}


def _of_move(event: TicketEvent) -> MailKind | None:
    """Only where it still stands so, and where neither an answer nor the customer brought it there. Nothing is told of
    closing: the mail before it said until when a request can be opened again."""
    kind = _OF_STATUS.get(Status(event.to_status))
    if kind is None or event.role == Role.CUSTOMER or event.ticket.status != event.to_status:
        return None
    answers = event.ticket.events.filter(kind=EventKind.REPLIED, version=event.version)
    return None if answers.exists() else kind


def _is_of_one_customer(ticket: Ticket) -> bool:
    return ticket.merged_into is not None and ticket.merged_into.requester_id == ticket.requester_id


def of_event(event: TicketEvent) -> Letter | None:
    """The letter to the customer about an event, None where there is none."""
    kind = kind_of(event)
    if kind is None or _is_past(kind, event):
        return None
    person = event.ticket.requester
    if not person.is_active:
        return None
    about = event.ticket.merged_into if kind == MailKind.MERGED else event.ticket
    assert about is not None  # noqa: S101 - `kind_of` asked
    with override(_known(about.language)), timezone.override(_zone(person.time_zone)):
        return _WRITERS[kind](event)


def _is_past(kind: MailKind, event: TicketEvent) -> bool:
    """Whether what the letter says no longer holds when it is to be sent: it was answered or opened again meanwhile."""
    ticket = event.ticket
    if kind == MailKind.REMINDER:
        return ticket.status != Status.PENDING or ticket.status_since > event.at
    if kind == MailKind.SORRY:
        return ticket.first_reply_at is not None or not ticket.is_unsolved
    return kind == MailKind.RATING and ticket.status not in (Status.SOLVED, Status.CLOSED)


def of_pending(pending: PendingRequest) -> Letter:
    """The question whether an address is theirs, to somebody who may never have heard of us."""
    with override(_known(pending.language)):
        return Letter(
            kind=MailKind.PROVE,
            to=pending.email,
            language=_known(pending.language),
            time_zone=pending.time_zone,
            subject=gettext("Confirm your e-mail address"),
            lines=(
                gettext("We received a request with this e-mail address. Confirm the address, and we begin to work."),
                gettext(
                    "If you did not send it, do nothing: without you nothing happens, and it is deleted in 7 days."
                ),
            ),
            link=links.address(links.PROVE, pending.public_id, language=_known(pending.language)),
            button=gettext("Confirm the address"),
            why=gettext("You get this mail because somebody gave this address to %(site)s.") % _site(),
            pending=pending,
        )


def was_it_you(ticket: Ticket, public_id: str) -> Letter:
    """The question about a held mail, to the one in whose name it came."""
    with override(_known(ticket.language)):
        return _letter(
            ticket,
            MailKind.WAS_IT_YOU,
            gettext("Did you write to us? Request %(reference)s"),
            lines=(
                gettext("An e-mail in your name came in for this request, but nothing proves that it is from you."),
                gettext("We hold it back for 7 days. If you wrote it, open the page and say so; then it is added."),
            ),
            link=links.address(WAS_IT_YOU, public_id, language=_known(ticket.language)),
            button=gettext("Decide about this e-mail"),
            facts=(),
        )


# The letters about a ticket; each is called in the language and the zone of its reader


def _received(event: TicketEvent) -> Letter:
    due = custody.of(event.ticket, None, timezone.now()).next_update_by
    promise = gettext("You hear from us by %(time)s.") % {"time": _when(due)} if due else ""
    line = gettext("We have your request. A member of our team reads it and answers you by e-mail and on its page.")
    subject = gettext("We have received your request %(reference)s")
    return _letter(
        event.ticket, MailKind.RECEIVED, subject, lines=(line, waits.of_ticket(event.ticket), promise, _may_answer())
    )


def _answered(event: TicketEvent, kind: MailKind = MailKind.ANSWERED) -> Letter:
    message = event.message
    subject = gettext("An answer to your request %(reference)s")
    if kind == MailKind.OPENED:
        subject = gettext("A message for you: request %(reference)s")
    return _letter(
        event.ticket,
        kind,
        subject,
        who=gettext("%(name)s wrote:") % {"name": _writer(message)},
        words=message.body if message is not None else "",
        after=(_files(message), _what_now(event.ticket), _may_answer()),
    )


def _opened(event: TicketEvent) -> Letter:
    return _answered(event, MailKind.OPENED)


def _waiting(event: TicketEvent) -> Letter:
    line = gettext("To go on we need an answer from you. What we need to know stands on the page of the request.")
    subject = gettext("We wait for your answer: request %(reference)s")
    return _letter(event.ticket, MailKind.WAITING, subject, lines=(line, _may_answer()))


def _solved(event: TicketEvent) -> Letter:
    line = gettext("We have marked your request as solved.")
    if event.reason == "silent":
        line = gettext("We have marked your request as solved, as we did not hear from you.")
    subject = gettext("Your request %(reference)s is solved")
    return _letter(event.ticket, MailKind.SOLVED, subject, lines=(line, _until(event.ticket)))


def _reminder(event: TicketEvent) -> Letter:
    ticket = event.ticket
    lines = [gettext("Two days ago we asked you something about this request, and have not heard from you since.")]
    if ticket.topic.solves_itself:
        end = ticket.status_since + PENDING_REMINDER + PENDING_SOLVED
        lines.append(
            gettext("Without an answer we take it as solved on %(time)s. You can still open it again.")
            % {"time": _when(end)}
        )
    subject = gettext("Reminder: we wait for your answer on request %(reference)s")
    return _letter(ticket, MailKind.REMINDER, subject, lines=(*lines, _may_answer()))


def _rating(event: TicketEvent) -> Letter:
    ticket = event.ticket
    return _letter(
        ticket,
        MailKind.RATING,
        gettext("How did we do? Request %(reference)s"),
        lines=(
            gettext("Your request is solved. One answer helps us to do better: how satisfied are you with our help?"),
        ),
        link=links.address(links.RATE, ticket.public_id, language=_known(ticket.language)),
        button=gettext("Rate our help"),
    )


def _merged(event: TicketEvent) -> Letter:
    source, target = event.ticket, event.ticket.merged_into
    assert target is not None  # noqa: S101 - `kind_of` asked
    line = gettext(
        "Your requests %(first)s and %(second)s are about the same thing. We have joined them in the second."
    )
    names = {"first": reference(source.public_id), "second": reference(target.public_id)}
    subject = gettext("Two of your requests are one now: %(reference)s")
    return _letter(
        target, MailKind.MERGED, subject, lines=(line % names, gettext("Nothing of what you wrote is lost."))
    )


def _sorry(event: TicketEvent) -> Letter:
    """What the page of the request says as well: the message that the apology wrote."""
    line = event.message.body if event.message is not None else ""
    subject = gettext("Our answer to your request %(reference)s takes longer")
    return _letter(event.ticket, MailKind.SORRY, subject, lines=(line, _may_answer()))


_WRITERS: dict[MailKind, Callable[[TicketEvent], Letter]] = {
    MailKind.RECEIVED: _received,
    MailKind.ANSWERED: _answered,
    MailKind.OPENED: _opened,
    MailKind.WAITING: _waiting,
    MailKind.SOLVED: _solved,
    MailKind.REMINDER: _reminder,
    MailKind.RATING: _rating,
    MailKind.MERGED: _merged,
    MailKind.SORRY: _sorry,
}


def _letter(
    ticket: Ticket,
    kind: MailKind,
    subject: str,
    *,
    lines: tuple[str, ...] = (),
    link: str = "",
    button: str = "",
    who: str = "",
    words: str = "",
    facts: tuple[tuple[str, str], ...] | None = None,
    after: tuple[str, ...] = (),
) -> Letter:
    language = _known(ticket.language)
    return Letter(
        kind=kind,
        to=ticket.requester.email,
        language=language,
        time_zone=ticket.requester.time_zone,
        subject=subject % {"reference": ticket.reference},
        lines=tuple(line for line in lines if line),
        link=link or links.address(links.STATUS, ticket.public_id, language=language),
        button=button or gettext("See the request"),
        why=gettext("You get this mail because of your request to %(site)s. There is no list to leave.") % _site(),
        about=ticket.topic.name,
        who=who,
        words=words,
        facts=_facts(ticket) if facts is None else facts,
        after=tuple(line for line in after if line),
        ticket=ticket,
    )


def _facts(ticket: Ticket) -> tuple[tuple[str, str], ...]:
    return ((gettext("Request"), ticket.reference), (gettext("Status"), str(ticket.display.public)))


def _what_now(ticket: Ticket) -> str:
    if ticket.status == Status.PENDING:
        return gettext("We need an answer from you to go on.")
    return _until(ticket) if ticket.status == Status.SOLVED else ""


def _until(ticket: Ticket) -> str:
    end = (ticket.solved_at or timezone.now()) + REOPEN_FOR
    return gettext("If it is not solved, write to us by %(time)s, and we go on.") % {"time": _when(end)}


def _may_answer() -> str:
    return gettext("You can answer this e-mail to add something.") if settings.MAIL_INBOUND_DOMAIN else ""


def _files(message: Message | None) -> str:
    number = message.attachments.filter(removed_at=None).count() if message is not None else 0
    sentence = ngettext(
        "%(number)d file is on the page of the request.", "%(number)d files are on the page of the request.", number
    )
    return sentence % {"number": number} if number else ""


def _writer(message: Message | None) -> str:
    """Who wrote, by the name that the page of the request gives them; the team where nobody has one."""
    if message is None or message.kind != MessageKind.REPLY or message.author is None:
        return gettext("Our support team")
    return public_names([message.author])[message.author.pk] or gettext("Our support team")


def _site() -> dict[str, str]:
    return {"site": settings.SITE_NAME}


def _known(code: str) -> str:
    return code if languages.is_known(code) else settings.LANGUAGE_CODE


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def _when(moment: datetime) -> str:
    """A moment in the reader's zone, to the minute above, and in UTC beside it where that is another."""
    above = moment + timedelta(seconds=59)
    local = timezone.localtime(above)
    times = {"local": date_format(local, "DATETIME_FORMAT"), "utc": f"{above:%H:%M}"}
    return gettext("%(local)s (%(utc)s UTC)") % times if local.utcoffset() else f"{times['local']} UTC"
