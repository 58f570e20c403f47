"""A code of a mail can be tried three times, also by many programs at the same moment."""

import time
from functools import partial
from typing import Any

import pytest
from allauth.account import forms as allauth_forms
from django.core import mail
from django.test import Client

from tests.accounts.journeys import ask_for_code, at, enter_code, member, person_in, sent_code, sign_up, wrong
from tests.at_once import at_once

pytestmark = [pytest.mark.both, pytest.mark.django_db(transaction=True)]

ASKED = {
    "account_confirm_login_code": lambda client: ask_for_code(client),
    "account_confirm_password_reset_code": lambda client: client.post(
        at("account_reset_password"), {"email": "toma@example.com"}
    ),
    "account_email_verification_sent": lambda client: sign_up(client, email="new@example.com"),
}


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The codes that were looked at, each for as long as it takes the others to come."""
    found: list[str] = []
    compare = allauth_forms.compare_user_code

    def slowly(*, actual: Any, expected: Any) -> Any:
        found.append(actual)
        time.sleep(0.2)
        return compare(actual=actual, expected=expected)

    monkeypatch.setattr(allauth_forms, "compare_user_code", slowly)
    return found


@pytest.mark.parametrize("way", ASKED)
def test_three_of_many_are_looked_at(way: str, compared: list[str]) -> None:
    member()
    client = Client()
    ASKED[way](client)
    code, session = sent_code(), client.cookies["sessionid"].value

    def enter(typed: str) -> None:
        browser = Client()
        browser.cookies["sessionid"] = session
        enter_code(browser, typed, where=way)

    guesses = [f"{(int(code) + number) % 1_000_000:06}" for number in range(1, 9)]
    at_once(*(partial(enter, guess) for guess in guesses))
    assert len(compared) <= 3


def test_the_next_code_can_be_tried_three_times_as_well(compared: list[str]) -> None:
    member()
    client = Client()
    ask_for_code(client)
    for _ in range(2):
        enter_code(client, wrong(sent_code()))
    other = Client()
    ask_for_code(other)
    for _ in range(2):
        enter_code(other, wrong(sent_code()))
    enter_code(other, sent_code())
    assert len(mail.outbox) == 2
    assert person_in(other)
