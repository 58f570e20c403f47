"""Ways through the pages of accounts, as a browser walks them."""

import re

from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from supportdesk.accounts.models import User

PASSWORD = "a long and odd phrase"
LANGUAGES = ["en", "zh-hans", "ar"]


def at(name: str, language: str = "en") -> str:
    with override(language):
        return reverse(name)


def member(email: str = "toma@example.com", password: str | None = PASSWORD, **fields) -> User:
    """Somebody whose address is proven."""
    person = User.objects.create_user(email, password, **fields)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def code_of(message) -> str:
    return re.search(r"^\d{6}$", message.body, re.M).group()


def sent_code() -> str:
    """The code of the last mail."""
    return code_of(mail.outbox[-1])


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def sign_up(client: Client, language: str = "en", **entries):
    form = {"email": "toma@example.com", "password1": PASSWORD, **entries}
    return client.post(at("account_signup", language), form)


def sign_in(client: Client, language: str = "en", email: str = "toma@example.com", password: str = PASSWORD, **more):
    return client.post(at("account_login", language), {"login": email, "password": password, **more})


def ask_for_code(client: Client, language: str = "en", email: str = "toma@example.com"):
    return client.post(at("account_request_login_code", language), {"email": email})


def enter_code(client: Client, code: str, language: str = "en", where: str = "account_confirm_login_code"):
    return client.post(at(where, language), {"code": code})


def person_in(client: Client) -> int | None:
    """Who is signed in, by number."""
    found = client.session.get("_auth_user_id")
    return int(found) if found else None
