"""What one answer to all tickets of an incident would do: who gets it, who does not and why, and a sample to open."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext

from tickets import bulk_plan, language_detection
from tickets.actions import incident_texts
from tickets.actions.change import require_lead
from tickets.actions.comparing import texts_of
from tickets.bulk_plan import Standing, Verdict
from tickets.enums import LIVE, Channel, Delivery, IncidentState, MessageKind, Omission, SendState, Status
from tickets.errors import TransitionNotAllowed
from tickets.models import BulkRecipient, BulkSend, Incident, IncidentTicket, Message, Ticket

THEN = (Status.PENDING, Status.OPEN, Status.SOLVED)  # statuses that an answer may set
SECURITY = "security"  # topic, certificate or department whose tickets a person answers


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
    taken = BulkRecipient.objects.of_present(incident).taken().values_list("ticket_id", "ticket__merged_into_id")
    answered = {number for pair in taken for number in pair}  # what was answered stands where it was merged, too
    attended = set(attended_of(incident, numbers))
    return [
        Standing(
            ticket=member.ticket_id,
            chosen=_chosen(member.ticket),
            written=language_detection.sure_language_of(words.get(member.ticket_id, "")),
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


def is_security(ticket: Ticket) -> bool:
    """Whether only a person may answer: a safe-looking word to many could reach whoever took the account over."""
    department = ticket.department.key if ticket.department else ""
    return SECURITY in (ticket.topic.key, ticket.topic.skill, department)


def attended_of(incident: Incident, numbers: Sequence[int]) -> Any:
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

    Raises PermissionDenied, TransitionNotAllowed while a sending is on its way, or for a closed incident.
    """
    require_lead(by)
    locked = _locked(incident)
    if then not in THEN:
        raise TransitionNotAllowed(gettext("An answer can leave tickets open, pending or solved."))
    BulkSend.objects.filter(incident=locked, state=SendState.PLANNED).delete()
    found = verdicts(locked)
    send = BulkSend(incident=locked, version=locked.version, planned_by=by, then_status=then)
    getting = {one.ticket: one for one in found if one.omission is None}
    rows = lines_of(send, getting, locked)
    send.counts = _counts(found, rows)
    send.sample = bulk_plan.sample_of({row.ticket_id: row.for_language or row.language for row in rows})
    send.save()
    left_out = BulkRecipient.objects.of_present(locked).unsent()  # by an earlier sending
    left_out.filter(ticket__in=list(getting)).delete()
    BulkRecipient.objects.bulk_create(rows, batch_size=500)
    return send


def _locked(incident: Incident) -> Incident:
    locked = Incident.objects.select_for_update(of=("self",), no_key=True).get(pk=incident.pk)
    if locked.state == IncidentState.CLOSED:
        raise TransitionNotAllowed(gettext("This incident has been closed. Open a new one."))
    if BulkSend.objects.filter(incident=locked, state=SendState.SENDING).exists():
        raise TransitionNotAllowed(gettext("The answer is on its way. Wait until it has gone out, or take it back."))
    return locked


def lines_of(send: BulkSend, getting: dict[int, Verdict], incident: Incident) -> list[BulkRecipient]:
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
