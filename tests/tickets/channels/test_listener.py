"""Mail that comes in by SMTP, by real connections: 250 only when it is stored."""

import io
import signal
import smtplib
import socket
import subprocess
import threading
from contextlib import suppress
from types import SimpleNamespace

import pytest
from django.conf import settings as site
from django.core.management import call_command
from django.db import OperationalError

from supportdesk.outbox import delivery
from tests.own_site import OwnSite
from tests.services import free_port, wait_for_port
from tests.tickets.channels import raw
from tests.tickets.channels.smtp import Sink
from tests.tickets.factories import TicketFactory, TopicFactory
from tickets.channels import inbox, listener
from tickets.channels.actions import receiving
from tickets.channels.enums import Outcome
from tickets.channels.models import IncomingMail

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def door():
    """The port of a running listener."""
    controller = listener.controller("127.0.0.1", free_port())
    controller.start()
    yield controller.port
    controller.stop()


@pytest.fixture
def ticket(trader, db):
    return TicketFactory(by=trader, topic=TopicFactory(key="deposits"))


def send(port, content, *, sender="toma@example.com", to="help@support.example"):
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
        return client.sendmail(sender, [to], content)


def test_an_answer_by_smtp_is_on_the_ticket_when_250_is_said(door, ticket):
    address = inbox.reply_address(ticket)
    assert send(door, raw.mail("It is still missing.", to=address), to=address) == {}
    assert ticket.messages.last().body == "It is still missing."


def test_our_mail_is_answered_over_smtp_both_ways(door, ticket, settings):
    sink = Sink()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
    with sink.running():
        delivery.deliver_due()
    ours = sink.mails[0]
    answer = raw.mail("Thank you.", to=ours["Reply-To"], subject=f"Re: {ours['Subject']}")
    send(door, answer, to=ours["Reply-To"])
    assert ticket.messages.last().body == "Thank you."


def test_the_null_sender_is_taken(door, db):
    send(door, raw.mail("Away until Monday."), sender="")
    assert IncomingMail.objects.get().outcome == Outcome.AUTO_REPLY


def test_a_mail_that_begins_lines_with_dots_stays_whole(door, ticket):
    address = inbox.reply_address(ticket)
    send(door, raw.mail("See\n.hidden\n..\nend", to=address), to=address)
    assert ticket.messages.last().body == "See\n.hidden\n..\nend"


def test_another_domain_is_refused(door, db):
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        send(door, raw.mail(), to="somebody@elsewhere.example")
    assert refused.value.recipients["somebody@elsewhere.example"][0] == 550
    assert not IncomingMail.objects.exists()


def test_a_mail_that_is_too_large_is_refused_before_it_is_sent(door, db, monkeypatch):
    with smtplib.SMTP("127.0.0.1", door, timeout=20) as client:
        client.ehlo()
        assert int(client.esmtp_features["size"]) == listener.LARGEST
        code, _ = client.mail("toma@example.com", [f"size={listener.LARGEST + 1}"])
    assert code == 552


def test_a_line_that_never_ends_is_not_kept(door, db):
    with socket.create_connection(("127.0.0.1", door), timeout=20) as client:
        client.sendall(b"EHLO x\r\nMAIL FROM:<a@example.com>\r\nRCPT TO:<help@support.example>\r\nDATA\r\n")
        with pytest.raises(OSError, match=r"reset|[Bb]roken pipe"):
            client.sendall(b"x" * 2 * listener.LARGEST)
    send(door, raw.mail())
    assert IncomingMail.objects.count() == 1


def test_where_nothing_can_be_stored_the_sender_hears_451(door, ticket, monkeypatch):
    def broken(*args, **values):
        raise OperationalError("database is locked")

    with monkeypatch.context() as patch:
        patch.setattr(receiving.IncomingMail.objects, "light", broken)
        with pytest.raises(smtplib.SMTPDataError) as refused:
            send(door, raw.mail())
    assert refused.value.smtp_code == 451
    send(door, raw.mail())
    assert IncomingMail.objects.get().outcome == Outcome.NEW_TICKET


