"""The sitemap: every public page in every language in which it is really published, and nothing else."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from helpcenter import freshness
from helpcenter.actions import publishing
from helpcenter.models import SiteLanguage
from helpcenter.views import page_cache
from tests.helpcenter.dom import TAGS, TWELVE, path_of, read
from tests.helpcenter.factories import AnnouncementFactory, ArticleFactory, CategoryFactory, save_text
from tests.helpcenter.many import fill

pytestmark = pytest.mark.django_db

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"


def fetch(client, path="/sitemap.xml", **extra):
    response = client.get(path, **extra)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/xml")
    return ElementTree.fromstring(response.content)  # noqa: S314 - our own file


def entries(client, path="/sitemap.xml"):
    """Path -> (alternates by tag, time of the last change)."""
    found = {}
    for url in fetch(client, path).findall(f"{MAP}url"):
        alternates = {link.get("hreflang"): path_of(link.get("href") or "") for link in url.findall(LINK)}
        address = path_of(url.findtext(f"{MAP}loc") or "")
        assert address not in found, f"{address} is named twice"
        found[address] = (alternates, url.findtext(f"{MAP}lastmod"))
    return found


def of(found, slug):
    return {path for path in found if f"/{slug}/" in path}


def switch_off(*codes):
    SiteLanguage.objects.filter(code__in=codes).update(is_public=False)
    freshness.bump()


def test_an_empty_site_has_its_front_page_and_its_announcements_in_every_language(client):
    found = entries(client)
    assert {f"/{code}/" for code in TWELVE} <= set(found)
    assert of(found, "articles") == set()


def test_an_article_is_named_in_its_published_languages_with_each_other_as_alternates(client):
    ArticleFactory(slug="fees", texts={"en": "Text.", "zh-hans": "文。", "pt-br": "Texto.", "ar": "نص."})
    found = entries(client)
    expected = {TAGS[code]: f"/{code}/articles/fees/" for code in ("en", "zh-hans", "pt-br", "ar")}
    assert of(found, "fees") == set(expected.values())
    for address in expected.values():
        assert found[address][0] == expected


def test_alternates_are_those_of_the_page_itself(client):
    ArticleFactory(slug="fees", texts={"en": "Text.", "ja": "本文。"})
    AnnouncementFactory(slug="news", title_ko="소식", published_at=timezone.now() - timedelta(hours=1))
    found = entries(client)
    for address in of(found, "fees") | of(found, "news"):
        page = read(client, address)
        assert page.canonical == address
        assert page.alternates == found[address][0]


def test_every_address_of_the_sitemap_answers(client):
    topic = CategoryFactory(slug="topic")
    ArticleFactory(slug="a", category=topic, texts=dict.fromkeys(TWELVE, "Text."))
    AnnouncementFactory(slug="news", published_at=timezone.now() - timedelta(hours=1))
    found = entries(client)
    assert len(found) >= 3 * len(TWELVE)
    assert {address: client.get(address).status_code for address in found} == dict.fromkeys(found, 200)


@pytest.mark.parametrize("hidden", ["agents", "draft", "archived", "unpublished"])
def test_what_readers_may_not_read_is_not_named(client, hidden):
    item = ArticleFactory(slug="unseen", category=CategoryFactory(slug="unseen-topic"), agents_only=hidden == "agents")
    revision = save_text(item, "en", "Text.")
    if hidden != "draft":
        publishing.publish(revision, by=None)
    if hidden == "archived":
        publishing.archive(item, by=None)
    if hidden == "unpublished":
        publishing.unpublish(item, "en", by=None)
    assert "unseen" not in client.get("/sitemap.xml").content.decode()


@pytest.mark.parametrize("published_at", [None, datetime(2099, 1, 1, tzinfo=UTC)])
def test_an_announcement_is_not_named_before_its_time(client, published_at):
    AnnouncementFactory(slug="later", published_at=published_at)
    assert "later" not in client.get("/sitemap.xml").content.decode()


def test_a_language_that_is_switched_off_is_named_nowhere(client):
    CategoryFactory(slug="topic")
    ArticleFactory(slug="fees", texts={"en": "Text.", "ko": "글."})
    switch_off("ko")
    assert "/ko/" not in client.get("/sitemap.xml").content.decode()
    assert of(entries(client), "fees") == {"/en/articles/fees/"}


def test_the_time_of_the_last_change_is_that_of_the_published_text(client):
    item = ArticleFactory(slug="fees")
    publishing.publish(save_text(item, "en", "Text."), by=None, at=datetime(2026, 11, 14, 9, tzinfo=UTC))
    save_text(item, "en", "A draft.")
    assert (entries(client)["/en/articles/fees/"][1] or "").startswith("2026-11-14")


def test_there_are_no_cookies_and_what_is_taken_back_leaves_it_as_it_leaves_the_pages(client):
    response = client.get("/sitemap.xml")
    assert not response.cookies
    assert "cookie" not in response.headers.get("Vary", "").lower()
    assert response["Cache-Control"] == page_cache.FRESH


@pytest.mark.parametrize("path", ["-nothing.xml", ".xml?p=9", ".xml?p=abc", ".xml?p=-1", "-articles.xml?p=0"])
def test_parts_that_do_not_exist_are_not_found(client, path):
    assert client.get(f"/sitemap{path}").status_code == 404


def test_the_cost_does_not_grow_with_the_number_of_articles(client):
    counts = []
    for number in (3, 27):
        fill(CategoryFactory(), number, prefix=f"a{number}")
        client.get("/sitemap.xml")
        with CaptureQueriesContext(connection) as queries:
            client.get("/sitemap.xml")
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.fixture
def large():
    """Two hundred articles in twelve languages: more addresses than one file may well hold."""
    fill(CategoryFactory(), 200, *TWELVE)


def test_a_large_site_has_an_index_whose_parts_name_every_page_once(client, large):
    root = fetch(client)
    assert root.tag == f"{MAP}sitemapindex"
    parts = [path_of(part.findtext(f"{MAP}loc") or "") for part in root.findall(f"{MAP}sitemap")]
    assert len(parts) == len(set(parts)) >= 4
    named = [address for part in parts for address in entries(client, part)]
    assert len(named) == len(set(named))
    assert len([address for address in named if "/articles/a-" in address]) == 200 * 12


def test_the_index_names_the_address_of_the_site_whatever_host_was_asked(client, large):
    root = fetch(client, headers={"Host": "localhost"})
    for part in root.findall(f"{MAP}sitemap"):
        assert (part.findtext(f"{MAP}loc") or "").startswith("http://testserver/sitemap-")
