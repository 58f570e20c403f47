"""A new ticket goes once to who is there, may have it and can hold it, and the decision says why."""

from datetime import timedelta

import pytest
from django.utils import timezone

from supportdesk.accounts.models import Notice
from tests.tickets.desks import join, work_off
from tests.tickets.dispatched import HALF_AN_HOUR, give_out, who_has
from tests.tickets.factories import PersonFactory, TicketFactory, TopicFactory, released
from tickets.actions import assigning, attending, dispatching, merging, moving, replying, sweeping_queue
from tickets.actions.sweeping_queue import sweep_queue
from tickets.enums import EventKind, Presence, Priority, Status, Trigger
from tickets.models import Agent, AgentCertificate, AgentIdleTime, DispatchLease, RoutingDecision, RoutingSetup, Ticket
from tickets.models.routing import NOBODY

pytestmark = pytest.mark.django_db


# What happens when a ticket comes


def test_a_new_ticket_goes_to_who_is_there(ticket, rui):
    work_off()
    ticket.refresh_from_db()
    assert (ticket.assignee, ticket.status) == (rui.person, Status.OPEN)
    event = ticket.events.get(kind=EventKind.ASSIGNED)
    assert (event.role, event.by, event.reason, event.data["to"]) == ("system", None, "routed", rui.person_id)
    assert Notice.objects.get(person=rui.person).kind == "ticket_assigned"


def test_a_ticket_is_given_once_however_often_the_worker_is_told(ticket, rui):
    created = ticket.events.get(kind=EventKind.CREATED)
    for _ in range(3):
        dispatching.follow_ticket(created.pk)
    assert ticket.events.filter(kind=EventKind.ASSIGNED).count() == 1
    assert (DispatchLease.objects.get().holder, AgentIdleTime.objects.get().picks) == ("", 1)


def test_nothing_is_given_out_where_that_is_switched_off(ticket, rui):
    RoutingSetup.objects.update(is_on=False)
    assert (give_out(), sweep_queue(), who_has(ticket)) == (0, 0, None)


@pytest.mark.parametrize("presence", [Presence.AWAY, Presence.OFFLINE])
def test_who_is_not_there_gets_nothing(ticket, agent, presence):
    join(agent, "en", presence=presence)
    assert (give_out(), who_has(ticket)) == (0, None)


def test_who_may_not_work_any_more_gets_nothing(ticket, rui):
    rui.person.groups.clear()
    assert (give_out(), who_has(ticket)) == (0, None)


def test_agents_take_tickets_by_hand_as_before(ticket, rui, other_agent):
    assigning.take(ticket, by=other_agent)
    work_off()
    assert who_has(ticket) == other_agent


# Who may have it


def test_nobody_gets_more_than_they_can_hold(agent, other_agent):
    join(agent, "en", capacity=2)
    join(other_agent, "en", capacity=1)
    for _ in range(5):
        TicketFactory()
    assert give_out() == 3
    assert Ticket.objects.filter(assignee=agent).count() == 2
    assert Ticket.objects.filter(assignee=other_agent).count() == 1
    assert give_out() == 0


def test_an_answered_ticket_weighs_nothing_and_the_next_one_comes(agent):
    join(agent, "en", capacity=1)
    first, second = TicketFactory(), TicketFactory()
    work_off()
    held = replying.reply(first, "Here you are.", by=agent)
    work_off()
    assert who_has(second) is None
    released(held)
    work_off()
    assert who_has(second) == agent
    assert RoutingDecision.objects.get(ticket=second, agent__isnull=False).trigger == Trigger.FREED


