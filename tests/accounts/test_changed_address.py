"""An administrator gives somebody another address: the former mail box opens nothing any more."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse

from supportdesk.accounts import tokens
from supportdesk.accounts.models import User
from tests.accounts.journeys import PASSWORD, ask_for_code, at, enter_code, member, person_in, sent_code, sign_in

pytestmark = pytest.mark.django_db


def change(administrator: User, person: User, **values: Any) -> None:
    client = Client()
    client.force_login(administrator)
    address = reverse("admin:accounts_user_change", args=[person.pk])
    form = client.get(address).context["adminform"].form
    kept = {name: form.initial.get(name) for name in form.fields if form.initial.get(name) not in (None, False, [])}
    answer = client.post(address, {**{name: kept[name] for name in kept if name != "password"}, **values})
    assert answer.status_code == 302, answer.context["errors"]


@pytest.fixture
def moved(administrator: User) -> User:
    person = member("toma@former.example")
    change(administrator, person, email="Toma@New.example")
    mail.outbox.clear()
    return person


def test_the_former_mail_box_gets_no_code(moved: User, client: Client) -> None:
    ask_for_code(client, email="toma@former.example")
    assert "there is no account with it" in mail.outbox[-1].body


def test_the_former_mail_box_gets_no_code_for_a_new_password(moved: User, client: Client) -> None:
    client.post(at("account_reset_password"), {"email": "toma@former.example"})
    assert "there is no account with it" in mail.outbox[-1].body


def test_the_former_address_does_not_sign_in_with_the_password(moved: User, client: Client) -> None:
    assert sign_in(client, email="toma@former.example", password=PASSWORD).status_code == 200
    assert person_in(client) is None


def test_the_new_mail_box_gets_in(moved: User, client: Client) -> None:
    ask_for_code(client, email="toma@new.example")
    assert mail.outbox[-1].to == ["toma@new.example"]
    enter_code(client, sent_code())
    assert person_in(client) == moved.pk


def test_a_change_of_something_else_leaves_the_address_proven(administrator: User, client: Client) -> None:
    person = member("toma@former.example")
    change(administrator, person, name="Toma")
    sign_in(client, email="toma@former.example")
    assert person_in(client) == person.pk


def test_somebody_whose_address_was_typed_in_capitals_gets_in(administrator: User, client: Client) -> None:
    admin = Client()
    admin.force_login(administrator)
    form = {"email": "Ada@Example.COM", "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    assert admin.post(reverse("admin:accounts_user_add"), form).status_code == 302
    ask_for_code(client, email="ada@example.com")
    enter_code(client, sent_code())
    assert person_in(client) == User.objects.get(email="ada@example.com").pk


@pytest.fixture
def holder(client: Client) -> tuple[User, Client]:
    """Somebody, and a browser of whoever has their mail box now."""
    return member("toma@former.example"), client


def test_a_code_that_was_sent_before_the_change_counts_no_more(
    administrator: User, holder: tuple[User, Client]
) -> None:
    person, browser = holder
    ask_for_code(browser, email="toma@former.example")
    change(administrator, person, email="toma@new.example")
    answer = enter_code(browser, sent_code())
    assert answer.headers["Location"] == at("account_request_login_code")
    assert "ask for a new code" in browser.get(answer.headers["Location"]).content.decode()
    assert person_in(browser) is None
    assert not EmailAddress.objects.filter(email="toma@former.example").exists()


@pytest.mark.parametrize("is_entered", [True, False])
def test_a_code_for_a_new_password_from_before_the_change_counts_no_more(
    administrator: User, holder: tuple[User, Client], is_entered: bool
) -> None:
    person, browser = holder
    browser.post(at("account_reset_password"), {"email": "toma@former.example"})
    code = sent_code()
    if is_entered:
        enter_code(browser, code, where="account_confirm_password_reset_code")
    change(administrator, person, email="toma@new.example")
    if not is_entered:
        answer = enter_code(browser, code, where="account_confirm_password_reset_code")
        assert answer.headers["Location"] == at("account_reset_password")
        assert "ask for a new code" in browser.get(answer.headers["Location"]).content.decode()
    browser.post(at("account_complete_password_reset"), {"password1": "another long and odd phrase"})
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_who_is_signed_in_and_programs_with_a_token_are_out(administrator: User, holder: tuple[User, Client]) -> None:
    person, browser = holder
    sign_in(browser, email="toma@former.example")
    assert browser.get(at("account_profile")).status_code == 200
    key = tokens.make_token(person, "App", ["tickets:read"]).key
    change(administrator, person, email="toma@new.example")
    assert browser.get(at("account_profile")).status_code == 302
    assert tokens.find(key) is None


def test_a_change_of_something_else_ends_nothing(administrator: User, holder: tuple[User, Client]) -> None:
    person, browser = holder
    sign_in(browser, email="toma@former.example")
    change(administrator, person, name="Toma")
    assert browser.get(at("account_profile")).status_code == 200


def test_administrators_who_change_their_own_address_go_on(administrator: User) -> None:
    client = Client()
    client.force_login(administrator)
    client.get(at("account_profile"))
    address = reverse("admin:accounts_user_change", args=[administrator.pk])
    form = client.get(address).context["adminform"].form
    kept = {name: form.initial.get(name) for name in form.fields if form.initial.get(name) not in (None, False, [])}
    kept.pop("password", None)
    assert client.post(address, {**kept, "email": "chief@new.example"}).status_code == 302
    assert client.get(address).status_code == 200
