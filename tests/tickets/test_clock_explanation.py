"""Why a clock shows what it shows: the seconds add up; the policy, its hours, and who changed what are named."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tickets.factories import TicketFactory, answered, office, policy, published
from tests.tickets.happenings import MIXED, histories
from tickets import explanation, sla, sweep
from tickets.actions import detailing, following_policies, replying
from tickets.enums import Metric, Status
from tickets.models import SlaTarget, TicketEvent
from tickets.workspace import clocks

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)  # a Friday, 12:00 in Seoul


def told(history, policies, now):
    standing, moments = None, []
    for happening in history:
        standing = sla.after(standing, happening, policies)
        moments.append(explanation.Moment(happening.at, standing, policies))
    return explanation.explain(moments, now)


@settings(max_examples=100, deadline=None)
@given(histories(), st.integers(0, 500_000))
def test_the_stretches_add_up_to_what_the_clock_shows(history, later):
    for story in told(history, MIXED, history[-1].at + timedelta(seconds=later)):
        ran = [stretch for stretch in story.stretches if stretch.rested is None]
        assert sum(stretch.seconds for stretch in ran) == story.clock.elapsed_s
        for stretch in ran:
            counted = sum((until - since for since, until in stretch.windows), timedelta())
            assert counted == timedelta(seconds=stretch.seconds)
        edges = [edge for stretch in story.stretches for edge in (stretch.since, stretch.until)]
        assert edges == sorted(edges)
        assert story.promises[0].clock.target_s > 0


def page(person, ticket):
    client = Client()
    client.force_login(person)
    return client.get(reverse("workspace:clocks", args=[ticket.public_id]))


def korean(trader, team_lead):
    policy("VIP", tiers=["vip"], order=1)
    policy("Korean", languages=["ko"], calendar_normal=office(), order=2)
    published(team_lead)
    with time_machine.travel(NOON, tick=False):
        return TicketFactory(by=trader, language="ko")


def first_of(ticket, minutes):
    with time_machine.travel(NOON + timedelta(minutes=minutes), tick=False):
        return clocks.explained(ticket, NOON + timedelta(minutes=minutes)).clocks[0]


def test_the_policy_that_decided_and_those_before_it(trader, team_lead):
    promise = first_of(korean(trader, team_lead), 10).promises[0]
    assert promise.policy == "“Korean”, version 1"
    assert promise.target == "1 h"
    assert promise.passed == ["“VIP” is for the tiers vip; this ticket: none."]
    assert promise.who == "The customer"


def test_the_hours_that_count(trader, team_lead):
    first = first_of(korean(trader, team_lead), 3 * 24 * 60)
    assert (first.calendar, first.zone) == ("Seoul, version 1", "Asia/Seoul")
    assert first.hours[0] == ("Monday", "09:00-18:00")
    assert first.hours[6] == ("Sunday", "closed")
    (stretch,) = first.stretches
    assert stretch.counted == "9 h"  # six on Friday, three on Monday
    assert [since.isoformat() for since, _until in stretch.windows] == [
        "2026-11-20T03:00:00+00:00",
        "2026-11-23T00:00:00+00:00",
    ]
    assert "overdue" in first.state


def test_a_change_of_the_target_names_who_made_it_and_when(ticket, agent):
    with time_machine.travel(ticket.created_at + timedelta(minutes=20), tick=False):
        detailing.change_details(ticket, by=agent, priority="urgent")
        change = clocks.explained(ticket, ticket.created_at + timedelta(minutes=20)).clocks[0].promises[1]
    assert (change.who, change.target, change.allowed) == ("Rui Tavares", "15 min", "35 min")
    assert change.words == "The details were changed; the priority is “Urgent”."


def test_policies_that_became_others_are_a_cause_too(ticket, team_lead):
    SlaTarget.objects.filter(metric="first_reply", priority="normal").update(minutes=30)
    edition = published(team_lead)
    with time_machine.travel(edition.at + following_policies.SETTLED + timedelta(seconds=1), tick=False):
        following_policies.follow_policies()
    change = clocks.explained(ticket, edition.at + timedelta(minutes=5)).clocks[0].promises[1]
    assert (change.who, change.words) == ("The system", "The policies became others.")


def test_a_rest_says_in_which_status(ticket, agent, trader):
    begun = ticket.created_at.replace(microsecond=0)
    with time_machine.travel(begun + timedelta(hours=1), tick=False):
        answered(ticket, by=agent, then=Status.PENDING)
    with time_machine.travel(begun + timedelta(hours=3), tick=False):
        replying.write_to_ticket(ticket, "Here it is.", by=trader)
    resolution = clocks.explained(ticket, begun + timedelta(hours=4)).clocks[1]
    words = [stretch.words for stretch in resolution.stretches]
    assert words == ["Counted: round the clock.", "Rested: the ticket was “Pending”.", "Counted: round the clock."]
    assert resolution.stretches[2].until is None
    assert [clock.label for clock in clocks.explained(ticket, begun + timedelta(hours=4)).clocks] == [
        "First reply",
        "Resolution",
        "Next reply",
    ]


def test_the_page_says_it_in_words(trader, agent, team_lead):
    ticket = korean(trader, team_lead)
    sweep.warn_of_clocks(NOON + timedelta(minutes=50))
    words = page(agent, ticket).content.decode()
    for wanted in ("“Korean”, version 1 says 1 h", "75 % told", "09:00-18:00", "Missed and still running", "tzdata"):
        assert wanted in words
    side = reverse("workspace:side", args=[ticket.public_id])
    client = Client()
    client.force_login(agent)
    assert reverse("workspace:clocks", args=[ticket.public_id]) in client.get(side).content.decode()


def test_who_may_not_see_the_ticket_finds_no_page(ticket, department, agent, risk_agent, trader, content_editor):
    ticket.department = department
    ticket.save()
    assert page(risk_agent, ticket).status_code == 200
    for somebody in (agent, trader, content_editor):
        assert page(somebody, ticket).status_code == 404


def test_what_cannot_be_told_is_said(ticket, agent):
    kept = TicketEvent.objects.filter(ticket=ticket)
    kept._raw_delete(kept.db)
    words = page(agent, ticket).content.decode()
    assert "Nothing is kept of how this ticket began." in words


def test_a_ticket_that_is_promised_nothing(trader, agent, team_lead):
    policy("Nothing", {"urgent": {"resolution": 1}}, order=0)
    published(team_lead)
    words = page(agent, TicketFactory(by=trader)).content.decode()
    assert "The policy “Nothing”, version 1 decides, and it promises nothing for the priority “Normal”." in words


def test_a_long_life_asks_as_little_as_a_short_one(agent, trader, team_lead):
    published(team_lead)
    ticket = TicketFactory(by=trader)
    client = Client()
    client.force_login(agent)
    address = reverse("workspace:clocks", args=[ticket.public_id])
    answered(ticket, by=agent)
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for _ in range(8):
        replying.write_to_ticket(ticket, "And now?", by=trader)
        answered(ticket, by=agent)
    with CaptureQueriesContext(connection) as many:
        assert client.get(address).status_code == 200
    assert ticket.clocks.filter(metric=Metric.NEXT_REPLY).count() == 8
    assert len(few) == len(many) <= 14
