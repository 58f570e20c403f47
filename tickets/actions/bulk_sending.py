"""One answer to all tickets of an incident: a dry run, a sample that is opened, one or two people who let it go, a
minute in which it can be taken back, and then each ticket exactly once.

The ledger has one line for each ticket and version of the answer. A line is sent in one transaction with its message,
so that a worker that dies at any point has either done both or neither, and the next one goes on.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from tickets import bulk_plan, scripts
from tickets.actions import incident_texts, replying
from tickets.actions.change import Change, changing, require_lead
from tickets.actions.comparing import texts_of
from tickets.bulk_plan import Standing, Verdict
from tickets.enums import (
    LIVE,
    UNDO_BULK,
    Channel,
    Delivery,
    EventKind,
    IncidentState,
    MessageKind,
    Omission,
    RecipientState,
    Role,
    SendState,
    Status,
)
from tickets.errors import AlreadyDone, StaleTicket, TransitionNotAllowed
from tickets.models import (
    BulkApproval,
    BulkRecipient,
    BulkSample,
    BulkSend,
    Incident,
    IncidentTicket,
    Message,
    Ticket,
    TicketEvent,
)

logger = logging.getLogger(__name__)

THEN = (Status.PENDING, Status.OPEN, Status.SOLVED)  # what an answer may bring
SECURITY = "security"  # topic, certificate or department whose tickets a person answers
AT_ONCE = 200  # lines of one run of the worker
BACKOFF = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600))  # between the tries of a line


# What would happen


def verdicts(incident: Incident, tickets: Iterable[Ticket] | None = None) -> list[Verdict]:
    """What each ticket of the incident (or each of some) would get now. Five statements, however many they are."""
    members = (
        incident.members.linked().select_related("ticket__topic", "ticket__department", "ticket__triage").order_by("pk")
    )
    if tickets is not None:
        members = members.filter(ticket__in=list(tickets))
    rows = list(members)
    texts = {code: answer.is_fallback for code, answer in incident_texts.approved_texts(incident).items()}
    return [bulk_plan.verdict(standing, texts) for standing in _standings(incident, rows)]


def _standings(incident: Incident, members: Sequence[IncidentTicket]) -> list[Standing]:
    numbers = [member.ticket_id for member in members]
    words = texts_of([member.ticket for member in members], is_subject_known=True)
    taken = _ledger(incident).filter(state__in=_TAKEN).values_list("ticket_id", "ticket__merged_into_id")
    answered = {number for pair in taken for number in pair}  # what was answered stands where it was merged, too
    attended = set(_attended(incident, numbers))
    return [
        Standing(
            ticket=member.ticket_id,
            chosen=_chosen(member.ticket),
            written=scripts.sure_language_of(words.get(member.ticket_id, "")),
            picked=member.language,
            has_ended=member.ticket.status not in LIVE,
            is_security=is_security(member.ticket),
            is_answered=member.ticket_id in answered,
            is_attended=member.ticket_id in attended,
        )
        for member in members
    ]


def _chosen(ticket: Ticket) -> str:
    """The language that the customer asked to be answered in. Where triage went by the letters of the request instead
    and nobody has said otherwise since, the form's choice still stands against a silent answer in another one."""
    found = getattr(ticket, "triage", None)  # none for a ticket that an agent opened
    if found is None or ticket.channel == Channel.EMAIL or ticket.language != found.language:
        return ticket.language
    return found.form_language or ticket.language


_TAKEN = (RecipientState.SENT, RecipientState.QUEUED)


def _ledger(incident: Incident) -> Any:
    return BulkRecipient.objects.filter(incident=incident, version=incident.version)


def is_security(ticket: Ticket) -> bool:
    """Whether only a person may answer: a safe-looking word to many could reach whoever took the account over."""
    department = ticket.department.key if ticket.department else ""
    return SECURITY in (ticket.topic.key, ticket.topic.skill, department)


def _attended(incident: Incident, numbers: Sequence[int]) -> Any:
    """Tickets that a person has answered since the incident began, and where nothing waits for an answer."""
    own = Message.objects.filter(
        ticket=OuterRef("pk"),
        kind=MessageKind.REPLY,
        delivery=Delivery.SENT,
        bulk_recipient__isnull=True,
        created_at__gte=incident.started_at,
    )
    rows = Ticket.objects.filter(Exists(own), pk__in=numbers, unanswered_since__isnull=True)
    return rows.values_list("pk", flat=True)


@transaction.atomic
def dry_run(incident: Incident, *, by: Any, then: Status = Status.PENDING) -> BulkSend:
    """Say who would get the answer and who would not, and choose the sample; nothing is sent. The dry run before this
    one is forgotten.

    Raises PermissionDenied, TransitionNotAllowed while a sending is on its way, or where nobody would get it.
    """
    require_lead(by)
    locked = _locked(incident)
    if then not in THEN:
        raise TransitionNotAllowed(gettext("An answer can leave tickets open, pending or solved."))
    BulkSend.objects.filter(incident=locked, state=SendState.PLANNED).delete()
    found = verdicts(locked)
    send = BulkSend(incident=locked, version=locked.version, planned_by=by, then_status=then)
    getting = {one.ticket: one for one in found if one.omission is None}
    rows = _lines(send, getting, locked)
    send.counts = _counts(found, rows)
    send.sample = bulk_plan.sample_of({row.ticket_id: row.for_language or row.language for row in rows})
    send.save()
    _ledger(locked).unsent().filter(ticket__in=list(getting)).delete()  # left out by an earlier sending
    BulkRecipient.objects.bulk_create(rows, batch_size=500)
    return send


