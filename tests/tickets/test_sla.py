"""The clocks of a ticket: examples with every field, what people do to a ticket, and rules that always hold."""

import json
import random
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tickets import offices
from tickets import sla, sla_vectors
from tickets.calendars import ROUND_THE_CLOCK, Calendar
from tickets.enums import FAR, Metric, Priority, Status
from tickets.management.commands.check_sla import Command
from tickets.sla import Clock, Facts, Happening, Policies, Policy, State

FILE = Path(__file__).parent / "sla_vectors.json"
VECTORS = json.loads(FILE.read_text(encoding="utf-8"))["vectors"]
TEN = datetime(2026, 11, 16, 10, tzinfo=UTC)  # a Monday
HIGH = Facts("high")
METRICS = tuple(Metric)


def at(minutes):
    return TEN + timedelta(minutes=minutes)


def created(facts=HIGH, by="customer"):
    return Happening(TEN, "created", by, facts)


def reply(minutes, by="agent", **more):
    return Happening(at(minutes), "public_reply", by, **more)


def message(minutes):
    return reply(minutes, "customer")


def status(minutes, to):
    return Happening(at(minutes), "status", "agent", status=to)


def change(minutes, **facts):
    return Happening(at(minutes), "change", "agent", replace(HIGH, **facts))


def clocks(*happenings, policies=sla.DEFAULT, until=10_000):
    """The last clock of each metric, as it looks in the end."""
    standing = sla.seen(sla.replay(happenings, policies), at(until), policies)
    return standing, {clock.metric: clock for clock in standing.clocks}


@pytest.mark.parametrize("vector", VECTORS, ids=[f"{vector['id']} {vector['title']}" for vector in VECTORS])
def test_an_example_agrees_in_every_field(vector):
    assert sla_vectors.mismatches(vector) == []


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


# What people do to a ticket


def test_a_new_ticket_is_promised_a_first_reply_and_a_resolution():
    standing = sla.replay([created()])
    assert [(clock.metric, clock.due_at) for clock in standing.clocks] == [
        ("first_reply", at(60)),
        ("resolution", at(1440)),
    ]
    assert (standing.status, standing.unanswered_since, standing.created_at) == ("new", TEN, TEN)
    assert (standing.is_answered, standing.next_due_at) == (False, at(60))


@pytest.mark.parametrize(
    ("priority", "minutes"),
    [("urgent", (15, 30, 240)), ("high", (60, 120, 1440)), ("normal", (240, 480, 4320)), ("low", (480, 960, 10080))],
)
def test_each_priority_has_its_targets(priority, minutes):
    promised = tuple(sla.DEFAULT.promise(Facts(priority), metric) for metric in METRICS)
    assert promised == tuple((of * 60, "24x7") for of in minutes)


def test_a_ticket_that_an_agent_opens_awaits_no_first_reply():
    standing, _last = clocks(created(by="agent"), until=0)
    assert (standing.status, standing.is_answered, standing.unanswered_since) == ("open", True, None)
    assert [clock.metric for clock in standing.clocks] == ["resolution"]
    assert sla.replay([created(by="agent"), status(1, "pending"), status(2, "pending")]).clocks[0].elapsed_s == 60
    _standing, last = clocks(created(by="agent"), message(5))
    assert last["next_reply"].started_at == at(5)


def test_one_cycle_runs_from_the_oldest_message_that_is_not_answered():
    standing, _last = clocks(created(), reply(10), message(20), message(30), reply(40), message(50))
    cycles = [clock for clock in standing.clocks if clock.metric == Metric.NEXT_REPLY]
    assert [(clock.cycle, clock.started_at, clock.satisfied_at) for clock in cycles] == [
        (1, at(20), at(40)),
        (2, at(50), None),
    ]
    assert standing.unanswered_since == at(50)


def test_messages_before_the_first_reply_start_no_cycle():
    standing, last = clocks(created(), message(5), until=10)
    assert (list(last), standing.unanswered_since) == (["first_reply", "resolution"], TEN)


@pytest.mark.parametrize("kind", ["auto_ack", "bot_reply", "internal_note"])
def test_what_no_person_writes_to_the_customer_answers_nothing(kind):
    before = sla.replay([created(), reply(10), message(20)])
    assert sla.after(before, Happening(at(30), kind)) == before


