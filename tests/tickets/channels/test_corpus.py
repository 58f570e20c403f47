"""261 raw mails of an independent hand, each with the outcome that the specification asks."""

import io
from copy import deepcopy
from types import SimpleNamespace

import pytest
from django.core.management import call_command

from tests.tickets.channels import corpus
from tickets.channels.actions.receiving import Envelope, receive
from tickets.channels.models import IncomingMail

pytestmark = pytest.mark.django_db
ENTRIES = corpus.entries()


@pytest.fixture(scope="module")
def first_world(making):
    with making():
        return corpus.new_world()


@pytest.fixture
def world(first_world):
    return deepcopy(first_world)


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
def test_outcome(entry, world, delivered, monkeypatch):
    for first in entry.get("after", []):
        came(world, next(found for found in ENTRIES if found.get("file") == first), monkeypatch)
    delivered().clear()
    before = corpus.standing(world)
    row = came(world, entry, monkeypatch)
    world.mails = list(delivered())
    assert list(corpus.problems(entry, world, row, before)) == []
    assert not corpus.broken_letters()