@pytest.mark.parametrize("certificate", [{}, {"skill": "kyc"}, {"skill": "security", "language": "ja"}])
def test_a_certificate_is_needed_in_the_language_of_the_ticket(agent, certificate):
    row = join(agent, "en")
    AgentCertificate.objects.create(agent=row, **{"skill": "none", **certificate})
    ticket = TicketFactory(topic=TopicFactory(skill="security"))
    assert (give_out(), who_has(ticket)) == (0, None)
    AgentCertificate.objects.create(agent=row, skill="security", language="en")
    assert (give_out(), who_has(ticket)) == (1, agent)


def test_a_certificate_that_expires_between_the_choice_and_the_gift_counts_no_more(rui, monkeypatch):
    kept = AgentCertificate.objects.create(agent=rui, skill="security")
    ticket = TicketFactory(topic=TopicFactory(skill="security"))
    choose = dispatching.routing.choose

    def choose_and_expire(*values):
        chosen = choose(*values)
        AgentCertificate.objects.filter(pk=kept.pk).update(expires_at=timezone.now())
        return chosen

    monkeypatch.setattr(dispatching.routing, "choose", choose_and_expire)
    assert (give_out(), who_has(ticket)) == (0, None)


def test_who_leaves_between_the_choice_and_the_gift_gets_nothing(ticket, rui, monkeypatch):
    choose = dispatching.routing.choose

    def choose_and_leave(*values):
        chosen = choose(*values)
        Agent.objects.update(presence=Presence.OFFLINE)
        return chosen

    monkeypatch.setattr(dispatching.routing, "choose", choose_and_leave)
    assert (give_out(), who_has(ticket)) == (0, None)


def test_what_changed_since_the_choice_is_chosen_anew(ticket, rui, trader, monkeypatch):
    choose, calls = dispatching.routing.choose, []

    def choose_and_write(*values):
        chosen = choose(*values)
        if not calls:
            replying.write_to_ticket(ticket, "And another thing.", by=trader)
        calls.append(chosen)
        return chosen

    monkeypatch.setattr(dispatching.routing, "choose", choose_and_write)
    assert (give_out(), who_has(ticket), len(calls)) == (1, rui.person, 2)


def test_a_ticket_of_a_department_goes_to_its_agents_alone(rui, risk_agent, department):
    ticket = TicketFactory(department=department)
    assert give_out() == 0
    join(risk_agent, "en")
    assert (give_out(), who_has(ticket)) == (1, risk_agent)


def test_the_language_decides_and_a_translation_aid_comes_later(rui, mina, person):
    helper = join(person("Agents"), "ja:assist", "en")
    japanese = TicketFactory(language="ja")
    Agent.objects.filter(pk=mina.pk).update(capacity=0)
    assert (give_out(), who_has(japanese)) == (0, None)
    assert give_out(timezone.now() + timedelta(minutes=46)) == 1
    assert who_has(japanese) == helper.person


def test_a_higher_priority_goes_first(agent):
    join(agent, "en", capacity=1)
    TicketFactory(topic=TopicFactory(priority=Priority.LOW))
    urgent = TicketFactory(topic=TopicFactory(priority=Priority.URGENT))
    work_off()
    assert list(Ticket.objects.filter(assignee=agent)) == [urgent]


def test_a_tier_goes_first_within_its_priority(agent):
    join(agent, "en", capacity=1)
    topic = TopicFactory()
    TicketFactory(topic=topic)
    favoured = TicketFactory(topic=topic, by=PersonFactory(tier="vip"))
    give_out()
    assert list(Ticket.objects.filter(assignee=agent)) == [favoured]


def test_who_has_been_idle_longest_is_first(rui, mina, topic):
    Agent.objects.filter(pk=rui.pk).update(capacity=20)
    Agent.objects.filter(pk=mina.pk).update(capacity=20)
    rui.languages.create(language="ja")  # as broad as the other
    got = []
    for _ in range(4):
        got.append(who_has_next(topic))
    assert sorted(got[:2], key=str) == sorted(got[2:], key=str) == sorted([rui.person, mina.person], key=str)


def who_has_next(topic):
    ticket = TicketFactory(topic=topic)
    give_out()
    return who_has(ticket)