def test_a_reply_to_many_stops_the_clock_and_says_so():
    _standing, last = clocks(created(), reply(10, via="bulk"), message(20), reply(30))
    assert (last["first_reply"].state(at(30)), last["first_reply"].via, last["next_reply"].via) == ("met", "bulk", "")


@pytest.mark.parametrize(
    ("before", "then"),
    [("open", "open"), ("on_hold", "open"), ("pending", "pending"), ("solved", "solved"), ("closed", "closed")],
)
def test_where_a_reply_leaves_the_ticket(before, then):
    assert sla.replay([created(), reply(1), status(2, before), reply(3)]).status == then


@pytest.mark.parametrize(
    ("before", "then"),
    [("open", "open"), ("on_hold", "open"), ("pending", "open"), ("solved", "open"), ("closed", "closed")],
)
def test_where_a_customers_message_leaves_the_ticket(before, then):
    assert sla.replay([created(), reply(1), status(2, before), message(3)]).status == then


def test_a_new_ticket_stays_new_until_somebody_moves_it():
    assert sla.replay([created(), message(5)]).status == "new"
    assert sla.replay([created(), Happening(at(5), "internal_note"), status(6, "on_hold")]).status == "on_hold"


def test_the_resolution_rests_while_we_wait_and_goes_on_with_what_is_left():
    paused = sla.replay([created(), reply(10), status(10, "pending")])
    clock = paused.clocks[1]
    assert (clock.state(at(20)), clock.elapsed_s, clock.due_at, clock.warn_at) == ("paused", 600, None, None)
    assert paused.next_due_at == FAR
    assert sla.after(paused, message(100)).clocks[1].due_at == at(1440 + 90)


def test_the_resolution_goes_on_while_the_ticket_is_on_hold():
    _standing, last = clocks(created(), reply(10), status(10, "on_hold"), until=60)
    assert (last["resolution"].state(at(60)), last["resolution"].elapsed_s) == ("running", 3600)


def test_solving_stops_the_resolution_and_reopening_lets_it_go_on():
    solved, last = clocks(created(), reply(10), status(20, "solved"))
    assert (last["resolution"].state(at(30)), last["resolution"].satisfied_at) == ("met", at(20))
    assert solved.next_due_at == FAR
    _standing, last = clocks(created(), reply(10), status(20, "solved"), message(100), until=110)
    assert (last["resolution"].state(at(110)), last["resolution"].elapsed_s) == ("running", 30 * 60)
    assert (last["resolution"].due_at, last["next_reply"].started_at) == (at(1440 + 80), at(100))


def test_a_lead_who_reopens_owes_no_reply():
    _standing, last = clocks(created(), reply(10), status(20, "solved"), status(100, "open"), until=110)
    assert (last["resolution"].state(at(110)), "next_reply" in last) == ("running", False)


def test_closing_changes_nothing_any_more():
    solved = sla.replay([created(), reply(10), status(20, "solved")])
    closed = sla.after(solved, status(5000, "closed"))
    assert closed == replace(solved, status="closed")
    assert sla.after(closed, message(6000)) == closed


def test_solving_without_a_reply_makes_the_promise_of_one_void():
    standing, last = clocks(created(), status(20, "solved"))
    assert (last["first_reply"].void_reason, last["first_reply"].elapsed_s) == ("solved_without_reply", 1200)
    assert (standing.unanswered_since, standing.is_answered) == (None, False)


def test_a_question_after_that_is_promised_a_next_reply():
    standing, last = clocks(created(), status(20, "solved"), message(30), reply(40))
    assert (last["next_reply"].started_at, last["next_reply"].satisfied_at) == (at(30), at(40))
    assert (last["first_reply"].state(at(40)), standing.is_answered) == ("void", True)


def test_a_clock_that_was_broken_goes_on_due_when_it_was_broken():
    broken = [created(), reply(10), status(1500, "pending")]
    assert sla.replay(broken).clocks[1].breached_at == at(1440)
    _standing, last = clocks(*broken, message(2000), until=2010)
    assert (last["resolution"].state(at(2010)), last["resolution"].due_at) == ("breached_running", at(1440))
    _standing, last = clocks(*broken, message(2000), reply(2005), status(2005, "solved"))
    assert (last["resolution"].state(at(2010)), last["resolution"].breached_at) == ("breached", at(1440))


