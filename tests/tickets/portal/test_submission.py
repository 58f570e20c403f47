"""Sending: once, however often the button is pressed; nothing lost, and what was secret is told."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from helpcenter.models import AddressUse
from supportdesk.accounts.models import User
from tests.helpcenter.hostile import PAYLOADS, harm_in
from tests.tickets.factories import TicketFactory, TopicFactory
from tests.tickets.portal.forms import post_ticket
from tickets.models import Message, PendingRequest, Ticket, Topic

SEED = "legal winner thank year wave sausage worth useful legal winner thank yellow"


@pytest.fixture
def signed_in(client: Client, trader: User, topic: Topic) -> Client:
    client.force_login(trader)
    return client


def address_of(ticket: Ticket, language: str = "en") -> str:
    return f"/{language}/tickets/{ticket.public_id}/"


def test_leads_to_the_page_of_the_request(signed_in: Client) -> None:
    answer = post_ticket(signed_in, page="ar", language="ar")
    ticket = Ticket.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, address_of(ticket, "ar"))
    assert ticket.language == "ar"
    text = signed_in.get(answer["Location"]).content.decode()
    assert "I sent 2,500 USDT yesterday." in text
    assert ticket.reference in text


def test_pressing_twice_makes_one_request(signed_in: Client) -> None:
    first, second = post_ticket(signed_in), post_ticket(signed_in)
    assert first["Location"] == second["Location"]
    assert Ticket.objects.count() == Message.objects.count() == 1


def test_going_back_and_sending_the_same_again_makes_one_request(signed_in: Client) -> None:
    """The browser asks for the form anew on the way back, and gets a fresh token."""
    first, second = post_ticket(signed_in, submission_token="a"), post_ticket(signed_in, submission_token="b")
    assert first["Location"] == second["Location"]
    assert Ticket.objects.count() == 1


def test_the_same_token_with_other_words_is_still_the_first_request(signed_in: Client) -> None:
    first = post_ticket(signed_in, body="One.")
    assert post_ticket(signed_in, body="One, corrected.")["Location"] == first["Location"]
    assert Ticket.objects.count() == 1


def test_another_question_makes_another_request(signed_in: Client) -> None:
    post_ticket(signed_in, submission_token="a", body="One.")
    post_ticket(signed_in, submission_token="b", body="Another.")
    assert Ticket.objects.count() == 2


def test_the_header_of_a_program_counts_as_the_token(signed_in: Client) -> None:
    header = {"Idempotency-Key": "4f0c"}
    first = post_ticket(signed_in, submission_token="a", body="One.", headers=header)
    second = post_ticket(signed_in, submission_token="b", body="Two.", headers=header)
    assert first["Location"] == second["Location"]
    assert Ticket.objects.get().submission_token == "4f0c"


def test_a_token_of_somebody_else_leads_nowhere(signed_in: Client, other_trader: User) -> None:
    TicketFactory(by=other_trader, token="form-1")
    post_ticket(signed_in)
    assert Ticket.objects.count() == 2


@pytest.mark.parametrize("token", ["", "x" * 500, "a b", "\r\nBcc: x", "\0", "ключ"])
def test_a_token_that_is_none_stops_nobody(signed_in: Client, token: str) -> None:
    assert post_ticket(signed_in, submission_token=token).status_code == 302
    assert Ticket.objects.get().submission_token == ""


def test_a_long_token_counts_whole(signed_in: Client) -> None:
    first = post_ticket(signed_in, submission_token="k" * 199 + "a", body="One.")
    assert post_ticket(signed_in, submission_token="k" * 199 + "a", body="Two.")["Location"] == first["Location"]
    assert post_ticket(signed_in, submission_token="k" * 199 + "b", body="Three.")["Location"] != first["Location"]
    assert len(Ticket.objects.first().submission_token) <= 60


@pytest.mark.django_db(transaction=True)
def test_a_message_sent_many_times_at_once_is_one_message(client: Client, trader: User, ticket: Ticket) -> None:
    client.force_login(trader)
    cookies = client.cookies

    def send(number: int) -> tuple[int, str]:
        own = Client()
        own.cookies = cookies.copy()
        try:
            answer = own.post(address_of(ticket), {"action": "reply", "body": f"Try {number}", "submission_token": "m"})
            return answer.status_code, answer["Location"]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(send, range(6)))
    message = Message.objects.exclude(body__startswith="I sent").get()
    assert answers == {(302, f"{address_of(ticket)}#page_message_{message.pk}")}


@pytest.mark.django_db(transaction=True)
def test_sent_many_times_at_once_it_is_one_request(client: Client, trader: User, topic: Topic) -> None:
    client.force_login(trader)
    cookies = client.cookies

    def send(number: int) -> str:
        own = Client()
        own.cookies = cookies.copy()
        try:
            return str(post_ticket(own, body=f"Try {number}")["Location"])
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        addresses = set(pool.map(send, range(6)))
    assert addresses == {address_of(Ticket.objects.get())}
    assert Message.objects.count() == 1


def test_a_secret_is_taken_out_and_told_on_the_next_page(signed_in: Client) -> None:
    answer = post_ticket(signed_in, body=f"My seed is {SEED}, please help.")
    assert SEED not in Message.objects.get().body
    text = signed_in.get(answer["Location"]).content.decode()
    assert SEED not in text
    assert "data-removed" in text
    assert "We took a seed phrase out of your message. It was not stored." in text
    assert "Move the funds of that wallet to a new one now" in text


def test_a_secret_in_an_answer_or_the_subject_is_taken_out_too(signed_in: Client) -> None:
    post_ticket(signed_in, subject=SEED, journey=f"/en/search/?{SEED}")
    ticket = Ticket.objects.get()
    assert SEED not in ticket.subject + str(ticket.details)


@pytest.mark.parametrize(
    "payload", [*PAYLOADS, "=cmd|' /C calc'!A0", "x\r\nBcc: evil@example.org", "a" * 190 + "\u202e"]
)
def test_hostile_words_are_words(signed_in: Client, payload: str) -> None:
    answer = post_ticket(signed_in, subject=payload[:190] or "x", body=payload or "x", submission_token="")
    assert answer.status_code in (302, 400)
    if answer.status_code == 302:
        ticket = Ticket.objects.get()
        assert "\n" not in ticket.subject
        assert "\r" not in ticket.subject
        text = signed_in.get(answer["Location"]).content.decode()
        assert harm_in(text) == []


@pytest.mark.parametrize(
    "values",
    [
        {"body": "a" * 20_001},
        {"body": "abandon " * 12_000},
        {"subject": "s" * 201},
        {"language": "xx"},
        {"language": "<x>"},
        {"subject": " \u200b\t "},
    ],
)
def test_what_does_not_fit_is_a_message(signed_in: Client, values: dict[str, str]) -> None:
    page = post_ticket(signed_in, **values)
    assert page.status_code == 400
    assert "data-error-summary" in page.content.decode()
    assert not Ticket.objects.exists()


def test_who_sends_too_much_is_told_and_keeps_the_words(signed_in: Client, settings) -> None:
    settings.TICKET_LIMITS = {"ticket": 2}
    for number in range(2):
        assert post_ticket(signed_in, body=f"Question {number}", submission_token=str(number)).status_code == 302
    page = post_ticket(signed_in, body="Question 3", submission_token="3")
    assert page.status_code == 429
    text = page.content.decode()
    assert "Wait an hour" in text
    assert "Question 3" in text
    assert Ticket.objects.count() == 2
    assert AddressUse.objects.get(door="ticket").count == 3


def test_the_transaction_asks_the_database_at_most_eight_times(signed_in: Client) -> None:
    post_ticket(signed_in, submission_token="warm", body="Warm.")
    with CaptureQueriesContext(connection) as queries:
        post_ticket(signed_in)
    asked = [query["sql"] for query in queries]
    begin = next(at for at, sql in enumerate(asked) if sql.startswith('INSERT INTO "tickets_ticket"'))
    inside = [sql for sql in asked[begin:] if sql.startswith(("INSERT", "UPDATE", "SELECT"))]
    first_after = next((at for at, sql in enumerate(inside) if "django_session" in sql), len(inside))
    assert first_after <= 8, inside


def test_a_form_without_its_token_of_the_session_is_refused(trader: User, topic: Topic) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(trader)
    assert post_ticket(strict).status_code == 403
    assert not Ticket.objects.exists()


def test_known_issues_and_what_is_open_stand_beside_the_form(signed_in: Client, trader: User, topic: Topic) -> None:
    ticket = TicketFactory(by=trader, topic=topic)
    TicketFactory(by=trader, topic=TopicFactory(key="api"), subject="About the API")
    text = signed_in.get("/en/tickets/new/?topic=deposits").content.decode()
    assert "You have an open request on this topic." in text
    assert address_of(ticket) in text
    assert "About the API" not in text


def test_what_may_answer_it_stands_between_the_text_and_the_button(client: Client, topic: Topic) -> None:
    form = client.get("/en/tickets/new/?topic=deposits").content.decode().partition("data-request")[2]
    order = [form.index(part) for part in ('name="body"', "data-suggestions", "Send request")]
    assert order == sorted(order)
    assert "<form" not in form.partition("</form>")[0], "a form in a form ends it"


def test_nothing_of_a_guest_becomes_a_ticket(client: Client, topic: Topic) -> None:
    post_ticket(client)
    assert not Ticket.objects.exists()
    assert PendingRequest.objects.count() == 1
