"""A customer writes while somebody merges or closes their ticket: the message goes where one would look for it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.at_once import at_once, overlapping
from tests.tickets.factories import TicketFactory, answered
from tickets.actions import merging, moving, replying
from tickets.enums import EventKind, Status
from tickets.models import Message, Ticket

pytestmark = [pytest.mark.both, pytest.mark.django_db(transaction=True)]

IN_EIGHT_DAYS = timedelta(days=8)


def read(ticket: Ticket) -> Ticket:
    return Ticket.objects.select_related("merged_into").get(pk=ticket.pk)


@pytest.fixture
def writes(agent):
    """Somebody whose rights are read before the race."""
    agent.has_perm("tickets.work_ticket")
    return agent


def test_a_message_follows_a_ticket_that_is_being_merged(ticket, trader, topic, writes):
    other, seen = TicketFactory(by=trader, topic=topic), read(ticket)
    outcomes = overlapping(
        lambda: merging.merge(read(ticket), read(other), by=writes),
        lambda: replying.write_to_ticket(seen, "Where is it?", by=trader),
    )
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert read(ticket).status == Status.MERGED
    assert Message.objects.get(body="Where is it?").ticket_id == other.pk
    assert not read(ticket).messages.exists()


def test_a_message_to_a_ticket_that_has_just_been_closed_begins_another(ticket, trader, writes):
    seen = read(answered(ticket, by=writes, then=Status.SOLVED))
    moving.close_solved(timezone.now() + IN_EIGHT_DAYS)
    followed = replying.write_to_ticket(seen, "It came back.", by=trader).ticket
    assert followed.follows == ticket
    assert followed.status == Status.NEW


def test_the_same_message_to_a_closed_ticket_sent_at_once_begins_one(ticket, trader, writes):
    answered(ticket, by=writes, then=Status.SOLVED)
    moving.close_solved(timezone.now() + IN_EIGHT_DAYS)
    outcomes = at_once(
        *(lambda: replying.write_to_ticket(read(ticket), "It came back.", by=trader, token="once") for _ in range(3))
    )
    assert len({message.pk for message in outcomes}) == 1
    assert Ticket.objects.count() == 2
    assert ticket.events.filter(kind=EventKind.FOLLOWED).count() == 1
