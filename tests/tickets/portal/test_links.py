"""Tokens of mailed links: what they say, for how long, and that nobody else makes one."""

from datetime import timedelta

import pytest
from django.core import signing
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tickets import links


def test_says_what_it_was_made_for() -> None:
    link = links.read(links.make(links.STATUS, "4xq7k2mvp9abcde"))
    assert (link.purpose, link.ids) == ("status", ("4xq7k2mvp9abcde",))
    assert timezone.now() - link.made_at < timedelta(minutes=1)
    assert link.view == "tickets.portal.views.mailed.status"


@pytest.mark.parametrize(("purpose", "days"), [("prove", 7), ("status", 180), ("rate", 30)])
def test_works_for_its_stated_time(purpose: str, days: int) -> None:
    token = links.make(purpose, "abc")
    assert links.read(token, timezone.now() + timedelta(days=days, minutes=-1)).ids == ("abc",)
    with pytest.raises(links.LinkTooOld) as caught:
        links.read(token, timezone.now() + timedelta(days=days, minutes=1))
    assert caught.value.link.ids == ("abc",)


def test_a_changed_letter_is_not_taken() -> None:
    token = links.make(links.PROVE, "abc")
    for place in range(len(token)):
        other = "A" if token[place] != "A" else "B"
        with pytest.raises(links.LinkNotGood):
            links.read(token[:place] + other + token[place + 1 :])


def test_what_was_signed_for_something_else_is_not_taken() -> None:
    for foreign in (
        signing.dumps(["status", "abc"]),
        signing.dumps(["status", "abc"], salt="tickets.links"),
        signing.TimestampSigner(sep=".", salt="other").sign_object(["status", "abc"]),
    ):
        with pytest.raises(links.LinkNotGood):
            links.read(foreign)


def test_a_purpose_that_nobody_answers_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    token = links.make(links.RATE, "abc")
    monkeypatch.delitem(links._PURPOSES, "rate")
    with pytest.raises(links.LinkNotGood):
        links.read(token)
    with pytest.raises(KeyError):
        links.make("rate", "abc")


def test_stays_inside_of_an_address() -> None:
    assert set(links.make(links.STATUS, "4xq7k2mvp9abcde")) <= set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."
    )


@given(st.text(max_size=300))
def test_whatever_is_sent_is_read_or_refused(token: str) -> None:
    with pytest.raises(links.LinkNotGood):
        links.read(token)
