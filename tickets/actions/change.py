"""How a ticket changes: one transaction, the row locked, the clock read once, and at the end one new version, the rows
of what happened, the clocks, and what is owed to the outside world. Every action works inside `changing`."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language, gettext

from supportdesk import guard
from supportdesk.outbox import delivery
from supportdesk.ui import written
from supportdesk.ui.prepared import Prepared, PreparedRows
from tickets import editions, sla
from tickets.access import Access
from tickets.actions import clocks
from tickets.enums import EVENT_REASONS, MOVES, EventKind, Role, Status
from tickets.errors import StaleTicket, TransitionNotAllowed
from tickets.models import EventNote, Message, Ticket, TicketEvent
from tickets.models.ticket import TicketQuerySet

# What has to be read before one answers: an answer that was written without it is refused.
NEWS = (
    EventKind.CUSTOMER_WROTE,
    EventKind.REPLY_HELD,
    EventKind.REPLIED,
    EventKind.NOTED,
    EventKind.MOVED,
    EventKind.RECEIVED_MERGE,
    EventKind.CONSULT_ANSWERED,
)


# What an event tells of the row besides its status, wherever it changed: who has the ticket and until when it rests.
HELD = ("assignee_id", "department_id", "revisit_at", "snoozed_until")


def became(ticket: Ticket, before: Mapping[str, Any]) -> dict[str, Any]:
    """What an event keeps of `HELD` where it is not as before (nothing, for a new ticket): ids, moments in ISO 8601."""
    changed = {name: getattr(ticket, name) for name in HELD if getattr(ticket, name) != before.get(name)}
    told = {
        name.removesuffix("_id"): value.isoformat() if isinstance(value, datetime) else value
        for name, value in changed.items()
    }
    return {"became": told} if told else {}


class Change:
    """A change in progress. `ticket` is locked; `at` is the moment (UTC) of all that happens in it."""

    def __init__(self, ticket: Ticket, by: Any, role: Role, at: datetime) -> None:
        self.ticket, self.by, self.role, self.at = ticket, by, role, at
        self._row = written.standing(ticket)
        self._before = clocks.standing_of(ticket)
        self._held = {name: getattr(ticket, name) for name in HELD}
        self._events: list[TicketEvent] = []
        self._notes: list[EventNote] = []
        self._happenings: list[sla.Happening] = []

    def record(
        self,
        kind: EventKind,
        *,
        message: Message | None = None,
        reason: str = "",
        words: str = "",
        **data: Any,
    ) -> None:
        """Record an event that leaves the status as it is. `words` is what the person says about it."""
        self._write(kind, self.ticket.status, message, reason, data)
        self._explain(words)

    def move(self, to: Status, *, reason: str = "", words: str = "", tells_clocks: bool = True, **data: Any) -> None:
        """Bring the ticket to another status, or leave it where it is already; the clocks hear of it unless they were
        told by a happening of their own. Raises TransitionNotAllowed."""
        if to == self.ticket.status:
            return
        self._refuse_move(to)
        came_from, self.ticket.status = self.ticket.status, to
        if came_from == Status.ON_HOLD and to != Status.SPAM:  # a ticket restored from spam is on hold as before
            self.ticket.revisit_at = None
        self.ticket.status_since = self.at
        self._write(EventKind.MOVED, came_from, None, reason, data)
        self._explain(words)
        if tells_clocks:
            self.happen("status", status=to.value, reason=reason)

    def _refuse_move(self, to: Status) -> None:
        now = Status(self.ticket.status)
        if self.role not in MOVES.get((now, to), ()):
            message = gettext("From “%(now)s” a ticket does not go to “%(wanted)s”.")
            raise TransitionNotAllowed(message % {"now": now.label, "wanted": to.label})

    def happen(self, kind: str, **values: Any) -> None:
        """Tell the clocks."""
        self._happenings.append(sla.Happening(at=self.at, type=kind, **values))

    def _explain(self, words: str) -> None:
        """Keep what somebody says about the last event."""
        said = guard.clean(" ".join(words.replace("\0", "").split()), door="reason").text[:200]
        if said:
            self._notes.append(EventNote(event=self._events[-1], note=said))

    def _write(self, kind: EventKind, came_from: str, message: Message | None, reason: str, data: dict) -> None:
        if reason and reason not in EVENT_REASONS:
            raise ValueError(f"“{reason}” is no reason of an event; words of people go into its note.")
        event = TicketEvent(
            ticket=self.ticket,
            kind=kind,
            by=self.by,
            role=self.role,
            at=self.at,
            from_status=came_from,
            to_status=self.ticket.status,
            reason=reason,
            message=message,
            version=self.ticket.version + 1,
            data=data,
        )
        self._events.append(event)

    def finish(self) -> None:
        if not self._events:
            return
        self._wake_what_nobody_has()
        self._keep_clocks()
        self._events[-1].data |= became(self.ticket, self._held)
        self.ticket.version += 1
        self.ticket.updated_at = self.at
        written.update(self.ticket, self._row)
        write_events(self._events)
        EventNote.objects.bulk_create(self._notes)

    def _wake_what_nobody_has(self) -> None:
        """A ticket sleeps in the list of its agent: one that lost its agent were in no list at all."""
        if self.ticket.assignee_id is None and self.ticket.snoozed_until is not None:
            slept, self.ticket.snoozed_until = self.ticket.sleeps(self.at), None
            if slept:
                self.record(EventKind.SNOOZED, until=None)

    def _keep_clocks(self) -> None:
        """Bring the clocks through what happened; the last event keeps what is needed to tell them again."""
        facts = clocks.facts_of(self.ticket)
        if facts != self._before.facts:
            self.happen("change", facts=facts)
        if not self._happenings:
            return
        edition = editions.current()
        clocks.keep(self.ticket, self._before, self._happenings, edition)
        is_other = any(happening.type == "change" for happening in self._happenings)
        self._events[-1].data |= clocks.kept(edition, facts if is_other else None)


def write_events(events: list[TicketEvent]) -> None:
    """Keep what happened and owe it to the consumers."""
    written.insert(events)
    delivery.post_all([(f"ticket.{event.kind}", event.pk) for event in events])


@contextmanager
def changing(
    ticket: Ticket, *, by: Any, role: Role = Role.AGENT, seen: int | None = None, at: datetime | None = None
) -> Iterator[Change]:
    """Change a ticket. `seen` is the version that the person saw; `at` is for what has its moment in its own row.

    Raises PermissionDenied, Ticket.DoesNotExist for staff who may not see it, StaleTicket.
    """
    with transaction.atomic():
        locked = _locked(ticket, by, role)
        change = Change(locked, by, _role(by, role), at or timezone.now())
        if seen is not None:
            refuse_stale(locked, seen)
        yield change
        change.finish()
        _bring_up_to_date(ticket, locked)


def _locked(ticket: Ticket, by: Any, role: Role) -> Ticket:
    if role == Role.AGENT:
        require_staff(by)
        if not Access.of_staff(by).leads:
            return _for_change().visible_to(Access.of_staff(by)).get(pk=ticket.pk)
    if role == Role.CUSTOMER and by.pk != ticket.requester_id:
        raise PermissionDenied(gettext("Only the person who asked may do this."))
    found = _any_for_change(get_language(), number=ticket.pk)
    if not found:
        raise Ticket.DoesNotExist
    return found[0]


def _for_change() -> TicketQuerySet:
    return Ticket.objects.select_for_update(of=("self",)).with_names("topic")


@PreparedRows
def _any_for_change(_reader: str | None, *, number: int) -> TicketQuerySet:
    """Whoever is not held to a part of the desk: a lead, the customer, the desk itself."""
    return _for_change().order_by().filter(pk=number)


def _role(by: Any, role: Role) -> Role:
    return Role.LEAD if role == Role.AGENT and by.has_perm("tickets.lead_ticket") else role


def require_staff(by: Any) -> None:
    """Raises PermissionDenied for who does not work at the desk."""
    if not (by.is_active and by.has_perm("tickets.work_ticket")):
        raise PermissionDenied(gettext("You need the right to work on tickets for this."))


def require_lead(by: Any, message: str = "") -> None:
    """Raises PermissionDenied for who does not lead the desk."""
    if not (by.is_active and by.has_perm("tickets.lead_ticket")):
        raise PermissionDenied(message or gettext("Only a team lead may do this."))


def refuse_stale(ticket: Ticket, seen: int) -> None:
    """Raises StaleTicket when something came in after a version that has to be read first."""
    if ticket.version != seen and _news(ticket=ticket.pk, seen=seen):
        raise StaleTicket(
            gettext("Something new came in since you opened this ticket. Read it, then send again. Your text is kept.")
        )


@Prepared
def _news(*, ticket: int, seen: int) -> QuerySet[TicketEvent, Any]:
    return TicketEvent.objects.filter(ticket=ticket, version__gt=seen, kind__in=NEWS).order_by().values("pk")[:1]


def _bring_up_to_date(ticket: Ticket, locked: Ticket) -> None:
    """The caller's copy shows what is stored now."""
    for field in Ticket._meta.concrete_fields:
        setattr(ticket, field.attname, getattr(locked, field.attname))
