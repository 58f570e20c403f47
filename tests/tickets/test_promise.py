"""The wait that is promised: what makes it longer and shorter, and whether promises came true on played days."""

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tickets.traces import AGENTS, CRASH, days
from tickets import promises, replay
from tickets.promises import BUCKETS, Desk, Wait
from tickets.replay import Simulation
from tickets.routing import AgentState, RoutingPolicy, Waiting

POLICY = RoutingPolicy()
NOW = 1_000_000.0
HOUR = 3600


def ticket(number=1, language="en", priority="normal", skill="", **more):
    return Waiting(number, language, skill, priority, NOW, **more)


def agent(number=1, *languages, certificates=(), assists=(), **more):
    levels = dict.fromkeys(assists, "assist") | dict.fromkeys(languages or ("en",), "native")
    return AgentState(number, levels, {(skill, ""): math.inf for skill in certificates}, **{"load": 1} | more)


def desk(agents, waiting=(), arrivals=None, usual=None):
    return Desk(NOW, agents, waiting, arrivals or {}, usual or {}, pace=600.0, writing=600.0, writing_long=840.0)


def waited(wanted, *facts, **more):
    return promises.estimate(wanted, desk(*facts, **more), POLICY)


def estimate(wanted, *facts, **more):
    return waited(wanted, *facts, **more).mean


def queued(number, **more):
    return [ticket(each, **more) for each in range(2, 2 + number)]


@settings(max_examples=100, deadline=None)
@given(st.floats(60, 48 * 3600), st.floats(0.01, 1.5))
def test_a_promise_is_the_shortest_step_that_is_likely_enough(mean, variation):
    wait = Wait(mean, mean * variation)
    shown = promises.shown(wait) or math.inf
    assert all(wait.chance(step) < promises.CHANCE for step in BUCKETS if step < shown)
    assert shown == math.inf or (shown in BUCKETS and wait.chance(shown) >= promises.CHANCE)


@settings(max_examples=60, deadline=None)
@given(st.floats(60, 10**5), st.floats(0, 2), st.floats(60, 10**6), st.floats(1, 10))
def test_more_time_makes_a_reply_more_likely(mean, variation, seconds, more):
    wait = Wait(mean, mean * variation)
    assert 0 <= wait.chance(seconds) <= wait.chance(seconds * more) <= 1


def test_the_chance_is_that_of_a_log_normal_wait():
    """Written in 300 s on average with a standard deviation of 180 s: four of five within 410 s."""
    assert Wait(300, 180).chance(410) == pytest.approx(0.8, abs=0.005)


def test_what_came_lately_is_counted_over_as_long_as_it_took_within_bounds():
    every_minute = [NOW - 60 * back for back in range(200, 0, -1)]
    every_second = [NOW - back for back in range(200, 0, -1)]
    every_five = [NOW - 5 * back for back in range(200, 0, -1)]
    assert promises.lately(every_minute, NOW) == promises.lately([], NOW) == 30 * 60
    assert promises.lately(every_second, NOW) == 5 * 60
    assert promises.lately(every_five, NOW) == 5 * promises.ENOUGH


def test_work_of_a_class_takes_as_long_as_that_of_its_class():
    waiting = queued(9, priority="urgent")
    quick, slow = ({"urgent": seconds} for seconds in (300.0, 900.0))
    here = replace(desk([agent()], waiting), paces=quick)
    there = replace(desk([agent()], waiting), paces=slow)
    longer = promises.estimate(ticket(), there, POLICY).mean - promises.estimate(ticket(), here, POLICY).mean
    assert longer == pytest.approx(9 * 600, abs=3)


def test_beyond_a_day_there_is_no_number():
    assert promises.shown(Wait(26 * 3600)) is None
    assert promises.shown(promises.NEVER) is None


def test_with_somebody_free_it_is_the_time_to_write():
    assert estimate(ticket(), [agent(load=0)], queued(5, language="ko")) == 600.0


def test_a_desk_that_answers_at_once_promises_the_shortest_time():
    at_once = Desk(NOW, [agent(load=0)], (), {}, {}, pace=1.0, writing=0.0, writing_long=0.0)
    assert promises.shown(promises.estimate(ticket(), at_once, POLICY)) == promises.BUCKETS[0]


def test_what_waits_before_it_is_worked_off_first():
    """Ten before it, itself, ten minutes each, two agents: 55 minutes, and the reply to write."""
    assert estimate(ticket(), [agent(1), agent(2)], queued(10)) == pytest.approx(3300 + 600, abs=3)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 60), st.integers(1, 8), st.sampled_from(["urgent", "high", "normal", "low"]))
