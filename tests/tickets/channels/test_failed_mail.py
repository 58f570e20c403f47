"""A mail that cannot be taken in is kept sealed and run again, or left with the server that brings it."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, OperationalError

from tests.tickets.channels.received import failing, reply_to
from tickets.channels.actions import receiving
from tickets.channels.actions.receiving import Envelope, TryAgain, receive
from tickets.channels.enums import KEPT, Kept, Outcome, Reason
from tickets.channels.models import IncomingMail

pytestmark = pytest.mark.django_db


def test_an_error_of_ours_keeps_the_mail_sealed_and_it_is_run_again(ticket, monkeypatch):
    with monkeypatch.context() as patch:
        failing(patch, ValueError("odd"))
        row = reply_to(ticket)
    assert (row.outcome, row.reason, row.kept) == (Outcome.FAILED, Reason.BROKEN, Kept.SEALED)
    assert row.purge_at - row.received_at >= KEPT - timedelta(seconds=1)
    done = receiving.run_again(row)
    assert (done.outcome, done.kept, done.sealed) == (Outcome.APPENDED, Kept.NOT, None)
    assert ticket.messages.count() == 2


def test_what_fails_again_stays_sealed(ticket, monkeypatch):
    failing(monkeypatch, ValueError("odd"))
    row = receiving.run_again(reply_to(ticket))
    assert (row.outcome, row.kept) == (Outcome.FAILED, Kept.SEALED)


@pytest.mark.parametrize("error", [OperationalError("locked"), OSError(28, "No space left on device")])
def test_where_nothing_can_be_stored_the_sender_keeps_it(ticket, monkeypatch, error):
    failing(monkeypatch, error)
    with pytest.raises(TryAgain):
        reply_to(ticket)
    assert not IncomingMail.objects.exists()


@pytest.mark.both
def test_words_that_the_database_refuses_are_no_reason_to_try_again(ticket, monkeypatch):
    failing(monkeypatch, DatabaseError("odd letters"))
    assert reply_to(ticket).outcome == Outcome.FAILED


@pytest.mark.parametrize("content", [b"", b"\0" * 4096, bytes(range(256)) * 16])
def test_noise_is_kept_and_nobody_hears_of_it(content, db, delivered):
    row = receive(content, envelope=Envelope("x@example.net", ("help@support.example",)))
    assert row.outcome in (Outcome.FAILED, Outcome.QUARANTINED)
    assert receiving._unsealed(IncomingMail.objects.get())[0] == content
    assert delivered() == []
