"""Whoever takes an account back by a new password takes it back from programs as well."""

import pytest
from django.test import Client
from django.urls import reverse

from supportdesk.accounts import tokens
from supportdesk.accounts.models import User
from tests.accounts.journeys import PASSWORD, at, enter_code, member, sent_code

pytestmark = pytest.mark.django_db
ANOTHER = "another long and odd phrase"


@pytest.fixture
def owner() -> User:
    return member()


@pytest.fixture
def key(owner: User) -> str:
    return tokens.make_token(owner, "Of a stranger", ["tickets:read"]).key


def test_a_password_that_is_reset_by_a_code_ends_tokens(client: Client, owner: User, key: str) -> None:
    client.post(at("account_reset_password"), {"email": owner.email})
    enter_code(client, sent_code(), where="account_confirm_password_reset_code")
    assert tokens.find(key)
    client.post(at("account_complete_password_reset"), {"password1": ANOTHER})
    assert tokens.find(key) is None


@pytest.mark.parametrize("way", [{"usable_password": "true", "password1": ANOTHER, "password2": ANOTHER},
                                 {"usable_password": "false", "unset-password": "1"}])  # fmt: skip
def test_a_password_that_an_administrator_gives_or_takes_ends_tokens(
    client: Client, administrator: User, owner: User, key: str, way: dict[str, str]
) -> None:
    client.force_login(administrator)
    assert client.post(reverse("admin:auth_user_password_change", args=[owner.pk]), way).status_code == 302
    assert tokens.find(key) is None


def test_a_password_that_its_owner_changes_leaves_them(client: Client, owner: User, key: str) -> None:
    client.force_login(owner)
    form = {"oldpassword": PASSWORD, "password1": ANOTHER}
    assert client.post(at("account_change_password"), form).status_code == 302
    assert tokens.find(key)
