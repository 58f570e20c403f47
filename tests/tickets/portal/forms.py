"""What browsers send."""

from typing import Any

from django.http import HttpResponse
from django.test import Client

from tickets.models import Ticket


def filled(**values: Any) -> dict[str, Any]:
    """A form that is filled in whole."""
    usual = {
        "topic": "deposits",
        "subject": "USDT has not arrived",
        "body": "I sent 2,500 USDT yesterday. The explorer shows 60 confirmations.",
        "language": "en",
        "name": "Gina Guest",
        "email": "gina@example.org",
        "submission_token": "form-1",
    }
    return {**usual, **values}


def post_ticket(client: Client, page: str = "en", **values: Any) -> HttpResponse:
    headers = values.pop("headers", None)
    path = f"/{page}/tickets/new/"
    return client.post(path, filled(**values), headers=headers)  # type: ignore[return-value]


def details_of(ticket: Ticket) -> dict[str, str]:
    """The answers without what the form carried along."""
    return {name: text for name, text in ticket.details.items() if name not in ("article", "path", "journey")}
