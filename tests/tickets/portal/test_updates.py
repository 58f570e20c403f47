"""What comes while the page is open: only what is new, and two questions to the database where nothing is."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from supportdesk.accounts.models import User
from tests.tickets.factories import answered
from tickets.actions import replying
from tickets.enums import Status
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


def ask(client: Client, ticket: Ticket, since: object):
    return client.get(f"/en/tickets/{ticket.public_id}/updates", {"since": since})


def test_nothing_new_is_no_content_and_two_questions(signed_in: Client, ticket: Ticket) -> None:
    ask(signed_in, ticket, 1)
    with CaptureQueriesContext(connection) as queries:
        answer = ask(signed_in, ticket, ticket.version)
    assert answer.status_code == 204
    assert answer.content == b""
    assert answer.headers["Cache-Control"] == "no-store"
    own = [
        q["sql"] for q in queries if "django_session" not in q["sql"] and 'FROM "accounts_user" WHERE' not in q["sql"]
    ]
    assert len(own) <= 2, own


def test_a_reply_comes_alone_with_where_it_stands_now(signed_in: Client, ticket: Ticket, agent: User) -> None:
    since = ticket.version
    answered(ticket, by=agent, body="We found it.", then=Status.PENDING)
    answer = ask(signed_in, ticket, since)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "We found it." in text
    assert "I sent 2,500 USDT" not in text
    assert "Waiting for you" in text
    assert "<form" not in text
    assert "<html" not in text
    assert answer.headers["X-Version"] == str(ticket.version)
    assert ask(signed_in, ticket, answer.headers["X-Version"]).status_code == 204


def test_what_is_not_for_the_customer_does_not_come(signed_in: Client, ticket: Ticket, agent: User) -> None:
    since = ticket.version
    replying.write_note(ticket, "Internal words", by=agent)
    replying.reply(ticket, "Held words", by=agent)
    text = ask(signed_in, ticket, since).content.decode()
    assert "Internal words" not in text
    assert "Held words" not in text


@pytest.mark.parametrize("since", ["", "abc", "-1", "9" * 30, "٣", "1.5", "\0"])
def test_any_version_is_an_answer(signed_in: Client, ticket: Ticket, since: str) -> None:
    assert ask(signed_in, ticket, since).status_code in (200, 204)


def test_a_solved_request_says_so(signed_in: Client, ticket: Ticket, agent: User) -> None:
    since = ticket.version
    answered(ticket, by=agent, then=Status.SOLVED)
    assert "This request is solved now." in ask(signed_in, ticket, since).content.decode()
