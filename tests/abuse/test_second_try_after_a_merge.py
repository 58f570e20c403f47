"""A lead merges a request into that of somebody else. The customer sends once more what they had sent before, as a
browser or a program does when an answer was lost: it is answered, and opens nothing of the other customer."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from supportdesk.accounts.models import User
from tests.tickets.api.conftest import app_of
from tests.tickets.factories import TicketFactory
from tickets.actions import merging
from tickets.models import Ticket, Topic
from tickets.portal import doors

__all__ = ["app_of"]

pytestmark = pytest.mark.django_db
FORM = {"body": "Here is the hash.", "submission_token": "form-7"}


@pytest.fixture
def others(other_trader: User, topic: Topic) -> Ticket:
    return TicketFactory(by=other_trader, topic=topic)


@pytest.fixture
def guest(ticket: Ticket) -> Client:
    """Somebody whom a link and a code have shown their request."""
    client = Client()
    session = client.session
    session[doors.OPENED] = [ticket.pk]
    session.save()
    return client


def page_of(ticket: Ticket) -> str:
    return reverse("portal:ticket", args=[ticket.public_id])


def merged(ticket: Ticket, others: Ticket, by: User) -> None:
    ticket.refresh_from_db()
    merging.merge(ticket, others, by=by)


def test_a_guest_is_not_led_to_the_other_request(
    guest: Client, ticket: Ticket, others: Ticket, team_lead: User
) -> None:
    assert guest.post(page_of(ticket), FORM).status_code == 302
    merged(ticket, others, team_lead)
    again = guest.post(page_of(ticket), FORM)
    assert others.public_id not in again.headers.get("Location", "")
    assert guest.get(page_of(others)).status_code == 404


def test_a_trader_who_has_signed_in_is_not_led_to_the_other_request(
    client: Client, trader: User, ticket: Ticket, others: Ticket, team_lead: User
) -> None:
    client.force_login(trader)
    client.post(page_of(ticket), FORM)
    merged(ticket, others, team_lead)
    assert others.public_id not in client.post(page_of(ticket), FORM).headers.get("Location", "")


def test_a_program_does_not_learn_its_number(
    app_of: Callable[..., Any], trader: User, ticket: Ticket, others: Ticket, team_lead: User
) -> None:
    app, path = app_of(trader), f"tickets/{ticket.public_id}/messages"
    app.post(path, {"body": "Here is the hash."}, Idempotency_Key="k-7")
    merged(ticket, others, team_lead)
    again = app.post(path, {"body": "Here is the hash."}, Idempotency_Key="k-7")
    assert again.status_code == 201
    assert again.json()["body"] == "Here is the hash."
    assert again.json()["ticket"] == ticket.public_id


def test_a_second_try_leads_to_where_an_own_request_went(
    guest: Client, ticket: Ticket, trader: User, topic: Topic, team_lead: User
) -> None:
    own = TicketFactory(by=trader, topic=topic)
    guest.post(page_of(ticket), FORM)
    merged(ticket, own, team_lead)
    assert guest.post(page_of(ticket), FORM).headers["Location"].startswith(page_of(own))