def test_more_waiting_makes_it_longer_and_more_agents_shorter(number, working, priority):
    agents = [agent(each) for each in range(working)]
    here = estimate(ticket(), agents, queued(number, priority=priority))
    assert estimate(ticket(), agents, queued(number + 1, priority=priority)) >= here
    assert estimate(ticket(), [*agents, agent(99)], queued(number, priority=priority)) <= here


def test_a_higher_class_waits_shorter():
    waits = [
        estimate(ticket(priority=each), [agent()], queued(9, priority="high"))
        for each in ("urgent", "high", "normal", "low")
    ]
    assert waits == sorted(waits)
    assert waits[0] < waits[1]


def test_lower_classes_count_once_they_will_have_aged_before_it():
    soon = ticket(2, priority="normal", due=NOW + 60)
    later = replace(soon, due=NOW + 7200)
    assert estimate(ticket(priority="high"), [agent()], [soon]) > estimate(ticket(priority="high"), [agent()], [later])


def test_what_others_do_does_not_count():
    korean = [agent(1), agent(2, "ko")]
    assert estimate(ticket(), korean, queued(9, language="ko")) == estimate(ticket(), korean)


def test_holders_of_a_certificate_are_busy_with_what_only_they_may_take():
    """Nine wait for the holder: the other agent is as soon free for a ticket without a certificate as alone."""
    both = [agent(1, certificates=["kyc"]), agent(2)]
    waiting = queued(9, skill="kyc")
    assert estimate(ticket(), both, waiting) == pytest.approx(estimate(ticket(), [agent(2)]), abs=2)


def test_a_surge_makes_it_longer_and_is_expected_to_fade():
    rates = {("en", "", "urgent"): 1 / 600}  # as fast as one agent writes: without fading it would never end
    steady = estimate(ticket(), [agent()], queued(3), arrivals=rates, usual=rates)
    fading = estimate(ticket(), [agent()], queued(3), arrivals=rates)
    assert estimate(ticket(), [agent()], queued(3)) < fading < steady
    assert steady > 24 * HOUR


def test_what_is_usual_counts_also_when_nothing_came_just_now():
    usual = {("en", "", "urgent"): 1 / 1200}
    assert estimate(ticket(), [agent()], queued(3), usual=usual) > estimate(ticket(), [agent()], queued(3))


def test_where_nobody_speaks_the_language_those_with_the_aid_count():
    helper = agent(1, "en", assists=["fr"], certificates=["kyc"])
    assert estimate(ticket(language="fr", skill="kyc"), [helper]) < math.inf


@pytest.mark.parametrize(
    "agents", [[], [agent(1, "ko")], [agent(is_accepting=False)]], ids=["nobody", "language", "away"]
)
def test_where_nobody_can_answer_there_is_no_promise(agents):
    assert estimate(ticket(), agents) == math.inf


def test_a_certificate_that_nobody_holds_is_no_promise():
    assert estimate(ticket(skill="kyc"), [agent(1)]) == math.inf


def played(rows, agents=None):
    people = agents or replay.read_agents(AGENTS.read_text(encoding="utf-8"), days.LANGUAGES)
    simulation = Simulation(rows, people, promises=True)
    simulation.run()
    return replay.report(simulation)["promises"]


def test_on_a_quiet_day_four_of_five_promises_are_kept_and_they_are_sharp():
    for figures in played([row for row in days.quiet_day(51) if row.t < 10 * 3600])["calm"].values():
        assert figures["kept"] >= 75
        assert figures["sharpness"] <= 2
        assert figures["beyond"] == 0


def test_on_a_crash_urgent_promises_are_kept_once_the_first_half_hour_is_over():
    figures = played(replay.read_trace(CRASH.read_text(encoding="utf-8").splitlines()))["surge"]["urgent"]
    assert figures["kept"] >= 75
    assert figures["sharpness"] <= 2


def test_who_can_get_no_number_is_counted_apart():
    rows = [each for each in days.quiet_day(51) if each.t < 3600]
    english = [AgentState(1, {"en": "native"})]
    figures = played(rows, english)["calm"]["normal"]
    able = sum(row.lang == "en" and row.topic not in ("kyc", "api", "security", "liquidation") for row in rows
               if row.priority == "normal")  # fmt: skip
    assert figures["n"] - figures["beyond"] <= able
    assert figures["beyond"] > 0