@pytest.mark.both
def test_ten_at_once_are_ten_and_the_same_ten_times_is_one(door, ticket):
    contents = [raw.mail(f"Message {n}", message_id=f"<{n}@example.com>") for n in range(10)] + [raw.mail("Same")] * 10
    threads = [threading.Thread(target=send, args=(door, content)) for content in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert IncomingMail.objects.filter(outcome=Outcome.NEW_TICKET).count() == 11
    assert IncomingMail.objects.get(copies=9)


# The pipe


def piped(content, monkeypatch, *said):
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(content)))
    call_command("receive_mail", *said, stdout=io.StringIO(), stderr=io.StringIO())


def test_the_pipe_stores(ticket, monkeypatch):
    piped(raw.mail(to=inbox.reply_address(ticket)), monkeypatch)
    assert ticket.messages.count() == 2


@pytest.mark.parametrize("error", [OperationalError("locked"), OSError(28, "full"), ValueError("odd")])
def test_the_pipe_ends_with_75_where_nothing_was_stored(ticket, monkeypatch, error):
    def broken(*args, **values):
        raise error

    monkeypatch.setattr(receiving.transaction, "atomic", broken)
    with pytest.raises(SystemExit) as ended:
        piped(raw.mail(), monkeypatch)
    assert ended.value.code == 75


# Processes of their own


@pytest.fixture(scope="module")
def site_of_its_own(tmp_path_factory):
    return OwnSite(tmp_path_factory.mktemp("mail"), MAIL_INBOUND_DOMAIN="support.example")


def outcomes(site, sender):
    rows = site.sql(f"SELECT outcome FROM tickets_channels_incomingmail WHERE sender = '{sender}'")  # noqa: S608
    return [outcome for (outcome,) in rows]


def test_the_command_listens_stores_and_ends(site_of_its_own):
    port = free_port()
    with site_of_its_own.process("run_smtp_in", "--port", str(port)) as process:
        wait_for_port(port)
        send(port, raw.mail(sender="nobody@example.net"))
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
    assert outcomes(site_of_its_own, "nobody@example.net") == ["new_pending"]


def test_what_was_said_to_be_stored_survives_a_kill_and_nothing_comes_twice(site_of_its_own):
    waiting = {n: raw.mail(f"Message {n}", message_id=f"<{n}@list.example>", List_Id="<a.b>") for n in range(24)}
    stored: set[int] = set()
    for kills in range(3):
        port = free_port()
        with site_of_its_own.process("run_smtp_in", "--port", str(port)) as process:
            wait_for_port(port)
            for number, content in list(waiting.items())[: 8 if kills < 2 else 24]:
                if kills < 2 and number % 8 == 4:  # while this one is being stored
                    threading.Timer(0.01, process.kill).start()
                with suppress(smtplib.SMTPException, OSError):
                    send(port, content)
                    stored.add(number)
                    del waiting[number]
    assert not waiting
    kept = site_of_its_own.sql(
        "SELECT COUNT(*), COUNT(DISTINCT mail_id) FROM tickets_channels_incomingmail WHERE outcome = 'quarantined'"
    )
    assert kept == [(24, 24)]
    assert len(stored) == 24


def test_the_pipe_as_a_program(site_of_its_own):
    found = {"cwd": site.BASE_DIR, "input": raw.mail(sender="pipe@example.net"), "check": False, "capture_output": True}
    program, environment = site_of_its_own.program("receive_mail"), site_of_its_own.environment
    assert subprocess.run(program, env=environment, **found).returncode == 0
    nowhere = {**environment, "DATABASE_URL": "sqlite:////nowhere/site.sqlite3"}
    assert subprocess.run(program, env=nowhere, **found).returncode == 75
    assert outcomes(site_of_its_own, "pipe@example.net") == ["new_pending"]
