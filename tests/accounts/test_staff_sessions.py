"""Somebody of the staff is signed in for a working day, however busy they are; a browser that was left open, or a
cookie that was stolen, opens the desk no longer."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from supportdesk.accounts.models import User
from tests.accounts.journeys import PASSWORD, ask_for_code, at, enter_code, member, sent_code, sign_in

pytestmark = pytest.mark.django_db
EMAIL = "ana@example.com"


def by_password(client: Client) -> None:
    sign_in(client, email=EMAIL)


def by_code(client: Client) -> None:
    ask_for_code(client, email=EMAIL)
    enter_code(client, sent_code())


def by_the_admin(client: Client) -> None:
    client.post(reverse("admin:login"), {"username": EMAIL, "password": PASSWORD})


def is_in(client: Client) -> bool:
    """Whether a page that is for people with an account opens; what the session holds is written, as work does."""
    session = client.session
    session["worked"] = session.get("worked", 0) + 1
    if session.session_key:
        session.save()
    return client.get(at("account_profile")).status_code == 200


@pytest.mark.parametrize("way", [by_password, by_code, by_the_admin])
def test_the_day_of_somebody_of_the_staff_ends(client, way):
    member(EMAIL, is_staff=True)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        way(client)
        clock.shift(timedelta(hours=7, minutes=59))
        assert is_in(client)
        clock.shift(timedelta(minutes=2))
        assert not is_in(client)


@pytest.mark.parametrize("way", [by_password, by_code])
def test_a_trader_stays_in_for_days(client, way):
    member(EMAIL)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        way(client)
        clock.shift(timedelta(days=2))
        assert is_in(client)


def test_a_wrong_password_at_the_page_of_the_staff_makes_the_day_no_longer(client):
    member(EMAIL, is_staff=True)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        by_password(client)
        clock.shift(timedelta(hours=7))
        client.post(reverse("admin:login"), {"username": EMAIL, "password": "wrong"})
        clock.shift(timedelta(hours=2))
        assert not is_in(client)


def test_an_operator_says_how_long_a_day_is(client, settings):
    settings.STAFF_SESSION_HOURS = 12
    member(EMAIL, is_staff=True)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        by_password(client)
        clock.shift(timedelta(hours=11))
        assert is_in(client)


def test_a_new_password_does_not_begin_the_day_anew(client):
    person = member(EMAIL, is_staff=True)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        by_password(client)
        clock.shift(timedelta(hours=7))
        new = "another long and odd phrase"
        client.post(at("account_change_password"), {"oldpassword": PASSWORD, "password1": new})
        assert User.objects.get(pk=person.pk).check_password(new)
        clock.shift(timedelta(hours=2))
        assert not is_in(client)


@pytest.mark.parametrize("page", ["admin:index", "workspace:queue"])
def test_whoever_joins_the_staff_while_signed_in_gets_a_day_from_their_first_page(client, page):
    person = member(EMAIL)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        by_password(client)
        User.objects.filter(pk=person.pk).update(is_staff=True, is_superuser=True)
        clock.shift(timedelta(days=1))
        assert client.get(reverse(page)).status_code == 200
        clock.shift(timedelta(hours=7, minutes=59))
        assert client.get(reverse(page)).status_code == 200
        assert is_in(client)
        clock.shift(timedelta(minutes=2))
        assert not is_in(client)
