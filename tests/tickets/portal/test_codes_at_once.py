"""Codes that are tried at the same moment are counted one by one."""

import time
from typing import Any

import pytest
from django.core import mail
from django.core.cache.backends.db import DatabaseCache
from django.core.management import call_command
from django.test import Client

from tests.at_once import at_once
from tests.tickets.portal.test_guests import status_link
from tickets.models import Ticket
from tickets.portal import codes

pytestmark = [pytest.mark.both, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def kept_in_the_database(settings: Any) -> None:
    """As on a site without Redis."""
    kept = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache_entries"}
    settings.CACHES = {**settings.CACHES, "default": kept}
    call_command("createcachetable", verbosity=0)


@pytest.mark.usefixtures("kept_in_the_database")
def test_five_of_many_are_looked_at(ticket: Ticket, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    client.post(status_link(ticket), {"action": "code"})
    assert len(mail.outbox) == 1
    session, looked = client.cookies["sessionid"].value, []
    real_digest = codes._digest

    def digest(name: str, code: str) -> str:
        looked.append(code)
        return real_digest(name, code)

    def enter(code: str) -> int:
        browser = Client()
        browser.cookies["sessionid"] = session
        return browser.post(status_link(ticket), {"action": "enter", "code": code}).status_code

    monkeypatch.setattr(codes, "_digest", digest)
    read = DatabaseCache.get

    def slowly(cache: DatabaseCache, key: str, *more: Any, **known: Any) -> Any:
        found = read(cache, key, *more, **known)
        if "ticket-" in key:
            time.sleep(0.2)  # so that the others read the same
        return found

    monkeypatch.setattr(DatabaseCache, "get", slowly)
    answers = at_once(*(lambda code=f"{number:06}": enter(code) for number in range(12)))
    assert set(answers) <= {302, 400}
    assert len(looked) <= 5
