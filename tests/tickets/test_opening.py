"""A ticket comes to be once, with its clocks, whoever asks and however often it is sent."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from supportdesk.accounts.models import User
from supportdesk.outbox.models import Outbox
from tests.tickets.factories import TicketFactory, answered, request
from tickets import editions
from tickets.actions import opening, replying
from tickets.enums import EventKind, Status
from tickets.errors import AlreadyDone, InvalidInput, SecretFound, TooMany
from tickets.models import PendingRequest, Ticket

pytestmark = pytest.mark.django_db

WORDS = "abandon " * 11 + "about"


def test_sending_twice_gives_one_ticket(trader, topic):
    first = opening.open_ticket(request(topic, token="once"), by=trader)
    again = opening.open_ticket(request(topic, token="once", body="Another text."), by=trader)
    assert first == again
    assert Ticket.objects.count() == 1


def test_the_same_token_of_another_person_is_another_ticket(trader, other_trader, topic):
    opening.open_ticket(request(topic, token="once"), by=trader)
    opening.open_ticket(request(topic, token="once"), by=other_trader)
    assert Ticket.objects.count() == 2


def test_numbers_are_not_guessable(trader, topic):
    ids = {TicketFactory(by=trader, topic=topic).public_id for _ in range(5)}
    assert len(ids) == 5
    assert all(len(number) == 15 for number in ids)


@pytest.mark.parametrize("override", ["\u202d", "\u202e"])
def test_no_text_shows_its_letters_in_another_order_than_they_stand(override, trader, topic):
    """The address of a wallet, as an agent reads it, is the one that is copied."""
    turned = f"Send it to {override}3321cba\u202c, \u2067not\u2069 there."
    ticket = opening.open_ticket(request(topic, body=turned, details={"tx_id": f"ab{override}12"}), by=trader)
    assert ticket.messages.get().body == "Send it to 3321cba\u202c, \u2067not\u2069 there."
    assert ticket.details == {"tx_id": "ab12"}


def test_secrets_are_taken_out_of_every_text(trader, topic):
    ticket = opening.open_ticket(
        request(topic, subject=f"Help {WORDS}", body=f"My phrase: {WORDS}", details={"tx_id": WORDS}), by=trader
    )
    message = ticket.messages.get()
    assert "abandon" not in ticket.subject + message.body + str(ticket.details)
    assert message.removed == ["mnemonic"]


@pytest.mark.parametrize("body", ["", "  \n ", "\0"])
def test_nothing_said_is_refused(trader, topic, body):
    with pytest.raises(InvalidInput, match="Write what you want to say"):
        opening.open_ticket(request(topic, body=body), by=trader)


def test_too_much_said_is_refused_with_the_length(trader, topic):
    with pytest.raises(InvalidInput, match="20001 characters; at most 20000"):
        opening.open_ticket(request(topic, body="x" * 20_001), by=trader)


def test_a_subject_is_one_line_without_controls(trader, topic):
    ticket = TicketFactory(by=trader, topic=topic, subject="Hi\r\nBcc: evil@example.org\0 \u202e")
    assert ticket.subject == "Hi Bcc: evil@example.org"


def test_a_guest_waits_without_a_ticket_or_a_clock(topic):
    pending = opening.hold_request(request(topic), email="New@Example.net", name="New")
    assert (pending.email, Ticket.objects.count()) == ("new@example.net", 0)
    assert not User.objects.filter(email="new@example.net").exists()


def test_proving_the_address_opens_one_ticket_and_counts_the_wait_from_asking(topic):
    pending = opening.hold_request(request(topic, token="once", language="ko"), email="new@example.net", name="New")
    later = timezone.now() + timedelta(hours=1)
    with time_machine.travel(later, tick=False):
        ticket = opening.prove_address(pending)
        assert opening.prove_address(pending) == ticket
    assert ticket.requester.email == "new@example.net"
    assert ticket.requester.language == "ko"
    assert (ticket.asked_at, ticket.created_at) == (pending.created_at, later)
    assert ticket.clocks.get(metric="first_reply").started_at == later.replace(microsecond=0)


def test_what_was_sent_signed_in_and_once_more_as_a_guest_is_one_ticket(trader, agent, topic):
    """The session ended between two tries, and an agent had answered the first."""
    sent = request(topic, token="once")
    opened = answered(opening.open_ticket(sent, by=trader), by=agent)
    assert opening.prove_address(opening.hold_request(sent, email=trader.email)) == opened


def test_a_request_is_not_opened_after_a_week(topic):
    pending = opening.hold_request(request(topic), email="new@example.net")
    with time_machine.travel(timezone.now() + timedelta(days=8), tick=False), pytest.raises(AlreadyDone):
        opening.prove_address(pending)


def test_a_guest_who_sends_twice_waits_once(topic):
    first = opening.hold_request(request(topic, token="once"), email="new@example.net")
    assert opening.hold_request(request(topic, token="once"), email="new@example.net") == first


def test_an_address_cannot_be_bombarded(topic, monkeypatch):
    monkeypatch.setattr(opening, "OPEN_REQUESTS", 4)
    for _ in range(opening.OPEN_REQUESTS):
        opening.hold_request(request(topic), email="victim@example.net")
    with pytest.raises(TooMany):
        opening.hold_request(request(topic), email="victim@example.net")
    assert PendingRequest.objects.count() == opening.OPEN_REQUESTS


def test_an_agent_writes_first_and_only_the_time_to_solve_runs(trader, agent, topic):
    ticket = opening.open_for_customer(request(topic, body="We found a fault."), by=agent, requester=trader)
    assert (ticket.status, ticket.assignee) == (Status.OPEN, agent)
    assert {clock.metric for clock in ticket.clocks.all()} == {"resolution"}


def test_only_staff_write_first(trader, other_trader, topic):
    with pytest.raises(PermissionDenied):
        opening.open_for_customer(request(topic), by=trader, requester=other_trader)


def test_staff_never_send_a_key(trader, agent, topic):
    with pytest.raises(SecretFound):
        opening.open_for_customer(request(topic, body=WORDS), by=agent, requester=trader)


def test_a_follow_up_is_told_in_both_histories(ticket, trader):
    Ticket.objects.filter(pk=ticket.pk).update(status=Status.CLOSED)
    ticket.refresh_from_db()
    message = replying.write_to_ticket(ticket, "Again.", by=trader, token="twice")
    assert replying.write_to_ticket(ticket, "Again.", by=trader, token="twice") == message
    assert message.ticket.follows == ticket
    assert ticket.events.filter(kind=EventKind.FOLLOWED).count() == 1


def test_an_opened_ticket_is_one_transaction_of_few_statements(trader, topic, django_assert_max_num_queries):
    editions.current()  # which policies hold is asked every few seconds, not for each ticket
    # Savepoint and release of the test's own transaction among them, and before it the state of the triage rules.
    with django_assert_max_num_queries(9):
        opening.open_ticket(request(topic, token="counted"), by=trader)


def test_what_leaves_is_owed_in_the_same_transaction(trader, topic):
    TicketFactory(by=trader, topic=topic)
    assert not Outbox.objects.exclude(event_kind__startswith="ticket.").exists()
