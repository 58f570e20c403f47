"""The page of the question whether a held mail is theirs: opening it does nothing, only a post decides."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tests.tickets.channels import raw
from tickets.channels import inbox
from tickets.channels.actions.receiving import Envelope, receive
from tickets.channels.enums import Kept, Outcome
from tickets.channels.models import IncomingMail

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(ticket, delivered):
    """The address in the mail that asks."""
    address = inbox.reply_address(ticket)
    delivered().clear()
    content = raw.mail("Send it to my other wallet.", to=address, results=raw.FAIL)
    receive(content, envelope=Envelope("toma@example.com", (address,)))
    found = re.search(rf"{re.escape(settings.SITE_URL)}(/en/t/\S+)", delivered()[0].body)
    return found[1]


def held():
    return IncomingMail.objects.get()


def test_opening_it_shows_and_changes_nothing(client, link, ticket):
    answer = client.get(link)
    assert answer.status_code == 200
    assert "other wallet" not in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert (held().outcome, ticket.messages.count()) == (Outcome.HELD, 1)


def test_yes_adds_the_held_mail_to_the_ticket(client, link, ticket):
    answer = client.post(link, {"answer": "yes"})
    assert "We have added your e-mail" in answer.content.decode()
    assert ticket.messages.last().body == "Send it to my other wallet."
    assert held().kept == Kept.NOT


def test_no_destroys_the_held_mail(client, link, ticket):
    client.post(link, {"answer": "no"})
    assert (held().kept, ticket.messages.count()) == (Kept.GONE, 1)


@pytest.mark.parametrize("answer", ["", "maybe"])
def test_another_answer_asks_again(client, link, answer):
    assert "Yes, I wrote it" in client.post(link, {"answer": answer}).content.decode()
    assert held().outcome == Outcome.HELD


def test_a_held_mail_is_decided_once(client, link, ticket):
    client.post(link, {"answer": "no"})
    assert "decided before" in client.post(link, {"answer": "yes"}).content.decode()
    assert "decided before" in client.get(link).content.decode()
    assert ticket.messages.count() == 1


def test_after_a_week_it_is_too_late(client, link, ticket):
    IncomingMail.objects.update(sealed=None, kept=Kept.GONE, purge_at=timezone.now())
    assert "decided before" in client.post(link, {"answer": "yes"}).content.decode()
    assert ticket.messages.count() == 1


def test_a_post_from_another_site_does_nothing(link):
    assert Client(enforce_csrf_checks=True).post(link, {"answer": "yes"}).status_code == 403
    assert held().outcome == Outcome.HELD


@pytest.mark.parametrize("language", ["zh-hans", "ar", "ko"])
def test_the_question_is_asked_in_each_language(client, link, language):
    answer = client.get(link.replace("/en/", f"/{language}/"))
    assert answer.status_code == 200
    assert f'dir="{"rtl" if language == "ar" else "ltr"}"' in answer.content.decode()