def test_spam_makes_all_promises_void_and_keeps_those_that_ended():
    standing, last = clocks(created(), reply(10), message(20), status(30, "spam"))
    assert {metric: clock.state(at(40)) for metric, clock in last.items()} == {
        "first_reply": "met",
        "resolution": "void",
        "next_reply": "void",
    }
    assert (last["next_reply"].void_reason, standing.next_due_at) == ("spam", FAR)


def test_what_is_no_spam_after_all_goes_on_with_the_time_that_it_had():
    _standing, last = clocks(created(), reply(10), message(20), status(30, "spam"), status(1000, "open"), until=1010)
    assert (last["next_reply"].state(at(1010)), last["next_reply"].elapsed_s) == ("running", 20 * 60)
    assert (last["next_reply"].due_at, last["resolution"].due_at) == (at(1000 + 110), at(1000 + 1410))


def test_what_rested_before_the_spam_rests_again():
    _standing, last = clocks(created(), reply(10), status(20, "pending"), status(30, "spam"), status(1000, "pending"))
    assert (last["resolution"].state(at(1010)), last["resolution"].elapsed_s) == ("paused", 20 * 60)


def test_a_message_among_the_spam_waits_since_it_came():
    happenings = [created(), reply(10), status(30, "spam"), message(40)]
    assert sla.replay(happenings).status == "spam"
    _standing, last = clocks(*happenings, status(50, "open"))
    assert last["next_reply"].started_at == at(40)


def test_spam_that_was_answered_after_all_owes_no_reply():
    _standing, last = clocks(created(), status(10, "spam"), reply(20), status(30, "open"), until=40)
    assert (last["first_reply"].state(at(40)), last["resolution"].state(at(40))) == ("void", "running")


def merge(minutes, created_at, unanswered_since):
    return Happening(
        at(minutes), "received_merge", source_created_at=at(created_at),
        source_unanswered_since=None if unanswered_since is None else at(unanswered_since),
    )  # fmt: skip


def test_a_merged_ticket_ends_with_its_clocks():
    standing, last = clocks(created(), Happening(at(10), "merged_into"))
    assert (standing.status, {clock.void_reason for clock in last.values()}) == ("merged", {"merged"})
    assert sla.after(standing, message(20)) == standing
    assert sla.after(standing, status(20, "open")).clocks == standing.clocks


def test_a_younger_ticket_that_is_merged_in_changes_no_first_reply():
    before = sla.replay([created()])
    assert sla.after(before, merge(30, 20, 20)) == before


def test_the_wait_of_an_older_ticket_is_broken_in_the_past():
    _standing, last = clocks(created(), merge(30, -90, -90), until=31)
    first = last["first_reply"]
    assert (first.started_at, first.due_at, first.breached_at, first.elapsed_s) == (at(-90), at(-30), at(-30), 121 * 60)


def test_an_answered_ticket_takes_over_the_message_that_waits():
    standing, last = clocks(created(), reply(10), merge(40, -90, 20), until=50)
    assert (last["next_reply"].started_at, last["next_reply"].elapsed_s) == (at(20), 30 * 60)
    assert (standing.unanswered_since, last["first_reply"].started_at) == (at(20), TEN)


def test_a_breach_moves_back_with_the_wait_that_is_merged_in():
    standing = sla.replay([created(), status(70, "open"), merge(80, -90, -90)])
    assert (standing.clocks[0].due_at, standing.clocks[0].breached_at) == (at(-30), at(-30))


def test_what_is_merged_into_spam_waits_until_it_is_restored():
    happenings = [created(), reply(10), status(20, "spam"), merge(30, 0, 15)]
    assert sla.replay(happenings).next_due_at == FAR
    _standing, last = clocks(*happenings, status(40, "open"))
    assert last["next_reply"].started_at == at(15)


def test_the_older_of_two_messages_counts():
    _standing, last = clocks(created(), reply(10), message(30), merge(40, 15, 20))
    assert (last["next_reply"].cycle, last["next_reply"].started_at, last["next_reply"].due_at) == (1, at(20), at(140))


@pytest.mark.parametrize("before", ["pending", "solved"])
def test_a_message_that_is_merged_in_reopens(before):
    assert sla.replay([created(), reply(10), status(15, before), merge(40, 20, 20)]).status == "open"
    assert sla.replay([created(), reply(10), status(15, before), merge(40, 20, None)]).status == before


