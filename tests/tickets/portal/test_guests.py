"""Guests: nothing becomes a ticket before the mail box has said so, and no page tells whose address has an account."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from supportdesk.accounts.models import User
from supportdesk.outbox.models import Outbox
from tests.tickets.factories import TicketFactory, answered, request
from tests.tickets.portal.forms import post_ticket
from tickets import links
from tickets.actions import opening
from tickets.enums import Channel
from tickets.models import PendingRequest, Ticket, Topic

pytestmark = pytest.mark.django_db


def link_of(pending: PendingRequest, language: str = "en") -> str:
    return f"/{language}/t/{links.make(links.PROVE, pending.public_id)}/"


def status_link(ticket: Ticket, language: str = "en") -> str:
    return f"/{language}/t/{links.make(links.STATUS, ticket.public_id)}/"


@pytest.fixture
def pending(client: Client, topic: Topic) -> PendingRequest:
    post_ticket(client, body="My words.", zone="Asia/Seoul")
    return PendingRequest.objects.get()


def test_a_guest_is_told_to_open_the_mail_and_nothing_else(client: Client, pending: PendingRequest) -> None:
    page = client.get(f"/en/tickets/pending/{pending.public_id}/")
    text = page.content.decode()
    assert page.status_code == 200
    assert "g…@example.org" in text
    for private in ("gina@example.org", "My words.", "USDT has not arrived", "Gina Guest"):
        assert private not in text
    assert page.headers["Cache-Control"] == "no-store"
    assert pending.time_zone == "Asia/Seoul"


def test_a_guest_whose_mail_does_not_come_finds_the_form_and_the_words_in_it(
    client: Client, pending: PendingRequest
) -> None:
    """`data-arrived` tells the browser to forget the draft; nothing has arrived before the link is opened."""
    address = f"/en/tickets/pending/{pending.public_id}/"
    text = client.get(address).content.decode()
    assert f"/en/tickets/new/?topic={pending.topic.key}" in text
    assert "data-arrived" not in text
    Client().post(link_of(pending))
    assert "data-arrived" in client.get(address).content.decode()


def test_a_guest_whose_mail_was_lost_has_it_sent_again_a_few_times_a_day(
    client: Client, pending: PendingRequest
) -> None:
    page = f"/en/tickets/pending/{pending.public_id}/"
    for second in range(3):
        with time_machine.travel(timezone.now() + timedelta(seconds=second), tick=False):
            assert "We have sent the e-mail once more." in client.post(page, follow=True).content.decode()
    owed = Outbox.objects.filter(event_kind=opening.ASKED_AGAIN)
    assert [row.event_id // opening.SECONDS for row in owed] == [pending.pk] * 3
    assert "no more can be sent today" in client.post(page, follow=True).content.decode()
    assert owed.count() == 3


def test_a_mail_is_sent_again_for_who_sent_the_request_alone(pending: PendingRequest) -> None:
    assert Client().post(f"/en/tickets/pending/{pending.public_id}/").status_code == 404
    assert not Outbox.objects.filter(event_kind=opening.ASKED_AGAIN).exists()


def test_who_has_confirmed_meanwhile_is_sent_nothing_again(client: Client, pending: PendingRequest) -> None:
    opening.prove_address(pending)
    pending.refresh_from_db()
    opening.ask_again(pending)
    assert not Outbox.objects.filter(event_kind=opening.ASKED_AGAIN).exists()


def test_who_has_lost_the_link_may_sign_in_by_a_code(client: Client, db: None) -> None:
    assert "/en/account/code/?next=/en/tickets/" in client.get("/en/tickets/").content.decode()


def test_the_page_after_sending_is_for_the_session_that_sent(pending: PendingRequest) -> None:
    assert Client().get(f"/en/tickets/pending/{pending.public_id}/").status_code == 404
    assert Client().get("/en/tickets/pending/nothing/").status_code == 404


def test_a_session_that_has_ended_is_told_how_it_comes_back(client: Client, pending: PendingRequest) -> None:
    page = Client().get(f"/en/tickets/pending/{pending.public_id}/").content.decode()
    assert "open the link in our last e-mail" in page
    assert f"/account/login/?next=/en/tickets/pending/{pending.public_id}/" in page


def test_a_secret_is_told_to_a_guest_too(client: Client, topic: Topic) -> None:
    seed = "legal winner thank year wave sausage worth useful legal winner thank yellow"
    address = post_ticket(client, body=seed)["Location"]
    assert "We took a seed phrase out of your message." in client.get(address).content.decode()


def test_an_address_with_an_account_is_treated_alike(client: Client, topic: Topic, trader: User) -> None:
    known = post_ticket(Client(), email=trader.email)
    unknown = post_ticket(Client(), email="nobody@example.net")
    assert known.status_code == unknown.status_code == 302
    assert not Ticket.objects.exists()
    assert {row.email for row in PendingRequest.objects.all()} == {trader.email, "nobody@example.net"}


def test_pressing_twice_keeps_one_request(client: Client, topic: Topic) -> None:
    assert post_ticket(client)["Location"] == post_ticket(client)["Location"]
    assert PendingRequest.objects.count() == 1


def test_a_mail_box_is_not_bombarded(topic: Topic, settings) -> None:
    settings.TICKET_LIMITS = {"ticket_email": 3}
    answers = [post_ticket(Client(), submission_token=str(n), body=str(n)) for n in range(4)]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 3600


def fill(strangers: int, each: int, start: int = 0) -> list[int]:
    """What strangers send in the name of `gina@example.org`, each from an address of their own."""
    return [
        post_ticket(
            Client(REMOTE_ADDR=f"203.0.113.{n}"), submission_token=f"{start}{n}{m}", body=f"{n} {m}"
        ).status_code
        for n in range(strangers)
        for m in range(each)
    ]


def test_one_stranger_alone_does_not_use_up_what_the_owner_of_an_address_may_send(topic: Topic) -> None:
    assert fill(1, 6) == [302] * 5 + [429]
    assert post_ticket(Client(REMOTE_ADDR="198.51.100.7"), submission_token="own").status_code == 302


@time_machine.travel("2026-11-21 21:40:00+00:00", tick=False)
def test_who_has_used_up_the_day_is_told_so_and_when_it_ends(topic: Topic) -> None:
    fill(1, 5)
    answer = post_ticket(Client(REMOTE_ADDR="203.0.113.0"), zone="Asia/Tokyo", submission_token="one too many")
    page = answer.content.decode()
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, str(140 * 60))
    assert "it was not confirmed in this browser yet" in page
    assert "from 22 November 2026, 09:00 (Tokyo, UTC+9) on" in page
    assert "still wait to be confirmed" not in page


def test_the_next_day_sends_again(topic: Topic) -> None:
    with time_machine.travel("2026-11-21 21:40:00+00:00", tick=False):
        fill(1, 6)
    with time_machine.travel("2026-11-22 00:00:00+00:00", tick=False):
        assert fill(1, 1, start=1) == [302]


def test_who_has_proven_the_address_before_sends_whatever_strangers_sent_in_its_name(
    topic: Topic, pending: PendingRequest, settings
) -> None:
    settings.TICKET_LIMITS = {"ticket_email": 5}
    phone = Client()
    phone.post(link_of(pending))
    del phone.cookies["sessionid"]
    assert 429 in fill(4, 2)
    answer = post_ticket(phone, submission_token="own", body="My second request.")
    assert answer.status_code == 302
    assert PendingRequest.objects.filter(body="My second request.").exists()


def test_forged_mails_do_not_close_the_form(topic: Topic, monkeypatch) -> None:
    monkeypatch.setattr(opening, "OPEN_REQUESTS", 2)
    for number in range(2):
        asked = request(topic, token=str(number), channel=Channel.EMAIL)
        opening.hold_request(asked, email="gina@example.org")
    assert post_ticket(Client()).status_code == 302


def test_opening_the_link_shows_nothing_and_changes_nothing(pending: PendingRequest) -> None:
    page = Client().get(link_of(pending))
    text = page.content.decode()
    assert page.status_code == 200
    assert not Ticket.objects.exists()
    for private in ("My words.", "USDT has not arrived", "Gina", "gina@"):
        assert private not in text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "csrfmiddlewaretoken" in text


def test_the_button_behind_the_link_opens_the_request_on_any_device(pending: PendingRequest) -> None:
    phone = Client()
    answer = phone.post(link_of(pending))
    ticket = Ticket.objects.get()
    assert answer["Location"] == f"/en/tickets/{ticket.public_id}/"
    assert ticket.requester.email == "gina@example.org"
    assert ticket.requester.time_zone == "Asia/Seoul"
    assert "My words." in phone.get(answer["Location"]).content.decode()


def test_pressing_that_button_twice_opens_it_twice(pending: PendingRequest) -> None:
    phone = Client()
    assert phone.post(link_of(pending))["Location"] == phone.post(link_of(pending))["Location"]
    assert Ticket.objects.count() == 1


def test_the_same_link_shows_the_status_alone_later_on(pending: PendingRequest) -> None:
    Client().post(link_of(pending))
    Ticket.objects.update(created_at=timezone.now() - timedelta(hours=1))
    page = Client().post(link_of(pending))
    assert page.status_code == 200
    assert "My words." not in page.content.decode()
    assert Ticket.objects.get().reference in page.content.decode()


def test_the_session_that_sent_it_is_led_to_its_mail(client: Client, pending: PendingRequest) -> None:
    """Whoever only typed an address does not see what came of it elsewhere."""
    Client().post(link_of(pending))
    page = client.get(f"/en/tickets/pending/{pending.public_id}/")
    assert "Your request has reached us" in page.content.decode()
    assert client.get(f"/en/tickets/{Ticket.objects.get().public_id}/").status_code == 404


def test_a_link_that_is_too_old_or_of_nobody_says_what_to_do(client: Client, pending: PendingRequest) -> None:
    PendingRequest.objects.update(created_at=timezone.now() - timedelta(days=8))
    page = client.post(link_of(pending))
    assert page.status_code == 410
    assert_asks_to_send_again(page.content.decode())
    for token in ("x", "x" * 3000, "..", "%00", "%F0%9F%98%80"):
        page = client.get(f"/en/t/{token}/")
        assert page.status_code == 404
        assert "This link does not work" in page.content.decode()


def assert_asks_to_send_again(text: str) -> None:
    """And the button beside the words does what they say: a guest has no account to sign in to."""
    words = text.partition("<main")[2].partition("</main>")[0]
    assert "send your request again" in words
    assert "/en/tickets/new/" in words
    assert "/account/login/" not in words


def test_a_link_that_outlives_its_request_says_so(client: Client, pending: PendingRequest) -> None:
    """The question about a second request is mailed when the first was confirmed, which may be days later."""
    link = link_of(pending)
    pending.delete()
    for answer in (client.get(link), client.post(link)):
        assert answer.status_code == 404
        assert_asks_to_send_again(answer.content.decode())


def test_a_link_of_something_that_is_gone_is_not_found(client: Client, db: None) -> None:
    for purpose in (links.PROVE, links.STATUS, links.RATE):
        assert client.get(f"/en/t/{links.make(purpose, 'gone')}/").status_code == 404
        assert client.post(f"/en/t/{links.make(purpose)}/").status_code == 404


# The status link


def test_the_status_link_shows_nothing_before_its_button(client: Client, ticket: Ticket) -> None:
    text = client.get(status_link(ticket)).content.decode()
    assert ticket.reference not in text
    assert "Received" not in text


def test_the_status_link_shows_the_status_and_no_word_of_it(client: Client, ticket: Ticket, agent: User) -> None:
    answered(ticket, by=agent, body="We found it.")
    text = client.post(status_link(ticket), {"action": "show"}).content.decode()
    assert ticket.reference in text
    assert "Being worked on" in text
    for private in ("USDT has not arrived", "I sent 2,500", "We found it.", "toma@example.com"):
        assert private not in text


def test_who_may_see_the_request_goes_straight_to_it(client: Client, ticket: Ticket, trader: User) -> None:
    client.force_login(trader)
    assert client.get(status_link(ticket))["Location"] == f"/en/tickets/{ticket.public_id}/"


@pytest.fixture
def code(client: Client, ticket: Ticket) -> str:
    """The code that was mailed for this browser."""
    assert client.post(status_link(ticket), {"action": "code"}).status_code == 200
    found = re.search(r"\b\d{6}\b", str(mail.outbox[-1].body))
    assert found
    return found[0]


def enter(client: Client, ticket: Ticket, code: str) -> int:
    return client.post(status_link(ticket), {"action": "enter", "code": code}).status_code


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def test_a_code_from_the_mail_box_opens_the_request(client: Client, ticket: Ticket, code: str) -> None:
    assert mail.outbox[-1].to == ["toma@example.com"]
    assert client.get(f"/en/tickets/{ticket.public_id}/").status_code == 404
    assert enter(client, ticket, f" {code[:3]} {code[3:]} ") == 302
    assert client.get(f"/en/tickets/{ticket.public_id}/").status_code == 200


def test_a_code_works_once_and_in_the_browser_that_asked(client: Client, ticket: Ticket, code: str) -> None:
    assert enter(Client(), ticket, code) == 400
    assert enter(client, ticket, code) == 302
    client.session.flush()
    assert enter(Client(), ticket, code) == 400


def test_five_wrong_codes_use_it_up(client: Client, ticket: Ticket, code: str) -> None:
    assert [enter(client, ticket, wrong(code)) for _ in range(5)] == [400] * 5
    assert enter(client, ticket, code) == 400
    assert client.get(f"/en/tickets/{ticket.public_id}/").status_code == 404


def test_a_code_of_one_request_opens_no_other(client: Client, ticket: Ticket, code: str, trader: User) -> None:
    other = TicketFactory(by=trader, subject="Another")
    assert enter(client, other, code) == 400


def test_codes_are_not_sent_without_end(client: Client, ticket: Ticket) -> None:
    answers = [client.post(status_link(ticket), {"action": "code"}).status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]
    assert len(mail.outbox) == 5


@pytest.mark.parametrize("typed", ["", "12", "abcdef", "１２", "\0", "9" * 400, "٣٣٣٣٣٣"])
def test_what_is_no_code_is_told(client: Client, ticket: Ticket, code: str, typed: str) -> None:
    page = client.post(status_link(ticket), {"action": "enter", "code": typed})
    assert page.status_code == 400
    assert "data-error-summary" in page.content.decode()


def test_a_mail_server_that_is_down_costs_a_message(client: Client, ticket: Ticket, settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    page = client.post(status_link(ticket), {"action": "code"})
    assert page.status_code == 503
    assert "We cannot send e-mails at the moment." in page.content.decode()
