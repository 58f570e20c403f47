"""A browser of somebody who is signed in."""

from collections.abc import Callable

import pytest
from django.test import Client

from supportdesk.accounts.models import User


@pytest.fixture
def admin_client_of() -> Callable[[User], Client]:
    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in
