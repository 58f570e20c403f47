"""A day played through the router: what it shows, what each assumption does, and what is refused."""

import json
import math
from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.tickets.traces import AGENTS, CRASH, bars, days
from tickets import replay
from tickets.errors import InvalidInput
from tickets.replay import Assumptions, Row, Simulation
from tickets.routing import AgentState

CRASH_ROWS = replay.read_trace(CRASH.read_text(encoding="utf-8").splitlines())
ENGLISH = AgentState(1, {"en": "native", "fr": "assist"})
QUARTER_PAST = 14 * 3600 + 780.0  # when the page of the incident is up
HEADER = ",".join(days.COLUMNS)
LINE = "1,0.0,en,deposits,high,standard,0,0,60.0,0.5,0.5,60.0"


def row(number=1, t=0.0, lang="en", topic="deposits", priority="high", surge=False, incident=False, **more):
    values = {"service_s": 600.0, "u_deflect": 1.0, "u_back": 1.0, "back_delay_s": 60.0} | more
    return Row(number, t, lang, topic, priority, "standard", surge, incident, **values)


def played(rows, people=(ENGLISH,), policy=replay.DESK, incidents=False, **assumed):
    simulation = Simulation(rows, people, policy, Assumptions(**assumed), incidents=incidents)
    return simulation.run()


def command(*arguments):
    out = StringIO()
    call_command("replay_routing", *map(str, arguments), stdout=out)
    return out.getvalue()


# What it must show


def test_the_first_75_minutes_of_a_crash():
    fifo, desk, helped = (
        bars.played(CRASH_ROWS, replay.FIFO), bars.played(CRASH_ROWS), bars.played(CRASH_ROWS, incidents=True)
    )  # fmt: skip
    assert set(bars.missed_on_a_crash(fifo, desk, helped)) <= {"p90"}  # the bar is one of a whole day
    assert desk["by_priority"]["urgent"]["p90"] <= 0.5 * fifo["by_priority"]["urgent"]["p90"]


def test_a_crash_day_that_nothing_was_tuned_on():
    rows = days.crash_day(31)
    reports = (bars.played(rows, replay.FIFO), bars.played(rows), bars.played(rows, incidents=True))
    assert bars.missed_on_a_crash(*reports) == []


def test_on_a_quiet_day_nobody_pays_for_it():
    rows = days.quiet_day(41)
    assert bars.missed_on_a_quiet_day(bars.played(rows, replay.FIFO), bars.played(rows)) == []


def test_the_same_day_is_played_the_same():
    people = replay.read_agents(AGENTS.read_text(encoding="utf-8"), days.LANGUAGES)
    one, other = (played(CRASH_ROWS[:300], order, incidents=True) for order in (people, people[::-1]))
    assert one.assignments == other.assignments
    assert one.answered == other.answered


def test_what_the_router_breaks_is_counted_by_what_the_replay_knows():
    simulation = Simulation([row(1, topic="kyc"), row(2)], [ENGLISH])
    simulation.router.meet = lambda agent: type(simulation.router).meet(  # a router that believes more than is true
        simulation.router, replace(agent, capacity=2, certificates={("kyc", ""): math.inf})
    )
    assert simulation.run().violations == {"capacity": 1, "certificate": 1}


# What each assumption does


def test_a_first_reply_counts_when_it_is_written():
    assert played([row(t=100.0)]).answered == {1: 700.0}


def test_with_the_translation_aid_it_takes_longer():
    assert played([row(lang="fr")]).answered == {1: 600 * 1.35}


def test_who_comes_back_gets_a_shorter_reply_and_does_not_come_again():
    """The second ticket waits for the further reply to the first: 600 s, back after 60 s, then 300 s."""
    answered = played([row(1, u_back=0.34), row(2, t=665.0)]).answered
    assert answered == {1: 600.0, 2: 660.0 + 300.0 + 600.0}
    assert played([row(1, u_back=0.35), row(2, t=665.0)]).answered[2] == 665.0 + 600.0


