"""A report that a mail was not delivered ends the mails to an address, until somebody writes from there."""

import pytest

from tests.tickets.channels.received import reply_to
from tests.tickets.factories import answered
from tickets.channels.actions.receiving import Envelope, receive
from tickets.channels.enums import MailKind, Outcome, Sent
from tickets.channels.models import DeadAddress, OutgoingMail

pytestmark = pytest.mark.django_db


def report(mail, *, action="failed", status="5.1.1", recipient="toma@example.com"):
    return (
        "From: MAILER-DAEMON@mx.example.com\r\nTo: help@support.example\r\nSubject: Undelivered\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nNot delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.com\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {mail}\r\n\r\n--b--\r\n"
    ).encode()


@pytest.fixture
def sent(ticket, delivered):
    delivered()
    return OutgoingMail.objects.get()


def bounced(sent, **values):
    row = receive(report(sent.message_id, **values), envelope=Envelope("", ("help@support.example",)))
    sent.refresh_from_db()
    return row


def test_a_report_marks_the_mail_and_ends_mails_to_the_address(sent, ticket, agent, delivered):
    assert bounced(sent).outcome == Outcome.BOUNCE
    assert (sent.state, sent.bounced_at is not None) == (Sent.BOUNCED, True)
    delivered().clear()
    answered(ticket, by=agent)
    assert delivered() == []
    assert OutgoingMail.objects.get(kind=MailKind.ANSWERED).state == Sent.WITHHELD


def test_who_writes_to_us_again_gets_mail_again(sent, ticket):
    bounced(sent)
    reply_to(ticket)
    assert not DeadAddress.objects.exists()


@pytest.mark.parametrize(
    "values",
    [
        {"action": "delayed", "status": "4.4.1"},
        {"recipient": "olga@example.org"},
        {"action": "delivered", "status": "2.0.0"},
    ],
)
def test_other_reports_mark_nothing(sent, values):
    bounced(sent, **values)
    assert sent.state == Sent.SENT
    assert not DeadAddress.objects.exists()


def test_a_report_of_a_mail_that_is_not_ours_marks_nothing(sent):
    row = receive(report("<made.up@support.example>"), envelope=Envelope("", ("help@support.example",)))
    sent.refresh_from_db()
    assert (row.outcome, sent.state) == (Outcome.BOUNCE, Sent.SENT)


def test_a_full_mail_box_is_no_dead_address(sent):
    bounced(sent, status="4.2.2", action="failed")
    assert not DeadAddress.objects.exists()