def _locked(incident: Incident) -> Incident:
    locked = Incident.objects.select_for_update(of=("self",)).get(pk=incident.pk)
    if locked.state == IncidentState.CLOSED:
        raise TransitionNotAllowed(gettext("This incident has been closed. Open a new one."))
    if BulkSend.objects.filter(incident=locked, state=SendState.SENDING).exists():
        raise TransitionNotAllowed(gettext("The answer is on its way. Wait until it has gone out, or take it back."))
    return locked


def _lines(send: BulkSend, getting: dict[int, Verdict], incident: Incident) -> list[BulkRecipient]:
    return [
        BulkRecipient(
            send=send,
            incident=incident,
            version=send.version,
            ticket=ticket,
            language=getting[ticket.pk].language,
            for_language=getting[ticket.pk].for_language,
            stays_open=_stays_open(ticket),
            ticket_version=ticket.version,
        )
        for ticket in Ticket.objects.filter(pk__in=list(getting)).annotate(written=_written()).order_by("pk")
    ]


def _written() -> Count:
    """How many messages the customer has written."""
    return Count("messages", filter=Q(messages__kind=MessageKind.CUSTOMER))


def _stays_open(ticket: Any) -> bool:
    """Whether more than the first question waits, or somebody else has it: the answer then ends nothing."""
    return ticket.written > 1 or ticket.status not in (Status.NEW, Status.OPEN)


def _counts(found: Sequence[Verdict], rows: Sequence[BulkRecipient]) -> dict[str, Any]:
    omitted = Counter(one.omission.value for one in found if one.omission is not None)
    missing = Counter(one.language for one in found if one.omission == Omission.NO_TEXT)
    return {
        "linked": len(found),
        "getting": len(rows),
        "omitted": dict(omitted),
        "languages": dict(Counter(row.for_language or row.language for row in rows)),
        "fallbacks": dict(Counter(row.for_language for row in rows if row.for_language)),
        "missing": dict(missing),
        "stays_open": sum(row.stays_open for row in rows),
    }


# Letting it go


def open_sample(send: BulkSend, ticket: Ticket, *, by: Any) -> str:
    """The message as the customer of a ticket would get it; that somebody opened it is kept. Raises PermissionDenied,
    BulkRecipient.DoesNotExist for a ticket that is not in the sending."""
    require_lead(by)
    row = send.recipients.get(ticket=ticket)
    if ticket.pk in send.sample:
        BulkSample.objects.get_or_create(send=send, ticket=ticket, defaults={"opened_by": by})
    return _body(row)


def _body(row: BulkRecipient) -> str:
    answer = incident_texts.approved_texts(row.incident, row.version).get(row.language)
    if answer is None:
        raise StaleTicket(gettext("The text of this language waits for approval again. Make the dry run again."))
    return incident_texts.as_sent(answer, row.for_language)


@transaction.atomic
def approve_send(send: BulkSend, *, by: Any) -> BulkSend:
    """Somebody who has looked at the dry run and the sample lets it go. Raises PermissionDenied, TransitionNotAllowed,
    StaleTicket."""
    require_lead(by)
    locked = _planned(send)
    _refuse_unopened(locked)
    _refuse_outdated(locked)
    BulkApproval.objects.get_or_create(send=locked, person=by)
    return locked


def send_bulk(send: BulkSend, *, by: Any) -> BulkSend:
    """Send it: nothing leaves for a minute. Who sends counts as one who approves; more than a hundred tickets need two.

    Raises PermissionDenied, TransitionNotAllowed, AlreadyDone, StaleTicket where the texts were changed since.
    """
    approve_send(send, by=by)  # stays where a second person is needed: that one then sends
    return _send(send, by)


@transaction.atomic
def _send(send: BulkSend, by: Any) -> BulkSend:
    locked = approve_send(send, by=by)
    if not locked.recipients.exists():
        raise TransitionNotAllowed(gettext("Nobody would get this answer. Look at the dry run for the reasons."))
    if locked.approvals.count() < approvals_needed(locked):
        message = gettext("More than a hundred people get this. Somebody else has to approve the sending as well.")
        raise PermissionDenied(message)
    now = timezone.now()
    locked.state, locked.sent_by, locked.starts_at = SendState.SENDING, by, now + UNDO_BULK
    locked.save()
    locked.recipients.update(state=RecipientState.QUEUED, due_at=locked.starts_at)
    return locked


def approvals_needed(send: BulkSend) -> int:
    """How many people have to let a sending go. What one person alone has sent of this version counts too: a hundred
    now and a hundred then are two hundred."""
    return bulk_plan.approvals_needed(send.recipients.count() + _sent_alone(send.incident).exclude(send=send).count())


