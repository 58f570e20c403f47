"""Hostile words in every text field of the desk: wherever they are shown, to staff or to readers, they stay words."""

import io
import re
from random import Random
from urllib.parse import urljoin, urlsplit

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.translation import override

from helpcenter import freshness
from helpcenter.actions import drafting, publishing
from helpcenter.enums import Standing
from helpcenter.models import (
    Article,
    Category,
    Feedback,
    SearchLog,
    TranslationState,
)
from supportdesk.outbox import delivery
from tests.helpcenter.admin_forms import article_form, change, listed, signed_in
from tests.helpcenter.factories import index_all
from tests.helpcenter.hostile import PAYLOADS, fill_in, harm_in
from tests.helpcenter.samples import encoded

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

ONCE = ("category", "tag", "synonym", "linkhost", "region", "factkind", "fact", "glossaryterm", "contract", "picture")
ONCE += ("popularsearch", "contenttask")
BODY = "\n\n".join(PAYLOADS)
UNSEEN = re.compile(r"/(?:logout|static|media|export)/|\.(?:css|js|webp|png|svg|ico|txt|xml|zip)$")


# The reading itself


@pytest.mark.parametrize("payload", [payload for payload in PAYLOADS if re.match("<(?!javascript)", payload)])
def test_what_comes_out_as_it_went_in_is_seen(payload):
    assert harm_in(f"<p>{payload}</p>")


@pytest.mark.parametrize("page", ['<input value="&quot; onfocus=evil()">', "<p>&lt;script&gt;evil()</p>", "<a href=#>"])
def test_words_are_no_harm(page):
    assert harm_in(page) == []


# Posting it everywhere


@pytest.fixture
def desk(administrator) -> Client:
    return signed_in(administrator)


def test_every_form_of_the_desk_that_takes_words_is_filled_in_here():
    own = {model._meta.model_name for model in admin.site._registry if model._meta.app_label == "helpcenter"}
    without_words = {"sitelanguage", "checkinterval", "teammember"}  # codes, numbers and choices alone
    read_only = {"revision", "translationstate", "feedback", "searchlog", "contentevent", "memorysegment"}
    elsewhere = {"article", "announcement", "finding"}
    assert own == {*ONCE, *without_words, *read_only, *elsewhere}


def rows(client: Client, random: Random) -> list[str]:
    """A row of each kind that has a form in the admin."""
    pages = []
    for model in ONCE:
        pages += fill_in(client, reverse(f"admin:helpcenter_{model}_add"), random)
    pages += fill_in(client, reverse("admin:helpcenter_announcement_add"), random, kind="incident", is_band="on")
    return pages


def article(client: Client, random: Random) -> list[str]:
    """An article that is public in two languages, with a draft, a private draft and a talk behind it."""
    short, other = random.sample([payload for payload in PAYLOADS if len(payload) < 100 and "\n" not in payload], 2)
    own = {
        "text_title": short,
        "text_summary": other,
        "text_body": BODY,
        "note": short,
        "category": Category.objects.get().pk,
    }
    answer = client.post(reverse("admin:helpcenter_article_add"), {**article_form(), **own, "_publish": "1"})
    assert answer.status_code == 302, answer.context["errors"]
    found = Article.objects.reading([]).get(slug="mark-price")
    translate = reverse("admin:helpcenter_article_translate", args=[found.pk, "ja"])
    page = client.get(translate)
    rows = {f"{name}:{row.row.id}": short for row in page.context["rows"] for name in ("heading", "text")}
    seen = {"seen": page.context["seen"], "source": page.context["source_seen"], "earlier": ""}
    pages = [page, client.post(translate, {**seen, **rows, "_save": ""})]
    japanese = drafting.save_revision(found, "ja", drafting.Text(short, BODY, other), by=None)
    publishing.publish(japanese, by=None)
    pages += talk(client, found, {**article_form(found), **own, "text_body": BODY + "\n\nMore."}, random)
    client.post(
        reverse("admin:helpcenter_article_draft", args=[found.pk, "en"]),
        {"text_title": other, "text_summary": short, "text_body": BODY[::-1] + BODY, "note": other, "seen": "2"},
    )
    return [page.content.decode() for page in pages]


def talk(client: Client, found: Article, form: dict[str, object], random: Random):
    """Send a text for review, say something about it, and refuse it."""
    said = random.choice(PAYLOADS)
    yield client.post(change("article", found.pk), {**form, "_submit": "1", "review_note": said})
    review = reverse("admin:helpcenter_article_review", args=[found.pk, "en"])
    latest = TranslationState.objects.get(article=found, language="en").latest
    for text in random.sample(PAYLOADS, 3):
        yield client.post(review, {"_comment": "1", "seen": latest.number, "part": "", "text": text})
    yield client.post(review, {"_reject": "1", "seen": latest.number, "decision_note": said})
    assert TranslationState.objects.get(article=found, language="en").standing == Standing.REJECTED


