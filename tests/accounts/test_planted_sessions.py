"""A session that somebody planted in a browser before is not the one that its owner signs in with, by whatever way."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from tests.accounts.exchange import come_back, leave
from tests.accounts.journeys import PASSWORD, enter_code, member, person_in, sent_code, sign_up

pytestmark = pytest.mark.django_db
EMAIL = "toma@example.com"


def planted(client: Client) -> str:
    session = client.session
    session["planted"] = "yes"
    session.save()
    client.cookies["sessionid"] = session.session_key
    return str(session.session_key)


def by_the_admin(client: Client) -> None:
    member(EMAIL, is_staff=True)
    client.post(reverse("admin:login"), {"username": EMAIL, "password": PASSWORD})


def by_signing_up(client: Client) -> None:
    sign_up(client)
    enter_code(client, sent_code(), where="account_email_verification_sent")


def by_the_exchange(client: Client) -> None:
    come_back(client, leave(client))


@pytest.mark.parametrize("way", [by_the_admin, by_signing_up, by_the_exchange])
def test_a_planted_session_is_not_the_one_that_is_signed_in(client, exchange, way):
    before = planted(client)
    way(client)
    assert person_in(client) is not None
    assert client.cookies["sessionid"].value != before
    assert not Session.objects.filter(session_key=before).exists()


def test_whoever_signs_in_takes_nothing_from_the_session_of_another(client, exchange):
    """Whoever signs in where another is still signed in gets nothing of what the other's session held."""
    client.force_login(member("other@example.com"))
    before = planted(client)
    by_the_exchange(client)
    assert "planted" not in client.session
    assert not Session.objects.filter(session_key=before).exists()