def test_oldest_first_knows_no_class_and_helps_only_where_nobody_speaks_the_language():
    waiting = [row(1), row(2, t=1.0, priority="low"), row(3, t=2.0, priority="urgent")]
    assert list(played(waiting, policy=replay.FIFO).answered) == [1, 2, 3]
    assert list(played(waiting).answered) == [1, 3, 2]
    french = AgentState(2, {"fr": "native"})
    both = [row(1, lang="fr"), row(2, lang="fr")]
    assert played(both, [ENGLISH, french], replay.FIFO).answered[2] == 1200.0
    assert played(both, [ENGLISH], replay.FIFO).answered == {1: 810.0, 2: 1620.0}
    long = [row(1, lang="fr", service_s=700.0), row(2, lang="fr")]
    assert played(long, [ENGLISH, french]).answered[2] == 600.0 + 810.0  # helped after ten minutes


def test_what_is_unanswered_in_the_end_is_missed_and_waited_so_long():
    simulation = Simulation([row(), row(2, t=90_000.0)], [], assumptions=Assumptions(horizon=100_000.0))
    simulation.run()
    figures = replay.report(simulation)["all"]
    assert figures == {"n": 1, "p50": 1666.7, "p90": 1666.7, "max": 1666.7, "attainment": 0.0}


def test_what_comes_after_the_end_is_not_counted():
    simulation = Simulation([row(), row(2, t=1000.0)], [ENGLISH], assumptions=Assumptions(horizon=900.0))
    simulation.run()
    assert replay.report(simulation)["all"]["n"] == 1


def test_in_time_is_up_to_the_target():
    simulation = Simulation([row(priority="urgent", service_s=900.0)], [ENGLISH])
    simulation.run()
    assert replay.report(simulation)["by_priority"]["urgent"]["attainment"] == 100.0
    late = Simulation([row(priority="urgent", service_s=900.1)], [ENGLISH])
    late.run()
    assert replay.report(late)["by_priority"]["urgent"]["attainment"] == 0.0


@pytest.mark.parametrize(
    ("t", "surge", "incident", "draw", "is_asked"),
    [
        (QUARTER_PAST, True, True, 0.24, False),
        (QUARTER_PAST, True, True, 0.25, True),
        (QUARTER_PAST, True, False, 0.09, False),
        (QUARTER_PAST, True, False, 0.10, True),
        (QUARTER_PAST, False, False, 0.0, True),
        (QUARTER_PAST - 1, True, True, 0.0, True),
    ],
)
def test_some_read_the_page_of_the_incident_and_ask_nothing(t, surge, incident, draw, is_asked):
    asked = [row(t=t, surge=surge, incident=incident, u_deflect=draw)]
    assert played(asked, incidents=True).deflected == (set() if is_asked else {1})
    assert played(asked).deflected == set()


def test_one_answer_goes_to_all_of_the_incident_in_english_first_then_to_others_and_to_late_ones():
    at = 14 * 3600 + 60.0
    rows = [row(number, at, incident=True, surge=True, lang=lang) for number, lang in ((1, "en"), (2, "fr"))]
    late = row(3, QUARTER_PAST + 901.0, incident=True, surge=True)
    outcome = played([*rows, late], [], incidents=True, match_recall=1.0)
    assert outcome.answered == {1: QUARTER_PAST + 900, 2: QUARTER_PAST + 1500, 3: QUARTER_PAST + 1200}
    assert outcome.together == {1, 2, 3}
    assert played(rows, [], incidents=True, match_recall=0.0).answered == {}


