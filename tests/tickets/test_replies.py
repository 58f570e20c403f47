"""A reply is held, then goes out with the status that it brings; its author or a message of the customer stops it."""

import pytest
from django.core.exceptions import PermissionDenied

from tests.tickets.factories import released
from tickets.actions import drafting, moving, replying
from tickets.enums import Delivery, EventKind, Status
from tickets.errors import StaleTicket, TransitionNotAllowed
from tickets.models import Message, ReplyDraft, Ticket

pytestmark = pytest.mark.django_db


def status_of(ticket: Ticket) -> Status:
    return Status(Ticket.objects.values_list("status", flat=True).get(pk=ticket.pk))


def test_a_reply_is_held_then_goes_out_and_stops_the_first_clock(ticket, agent):
    message = replying.reply(ticket, "We found it.", by=agent)
    assert message.delivery == Delivery.HELD
    assert status_of(ticket) == Status.NEW
    released(message)
    ticket.refresh_from_db()
    assert ticket.status == Status.OPEN
    assert ticket.first_reply_at == message.visible_at
    stopped = ticket.clocks.get(metric="first_reply").satisfied_at
    assert stopped == message.visible_at.replace(microsecond=0)  # clocks count whole seconds


def test_a_reply_is_not_released_before_its_time_nor_twice(ticket, agent):
    message = replying.reply(ticket, "We found it.", by=agent)
    replying.release_reply(message.pk)
    assert Message.objects.get(pk=message.pk).delivery == Delivery.HELD
    released(message)
    replying.release_reply(message.pk)
    assert ticket.events.filter(kind=EventKind.REPLIED).count() == 1


def test_a_reply_that_is_taken_back_is_a_draft_again(ticket, agent):
    message = replying.reply(ticket, "We found it.", by=agent)
    draft = replying.undo_reply(message, by=agent)
    assert draft.body == "We found it."
    assert not ticket.messages.filter(pk=message.pk).exists()
    assert status_of(ticket) == Status.NEW


def test_what_was_begun_after_the_reply_stays_below_it(ticket, agent):
    message = replying.reply(ticket, "We found it.", by=agent)
    drafting.keep_draft(ticket, "And one more thing", by=agent)
    assert replying.undo_reply(message, by=agent).body == "We found it.\n\nAnd one more thing"


def test_a_note_that_was_begun_never_becomes_a_reply(ticket, agent):
    message = replying.reply(ticket, "We found it.", by=agent)
    drafting.keep_draft(ticket, "He sounds angry", by=agent, is_note=True)
    assert not replying.undo_reply(message, by=agent).is_note
    note = ReplyDraft.objects.get(ticket=ticket, is_note=True)
    assert note.body == "He sounds angry"


def test_a_reply_to_what_is_solved_goes_out_and_leaves_it_solved(ticket, agent, trader):
    moving.confirm_solved(ticket, by=trader)
    message = replying.reply(ticket, "You are welcome.", by=agent)
    with pytest.raises(TransitionNotAllowed):
        moving.wait_for_customer(ticket, by=agent)
    assert released(message).delivery == Delivery.SENT
    assert status_of(ticket) == Status.SOLVED


def test_a_colleague_cannot_take_a_reply_back(ticket, agent, other_agent):
    message = replying.reply(ticket, "We found it.", by=agent)
    with pytest.raises(PermissionDenied):
        replying.undo_reply(message, by=other_agent)


def test_a_message_of_the_customer_stops_a_held_reply(ticket, agent, trader):
    message = replying.reply(ticket, "We found it.", by=agent)
    replying.write_to_ticket(ticket, "It has arrived meanwhile.", by=trader)
    message.refresh_from_db()
    assert message.delivery == Delivery.STOPPED
    released(message)
    assert message.delivery == Delivery.STOPPED


def test_a_stopped_reply_goes_out_when_its_author_says_so(ticket, agent, trader):
    message = replying.reply(ticket, "We found it.", by=agent)
    replying.write_to_ticket(ticket, "It has arrived meanwhile.", by=trader)
    assert replying.send_stopped(message, by=agent).delivery == Delivery.SENT


def test_two_who_answer_at_once_one_is_told_and_keeps_the_text(ticket, agent, other_agent):
    seen = ticket.version
    replying.reply(Ticket.objects.get(pk=ticket.pk), "First.", by=agent, seen=seen)
    with pytest.raises(StaleTicket):
        replying.reply(Ticket.objects.get(pk=ticket.pk), "Second.", by=other_agent, seen=seen)
    assert list(ticket.messages.values_list("body", flat=True)) == ["I sent 2,500 USDT yesterday.", "First."]


@pytest.mark.parametrize(("act", "status"), [(moving.solve, Status.SOLVED), (moving.wait_for_customer, Status.PENDING)])
def test_a_status_that_is_set_while_a_reply_is_held_comes_with_the_reply(ticket, agent, act, status):
    held = replying.reply(ticket, "Done.", by=agent)
    act(ticket, by=agent)
    assert status_of(ticket) == Status.NEW
    released(held)
    assert status_of(ticket) == status
