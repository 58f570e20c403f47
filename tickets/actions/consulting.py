"""Questions to a department: its own thread beside the ticket, with its own time to answer."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext

from tickets.actions import guarding
from tickets.actions.change import changing
from tickets.actions.replying import reopen_in
from tickets.enums import EventKind, Role, Status
from tickets.errors import AlreadyDone, InvalidInput
from tickets.models import Department, Message, SideConversation, SideMessage, Ticket


def ask_department(
    ticket: Ticket,
    department: Department,
    *,
    by: Any,
    subject: str,
    body: str,
    excerpts: Iterable[Message] = (),
    holds: bool = False,
) -> SideConversation:
    """Ask a department; it sees the ticket from then on and answers within its own time. `excerpts` are the messages
    that matter; `holds` puts the ticket on hold until the answer is due.

    Raises PermissionDenied, InvalidInput, TransitionNotAllowed.
    """
    title, text = guarding.line(subject, door="side")[0], guarding.incoming(body, door="side")[0]
    with changing(ticket, by=by) as change:
        due_at = change.at + timedelta(minutes=department.target_minutes)
        conversation = SideConversation.objects.create(
            ticket=change.ticket, department=department, subject=title, opened_by=by, opened_at=change.at, due_at=due_at
        )
        conversation.excerpts.set(_of_the_ticket(excerpts, change.ticket))
        SideMessage.objects.create(conversation=conversation, author=by, body=text, created_at=change.at)
        change.record(EventKind.CONSULTED, department=department.pk, conversation=conversation.pk)
        if holds:
            if change.ticket.status == Status.NEW:
                change.move(Status.OPEN, reason="consulted")
            change.ticket.hold_reason, change.ticket.revisit_at = title, due_at
            change.move(Status.ON_HOLD, department=department.pk)
    return conversation


def _of_the_ticket(excerpts: Iterable[Message], ticket: Ticket) -> list[Message]:
    chosen = list(excerpts)
    if any(message.ticket_id != ticket.pk for message in chosen):
        raise InvalidInput(gettext("One of the chosen messages belongs to another ticket."), "excerpts")
    return chosen


def write_in_conversation(conversation: SideConversation, body: str, *, by: Any) -> SideMessage:
    """Say something in a question to a department. The department's first answer stops its clock and brings a ticket
    that was on hold for it back to work. Raises PermissionDenied, InvalidInput, AlreadyDone."""
    text = guarding.incoming(body, door="side")[0]
    with changing(conversation.ticket, by=by) as change:
        conversation.refresh_from_db()
        if conversation.ended_at is not None:
            raise AlreadyDone(gettext("This question has ended. Ask a new one."))
        message = SideMessage.objects.create(conversation=conversation, author=by, body=text, created_at=change.at)
        if _answers_for(conversation, by):
            conversation.answered_at = conversation.answered_at or change.at
            conversation.save(update_fields=["answered_at"])
            change.record(EventKind.CONSULT_ANSWERED, conversation=conversation.pk)
            _end_hold(change)
    return message


def _answers_for(conversation: SideConversation, person: Any) -> bool:
    return (
        conversation.opened_by_id != person.pk
        and conversation.department.agents.filter(person=person).exists()
    )  # fmt: skip


def _end_hold(change: Any) -> None:
    if change.ticket.status == Status.ON_HOLD:
        reopen_in(change, reason="department_answered")


def end_conversation(conversation: SideConversation, *, by: Any) -> SideConversation:
    """End a question to a department: whoever asked it, somebody of the department, or a lead.

    Raises PermissionDenied, AlreadyDone.
    """
    with changing(conversation.ticket, by=by) as change:
        conversation.refresh_from_db()
        if conversation.ended_at is not None:
            raise AlreadyDone(gettext("This question has ended already."))
        may = by.pk == conversation.opened_by_id or change.role == Role.LEAD or _answers_for(conversation, by)
        if not may:
            raise PermissionDenied(gettext("Only who asked, the department or a team lead ends a question."))
        conversation.ended_at = change.at
        conversation.save(update_fields=["ended_at"])
        change.record(EventKind.CONSULT_ENDED, conversation=conversation.pk)
        if not change.ticket.side_conversations.open().exists():
            _end_hold(change)
    return conversation
