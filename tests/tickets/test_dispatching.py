"""Tickets find their agents: whatever changes the answer asks for it again, and nobody gets what they may not have."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from supportdesk.accounts.models import Notice
from tests.at_once import at_once
from tests.tickets.desks import join, work_off
from tests.tickets.factories import PersonFactory, TicketFactory, TopicFactory, answered, released
from tickets.actions import assigning, attending, dispatching, merging, moving, opening, replying
from tickets.actions.dispatching import bring_back_left_behind, dispatch, look_around
from tickets.enums import DeclineReason, EventKind, Presence, Priority, Status, Trigger
from tickets.errors import InvalidInput, TransitionNotAllowed
from tickets.models import (
    Agent,
    AgentCertificate,
    Decline,
    DispatchLease,
    RoutingDecision,
    RoutingSetup,
    Ticket,
    TicketEvent,
    Turn,
)
from tickets.models.routing import NOBODY

pytestmark = pytest.mark.django_db
HALF_AN_HOUR = timedelta(minutes=30)


def give_out(at=None) -> int:
    return dispatch(trigger=Trigger.TICK, at=at)


def who_has(ticket: Ticket):
    return Ticket.objects.get(pk=ticket.pk).assignee


@pytest.fixture
def rui(agent):
    return join(agent, "en")


@pytest.fixture
def mina(other_agent):
    return join(other_agent, "en", "ja")


# What happens when a ticket comes


def test_a_new_ticket_goes_to_who_is_there(ticket, rui):
    work_off()
    ticket.refresh_from_db()
    assert (ticket.assignee, ticket.status) == (rui.person, Status.OPEN)
    event = ticket.events.get(kind=EventKind.ASSIGNED)
    assert (event.role, event.by, event.reason, event.data["to"]) == ("system", None, "routed", rui.person_id)
    assert Notice.objects.get(person=rui.person).kind == "ticket_assigned"


def test_it_is_given_once_however_often_the_worker_is_told(ticket, rui):
    created = ticket.events.get(kind=EventKind.CREATED)
    for _ in range(3):
        dispatching.follow_ticket(created.pk)
    assert ticket.events.filter(kind=EventKind.ASSIGNED).count() == 1
    assert (DispatchLease.objects.get().holder, Turn.objects.get().picks) == ("", 1)


def test_nothing_is_given_out_where_that_is_switched_off(ticket, rui):
    RoutingSetup.objects.update(is_on=False)
    assert (give_out(), look_around(), who_has(ticket)) == (0, 0, None)


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


# Declining


def declined(ticket, by, reason=DeclineReason.KNOWLEDGE):
    assigning.decline_ticket(Ticket.objects.get(pk=ticket.pk), by=by, reason=reason)


def test_a_declined_ticket_goes_to_another_and_keeps_its_age(ticket, rui, other_agent):
    work_off()
    before = Ticket.objects.get(pk=ticket.pk)
    declined(ticket, rui.person)
    work_off()
    after = Ticket.objects.get(pk=ticket.pk)
    assert after.assignee is None
    assert (after.created_at, after.next_due_at) == (before.created_at, before.next_due_at)
    assert after.unanswered_since == before.unanswered_since
    join(other_agent, "en")
    assert (look_around(), who_has(ticket)) == (1, other_agent)


def test_it_is_not_offered_to_the_same_agent_for_half_an_hour(ticket, rui):
    work_off()
    declined(ticket, rui.person)
    row = Decline.objects.get()
    assert row.until - row.at == HALF_AN_HOUR
    assert give_out(row.until - timedelta(seconds=1)) == 0
    assert give_out(row.until) == 1


def test_what_one_puts_back_is_not_offered_to_oneself_at_once(ticket, rui, team_lead):
    work_off()
    assigning.give_back(Ticket.objects.get(pk=ticket.pk), by=rui.person)
    assert (give_out(), Decline.objects.get().reason) == (0, "given_back")
    assert give_out(Decline.objects.get().until) == 1
    assigning.give_back(Ticket.objects.get(pk=ticket.pk), by=team_lead)
    Decline.objects.update(until=timezone.now())
    assert give_out() == 1


def test_declining_needs_a_reason_and_the_ticket(ticket, rui, other_agent, trader):
    work_off()
    with pytest.raises(InvalidInput):
        declined(ticket, rui.person, "because")
    with pytest.raises(InvalidInput):
        declined(ticket, rui.person, DeclineReason.OTHER)
    for somebody in (other_agent, trader):
        with pytest.raises(PermissionDenied):
            declined(ticket, somebody)
    assert who_has(ticket) == rui.person


def test_a_note_that_holds_a_secret_is_cleaned(ticket, rui):
    work_off()
    secret = "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ"
    assigning.decline_ticket(ticket, by=rui.person, reason="other", note=f"He sent {secret}")
    assert secret not in Decline.objects.get().note


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
    assert look_around(left + HALF_AN_HOUR - timedelta(seconds=1)) == 0
    assert look_around(left + HALF_AN_HOUR) == 1
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
    look_around(timezone.now() + timedelta(days=1))
    assert who_has(ticket) == agent


def test_an_answered_ticket_stays_with_who_left(ticket, rui):
    give_out()
    answered(ticket, by=rui.person)
    attending.set_presence(rui, Presence.OFFLINE, by=rui.person)
    look_around(timezone.now() + timedelta(days=1))
    assert who_has(ticket) == rui.person


def test_tickets_of_a_closed_account_come_back_at_once(ticket, rui, other_agent):
    give_out()
    rui.person.is_active = False
    rui.person.save()
    join(other_agent, "en")
    assert (look_around(), who_has(ticket)) == (1, other_agent)


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


def test_it_is_not_kept_for_who_is_offline(ticket, trader, rui, mina, person):
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
    look_around()
    look_around()
    row = RoutingDecision.objects.get(reason=NOBODY)
    assert (row.candidates, row.times, row.agent) == ({"full": [first.pk]}, 1, None)
    second = join(other_agent, "en", presence=Presence.OFFLINE)
    look_around()
    row.refresh_from_db()
    assert (row.candidates, row.times) == ({"full": [first.pk], "offline": [second.pk]}, 2)


def test_old_decisions_are_forgotten_and_the_last_presence_stays(ticket, rui):
    give_out()
    for presence in (Presence.OFFLINE, Presence.AVAILABLE):
        attending.set_presence(rui, presence, by=rui.person)
    later = timezone.now() + timedelta(seconds=1)
    assert dispatching.forget_decisions(later - timedelta(days=1)) == 0
    assert dispatching.forget_decisions(later) == 2
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


# Several at the same time


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
    look_around()
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
