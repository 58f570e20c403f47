"""Requests that nobody has confirmed go after a week, with their files; one confirmed at the last moment stays."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from tests.at_once import overlapping
from tests.tickets.factories import request
from tickets import tasks
from tickets.actions import attaching, opening
from tickets.attachments import examine
from tickets.models import Attachment, PendingRequest
from tickets.models.pending import KEPT

pytestmark = [pytest.mark.both, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def held(topic):
    files = [examine("steps.txt", b"1. I waited for an hour")]
    return opening.hold_request(request(topic, files=files), email="guest@example.net")


def age(held: PendingRequest, since: timedelta) -> None:
    PendingRequest.objects.filter(pk=held.pk).update(created_at=timezone.now() - since)


def forget() -> int:
    return tasks.forget_pending.func()


def test_after_a_week_a_request_goes_with_its_file(held):
    name = held.attachments.get().stored_as
    age(held, KEPT + timedelta(hours=2))
    forget()
    assert not PendingRequest.objects.exists()
    assert not default_storage.exists(name)


def test_a_proof_at_the_last_moment_keeps_its_file(held, monkeypatch):
    """It began before the week was over, and is written down after that."""
    monkeypatch.setattr(opening, "KEPT", KEPT + timedelta(minutes=1))
    age(held, KEPT + timedelta(seconds=1))
    outcomes = overlapping(lambda: opening.prove_address(held), forget)
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert attaching.read(Attachment.objects.get(ticket=outcomes[0])) == b"1. I waited for an hour"