def test_a_ticket_that_cannot_be_given_stands_in_the_way_of_no_other(rui, monkeypatch, caplog):
    broken, sound = TicketFactory(), TicketFactory()
    give = dispatching._give

    def give_or_fail(gift, at):
        if gift.ticket.id == broken.pk:
            raise ValueError("no calendar")
        return give(gift, at)

    monkeypatch.setattr(dispatching, "_give", give_or_fail)
    assert (give_out(), who_has(broken), who_has(sound)) == (1, None, rui.person)
    assert f"Ticket {broken.pk} could not be given out" in caplog.text
    assert DispatchLease.objects.get().holder == ""


# What is not given out


def test_spam_merged_solved_and_sleeping_tickets_are_not_given_out(rui, agent, trader, team_lead, topic):
    spam, solved, asleep, held = (TicketFactory(topic=topic) for _ in range(4))
    source, target = TicketFactory(by=trader, topic=topic), TicketFactory(by=trader, topic=topic)
    moving.mark_spam(spam, by=team_lead)
    moving.solve(solved, by=agent, reason=moving.NO_REPLY_NEEDED)
    Ticket.objects.filter(pk=asleep.pk).update(snoozed_until=timezone.now() + HALF_AN_HOUR)
    Ticket.objects.filter(pk=held.pk).update(status=Status.ON_HOLD)
    merging.merge(source, target, by=agent)
    give_out()
    assert set(Ticket.objects.exclude(assignee=None)) == {target}


def test_what_slept_is_given_out_when_it_wakes(rui):
    ticket = TicketFactory()
    Ticket.objects.filter(pk=ticket.pk).update(snoozed_until=timezone.now() + HALF_AN_HOUR)
    assert give_out() == 0
    assert give_out(timezone.now() + HALF_AN_HOUR) == 1


# Why


def test_a_decision_says_who_was_refused_why(ticket, rui, person):
    full, stranger = join(person("Agents"), "en", capacity=0), join(person("Agents"), "ko")
    give_out()
    row = RoutingDecision.objects.get()
    assert (row.agent, row.reason, row.trigger) == (rui, "native", Trigger.TICK)
    assert row.candidates == {"able": [rui.pk], "full": [full.pk], "language": [stranger.pk]}
    assert row.key.startswith("2:0:")


def test_of_why_nobody_has_it_one_row_is_kept_and_brought_up_to_date(ticket, agent, other_agent):
    first = join(agent, "en", capacity=0)
    sweep_queue()
    sweep_queue()
    row = RoutingDecision.objects.get(reason=NOBODY)
    assert (row.candidates, row.times, row.agent) == ({"full": [first.pk]}, 1, None)
    second = join(other_agent, "en", presence=Presence.OFFLINE)
    sweep_queue()
    row.refresh_from_db()
    assert (row.candidates, row.times) == ({"full": [first.pk], "offline": [second.pk]}, 2)


def test_old_decisions_are_forgotten_and_the_last_presence_stays(ticket, rui):
    give_out()
    for presence in (Presence.OFFLINE, Presence.AVAILABLE):
        attending.set_presence(rui, presence, by=rui.person)
    later = timezone.now() + timedelta(seconds=1)
    assert sweeping_queue.forget_decisions(later - timedelta(days=1)) == 0
    assert sweeping_queue.forget_decisions(later) == 2
    assert rui.presence_changes.get().presence == Presence.AVAILABLE


# What it costs


@pytest.mark.parametrize("count", [3, 30])
def test_what_it_asks_the_database_does_not_grow_with_what_waits(rui, count, django_assert_max_num_queries):
    topic, customer = TopicFactory(), PersonFactory()
    for _ in range(count):
        TicketFactory(topic=topic, by=customer)
    Agent.objects.update(capacity=1)
    with django_assert_max_num_queries(48):
        assert give_out() == 1