def _sent_alone(incident: Incident) -> Any:
    """The lines of the present version that one person alone has let go."""
    approvals = BulkApproval.objects.filter(send=OuterRef("send")).order_by().values("send")
    by_how_many = approvals.annotate(number=Count("pk")).values("number")
    return _ledger(incident).filter(state__in=_TAKEN).annotate(people=by_how_many).exclude(people__gt=1)


def _planned(send: BulkSend) -> BulkSend:
    """The dry run, locked. Raises AlreadyDone where it was sent, TransitionNotAllowed where it is over."""
    locked = BulkSend.objects.select_for_update(of=("self",)).select_related("incident").filter(pk=send.pk).first()
    if locked is None or locked.state == SendState.UNDONE or locked.incident.state == IncidentState.CLOSED:
        raise TransitionNotAllowed(gettext("There is a newer dry run, or the incident has been closed. Look again."))
    if locked.state != SendState.PLANNED:
        raise AlreadyDone(gettext("Somebody has sent this answer already."))
    return locked


def _refuse_unopened(send: BulkSend) -> None:
    left = len(set(send.sample) - set(send.opened.values_list("ticket_id", flat=True)))
    if left:
        message = ngettext(
            "Open every message of the sample first: %(left)d is left.",
            "Open every message of the sample first: %(left)d are left.",
            left,
        )
        raise TransitionNotAllowed(message % {"left": left})


def _refuse_outdated(send: BulkSend) -> None:
    """Every text that goes out is approved, and was when the dry run was made."""
    texts = incident_texts.approved_texts(send.incident)
    for pair in send.recipients.values_list("language", "for_language").distinct().order_by():
        for code in filter(None, pair):
            answer = texts.get(code)
            if answer is None or answer.approved_at is None or answer.approved_at > send.planned_at:
                message = gettext("The text of a language was changed since the dry run. Make the dry run again.")
                raise StaleTicket(message)


@transaction.atomic
def undo_bulk(send: BulkSend, *, by: Any) -> BulkSend:
    """Take a sending back before anything has left. Raises PermissionDenied, AlreadyDone."""
    require_lead(by)
    locked = BulkSend.objects.select_for_update(of=("self",)).get(pk=send.pk)
    lines = list(locked.recipients.select_for_update(of=("self",)).order_by("pk"))  # then look at the clock: a worker
    now = timezone.now()  # that had a line before us has sent it, and one that comes after us finds it taken back
    if not locked.may_be_undone(now) or any(line.state != RecipientState.QUEUED for line in lines):
        raise AlreadyDone(gettext("It is too late to take this back: the answer is going out. Begin an update."))
    locked.state, locked.undone_by, locked.undone_at = SendState.UNDONE, by, now
    locked.save()
    locked.recipients.update(state=RecipientState.PLANNED, due_at=None)
    return locked


# Going out


def has_gone_out(incident: Incident) -> bool:
    """Whether the present version has been sent to anybody."""
    return BulkSend.objects.filter(incident=incident, version=incident.version, state=SendState.DONE).exists()


@transaction.atomic
def answer_late(incident: Incident, tickets: Sequence[Ticket]) -> int:
    """Tickets that have just joined get the version that the others got, by the same rules; the rest wait for a
    person. Returns how many will get it."""
    locked = Incident.objects.select_for_update(of=("self",)).get(pk=incident.pk)  # no dry run at the same moment
    sends = BulkSend.objects.filter(incident=locked, version=locked.version, state=SendState.DONE)
    last = sends.order_by("-pk").first()
    if last is None or not tickets:
        return 0
    getting = {one.ticket: one for one in verdicts(locked, tickets) if one.omission is None}
    rows = _lines(last, getting, locked)[: _room_for_late(last)]
    for row in rows:
        row.state, row.due_at, row.is_late = RecipientState.QUEUED, timezone.now(), True
    BulkRecipient.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _room_for_late(send: BulkSend) -> int | None:
    """How many may still join a sending without a second person; None: as many as do."""
    if send.approvals.count() > 1:
        return None
    return max(0, bulk_plan.ALONE - _sent_alone(send.incident).count())


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
    if is_security(ticket):
        return Omission.SECURITY
    if (member.language or ticket.language) not in ("", row.for_language or row.language):
        return Omission.OTHER_LANGUAGE
    return Omission.ATTENDED if _attended(row.incident, [ticket.pk]) else _wrote_since(row, ticket)


def _wrote_since(row: BulkRecipient, ticket: Ticket) -> Omission | None:
    wrote = TicketEvent.objects.filter(
        ticket=ticket, version__gt=row.ticket_version, kind__in=(EventKind.CUSTOMER_WROTE, EventKind.RECEIVED_MERGE)
    )
    return Omission.CUSTOMER_WROTE if wrote.exists() else None


def _answer(row: BulkRecipient, change: Change) -> Message:
    then = Status.OPEN if row.stays_open else Status(row.send.then_status)
    return replying.answer_many(
        change,
        _body(row),
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
    if over.exists():  # every few seconds there is nothing to write
        over.update(state=SendState.DONE, finished_at=now)
