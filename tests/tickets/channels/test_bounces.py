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


ABROAD = "toma@xn--e1afmkfd.xn--p1ai"


@pytest.fixture
def sent_abroad(ticket, delivered):
    """A mail to a host in letters outside of ASCII."""
    type(ticket.requester).objects.filter(pk=ticket.requester_id).update(email=ABROAD)
    ticket.refresh_from_db()
    delivered()
    return OutgoingMail.objects.get()


@pytest.mark.parametrize(
    "spelling",
    [ABROAD, "toma@пример.рф", "Toma@ПРИМЕР.рф", r"toma@\x{43F}\x{440}\x{438}\x{43C}\x{435}\x{440}.\x{440}\x{444}"],
)
def test_a_report_may_spell_the_host_in_its_own_letters(sent_abroad, spelling):
    assert sent_abroad.to == ABROAD
    bounced(sent_abroad, recipient=spelling)
    assert sent_abroad.state == Sent.BOUNCED
    assert DeadAddress.objects.exists()


def test_so_may_the_words_of_an_old_server(sent_abroad):
    raw = (
        "From: MAILER-DAEMON@mx.example.com\r\nTo: help@support.example\r\nSubject: failure notice\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\nHi. I was not able to deliver your message.\r\n\r\n"
        f"<toma@пример.рф>:\r\nNo such user. 5.1.1\r\n\r\nMessage-ID: {sent_abroad.message_id}\r\n"
    )
    receive(raw.encode(), envelope=Envelope("", ("help@support.example",)))
    sent_abroad.refresh_from_db()
    assert sent_abroad.state == Sent.BOUNCED


def test_a_report_of_another_mail_box_at_the_host_marks_nothing(sent_abroad):
    bounced(sent_abroad, recipient="olga@пример.рф")
    assert sent_abroad.state != Sent.BOUNCED


@pytest.mark.parametrize("number", ["110000", "D800", "DFFF", "0D800", "{", ""])
def test_numbers_of_no_letter_break_nothing(sent, number):
    assert bounced(sent, recipient=f"toma@\\x{{{number}}}.example").outcome == Outcome.BOUNCE


def test_a_full_mail_box_is_no_dead_address(sent):
    bounced(sent, status="4.2.2", action="failed")
    assert not DeadAddress.objects.exists()
