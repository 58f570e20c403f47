"""A browser of somebody who is signed in."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from supportdesk.accounts.models import User
from tests.accounts.exchange import Exchange


@pytest.fixture
def admin_client_of() -> Callable[[User], Client]:
    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def client_of_another() -> Client:
    """Another browser, in which nobody is signed in."""
    return Client()


@pytest.fixture
def time_machine_at() -> Callable[..., Any]:
    """Some time later."""

    def later(**span: float) -> Any:
        return time_machine.travel(timezone.now() + timedelta(**span))

    return later


@pytest.fixture
def exchange(settings: Settings) -> Iterator[Exchange]:
    """The exchange's sign-in server, which this site knows."""
    with Exchange.running() as server:
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [server.app()]}}
        yield server
