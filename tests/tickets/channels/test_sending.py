"""Mails go out by SMTP: once each, whatever the mail server does."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from supportdesk.outbox import delivery
from supportdesk.outbox.models import Outbox, State
from tests.tickets.channels.smtp import Sink
from tests.tickets.factories import TicketFactory, answered
from tickets.channels import health, letters
from tickets.channels.actions import sending
from tickets.channels.enums import MailKind, Sent
from tickets.channels.models import DeadAddress, OutgoingMail

pytestmark = pytest.mark.django_db


@pytest.fixture
def sink(settings):
    """Where our mails go; not running yet."""
    found = Sink()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", found.port, 5
    return found


def deliver(later=timedelta(0)):
    """What the worker does, at a later time."""
    at = timezone.now() + later
    while delivery.deliver_due(lambda: at):
        pass


def row_of(ticket):
    return OutgoingMail.objects.get(ticket=ticket)


def test_a_mail_goes_out_by_smtp_as_it_was_written(sink, ticket):
    with sink.running():
        deliver()
    mail = sink.mails[0]
    assert sink.envelopes == [("help@support.example", ["toma@example.com"])]
    assert mail["Message-ID"] == row_of(ticket).message_id
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Reply-To"].startswith("help+")
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert row_of(ticket).state == Sent.SENT


def test_ids_and_addresses_stay_on_the_line_of_their_name(sink, ticket, agent):
    answered(ticket, by=agent)
    with sink.running():
        deliver()
    for raw in sink.raw:
        head = raw.partition(b"\r\n\r\n")[0]
        assert all(len(line) <= 998 for line in head.split(b"\r\n"))
        for name in (b"Message-ID", b"Reply-To"):
            assert re.search(rb"(?m)^%s: <?[^ <>\r\n]+@support\.example>?\r?$" % name, head)
    assert sink.mails[-1]["References"] == sink.mails[0]["Message-ID"]


@pytest.mark.both
def test_while_the_server_is_away_mails_wait_and_then_all_go(sink, trader, topic):
    tickets = [TicketFactory(by=trader, topic=topic) for _ in range(3)]
    deliver()
    assert {row_of(ticket).state for ticket in tickets} == {Sent.WAITING}
    assert Outbox.objects.filter(consumer="mail_ticket", state=State.PENDING).count() == 3
    sending._Away.since = None
    with sink.running():
        deliver(timedelta(seconds=31))
    assert len(sink.mails) == 3
    assert {row_of(ticket).state for ticket in tickets} == {Sent.SENT}


def test_a_server_that_is_away_is_asked_once_not_by_each_mail(sink, trader, topic):
    for _ in range(3):
        TicketFactory(by=trader, topic=topic)
    deliver()
    assert sorted(OutgoingMail.objects.values_list("attempts", flat=True)) == [0, 0, 1]


def test_the_first_mail_that_goes_out_takes_the_others_along(sink, trader, topic):
    for _ in range(3):
        TicketFactory(by=trader, topic=topic)
    deliver()
    Outbox.objects.filter(consumer="mail_ticket").update(next_at=timezone.now() + timedelta(hours=3))
    first = Outbox.objects.filter(consumer="mail_ticket").first()
    Outbox.objects.filter(pk=first.pk).update(next_at=timezone.now())
    sending._Away.since -= sending.PAUSE
    with sink.running():
        deliver()
        deliver(timedelta(seconds=1))
    assert len(sink.mails) == 3


def test_the_same_id_is_sent_after_a_failure(sink, ticket):
    deliver()
    message_id = row_of(ticket).message_id
    sending._Away.since = None
    with sink.running():
        deliver(timedelta(seconds=31))
    assert sink.mails[0]["Message-ID"] == message_id


def test_a_mail_that_the_server_took_before_the_worker_died_is_known_by_its_id(sink, ticket, monkeypatch):
    with sink.running():
        with monkeypatch.context() as patch:
            patch.setattr(sending, "_is_back", lambda: (_ for _ in ()).throw(SystemExit))
            with pytest.raises(SystemExit):
                deliver()
        OutgoingMail.objects.update(state=Sent.WAITING)  # what was not committed
        Outbox.objects.update(lease_until=timezone.now())
        deliver(timedelta(seconds=1))
    assert len({mail["Message-ID"] for mail in sink.mails}) == 1


def test_greylisting_is_waited_out(sink, ticket):
    sink.at_rcpt[""] = "451 4.7.1 Come back later"
    with sink.running():
        deliver()
        assert row_of(ticket).state == Sent.WAITING
        sink.at_rcpt.clear()
        deliver(timedelta(seconds=10))
    assert (len(sink.mails), row_of(ticket).state) == (1, Sent.SENT)
    assert not DeadAddress.objects.exists()


def test_an_address_that_does_not_exist_is_tried_once(sink, ticket, agent):
    sink.at_rcpt["toma@example.com"] = "550 5.1.1 No such person"
    with sink.running():
        deliver()
        deliver(timedelta(days=1))
        answered(ticket, by=agent)
        deliver()
    states = dict(OutgoingMail.objects.values_list("kind", "state"))
    assert states == {MailKind.RECEIVED: Sent.REFUSED, MailKind.ANSWERED: Sent.WITHHELD}
    assert OutgoingMail.objects.get(kind=MailKind.RECEIVED).attempts == 1
    assert DeadAddress.objects.get().status == "550"
    assert not Outbox.objects.filter(state=State.FAILED).exists()


def test_a_mail_that_is_refused_for_what_it_says_marks_no_address(sink, ticket):
    sink.at_data[""] = "554 5.7.1 Looks like spam"
    with sink.running():
        deliver()
    assert row_of(ticket).state == Sent.REFUSED
    assert not DeadAddress.objects.exists()


@pytest.mark.parametrize(
    "said",
    ["530 5.7.0 Authentication required", "530 Authentication required",
     "554 5.7.1 <toma@example.com>: Relay access denied",
     "550 5.7.1 Service unavailable; client [192.0.2.1] blocked"],
)  # fmt: skip
def test_a_server_that_takes_nothing_from_us_closes_no_address(sink, ticket, said):
    sink.at_rcpt[""] = said
    with sink.running():
        deliver()
        assert (row_of(ticket).state, row_of(ticket).attempts) == (Sent.WAITING, 1)
        assert not DeadAddress.objects.exists()
        sink.at_rcpt.clear()
        deliver(timedelta(seconds=10))
    assert row_of(ticket).state == Sent.SENT


def test_a_connection_that_is_lost_after_the_mail_makes_no_endless_mails(sink, ticket):
    sink.drops = True
    with sink.running():
        for number in range(20):
            sending._Away.since = None
            deliver(timedelta(days=number))
    assert len(sink.mails) <= len(delivery.BACKOFF) + 1
    assert len({mail["Message-ID"] for mail in sink.mails}) == 1


def test_health_tells_of_mails_that_wait(sink, ticket, client):
    assert health.mail() == ""
    for number in range(health.TRIES):
        sending._Away.since = None
        deliver(timedelta(hours=number))
    assert health.mail() == "1 mails wait for the mail server, 0 were given up"
    parts = client.get("/health/ready").json()["parts"]
    assert health.mail() in parts["mail"]["error"]
    assert parts["failed_mail"] == {"ok": True}


def test_a_letter_of_two_recipients_cannot_be_written(ticket, agent):
    letter = letters.of_event(ticket.events.get())
    bad = replace(letter, to="toma@example.com\r\nBcc: evil@example.net")
    message = sending.compose(bad, "<x@support.example>")
    with pytest.raises(ValueError, match="newline"):
        message.message()
