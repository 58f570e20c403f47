"""What tests of the portal share."""

import pytest
from django.test import Client

from supportdesk.accounts.models import User


@pytest.fixture
def signed_in(client: Client, trader: User) -> Client:
    """The window of a trader who has signed in."""
    client.force_login(trader)
    return client
