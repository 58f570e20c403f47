"""A ticket sleeps in the list of its agent: one that nobody has, or nobody who is there, wakes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.tickets.desks import join
from tickets.actions import assigning, attending, detailing
from tickets.actions.sweeping_queue import bring_back_left_behind, sweep_queue
from tickets.enums import EventKind, Presence
from tickets.errors import TransitionNotAllowed
from tickets.models import RoutingSetup, Ticket

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def asleep(ticket, agent):
    assigning.take(ticket, by=agent)
    return detailing.snooze(ticket, timezone.now() + DAY, by=agent)


def sleeps(ticket):
    return Ticket.objects.get(pk=ticket.pk).sleeps(timezone.now())


def wakings(ticket):
    return [event.by for event in ticket.events.filter(kind=EventKind.SNOOZED) if event.data["until"] is None]


def test_what_nobody_has_does_not_go_to_sleep(ticket, agent):
    with pytest.raises(TransitionNotAllowed):
        detailing.snooze(ticket, timezone.now() + DAY, by=agent)
    assert not sleeps(ticket)


def test_given_back_it_wakes_and_says_so(asleep, agent):
    assigning.give_back(asleep, by=agent)
    assert (sleeps(asleep), wakings(asleep)) == (False, [agent])


def test_declined_it_wakes(asleep, agent):
    assigning.decline_ticket(asleep, by=agent, reason="language")
    assert not sleeps(asleep)


def test_moved_away_from_its_agent_it_wakes(asleep, agent, department):
    assigning.transfer(asleep, department, by=agent)
    assert (asleep.assignee, sleeps(asleep)) == (None, False)


def test_moved_with_its_agent_it_sleeps_on(ticket, risk_agent, department):
    assigning.take(ticket, by=risk_agent)
    detailing.snooze(ticket, timezone.now() + DAY, by=risk_agent)
    assigning.transfer(ticket, department, by=risk_agent)
    assert sleeps(ticket)


def test_given_to_a_colleague_it_sleeps_on_in_their_list(asleep, agent, other_agent):
    assigning.assign(asleep, other_agent, by=agent)
    assert sleeps(asleep)


def test_left_behind_by_who_went_away_it_wakes(asleep, agent):
    row = join(agent, "en")
    attending.set_presence(row, Presence.OFFLINE, by=agent)
    assert bring_back_left_behind(RoutingSetup.current(), timezone.now() + DAY / 2) == 1
    assert (sleeps(asleep), wakings(asleep)) == (False, [None])


@pytest.mark.parametrize("is_on", [True, False])
def test_of_a_closed_account_it_wakes_whether_or_not_tickets_are_given_out(asleep, agent, is_on):
    RoutingSetup(is_on=is_on).save()
    sweep_queue()
    assert sleeps(asleep)
    agent.is_active = False
    agent.save()
    sweep_queue()
    assert (sleeps(asleep), wakings(asleep)) == (False, [None])


def test_of_a_deleted_account_it_wakes(asleep):
    Ticket.objects.filter(pk=asleep.pk).update(assignee=None)
    sweep_queue()
    assert not sleeps(asleep)


def test_a_time_to_wake_that_has_passed_is_no_news(asleep, agent):
    Ticket.objects.filter(pk=asleep.pk).update(snoozed_until=timezone.now() - DAY)
    assigning.give_back(asleep, by=agent)
    assert (asleep.snoozed_until, wakings(asleep)) == (None, [])
