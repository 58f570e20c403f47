"""Mail that comes in by a provider's webhook: signed, stored before it is answered, off without a secret."""

import base64
import json

import pytest
from django.db import OperationalError

from tests.tickets.channels import raw
from tickets.channels import hooks, inbox
from tickets.channels.enums import Outcome
from tickets.channels.models import IncomingMail
from tickets.errors import AlreadyDone

pytestmark = pytest.mark.django_db
SECRET = "mail:long-and-random"


@pytest.fixture
def on(settings):
    settings.MAIL_WEBHOOK_PROVIDER = "postmark"
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}


def post(client, content, *, secret=SECRET, to="help@support.example"):
    """As https://postmarkapp.com/developer/webhooks/inbound-webhook describes it, with the raw mail."""
    event = {
        "MessageID": "22c74902",
        "OriginalRecipient": to,
        "Headers": [{"Name": "Return-Path", "Value": "<toma@example.com>"}],
        "RawEmail": content.decode(),
    }
    known = {"HTTP_AUTHORIZATION": f"Basic {base64.b64encode(secret.encode()).decode()}"} if secret else {}
    return client.post("/hooks/mail/", json.dumps(event), content_type="application/json", **known)


def test_a_mail_is_on_the_ticket(on, client, ticket):
    address = inbox.reply_address(ticket)
    assert post(client, raw.mail("By the hook.", to=address), to=address).status_code == 200
    assert ticket.messages.last().body == "By the hook."


def test_the_same_post_twice_is_one_message(on, client, ticket):
    address = inbox.reply_address(ticket)
    for _ in range(2):
        post(client, raw.mail(to=address), to=address)
    assert ticket.messages.count() == 2


@pytest.mark.parametrize("secret", ["", "mail:wrong"])
def test_without_the_secret_nothing_is_taken(on, client, ticket, secret):
    assert post(client, raw.mail(), secret=secret).status_code == 400
    assert not IncomingMail.objects.exists()


@pytest.mark.parametrize(("provider", "secret"), [("", SECRET), ("postmark", ""), ("unknown", SECRET)])
def test_it_is_off_until_it_is_set_up(client, settings, provider, secret):
    settings.MAIL_WEBHOOK_PROVIDER, settings.ANYMAIL = provider, {"WEBHOOK_SECRET": secret}
    assert post(client, raw.mail()).status_code == 404


def test_it_cannot_be_opened(on, client):
    assert client.get("/hooks/mail/").status_code == 405


def test_a_mail_of_more_than_a_megabyte_is_taken(on, client, trader):
    files = (("log.txt", "text/plain", b"line of a log\n" * 100_000),)
    assert post(client, raw.mail(files=files)).status_code == 200
    assert IncomingMail.objects.get().outcome == Outcome.NEW_TICKET


def test_what_is_larger_than_any_mail_is_refused(on, client, monkeypatch):
    monkeypatch.setattr(hooks, "LARGEST", 100)
    assert post(client, raw.mail()).status_code == 413


def test_where_nothing_can_be_stored_the_provider_is_to_come_again(on, client, monkeypatch):
    def broken(*args, **values):
        raise OperationalError("locked")

    monkeypatch.setattr(IncomingMail.objects, "light", broken)
    assert post(client, raw.mail()).status_code == 503


@pytest.mark.parametrize("name", hooks.PROVIDERS)
def test_each_provider_is_there(name):
    from django.utils.module_loading import import_string

    assert import_string(hooks.PROVIDERS[name]).signal is not None
    assert AlreadyDone
