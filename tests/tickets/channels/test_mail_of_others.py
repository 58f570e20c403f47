"""Mail of people who are not known to have written it, or may not, is held or quarantined and opens nothing."""

import pytest

from supportdesk.accounts.models import User
from tests.tickets.channels import raw
from tests.tickets.channels.received import came, reply_to
from tickets.channels.enums import Kept, Outcome, Reason
from tickets.channels.models import IncomingMail

pytestmark = pytest.mark.django_db


def test_without_a_pass_it_is_held_and_the_person_is_asked(ticket, delivered):
    delivered().clear()
    row = reply_to(ticket, results=raw.FAIL, text="Send it to another address.")
    mails = delivered()
    assert (row.outcome, row.kept, ticket.messages.count()) == (Outcome.HELD, Kept.SEALED, 1)
    assert [mail.recipients() for mail in mails] == [["toma@example.com"]]
    assert "another address" not in mails[0].body


def test_what_is_sealed_cannot_be_read_in_the_database(ticket):
    row = reply_to(ticket, results=raw.FAIL, text="Send it to another address.")
    stored = bytes(IncomingMail.objects.get(pk=row.pk).sealed)
    assert b"another" not in stored
    assert b"toma" not in stored


def test_a_token_of_somebody_else_opens_nothing(ticket, other_trader, delivered):
    delivered().clear()
    results = raw.PASS.replace("example.com", "example.org")
    row = reply_to(ticket, sender="olga@example.org", results=results)
    assert (row.outcome, row.reason) == (Outcome.QUARANTINED, Reason.NOT_PARTICIPANT)
    assert delivered() == []


def test_somebody_who_was_switched_off_adds_nothing(ticket, trader):
    trader.is_active = False
    trader.save()
    assert reply_to(ticket).outcome == Outcome.QUARANTINED
    assert ticket.messages.count() == 1


def test_an_id_of_a_stranger_that_could_break_our_head_is_not_kept(ticket):
    assert reply_to(ticket, message_id=f"<{'x' * 298}@example.com>").mail_id == ""
    assert reply_to(ticket, message_id="no brackets", text="Another").mail_id == ""


@pytest.mark.parametrize("sender", ["rui@northgate.example", "mina@team.northgate.example"])
def test_the_staff_answers_at_the_desk_only(ticket, sender, delivered):
    delivered().clear()
    row = reply_to(ticket, sender=sender, results=raw.PASS.replace("example.com", sender.partition("@")[2]))
    assert (row.outcome, row.reason, ticket.messages.count()) == (Outcome.QUARANTINED, Reason.STAFF, 1)
    assert delivered() == []


def test_an_agent_with_an_address_elsewhere_is_staff_too(agent):
    results = raw.PASS
    assert came(raw.mail(sender=agent.email, results=results)).reason == Reason.STAFF


def test_copies_give_nobody_access(ticket, delivered):
    reply_to(ticket, Cc="mallory@evil.example")
    assert not any("evil" in to for mail in delivered() for to in mail.recipients())
    assert not User.objects.filter(email="mallory@evil.example").exists()
