"""A mail that is held is added or destroyed as its sender says, and what is sealed is destroyed after a week."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.tickets.channels import raw
from tests.tickets.channels.received import reply_to
from tickets import sealing
from tickets.channels import tasks
from tickets.channels.actions import receiving
from tickets.channels.enums import Kept, Outcome
from tickets.channels.models import IncomingMail
from tickets.errors import AlreadyDone

pytestmark = pytest.mark.django_db


@pytest.mark.both
def test_who_says_that_it_is_theirs_has_it_added(ticket):
    row = receiving.release(reply_to(ticket, results=raw.FAIL))
    assert (row.outcome, row.kept) == (Outcome.APPENDED, Kept.NOT)
    assert ticket.messages.last().author == ticket.requester
    with pytest.raises(AlreadyDone):
        receiving.release(row)


def test_who_says_that_it_is_not_theirs_has_it_destroyed(ticket):
    row = reply_to(ticket, results=raw.FAIL)
    receiving.destroy(row)
    row.refresh_from_db()
    assert (row.outcome, row.kept, row.sealed) == (Outcome.QUARANTINED, Kept.GONE, None)
    with pytest.raises(AlreadyDone):
        receiving.release(row)
    assert ticket.messages.count() == 1


def test_running_it_again_does_not_release_it(ticket):
    assert receiving.run_again(reply_to(ticket, results=raw.FAIL)).outcome == Outcome.HELD
    assert ticket.messages.count() == 1


def test_a_quarantined_mail_is_not_released(ticket):
    row = reply_to(ticket, sender="mallory@evil.example", results="")
    with pytest.raises(AlreadyDone):
        receiving.release(row)


def test_a_sealed_mail_in_anothers_place_does_not_open(ticket):
    first = reply_to(ticket, results=raw.FAIL)
    second = reply_to(ticket, results=raw.FAIL, message_id="<two@example.com>")
    IncomingMail.objects.filter(pk=first.pk).update(sealed=IncomingMail.objects.get(pk=second.pk).sealed)
    with pytest.raises(sealing.Broken):
        receiving.release(first)


def test_sealed_mails_are_destroyed_after_a_week(ticket):
    row = reply_to(ticket, results=raw.FAIL)
    assert tasks.forget_mail.call() == 0
    IncomingMail.objects.update(purge_at=timezone.now())
    assert tasks.forget_mail.call() == 1
    row.refresh_from_db()
    assert (row.kept, row.sealed) == (Kept.GONE, None)


def test_rows_are_forgotten_after_three_months(ticket):
    reply_to(ticket)
    IncomingMail.objects.update(received_at=timezone.now() - timedelta(days=91))
    tasks.forget_mail.call()
    assert not IncomingMail.objects.exists()
    assert ticket.messages.count() == 2


def test_lists_do_not_load_what_is_sealed(ticket, django_assert_num_queries):
    reply_to(ticket, results=raw.FAIL)
    with django_assert_num_queries(1) as asked:
        list(IncomingMail.objects.light())
    assert '"sealed"' not in asked.captured_queries[0]["sql"]
