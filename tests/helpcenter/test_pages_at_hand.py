"""A page that was answered a moment ago is answered again before session, language and messages are asked."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from helpcenter.views import page_cache
from tests.helpcenter.factories import AnnouncementFactory, ArticleFactory, CategoryFactory, publish_text

pytestmark = pytest.mark.django_db

PAGES = ("", "categories/topic/", "articles/x/", "announcements/", "announcements/news/")


@pytest.fixture
def content(db):
    AnnouncementFactory(slug="news", published_at=timezone.now() - timedelta(hours=1))
    return ArticleFactory(slug="x", category=CategoryFactory(slug="topic"), texts={"en": "Old words."})


@pytest.fixture
def views(monkeypatch):
    """How often a page has gone the long way."""
    asked = []
    long_way = page_cache._name
    monkeypatch.setattr(page_cache, "_name", lambda *args: asked.append(args) or long_way(*args))
    return asked


@pytest.mark.parametrize("language", ["en", "ar", "zh-hant"])
@pytest.mark.parametrize("path", PAGES)
def test_the_second_answer_is_the_first_one(client, content, views, language, path):
    first, second = (client.get(f"/{language}/{path}") for _ in range(2))
    assert len(views) == 1
    assert second.content == first.content
    assert dict(second.headers) == dict(first.headers)


def test_a_page_at_hand_asks_the_database_nothing(client, content):
    client.get("/en/articles/x/")
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/en/articles/x/").status_code == 200
    assert not queries.captured_queries


def test_readers_who_have_it_are_told_so_with_the_same_headers(client, content, views):
    first = client.get("/en/articles/x/")
    again = client.get("/en/articles/x/", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content, len(views)) == (304, b"", 1)
    assert {name: again.headers[name] for name in again.headers} == {
        name: value for name, value in first.headers.items() if name in again.headers
    }


def test_each_reader_gets_what_the_reader_can_unpack(client, content):
    packed = client.get("/en/articles/x/", headers={"Accept-Encoding": "gzip"})
    plain = client.get("/en/articles/x/")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert b"Old words." in plain.content


def test_a_new_text_is_shown_at_once(client, content):
    client.get("/en/articles/x/")
    publish_text(content, "en", "New words.")
    assert "New words." in client.get("/en/articles/x/").content.decode()


def test_another_program_draws_its_own(client, content, views, monkeypatch):
    client.get("/en/articles/x/")
    monkeypatch.setattr(page_cache, "build_id", lambda: "next")
    client.get("/en/articles/x/")
    assert len(views) == 2


def test_addresses_with_a_query_go_the_long_way(client, content, views):
    for _ in range(2):
        client.get("/en/articles/x/?off=th")
    assert len(views) == 2


def test_a_name_that_is_not_ours_is_refused(client, content):
    client.get("/en/articles/x/")
    assert client.get("/en/articles/x/", headers={"Host": "evil.example"}).status_code == 400


def test_other_methods_are_refused_as_before(client, content):
    client.get("/en/articles/x/")
    assert client.post("/en/articles/x/").status_code == 405
    assert client.head("/en/articles/x/").status_code == 200


def test_what_agents_may_read_is_never_laid_by(client, agent):
    ArticleFactory(slug="inside", agents_only=True, texts={"en": "For agents."})
    client.force_login(agent)
    assert client.get("/en/articles/inside/").status_code == 200
    client.logout()
    assert client.get("/en/articles/inside/").status_code == 404


def test_something_else_in_the_cache_is_no_page(client, content):
    client.get("/en/articles/x/")
    for key in list(caches["pages"]._cache):
        caches["pages"]._cache[key] = b"\x80\x04N."  # None
    assert client.get("/en/articles/x/").status_code == 200
