"""What people do to a ticket starts, stops, rests and breaks its clocks."""

from dataclasses import replace

import pytest

from tests.tickets.happenings import TEN, at, clocks, created, message, reply, status
from tickets import sla
from tickets.enums import FAR, Metric
from tickets.policies import DEFAULT, Facts
from tickets.sla import Happening

METRICS = tuple(Metric)


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
    promised = tuple(DEFAULT.promise(Facts(priority), metric) for metric in METRICS)
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
