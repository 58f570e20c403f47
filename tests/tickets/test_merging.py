"""Merging, linking and splitting move what was written and lose nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from tests.tickets.factories import TicketFactory, answered
from tickets.actions import merging, moving, replying
from tickets.enums import EventKind, Status
from tickets.errors import TransitionNotAllowed
from tickets.models import Ticket, TicketLink

pytestmark = pytest.mark.django_db


@pytest.fixture
def newer(trader, topic) -> Ticket:
    return TicketFactory(by=trader, topic=topic, body="Still nothing.")


def test_what_was_written_moves_and_keeps_where_it_came_from(ticket, newer, agent):
    merging.merge(newer, ticket, by=agent)
    assert [m.original_ticket for m in ticket.messages.all()] == [None, newer]
    assert (newer.status, newer.merged_into) == (Status.MERGED, ticket)
    assert ticket.events.filter(kind=EventKind.RECEIVED_MERGE).exists()
    assert newer.events.filter(kind=EventKind.MERGED_INTO).exists()


def test_the_clocks_of_what_was_merged_are_void(ticket, newer, agent):
    merging.merge(newer, ticket, by=agent)
    assert {clock.void_reason for clock in newer.clocks.all()} == {"merged"}


def test_the_first_reply_counts_from_the_older_ticket(ticket, newer, agent):
    merging.merge(ticket, newer, by=agent)
    assert newer.clocks.get(metric="first_reply").started_at == ticket.created_at.replace(microsecond=0)


def test_an_unanswered_message_opens_what_was_waiting(ticket, newer, agent):
    answered(ticket, by=agent, then=Status.PENDING)
    merging.merge(newer, ticket, by=agent)
    assert ticket.status == Status.OPEN
    assert ticket.unanswered_since is not None


def test_what_is_written_to_a_merged_ticket_goes_where_it_went(ticket, newer, agent, trader):
    merging.merge(newer, ticket, by=agent)
    assert replying.write_to_ticket(newer, "Hello?", by=trader).ticket == ticket


def test_an_agent_does_not_merge_tickets_of_two_customers(ticket, agent, team_lead, other_trader):
    other = TicketFactory(by=other_trader)
    with pytest.raises(PermissionDenied):
        merging.merge(other, ticket, by=agent)
    merging.merge(other, ticket, by=team_lead)


def test_no_ticket_goes_into_itself_or_into_what_has_ended(ticket, newer, agent, trader):
    with pytest.raises(TransitionNotAllowed):
        merging.merge(ticket, ticket, by=agent)
    merging.merge(newer, ticket, by=agent)
    with pytest.raises(TransitionNotAllowed):
        merging.merge(ticket, newer, by=agent)


def test_a_held_reply_of_a_merged_ticket_stops(ticket, newer, agent):
    held = replying.reply(newer, "Soon.", by=agent)
    merging.merge(newer, ticket, by=agent)
    held.refresh_from_db()
    assert held.delivery == "stopped"


def test_two_tickets_are_linked_once(ticket, newer, agent):
    assert merging.link_tickets(newer, ticket, by=agent) == merging.link_tickets(ticket, newer, by=agent)
    assert ticket.events.filter(kind=EventKind.LINKED).count() == 1


def test_a_link_is_taken_back_once_and_from_either_side(ticket, newer, agent):
    merging.link_tickets(ticket, newer, by=agent)
    assert merging.unlink_tickets(newer, ticket, by=agent)
    assert not merging.unlink_tickets(ticket, newer, by=agent)
    assert not merging.unlink_tickets(ticket, ticket, by=agent)
    kinds = [event.data["ticket"] for event in ticket.events.filter(kind=EventKind.UNLINKED)]
    assert (kinds, TicketLink.objects.count()) == ([newer.pk], 0)


def test_one_of_several_messages_becomes_a_ticket(ticket, agent, trader):
    message = replying.write_to_ticket(ticket, "Also, how do I change my e-mail?", by=trader)
    part = merging.split(message, by=agent, subject="Change of e-mail")
    assert (part.split_from, part.messages.get().body) == (ticket, "Also, how do I change my e-mail?")
    assert part.clocks.count() == 2
    assert ticket.messages.count() == 1


def test_the_only_message_stays(ticket, agent):
    with pytest.raises(TransitionNotAllowed):
        merging.split(ticket.messages.get(), by=agent, subject="Part")


def test_a_solved_ticket_takes_in_what_is_solved_too(ticket, newer, agent, trader):
    moving.confirm_solved(ticket, by=trader)
    moving.confirm_solved(newer, by=trader)
    merging.merge(newer, ticket, by=agent)
    assert ticket.status == Status.SOLVED


def unanswered(ticket: Ticket) -> object:
    return Ticket.objects.values_list("unanswered_since", flat=True).get(pk=ticket.pk)


@pytest.fixture
def at_breakfast() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 11, 23, 8, tzinfo=UTC), tick=False) as clock:
        yield clock


@pytest.mark.both
def test_who_waits_for_an_answer_to_a_part_waits_there_alone(at_breakfast, trader, agent):
    ticket = TicketFactory(by=trader)
    answered(ticket, by=agent)
    at_breakfast.shift(timedelta(minutes=10))
    asked = timezone.now()
    message = replying.write_to_ticket(ticket, "And how do I change my e-mail?", by=trader)
    at_breakfast.shift(timedelta(minutes=10))
    part = merging.split(message, by=agent, subject="Change of e-mail")
    ticket.refresh_from_db()
    assert (ticket.unanswered_since, part.unanswered_since) == (None, asked)
    assert ticket.clocks.get(metric="next_reply").void_reason == "split"
    assert ticket.next_due_at == ticket.clocks.get(metric="resolution").due_at
    assert {clock.started_at for clock in part.clocks.all()} == {asked}
    assert part.next_due_at == min(clock.due_at for clock in part.clocks.all())
    moving.solve(ticket, by=agent)
    assert ticket.status == Status.SOLVED


@pytest.mark.both
def test_a_part_that_is_late_stays_late(at_breakfast, trader, agent):
    ticket = TicketFactory(by=trader)
    at_breakfast.shift(timedelta(minutes=10))
    answered(ticket, by=agent)
    at_breakfast.shift(timedelta(minutes=10))
    message = replying.write_to_ticket(ticket, "And my e-mail?", by=trader)
    at_breakfast.shift(timedelta(days=30))
    part = merging.split(message, by=agent, subject="Change of e-mail")
    assert part in Ticket.objects.overdue()
    replying.write_to_ticket(ticket, "Hello?", by=trader)
    assert not ticket.clocks.get(metric="next_reply", void_reason="").breached_at


def test_what_is_answered_leaves_no_wait_behind_and_takes_none_along(at_breakfast, trader, agent):
    ticket = TicketFactory(by=trader)
    message = replying.write_to_ticket(ticket, "And how do I change my e-mail?", by=trader)
    answered(ticket, by=agent)
    at_breakfast.shift(timedelta(minutes=10))
    since = timezone.now()
    part = merging.split(message, by=agent, subject="Change of e-mail")
    assert unanswered(ticket) is None
    assert {clock.started_at for clock in part.clocks.all()} == {since}


@pytest.mark.both
def test_another_message_goes_on_waiting_and_wins_the_desk_no_time(at_breakfast, trader, agent):
    ticket = TicketFactory(by=trader)
    at_breakfast.shift(timedelta(minutes=10))
    answered(ticket, by=agent)
    at_breakfast.shift(timedelta(minutes=10))
    first = replying.write_to_ticket(ticket, "And how do I change my e-mail?", by=trader)
    due = ticket.clocks.get(metric="next_reply").due_at
    at_breakfast.shift(timedelta(minutes=10))
    second = replying.write_to_ticket(ticket, "It has not arrived.", by=trader)
    merging.split(first, by=agent, subject="Change of e-mail")
    assert unanswered(ticket) == second.created_at
    clock = ticket.clocks.get(metric="next_reply")
    assert (clock.due_at, clock.void_reason) == (due, "")


def test_the_first_message_may_leave_before_anybody_answered(at_breakfast, trader, agent):
    ticket = TicketFactory(by=trader)
    at_breakfast.shift(timedelta(minutes=10))
    second = replying.write_to_ticket(ticket, "And my e-mail?", by=trader)
    merging.split(ticket.messages.first(), by=agent, subject="The first")
    assert unanswered(ticket) == second.created_at
    assert ticket.clocks.get(metric="first_reply").void_reason == ""


def test_who_opened_it_again_without_a_word_still_waits(at_breakfast, trader, agent):
    ticket = TicketFactory(by=trader)
    at_breakfast.shift(timedelta(minutes=10))
    answered(ticket, by=agent)
    moving.confirm_solved(ticket, by=trader)
    moving.reopen(ticket, by=trader)
    opened = timezone.now()
    at_breakfast.shift(timedelta(minutes=10))
    message = replying.write_to_ticket(ticket, "And my e-mail?", by=trader)
    merging.split(message, by=agent, subject="Change of e-mail")
    assert unanswered(ticket) == opened
    assert ticket.clocks.get(metric="next_reply").void_reason == ""


def test_an_answer_on_a_ticket_that_was_merged_in_answers_nothing_else(at_breakfast, trader, agent):
    ticket, other = TicketFactory(by=trader), TicketFactory(by=trader)
    at_breakfast.shift(timedelta(minutes=10))
    answered(other, by=agent)
    message = replying.write_to_ticket(ticket, "And my e-mail?", by=trader)
    merging.merge(other, ticket, by=agent)
    merging.split(message, by=agent, subject="Change of e-mail")
    assert unanswered(ticket) == ticket.created_at
