"""A stranger who uses up the attempts of an address does not lock its owner out."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from supportdesk.accounts import known_browser
from tests.accounts.journeys import ask_for_code, enter_code, member, person_in, sent_code, sign_in

pytestmark = pytest.mark.django_db


def own_browser(**options) -> Client:
    """A browser in which its owner has signed in before, and in which nobody is signed in."""
    client = Client(**options)
    sign_in(client)
    del client.cookies["sessionid"]
    return client


def use_up_passwords() -> None:
    for number in range(6):
        sign_in(Client(REMOTE_ADDR=f"203.0.113.{number}"), password=f"wrong {number}")


def test_a_password_works_in_the_owners_browser_whatever_strangers_tried():
    person = member()
    client = own_browser()
    use_up_passwords()
    assert "Too many attempts" in sign_in(Client(REMOTE_ADDR="203.0.113.99")).content.decode()
    sign_in(client)
    assert person_in(client) == person.pk


def test_a_code_comes_to_the_owners_browser_whatever_strangers_asked_for():
    person = member()
    client = own_browser()
    for _ in range(4):
        ask_for_code(Client())
    mail.outbox.clear()
    ask_for_code(client)
    enter_code(client, sent_code())
    assert person_in(client) == person.pk


def test_the_owners_browser_has_no_more_attempts_than_others():
    member()
    client = own_browser()
    pages = [sign_in(client, password=f"wrong {number}") for number in range(6)]
    assert [page.status_code for page in pages] == [200] * 5 + [429]


@pytest.mark.parametrize("planted", ["x", "a:b:c", "0" * 32, ""])
def test_a_cookie_that_we_did_not_sign_is_worth_nothing(planted):
    member()
    use_up_passwords()
    client = Client(REMOTE_ADDR="203.0.113.99")
    client.cookies[known_browser.NAME] = planted
    sign_in(client)
    assert person_in(client) is None


def test_the_cookie_of_one_account_is_worth_nothing_for_another():
    """Whoever has an account of their own gets no attempts at somebody else's by it."""
    member()
    member("stranger@example.com")
    stranger = Client(REMOTE_ADDR="203.0.113.99")
    sign_in(stranger, email="stranger@example.com")
    del stranger.cookies["sessionid"]
    use_up_passwords()
    assert "Too many attempts" in sign_in(stranger).content.decode()


def test_the_cookie_is_out_of_reach_of_scripts_and_names_nobody():
    member()
    cookie = own_browser().cookies[known_browser.NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert "toma" not in cookie.value


def test_the_staffs_own_page_makes_a_browser_known_too(content_editor):
    client = Client()
    entered = {"username": content_editor.email, "password": "correct horse battery"}
    client.post(reverse("admin:login"), entered)
    del client.cookies["sessionid"]
    for number in range(6):
        wrong = {"username": content_editor.email, "password": f"wrong {number}"}
        Client(REMOTE_ADDR=f"203.0.113.{number}").post(reverse("admin:login"), wrong)
    assert client.post(reverse("admin:login"), entered).status_code == 302
