"""Who gets a ticket: the least flexible who may and can, and each refusal is told with its reason."""

import math
from dataclasses import replace

import pytest

from tests.tickets.queued import NOW, POLICY, agent, pairs, ticket
from tickets.errors import InvalidInput
from tickets.routing import AgentState, Reason, Refusal, Router, RoutingPolicy, choose, explain, refusals

# Who gets a ticket


def test_the_least_flexible_goes_first():
    polyglot = agent(1, "en", "ko")
    certified = agent(2, "en", certificates=["kyc"])
    assert pairs([ticket()], [polyglot, certified, agent(3)]) == [(1, 3)]


def test_a_certificate_that_has_expired_is_no_flexibility():
    once = AgentState(1, {"en": "native"}, {("kyc", ""): NOW})
    assert pairs([ticket()], [once, agent(2)]) == [(1, 1)]


def test_of_equals_the_one_with_more_room_then_the_longest_idle_then_the_lowest_number():
    assert pairs([ticket()], [agent(1, capacity=4, load=2), agent(2, capacity=4, load=1)]) == [(1, 2)]
    assert pairs([ticket()], [agent(1, idle_since=9), agent(2, idle_since=8)]) == [(1, 2)]
    assert pairs([ticket()], [agent(2), agent(1)]) == [(1, 1)]


def test_who_answered_last_goes_before_the_least_flexible():
    (made,) = choose([ticket(sticky=1)], [agent(1, "en", "ko"), agent(2)], NOW, POLICY)
    assert (made.agent, made.reason) == (1, Reason.STICKY)


def test_a_ticket_is_kept_for_who_answered_last_for_a_while():
    kept = ticket(sticky=1, sticky_until=NOW + 60)
    busy = agent(1, load=1)
    assert pairs([kept], [busy, agent(2)]) == []
    assert pairs([kept], [busy, agent(2)], NOW + 60) == [(1, 2)]
    assert pairs([kept], [replace(busy, is_accepting=False), agent(2)]) == []  # away, and may be back in time


@pytest.mark.parametrize(
    ("keeper", "more"),
    [
        (None, {}),
        (agent(1, "ko"), {}),
        (agent(1), {"skill": "kyc"}),
        (agent(1), {"declined": {1: NOW + 60}}),
        (agent(1), {"only": frozenset({2})}),
    ],
    ids=["gone", "language", "certificate", "declined", "department"],
)
def test_a_ticket_is_not_kept_for_who_could_not_take_it(keeper, more):
    kept = ticket(sticky=1, sticky_until=NOW + 60, **more)
    others = [agent(2, certificates=["kyc"])]
    assert pairs([kept], [*others, keeper] if keeper else others) == [(1, 2)]


def test_a_certificate_counts_until_it_expires():
    holder = AgentState(1, {"ko": "native"}, {("kyc", ""): NOW})
    assert pairs([ticket(1, "ko", skill="kyc")], [holder], NOW - 1) == [(1, 1)]
    assert pairs([ticket(1, "ko", skill="kyc")], [holder], NOW) == []


def test_what_was_offered_is_refused_when_the_certificate_expired_meanwhile():
    holder = AgentState(1, {"ko": "native"}, {("kyc", ""): NOW + 5})
    router, wanted = Router(POLICY), ticket(1, "ko", skill="kyc")
    router.meet(holder)
    router.put(wanted, NOW)
    assert router.proposal(NOW).agent == holder
    assert refusals(wanted, holder, router.moment(NOW + 5)) == (Refusal.CERTIFICATE,)
    assert router.proposal(NOW + 5) is None


def test_a_certificate_of_one_language_counts_in_that_language():
    holder = AgentState(1, {"ko": "native", "en": "native"}, {("kyc", "ko"): math.inf}, capacity=2)
    assert pairs([ticket(1, "ko", skill="kyc"), ticket(2, "en", skill="kyc")], [holder]) == [(1, 1)]


def test_the_wait_never_relaxes_a_certificate():
    assert pairs([ticket(skill="kyc", priority="urgent", created=0)], [agent(1), agent(2, picks=7)]) == []


# Why


@pytest.mark.parametrize(
    ("refused", "waiting", "asked"),
    [
        (Refusal.OFFLINE, ticket(), agent(is_accepting=False)),
        (Refusal.FULL, ticket(weight=2), agent(capacity=3, load=2)),
        (Refusal.CERTIFICATE, ticket(skill="api"), agent(certificates=["kyc"])),
        (Refusal.LANGUAGE, ticket(language="fr"), agent(1, "ko")),
        (Refusal.ASSIST_LATER, ticket(language="ko"), agent(assists=["ko"])),
        (Refusal.DECLINED, ticket(declined={1: NOW + 1}), agent()),
        (Refusal.DEPARTMENT, ticket(only=frozenset({2})), agent()),
        (Refusal.KEPT, ticket(language="ko", sticky=2, sticky_until=NOW + 1), agent(1, "ko")),
    ],
)
def test_each_refusal_is_told(refused, waiting, asked):
    korean = agent(2, "ko", load=1)
    assert explain(waiting, [korean, asked], NOW, POLICY)[0].refusals == (refused,)


def test_every_reason_is_told_and_who_may_is_told_with_the_key():
    nobody, somebody = explain(ticket(skill="kyc"), [agent(2, certificates=["kyc"]), agent(1, "ko")], NOW, POLICY)
    assert (nobody.agent, nobody.refusals, nobody.key) == (1, (Refusal.CERTIFICATE, Refusal.LANGUAGE), None)
    assert (somebody.agent, somebody.refusals, somebody.key) == (2, (), (2, 0, NOW + 14_400, 1))


def test_an_assignment_tells_how_everybody_stood_just_before_it():
    first, second = choose([ticket(1), ticket(2)], [agent(1), agent(2)], NOW, POLICY)
    assert [candidate.refusals for candidate in first.candidates] == [(), ()]
    assert [candidate.refusals for candidate in second.candidates] == [(Refusal.FULL,), ()]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("targets", {"urgent": 900}),
        ("targets", {"urgent": 0, "high": 1, "normal": 1, "low": 1}),
        ("assist_after", {"urgent": -1, "high": 1, "normal": 1, "low": 1}),
        ("assist_after", {}),
        ("head_starts", {"pro": 1}),
        ("missed_start", 1),
        ("guard_every", 1),
        ("guard_ratio", 0.9),
    ],
)
def test_a_policy_that_cannot_work_is_refused_with_its_field(field, value):
    with pytest.raises(InvalidInput) as caught:
        RoutingPolicy(**{field: value})
    assert caught.value.field == field
