"""Where a ticket stands by its events alone, and by its row."""

from datetime import datetime
from itertools import groupby
from typing import Any

from tickets.enums import EventKind
from tickets.models import Ticket, TicketEvent

HELD = ("assignee", "department", "revisit_at", "snoozed_until")
# Of what others have to hear that somebody got a ticket, or lost it, and the like: webhooks know events by their kind.
HEARD = {
    "assignee": {EventKind.ASSIGNED, EventKind.UNASSIGNED, EventKind.CREATED},
    "department": {EventKind.TRANSFERRED, EventKind.CREATED, EventKind.SPLIT_FROM, EventKind.MOVED},
    "revisit_at": {EventKind.MOVED, EventKind.CONSULTED, EventKind.CHANGED},
    "snoozed_until": {EventKind.SNOOZED, EventKind.CUSTOMER_WROTE},
}


def told(ticket: Ticket) -> dict[str, Any]:
    """What its events say, from the first to the last."""
    standing: dict[str, Any] = {"status": "", **dict.fromkeys(HELD)}
    for event in TicketEvent.objects.filter(ticket=ticket).order_by("pk"):
        standing |= {"status": event.to_status, **event.data.get("became", {})}
    return standing


def stored(ticket: Ticket) -> dict[str, Any]:
    """What its row says."""
    row = Ticket.objects.values("status", *HELD).get(pk=ticket.pk)
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}


def unheard(ticket: Ticket) -> list[tuple[str, int]]:
    """What became different in a change of which no event of a fitting kind tells, with the version."""
    found = []
    events = TicketEvent.objects.filter(ticket=ticket).order_by("version", "pk")
    for version, group in groupby(events, key=lambda event: event.version):
        change = list(group)
        kinds = {EventKind(event.kind) for event in change}
        names = {name for event in change for name in event.data.get("became", {})}
        found += [(name, version) for name in names if not kinds & HEARD[name]]
    return found
