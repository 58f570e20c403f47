"""Every word on the pages of accounts is a message of ours: those of libraries are not in all of our languages."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import allauth
import django
import polib
import pytest
from django.core import mail
from django.test import Client
from django.utils import translation
from django.utils.translation import trans_real
from lxml import html

from tests.accounts.journeys import PASSWORD, ask_for_code, at, enter_code, member, sign_in, sign_up

pytestmark = pytest.mark.django_db
LANGUAGE = "xx"
LIBRARIES = [Path(found.__file__).parent for found in (allauth, django)]
# What a library calls by the same words as we do; our catalogues have them as well.
SAME_WORDS = {
    "Password",
    "Language",
    "Current password",
    "New password",
    "Error:",
    "Forgot your password?",
    "Save",
    "Sign in",
    "Name",
    "Time zone",
}
NO_WORDS = re.compile(r"[\W\d_]*|[\w.+-]+@[\w.]+|Northgate Exchange|UTC")


class OursInBrackets:
    """A catalogue that puts every message into brackets but those of libraries."""

    def __init__(self, foreign: set[str]) -> None:
        self.foreign = foreign

    def get(self, message: Any, missing: Any = None) -> Any:
        known = isinstance(message, str) and message not in self.foreign and not message.startswith("%(")
        return f"\u27e6{message}\u27e7" if known else missing

    def plural(self, message: str, number: int) -> str:
        if message in self.foreign:
            raise KeyError(message)
        return f"\u27e6{message}\u27e7"


@pytest.fixture(scope="module")
def foreign() -> set[str]:
    """What libraries say."""
    files = [
        file
        for library in LIBRARIES
        for file in library.rglob("locale/ko/LC_MESSAGES/django.po")
        if "gis" not in file.parts
    ]
    found = {entry.msgid for file in files for entry in polib.pofile(str(file))}
    assert len(found) > 500
    return found - SAME_WORDS


@pytest.fixture(autouse=True)
def bracketed(monkeypatch: pytest.MonkeyPatch, foreign: set[str]) -> Iterator[None]:
    with translation.override(LANGUAGE):
        monkeypatch.setattr(trans_real.translation(LANGUAGE), "_catalog", OursInBrackets(foreign))
        yield


def bare(page: str) -> list[str]:
    """The words of a page that stand in no brackets; the language menu and what people typed do not count."""
    body = html.fromstring(page).body
    left_out = ("script", "select", "bdi", "ul[@data-languages]")
    shown = body.xpath(f".//text()[not({' or '.join(f'ancestor::{tag}' for tag in left_out)})]")
    texts = [re.sub(r"\s+", " ", text).strip() for text in shown]
    sentences = " ".join(texts)
    return [part for part in re.split(r"\u27e6[^\u27e7]*\u27e7", sentences) if not NO_WORDS.fullmatch(part.strip())]


def post(page: str, client: Client | None = None, **form: str):
    return (client or Client()).post(at(page, LANGUAGE), form)


def signed_in() -> Client:
    member()
    client = Client()
    sign_in(client, LANGUAGE)
    return client


def waiting_for_code(times: int = 1):
    client = Client()
    member()
    ask_for_code(client, LANGUAGE)
    return [enter_code(client, "no code", LANGUAGE) for _ in range(times)][-1]


def too_often(name: str, times: int, **form: str):
    return [post(name, **form) for _ in range(times)][-1]


STATES: dict[str, Callable[[], Any]] = {
    **{
        name: (lambda name=name: Client().get(at(name, LANGUAGE)))
        for name in (
            "account_login",
            "account_signup",
            "account_request_login_code",
            "account_reset_password",
            "account_inactive",
            "account_password_reset_completed",
            "socialaccount_login_cancelled",
        )
    },
    **{
        f"own {name}": (lambda name=name: signed_in().get(at(name, LANGUAGE)))
        for name in ("account_profile", "account_change_password", "usersessions_list", "account_logout")
    },
    "nothing entered": lambda: post("account_login"),
    "no address": lambda: post("account_login", login="toma", password="x"),
    "wrong password": lambda: post("account_login", login="toma@example.com", password="wrong"),
    "too many passwords": lambda: too_often("account_login", 6, login="toma@example.com", password="wrong"),
    "short password": lambda: sign_up(Client(), LANGUAGE, password1="short"),
    "common password": lambda: sign_up(Client(), LANGUAGE, password1="password1234"),
    "own password": lambda: sign_up(Client(), LANGUAGE, password1="toma@example.com"),
    "bad name": lambda: sign_up(Client(), LANGUAGE, name="Support"),
    "long name": lambda: sign_up(Client(), LANGUAGE, name="a" * 200),
    "hidden character": lambda: sign_up(
        Client(), LANGUAGE, name="To\0ma", email="a\0@example.com", password1="\0" * 12
    ),
    "long address": lambda: sign_up(Client(), LANGUAGE, email=f"{'a' * 60}@{'.'.join(['b' * 60] * 4)}.example"),
    "very long address": lambda: sign_up(Client(), LANGUAGE, email=f"{'a' * 400}@example.com"),
    "waiting": lambda: waiting_for_code(1),
    "three wrong codes": lambda: too_often("account_request_login_code", 4, email="toma@example.com"),
    "too many": lambda: too_often("account_reset_password", 4, email="toma@example.com"),
    "wrong current": lambda: post("account_change_password", signed_in(), oldpassword="x", password1=PASSWORD),
    "bad profile": lambda: post("account_profile", signed_in(), name="", language="tlh", time_zone="Mars"),
    "stale": lambda: Client(enforce_csrf_checks=True).post(at("account_login", LANGUAGE)),
}


def test_words_without_brackets_are_found():
    page = "<html><body><p>\u27e6Sign in\u27e7 with <bdi>toma</bdi> Google</p><p>\u27e6Done.\u27e7</p></body></html>"
    assert bare(page) == [" with Google "]


@pytest.mark.parametrize("state", STATES)
def test_no_word_of_a_page_is_a_librarys(state):
    answer = STATES[state]()
    assert answer.status_code in (200, 403, 429)
    assert "\u27e6" in answer.content.decode()
    assert bare(answer.content.decode()) == []


def test_what_is_said_after_something_was_done_is_ours():
    client = signed_in()
    form = {"oldpassword": PASSWORD, "password1": "another odd phrase"}
    answer = client.post(at("account_change_password", LANGUAGE), form, follow=True)
    assert 'role="status"' in answer.content.decode()
    assert bare(answer.content.decode()) == []


def test_the_attempt_that_ends_is_told_in_our_words():
    client = Client()
    member()
    ask_for_code(client, LANGUAGE)
    for _ in range(3):
        answer = enter_code(client, "no code", LANGUAGE)
    page = client.get(answer.headers["Location"]).content.decode()
    assert 'role="status"' in page
    assert bare(page) == []


def test_mails_are_ours_too():
    member(language=LANGUAGE)
    ask_for_code(Client(), LANGUAGE)
    ask_for_code(Client(), LANGUAGE, "nobody@example.com")
    sign_up(Client(), LANGUAGE)
    assert len(mail.outbox) == 3
    for message in mail.outbox:
        assert message.subject.startswith("\u27e6")
        assert bare(str(message.alternatives[0][0])) == []
