"""An answer by mail is added to its ticket, which opens it, or goes where the ticket went."""

import pytest

from tests.tickets.channels import raw
from tests.tickets.channels.received import came, reply_to
from tests.tickets.factories import TicketFactory, answered
from tickets.actions import merging, replying
from tickets.channels.enums import Kept, Outcome, Reason
from tickets.channels.models import OutgoingMail
from tickets.enums import Channel, MessageKind, Status
from tickets.models import Message, Ticket

pytestmark = pytest.mark.django_db


def test_an_answer_is_added_with_its_history_folded(ticket):
    row = reply_to(ticket, text="Here it is.\n\nOn Fri, Nov 20, 2026 at 2:05 PM Help wrote:\n> Send us the number.\n")
    message = ticket.messages.get(pk=row.message.pk)
    assert (row.outcome, message.kind, message.channel) == (Outcome.APPENDED, MessageKind.CUSTOMER, Channel.EMAIL)
    assert message.body == "Here it is."
    assert "Send us the number" in message.quoted
    assert row.sealed is None


@pytest.mark.parametrize("status", [Status.PENDING, Status.SOLVED])
def test_an_answer_opens_what_waited(ticket, agent, status):
    answered(ticket, by=agent, then=status)
    reply_to(ticket)
    ticket.refresh_from_db()
    assert ticket.status == Status.OPEN


def test_an_answer_to_a_closed_ticket_becomes_a_new_one(ticket, agent):
    answered(ticket, by=agent, then=Status.SOLVED)
    Ticket.objects.filter(pk=ticket.pk).update(status=Status.CLOSED)
    row = reply_to(ticket)
    assert row.outcome == Outcome.APPENDED
    assert row.ticket.follows == ticket
    assert ticket.messages.count() == 2


def test_an_answer_to_a_merged_ticket_goes_where_it_went(ticket, trader, agent):
    other = TicketFactory(by=trader, topic=ticket.topic)
    merging.merge(ticket, into=other, by=agent)
    assert reply_to(ticket).ticket == other


def test_an_answer_to_what_was_merged_into_another_customers_is_quarantined(ticket, other_trader, team_lead):
    merging.merge(ticket, into=TicketFactory(by=other_trader, topic=ticket.topic), by=team_lead)
    row = reply_to(ticket)
    assert (row.outcome, row.reason, row.kept) == (Outcome.QUARANTINED, Reason.NOT_PARTICIPANT, Kept.SEALED)
    assert not Message.objects.filter(channel=Channel.EMAIL).exists()


def test_a_token_in_the_thread_is_as_good_as_one_in_the_address(ticket, delivered):
    delivered()
    ours = OutgoingMail.objects.get().message_id
    row = came(raw.mail(References=f"<x@example.com> {ours}", In_Reply_To=ours))
    assert (row.outcome, row.ticket) == (Outcome.APPENDED, ticket)


def test_a_held_reply_of_an_agent_is_stopped_by_it(ticket, agent):
    held = replying.reply(ticket, "Written too early.", by=agent)
    reply_to(ticket)
    held.refresh_from_db()
    assert held.delivery == "stopped"
