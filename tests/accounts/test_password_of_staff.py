"""Somebody of the staff changes their password where attempts are counted and a mail tells them of it."""

import pytest
from django.core import mail
from django.urls import reverse

from tests.accounts.journeys import PASSWORD, at, member, sign_in

pytestmark = pytest.mark.django_db
EMAIL, ANOTHER = "ana@example.com", "another long and odd phrase"


@pytest.fixture
def person(client):
    found = member(EMAIL, is_staff=True)
    sign_in(client, email=EMAIL)
    return found


def test_the_admin_leads_to_that_page(client, person):
    assert client.get(reverse("admin:password_change")).headers["Location"] == at("account_change_password")


def test_the_admins_own_page_changes_no_password(client, person):
    form = {"old_password": PASSWORD, "new_password1": ANOTHER, "new_password2": ANOTHER}
    assert client.post(reverse("admin:password_change"), form).status_code == 302
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_the_owner_is_told_of_a_new_password(client, person):
    client.post(at("account_change_password"), {"oldpassword": PASSWORD, "password1": ANOTHER})
    assert [message.to for message in mail.outbox] == [[EMAIL]]


def test_whoever_sits_at_an_open_browser_does_not_guess_the_password_at_leisure(client, person):
    answers = [
        client.post(at("account_change_password"), {"oldpassword": f"guess {n}", "password1": ANOTHER})
        for n in range(12)
    ]
    assert answers[-1].status_code == 429
