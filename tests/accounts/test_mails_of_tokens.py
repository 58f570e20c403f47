"""Whoever gets into an account may make a token that stays: its owner is told, and of one that ends without them."""

import re

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from supportdesk.accounts import actions, tokens
from supportdesk.accounts.models import ApiToken, User
from supportdesk.outbox import delivery
from supportdesk.outbox.models import Outbox
from supportdesk.ui import languages
from tests.accounts.journeys import at, enter_code, member, sent_code

pytestmark = pytest.mark.django_db
CODES = [code for code, _ in settings.LANGUAGES if code != "xx"]


def make(person: User, name: str = "My bot") -> ApiToken:
    return tokens.make_token(person, name, ["tickets:read"]).token


def told() -> list[str]:
    """The texts of the mails that the outbox sends now."""
    mail.outbox.clear()
    delivery.deliver_due()
    assert not Outbox.objects.pending().exists()
    return [str(message.body) for message in mail.outbox]


@pytest.fixture
def owner() -> User:
    return member("toma@example.com")


@pytest.fixture
def token(owner: User) -> ApiToken:
    token = make(owner)
    told()
    return token


@pytest.mark.parametrize("language", CODES)
def test_both_mails_are_in_the_language_of_their_reader_and_lead_to_a_new_password(
    language: str, administrator: User
) -> None:
    token = make(member("toma@example.com", language=language))
    tokens.revoke_token(token, by=administrator)
    told()
    assert len(mail.outbox) == 2
    for message in mail.outbox:
        page = str(message.alternatives[0][0])
        assert message.to == ["toma@example.com"]
        assert f'<html lang="{languages.tag(language)}"' in page
        for part in (message.body, page):
            link = f"{settings.SITE_URL}{at('account_reset_password', language)}"
            assert re.findall(r"https?://[^\s\"<]+", part) == [link]
            assert token.prefix in part
            assert not re.search(r"None|\{\{|\{%|%\(", part)


def test_the_mail_of_a_new_token_bears_neither_its_key_nor_the_name_that_somebody_gave_it(owner: User) -> None:
    made = tokens.make_token(owner, "Call 555 now", ["tickets:read"], by=owner)
    (text,) = told()
    assert made.key not in text
    assert "555" not in text


@pytest.mark.parametrize("way", ["page", "admin"])
def test_one_that_is_made_on_a_page_is_told(client: Client, owner: User, administrator: User, way: str) -> None:
    form = {"name": "Bot", "scopes": ["tickets:read" if way == "page" else "desk:read"], "days": "30"}
    page, person = (at("account_tokens"), owner) if way == "page" else (None, administrator)
    client.force_login(person)
    client.post(page or reverse("admin:accounts_apitoken_add"), form)
    token = ApiToken.objects.get(person=person)
    (text,) = told()
    assert token.prefix in text
    assert mail.outbox[0].to == [person.email]


def test_one_that_its_owner_takes_back_is_not_told(owner: User, token: ApiToken) -> None:
    tokens.revoke_token(token, by=owner)
    assert told() == []


def test_one_that_was_taken_back_before_is_not_told_again(owner: User, token: ApiToken, administrator: User) -> None:
    stale = ApiToken.objects.get(pk=token.pk)
    tokens.revoke_token(token, by=owner)
    ended = token.revoked_at
    tokens.revoke_token(stale, by=administrator)
    assert stale.revoked_at == ended
    assert told() == []


def test_one_that_had_run_out_is_not_told(owner: User, token: ApiToken, administrator: User) -> None:
    ApiToken.objects.filter(pk=token.pk).update(expires_at=timezone.now())
    tokens.revoke_token(token, by=administrator)
    assert token.revoked_at is not None
    assert told() == []


def test_all_that_a_new_password_ends_are_told_in_one_mail(client: Client, owner: User, token: ApiToken) -> None:
    other, run_out = make(owner), make(owner)
    ApiToken.objects.filter(pk=run_out.pk).update(expires_at=timezone.now())
    own = make(owner)
    tokens.revoke_token(own, by=owner)
    told()
    client.post(at("account_reset_password"), {"email": owner.email})
    enter_code(client, sent_code(), where="account_confirm_password_reset_code")
    client.post(at("account_complete_password_reset"), {"password1": "another long and odd phrase"})
    (text,) = told()
    listed = re.findall(r"sd_[0-9a-f]{8}", text)
    assert sorted(listed) == sorted([token.prefix, other.prefix])


def test_the_end_by_another_address_is_told_there(owner: User, token: ApiToken) -> None:
    owner.email = "new@example.com"
    owner.save()
    actions.end_access_by_former_address(owner)
    (text,) = told()
    assert token.prefix in text
    assert mail.outbox[0].to == ["new@example.com"]


def test_where_no_token_counted_nothing_is_told(owner: User) -> None:
    assert tokens.revoke_tokens_of(owner) == 0
    assert told() == []


def test_somebody_whose_account_is_closed_gets_no_mail(owner: User) -> None:
    make(owner)
    User.objects.filter(pk=owner.pk).update(is_active=False)
    assert told() == []
