"""The list of one's own requests: all or the open ones, twenty on a page, nobody else's."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from supportdesk.accounts.models import User
from tests.tickets.factories import TicketFactory
from tickets.actions import moving
from tickets.models import Ticket, Topic

pytestmark = pytest.mark.django_db
LIST = "/en/tickets/"


def subjects(client: Client, query: str = "") -> int:
    return client.get(LIST + query).content.decode().count("data-user-text")


def test_ones_own_in_plain_words(signed_in: Client, trader: User, other_trader: User, topic: Topic) -> None:
    mine = TicketFactory(by=trader, topic=topic, subject="Моя <b>заявка</b>", language="ru")
    TicketFactory(by=other_trader, topic=topic, subject="Of somebody else")
    page = signed_in.get(LIST)
    text = page.content.decode()
    assert "Моя &lt;b&gt;заявка&lt;/b&gt;" in text
    assert 'lang="ru" dir="auto"' in text
    assert "Received" in text
    assert mine.reference in text
    assert "Of somebody else" not in text
    assert page.headers["Cache-Control"] == "no-store"


def test_open_ones_alone(signed_in: Client, trader: User, topic: Topic) -> None:
    TicketFactory(by=trader, topic=topic)
    moving.confirm_solved(TicketFactory(by=trader, topic=topic), by=trader)
    assert subjects(signed_in) == 2
    assert subjects(signed_in, "?show=open") == 1
    assert subjects(signed_in, "?show=%00") == 2


def test_twenty_on_a_page(signed_in: Client, trader: User, topic: Topic) -> None:
    TicketFactory.create_batch(23, by=trader, topic=topic)
    assert subjects(signed_in) == 20
    assert subjects(signed_in, "?page=2") == 3
    assert subjects(signed_in, "?page=99999999999") == 20
    assert "show=open&amp;page=2" in signed_in.get(LIST + "?show=open").content.decode()


def test_thirty_cost_what_three_cost(signed_in: Client, trader: User, topic: Topic) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            signed_in.get(LIST)
        return len(queries)

    TicketFactory.create_batch(3, by=trader, topic=topic)
    signed_in.get(LIST)
    few = asked()
    TicketFactory.create_batch(27, by=trader, topic=topic)
    assert asked() == few


def test_staff_see_there_what_they_asked_themselves(client: Client, team_lead: User, ticket: Ticket) -> None:
    client.force_login(team_lead)
    assert "You have not asked us anything yet." in client.get(LIST).content.decode()


def test_whoever_is_not_known_is_told_how_to_see_theirs(client: Client, ticket: Ticket) -> None:
    text = client.get(LIST).content.decode()
    assert "Sign in to see what you have asked us." in text
    assert "/en/account/login/?next=/en/tickets/" in text
    assert ticket.reference not in text
