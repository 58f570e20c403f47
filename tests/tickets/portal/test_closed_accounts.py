"""An account that was closed opens nothing more: neither by a mailed link, nor in a session that one has opened."""

import pytest
from django.core import mail
from django.test import Client

from supportdesk.accounts.models import User
from tests.tickets.portal.forms import post_ticket
from tests.tickets.portal.test_guests import link_of, status_link
from tickets import links
from tickets.models import PendingRequest, Rating, Ticket, Topic
from tickets.portal.views import mailed

pytestmark = pytest.mark.django_db


def close(person: User) -> None:
    User.objects.filter(pk=person.pk).update(is_active=False)


@pytest.fixture
def pending(client: Client, topic: Topic) -> PendingRequest:
    post_ticket(client, body="My words.")
    return PendingRequest.objects.get()


@pytest.fixture
def proven(client: Client, pending: PendingRequest) -> Ticket:
    """A request that a guest sees in the session of `client`."""
    client.post(link_of(pending))
    return Ticket.objects.get()


def test_a_session_that_a_link_has_opened_sees_nothing_more(client: Client, proven: Ticket) -> None:
    address = f"/en/tickets/{proven.public_id}/"
    assert client.get(address).status_code == 200
    close(proven.requester)
    assert client.get(address).status_code == 404
    assert client.post(address, {"action": "reply", "body": "More"}).status_code == 404
    assert proven.reference not in client.get("/en/tickets/").content.decode()


def test_the_links_of_a_request_lead_nowhere_and_send_no_code(proven: Ticket, pending: PendingRequest) -> None:
    rate = f"/en/t/{links.make(links.RATE, proven.public_id)}/"
    others = [status_link(proven), rate]
    assert [Client().get(address).status_code for address in others] == [200, 200]
    close(proven.requester)
    mail.outbox.clear()
    assert [Client().get(address).status_code for address in others] == [404, 404]
    assert Client().post(others[0], {"action": "code"}).status_code == 404
    assert Client().post(rate, {"score": "1"}).status_code == 404
    assert not mail.outbox
    assert not Rating.objects.exists()


@pytest.mark.parametrize("again", [mailed.AGAIN, 0])
def test_the_link_that_proved_the_address_of_a_closed_account_opens_nothing(
    monkeypatch: pytest.MonkeyPatch, proven: Ticket, pending: PendingRequest, again: int
) -> None:
    monkeypatch.setattr(mailed, "AGAIN", again)
    close(proven.requester)
    other = Client()
    assert other.post(link_of(pending), {"action": "code"}, follow=True).status_code == 404
    assert other.get(f"/en/tickets/{proven.public_id}/").status_code == 404


def test_whoever_proves_the_address_of_a_closed_account_opens_nothing(pending: PendingRequest) -> None:
    close(User.objects.create_user(pending.email))
    answer = Client().post(link_of(pending))
    assert answer.status_code == 410
    assert "This account is closed." in answer.content.decode()
    assert not Ticket.objects.exists()


def test_one_s_own_requests_and_those_of_other_guests_stay(client: Client, topic: Topic, trader: User) -> None:
    post_ticket(client, email=trader.email)
    client.post(link_of(PendingRequest.objects.get()))
    close(User.objects.create_user("gina@example.org"))
    assert client.get(f"/en/tickets/{Ticket.objects.get().public_id}/").status_code == 200
