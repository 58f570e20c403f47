"""Addresses of customers are shown in full one by one, to nobody in great numbers."""

import pytest

from tests.tickets.factories import TicketFactory
from tickets.actions import detailing
from tickets.enums import EventKind
from tickets.errors import TooMany
from tickets.models import TicketEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(detailing, "REVEALS", 2)


def test_who_goes_through_customers_one_by_one_is_stopped(few, ticket, agent):
    tickets = [ticket, TicketFactory(), TicketFactory()]
    assert all("@" in detailing.reveal_address(one, by=agent) for one in tickets[:2])
    with pytest.raises(TooMany):
        detailing.reveal_address(tickets[2], by=agent)
    assert TicketEvent.objects.filter(kind=EventKind.REVEALED).count() == 2


def test_a_colleague_is_counted_apart(few, ticket, agent, other_agent):
    for _ in range(2):
        detailing.reveal_address(ticket, by=agent)
    assert detailing.reveal_address(ticket, by=other_agent) == ticket.requester.email
