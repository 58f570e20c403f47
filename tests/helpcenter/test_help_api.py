"""The help centre for programs: the same texts, fallbacks and search as the pages, kept as they are."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from helpcenter.actions import publishing
from helpcenter.models import Article, SearchLog, SlugRedirect
from tests.helpcenter.factories import (
    AnnouncementFactory,
    ArticleFactory,
    CategoryFactory,
    index_all,
    keep_fact,
    publish_text,
)
from tests.helpcenter.many import fill

pytestmark = pytest.mark.django_db


def get(client, path, **headers):
    return client.get(f"/api/v1/help/{path}", headers={name.replace("_", "-"): v for name, v in headers.items()})


def slugs(answer):
    return [item["slug"] for item in answer.json()["items"]]


def test_articles_are_listed_in_the_language_or_the_next_best_which_is_named(client):
    ArticleFactory(slug="both", texts={"en": "Text.", "ja": "文。"})
    ArticleFactory(slug="english", texts={"en": "Text."})
    ArticleFactory(slug="hidden", agents_only=True, texts={"en": "Text."})
    ArticleFactory(slug="draft")
    listed = get(client, "articles?language=ja").json()["items"]
    assert [(item["slug"], item["language"], item["is_fallback"]) for item in listed] == [
        ("both", "ja", False), ("english", "en", True),
    ]  # fmt: skip
    assert listed[0]["url"] == "http://testserver/ja/articles/both/"
    assert get(client, "articles", Accept_Language="ja").json()["items"] == listed


def test_a_language_that_nobody_knows_is_refused(client):
    for path in ("articles", "categories", "search?q=x", "announcements", "articles/x"):
        answer = get(client, f"{path}{'&' if '?' in path else '?'}language=tlh")
        assert (answer.status_code, answer.json()["field"]) == (422, "language")


def test_articles_are_paged_and_narrowed(client):
    top = CategoryFactory(slug="top")
    below = CategoryFactory(slug="below", parent=top)
    for number in range(5):
        ArticleFactory(slug=f"a{number}", category=below if number % 2 else top, texts={"en": "Text."})
    ArticleFactory(slug="guide", guide=True, texts={"en": "Text."})
    first = get(client, "articles?limit=4")
    assert slugs(first) == ["a0", "a1", "a2", "a3"]
    assert slugs(get(client, f"articles?limit=4&cursor={first.json()['next']}")) == ["a4", "guide"]
    assert slugs(get(client, "articles?category=below")) == ["a1", "a3"]
    assert len(slugs(get(client, "articles?category=top"))) == 5
    assert slugs(get(client, "articles?kind=guide")) == ["guide"]
    assert get(client, "articles?category=none").json()["field"] == "category"
    assert get(client, "articles?kind=none").status_code == 422
    assert get(client, "articles?limit=1000").status_code == 422


def test_an_article_is_read_with_links_that_hold_anywhere(client):
    ArticleFactory(slug="other", texts={"en": "Text."})
    ArticleFactory(slug="x", texts={"en": 'See [this](other.md) and `<a href="/x/">`.'})
    told = get(client, "articles/x?language=en").json()
    assert 'href="http://testserver/en/articles/other/"' in told["html"]
    assert told["languages"] == ["en"]
    assert told["title"] == "X (en)"


def test_facts_are_filled_in_for_the_region(client):
    from tests.helpcenter.factories import value

    keep_fact("btcusdt-perp.taker-fee", value("0.05"), value("0.07", region="eu"))
    ArticleFactory(slug="fees", texts={"en": "The fee is {fact:btcusdt-perp.taker-fee}."})
    assert "0.05%" in get(client, "articles/fees?language=en").json()["html"]
    assert "0.07%" in get(client, "articles/fees?language=en&region=eu").json()["html"]


def test_an_article_is_found_under_its_former_address_and_gone_ones_name_their_successor(client):
    item = ArticleFactory(slug="new", texts={"en": "Text."})
    SlugRedirect.objects.create(slug="old", article=item)
    assert get(client, "articles/old").json()["slug"] == "new"
    gone = ArticleFactory(slug="gone", texts={"en": "Text."}, successor=item)
    Article.objects.filter(pk=gone.pk).update(archived_at=timezone.now())
    answer = get(client, "articles/gone")
    assert (answer.status_code, answer.json()["successor"]) == (410, "new")
    assert answer["Cache-Control"] == "no-store"


def test_what_is_for_agents_or_unpublished_is_absent(client, agent):
    ArticleFactory(slug="hidden", agents_only=True, texts={"en": "Text."})
    ArticleFactory(slug="draft")
    client.force_login(agent, backend="supportdesk.accounts.backends.RightsBackend")
    absent = get(client, "articles/none")
    assert absent.status_code == 404
    for slug in ("hidden", "draft"):
        assert get(client, f"articles/{slug}").content == absent.content


def test_answers_are_kept_until_something_changes_and_set_no_cookie(client):
    item = ArticleFactory(slug="x", texts={"en": "Text."})
    first = get(client, "articles/x?language=en")
    assert first["Cache-Control"] == "public, max-age=0, s-maxage=2, stale-if-error=600"
    assert (first.cookies, first["Content-Language"]) == ({}, "en")
    assert "Cookie" not in first["Vary"]
    again = get(client, "articles/x?language=en", If_None_Match=first["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert get(client, "articles/x?language=ja", If_None_Match=first["ETag"]).status_code == 200
    publish_text(item, "en", "Another text.")
    assert get(client, "articles/x?language=en", If_None_Match=first["ETag"]).status_code == 200
    publishing.unpublish(item, "en", by=None)
    assert get(client, "articles/x?language=en", If_None_Match=first["ETag"]).status_code == 404


@pytest.mark.parametrize("header", ["If_None_Match", "If_Match"])
@pytest.mark.parametrize("tag", ["*", '"x"', "x", '"x", W/"y"', "\x7f"])
def test_conditions_on_what_is_absent_do_not_make_it_be_there(client, header, tag):
    assert get(client, "articles/none", **{header: tag}).status_code == 404


def test_head_is_answered_as_get_without_a_body(client):
    ArticleFactory(slug="x", texts={"en": "Text."})
    answer = client.head("/api/v1/help/articles/x")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["ETag"]


def test_categories_come_with_their_parents_first(client):
    top = CategoryFactory(slug="top", name_ja="上")
    ArticleFactory(category=CategoryFactory(slug="below", parent=top), texts={"en": "Text."})
    CategoryFactory(slug="empty")
    told = get(client, "categories?language=ja").json()
    assert [(node["slug"], node["parent"], node["articles"]) for node in told] == [
        ("top", None, 1),
        ("below", "top", 1),
    ]
    assert (told[0]["name"], told[0]["language"]) == ("上", "ja")


def test_search_is_that_of_the_pages(client):
    ArticleFactory(slug="withdrawals", texts={"en": "A withdrawal takes two hours."})
    ArticleFactory(slug="fees", texts={"en": "Fees of trading."})
    index_all("en")
    told = get(client, "search?q=withdrawal&language=en").json()
    page = client.get("/en/search/?q=withdrawal&format=json").json()
    assert [item["slug"] for item in told["items"]] == [item["slug"] for item in page["results"]] == ["withdrawals"]
    assert (told["total"], told["stage"]) == (page["total"], page["stage"])
    assert get(client, "search?q=withdrawal&offset=1").json()["items"] == []
    for query in ("", "?q=x&limit=51", "?q=x&offset=201", "?q=x&offset=99999999999999999999", "?q=" + "x" * 1001):
        assert get(client, f"search{query}").status_code == 422


def test_a_search_is_kept_by_nobody_and_logged_after_the_guard(client):
    from helpcenter.actions import counting

    answer = get(client, "search?q=" + "abandon+" * 11 + "about")
    assert answer["Cache-Control"] == "no-store"
    counting.searches.flush()
    assert "abandon abandon" not in SearchLog.objects.get().query


def test_announcements_are_listed_and_read(client):
    now = timezone.now()
    AnnouncementFactory(slug="old", published_at=now - timedelta(days=2), html_en='<p><a href="/en/x/">x</a></p>')
    AnnouncementFactory(slug="new", published_at=now - timedelta(days=1))
    AnnouncementFactory(slug="later", published_at=now + timedelta(days=1))
    first = get(client, "announcements?limit=1&language=ja")
    assert slugs(first) == ["new"]
    assert first.json()["items"][0]["is_fallback"] is True
    assert slugs(get(client, f"announcements?limit=1&language=ja&cursor={first.json()['next']}")) == ["old"]
    assert 'href="http://testserver/en/x/"' in get(client, "announcements/old").json()["html"]
    assert get(client, "announcements/later").status_code == 404


def test_thirty_articles_cost_as_much_as_three(client):
    topic = CategoryFactory(slug="topic")

    def cost(path):
        get(client, path)
        with CaptureQueriesContext(connection) as queries:
            assert get(client, path).status_code == 200
        return len(queries)

    paths = ("articles?limit=100", "articles?category=topic&limit=100", "categories", "articles/a-0000")
    fill(topic, 3)
    few = [cost(path) for path in paths]
    fill(topic, 27, prefix="b")
    assert [cost(path) for path in paths] == few
    assert max(few) <= 5