def test_who_comes_back_after_it_is_work_for_one_agent():
    crash = row(1, 14 * 3600 + 60.0, incident=True, surge=True, u_back=0.44, back_delay_s=300.0)
    other = row(2, QUARTER_PAST + 1001.0)
    busy = [row(3, 14 * 3600, service_s=1700.0)]
    outcome = played([crash, other, *busy], incidents=True, match_recall=1.0)
    assert outcome.together == {1}
    assert outcome.answered[2] == QUARTER_PAST + 1000 + 600 + 600  # behind the return, 300 / 3 s after the answer


def test_who_gets_an_answer_to_something_else_is_still_waiting():
    rows = [row(number, 14 * 3600 + 60.0, surge=True, incident=number == 1) for number in (1, 2)]
    outcome = played(rows, [], incidents=True, match_recall=1.0, match_precision=0.5)
    assert (outcome.answered.keys(), outcome.misled) == ({1}, {2})


@pytest.mark.parametrize(
    ("field", "value"),
    [("match_recall", 1.1), ("follow_up_share", -0.1), ("tick", 0), ("match_precision", 0), ("capacity", 0)],
)
def test_an_assumption_that_cannot_be_is_refused(field, value):
    with pytest.raises(InvalidInput) as caught:
        Assumptions(**{field: value})
    assert caught.value.field == field


# The command


def test_the_command_prints_its_contract():
    shown = json.loads(command(CRASH, AGENTS, "--policy", "fifo", "--json", "--scored-until", 49_800))
    assert shown["policy"] == "fifo"
    assert list(shown["by_priority"]) == ["urgent", "high", "normal", "low"]
    assert {"n", "p50", "p90", "attainment"} <= shown["by_priority"]["urgent"].keys()
    assert shown["by_language"].keys() == {row.lang for row in CRASH_ROWS if row.t < 49_800}
    assert shown["violations"] == {"capacity": 0, "certificate": 0}
    assert shown["assumptions"]["scored_until"] == 49_800


def test_the_command_prints_a_table_with_every_assumption():
    shown = command(CRASH, AGENTS, "--incidents", "--promises", "--horizon", 50_700, "--aid-factor", 1.5)
    assert "desk with incidents" in shown
    assert "aid_factor 1.5" in shown
    assert "violations: capacity 0, certificate 0" in shown
    assert "ramp urgent" in shown


@pytest.mark.parametrize(
    ("trace", "said"),
    [
        ("", "lacks these columns"),
        (HEADER.replace("u_back", "back") + "\n", "lacks these columns: u_back"),
        (f"{HEADER}\n{LINE}\n{LINE}\n", "Line 3 of the trace cannot be read: id 1 twice"),
        (f"{HEADER}\n{LINE.replace('high', 'hihg')}\n", "Line 2 of the trace"),
        (f"{HEADER}\n{LINE.replace('60.0', 'long')}\n", "Line 2 of the trace"),
        (f"{HEADER}\n{LINE.replace('60.0', 'nan')}\n", "Line 2 of the trace"),
        (f"{HEADER}\n1,2\n", "Line 2 of the trace"),
    ],
)
def test_a_trace_that_cannot_be_read_is_refused_with_its_place(tmp_path, trace, said):
    (tmp_path / "trace.csv").write_text(trace, encoding="utf-8")
    with pytest.raises(CommandError, match=said):
        command(tmp_path / "trace.csv", AGENTS)


@pytest.mark.parametrize("agents", ["[", "{}", '[{"id": 1}]', '[{"id": "x", "langs": [], "certs": []}]', "[1]", "[]"])
def test_agents_that_cannot_be_read_are_refused(tmp_path, agents):
    (tmp_path / "agents.json").write_text(agents, encoding="utf-8")
    with pytest.raises(CommandError, match="agents"):
        command(CRASH, tmp_path / "agents.json")


def test_a_file_that_is_not_there_and_a_policy_that_cannot_be_are_refused(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        command(tmp_path / "nothing.csv", AGENTS)
    with pytest.raises(CommandError, match="guard"):
        command(CRASH, AGENTS, "--guard-every", 1)
