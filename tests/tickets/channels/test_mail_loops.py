"""Machines that write to us get no answers, or few."""

import pytest

from tests.tickets.channels import raw
from tests.tickets.channels.received import came, reply_to
from tests.tickets.factories import answered
from tickets.channels.enums import AT_ONCE, Kept, MailKind, Outcome, Sent
from tickets.channels.models import IncomingMail, OutgoingMail
from tickets.enums import Status
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


def test_a_person_whose_program_asks_for_quiet_is_heard_and_not_answered(trader, delivered):
    row = came(raw.mail(X_Auto_Response_Suppress="DR, OOF"))
    assert row.outcome == Outcome.NEW_TICKET
    assert delivered() == []


def test_a_machine_that_answers_each_of_our_mails_is_soon_not_answered(trader, delivered):
    """It writes to the plain address each time, so that each of its mails is a new request."""
    for number in range(60):
        came(raw.mail(f"We have received your message. {number}", message_id=f"<{number}@example.com>"))
        if number % 20 == 0:
            delivered()
    delivered()
    assert OutgoingMail.objects.filter(kind=MailKind.RECEIVED, state=Sent.SENT).count() == AT_ONCE
    assert Ticket.objects.count() == 60


def test_a_responder_without_a_pass_gets_five_questions_an_hour(ticket, delivered):
    delivered().clear()
    for number in range(20):
        reply_to(ticket, results="", text=f"Auto {number}", message_id=f"<{number}@example.com>")
    assert len(delivered()) <= AT_ONCE
    assert IncomingMail.objects.filter(outcome=Outcome.HELD).count() == 20


def test_an_automatic_answer_changes_nothing(ticket, agent, delivered):
    answered(ticket, by=agent, then=Status.PENDING)
    delivered().clear()
    row = reply_to(ticket, Auto_Submitted="auto-replied")
    ticket.refresh_from_db()
    assert (row.outcome, row.kept, ticket.status) == (Outcome.AUTO_REPLY, Kept.NOT, Status.PENDING)
    assert delivered() == []


def test_our_own_mail_that_comes_back_is_dropped(ticket):
    row = came(raw.mail(sender="help@support.example"))
    assert (row.outcome, row.kept) == (Outcome.LOOPED, Kept.NOT)
