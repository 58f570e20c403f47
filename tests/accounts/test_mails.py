"""Mails of accounts: in the reader's language, in two parts that say the same, with one code or one link to us."""

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils.translation import override

from supportdesk.accounts.adapters import Accounts
from supportdesk.ui import languages
from tests.accounts.journeys import PASSWORD, ask_for_code, at, enter_code, member, sent_code, sign_in, sign_up

pytestmark = pytest.mark.django_db
CODES = [code for code, _ in settings.LANGUAGES if code != "xx"]
EMAIL = "toma@example.com"


def reset(client: Client, language: str) -> None:
    client.post(at("account_reset_password", language), {"email": EMAIL})


def reset_to_the_end(client: Client, language: str) -> None:
    reset(client, language)
    enter_code(client, sent_code(), language, "account_confirm_password_reset_code")
    client.post(at("account_complete_password_reset", language), {"password1": "another odd phrase"})


def change(client: Client, language: str) -> None:
    sign_in(client, language)
    client.post(at("account_change_password", language), {"oldpassword": PASSWORD, "password1": "another odd phrase"})


def choose(client: Client, language: str) -> None:
    ask_for_code(client, language)
    enter_code(client, sent_code(), language)
    client.post(at("account_set_password", language), {"password1": PASSWORD})


# What a person does, whether they have an account and a password, and what stands in the last mail: a code, or the
# page that its link leads to.
MAILS: dict[str, tuple[Callable[[Client, str], object], bool, str | None, str]] = {
    "sign-up": (sign_up, False, None, "code"),
    "taken": (sign_up, True, PASSWORD, "account_request_login_code"),
    "code": (ask_for_code, True, PASSWORD, "code"),
    "unknown": (ask_for_code, False, None, "account_signup"),
    "reset": (reset, True, PASSWORD, "code"),
    "reset unknown": (reset, False, None, "account_signup"),
    "password reset": (reset_to_the_end, True, PASSWORD, "account_reset_password"),
    "password changed": (change, True, PASSWORD, "account_reset_password"),
    "password chosen": (choose, True, None, "account_reset_password"),
}


def last_mail(act: Callable[[Client, str], object], is_member: bool, password: str | None, language: str):
    if is_member:
        member(EMAIL, password, language=language)
    act(Client(), language)
    return mail.outbox[-1]


def html_of(message) -> str:
    return str(message.alternatives[0][0])


@pytest.mark.parametrize("kind", MAILS)
@pytest.mark.parametrize("language", CODES)
def test_both_parts_have_the_same_code_or_link_and_no_other(kind, language):
    *how, expected = MAILS[kind]
    message = last_mail(*how, language)
    page = html_of(message)
    with override(language):
        link = f"{settings.SITE_URL}{at(expected, language)}" if expected != "code" else ""
    for part in (message.body, page):
        assert re.findall(r"https?://[^\s\"<]+", part) == ([link] if link else [])
        assert not re.search(r"None|\{\{|\{%|%\(", part)
    if expected == "code":
        code = sent_code()
        assert [part.count(code) for part in (message.body, page)] == [1, 1]
        assert code not in message.subject
    assert f'<html lang="{languages.tag(language)}" dir="{languages.language(language).direction}">' in page
    assert message.to == [EMAIL]
    assert message.subject
    assert message.message()["Auto-Submitted"] == "auto-generated"


def test_a_mail_is_in_the_language_of_its_reader_and_not_of_the_page():
    member(EMAIL, language="ko")
    ask_for_code(Client(), "fr")
    assert mail.outbox[-1].extra_headers["Content-Language"] == "ko"
    ask_for_code(Client(), "fr", "nobody@example.com")
    assert mail.outbox[-1].extra_headers["Content-Language"] == "fr"


@pytest.mark.parametrize(
    "headers",
    [{"host": "evil.example"}, {"x-forwarded-host": "evil.example"}, {"host": "localhost"}, {"forwarded": "host=evil"}],
)
def test_no_header_of_a_request_gets_into_a_mail(headers):
    member(EMAIL)
    form = {"email": EMAIL, "password1": PASSWORD}
    answer = Client().post(at("account_signup"), form, headers=headers)
    assert answer.status_code in (302, 400)
    assert (answer.status_code == 400) == (not mail.outbox)
    for message in mail.outbox:
        assert f"{settings.SITE_URL}/en/account/code/" in message.body
        assert "evil" not in str(message.message())
        assert "localhost" not in message.body


@pytest.mark.parametrize("name", ["x\r\nBcc: evil@example.com", "=?utf-8?q?x=0D=0ABcc:_evil@example.com?="])
def test_a_name_makes_no_header(name):
    sign_up(Client(), name=name)
    for message in mail.outbox:
        assert message.recipients() == [EMAIL]
        assert message.message()["Bcc"] is None


@pytest.mark.parametrize(
    "email", ["x@example.com\nBcc: evil@example.com", "a@b.example, c@d.example", "x@example.com\0"]
)
def test_an_address_of_more_than_one_is_refused(email):
    for name in ("account_signup", "account_request_login_code", "account_reset_password"):
        answer = Client().post(at(name), {"email": email, "password1": PASSWORD})
        assert answer.status_code == 200
    assert mail.outbox == []


def test_an_address_that_is_longer_than_any_is_refused():
    email = f"{'a' * 60}@{'.'.join(['b' * 60] * 4)}.example"
    assert sign_up(Client(), email=email).status_code == 200
    assert mail.outbox == []


def test_what_a_page_is_open_for_is_what_the_mail_says():
    """Pages and mails say "10 minutes" in words."""
    assert settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT == 600
    assert settings.ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT == 600
    assert settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT == 600
    assert len(Accounts().generate_login_code()) == 6
