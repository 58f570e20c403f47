"""The conversation of a ticket as the desk reads it: what was written, and what happened, in one line of time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import FilteredRelation, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language_bidi, gettext
from django.utils.translation import gettext_lazy as _

from supportdesk.accounts.models import User
from supportdesk.ui.prepared import Prepared
from tickets.actions.dispatching import LEFT_BEHIND
from tickets.enums import DeclineReason, Delivery, EventKind, MessageKind, Priority, Role, Score, Status
from tickets.identifiers import reference
from tickets.models import Department, Incident, Message, Ticket, TicketEvent
from tickets.workspace.display import badge, customer_name, initials, listed, moment_and_zone, staff_name


class Called(NamedTuple):
    """What is known of somebody who wrote or did something."""

    name: str
    email: str


class Written(NamedTuple):
    """A message as the conversation shows it. The fields are columns of the database."""

    pk: int
    kind: str
    author: int | None
    author__name: str | None
    author__email: str | None
    body: str
    quoted: str
    language: str
    created_at: datetime
    visible_at: datetime
    delivery: str
    removed: list[Any]

    @property
    def by(self) -> Called | None:
        return _called(self.author, self.author__name, self.author__email)


class Happened(NamedTuple):
    """An event as the conversation tells it. The fields are columns of the database."""

    kind: str
    by: int | None
    by__name: str | None
    by__email: str | None
    role: str
    at: datetime
    from_status: str
    to_status: str
    reason: str
    message: int | None
    data: dict[str, Any]
    words__note: str | None

    @property
    def person(self) -> Called | None:
        return _called(self.by, self.by__name, self.by__email)


class File(NamedTuple):
    """A file of a message; the fields are columns of the database."""

    public_id: str
    name: str
    content_type: str
    size: int

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")


def _called(number: int | None, name: str | None, email: str | None) -> Called | None:
    return Called(name or "", email or "") if number is not None else None


@dataclass(frozen=True)
class Line:
    """A message, or a sentence about something that happened. `role` says who speaks, outside of what they say; `at` is
    in the active time zone."""

    at: datetime
    sentence: str = ""
    words: str = ""  # what its person said about it
    message: Written | None = None
    author: str = ""
    role: str = ""
    initials: str = ""
    badge: str = ""
    files: Sequence[File] = ()
    question: int = 0  # to a department, of which the sentence tells
    seconds_left: int = 0  # until a held reply goes out
    is_mine: bool = False
    is_new: bool = False
    is_today: bool = False  # in the active time zone

    @property
    def is_note(self) -> bool:
        return self.message is not None and self.message.kind == MessageKind.NOTE

    @property
    def is_held(self) -> bool:
        return self.message is not None and self.message.delivery == Delivery.HELD

    @property
    def is_stopped(self) -> bool:
        return self.message is not None and self.message.delivery == Delivery.STOPPED


ROLES: dict[str, str | Promise] = {
    MessageKind.CUSTOMER: _("Customer"),
    MessageKind.REPLY: _("Support"),
    MessageKind.NOTE: _("Internal note"),
    MessageKind.AUTOMATIC: _("Sent automatically"),
}

# What the messages themselves tell is no line of its own.
_WRITTEN = frozenset(
    {EventKind.CUSTOMER_WROTE, EventKind.REPLY_HELD, EventKind.REPLIED, EventKind.NOTED, EventKind.REPLY_STOPPED}
)

_MAKING = frozenset({EventKind.CREATED, EventKind.CUSTOMER_WROTE, EventKind.REPLY_HELD, EventKind.NOTED})


def lines(
    ticket: Ticket, *, person: Any, now: datetime, since: int | None = None, seen: int | None = None
) -> list[Line]:
    """All that was written and happened, oldest first; with `since`, what came after that version of the ticket; with
    `seen`, what others have written after that one is new. Asks the database the same few questions however long it
    is."""
    events = _events(ticket, since)
    touched: set[int | None] | None = None
    new: set[int | None] = set()
    if since is not None:
        touched = {event.message for event in events}
        new = {event.message for event in events if event.kind in _MAKING}
    if seen is not None:
        new = _written_since(ticket, seen, person)
    written = [
        _of_message(message, files, ticket, person, now, message.pk in new)
        for message, files in _messages(ticket, touched)
    ]
    today = timezone.localdate(now)
    return [_dated(line, today) for line in sorted([*_happened(events), *written], key=lambda line: line.at)]


def _happened(events: Iterable[Happened]) -> list[Line]:
    """The lines of what is no message."""
    shown = [event for event in events if event.kind not in _WRITTEN]
    named = _Named.of(shown)
    return [
        Line(event.at, sentence=sentence, words=_words(event), question=event.data.get("conversation") or 0)
        for event in shown
        if (sentence := _sentence(event, named))
    ]


def _written_since(ticket: Ticket, version: int, person: Any) -> set[int | None]:
    """Messages that somebody else has written."""
    made = ticket.events.filter(version__gt=version, kind__in=_MAKING).exclude(by=person)
    return set(made.values_list("message", flat=True))


def _dated(line: Line, today: date) -> Line:
    at = timezone.localtime(line.at)
    return replace(line, at=at, is_today=at.date() == today)


@Prepared
def _all_events(*, ticket: int) -> Any:
    told = TicketEvent.objects.filter(ticket=ticket).exclude(kind__in=[kind.value for kind in _WRITTEN])
    return told.values(*Happened._fields)


def _events(ticket: Ticket, since: int | None) -> list[Happened]:
    new = ticket.events.filter(version__gt=since).values(*Happened._fields) if since is not None else None
    return [Happened(**row) for row in (new if new is not None else _all_events(ticket=ticket.pk))]


@Prepared
def _all_messages(*, ticket: int) -> Any:
    return _with_files(Message.objects.filter(ticket=ticket))


def _with_files(messages: Any) -> Any:
    """Messages with the files that have not been removed, in one question: a line for each file, or one without."""
    is_kept = Q(attachments__removed_at__isnull=True)
    rows = messages.annotate(kept=FilteredRelation("attachments", condition=is_kept))
    in_order = rows.order_by("created_at", "pk", "kept__pk")
    return in_order.values(*Written._fields, *(f"kept__{name}" for name in File._fields))


def _messages(ticket: Ticket, only: set[int | None] | None) -> list[tuple[Written, list[File]]]:
    rows = _all_messages(ticket=ticket.pk) if only is None else _with_files(ticket.messages.filter(pk__in=only))
    found: dict[int, tuple[Written, list[File]]] = {}
    for row in rows:
        file = File._make(row.pop(f"kept__{name}") for name in File._fields)
        _, files = found.setdefault(row["pk"], (Written(**row), []))
        if file.public_id is not None:
            files.append(file)
    return list(found.values())


def _of_message(message: Written, files: list[File], ticket: Ticket, person: Any, now: datetime, is_new: bool) -> Line:
    author = _writer(message, ticket)
    left = (message.visible_at - now).total_seconds() if message.delivery == Delivery.HELD else 0
    return Line(
        message.created_at,
        message=message,
        author=author,
        role=str(ROLES[MessageKind(message.kind)]),
        initials=initials(author),
        badge=badge(message.language) if message.language else "",
        files=files,
        seconds_left=max(0, round(left)),
        is_mine=message.author == person.pk,
        is_new=is_new,
    )


def _writer(message: Written, ticket: Ticket) -> str:
    if message.kind == MessageKind.CUSTOMER:
        return customer_name(ticket.requester)
    if message.kind == MessageKind.AUTOMATIC and message.by is None:
        return gettext("The system")
    return staff_name(message.by)


@dataclass(frozen=True)
class _Named:
    """People, departments, tickets and incidents that events name by number."""

    people: Mapping[int, User] = field(default_factory=dict)
    departments: Mapping[int, Department] = field(default_factory=dict)
    tickets: Mapping[int, Ticket] = field(default_factory=dict)
    incidents: Mapping[int, Incident] = field(default_factory=dict)

    @classmethod
    def of(cls, events: Iterable[Happened]) -> "_Named":
        people, departments, tickets, incidents = set(), set(), set(), set()
        for event in events:
            people |= {event.data.get("to"), event.data.get("person")}
            departments.add(event.data.get("department"))
            tickets.add(event.data.get("ticket"))
            incidents.add(event.data.get("incident"))
        return cls(
            _rows(User, people), _rows(Department, departments), _rows(Ticket, tickets), _rows(Incident, incidents)
        )

    def person(self, number: Any) -> str:
        return staff_name(self.people.get(number))

    def department(self, number: Any) -> str:
        found = self.departments.get(number)
        return found.staff_name if found else gettext("the front line")

    def incident(self, number: Any) -> str:
        found = self.incidents.get(number)
        return found.title if found else gettext("an incident that is gone")

    def ticket(self, number: Any) -> str:
        found = self.tickets.get(number)
        return reference(found.public_id) if found else gettext("a ticket that is gone")


def _rows(model: Any, numbers: set[Any]) -> Mapping[int, Any]:
    wanted = numbers - {None}
    return model.objects.in_bulk(wanted) if wanted else {}


_SENTENCES: dict[str, str | Promise] = {
    EventKind.CREATED: _("%(by)s sent the request"),
    EventKind.REPLY_UNDONE: _("%(by)s took a reply back"),
    EventKind.MENTIONED: _("%(by)s mentioned %(person)s"),
    EventKind.ASSIGNED: _("%(by)s gave it to %(person)s"),
    EventKind.UNASSIGNED: _("%(by)s put it back into the queue"),
    EventKind.TRANSFERRED: _("%(by)s moved it to %(department)s"),
    EventKind.TAGGED: _("%(by)s changed the tags"),
    EventKind.MERGED_INTO: _("%(by)s merged it into %(ticket)s"),
    EventKind.RECEIVED_MERGE: _("%(by)s merged %(ticket)s into this ticket"),
    EventKind.SPLIT_FROM: _("Split from %(ticket)s by %(by)s"),
    EventKind.SPLIT_OFF: _("%(by)s made %(ticket)s of one message"),
    EventKind.LINKED: _("%(by)s linked %(ticket)s"),
    EventKind.UNLINKED: _("%(by)s removed the link to %(ticket)s"),
    EventKind.FOLLOWED: _("%(by)s asked again: %(ticket)s"),
    EventKind.CONSULTED: _("%(by)s asked %(department)s"),
    EventKind.CONSULT_ANSWERED: _("%(by)s answered for the department"),
    EventKind.CONSULT_ENDED: _("%(by)s ended the question to the department"),
    EventKind.RATING_ASKED: _("The customer was asked for a rating"),
    EventKind.RATED: _("%(by)s rated the answer: %(score)s"),
    EventKind.REMINDED: _("The customer was reminded"),
    EventKind.REMINDER_SET: _("%(by)s wants to be reminded at %(time)s"),
    EventKind.REMINDER_DROPPED: _("%(by)s removed the reminder of %(time)s"),
    EventKind.APOLOGISED: _("The customer was told that a promise of the wait was missed"),
    EventKind.REDACTED: _("%(by)s took words out of the texts"),
    EventKind.ARTICLE_REPORTED: _("%(by)s reported an article"),
    EventKind.ATTACHMENT_REMOVED: _("%(by)s removed a file"),
    EventKind.MAIL_RETRIED: _("%(by)s had mail sent to the customer again"),
    EventKind.REVEALED: _("%(by)s looked at the customer's address"),
    EventKind.RETIMED: _("The policies of answering times changed, and with them the targets of this ticket"),
    EventKind.JOINED_INCIDENT: _("%(by)s made it part of the incident “%(incident)s”"),
    EventKind.LEFT_INCIDENT: _("%(by)s took it out of the incident “%(incident)s”"),
}


def _sentence(event: Happened, named: _Named) -> str:
    by = staff_name(event.person) if event.person is not None else gettext("The system")
    if event.role == Role.CUSTOMER:
        by = gettext("The customer")
    by = _apart(by)
    if event.kind == EventKind.MOVED:
        return gettext("%(by)s: %(from)s → %(to)s") % {
            "by": by,
            "from": _status(event.from_status),
            "to": _status(event.to_status),
        }
    if event.kind == EventKind.CHANGED:
        return _changed(event, by)
    if event.kind == EventKind.ASSIGNED and event.by == event.data.get("to"):
        return gettext("%(by)s took it") % {"by": by}
    if event.kind == EventKind.SNOOZED:
        return _slept(event, by)
    if event.kind == EventKind.UNASSIGNED and (event.data.get("declined") or event.reason == LEFT_BEHIND):
        return _came_back(event, by)
    values = {
        "by": by,
        "person": _apart(named.person(event.data.get("to") or event.data.get("person"))),
        "department": _apart(named.department(event.data.get("department"))),
        "ticket": _apart(named.ticket(event.data.get("ticket"))),
        "incident": _apart(named.incident(event.data.get("incident"))),
        "time": _time(event.data.get("at")),
        "score": _score(event.data.get("score")),
    }
    return str(_SENTENCES.get(event.kind, "")) % values


def _score(score: int | None) -> str:
    return str(Score(score).label) if score in Score.values else "–"


def _time(at: str | None) -> str:
    return _apart(moment_and_zone(datetime.fromisoformat(at))) if at else ""


def _slept(event: Happened, by: str) -> str:
    until = event.data.get("until")
    if until is None:
        return gettext("%(by)s woke it up") % {"by": by}
    return gettext("%(by)s let it sleep until %(time)s") % {
        "by": by,
        "time": _time(until),
    }


def _came_back(event: Happened, by: str) -> str:
    if event.reason not in DeclineReason.values:
        return gettext("Back in the queue: its agent was not there any more")
    return gettext("%(by)s declined it: %(reason)s") % {"by": by, "reason": DeclineReason(event.reason).label}


def _apart(name: str) -> str:
    """A name in a sentence that runs from right to left: two Latin names in a row would change places otherwise."""
    return f"\u2068{name}\u2069" if get_language_bidi() else name


def _status(value: str) -> str:
    return str(Status(value).label) if value in Status.values else value


def _changed(event: Happened, by: str) -> str:
    fields = event.data.get("fields", [])
    if fields == ["priority"] and event.data.get("priority") in Priority.values:
        label = Priority(event.data["priority"]).label
        if event.data.get("surge_rule"):
            return _by_rule(event, str(label))
        return gettext("%(by)s set the priority to %(priority)s") % {"by": by, "priority": label}
    return gettext("%(by)s changed: %(fields)s") % {
        "by": by,
        "fields": listed(str(_FIELDS.get(f, f)) for f in fields),
    }


def _words(event: Happened) -> str:
    """What its person said about it; the name of a surge's rule stands in the sentence already."""
    return "" if event.data.get("surge_rule") else event.words__note or ""


def _by_rule(event: Happened, priority: str) -> str:
    """A rule of a surge has raised the priority, or holds no longer."""
    values = {"priority": priority, "rule": _apart(event.words__note or "–")}
    if event.data.get("is_over"):
        return gettext("Back to priority %(priority)s: the rule “%(rule)s” holds no longer") % values
    return gettext("Raised to priority %(priority)s by the rule “%(rule)s” while many people write") % values


_FIELDS: dict[str, str | Promise] = {
    "topic": _("topic"),
    "priority": _("priority"),
    "language": _("language"),
    "subject": _("subject"),
    "region": _("region"),
    "revisit_at": _("look again at"),
    "hold_reason": _("why it is on hold"),
}
