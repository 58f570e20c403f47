"""Who comes gets what waits; what is left behind comes back, to who knows it if they are there."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.tickets.desks import join, work_off
from tests.tickets.dispatched import HALF_AN_HOUR, give_out, who_has
from tests.tickets.factories import TicketFactory, TopicFactory, answered
from tickets.actions import assigning, attending, moving, opening, replying
from tickets.actions.sweeping_queue import bring_back_left_behind, sweep_queue
from tickets.enums import EventKind, Presence, Priority, Status, Trigger
from tickets.models import Agent, RoutingDecision, RoutingSetup, Ticket

pytestmark = pytest.mark.django_db


# Coming and going


def test_who_comes_gets_what_waits(ticket, agent):
    row = join(agent, "en", presence=Presence.OFFLINE)
    work_off()
    attending.set_presence(row, Presence.AVAILABLE, by=agent)
    work_off()
    assert who_has(ticket) == agent
    assert RoutingDecision.objects.get(agent=row).trigger == Trigger.PRESENCE


def test_saying_the_same_again_changes_only_the_reason(agent):
    row = join(agent, presence=Presence.AWAY, presence_reason="Lunch")
    since = row.presence_since
    attending.set_presence(row, Presence.AWAY, by=agent, reason="Training")
    assert (row.presence_since, row.presence_reason, row.presence_changes.count()) == (since, "Training", 0)


@pytest.mark.parametrize("presence", [Presence.AWAY, Presence.OFFLINE])
def test_tickets_of_who_left_come_back_after_a_while_with_their_age(ticket, rui, mina, presence):
    give_out()
    first = Ticket.objects.get(pk=ticket.pk)
    gone, stays = (rui, mina) if first.assignee == rui.person else (mina, rui)
    attending.set_presence(gone, presence, by=gone.person, reason="Lunch")
    left = gone.presence_since
    assert sweep_queue(left + HALF_AN_HOUR - timedelta(seconds=1)) == 0
    assert sweep_queue(left + HALF_AN_HOUR) == 1
    found = Ticket.objects.get(pk=ticket.pk)
    assert (found.assignee, found.unanswered_since) == (stays.person, first.unanswered_since)
    assert found.events.get(kind=EventKind.UNASSIGNED).reason == "agent_gone"


def test_an_urgent_one_comes_back_sooner(rui):
    ticket = TicketFactory(topic=TopicFactory(priority=Priority.URGENT))
    give_out()
    attending.set_presence(rui, Presence.OFFLINE, by=rui.person)
    setup = RoutingSetup.current()
    assert bring_back_left_behind(setup, rui.presence_since + timedelta(seconds=449)) == 0
    assert bring_back_left_behind(setup, rui.presence_since + timedelta(seconds=450)) == 1
    assert who_has(ticket) is None


def test_who_never_said_that_they_were_there_keeps_what_they_took(ticket, agent):
    Agent.objects.create(person=agent)
    assigning.take(ticket, by=agent)
    sweep_queue(timezone.now() + timedelta(days=1))
    assert who_has(ticket) == agent


def test_an_answered_ticket_stays_with_who_left(ticket, rui):
    give_out()
    answered(ticket, by=rui.person)
    attending.set_presence(rui, Presence.OFFLINE, by=rui.person)
    sweep_queue(timezone.now() + timedelta(days=1))
    assert who_has(ticket) == rui.person


def test_tickets_of_a_closed_account_come_back_at_once(ticket, rui, other_agent):
    give_out()
    rui.person.is_active = False
    rui.person.save()
    join(other_agent, "en")
    assert (sweep_queue(), who_has(ticket)) == (1, other_agent)


# Who knows it


def test_what_comes_back_goes_to_who_answered_last(ticket, trader, rui, mina, person):
    """Also where somebody else would be first otherwise; for as long as it is kept for them."""
    answered(ticket, by=mina.person)
    Agent.objects.filter(pk=mina.pk).update(capacity=0)
    replying.write_to_ticket(ticket, "It is still missing.", by=trader)
    assigning.give_back(ticket, by=person("Team leads"))
    assert give_out() == 0
    assert RoutingSetup.current().sticky_minutes == 30
    wrote = Ticket.objects.get(pk=ticket.pk).unanswered_since
    assert give_out(wrote + HALF_AN_HOUR - timedelta(seconds=1)) == 0
    Agent.objects.filter(pk=mina.pk).update(capacity=1)
    assert (give_out(), who_has(ticket)) == (1, mina.person)
    assert RoutingDecision.objects.get(agent=mina).reason == "sticky"


def test_what_comes_back_is_not_kept_for_who_is_offline(ticket, trader, rui, mina, person):
    answered(ticket, by=mina.person)
    replying.write_to_ticket(ticket, "It is still missing.", by=trader)
    assigning.give_back(ticket, by=person("Team leads"))
    Agent.objects.filter(pk=mina.pk).update(presence=Presence.OFFLINE)
    assert (give_out(), who_has(ticket)) == (1, rui.person)


def test_a_ticket_that_follows_a_closed_one_goes_to_who_had_that(ticket, trader, rui, mina):
    answered(ticket, by=mina.person, then=Status.SOLVED)
    moving.close_solved(timezone.now() + timedelta(days=8))
    ticket.refresh_from_db()
    follower = opening.follow_up(ticket, "It happened again.", by=trader)
    give_out()
    assert who_has(follower) == mina.person
