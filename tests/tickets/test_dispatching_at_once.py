"""Several dispatchers and people who take at the same time give each ticket once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.at_once import at_once
from tests.tickets.desks import join
from tests.tickets.dispatched import HALF_AN_HOUR, give_out
from tests.tickets.factories import TicketFactory
from tickets.actions import assigning, dispatching
from tickets.actions.sweeping_queue import sweep_queue
from tickets.enums import EventKind
from tickets.errors import TransitionNotAllowed
from tickets.models import DispatchLease, Ticket, TicketEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def settled(agent, other_agent):
    """Two agents whose rights are read before the race."""
    return [join(somebody, "en", capacity=10) for somebody in (agent, other_agent)]


@pytest.mark.both
@pytest.mark.django_db(transaction=True)
def test_two_dispatchers_and_people_who_take_give_each_ticket_once(settled, team_lead):
    tickets = [TicketFactory() for _ in range(12)]
    taker = settled[0].person
    taker.has_perm("tickets.work_ticket")

    def take_some():
        for ticket in tickets[::3]:
            try:
                assigning.take(Ticket.objects.get(pk=ticket.pk), by=taker)
            except TransitionNotAllowed:
                continue

    outcomes = at_once(give_out, take_some, give_out)
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    sweep_queue()
    given = TicketEvent.objects.filter(kind=EventKind.ASSIGNED).values_list("ticket", flat=True)
    assert len(given) == len(set(given)) == 12
    assert DispatchLease.objects.get().holder == ""


@pytest.mark.both
@pytest.mark.django_db(transaction=True)
def test_a_dispatcher_that_was_too_slow_gives_out_nothing_more(rui):
    """Another one took over: whatever the first one still wanted to write is not written."""
    TicketFactory()
    choose = dispatching.routing.choose

    def choose_slowly(*values):
        DispatchLease.objects.update(holder="another", held_until=timezone.now() + HALF_AN_HOUR)
        return choose(*values)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dispatching.routing, "choose", choose_slowly)
        assert give_out() == 0
    assert not TicketEvent.objects.filter(kind=EventKind.ASSIGNED).exists()
    assert give_out() == 0  # the other one has it
    DispatchLease.objects.update(held_until=timezone.now() - timedelta(seconds=1))
    assert give_out() == 1  # it is dead: taken over
