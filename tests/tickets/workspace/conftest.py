"""Windows of the desk: a client per person, signed in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import pytest
from django.http import HttpResponse
from django.test import Client
from django.test.utils import ContextList
from django.urls import reverse

from supportdesk.accounts.models import User
from tickets.models import Ticket
from tickets.workspace.views import thread
from tickets.workspace.views.pages import Around


class Window(Client):
    """A browser at the desk. Its answers also know what a page was made of that is drawn once and filled: the rail and
    the rows (`Around`), the boxes to write in."""

    def request(self, **request: Any) -> HttpResponse:
        with made_of() as found:
            response = super().request(**request)
        response.context = ContextList([found, *(response.context or [])])
        return response


@contextmanager
def made_of() -> Iterator[dict[str, Any]]:
    found: dict[str, Any] = {}
    words, composer = Around.words, thread.drawn_composer

    def listed(around: Around, **asked: Any) -> dict[str, str]:
        found.update(vars(around))
        return words(around, **asked)

    def boxes(*asked: Any) -> str:
        found["box"] = asked[-1]
        return composer(*asked)

    with patch.object(Around, "words", listed), patch.object(thread, "drawn_composer", boxes):
        yield found


@pytest.fixture
def at_desk() -> Callable[[User], Client]:
    """A browser of somebody who is signed in."""

    def open_for(person: User) -> Client:
        client = Window()
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
