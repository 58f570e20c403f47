"""One answer to all tickets of an incident, sent line by line, to each ticket exactly once.

The ledger has one line for each ticket and version of the answer. A line is sent in one transaction with its message,
so that a worker that dies at any point has either done both or neither, and the next one goes on.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from tickets import bulk_plan
from tickets.actions import bulk_planning, bulk_sending, joining, replying
from tickets.actions.change import Change, changing
from tickets.enums import EventKind, Omission, RecipientState, Role, SendState, Status
from tickets.models import BulkRecipient, BulkSend, Incident, IncidentTicket, Message, Ticket, TicketEvent

logger = logging.getLogger(__name__)

AT_ONCE = 200  # recipients in one run of the worker
BACKOFF = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600))  # pauses between tries for one recipient


def has_gone_out(incident: Incident) -> bool:
    """Whether the present version has been sent to anybody."""
    return BulkSend.objects.filter(incident=incident, version=incident.version, state=SendState.DONE).exists()


@transaction.atomic
def answer_late(incident: Incident, tickets: Sequence[Ticket]) -> int:
    """Tickets that have just joined get the version that the others got, by the same rules; the rest wait for a
    person. Returns how many will get it."""
    locked = Incident.objects.select_for_update(of=("self",), no_key=True).get(
        pk=incident.pk
    )  # no dry run at the same moment
    sends = BulkSend.objects.filter(incident=locked, version=locked.version, state=SendState.DONE)
    last = sends.order_by("-pk").first()
    if last is None or not tickets:
        return 0
    getting = {one.ticket: one for one in bulk_planning.verdicts(locked, tickets) if one.omission is None}
    rows = bulk_planning.lines_of(last, getting, locked)[: _room_for_late(last, locked)]
    for row in rows:
        row.state, row.due_at, row.is_late = RecipientState.QUEUED, timezone.now(), True
    BulkRecipient.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _room_for_late(send: BulkSend, incident: Incident) -> int | None:
    """How many may still join a sending without another person; None: as many as do."""
    described = joining.room_for_late(incident)
    if send.approvals.count() > 1:
        return described
    alone = max(0, bulk_plan.ALONE - bulk_sending.sent_alone(incident).count())
    return alone if described is None else min(alone, described)


def deliver_bulk(limit: int = AT_ONCE) -> int:
    """Send what is due, a line at a time; returns how many messages went out. Any number of workers may do it at
    once, and each may be killed at any point."""
    now = timezone.now()
    due = list(BulkRecipient.objects.due(now).order_by("due_at", "pk").values_list("pk", flat=True)[:limit])
    sent = sum(_deliver(pk, now) for pk in due)
    _finish_sends(now)
    return sent


def _deliver(pk: int, now: datetime) -> bool:
    try:
        with transaction.atomic():
            return _send_line(pk)
    except Exception as error:  # noqa: BLE001 - whatever goes wrong with one ticket, the others get their answer
        _postpone(pk, error, now)
        return False


def _send_line(pk: int) -> bool:
    row = BulkRecipient.objects.select_for_update(of=("self",)).filter(pk=pk, state=RecipientState.QUEUED).first()
    if row is None:  # another worker was quicker
        return False
    with changing(row.ticket, by=row.send.sent_by, role=Role.SYSTEM) as change:
        change.role = Role.LEAD  # what its sender may do was asked when it was sent
        row.reason = _reason_now(row, change.ticket) or ""
        if not row.reason:
            row.message = _answer(row, change)
        row.state = RecipientState.SKIPPED if row.reason else RecipientState.SENT
        row.sent_at = None if row.reason else change.at
        row.save()
    return row.state == RecipientState.SENT


def _reason_now(row: BulkRecipient, ticket: Ticket) -> Omission | None:
    """What has come between since the dry run; asked with the ticket locked."""
    member = IncidentTicket.objects.linked().filter(incident=row.incident_id, ticket=ticket).first()
    if member is None:
        return Omission.TAKEN_OUT
    if not ticket.is_live:
        return Omission.ENDED
    if bulk_planning.is_security(ticket):
        return Omission.SECURITY
    if (member.language or ticket.language) not in ("", row.for_language or row.language):
        return Omission.OTHER_LANGUAGE
    return Omission.ATTENDED if bulk_planning.attended_of(row.incident, [ticket.pk]) else _wrote_since(row, ticket)


def _wrote_since(row: BulkRecipient, ticket: Ticket) -> Omission | None:
    wrote = TicketEvent.objects.filter(
        ticket=ticket, version__gt=row.ticket_version, kind__in=(EventKind.CUSTOMER_WROTE, EventKind.RECEIVED_MERGE)
    )
    return Omission.CUSTOMER_WROTE if wrote.exists() else None


def _answer(row: BulkRecipient, change: Change) -> Message:
    then = Status.OPEN if row.stays_open else Status(row.send.then_status)
    return replying.answer_many(
        change,
        bulk_sending.body_of(row),
        language=row.language,
        key=f"incident:{row.incident_id}:{row.version}:{row.ticket_id}",
        then=then,
        incident=row.incident_id,
    )


def _postpone(pk: int, error: Exception, now: datetime) -> None:
    """Try again later, and give up after some tries: the line is then shown to the lead with its error."""
    row = BulkRecipient.objects.filter(pk=pk).first()
    if row is None or row.state != RecipientState.QUEUED:
        return
    logger.warning("Answer %s of an incident failed at attempt %d: %s", row, row.attempts + 1, error)
    has_tries = row.attempts < len(BACKOFF)
    BulkRecipient.objects.filter(pk=pk, state=RecipientState.QUEUED).update(
        state=RecipientState.QUEUED if has_tries else RecipientState.FAILED,
        due_at=now + BACKOFF[row.attempts] if has_tries else row.due_at,
        attempts=F("attempts") + 1,
        error=f"{type(error).__name__}: {error}".replace("\0", "")[:300],
    )


def _finish_sends(now: datetime) -> None:
    """A sending is done when none of its lines is left to send."""
    left = BulkRecipient.objects.filter(send=OuterRef("pk"), state=RecipientState.QUEUED)
    over = BulkSend.objects.filter(~Exists(left), state=SendState.SENDING, starts_at__lte=now)
    if over.exists():  # this runs every few seconds, mostly with nothing to write
        over.update(state=SendState.DONE, finished_at=now)
