"""What the page of a request shows: where it stands, who has it, what was said, what can be done now."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from django.utils import timezone

from supportdesk.accounts import reach
from supportdesk.ui.languages import is_known
from supportdesk.ui.zones import zone_name
from tickets import custody, waits
from tickets.actions.rating import COUNTS_FOR
from tickets.desk_ui import timeline
from tickets.enums import Status
from tickets.models import Rating, SideConversation, Ticket
from tickets.portal import removed, sidebar
from tickets.portal.words import name_of


@dataclass(frozen=True)
class Doable:
    """What the customer can do now. `follows`: what they write becomes a new request."""

    can_solve: bool
    can_reopen: bool
    can_rate: bool
    follows: bool


def doable(ticket: Ticket, rating: Rating | None, at: datetime) -> Doable:
    is_over = ticket.status == Status.CLOSED or (ticket.status == Status.SOLVED and not ticket.may_reopen(at))
    asked = rating.asked_at if rating else ticket.solved_at
    in_time = asked is not None and at <= asked + COUNTS_FOR
    return Doable(
        can_solve=ticket.is_unsolved,
        can_reopen=ticket.may_reopen(at),
        can_rate=ticket.status in (Status.SOLVED, Status.CLOSED) and in_time,
        follows=is_over,
    )


def head(ticket: Ticket, reader: tzinfo) -> dict[str, Any]:
    """Where it stands: the part that a page in use gets anew. `reader` is the time zone of whoever reads."""
    held = custody.of(ticket, _asked(ticket), timezone.now())
    promised = held.next_update_by.astimezone(reader).utcoffset() if held.next_update_by else None
    return {
        "ticket": ticket,
        "track": timeline.track(ticket),
        "custody": held,
        "wait": waits.of_ticket(ticket),
        "offset": zone_name(int(promised.total_seconds() // 60)) if promised is not None else "",
        "waits": ticket.status == Status.PENDING,
        "mail_lost_since": reach.lost_since(ticket.requester.email),
        "is_solved": ticket.status in (Status.SOLVED, Status.CLOSED),
    }


def _asked(ticket: Ticket) -> tuple[str, datetime] | None:
    """The department that is asked while the request is on hold: its public name, and when it answers."""
    if ticket.status != Status.ON_HOLD or ticket.department is not None:
        return None
    asked = SideConversation.objects.filter(ticket=ticket).open().select_related("department").first()
    return (asked.department.shown_name, asked.due_at) if asked else None


def whole(ticket: Ticket, reader: tzinfo) -> dict[str, Any]:
    """Everything on the page."""
    rating = Rating.objects.filter(ticket=ticket).first()
    entries = timeline.entries(ticket)
    mine = [entry.message for entry in entries if entry.is_mine and entry.message is not None]
    return head(ticket, reader) | {
        "topic": name_of(ticket.topic),
        "issues": sidebar.issues_of(ticket),
        "entries": entries,
        "rating": rating,
        "doable": doable(ticket, rating, timezone.now()),
        "details": details(ticket),
        "reply_language": ticket.language if is_known(ticket.language) else "",
        "advice": removed.advice(mine[-1].removed) if mine else [],
    }


def details(ticket: Ticket) -> list[tuple[str, str]]:
    """The answers to the topic's fields: label and text. What the form carried along is nobody's answer."""
    fields = list(ticket.topic.fields.prefetch_related("choices"))
    return [
        (name_of(field), _answer(field, ticket.details[field.key])) for field in fields if field.key in ticket.details
    ]


def _answer(field: Any, value: str) -> str:
    chosen = next((choice for choice in field.choices.all() if choice.value == value), None)
    return name_of(chosen) if chosen is not None else value
