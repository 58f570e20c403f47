"""A person makes and takes back tokens of their own; a key is seen once."""

import re

import pytest
from django.utils import timezone

from supportdesk.accounts import token_views, tokens
from supportdesk.accounts.models import ApiToken
from tests.accounts.journeys import at

pytestmark = pytest.mark.django_db
SENT = {"name": "My bot", "scopes": ["tickets:read", "tickets:write"], "days": "30"}


@pytest.fixture
def page(client, trader):
    client.force_login(trader, backend="supportdesk.accounts.backends.RightsBackend")
    return client


@pytest.mark.parametrize("language", ["en", "zh-hans", "ar"])
def test_a_key_is_shown_once(page, trader, language):
    answer = page.post(at("account_tokens", language), SENT)
    key = re.search(r"sd_[0-9a-f]{8}_[\w-]{43}", answer.content.decode())[0]
    token = tokens.find(key)
    assert (token.person, token.scopes) == (trader, SENT["scopes"])
    assert "no-store" in answer["Cache-Control"]
    listed = page.get(at("account_tokens", language)).content.decode()
    assert token.prefix in listed
    assert key not in listed


@pytest.mark.parametrize(
    "wrong",
    [{"name": " "}, {"name": "x" * 81}, {"name": "a\0b"}, {"scopes": []}, {"scopes": ["desk:read"]}, {"days": "9999"}],
)
def test_what_cannot_be_made_is_told_and_kept_in_the_form(page, wrong):
    answer = page.post(at("account_tokens"), {**SENT, **wrong}).content.decode()
    assert "data-error-summary" in answer
    assert not ApiToken.objects.exists()
    assert "name" in wrong or 'value="My bot"' in answer


def test_a_token_is_taken_back_by_its_person_alone(page, trader, person):
    mine = tokens.make_token(trader, "Mine", ["tickets:read"])
    theirs = tokens.make_token(person(), "Theirs", ["tickets:read"])
    assert "Theirs" not in page.get(at("account_tokens")).content.decode()
    assert page.post(f"/en/account/tokens/{theirs.token.pk}/").status_code == 404
    assert page.post(f"/en/account/tokens/{mine.token.pk}/").headers["Location"] == at("account_tokens")
    assert (tokens.find(mine.key), tokens.find(theirs.key)) == (None, theirs.token)


def test_nobody_has_more_than_they_can_watch(page, trader):
    for number in range(token_views.MOST):
        tokens.make_token(trader, str(number), ["tickets:read"])
    assert "data-error-summary" in page.post(at("account_tokens"), SENT).content.decode()
    ApiToken.objects.filter(name="0").update(revoked_at=timezone.now())
    page.post(at("account_tokens"), SENT)
    assert ApiToken.objects.filter(name="My bot").exists()
