"""The history of a ticket as its customer reads it: messages and events in one line of time, in plain words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tickets.enums import EventKind, MessageKind, Status
from tickets.identifiers import reference
from tickets.models import Department, Message, Ticket, TicketEvent
from tickets.models.agent import public_names


@dataclass(frozen=True)
class Entry:
    """A message, or a sentence about something that happened."""

    at: datetime
    sentence: str = ""
    message: Message | None = None
    author: str = ""
    is_mine: bool = False


_MOVES: dict[str, str | Promise] = {
    Status.PENDING: _("We are waiting for your answer."),
    Status.ON_HOLD: _("Another team is looking into it."),
    Status.SOLVED: _("Marked as solved."),
    Status.CLOSED: _("Closed. Write here if you still need help: it becomes a new request."),
}
_REASONS: dict[tuple[str, str], str | Promise] = {
    (Status.SOLVED, "by_customer"): _("You marked it as solved."),
    (Status.SOLVED, "silent"): _("Marked as solved because we did not hear from you."),
    (Status.OPEN, "reopened"): _("Opened again."),
}
SHOWN = (
    EventKind.ASSIGNED,
    EventKind.TRANSFERRED,
    EventKind.CONSULTED,
    EventKind.MOVED,
    EventKind.RECEIVED_MERGE,
    EventKind.FOLLOWED,
    EventKind.REMINDED,
)


def entries(ticket: Ticket, *, since: int = 0) -> list[Entry]:
    """What the customer sees, oldest first; with `since`, what came after that version of the ticket. Six questions
    to the database at most, however long it is."""
    events = list(ticket.events.filter(kind__in=[*SHOWN, *_WRITTEN], version__gt=since).select_related("by"))
    numbers = {event.message_id for event in events if event.kind in _WRITTEN}
    messages = ticket.messages.public().select_related("author").prefetch_related("attachments")
    if since:
        messages = messages.filter(pk__in=numbers)
    found = list(messages)
    names = public_names(m.author for m in found if m.kind != MessageKind.CUSTOMER)
    departments, others = _departments(events), _others(events, ticket)
    lines = [_of_message(message, ticket, names) for message in found]
    lines += [Entry(event.at, sentence) for event in events if (sentence := _sentence(event, departments, others))]
    return sorted(lines, key=lambda line: line.at)


_ABOUT_ANOTHER = (EventKind.RECEIVED_MERGE, EventKind.FOLLOWED)
_WRITTEN = (EventKind.CREATED, EventKind.CUSTOMER_WROTE, EventKind.REPLIED)


def _departments(events: Sequence[TicketEvent]) -> dict[int, Department]:
    wanted = {event.data.get("department") for event in events} - {None}
    return Department.objects.in_bulk(wanted) if wanted else {}


def _others(events: Sequence[TicketEvent], ticket: Ticket) -> dict[int, str]:
    """The numbers of the same customer's other tickets that the sentences name."""
    wanted = {event.data.get("ticket") for event in events if event.kind in _ABOUT_ANOTHER} - {None}
    own = Ticket.objects.filter(requester=ticket.requester_id)
    rows = own.filter(pk__in=wanted).values_list("pk", "public_id") if wanted else ()
    return dict(rows)


def _of_message(message: Message, ticket: Ticket, names: Mapping[int, str]) -> Entry:
    is_mine = message.kind == MessageKind.CUSTOMER
    author = gettext("You") if is_mine else names.get(message.author_id or 0) or gettext("Support")
    return Entry(message.visible_at, message=message, author=author, is_mine=is_mine)


def _sentence(event: TicketEvent, departments: Mapping[int, Department], others: Mapping[int, str]) -> str:
    if event.kind == EventKind.MOVED:
        if event.to_status == Status.OPEN and event.from_status == Status.SOLVED:
            return gettext("Opened again.")
        return str(_REASONS.get((event.to_status, event.reason)) or _MOVES.get(event.to_status, ""))
    if event.kind == EventKind.ASSIGNED:
        # A reply says so by itself.
        taken = gettext("Somebody of our support team has taken your request.")
        return taken if event.reason != "replied" else ""
    if event.kind in (EventKind.TRANSFERRED, EventKind.CONSULTED):
        department = departments.get(event.data.get("department") or 0)
        return gettext("Sent to %(team)s.") % {"team": department.shown_name} if department else ""
    if event.kind == EventKind.REMINDED:
        return gettext("We reminded you that we need your answer.")
    return _about_another(event, others.get(event.data.get("ticket") or 0, ""))


def _about_another(event: TicketEvent, number: str) -> str:
    if not number:
        return ""
    sentences = {
        EventKind.RECEIVED_MERGE: gettext("Your request %(number)s was joined with this one."),
        EventKind.FOLLOWED: gettext("You asked again: request %(number)s follows this one."),
    }
    return sentences[EventKind(event.kind)] % {"number": reference(number)}


# The four steps above the history


@dataclass(frozen=True)
class Step:
    label: str
    at: datetime | None
    is_done: bool
    is_current: bool


def track(ticket: Ticket) -> list[Step]:
    """Received, assigned, being worked on, solved: what is done, since when, and where it stands."""
    is_solved = ticket.status in (Status.SOLVED, Status.CLOSED)
    reached = 3 if is_solved else 2 if ticket.first_reply_at else 1 if ticket.assigned_at else 0
    labels = (gettext("Received"), gettext("Assigned"), gettext("Being worked on"), gettext("Solved"))
    times = (ticket.asked_at, ticket.assigned_at, ticket.first_reply_at, ticket.solved_at if is_solved else None)
    return [
        Step(label, at if number <= reached else None, number <= reached, number == reached)
        for number, (label, at) in enumerate(zip(labels, times, strict=True))
    ]
