"""Letting one answer to all tickets of an incident go: a sample that is opened, one or two people who approve, and a
minute in which it can be taken back. What would happen is said by `bulk_planning`; `bulk_delivering` sends."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, OuterRef
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from tickets import bulk_plan
from tickets.actions import incident_texts
from tickets.actions.change import require_lead
from tickets.enums import UNDO_BULK, IncidentState, RecipientState, SendState
from tickets.errors import AlreadyDone, StaleTicket, TransitionNotAllowed
from tickets.models import BulkApproval, BulkRecipient, BulkSample, BulkSend, Incident, Ticket


def open_sample(send: BulkSend, ticket: Ticket, *, by: Any) -> str:
    """The message as the customer of a ticket would get it; that somebody opened it is kept. Raises PermissionDenied,
    BulkRecipient.DoesNotExist for a ticket that is not in the sending."""
    require_lead(by)
    row = send.recipients.get(ticket=ticket)
    if ticket.pk in send.sample:
        BulkSample.objects.get_or_create(send=send, ticket=ticket, defaults={"opened_by": by})
    return body_of(row)


def body_of(row: BulkRecipient) -> str:
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
    return bulk_plan.approvals_needed(send.recipients.count() + sent_alone(send.incident).exclude(send=send).count())


def sent_alone(incident: Incident) -> Any:
    """The lines of the present version that one person alone has let go."""
    approvals = BulkApproval.objects.filter(send=OuterRef("send")).order_by().values("send")
    by_how_many = approvals.annotate(number=Count("pk")).values("number")
    return BulkRecipient.objects.of_present(incident).taken().annotate(people=by_how_many).exclude(people__gt=1)


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
