"""A browser of somebody who is signed in."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from supportdesk.accounts.models import User


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