# Other facts, other promises


def test_raising_the_priority_promises_from_now_and_never_later():
    _standing, last = clocks(created(), change(50, priority="urgent"), until=51)
    assert (last["first_reply"].target_s, last["first_reply"].due_at) == (900, at(60))
    _standing, last = clocks(created(), change(20, priority="urgent"), until=21)
    assert last["first_reply"].due_at == at(35)


def test_lowering_the_priority_takes_nothing_back():
    late = [created(Facts("normal")), change(200, priority="urgent"), change(201, priority="high")]
    _standing, last = clocks(*late, until=202)
    assert (last["first_reply"].due_at, last["first_reply"].breached_at) == (at(215), None)


def test_a_breach_is_not_cured_by_a_longer_promise():
    _standing, last = clocks(created(), change(90, priority="low"), reply(100))
    assert (last["first_reply"].state(at(100)), last["first_reply"].breached_at) == ("breached", at(60))


def test_a_clock_that_rests_gets_its_new_promise():
    _standing, last = clocks(
        created(), reply(10), status(10, "pending"), change(20, priority="urgent"), message(30), until=31
    )
    assert (last["resolution"].allowed_s, last["resolution"].due_at) == (250 * 60, at(30 + 240))


def test_a_promise_that_changed_while_solved_holds_when_reopened():
    _standing, last = clocks(
        created(), reply(10), status(10, "solved"), change(20, priority="urgent"), message(30), until=31
    )
    assert (last["resolution"].target_s, last["resolution"].due_at) == (240 * 60, at(30 + 240))


SOME = Policies((Policy("some", {"high": {"first_reply": 600, "next_reply": 600}}),))


def test_nothing_is_promised_without_a_target():
    assert sla.replay([created(Facts("low"))], SOME).clocks == ()
    assert sla.replay([created()], Policies(())).clocks == ()


def test_a_promise_that_is_made_later_counts_from_then():
    standing = sla.replay([created(Facts("low")), change(30)], SOME)
    assert [(clock.metric, clock.due_at) for clock in standing.clocks] == [("first_reply", at(40))]
    standing = sla.replay([created(Facts("low")), reply(5), message(10), change(30)], SOME)
    assert [(clock.metric, clock.due_at) for clock in standing.clocks] == [("next_reply", at(40))]
    assert sla.replay([created(Facts("low")), reply(5), change(30)], SOME).clocks == ()


def test_a_promise_that_was_made_stands_where_none_is_made_now():
    before = sla.replay([created()], SOME)
    assert sla.after(before, change(5, priority="low"), SOME).clocks == before.clocks


def test_the_rest_counts_in_the_new_calendar():
    office = {"tz": "UTC", "hours": {str(day): [["09:00", "10:30"]] for day in range(7)}}
    policies = Policies.from_dicts(
        [
            {
                "name": "ko",
                "match": {"language": ["ko"]},
                "calendar": "office",
                "targets": {"high": {"first_reply": 60}},
            },
            {"name": "rest", "targets": {"high": {"first_reply": 60}}},
        ],
        {"office": office},
    )
    standing = sla.replay([created(replace(HIGH, language="ko")), change(40, language="en")], policies)
    assert (standing.clocks[0].calendar, standing.clocks[0].elapsed_s) == ("24x7", 30 * 60)
    assert standing.clocks[0].due_at == at(70)


def test_the_first_policy_that_fits_decides():
    policies = Policies(
        (
            Policy(
                "both", {"high": {"resolution": 1}}, match={"tier": frozenset({"pro"}), "channel": frozenset({"api"})}
            ),
            Policy("tier", {"high": {"resolution": 2}}, match={"tier": frozenset({"pro"}), "topic": frozenset()}),
            Policy("all", {"high": {"resolution": 3}}),
        )
    )
    promises = [policies.promise(Facts("high", tier=tier, channel="api"), "resolution") for tier in ("pro", "")]
    assert promises == [(1, "24x7"), (3, "24x7")]
    assert policies.promise(Facts("high", tier="pro"), "resolution") == (2, "24x7")


# What is refused


