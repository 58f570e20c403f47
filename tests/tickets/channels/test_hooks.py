"""The webhook for mail: off until it is set up, posts alone, stored before it is answered. What each provider sends:
`test_hook_providers.py`."""

import pytest
from django.db import OperationalError
from django.utils.module_loading import import_string

from tests.tickets.channels import raw
from tests.tickets.channels.hooks import SECRET, postmark
from tickets.channels import hooks, providers
from tickets.channels.models import IncomingMail

pytestmark = pytest.mark.django_db
POST = postmark.mail(raw.mail(), to="help@support.example")


@pytest.fixture
def on(settings):
    settings.MAIL_WEBHOOK_PROVIDER = "postmark"
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}


@pytest.mark.parametrize(("provider", "secret"), [("", SECRET), ("postmark", ""), ("unknown", SECRET)])
def test_the_webhook_is_off_until_it_is_set_up(client, settings, provider, secret):
    settings.MAIL_WEBHOOK_PROVIDER, settings.ANYMAIL = provider, {"WEBHOOK_SECRET": secret}
    assert POST.by(client).status_code == 404


def test_the_webhook_takes_posts_alone(on, client):
    assert client.get("/hooks/mail/").status_code == 405


def test_what_is_larger_than_any_mail_is_refused(on, client, monkeypatch):
    monkeypatch.setattr(hooks, "LARGEST", 100)
    assert POST.by(client).status_code == 413


def test_where_nothing_can_be_stored_the_provider_is_to_come_again(on, client, monkeypatch):
    def broken(*args, **values):
        raise OperationalError("locked")

    monkeypatch.setattr(IncomingMail.objects, "light", broken)
    assert POST.by(client).status_code == 503


@pytest.mark.parametrize("name", providers.PROVIDERS)
def test_each_provider_is_there(name):
    assert import_string(providers.PROVIDERS[name].view).run_validators
