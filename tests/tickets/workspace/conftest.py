"""Windows of the desk: a client per person, signed in."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from supportdesk.accounts.models import User
from tickets.models import Ticket


@pytest.fixture
def at_desk() -> Callable[[User], Client]:
    """A browser of somebody who is signed in."""

    def open_for(person: User) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return open_for


@pytest.fixture
def desk(at_desk: Callable[[User], Client], agent: User) -> Client:
    return at_desk(agent)


@pytest.fixture
def lead_desk(at_desk: Callable[[User], Client], team_lead: User) -> Client:
    return at_desk(team_lead)


@pytest.fixture
def thread_of() -> Callable[..., str]:
    """Addresses of a ticket: `thread_of(ticket)`, `thread_of(ticket, "write")`, `thread_of(ticket, "act", "take")`."""

    def address(ticket: Ticket, name: str = "thread", *more: object) -> str:
        return reverse(f"workspace:{name}", args=[ticket.public_id, *more])

    return address
