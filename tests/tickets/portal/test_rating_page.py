"""Rating: five answers and a comment, on the page of the request and behind the link of a mail."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from supportdesk.accounts.models import User
from tickets import links
from tickets.actions import moving
from tickets.models import Rating, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def solved(ticket: Ticket, trader: User) -> Ticket:
    return moving.confirm_solved(ticket, by=trader)


def link_of(ticket: Ticket, *score: str) -> str:
    return f"/en/t/{links.make(links.RATE, ticket.public_id, *score)}/"


def test_the_link_shows_the_question_and_stores_nothing(client: Client, solved: Ticket) -> None:
    text = client.get(link_of(solved, "4")).content.decode()
    assert "Very good" in text
    assert 'value="4" aria' in text or 'value="4" id="page_score_3" checked' in text or "checked" in text
    assert not Rating.objects.exists()
    for private in ("USDT has not arrived", "toma@example.com", solved.reference):
        assert private not in text


def test_the_answer_behind_the_link_is_stored(client: Client, solved: Ticket) -> None:
    page = client.post(link_of(solved), {"score": "2", "comment": "Too slow."})
    assert "Thank you." in page.content.decode()
    rating = Rating.objects.get()
    assert (rating.score, rating.comment) == (2, "Too slow.")
    client.post(link_of(solved), {"score": "5"})
    rating.refresh_from_db()
    assert rating.score == 5


@pytest.mark.parametrize("score", ["", "0", "6", "x", "٣", "1e9", "\0"])
def test_what_is_no_answer_is_told_and_the_comment_stays(client: Client, solved: Ticket, score: str) -> None:
    page = client.post(link_of(solved), {"score": score, "comment": "My words"})
    assert page.status_code == 400
    assert "Choose one of the five answers." in page.content.decode()
    assert "My words" in page.content.decode()
    assert not Rating.objects.filter(score__isnull=False).exists()


def test_a_secret_in_the_comment_is_taken_out(client: Client, solved: Ticket) -> None:
    seed = "legal winner thank year wave sausage worth useful legal winner thank yellow"
    client.post(link_of(solved), {"score": "3", "comment": seed})
    assert seed not in Rating.objects.get().comment


def test_too_early_and_too_late_are_told(client: Client, ticket: Ticket, trader: User) -> None:
    assert "once it is solved" in client.post(link_of(ticket), {"score": "3"}).content.decode()
    moving.confirm_solved(ticket, by=trader)
    client.post(link_of(ticket), {"score": "3"})
    Rating.objects.update(asked_at=timezone.now() - timedelta(days=15))
    page = client.post(link_of(ticket), {"score": "5"})
    assert page.status_code == 400
    assert "for two weeks" in page.content.decode()
    assert Rating.objects.get().score == 3


def test_on_the_page_of_the_request(client: Client, trader: User, solved: Ticket) -> None:
    client.force_login(trader)
    path = f"/en/tickets/{solved.public_id}/"
    assert client.post(path, {"action": "rate", "score": "5", "comment": ""}).status_code == 302
    text = client.get(path).content.decode()
    assert "You have rated this request." in text
    assert re.search(r'value="5"[^>]* checked', text)
    page = client.post(path, {"action": "rate", "score": "", "comment": "c" * 1001})
    assert page.status_code == 400
    assert "c" * 1001 in page.content.decode()


def test_nobody_is_asked_before_it_is_solved_or_after_two_weeks(client: Client, trader: User, solved: Ticket) -> None:
    client.force_login(trader)
    path = f"/en/tickets/{solved.public_id}/"
    assert "How did we do?" in client.get(path).content.decode()
    Ticket.objects.update(solved_at=timezone.now() - timedelta(days=15))
    assert "How did we do?" not in client.get(path).content.decode()
