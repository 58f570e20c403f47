"""321 raw mails of an independent hand, each with the outcome that the specification asks."""

import io
import socket
from types import SimpleNamespace

import pytest
from django.core.management import call_command

from tests.tickets.channels import corpus, recipes
from tickets.channels.actions.receiving import Envelope, receive
from tickets.channels.models import IncomingMail

pytestmark = pytest.mark.django_db
ENTRIES = recipes.entries()


@pytest.fixture
def called(monkeypatch):
    """Whom somebody tries to reach, or asks the way to; nobody is reached."""
    tried = []

    def refuse(*whom, **_):
        tried.append(whom)
        raise OSError("A mail that is read calls nobody.")

    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, lambda _, address: refuse(address))
    for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
        monkeypatch.setattr(socket, name, refuse)
    return tried


def came(world, entry, monkeypatch):
    """Let a mail come in by its door; the row of it."""
    raw, (sender, recipients) = world.raw(entry), world.sent_as(entry)
    known = {row.pk: row.copies for row in IncomingMail.objects.light()}
    if entry.get("via") == "pipe":
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
        said = [f"--sender={sender}", *(f"--recipient={one}" for one in recipients)]
        call_command("receive_mail", *said, stdout=io.StringIO())
    else:
        receive(raw, envelope=Envelope(sender, tuple(recipients)))
    return next(row for row in IncomingMail.objects.light() if known.get(row.pk) != row.copies)


@pytest.mark.parametrize("entry", ENTRIES, ids=corpus.name_of)
def test_a_mail_has_the_outcome_that_the_specification_asks(entry, world, delivered, monkeypatch, called):
    for first in entry.get("after", []):
        came(world, next(found for found in ENTRIES if found.get("file") == first), monkeypatch)
    delivered().clear()
    before = corpus.standing(world)
    row = came(world, entry, monkeypatch)
    world.mails = list(delivered())
    assert list(corpus.problems(entry, world, row, before)) == []
    assert not corpus.broken_letters()
    assert called == []  # of an entry that names whom (`must_not_connect`), and of every other


def test_a_call_would_be_seen(called):
    named = {host for entry in ENTRIES for host in entry.get("must_not_connect", [])}
    assert named
    for host in named:
        with pytest.raises(OSError, match="calls nobody"):
            socket.create_connection((host, 80), timeout=1)
        with socket.socket() as line, pytest.raises(OSError, match="calls nobody"):
            line.connect((host, 80))
    assert len(called) == 2 * len(named)
