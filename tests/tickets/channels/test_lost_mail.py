"""Mail that comes back for good: nothing more is sent there, agents and the customer are told, a lead tries again."""

from collections.abc import Callable

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

from supportdesk.accounts import reach
from supportdesk.accounts.models import User
from tests.tickets.factories import answered
from tickets.actions import detailing
from tickets.channels.actions import reaching
from tickets.channels.models import DeadAddress
from tickets.enums import EventKind
from tickets.errors import AlreadyDone
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
WORDS = "Our mails to this customer come back since"


@pytest.fixture
def lost(ticket: Ticket) -> None:
    reaching.lose(ticket.requester.email, "5.1.1")


def window(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def thread(person: User, ticket: Ticket) -> str:
    pages = [reverse(f"workspace:{name}", args=[ticket.public_id]) for name in ("thread", "side")]
    return "".join(window(person).get(page).content.decode() for page in pages)


def retry(person: User, ticket: Ticket) -> int:
    return window(person).post(reverse("workspace:act", args=[ticket.public_id, "mail_again"])).status_code


def test_agents_read_it_beside_the_ticket_and_leads_have_a_button(
    lost: None, ticket: Ticket, agent: User, team_lead: User
) -> None:
    address = reverse("workspace:act", args=[ticket.public_id, "mail_again"])
    assert WORDS in thread(agent, ticket)
    assert address not in thread(agent, ticket)
    assert address in thread(team_lead, ticket)


def test_nobody_is_told_of_what_arrives(ticket: Ticket, agent: User, trader: User) -> None:
    assert WORDS not in thread(agent, ticket)
    pages = (f"/en/tickets/{ticket.public_id}/", "/en/account/profile/")
    assert not any("data-mail-lost" in window(trader).get(page).content.decode() for page in pages)


@pytest.mark.parametrize("language", ["en", "zh-hans", "ar"])
def test_the_customer_reads_it_on_the_request_and_in_the_account(
    lost: None, ticket: Ticket, trader: User, language: str
) -> None:
    for page in (f"/{language}/tickets/{ticket.public_id}/", f"/{language}/account/profile/"):
        answer = window(trader).get(page)
        assert answer.status_code == 200
        assert "data-mail-lost" in answer.content.decode()


def test_no_mail_is_promised_where_none_arrives(ticket: Ticket, trader: User) -> None:
    page = f"/en/tickets/{ticket.public_id}/"
    assert "we send you an e-mail" in window(trader).get(page).content.decode()
    reaching.lose(ticket.requester.email, "5.1.1")
    for address in (page, f"{page}updates?since=0"):
        assert "we send you an e-mail" not in window(trader).get(address).content.decode()


def test_another_customer_does_not(lost: None, other_trader: User) -> None:
    assert "data-mail-lost" not in window(other_trader).get("/en/account/profile/").content.decode()


def test_nothing_goes_there_until_a_lead_says_so(
    lost: None, ticket: Ticket, agent: User, team_lead: User, delivered: Callable[[], list[EmailMultiAlternatives]]
) -> None:
    answered(ticket, by=agent)
    assert delivered() == []
    assert retry(team_lead, ticket) == 302
    assert delivered() == [], "what was withheld stays unsent"
    assert ticket.events.last().kind == EventKind.MAIL_RETRIED
    answered(ticket, by=agent, body="Once more.")
    assert [mail.to for mail in delivered()] == [[ticket.requester.email]]
    assert "had mail sent to the customer again" in thread(agent, ticket)


def test_an_agent_may_not(lost: None, ticket: Ticket, agent: User, trader: User) -> None:
    assert retry(agent, ticket) == 422
    assert retry(trader, ticket) == 404
    assert DeadAddress.objects.exists()
    assert not ticket.events.filter(kind=EventKind.MAIL_RETRIED).exists()


def test_trying_again_where_mail_arrives_says_so(ticket: Ticket, team_lead: User) -> None:
    with pytest.raises(AlreadyDone):
        detailing.try_mail_again(ticket, by=team_lead)


def test_addresses_are_one_however_they_are_written(lost: None, ticket: Ticket) -> None:
    assert reach.lost_since(ticket.requester.email.upper()) == DeadAddress.objects.get().since


def test_without_the_app_of_mail_nobody_knows_of_trouble(lost: None, ticket: Ticket, monkeypatch) -> None:
    monkeypatch.setattr(reach._Known, "lost_since", None)
    monkeypatch.setattr(reach._Known, "try_again", None)
    assert reach.lost_since(ticket.requester.email) is None
    assert reach.try_again(ticket.requester.email) is False
