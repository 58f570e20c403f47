"""A guest names an address: other spellings of it are the same mail box, and what only looks like one is none."""

import pytest
from django.core import mail
from django.test import Client

from tests.tickets.portal.forms import post_ticket
from tickets.models import PendingRequest, Topic
from tickets.portal.limits import LIMITS

pytestmark = pytest.mark.django_db


def test_a_mail_box_is_not_bombarded_under_its_other_addresses(topic: Topic) -> None:
    most = LIMITS["ticket_stranger"]
    answers = [
        post_ticket(Client(), email=f"gina+{number}@example.org", submission_token=f"form-{number}").status_code
        for number in range(most + 2)
    ]
    assert answers == [302] * most + [429] * 2
    assert PendingRequest.objects.count() == most


@pytest.mark.parametrize("address", ["gina@ｅxample.org", "gina@exam\u200bple.org", "g\u0131na@example.org"])
def test_what_only_looks_like_an_address_is_refused_with_the_words_kept(topic: Topic, address: str) -> None:
    page = post_ticket(Client(), email=address, body="My words.")
    assert page.status_code == 400
    assert "My words." in page.content.decode()
    assert not PendingRequest.objects.exists()
    assert not mail.outbox
