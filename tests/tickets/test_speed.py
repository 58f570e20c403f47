"""How fast people were answered: the arithmetic, the days that are counted, and what counts as an individual answer."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tickets.factories import TicketFactory, TopicFactory
from tickets.actions import measuring
from tickets.enums import Metric
from tickets.models import Clock, SpeedDay, SurgeTransition
from tickets.speed import Measure, added, minutes_of, percentile, summary

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
DAY = NOON.date()


@pytest.mark.parametrize(
    ("seconds", "minutes"),
    [(0, 1), (60, 1), (61, 2), (99 * 60, 99), (100 * 60, 100), (101 * 60, 110), (1441 * 60, 1500)],
)
def test_a_duration_is_cut_upwards_to_two_digits(seconds, minutes):
    assert minutes_of(seconds) == minutes


@given(st.floats(0, 10**8))
def test_a_duration_is_never_shown_shorter_and_hardly_longer(seconds):
    assert seconds / 60 <= minutes_of(seconds) <= max(1, (seconds / 60 + 1) * 1.1)


@given(st.lists(st.integers(1, 99), min_size=1, max_size=30), st.sampled_from([0.5, 0.9, 1.0]))
def test_a_percentile_is_the_nearest_rank(durations, share):
    counts = added({one: 1} for one in durations)
    found = percentile(counts, share)
    assert sum(one <= found for one in durations) >= share * len(durations)
    assert sum(one < found for one in durations) < share * len(durations)


def test_of_nothing_there_is_no_median():
    assert summary({}, 0).median is None
    assert summary({}, 0).attainment is None


@pytest.fixture
def clock(db):
    topic = TopicFactory(key="deposits")

    def make(metric=Metric.FIRST_REPLY, *, after=30, end=NOON, ticket=None, **values):
        ticket = ticket or TicketFactory(topic=topic, language="ko")
        ticket.clocks.filter(metric=metric, cycle=values.get("cycle", 1)).delete()
        began = values.pop("started_at", end - timedelta(minutes=after))
        return Clock.objects.create(
            ticket=ticket, metric=metric, started_at=began, satisfied_at=end, target_s=900, allowed_s=900, **values
        )

    return make


def rows(measure, day=DAY):
    return {row.language: row.hours for row in SpeedDay.objects.filter(day=day, measure=measure)}


def test_a_day_is_counted_by_the_hour_of_asking(clock):
    clock(after=30)
    clock(after=30, breached_at=NOON)
    clock(after=5)
    measuring.measure_day(DAY)
    assert rows(Measure.FIRST) == {"ko": {"11": [2, {"5": 1, "30": 2}]}}
    assert rows(Measure.FIRST) == rows(Measure.OWN)


def test_counting_again_changes_nothing_and_a_reopened_one_goes(clock):
    first = clock(Metric.RESOLUTION)
    assert measuring.measure_days(DAY, 2) == measuring.measure_days(DAY, 2) == 1
    Clock.objects.filter(pk=first.pk).update(satisfied_at=None, running_since=NOON)
    assert measuring.measure_day(DAY) == 0
    assert not SpeedDay.objects.exists()


def test_what_does_not_count_is_not_counted(clock):
    clock(void_reason="spam")
    clock(end=NOON + timedelta(days=1))
    assert measuring.measure_day(DAY) == 0


def test_an_answer_to_many_is_no_individual_one(clock):
    bulk = clock(via="bulk", after=10)
    clock(Metric.NEXT_REPLY, ticket=bulk.ticket, after=20, end=NOON + timedelta(minutes=50))
    clock(Metric.NEXT_REPLY, ticket=bulk.ticket, after=5, end=NOON + timedelta(hours=3), cycle=2)
    measuring.measure_day(DAY)
    assert rows(Measure.FIRST) == {"ko": {"11": [1, {"10": 1}]}}
    assert rows(Measure.OWN) == {"ko": {"11": [1, {"60": 1}]}}, "from the ticket's beginning, and once"


def test_the_individual_answer_to_one_of_many_is_counted_on_one_day_only(clock):
    bulk = clock(via="bulk")
    clock(Metric.NEXT_REPLY, ticket=bulk.ticket)
    clock(Metric.NEXT_REPLY, ticket=bulk.ticket, end=NOON + timedelta(days=1), cycle=2)
    measuring.measure_days(DAY + timedelta(days=1), 2)
    assert len(rows(Measure.OWN)) == 1
    assert rows(Measure.OWN, DAY + timedelta(days=1)) == {}


def test_who_asked_in_a_surge_is_counted_apart(clock):
    for at, came_from, to in ((40, "watch", "surge"), (20, "surge", "recovery")):
        SurgeTransition.objects.create(came_from=came_from, to=to, why="alarm", at=NOON - timedelta(minutes=at))
    clock(after=50)
    clock(after=30)
    clock(after=10)
    measuring.measure_day(DAY)
    found = {row.is_surge: row.hours["11"] for row in SpeedDay.objects.filter(measure=Measure.FIRST)}
    assert found == {False: [2, {"10": 1, "50": 1}], True: [1, {"30": 1}]}
