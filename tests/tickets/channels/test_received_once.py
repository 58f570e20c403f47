"""The same mail is kept once, by whatever way and however often it comes."""

import pytest

from tests.tickets.channels import raw
from tests.tickets.channels.received import came, reply_to
from tickets.channels import inbox
from tickets.channels.actions.receiving import Envelope, receive
from tickets.channels.enums import Outcome
from tickets.channels.models import IncomingMail

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("message_id", ["<one@example.com>", ""])
def test_the_same_mail_twice_is_one_message(ticket, message_id):
    first, second = (reply_to(ticket, message_id=message_id) for _ in range(2))
    assert (first.pk, second.copies) == (second.pk, 1)
    assert ticket.messages.count() == 2


@pytest.mark.both
def test_the_same_mail_by_another_way_is_one_message(ticket):
    reply_to(ticket)
    results, rest = raw.mail(to=inbox.reply_address(ticket)).split(b"\r\n", 1)
    again = results + b"\r\nReceived: from elsewhere.example by other.example\r\n" + rest
    row = receive(again, envelope=Envelope("x@example.com", ("help@support.example",)))
    assert row.outcome == Outcome.DUPLICATE
    assert ticket.messages.count() == 2


def test_a_stranger_who_takes_a_message_id_first_swallows_nothing(ticket):
    came(raw.mail("Mine first", sender="mallory@evil.example", results=""), sender="mallory@evil.example")
    assert reply_to(ticket).outcome == Outcome.APPENDED


@pytest.mark.both
def test_what_was_killed_half_way_is_taken_in_whole_the_next_time(ticket, monkeypatch):
    def killed(*args, **values):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(IncomingMail, "save", killed)  # after the message was written
        with pytest.raises(KeyboardInterrupt):
            reply_to(ticket)
    assert (ticket.messages.count(), IncomingMail.objects.count()) == (1, 0)
    assert reply_to(ticket).outcome == Outcome.APPENDED
    assert ticket.messages.count() == 2


def test_a_mailbox_in_bytes_that_are_no_utf_8_is_one_as_well(ticket):
    """The listener hands on such bytes as halves of surrogate pairs."""
    envelope = Envelope("toma@example.com", (f"{inbox.LOCAL}+\udcff@support.example",))
    rows = [receive(raw.mail(), envelope=envelope) for _ in range(2)]
    assert [row.outcome for row in rows] == [Outcome.NEW_TICKET] * 2
    assert (rows[0].pk, rows[1].copies) == (rows[1].pk, 1)
