"""What an incident was in figures: how many came when, how soon they were answered, how many came back."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from tickets.enums import MessageKind, RecipientState
from tickets.models import BulkRecipient, Incident, Message, Ticket
from tickets.speed import percentile

STEP_S = 600  # seconds; the step of the arrivals


def report_of(incident: Incident, left: int) -> dict[str, Any]:
    """Delays are seconds from the ticket to its answer; `arrivals` are counts for each ten minutes from the beginning;
    `left` candidates were confirmed by nobody."""
    tickets = list(Ticket.objects.filter(incidents__in=incident.members.linked()).order_by("created_at"))
    rows = _first_answers(incident)
    back = _came_back(list(rows.values()))
    languages = {ticket.language for ticket in tickets}
    return {
        "linked": len(tickets),
        "left": left,
        "step_s": STEP_S,
        "arrivals": _arrivals(incident, tickets),
        **_figures(tickets, rows, back),
        "by_language": {
            language: _figures([t for t in tickets if t.language == language], rows, back)
            for language in sorted(languages)
        },
    }


def _first_answers(incident: Incident) -> dict[int, BulkRecipient]:
    """The first answer of each ticket."""
    sent = incident.recipients.filter(state=RecipientState.SENT).select_related("message").order_by("-sent_at", "-pk")
    return {row.ticket_id: row for row in sent}


def _came_back(rows: Sequence[BulkRecipient]) -> set[int]:
    """Tickets whose customer wrote again after the answer."""
    written = Message.objects.filter(ticket__in=[row.ticket_id for row in rows], kind=MessageKind.CUSTOMER)
    last: dict[int, Any] = {}
    for number, at in written.order_by("created_at").values_list("ticket_id", "created_at"):
        last[number] = at
    return {
        row.ticket_id for row in rows if row.sent_at and row.ticket_id in last and last[row.ticket_id] > row.sent_at
    }


def _arrivals(incident: Incident, tickets: Sequence[Ticket]) -> list[int]:
    steps = Counter(
        max(0, int((ticket.created_at - incident.started_at).total_seconds() // STEP_S)) for ticket in tickets
    )
    return [steps[step] for step in range(min(max(steps, default=-1) + 1, 1000))]


def _figures(tickets: Sequence[Ticket], rows: dict[int, BulkRecipient], back: set[int]) -> dict[str, Any]:
    answered = [ticket for ticket in tickets if ticket.pk in rows]
    delays = Counter(
        int((row.sent_at - ticket.created_at).total_seconds())
        for ticket in answered
        if (row := rows[ticket.pk]).sent_at is not None
    )
    return {
        "tickets": len(tickets),
        "answered": len(answered),
        "came_back": sum(ticket.pk in back for ticket in answered),
        "delay_p50_s": percentile(delays, 0.5),
        "delay_p90_s": percentile(delays, 0.9),
    }
