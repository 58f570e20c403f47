"""Rules of the clocks that hold for any history, and working time counted a second way."""

import random
from dataclasses import asdict, replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tickets import offices
from tests.tickets.happenings import HIGH, MIXED, at, gaps, histories
from tickets import sla
from tickets.calendars import Calendar
from tickets.enums import FAR, Metric, Status
from tickets.policies import Policies, Policy
from tickets.sla import Clock, Happening, State

# Working time, counted a second way


@pytest.mark.parametrize("zone", offices.ZONES)
def test_the_clock_counts_what_a_count_of_minutes_counts(zone):
    """Created, pending, answered by the customer, looked at: 63 random cases in each of 8 zones, to the second."""
    chance = random.Random(zone)
    for _number in range(63):
        start = offices.random_moment(chance, zone)
        office = offices.random_office(chance, zone, start)
        paused, resumed, looked = sorted(start + timedelta(minutes=chance.randrange(1800)) for _moment in range(3))
        target = chance.randrange(1, 900)
        expected = counted(office, start, paused, resumed, looked, target)
        assert resolution(office, start, paused, resumed, looked, target) == expected, office


def resolution(office, start, paused, resumed, looked, target):
    """Seconds used up, and when it was broken, by the desk's clock."""
    policies = Policies((Policy("only", {"high": {"resolution": target * 60}}, {"*": "office"}),), {})
    policies = replace(policies, calendars={"office": Calendar.from_dict(office)})
    happenings = [
        Happening(start, "created", "customer", HIGH),
        Happening(paused, "status", status="pending"),
        Happening(resumed, "public_reply", "customer"),
    ]
    (clock,) = sla.seen(sla.replay(happenings, policies), looked, policies).clocks
    return clock.elapsed_s, clock.breached_at


def counted(office, start, paused, resumed, looked, target):
    """The same by looking at each minute; a breach needs a moment after the last minute that was allowed."""
    used, due = 0, None
    for since, until in ((start, paused), (resumed, looked)):
        for minute, works in enumerate(offices.working_minutes(office, since, until), 1):
            used += works
            if works and used == target:
                due = since + timedelta(minutes=minute)
        if due == until:  # stopped in the very moment: nothing is broken, and it is due again when it goes on
            due = resumed if until == paused and looked > resumed else None
    return used * 60, due


# Rules that always hold


def stored(standing):
    """As it comes back from rows, where words are plain text."""
    rows = [
        {**asdict(clock), "metric": str(clock.metric), "void_reason": str(clock.void_reason)}
        for clock in standing.clocks
    ]
    return replace(standing, status=str(standing.status), clocks=tuple(Clock(**row) for row in rows))


@given(histories())
def test_from_the_beginning_or_one_by_one_is_the_same(history):
    standing = None
    for happening in history:
        standing = stored(sla.after(standing, happening, MIXED))
    assert standing == sla.replay(history, MIXED)


@given(histories())
def test_a_warning_that_was_not_stored_is_found_again(history):
    standing = sla.replay(history, MIXED)
    bare = replace(standing, clocks=tuple(replace(clock, warn_at=None) for clock in standing.clocks))
    note = Happening(history[-1].at, "internal_note")
    assert sla.after(bare, note, MIXED) == sla.after(standing, note, MIXED)
    assert sla.seen(bare, at(50_000), MIXED) == sla.seen(standing, at(50_000), MIXED)


@given(histories(), st.lists(gaps, min_size=9, max_size=9))
def test_when_somebody_looks_makes_no_difference(history, looks):
    standing, end = None, history[-1].at + timedelta(days=3)
    for happening, later, look in zip(history, [*history[1:], None], looks, strict=False):
        standing = sla.after(standing, happening, MIXED)
        moment = min(happening.at + timedelta(seconds=look), later.at if later else end)
        standing = sla.seen(standing, moment, MIXED)
    assert sla.seen(standing, end, MIXED) == sla.seen(sla.replay(history, MIXED), end, MIXED)


@given(histories())
def test_a_breach_is_never_cured_and_a_clock_is_met_in_time_only(history):
    standing, broken = None, {}
    for happening in history:
        standing = sla.after(standing, happening, MIXED)
        now = {(clock.metric, clock.cycle): clock.breached_at for clock in standing.clocks}
        assert all(now[key] and now[key] <= moment for key, moment in broken.items())
        broken = {key: moment for key, moment in now.items() if moment}
    for clock in standing.clocks:
        if clock.state(history[-1].at) == State.MET and clock.due_at:
            assert clock.satisfied_at <= clock.due_at
        assert clock.breached_at is None or clock.breached_at <= history[-1].at


@given(histories())
def test_one_reply_at_most_is_owed_and_only_to_somebody_who_waits(history):
    standing = sla.replay(history, MIXED)
    owed = [clock for clock in standing.clocks if clock.is_live and clock.metric != Metric.RESOLUTION]
    assert len(owed) <= 1
    assert not owed or standing.unanswered_since
    running = [clock.due_at for clock in standing.clocks if clock.is_running]
    assert standing.next_due_at == min(running, default=FAR)


@given(histories(), st.integers(0, 100_000), st.integers(0, 200_000))
def test_a_pause_ends_nothing_earlier(history, before, long):
    standing = sla.replay(history, MIXED)
    if standing.status == Status.SPAM:
        return
    pause = history[-1].at + timedelta(seconds=before)
    rested = sla.after(standing, Happening(pause, "status", status="pending"), MIXED)
    rested = sla.after(rested, Happening(pause + timedelta(seconds=long), "status", status="open"), MIXED)
    for clock, other in zip(standing.clocks, rested.clocks, strict=True):
        # What was broken before counts from then, also when it was promised for later meanwhile.
        assert not clock.is_running or other.due_at >= (clock.breached_at or clock.due_at)


@settings(max_examples=60)
@given(offices.calendars, offices.moments, st.integers(1, 300_000), st.integers(0, 300_000))
def test_a_longer_promise_is_due_no_earlier(calendar, moment, target, more):
    def due(seconds):
        policies = Policies((Policy("only", {"high": {"resolution": seconds}}, {"*": "office"}),), {"office": calendar})
        return sla.replay([Happening(moment, "created", "customer", HIGH)], policies).clocks[0].due_at

    assert due(target) <= due(target + more)


@given(histories())
def test_a_warning_comes_before_the_end(history):
    for clock in sla.replay(history, MIXED).clocks:
        assert (clock.warn_at is None) == (not clock.is_running)
        assert not clock.is_running or clock.warn_at <= clock.due_at
