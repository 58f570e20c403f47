"""Mail that goes out in these tests."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest
import requests
from django.core.mail import EmailMultiAlternatives
from pytest_django import Settings

from tests.tickets.channels import corpus
from tests.tickets.channels.hooks import SECRET, brevo
from tests.tickets.channels.hooks.each import FILE, named
from tests.tickets.desks import deliver_all
from tickets.channels import provider_views
from tickets.channels.actions import sending


@pytest.fixture(autouse=True)
def mail_server_is_there() -> Iterator[None]:
    """A process remembers that the mail server was away."""
    sending._Away.since = None
    yield
    sending._Away.since = None


@pytest.fixture
def delivered(mailoutbox: list[EmailMultiAlternatives]) -> Callable[[], list[EmailMultiAlternatives]]:
    """Let the worker deliver all that is owed; the mails that went out."""

    def deliver() -> list[EmailMultiAlternatives]:
        deliver_all()
        return mailoutbox

    return deliver


@pytest.fixture
def use(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    """Set the webhook up for a provider; a file that it has to be asked for is there."""

    def set_up(provider: Any) -> None:
        settings.MAIL_WEBHOOK_PROVIDER, settings.MAIL_WEBHOOK_KEY = named(provider), provider.KEY
        settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}

    def fetched(url: str, **asked: Any) -> requests.Response:
        assert url.startswith("https://api.brevo.com/v3/inbound/attachments/token-of-")
        assert (asked["headers"], asked["allow_redirects"]) == ({"api-key": brevo.KEY}, False)
        assert asked["timeout"]
        answer = requests.Response()
        answer.status_code, answer._content = 200, FILE[2]
        return answer

    monkeypatch.setattr(provider_views.requests, "get", fetched)
    return set_up


@pytest.fixture(scope="module")
def first_world(module_rows: Any) -> corpus.World:
    with module_rows():
        return corpus.new_world()


@pytest.fixture
def world(first_world: corpus.World) -> corpus.World:
    """Everybody and everything that mails of the corpus speak of."""
    return deepcopy(first_world)
