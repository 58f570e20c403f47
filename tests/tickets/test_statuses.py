"""Each status is reached in its own way: by who takes, answers, waits, solves, opens again or stays silent."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from tests.tickets import histories
from tests.tickets.factories import TicketFactory, TopicFactory, answered
from tickets.actions import assigning, moving, replying
from tickets.enums import EventKind, Status
from tickets.errors import TicketError, TransitionNotAllowed
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


def status_of(ticket: Ticket) -> Status:
    return Status(Ticket.objects.values_list("status", flat=True).get(pk=ticket.pk))


def test_a_new_ticket_is_received_with_two_clocks(ticket):
    assert ticket.status == Status.NEW
    assert {clock.metric for clock in ticket.clocks.all()} == {"first_reply", "resolution"}
    assert ticket.next_due_at == min(clock.due_at for clock in ticket.clocks.all())
    assert [event.kind for event in ticket.events.all()] == [EventKind.CREATED]


def test_assigning_opens_a_new_ticket(ticket, agent):
    assigning.take(ticket, by=agent)
    assert ticket.status == Status.OPEN
    assert ticket.assignee == agent


def test_of_two_who_take_a_ticket_one_is_told(ticket, agent, other_agent):
    assigning.take(ticket, by=agent)
    with pytest.raises(TransitionNotAllowed, match="Rui Tavares has just taken"):
        assigning.take(ticket, by=other_agent)
    assert Ticket.objects.get(pk=ticket.pk).assignee == agent


def test_pending_is_refused_while_the_customer_waits(ticket, agent):
    with pytest.raises(TransitionNotAllowed, match="waits for an answer"):
        moving.wait_for_customer(ticket, by=agent)


def test_a_reply_brings_pending_and_the_customer_opens_it_again(ticket, agent, trader):
    answered(ticket, by=agent, then=Status.PENDING)
    assert ticket.status == Status.PENDING
    assert ticket.clocks.get(metric="resolution").running_since is None
    replying.write_to_ticket(ticket, "Here is the transaction.", by=trader)
    assert ticket.status == Status.OPEN
    assert ticket.clocks.filter(metric="next_reply").count() == 1


def test_a_further_reply_leaves_it_pending(ticket, agent):
    answered(ticket, by=agent, then=Status.PENDING)
    answered(ticket, by=agent, body="One more thing.")
    assert ticket.status == Status.PENDING


def test_on_hold_needs_a_reason_and_a_time_to_come(ticket, agent, department):
    assigning.take(ticket, by=agent)
    later = timezone.now() + timedelta(hours=2)
    with pytest.raises(TicketError, match="Say what the department"):
        moving.put_on_hold(ticket, by=agent, department=department, reason=" ", revisit_at=later)
    with pytest.raises(TicketError, match="future"):
        moving.put_on_hold(ticket, by=agent, department=department, reason="Check", revisit_at=timezone.now())
    moving.put_on_hold(ticket, by=agent, department=department, reason="Check", revisit_at=later)
    assert ticket.status == Status.ON_HOLD
    with time_machine.travel(later + timedelta(seconds=1), tick=False):
        assert moving.revisit_due() == 1
    assert status_of(ticket) == Status.OPEN


def test_what_is_on_hold_is_given_another_time(ticket, team_lead, department):
    now = timezone.now()
    for hours in (2, 5):
        later = now + timedelta(hours=hours)
        moving.put_on_hold(ticket, by=team_lead, department=department, reason=f"Wait {hours}", revisit_at=later)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.revisit_at, ticket.hold_reason) == (Status.ON_HOLD, later, "Wait 5")
    assert histories.told(ticket)["revisit_at"] == later.isoformat()
    with time_machine.travel(now + timedelta(hours=3), tick=False):
        assert moving.revisit_due() == 0


def test_what_leaves_hold_is_not_looked_at_again(ticket, team_lead, department, trader):
    later = timezone.now() + timedelta(hours=2)
    moving.put_on_hold(ticket, by=team_lead, department=department, reason="Check", revisit_at=later)
    moving.confirm_solved(ticket, by=trader)
    ticket.refresh_from_db()
    assert ticket.revisit_at is None
    assert histories.told(ticket)["revisit_at"] is None


def test_what_was_no_spam_after_all_is_on_hold_as_it_was(ticket, agent, team_lead, department):
    later = timezone.now() + timedelta(hours=2)
    moving.put_on_hold(ticket, by=agent, department=department, reason="Check", revisit_at=later)
    moving.mark_spam(ticket, by=team_lead)
    moving.restore(ticket, by=team_lead)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.revisit_at) == (Status.ON_HOLD, later)


def test_solved_without_a_word_needs_its_reason(ticket, agent):
    with pytest.raises(TransitionNotAllowed, match="last word is the customer's"):
        moving.solve(ticket, by=agent)
    moving.solve(ticket, by=agent, reason=moving.NO_REPLY_NEEDED)
    assert ticket.clocks.get(metric="first_reply").void_reason == "solved_without_reply"


def test_the_customer_confirms_and_opens_again_within_a_week(ticket, agent, trader):
    answered(ticket, by=agent)
    moving.confirm_solved(ticket, by=trader)
    moving.reopen(ticket, by=trader)
    assert (ticket.status, ticket.reopen_count) == (Status.OPEN, 1)


def test_who_opens_again_is_owed_an_answer_without_writing_a_word(ticket, agent, trader):
    moving.confirm_solved(ticket, by=trader)
    moving.reopen(ticket, by=trader)
    owed = ticket.clocks.get(metric="next_reply")
    ticket.refresh_from_db()
    assert (ticket.unanswered_since, ticket.next_due_at) == (owed.started_at, owed.due_at)
    assert owed.due_at < ticket.clocks.get(metric="resolution").due_at
    answered(ticket, by=agent)
    assert ticket.clocks.get(metric="next_reply").satisfied_at is not None


def test_a_lead_who_opens_again_owes_no_answer(ticket, agent, trader, team_lead):
    answered(ticket, by=agent)
    moving.confirm_solved(ticket, by=trader)
    moving.reopen(ticket, by=team_lead)
    assert not ticket.clocks.filter(metric="next_reply").exists()


def test_an_agent_does_not_open_what_is_solved(ticket, agent, trader, team_lead):
    moving.confirm_solved(ticket, by=trader)
    with pytest.raises(PermissionDenied):
        moving.reopen(ticket, by=agent)
    moving.reopen(ticket, by=team_lead)
    assert ticket.status == Status.OPEN


def test_after_a_week_it_closes_and_a_message_makes_a_new_ticket(ticket, trader):
    moving.confirm_solved(ticket, by=trader)
    with time_machine.travel(timezone.now() + timedelta(days=7, seconds=1), tick=False):
        assert moving.close_solved() == 1
        message = replying.write_to_ticket(Ticket.objects.get(pk=ticket.pk), "It is back.", by=trader)
    assert status_of(ticket) == Status.CLOSED
    assert message.ticket.follows == ticket
    assert message.ticket.status == Status.NEW


def test_silence_is_reminded_of_once_then_solved(ticket, agent):
    answered(ticket, by=agent, then=Status.PENDING)
    with time_machine.travel(timezone.now() + timedelta(hours=49), tick=False):
        assert (moving.remind_silent(), moving.remind_silent(), moving.solve_silent()) == (1, 0, 0)
    with time_machine.travel(timezone.now() + timedelta(hours=145), tick=False):
        assert moving.solve_silent() == 1
    assert status_of(ticket) == Status.SOLVED


def test_silence_never_solves_where_money_is_at_risk(trader, agent):
    ticket = TicketFactory(by=trader, topic=TopicFactory(key="security", solves_itself=False))
    answered(ticket, by=agent, then=Status.PENDING)
    with time_machine.travel(timezone.now() + timedelta(days=30), tick=False):
        moving.remind_silent()
        assert moving.solve_silent() == 0
