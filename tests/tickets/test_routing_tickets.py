"""Which ticket an agent gets: by class, by what is due, and by what was promised and missed."""

from dataclasses import replace

import pytest

from tests.tickets.queued import NOW, POLICY, agent, pairs, ticket
from tickets.routing import Reason, Router, choose, rules


def test_the_class_goes_before_the_wait():
    waiting = [ticket(1, priority="normal", created=NOW - 9000), ticket(2, priority="urgent", created=NOW - 1)]
    assert pairs(waiting, [agent()]) == [(2, 1)]


def test_inside_a_class_who_is_due_first_goes_first():
    waiting = [ticket(1, due=NOW + 50), ticket(2, due=NOW + 40, created=NOW)]
    assert pairs(waiting, [agent()]) == [(2, 1)]


@pytest.mark.parametrize(("ahead", "first"), [(3599, 2), (3601, 1)])
def test_a_tier_has_a_head_start_inside_its_class(ahead, first):
    waiting = [ticket(1, created=NOW - ahead), ticket(2, tier="pro")]
    assert pairs(waiting, [agent()]) == [(first, 1)]


def test_a_tier_has_no_head_start_across_classes():
    waiting = [ticket(1, priority="high"), ticket(2, tier="pro", created=NOW - 14_399)]
    assert pairs(waiting, [agent()]) == [(1, 1)]


@pytest.mark.parametrize(("ahead", "first"), [(3599, 2), (3601, 1)])
def test_a_missed_promise_gives_a_head_start_inside_the_class(ahead, first):
    waiting = [ticket(1, created=NOW - ahead), ticket(2, promised=NOW)]
    assert pairs(waiting, [agent()]) == [(first, 1)]


def test_a_promise_that_may_still_be_kept_gives_none():
    waiting = [ticket(1, created=NOW - 1), ticket(2, promised=NOW + 1)]
    assert pairs(waiting, [agent()]) == [(1, 1)]
    assert pairs(waiting, [agent()], NOW + 1) == [(2, 1)]


def test_a_missed_promise_has_no_head_start_across_classes():
    waiting = [ticket(1, priority="high"), ticket(2, tier="pro", promised=NOW - 1)]
    assert pairs(waiting, [agent()]) == [(1, 1)]


def test_the_queue_raises_a_ticket_the_moment_its_promise_is_missed():
    router = Router(POLICY)
    router.meet(agent())
    for each in (ticket(1, created=NOW - 1), ticket(2, promised=NOW + 10)):
        router.put(each, NOW)
    assert router.proposal(NOW + 9).ticket.id == 1
    assert router.proposal(NOW + 10).ticket.id == 2


def test_a_normal_ticket_that_is_due_counts_as_high():
    waiting = [ticket(1, priority="high", created=NOW - 100), ticket(2, created=NOW - 14_400)]
    assert pairs(waiting, [agent()]) == [(2, 1)]


def test_work_in_the_own_language_goes_before_work_with_the_aid_but_not_before_a_higher_class():
    foreign = ticket(1, "fr", created=NOW - 5000)
    assert pairs([foreign, ticket(2)], [agent(1, "en", assists=["fr"])]) == [(2, 1)]
    urgent = ticket(3, "fr", "urgent", created=NOW - 120)
    assert pairs([urgent, ticket(2)], [agent(1, "en", assists=["fr"])]) == [(3, 1)]


@pytest.mark.parametrize(("priority", "after"), [("urgent", 120), ("high", 600), ("normal", 2700), ("low", 7200)])
def test_agents_with_the_aid_may_help_once_a_ticket_has_waited(priority, after):
    busy, helper = agent(1, "fr", load=1), agent(2, "en", assists=["fr"])
    assert pairs([ticket(1, "fr", priority, NOW - after + 1)], [busy, helper]) == []
    (made,) = choose([ticket(1, "fr", priority, NOW - after)], [busy, helper], NOW, POLICY)
    assert (made.agent, made.reason) == (2, Reason.ASSIST)


def test_agents_with_the_aid_may_help_at_once_when_nobody_there_holds_language_and_certificate():
    speaks_only = agent(1, "fr", load=1)
    away = agent(3, "fr", certificates=["kyc"], is_accepting=False)
    helper = agent(2, "en", assists=["fr"], certificates=["kyc"])
    assert pairs([ticket(1, "fr", skill="kyc")], [speaks_only, helper, away]) == [(1, 2)]


def test_the_guard_serves_who_is_latest_against_the_target():
    late = ticket(1, priority="low", created=NOW - 28_800 * 2)
    later = ticket(2, priority="high", created=NOW - 3600 * 3)
    waiting = [late, later, ticket(3, priority="urgent")]
    (made,) = choose(waiting, [agent(picks=7)], NOW, POLICY)
    assert (made.ticket, made.reason) == (2, Reason.GUARD)
    assert pairs(waiting, [agent(picks=6)]) == [(3, 1)]


def test_the_guard_leaves_alone_who_is_not_twice_as_late():
    waiting = [ticket(1, priority="low", created=NOW - 28_800 * 2 + 1), ticket(3, priority="urgent")]
    assert pairs(waiting, [agent(picks=7)]) == [(3, 1)]


def test_lateness_on_office_hours_counts_from_the_due_moment():
    """Created on Friday, due on Monday: the weekend is no wait."""
    over_the_weekend = ticket(1, priority="low", created=NOW - 200_000, due=NOW + 60)
    assert rules.lateness(over_the_weekend, NOW, POLICY) < 1
    assert rules.lateness(replace(over_the_weekend, due=None), NOW, POLICY) == pytest.approx(200_000 / 28_800)


def test_a_ticket_that_is_given_back_keeps_its_age():
    returned = ticket(1, created=NOW - 500, declined={1: NOW + 1800})
    assert pairs([returned, ticket(2, created=NOW - 400)], [agent(2)]) == [(1, 2)]
