"""Two at the same time on one ticket: one is told, nothing is lost, and there is one of everything."""

import pytest

from supportdesk.accounts.models import User
from tests.at_once import at_once, overlapping
from tests.tickets.factories import TicketFactory, TopicFactory, released, request
from tickets.actions import assigning, merging, moving, opening, replying
from tickets.enums import EventKind, Status
from tickets.errors import StaleTicket, TicketError, TransitionNotAllowed
from tickets.models import Message, Ticket, TicketEvent

pytestmark = [pytest.mark.both, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def pair(agent, other_agent) -> tuple[User, User]:
    for somebody in (agent, other_agent):
        somebody.has_perm("tickets.work_ticket")  # asked once, outside the race
    return agent, other_agent


def mine(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def test_one_of_two_takes_it(ticket, pair):
    one, two = pair
    outcomes = at_once(lambda: assigning.take(mine(ticket), by=one), lambda: assigning.take(mine(ticket), by=two))
    assert sorted(isinstance(outcome, TransitionNotAllowed) for outcome in outcomes) == [False, True]
    assert TicketEvent.objects.filter(ticket=ticket, kind=EventKind.ASSIGNED).count() == 1


@pytest.mark.parametrize("race", [at_once, overlapping])
def test_one_of_two_replies_goes_out(ticket, pair, race):
    (one, two), seen = pair, ticket.version
    outcomes = race(
        lambda: replying.reply(mine(ticket), "First.", by=one, seen=seen),
        lambda: replying.reply(mine(ticket), "Second.", by=two, seen=seen),
    )
    assert sorted(isinstance(outcome, StaleTicket) for outcome in outcomes) == [False, True]
    assert Message.objects.filter(ticket=ticket, kind="reply").count() == 1


@pytest.mark.parametrize("write", [replying.reply, replying.write_note])
def test_the_same_form_of_an_agent_sent_at_once_is_one_message(ticket, pair, write):
    known = {"seen": ticket.version} if write is replying.reply else {}
    outcomes = at_once(*(lambda: write(mine(ticket), "Soon.", by=pair[0], token="once", **known) for _ in range(3)))
    assert len({message.pk for message in outcomes}) == 1


def test_a_reply_and_a_message_of_the_customer_leave_both(ticket, trader, pair):
    held = replying.reply(ticket, "Soon.", by=pair[0])
    at_once(lambda: released(held), lambda: replying.write_to_ticket(mine(ticket), "Wait.", by=trader))
    held.refresh_from_db()
    found = mine(ticket)
    assert held.delivery in ("sent", "stopped")
    assert found.messages.count() == 3
    assert found.version == found.events.order_by("-version").first().version


def test_a_reply_that_is_released_twice_goes_out_once(ticket, pair):
    held = replying.reply(ticket, "Soon.", by=pair[0])
    Message.objects.filter(pk=held.pk).update(visible_at=held.created_at)
    at_once(*(lambda: replying.release_reply(held.pk) for _ in range(3)))
    assert TicketEvent.objects.filter(ticket=ticket, kind=EventKind.REPLIED).count() == 1


def test_undoing_and_releasing_end_in_one_of_the_two(ticket, pair):
    held = replying.reply(ticket, "Soon.", by=pair[0])
    Message.objects.filter(pk=held.pk).update(visible_at=held.created_at)
    at_once(lambda: replying.release_reply(held.pk), lambda: replying.undo_reply(held, by=pair[0]))
    kinds = set(TicketEvent.objects.filter(ticket=ticket).values_list("kind", flat=True))
    assert len(kinds & {EventKind.REPLIED, EventKind.REPLY_UNDONE}) == 1


def test_the_same_form_sent_at_once_is_one_ticket(trader, topic):
    asked = request(topic, token="once")
    outcomes = at_once(*(lambda: opening.open_ticket(asked, by=trader) for _ in range(4)))
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert len({ticket.pk for ticket in outcomes}) == 1
    assert Message.objects.count() == 1


def test_the_same_first_word_to_a_customer_sent_at_once_is_one_ticket(trader, topic, pair):
    asked = request(topic, token="once", body="We found a fault.")
    outcomes = at_once(*(lambda: opening.open_for_customer(asked, by=pair[0], requester=trader) for _ in range(3)))
    assert len({ticket.pk for ticket in outcomes}) == 1
    assert Message.objects.count() == 1


def test_the_same_request_of_a_guest_is_proven_once(topic):
    pending = opening.hold_request(request(topic, token="once"), email="new@example.net")
    outcomes = at_once(*(lambda: opening.prove_address(pending) for _ in range(3)))
    assert len({ticket.pk for ticket in outcomes}) == 1
    assert Ticket.objects.count() == 1


def test_two_merges_into_one_another_end_in_one(ticket, trader, pair):
    other = TicketFactory(by=trader, topic=TopicFactory())
    outcomes = at_once(
        lambda: merging.merge(mine(ticket), mine(other), by=pair[0]),
        lambda: merging.merge(mine(other), mine(ticket), by=pair[1]),
    )
    assert sum(isinstance(outcome, TicketError) for outcome in outcomes) == 1
    assert Ticket.objects.filter(status=Status.MERGED).count() == 1


def test_a_message_that_two_split_off_is_one_ticket(ticket, trader, pair):
    second = replying.write_to_ticket(mine(ticket), "Another thing.", by=trader)
    replying.write_to_ticket(mine(ticket), "A third.", by=trader)
    seen = [Message.objects.select_related("ticket").get(pk=second.pk) for _ in pair]
    outcomes = at_once(*(lambda one=one: merging.split(one, by=pair[0], subject="Another thing") for one in seen))
    assert sum(isinstance(outcome, TransitionNotAllowed) for outcome in outcomes) == 1
    assert Ticket.objects.count() == 2
    assert all(found.messages.exists() for found in Ticket.objects.all())


def test_solving_and_a_message_end_open_or_solved_never_lost(ticket, trader, pair):
    at_once(
        lambda: moving.solve(mine(ticket), by=pair[0], reason=moving.NO_REPLY_NEEDED),
        lambda: replying.write_to_ticket(mine(ticket), "Not yet!", by=trader),
    )
    found = mine(ticket)
    events = list(found.events.order_by("pk").values_list("to_status", flat=True))
    assert events[-1] == found.status
    assert found.messages.count() == 2
