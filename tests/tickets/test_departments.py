"""A department is asked beside the ticket, answers within its own time, and brings a held ticket back."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from tests.tickets.factories import TicketFactory
from tickets import custody
from tickets.actions import assigning, consulting
from tickets.enums import Status
from tickets.errors import AlreadyDone, InvalidInput
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


def ask(ticket, department, by, **values):
    return consulting.ask_department(ticket, department, by=by, subject="Delay?", body="Is the wallet late?", **values)


def test_a_question_has_its_own_time(ticket, department, agent):
    conversation = ask(ticket, department, agent)
    assert conversation.due_at - conversation.opened_at == timedelta(minutes=department.target_minutes)


def test_the_answer_brings_a_held_ticket_back(ticket, department, agent, risk_agent):
    conversation = ask(ticket, department, agent, holds=True)
    assert ticket.status == Status.ON_HOLD
    consulting.write_in_conversation(conversation, "Yes, by an hour.", by=risk_agent)
    ticket.refresh_from_db()
    conversation.refresh_from_db()
    assert ticket.status == Status.OPEN
    assert conversation.answered_at is not None


def test_what_the_asker_adds_is_no_answer(ticket, department, agent):
    conversation = ask(ticket, department, agent, holds=True)
    consulting.write_in_conversation(conversation, "It is urgent.", by=agent)
    assert Ticket.objects.get(pk=ticket.pk).status == Status.ON_HOLD


def test_excerpts_are_of_the_same_ticket(ticket, department, agent, other_trader):
    other = TicketFactory(by=other_trader)
    with pytest.raises(InvalidInput, match="another ticket"):
        ask(ticket, department, agent, excerpts=other.messages.all())
    conversation = ask(ticket, department, agent, excerpts=ticket.messages.all())
    assert conversation.excerpts.get() == ticket.messages.get()


def test_an_ended_question_takes_nothing_more(ticket, department, agent, risk_agent, other_agent):
    conversation = ask(ticket, department, agent)
    with pytest.raises(PermissionDenied):
        consulting.end_conversation(conversation, by=other_agent)
    consulting.end_conversation(conversation, by=risk_agent)
    with pytest.raises(AlreadyDone):
        consulting.write_in_conversation(conversation, "And?", by=agent)
    with pytest.raises(AlreadyDone):
        consulting.end_conversation(conversation, by=agent)


def test_a_trader_asks_no_department(ticket, department, trader):
    with pytest.raises(PermissionDenied):
        ask(ticket, department, trader)


def test_traders_read_the_public_name_unless_it_is_discreet(ticket, department, agent):
    assigning.transfer(ticket, department, by=agent)
    ticket.refresh_from_db()
    assert custody.of(ticket, None, ticket.created_at).holder == "the risk team"
    department.is_discreet = True
    department.save()
    assert custody.of(Ticket.objects.get(pk=ticket.pk), None, ticket.created_at).holder == "a specialist team"


def test_a_time_that_has_passed_is_not_promised(ticket):
    assert custody.of(ticket, None, ticket.created_at).next_update_by == ticket.next_due_at
    assert custody.of(ticket, None, ticket.next_due_at).next_update_by is None