def tools(client: Client, random: Random) -> list[str]:
    """What is typed or sent elsewhere: tables, files of translators, pictures, searches, words to be replaced."""
    payload = random.choice([p for p in PAYLOADS if "\n" not in p])
    found = []
    replace = {"words": "evil", "by": payload, "languages": ["en", "ja"], "significance": "minor", "note": payload}
    found.append(client.post(reverse("admin:helpcenter_article_replace"), replace))
    for name in (payload.replace("/", "") + ".xlf", "a.po", "a.zip"):
        for data in (payload.encode(), f'<?xml version="1.0"?><xliff version="2.0"><file id="{payload}">'.encode()):
            found.append(client.post(reverse("admin:helpcenter_article_exchange"), {"file": named(data, name)}))
    for model, head in TABLES.items():
        cell = payload.replace('"', '""')
        table = head + "\n" + ",".join([f'"{cell}"'] * (head.count(",") + 1))
        found.append(
            client.post(reverse(f"admin:helpcenter_{model}_import"), {"sources": named(table.encode(), "<x-evil>.csv")})
        )
        unknown = named(f'"{cell}",b\n1,2'.encode(), "x.csv")
        found.append(client.post(reverse(f"admin:helpcenter_{model}_import"), {"sources": unknown}))
    sent = client.post(
        reverse("admin:helpcenter_article_pictures"),
        {"file": named(encoded("PNG"), payload), "language": "en", "description": payload, "name": payload},
    )
    looked_at = {"title": payload, "summary": payload, "language": "en"}
    body = f"{sent.json().get('markdown', '')}\n\n{BODY}"
    tried = client.post(reverse("admin:helpcenter_article_try"), {**looked_at, "body": body}).json()
    client.post(reverse("admin:helpcenter_desk_search"), {"language": "en", "query": payload[:200], "act": "task"})
    return [*(answer.content.decode() for answer in found), tried["page"]]


TABLES = {
    "category": "slug,name_en",
    "glossaryterm": "key,en",
    "synonym": "language,words",
    "fact": "key,value,effective_from",
}


def named(data: bytes, name: str) -> io.BytesIO:
    file = io.BytesIO(data)
    file.name = name
    return file


def readers(random: Random) -> None:
    """What readers leave behind."""
    found = Article.objects.reading([]).get(slug="mark-price")
    for payload in random.sample(PAYLOADS, 5):
        own = {"article": found, "language": "en", "helpful": False, "reason": "hard", "day": timezone.now().date()}
        Feedback.objects.create(comment=payload, address_hash=payload[:10], **own)
        for _ in range(3):
            SearchLog.objects.create(token="t", query=payload[:200], language="en", hits=0, stage="nothing")


# Looking at it


def crawl(client: Client, *starts: str, most: int = 400) -> dict[str, str]:
    """Every page that links lead to from these, each path once: address -> page."""
    pages: dict[str, str] = {}
    waiting, known = list(starts), {urlsplit(start).path for start in starts}
    while waiting and len(pages) < most:
        url = waiting.pop(0)
        answer = client.get(url, follow=True)
        assert answer.status_code in (200, 404), (url, answer.status_code)
        if not answer.headers["Content-Type"].startswith("text/html"):
            continue
        pages[url] = answer.content.decode()
        for href in re.findall(r'<a\b[^>]*\shref="([^"]+)"', pages[url]):
            link = urlsplit(urljoin(url, href.replace("&amp;", "&")))
            if link.netloc in ("", "testserver") and link.path not in known and screen_of(link.path):
                known.add(link.path)
                waiting.append(link.path + (f"?{link.query}" if link.query else ""))
    return pages


SHOWN_TO_STAFF = {f"{model}_{page}" for model in ONCE for page in ("changelist", "change", "history")}
SHOWN_TO_STAFF |= {
    f"article_{tool}" for tool in ("change", "preview", "review", "texts", "translate", "used", "feedback")
}
SHOWN_TO_STAFF |= {
    f"article_{tool}" for tool in ("broken_links", "calendar", "exchange", "waiting", "archive", "unpublish")
}
SHOWN_TO_STAFF |= {"announcement_change", "finding_changelist", "revision_change", "memorysegment_changelist", "desk"}
SHOWN_TO_STAFF |= {
    "index",
    "notices",
    "translation_work",
    "contentevent_changelist",
    "feedback_change",
    "searchlog_change",
}
SHOWN_TO_READERS = {"home", "category", "article", "changes", "announcements", "announcement", "glossary", "search"}


def screen_of(url: str) -> str:
    """The name of the screen of an address; empty for what is none, or is of a language in which nothing was typed."""
    path = urlsplit(url).path
    language = path.split("/")[1]
    try:
        with override(language if language in ("en", "ja") else "en"):
            return "" if UNSEEN.search(path) else resolve(path).url_name or ""
    except Resolver404:
        return ""


@pytest.mark.parametrize("seed", [1, 2])
def test_no_field_of_any_screen_brings_markup_to_any_page(desk, client, administrator, seed):
    random = Random(seed)
    pages = rows(desk, random) + article(desk, random) + tools(desk, random)
    readers(random)
    while delivery.deliver_due():
        pass
    index_all("en", "ja")
    freshness.forget()
    lists = [listed(model) for model in ("article", "announcement", "finding", "revision", *ONCE)]
    shown = crawl(desk, "/admin/", *lists)
    public = crawl(client, "/en/", "/ja/", "/en/search/?q=evil", "/ja/search/?q=evil")
    assert {screen_of(url).removeprefix("helpcenter_") for url in shown} >= SHOWN_TO_STAFF
    assert {screen_of(url) for url in public} >= SHOWN_TO_READERS
    assert "evil" in public["/en/search/?q=evil"]
    found = {url: harm for url, page in [*shown.items(), *public.items()] if (harm := harm_in(page))}
    assert found == {}
    assert [harm for page in pages if (harm := harm_in(page))] == []
