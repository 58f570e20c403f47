"""Single sign-on from the exchange: offered where it is configured, back to one address, never into a staff account."""

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.core import mail
from django.test import Client

from supportdesk.accounts.models import User
from tests.accounts.exchange import BACK, come_back, leave
from tests.accounts.journeys import LANGUAGES, PASSWORD, at, member, person_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_comes_from_the_exchange_is_in_in_the_language_that_they_left_in(client, exchange, language):
    asked = leave(client, language)
    assert asked["redirect_uri"] == [f"http://testserver{BACK}"]
    answer = come_back(client, asked)
    assert answer.headers["Location"] == at("account_profile", language)
    person = User.objects.get()
    assert (person.email, person.name, person.language) == ("toma@example.com", "Toma Trader", language)
    assert not person.has_usable_password()
    assert person_in(client) == person.pk
    assert client.cookies["signed_in"].value == "1"
    assert exchange.asked[0]["code_verifier"]
    assert not SocialToken.objects.exists()


def test_whoever_has_an_account_here_comes_into_it(client, exchange):
    person = member()
    come_back(client, leave(client))
    assert person_in(client) == person.pk
    assert User.objects.get().check_password(PASSWORD)


def test_somebody_elses_password_on_an_unproven_address_ends(client, exchange):
    squatter = User.objects.create_user("toma@example.com", PASSWORD)
    EmailAddress.objects.create(user=squatter, email=squatter.email, primary=True)
    come_back(client, leave(client))
    assert not User.objects.get().has_usable_password()


def test_a_staff_account_is_not_opened_by_the_exchange(client, exchange, content_editor):
    exchange.claims["email"] = content_editor.email
    answer = come_back(client, leave(client))
    assert answer.status_code == 302
    assert person_in(client) is None
    assert [message.subject for message in mail.outbox] == ["You have an account already"]


def test_an_account_that_became_one_of_the_staff_is_closed_to_the_exchange(client, exchange):
    come_back(client, leave(client))
    User.objects.update(is_staff=True)
    other = Client()
    assert come_back(other, leave(other)).status_code == 403
    assert person_in(other) is None


def test_nobody_ties_the_exchange_to_an_account_by_hand(client, exchange, content_editor):
    client.force_login(content_editor)
    assert come_back(client, leave(client, process="connect")).status_code == 403
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("said", [False, "false", None, "", 0])
def test_an_address_that_the_exchange_has_not_proven_opens_no_account(client, exchange, said):
    member()
    exchange.claims["email_verified"] = said
    come_back(client, leave(client))
    assert person_in(client) is None


@pytest.mark.parametrize("name", ["Northgate Support", "Supp\u202eort", "客服"])
def test_a_name_that_nobody_may_have_here_is_left_out(client, exchange, name):
    exchange.claims["name"] = name
    come_back(client, leave(client))
    assert User.objects.get().name == ""


def test_whoever_comes_without_an_address_is_asked_for_it(client, exchange):
    del exchange.claims["email"]
    answer = come_back(client, leave(client))
    assert answer.headers["Location"] == at("socialaccount_signup")
    assert client.get(at("socialaccount_signup")).status_code == 200
    assert client.post(at("socialaccount_signup"), {"email": ""}).status_code == 200
    client.post(at("socialaccount_signup"), {"email": "toma@example.com"})
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example"])
def test_the_way_back_leads_to_this_host(client, exchange, target):
    answer = come_back(client, leave(client, next=target))
    assert answer.headers["Location"] == at("account_profile")


def test_whoever_cancels_is_told_so(client, exchange):
    asked = leave(client, "ar")
    answer = client.get(BACK, {"state": asked["state"][0], "error": "access_denied"})
    assert answer.headers["Location"] == at("socialaccount_login_cancelled", "ar")
    assert client.get(at("socialaccount_login_cancelled", "ar")).status_code == 200


@pytest.mark.parametrize("query", [{}, {"state": "made-up", "code": "x"}, {"error": "server_error"}])
def test_an_answer_that_we_did_not_ask_for_signs_nobody_in(client, exchange, query):
    leave(client)
    answer = client.get(BACK, query)
    assert answer.status_code == 401
    assert "The sign-in at the exchange did not work" in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    assert person_in(client) is None


def test_the_answer_for_one_browser_signs_no_other_in(client, exchange):
    assert come_back(Client(), leave(client)).status_code == 401


def test_an_exchange_that_is_away_is_told(client, exchange):
    asked = leave(client)
    exchange.shutdown()
    exchange.server_close()
    for answer in (come_back(client, asked), client.post(at("openid_connect_login"))):
        assert answer.status_code in (401, 502)
        assert "The sign-in at the exchange did not work" in answer.content.decode()


def test_an_exchange_that_does_not_say_who_somebody_is_signs_nobody_in(client, exchange):
    asked = leave(client)
    del exchange.claims["sub"]
    assert come_back(client, asked).status_code == 401
    assert person_in(client) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_exchange_is_offered_only_where_it_is_configured(client, exchange, settings, language):
    link = f'action="{at("openid_connect_login", language)}"'
    assert link in client.get(at("account_login", language)).content.decode()
    settings.SOCIALACCOUNT_PROVIDERS = {}
    assert link not in client.get(at("account_login", language)).content.decode()
    assert client.post(at("openid_connect_login", language)).status_code == 404
    assert client.get(BACK).status_code == 404


@pytest.mark.parametrize("provider", ["openid_connect", "google", "x"])
def test_there_is_no_other_provider(client, exchange, provider):
    assert client.get(f"/account/{provider}/callback/").status_code == 404
