"""Another priority, policy or calendar promises anew from its moment on, and what cannot happen is refused."""

from dataclasses import replace

import pytest

from tests.tickets.happenings import HIGH, TEN, at, change, clocks, created, message, reply, status
from tickets import sla
from tickets.policies import Facts, Policies, Policy
from tickets.sla import Happening

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
