"""What traders read of an agent: one name on the page of the request, in the API and in mails, and never an address."""

from typing import Any

import pytest

from supportdesk.accounts.models import User
from tests.tickets.factories import TicketFactory, answered
from tickets.api import showing
from tickets.channels import letters
from tickets.desk_ui import timeline
from tickets.enums import MessageKind
from tickets.models import Agent, Message
from tickets.models.agent import public_names

pytestmark = pytest.mark.django_db


def places(reply: Message) -> tuple[str, str, str]:
    """How the writer of a reply is called on the page, in the API and in the mail."""
    ticket = reply.ticket
    (page,) = [entry.author for entry in timeline.entries(ticket) if entry.message == reply]
    (shown,) = showing.messages([reply], ticket)
    return page, shown["author"], letters._writer(reply)


@pytest.fixture
def reply(trader: User, agent: User) -> Message:
    ticket = TicketFactory(by=trader)
    answered(ticket, by=agent)
    return ticket.messages.select_related("author").get(kind=MessageKind.REPLY)


@pytest.mark.parametrize(
    ("chosen", "name", "expected"),
    [
        ("Rui from Derivatives", "Rui Silva", "Rui from Derivatives"),
        ("", "Rui Silva", "Rui"),
        (" ", "  Rui   Silva", "Rui"),
        ("rui@example.com", "Rui Silva", "Rui"),
    ],
)
def test_an_agent_has_one_name_everywhere(reply: Message, chosen: str, name: str, expected: str) -> None:
    called(reply, chosen, name)
    assert places(reply) == (expected, expected, expected)


@pytest.mark.parametrize(("chosen", "name"), [("", ""), ("", "rui@example.com"), ("a@b.example", "rui@example.com")])
def test_where_there_is_none_each_place_says_support_in_its_own_words(reply: Message, chosen: str, name: str) -> None:
    called(reply, chosen, name)
    assert places(reply) == ("Support", "Support", "Our support team")
    assert Agent(public_name=chosen, person=reply.author).shown_name == "Support"


def test_somebody_who_is_no_agent_any_more_is_called_by_the_first_name(reply: Message) -> None:
    called(reply, "Team A", "Rui Silva")
    Agent.objects.all().delete()
    assert places(reply) == ("Rui", "Rui", "Rui")


def test_names_of_many_are_one_question(agent: User, other_agent: User, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert set(public_names([agent, None, other_agent, agent])) == {agent.pk, other_agent.pk}
    with django_assert_num_queries(0):
        assert public_names([None]) == {}


def called(reply: Message, chosen: str, name: str) -> None:
    User.objects.filter(pk=reply.author_id).update(name=name)
    Agent.objects.update_or_create(person_id=reply.author_id, defaults={"public_name": chosen})
    reply.author.refresh_from_db()
