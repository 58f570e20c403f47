"""What every page of the desk keeps to: small files, no script inside, a policy, tokens for what changes things."""

import gzip
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.routes import methods_of
from tickets.models import Ticket
from tickets.workspace.urls import urlpatterns

pytestmark = pytest.mark.django_db
STATIC = Path(settings.BASE_DIR, "supportdesk", "ui", "static", "ui")
POSTS = ("write", "draft", "look")


def test_script_and_style_have_at_most_60_kilobytes_on_the_wire():
    files = ("css/workspace.css", "js/workspace.js")
    assert sum(len(gzip.compress((STATIC / file).read_bytes(), 9)) for file in files) <= 60 * 1024


def test_fetched_parts_run_nothing(desk, ticket, thread_of):
    page = desk.get(thread_of(ticket)).content.decode()
    config = json.loads(re.search(r"name=\"htmx-config\" content='([^']+)'", page)[1])
    assert not config["allowEval"]
    assert not config["allowScriptTags"]
    assert not config["includeIndicatorStyles"]
    assert config["selfRequestsOnly"]
    assert config["historyCacheSize"] == 0  # no copy of a conversation in the browser's storage
    assert "hx-on" not in page
    assert re.findall(r"<script(?![^>]*src=)", page) == []


def test_what_people_wrote_is_out_of_the_scripts_reach(desk, ticket, trader, thread_of):
    page = desk.get(thread_of(ticket)).content.decode()
    before = page[: page.index("I sent 2,500 USDT")]
    assert "hx-disable" in before[before.rindex("<div") :]


@pytest.mark.parametrize("name", POSTS)
def test_a_foreign_page_changes_nothing(agent, ticket, thread_of, name):
    client = Client(enforce_csrf_checks=True)
    client.force_login(agent)
    sent = {"body": "Foreign", "kind": "note", "writing": "1"}
    assert client.post(thread_of(ticket, name), sent).status_code == 403
    assert client.post(thread_of(ticket, name), sent, headers={"HX-Request": "true"}).status_code == 403
    assert client.get(thread_of(ticket, name)).status_code == (302 if name == "write" else 405)  # back to the ticket
    assert Ticket.objects.get(pk=ticket.pk).version == ticket.version


@pytest.mark.parametrize("who", ["trader", "content_editor", "translator"])
@pytest.mark.parametrize("pattern", urlpatterns, ids=lambda pattern: pattern.name)
def test_no_address_is_there_for_others(who, pattern, request, at_desk, ticket):
    """By any method that somebody of the desk is answered by, they learn no more than that nothing is there."""
    client = at_desk(request.getfixturevalue(who))
    values = {"number": ticket.public_id, "pk": 1, "name": "take", "slug": "none", "language": "en"}
    address = reverse(f"workspace:{pattern.name}", kwargs={name: values[name] for name in pattern.pattern.converters})
    methods = methods_of(pattern.callback)
    assert methods & {"GET", "POST"}
    assert {method: client.generic(method, address).status_code for method in methods} == dict.fromkeys(methods, 404)
