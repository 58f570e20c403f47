"""Who hears that a ticket's time runs out: each level once, and nothing but the notice depends on when one looks."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings

from supportdesk.accounts.models import Notice
from tests.tickets.factories import TicketFactory, answered
from tests.tickets.happenings import MIXED, histories
from tickets import sla, sweep
from tickets.actions import assigning, detailing, moving
from tickets.actions.clocks import clock_of
from tickets.enums import FAR, Metric, Status
from tickets.models import Clock, ClockNotice, WarnLevel

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def levels(db):
    """As they are shipped, whatever other tests have emptied."""
    WarnLevel.objects.all().delete()
    WarnLevel.objects.create(percent=75, tells_assignee=True)
    WarnLevel.objects.create(percent=100)
    WarnLevel.objects.create(percent=150)


def told(person):
    return list(Notice.objects.filter(person=person).order_by("pk").values_list("kind", flat=True))


def swept(ticket, minutes):
    """How many levels a sweep tells, so long after the ticket began; 240 minutes are allowed for the first reply."""
    return sweep.warn_of_clocks(ticket.created_at + timedelta(minutes=minutes))


def test_each_level_is_told_once_to_whom_it_concerns(ticket, agent, team_lead):
    assigning.take(ticket, by=agent)
    assert [swept(ticket, minutes) for minutes in (1, 179, 181, 182, 241, 242, 361, 362)] == [0, 0, 1, 0, 1, 0, 1, 0]
    assert told(agent) == ["clock_soon"]
    assert told(team_lead) == ["clock_soon", "clock_up", "clock_far_over"]
    assert Notice.objects.filter(person=agent).get().subject == ticket.reference


def test_who_looks_late_tells_everybody_the_worst_that_concerns_them(ticket, agent, team_lead):
    assigning.take(ticket, by=agent)
    assert swept(ticket, 500) == 3
    assert (told(agent), told(team_lead)) == (["clock_soon"], ["clock_far_over"])
    assert swept(ticket, 501) == 0


def test_a_ticket_that_nobody_has_is_told_to_leads(ticket, agent, team_lead):
    assert swept(ticket, 200) == 1
    assert (told(agent), told(team_lead)) == ([], ["clock_soon"])


def test_a_clock_that_stopped_in_time_is_no_news(ticket, agent, team_lead):
    answered(ticket, by=agent, then=Status.PENDING)
    assert swept(ticket, 10_000) == 0
    assert not Clock.objects.filter(notify_at__isnull=False).exists()


def test_a_shorter_promise_is_looked_at_again(ticket, agent, team_lead):
    assert swept(ticket, 1) == 0
    detailing.change_details(ticket, by=agent, priority="urgent")  # 15 minutes
    assert swept(ticket, 13) == 1


def test_a_ticket_that_is_taken_up_again_is_not_told_twice(ticket, agent, trader, team_lead):
    assert swept(ticket, 4319) == 4  # 75 % of the resolution among them
    with time_machine.travel(ticket.created_at + timedelta(minutes=4310), tick=False):
        answered(ticket, by=agent, then=Status.PENDING)
        moving.take_up_again(ticket, by=agent)
    assert swept(ticket, 4319) == 0
    assert swept(ticket, 4322) == 1


def test_other_levels_hold_for_clocks_that_run(ticket, team_lead):
    assert swept(ticket, 130) == 0
    WarnLevel.objects.create(percent=50)
    sweep.look_at_all_again()
    assert swept(ticket, 131) == 1


def test_who_does_not_work_here_any_more_hears_nothing(ticket, agent, team_lead):
    assigning.take(ticket, by=agent)
    agent.groups.clear()
    team_lead.is_active = False
    team_lead.save()
    assert swept(ticket, 200) == 1
    assert not Notice.objects.exists()


def test_a_sweep_changes_nothing_but_what_it_told(ticket, team_lead):
    before = [(clock_of(row), row.tzdata) for row in ticket.clocks.all()]
    version = ticket.version
    swept(ticket, 5000)
    ticket.refresh_from_db()
    assert [(clock_of(row), row.tzdata) for row in ticket.clocks.all()] == before
    assert ticket.version == version
    assert ClockNotice.objects.count() == 5  # three of the first reply, two of the resolution


def test_clocks_that_are_not_due_cost_one_question(trader, topic, team_lead):
    for _ in range(3):
        TicketFactory(by=trader, topic=topic)
    sweep.warn_of_clocks()
    with CaptureQueriesContext(connection) as few:
        sweep.warn_of_clocks()
    for _ in range(12):
        TicketFactory(by=trader, topic=topic)
    sweep.warn_of_clocks()
    with CaptureQueriesContext(connection) as many:
        sweep.warn_of_clocks()
    assert len(few) == len(many)


@settings(max_examples=60, deadline=None)
@given(histories())
def test_all_of_the_time_is_used_up_when_a_clock_is_due(history):
    for clock in sla.replay(history, MIXED).clocks:
        moments = [sla.reached(clock, percent, MIXED) or FAR for percent in (1, 75, 100, 150)]
        assert moments == sorted(moments)
        if clock.is_running and clock.breached_at is None:
            assert moments[2] == clock.due_at


@pytest.mark.parametrize("looks", [[], [1, 2, 3], [200, 300], [239, 240, 241, 361]])
def test_when_one_looks_makes_no_difference_to_what_is_known_in_the_end(ticket, team_lead, looks):
    for minutes in looks:
        swept(ticket, minutes)
    swept(ticket, 500)
    assert sorted(ClockNotice.objects.values_list("percent", flat=True)) == [75, 100, 150]
    breach = clock_of(ticket.clocks.get(metric=Metric.FIRST_REPLY)).breach(ticket.created_at + timedelta(minutes=500))
    assert breach == ticket.created_at.replace(microsecond=0) + timedelta(minutes=240)


def test_a_level_of_75_is_the_moment_of_the_warning(ticket):
    clock = clock_of(ticket.clocks.get(metric=Metric.FIRST_REPLY))
    assert sla.reached(clock, 75) == clock.warn_at
    assert timezone.is_aware(clock.warn_at)
