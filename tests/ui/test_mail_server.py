"""A mail server that hangs holds one mail for its timeout, not everybody behind it."""

import smtplib

import pytest
from django.core.mail.backends import smtp

from supportdesk.ui import mail_server
from supportdesk.ui.mail_server import PAUSE, EmailBackend, MailServerHangs
from tests.own_site import OwnSite


class Server:
    """What a mail server does with each mail; `now` is the clock of the process."""

    def __init__(self) -> None:
        self.now, self.takes, self.error, self.asked = 1000.0, 0.0, None, 0

    def send(self, messages):
        self.asked += 1
        self.now += self.takes
        if self.error is not None:
            raise self.error
        return len(messages)


@pytest.fixture
def server(monkeypatch):
    made = Server()
    monkeypatch.setattr(EmailBackend, "_left_alone_until", 0.0)
    monkeypatch.setattr(smtp.EmailBackend, "send_messages", lambda backend, messages: made.send(messages))
    monkeypatch.setattr(mail_server.time, "monotonic", lambda: made.now)
    return made


def test_after_a_mail_that_hung_the_next_ones_fail_at_once_for_half_a_minute(server):
    server.takes, server.error = 20.0, smtplib.SMTPServerDisconnected("timed out")
    with pytest.raises(smtplib.SMTPServerDisconnected):
        EmailBackend().send_messages(["one"])
    for _ in range(3):
        with pytest.raises(MailServerHangs):
            EmailBackend().send_messages(["another"])
    assert server.asked == 1
    server.now += PAUSE
    server.takes, server.error = 0.1, None
    assert EmailBackend().send_messages(["a later one"]) == 1


def test_a_server_that_refuses_quickly_is_asked_each_time(server):
    server.error = ConnectionRefusedError(111, "Connection refused")
    for _ in range(3):
        with pytest.raises(ConnectionRefusedError):
            EmailBackend().send_messages(["one"])
    assert server.asked == 3


def test_a_slow_server_that_takes_the_mail_is_asked_on(server):
    server.takes = 15.0
    assert [EmailBackend().send_messages(["one"]) for _ in range(2)] == [1, 1]


@pytest.mark.parametrize(
    ("address", "backend"),
    [("smtp://127.0.0.1:25", "supportdesk.ui.mail_server.EmailBackend"),
     ("smtp+tls://user:word@mail.example:587", "supportdesk.ui.mail_server.EmailBackend"),
     ("consolemail://", "django.core.mail.backends.console.EmailBackend")],
)  # fmt: skip
def test_mails_by_smtp_go_this_way(tmp_path, address, backend):
    site = OwnSite(tmp_path, is_bare=True, EMAIL_URL=address)
    printed = site.settings("from django.conf import settings\nprint(settings.EMAIL_BACKEND)")
    assert printed.stdout.strip() == backend, printed.stderr
