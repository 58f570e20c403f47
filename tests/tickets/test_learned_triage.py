"""Rules and learned wordings together: what the customer chose and what rules are sure of stays, wordings speak where
rules do not, and a break-in is never taken for granted on a guess."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tickets import triage
from tickets.enums import Priority, RuleKind
from tickets.triage import ALARM, LEARNED, classify, judge
from tickets.triage_rules import Line, Rule, Rules
from tickets.wordings_training import Example, learn

TAUGHT = {
    "fees": "the commission of last week puzzles me",
    "deposits": "the coins left this morning and nothing came",
    "kyc": "my passport picture was refused",
    ALARM: "a stranger moved everything out while I slept",
}
TABLE = learn([Example(text, label) for label, text in TAUGHT.items() for _ in range(3)], sharpness=3)


def rule(key, text, weight, **values):
    return Rule(key, **{"kind": RuleKind.TOPIC, "topic": key, **values}, lines=(Line("en", text, weight),))


WITH = Rules([rule("kyc", "passport", 3), rule("trading", "coins", 20), rule("specs", "puzzles", 1)], "x", TABLE)
ALONE = WITH.alone()


def test_wordings_speak_where_rules_do_not():
    text = "the commission again"
    assert classify(text, "en", {}, ALONE).needs_person
    found = classify(text, "en", {}, WITH)
    assert (found.topic, found.needs_person) == ("fees", False)
    signal = next(one for one in found.signals if text[one.start : one.end] == "commission")
    assert (signal.rule_id, signal.kind) == (LEARNED, RuleKind.LEARNED)
    assert signal.weight > 0


def test_what_the_customer_chose_stays():
    found = classify("the commission again", "en", {}, WITH, chosen="api")
    assert found.topic == "api"
    assert not [one for one in found.signals if one.kind == RuleKind.LEARNED]


def test_a_rule_that_is_strong_decides_alone():
    """Whatever the wordings say."""
    assert classify(TAUGHT["deposits"], "en", {}, WITH).topic == "trading"
    read = {"fees": 0.999, "api": 0.001}
    for other in (0.0, 5.0):
        judged = judge({"api": triage.ALONE + 0.1 + other, "fees": other}, read)
        assert (judged.best, judged.is_clear) == ("api", True)
    assert judge({"api": triage.ALONE - 0.1}, read).best == "fees"


def test_a_clear_rule_stays_clear_where_wordings_agree_or_know_nothing():
    for text in ("passport", TAUGHT["kyc"]):
        found = classify(text, "en", {}, WITH)
        assert (found.topic, found.needs_person) == ("kyc", False)


def test_a_weak_rule_gives_way():
    assert classify(TAUGHT["fees"], "en", {}, WITH).topic == "fees"


def test_without_a_table_all_is_as_before():
    for text in (*TAUGHT.values(), ""):
        found = classify(text, "en", {}, ALONE)
        assert not found.shares
        assert all(one.kind != RuleKind.LEARNED for one in found.signals)
    assert judge({"fees": 2.0}, {}) == triage.Judged("fees", 2.0, 1.0, True, {})


def test_where_nobody_is_sure_a_person_decides():
    judged = judge({}, {"fees": 0.25, "kyc": 0.25, "api": 0.25, "deposits": 0.25})
    assert not judged.is_clear


# Break-ins


def test_a_break_in_is_urgent_where_wordings_are_sure():
    text = TAUGHT[ALARM]
    found = classify(text, "en", {}, WITH, chosen="withdrawals")
    assert (found.topic, found.urgency, found.department) == ("withdrawals", Priority.URGENT, "security")
    assert found.deciding == (LEARNED,)
    assert found.needs_person
    assert "stranger" in [text[one.start : one.end] for one in found.signals if one.kind == RuleKind.LEARNED]


def test_a_break_in_reaches_the_department_of_security_beside_a_rule_that_names_none():
    high = rule("missing", "stranger", 1, kind=RuleKind.URGENCY, topic="", priority=Priority.HIGH)
    found = classify(TAUGHT[ALARM], "en", {}, Rules([high], "x", TABLE), chosen="withdrawals")
    assert (found.urgency, found.department) == (Priority.URGENT, "security")


def test_security_is_not_taken_on_a_guess():
    judged = judge({}, {"fees": 0.3, "security": 0.23, ALARM: 0.22, "kyc": 0.25})
    assert (judged.best, judged.is_clear) == ("security", False)
    assert judged.shares["security"] == pytest.approx(0.45)


def test_what_may_be_a_break_in_is_looked_at():
    assert triage._needs_person(judge({"fees": 5.0}, {"fees": 0.1, ALARM: 0.9}), "", "fees")
    assert not triage._needs_person(judge({"fees": 5.0}, {"fees": 0.9, ALARM: 0.1}), "", "fees")


def test_nothing_takes_a_break_in_from_rules_that_are_clear():
    judged = judge({"security": 3.0}, {"fees": 0.999, "security": 0.001})
    assert (judged.best, judged.is_clear) == ("security", True)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400))
def test_any_text_is_classified(text):
    found = classify(text, "en", {}, WITH)
    assert all(0 <= one.start <= one.end <= len(text) for one in found.signals)
    assert found.shares == {} or sum(found.shares.values()) == pytest.approx(1)
