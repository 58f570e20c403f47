"""Whatever people write stays words: with hostile text in every column that takes any, no page of any role holds an
element, a handler or an address of theirs. The content policy is not asked."""

import random
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import caches
from django.core.management import call_command
from django.db import models
from django.test import Client

from supportdesk.accounts.models import User
from supportdesk.ui import drawn
from tests.helpcenter.factories import AnnouncementFactory, CategoryFactory
from tests.helpcenter.hostile import harm_in
from tests.tickets.factories import MacroFactory
from tickets.actions import replying
from tickets.models import Attachment, SavedView, Ticket

pytestmark = pytest.mark.django_db
SPRAYED = [
    '"><img src=x onerror=evil()>',
    "'><svg/onload=evil()>",
    "<x-evil>",
    "</script><x-evil>",
    "</title><x-evil>",
    "</textarea><x-evil>",
    "--><x-evil>",
    '" onmouseover=evil() x="',
    "' onfocus=evil() autofocus '",
    "javascript:evil()",
    "&lt;x-evil&gt;<x-evil>",
]
APPS = {"accounts", "helpcenter", "tickets", "tickets_webhooks", "tickets_channels"}
# What programs write and read: codes, addresses, hashes, and HTML that was sanitised when it was published.
WORDLESS = re.compile(
    r".*language|slug|key|public_id|password|digest|sealed|status|state|kind|stored_as|content_type|hash|token|prefix|"
    r"time_zone|value|unit|symbol|region|path|query|code|words|html.*|body_.+|outline.*|tz|field|channel|cursor|reason|"
    r"(?:base|quote|settle)|version|name_code|.*_id|mailbox|header.*|door|scope"
)
MOST = 80  # pages of a role, one of each kind
MOST_ROWS = 40


def spray(r: random.Random) -> None:
    for model in apps.get_models():
        if model._meta.app_label not in APPS or model.__name__.startswith("Historical"):
            continue
        rows = models.QuerySet(model)  # of Django itself: ours lets publishing alone write a text
        for column in filter(takes_words, model._meta.concrete_fields):
            for number in rows.exclude(**{column.name: ""}).values_list("pk", flat=True)[:MOST_ROWS]:
                rows.filter(pk=number).update(**{column.name: words_for(column, r)})


def takes_words(column: Any) -> bool:
    is_text = type(column) in (models.CharField, models.TextField)
    return is_text and not (column.choices or column.unique or WORDLESS.fullmatch(column.name))


def words_for(column: Any, r: random.Random) -> str:
    most = column.max_length or 400
    return r.choice([words for words in SPRAYED if len(words) <= most] or ["<b>"])


class Links(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "hx-get") and value and value.startswith(("/", "?")) and not value.startswith("//"):
                self.found.append(value)


def kind_of(address: str) -> str:
    path, _, query = address.partition("?")
    path = re.sub(r"/[a-z0-9]{15}(?=/|$)|/\d+(?=/|$)", "/N", path)
    path = re.sub(r"/(articles|categories|announcements)/[^/]+", r"/\1/S", path)
    return path + "?" + ",".join(sorted(part.partition("=")[0] for part in query.split("&")))


def pages(client: Client, start: list[str]) -> Iterator[tuple[str, str]]:
    waiting, known, read = list(start), set(start), 0
    seen: set[str] = set()
    while waiting and read < MOST:
        address = waiting.pop(0)
        if kind_of(address) in seen or re.search("logout|/static/|language=(?!en)", address):
            continue
        seen.add(kind_of(address))
        answer = client.get(address, follow=True)
        read += 1
        assert answer.status_code < 500, address
        if not answer.headers.get("Content-Type", "").startswith("text/html") or answer.streaming:
            continue
        page = answer.content.decode()
        yield address, page
        here = answer.request["PATH_INFO"]
        for link in Links(page).found:
            target = (here + link if link.startswith("?") else link).partition("#")[0]
            if target not in known:
                known.add(target)
                waiting.append(target)


@pytest.fixture
def site(ticket: Ticket, team_lead: User, administrator: User, trader: User, agent: User) -> None:
    call_command("drill_seed", "--json", stdout=StringIO())
    CategoryFactory(slug="top-evil", name_en="x", name_ja="y", description_en="z")
    AnnouncementFactory()
    MacroFactory(name="Refund", body_en="It is on its way.")
    SavedView.objects.create(name="Hers", query="view=all")
    replying.reply(ticket, "We found it.", by=agent)
    replying.write_note(ticket, "A note", by=agent)
    stored = {"stored_as": "tickets/zz/gone", "digest": "", "size": 3, "content_type": "image/png", "name": "a.png"}
    Attachment.objects.create(ticket=ticket, message=ticket.messages.earliest("pk"), uploaded_by=trader, **stored)
    spray(random.Random(5))
    for cache in caches.all():
        cache.clear()
    drawn.forget()


STARTS = {
    "administrator": ["/admin/", "/desk/", "/en/"],
    "team_lead": ["/desk/", "/desk/lead/", "/admin/"],
    "trader": ["/en/requests/", "/en/", "/en/account/"],
    "nobody": ["/en/", "/en/search/?q=<x-evil>", '/en/search/?q="><x-evil>', "/ja/", "/ar/"],
}


@pytest.mark.parametrize("role", STARTS)
def test_no_page_holds_markup_of_theirs(site: None, request: pytest.FixtureRequest, role: str) -> None:
    client = Client()
    if role != "nobody":
        client.force_login(request.getfixturevalue(role))
    read = dict(pages(client, STARTS[role]))
    assert sum("evil" in page for page in read.values()) > 10  # they were shown at all
    assert not {address: found for address, page in read.items() if (found := harm_in(page))}