@pytest.mark.parametrize(
    "happenings",
    [
        [],
        [reply(1)],
        [created(), created()],
        [Happening(TEN, "created", "customer")],
        [created(), Happening(at(1), "change")],
        [created(), Happening(at(1), "sneezed")],
        [created(), reply(1, "system")],
        [created(), status(1, "asleep")],
    ],
)
def test_what_cannot_happen_is_refused(happenings):
    with pytest.raises(ValueError, match=r"created|creation|facts|sneezed|public reply|asleep"):
        sla.replay(happenings)


@pytest.mark.parametrize(
    "policy",
    [
        {"calendar": "nowhere", "targets": {}},
        {"calendar": {"*": "nowhere"}, "targets": {}},
        {"match": {"weather": ["rain"]}, "targets": {}},
        {"targets": {"frantic": {"first_reply": 1}}},
        {"targets": {"high": {"applause": 1}}},
    ],
)
def test_a_policy_of_unknown_words_is_refused(policy):
    with pytest.raises(ValueError, match="nowhere|weather|frantic|applause"):
        Policies.from_dicts([{"name": "odd", **policy}], {})


# Rules that always hold

OFFICE = Calendar.from_dict({"tz": "Asia/Seoul", "hours": {str(day): [["09:00", "18:00"]] for day in range(5)}})
MIXED = Policies(
    (
        Policy("office", sla.DEFAULT.policies[0].targets, {"*": "office"}, {"language": frozenset({"ko"})}),
        Policy("pro", {"high": {"first_reply": 600, "next_reply": 1200}}, match={"tier": frozenset({"pro"})}),
        *sla.DEFAULT.policies,
    ),
    {"office": OFFICE, "24x7": ROUND_THE_CLOCK},
)
facts = st.builds(
    Facts, st.sampled_from(Priority.values), language=st.sampled_from(["en", "ko"]), tier=st.sampled_from(["", "pro"])
)
gaps = st.one_of(st.integers(0, 7200), st.integers(0, 200_000))
events = st.one_of(
    st.builds(Happening, st.just(TEN), st.just("public_reply"), st.sampled_from(["customer", "agent"])),
    st.builds(
        Happening, st.just(TEN), st.just("status"), status=st.sampled_from(["open", "pending", "solved", "spam"])
    ),
    st.builds(Happening, st.just(TEN), st.just("change"), facts=facts),
    st.just(Happening(TEN, "received_merge", source_created_at=at(-50), source_unanswered_since=at(-20))),
    st.just(Happening(TEN, "internal_note")),
)


@st.composite
def histories(draw):
    """A ticket's creation and some of what may happen to one, in order."""
    moment = draw(st.integers(0, 10 * 86_400).map(lambda seconds: TEN + timedelta(seconds=seconds)))
    history = [Happening(moment, "created", draw(st.sampled_from(["customer", "agent"])), draw(facts))]
    for event in draw(st.lists(events, max_size=8)):
        moment += timedelta(seconds=draw(gaps))
        history.append(replace(event, at=moment))
    return history


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


# The command


def test_the_command_is_content_with_the_examples(capsys):
    call_command(Command(), FILE)
    assert capsys.readouterr().out == "22 examples, no mismatch.\n"


def test_the_command_prints_each_mismatch_and_fails(tmp_path, capsys):
    wrong = json.loads(json.dumps(VECTORS[0]))
    wrong["expected"]["status"] = "new"
    wrong["expected"]["clocks"][0]["elapsed_seconds"] = 901
    strange = {**VECTORS[0], "id": "strange", "events": [{"at": "2026-11-16T10:00:00Z", "type": "sneezed"}]}
    short = {**VECTORS[0], "id": "short", "expected": {"clocks": []}}
    unreal = {**VECTORS[0], "id": "unreal", "calendars": {"24x7": {"tz": "Moon/Crater"}}}
    path = tmp_path / "vectors.json"
    path.write_text(json.dumps({"vectors": [wrong, strange, short, unreal]}), encoding="utf-8")
    with pytest.raises(CommandError, match="5 mismatches in 4 examples"):
        call_command(Command(), path)
    assert [line.split(":")[0] for line in capsys.readouterr().out.splitlines()] == [
        "sla-001 status",
        "sla-001 clocks 1 elapsed_seconds",
        "strange cannot be run",
        "short clocks",
        "unreal cannot be run",
    ]


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"vectors": []}'])
def test_the_command_says_what_file_it_needs(tmp_path, content):
    path = tmp_path / "vectors.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError, match="examples"):
        call_command(Command(), path)
