"""Rules of priority: what leads have laid down ahead holds for new requests in a surge, and goes back with it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from supportdesk.accounts.models import User
from tests.tickets.desks import join
from tests.tickets.factories import TicketFactory, TopicFactory, answered
from tickets import surge
from tickets.actions import alerting, detailing, dispatching, moving, opening, surge_rules, surging
from tickets.arrivals import TOTAL
from tickets.enums import EventKind, Priority, Status, Trigger
from tickets.models import Clock, SurgeRaise, SurgeRule, SurgeState, Ticket, Topic
from tickets.surge import State

pytestmark = pytest.mark.django_db


@pytest.fixture
def liquidation(db: None) -> Topic:
    return TopicFactory(key="liquidation", name_en="Liquidation")


@pytest.fixture
def rule(liquidation: Topic) -> SurgeRule:
    return SurgeRule.objects.create(name="Liquidations first", topic=liquidation, priority="urgent")


def stand(state: State = State.SURGE, *streams: str) -> SurgeState:
    values = {"state": state.value, "streams": list(streams or (TOTAL,))}
    return SurgeState.objects.update_or_create(pk=1, defaults=values)[0]


def asked(topic: Topic, **values: Any) -> Ticket:
    """A new request, after the rules have seen it."""
    ticket = TicketFactory(topic=topic, **values)
    told(ticket)
    return ticket


def told(ticket: Ticket) -> None:
    surge_rules.raise_new(ticket.events.get(kind=EventKind.CREATED).pk)
    ticket.refresh_from_db()


def due(ticket: Ticket) -> Any:
    return Clock.objects.get(ticket=ticket, metric="first_reply").due_at


# Which rules hold


@pytest.mark.parametrize(
    ("state", "streams", "holds_from", "is_raised"),
    [
        (State.SURGE, [TOTAL], "surge", True),
        (State.SURGE, ["topic:liquidation"], "surge", True),
        (State.SURGE, ["topic:api", "language:ko"], "surge", False),
        (State.WATCH, ["topic:liquidation"], "surge", False),
        (State.WATCH, ["topic:liquidation"], "watch", True),
        (State.SURGE, ["topic:liquidation"], "watch", True),
        (State.RECOVERY, ["topic:liquidation"], "watch", False),
        (State.NORMAL, [], "watch", False),
    ],
)
def test_a_rule_holds_while_its_topic_or_all_requests_are_more_than_usual(
    state: State, streams: list[str], holds_from: str, is_raised: bool, rule: SurgeRule, liquidation: Topic
) -> None:
    SurgeRule.objects.update(holds_from=holds_from)
    stand(state, *streams)
    assert (asked(liquidation).priority == "urgent") is is_raised


def test_a_rule_for_all_waits_for_a_wave_of_all(liquidation: Topic, topic: Topic) -> None:
    SurgeRule.objects.create(name="All", priority="high")
    stand(State.SURGE, "topic:liquidation")
    assert asked(liquidation).priority == "normal"
    stand(State.SURGE, TOTAL)
    assert asked(topic).priority == "high"


def test_other_topics_stay_as_they_are(rule: SurgeRule, topic: Topic) -> None:
    stand()
    assert asked(topic).priority == "normal"
    assert not SurgeRaise.objects.exists()


def test_a_desk_without_surges_raises_nothing(rule: SurgeRule, liquidation: Topic) -> None:
    assert asked(liquidation).priority == "normal"


# What a rule does


def test_a_raised_request_has_the_clock_of_its_new_priority_and_says_which_rule_it_was(
    rule: SurgeRule, liquidation: Topic
) -> None:
    calm = TicketFactory(topic=liquidation)
    stand()
    ticket = asked(liquidation)
    assert due(ticket) - ticket.created_at < due(calm) - calm.created_at
    event = ticket.events.get(kind=EventKind.CHANGED)
    assert (event.by, event.role, event.words.note) == (None, "system", "Liquidations first")
    assert (event.data["priority"], event.data["surge_rule"]) == ("urgent", rule.pk)


def test_hearing_of_a_request_twice_changes_nothing(rule: SurgeRule, liquidation: Topic) -> None:
    stand()
    ticket = asked(liquidation)
    told(ticket)
    assert ticket.events.filter(kind=EventKind.CHANGED).count() == SurgeRaise.objects.count() == 1


def test_of_several_rules_the_highest_counts(rule: SurgeRule, liquidation: Topic) -> None:
    SurgeRule.objects.create(name="All", priority="high")
    stand()
    assert asked(liquidation).surge_raise.rule == rule


@pytest.mark.parametrize("own", ["urgent", "high"])
def test_nothing_is_ever_lowered(own: str, liquidation: Topic) -> None:
    SurgeRule.objects.create(name="A little", topic=liquidation, priority="high")
    stand()
    Topic.objects.update(priority=own)
    liquidation.refresh_from_db()
    assert asked(liquidation).priority == own


@settings(max_examples=60, deadline=None)
@given(
    own=st.sampled_from(Priority.values),
    given_priority=st.sampled_from(Priority.values),
    is_of_topic=st.booleans(),
    is_for_all=st.booleans(),
)
def test_a_rule_concerns_only_what_it_makes_more_urgent(
    own: str, given_priority: str, is_of_topic: bool, is_for_all: bool
) -> None:
    rule = SurgeRule(topic_id=None if is_for_all else 1, priority=given_priority)
    found = surge_rules.concerns(rule, topic=1 if is_of_topic else 2, priority=own)
    assert found == ((is_for_all or is_of_topic) and Priority(given_priority).rank > Priority(own).rank)


@given(st.lists(st.sampled_from([TOTAL, "topic:a", "topic:b", "language:ko"])), st.sampled_from(["", "a", "b"]))
def test_a_wave_of_everything_is_about_every_topic(streams: list[str], topic: str) -> None:
    assert surge.is_about(streams, topic) == (TOTAL in streams or f"topic:{topic}" in streams)


def test_what_a_person_has_chosen_stays(rule: SurgeRule, liquidation: Topic, agent: User) -> None:
    ticket = TicketFactory(topic=liquidation)
    detailing.change_details(ticket, by=agent, priority="high")
    detailing.change_details(ticket, by=agent, priority="low")
    stand()
    told(ticket)
    assert ticket.priority == "low"


def test_what_the_desk_writes_first_is_no_request(
    rule: SurgeRule, liquidation: Topic, agent: User, trader: User
) -> None:
    request = opening.Request(topic=liquidation, subject="Hello", body="About your position.", language="en")
    ticket = opening.open_for_customer(request, by=agent, requester=trader)
    stand()
    told(ticket)
    assert ticket.priority == "normal"


def test_a_raised_request_still_waits_for_who_holds_the_certificate(
    rule: SurgeRule, liquidation: Topic, agent: User, other_agent: User
) -> None:
    Topic.objects.update(skill="derivatives")
    join(agent, "en")
    stand()
    ticket = asked(liquidation)
    dispatching.dispatch(trigger=Trigger.TICK)
    ticket.refresh_from_db()
    assert (ticket.priority, ticket.assignee) == ("urgent", None)
    join(other_agent, "en", skills=["derivatives"])
    dispatching.dispatch(trigger=Trigger.TICK)
    ticket.refresh_from_db()
    assert ticket.assignee == other_agent


# Going back


def test_what_was_raised_goes_back_when_the_surge_ends(rule: SurgeRule, liquidation: Topic, team_lead: User) -> None:
    stand()
    ticket = asked(liquidation)
    assert surge_rules.take_back() == 0
    surging.end_surge(by=team_lead)
    assert surge_rules.take_back() == 1
    ticket.refresh_from_db()
    assert ticket.priority == "normal"
    assert due(ticket) - ticket.created_at > timedelta(minutes=15)
    event = ticket.events.filter(kind=EventKind.CHANGED).latest("pk")
    assert (event.words.note, event.data["is_over"], event.by) == ("Liquidations first", True, None)
    assert surge_rules.take_back() == 0


def _chosen_again(ticket: Ticket, agent: User) -> None:
    detailing.change_details(ticket, by=agent, priority="high")
    detailing.change_details(ticket, by=agent, priority="urgent")


def _chosen_lower(ticket: Ticket, agent: User) -> None:
    detailing.change_details(ticket, by=agent, priority="high")


def _solved(ticket: Ticket, agent: User) -> None:
    answered(ticket, by=agent, then=Status.SOLVED)
    moving.close_solved(timezone.now() + timedelta(days=8))


@pytest.mark.parametrize(("touch", "kept"), [(_chosen_again, "urgent"), (_chosen_lower, "high"), (_solved, "urgent")])
def test_what_a_person_has_had_a_hand_in_is_left_as_it_is(
    touch: Callable[[Ticket, User], None], kept: str, rule: SurgeRule, liquidation: Topic, agent: User
) -> None:
    stand()
    ticket = asked(liquidation)
    touch(ticket, agent)
    stand(State.NORMAL)
    surge_rules.take_back()
    ticket.refresh_from_db()
    assert ticket.priority == kept
    row = SurgeRaise.objects.get()
    assert row.over_at is not None
    assert not row.is_taken_back


@pytest.mark.parametrize("end", ["switched off", "deleted"])
def test_a_rule_that_is_gone_holds_no_longer(end: str, rule: SurgeRule, liquidation: Topic) -> None:
    stand()
    ticket = asked(liquidation)
    SurgeRule.objects.update(is_active=False) if end == "switched off" else rule.delete()
    surge_rules.take_back()
    ticket.refresh_from_db()
    assert ticket.priority == "normal"


def test_a_lead_undoes_a_rule_until_the_desk_is_calm_again(
    rule: SurgeRule, liquidation: Topic, team_lead: User
) -> None:
    row = stand()
    ticket = asked(liquidation)
    assert surge_rules.set_aside(rule, by=team_lead) == 1
    ticket.refresh_from_db()
    assert ticket.priority == "normal"
    assert ticket.events.latest("pk").by == team_lead
    assert asked(liquidation).priority == "normal"
    row.state = State.NORMAL
    alerting.follow(row, came_from=State.RECOVERY)
    stand()
    assert asked(liquidation).priority == "urgent"


def test_a_lead_may_use_it_again_for_what_comes_from_then_on(
    rule: SurgeRule, liquidation: Topic, team_lead: User
) -> None:
    stand()
    ticket = asked(liquidation)
    surge_rules.set_aside(rule, by=team_lead)
    surge_rules.use_again(rule, by=team_lead)
    told(ticket)
    ticket.refresh_from_db()
    assert ticket.priority == "normal"
    assert asked(liquidation).priority == "urgent"


def test_more_than_one_go_is_brought_back_by_the_scheduler(
    rule: SurgeRule, liquidation: Topic, team_lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand()
    for _ in range(3):
        asked(liquidation)
    monkeypatch.setattr(surge_rules, "AT_ONCE", 2)
    assert surge_rules.set_aside(rule, by=team_lead) == 2
    assert surge_rules.take_back() == 1
    assert not Ticket.objects.filter(priority="urgent").exists()


@pytest.mark.parametrize("act", [surge_rules.set_aside, surge_rules.use_again])
def test_only_leads_undo(act: Callable[..., Any], rule: SurgeRule, agent: User) -> None:
    with pytest.raises(PermissionDenied):
        act(rule, by=agent)
    rule.refresh_from_db()
    assert rule.set_aside_at is None


# What a rule would do, and where leads see it


def test_a_dry_run_counts_what_came_with_a_lower_priority(rule: SurgeRule, liquidation: Topic, topic: Topic) -> None:
    TicketFactory(topic=liquidation)
    TicketFactory(topic=topic)
    stand()
    asked(liquidation)
    assert surge_rules.dry_run([rule], timezone.now() - timedelta(hours=1)) == ({rule.pk: 2}, 3)
    assert surge_rules.dry_run([rule], timezone.now() + timedelta(hours=1)) == ({rule.pk: 0}, 0)


def test_a_rule_that_raises_nothing_is_refused(liquidation: Topic) -> None:
    with pytest.raises(ValidationError, match="Nothing is below low"):
        SurgeRule(name="Low", priority="low").full_clean()
    Topic.objects.update(priority="high")
    liquidation.refresh_from_db()
    with pytest.raises(ValidationError, match="begin at “High” already"):
        SurgeRule(name="Same", topic=liquidation, priority="high").full_clean()


def test_the_page_of_the_state_shows_and_undoes_rules(
    rule: SurgeRule, liquidation: Topic, team_lead: User, client: Client
) -> None:
    stand()
    asked(liquidation)
    client.force_login(team_lead)
    page = client.get(reverse("workspace:surge")).content.decode()
    for words in ("Liquidations first", "holds now", "raises 1 of them", "1 ticket stands raised"):
        assert words in page
    answer = client.post(reverse("workspace:decide-surge", args=["set-aside"]), {"rule": rule.pk}, follow=True)
    assert "What it has raised goes back." in answer.content.decode()
    assert "Use it again" in answer.content.decode()
    client.post(reverse("workspace:decide-surge", args=["use-again"]), {"rule": rule.pk})
    assert "holds now" in client.get(reverse("workspace:surge")).content.decode()
    assert client.post(reverse("workspace:decide-surge", args=["set-aside"]), {"rule": "x"}).status_code == 404


def test_the_history_of_a_ticket_names_the_rule(
    rule: SurgeRule, liquidation: Topic, team_lead: User, client: Client
) -> None:
    stand()
    ticket = asked(liquidation)
    surge_rules.set_aside(rule, by=team_lead)
    client.force_login(team_lead)
    page = client.get(reverse("workspace:thread", args=[ticket.public_id])).content.decode()
    assert "Raised to priority Urgent by the rule" in page
    assert "Back to priority Normal: the rule" in page


@pytest.mark.parametrize("many", [3, 30])
def test_the_page_costs_the_same_for_many_requests(
    many: int, rule: SurgeRule, liquidation: Topic, team_lead: User, client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(many // 3):
        SurgeRule.objects.create(name=f"Rule {number}", topic=liquidation, priority="high")
    for _ in range(3):
        asked(liquidation)
    stand()
    client.force_login(team_lead)
    with django_assert_max_num_queries(24):
        client.get(reverse("workspace:surge"))
