"""Counting reads: one post of the page's script, summed per article, language and hour, joined with the search it
came from, and never with a person."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from helpcenter.actions import counting, publishing
from helpcenter.actions.counting import MOST_ROWS, READS_PER_HOUR
from helpcenter.models import AddressUse, Article, ReadCount, SearchLog
from helpcenter.views.articles import signer
from tests.helpcenter.dom import read
from tests.helpcenter.factories import ArticleFactory

pytestmark = pytest.mark.django_db

OURS = {"Sec-Fetch-Site": "same-origin"}
NOON = datetime(2026, 11, 21, 12, 20, tzinfo=UTC)


@pytest.fixture
def article():
    return ArticleFactory(slug="fees", texts={"en": "Text.", "zh-hans": "文。"})


def stamp_of(client, language="en", slug="fees"):
    return read(client, f"/{language}/articles/{slug}/").main["data-stamp"]


def beacon(client, stamp, query="", headers=OURS, address="203.0.113.7", language="en"):
    data = {"stamp": stamp, "query": query}
    return client.post(f"/{language}/beacon/", data, headers=headers, REMOTE_ADDR=address)


def counts():
    counting.reads.flush()
    rows = ReadCount.objects.order_by("hour", "article__slug", "language")
    return [(row.article.slug, row.language, row.hour.hour, row.count) for row in rows]


def test_the_page_says_where_its_reads_are_counted(client, article):
    main = read(client, "/ja/articles/fees/").main
    assert main["data-beacon"] == "/ja/beacon/"
    assert main["data-article"] == "fees"


def test_a_read_is_answered_with_nothing_and_kept_by_nobody(client, article):
    response = beacon(client, stamp_of(client))
    assert (response.status_code, response.content) == (204, b"")
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies
    assert "cookie" not in response.headers.get("Vary", "").lower()


def test_reads_are_summed_by_article_language_and_hour(client, article):
    ArticleFactory(slug="other", texts={"en": "Text."})
    with time_machine.travel(NOON, tick=False) as clock:
        for language, slug in (("en", "fees"), ("en", "fees"), ("zh-hans", "fees"), ("en", "other")):
            beacon(client, stamp_of(client, language, slug))
        assert counts() == [("fees", "en", 12, 2), ("fees", "zh-hans", 12, 1), ("other", "en", 12, 1)]
        beacon(client, stamp_of(client))
        clock.shift(timedelta(hours=1))
        beacon(client, stamp_of(client))
        assert counts()[0] == ("fees", "en", 12, 3)
        assert counts()[-1] == ("fees", "en", 13, 1)


@pytest.mark.parametrize(("asked", "counted"), [("ko", "en"), ("zh-hant", "zh-hans")])
def test_a_read_counts_for_the_language_that_was_shown(client, article, asked, counted):
    beacon(client, stamp_of(client, asked), language=asked)
    assert [language for _, language, _, _ in counts()] == [counted]


def test_reads_wait_in_memory_until_they_are_written_together(client, article, django_assert_num_queries):
    stamp = stamp_of(client)
    with django_assert_num_queries(0):
        for _ in range(20):
            beacon(client, stamp)
    assert not ReadCount.objects.exists()
    assert counts()[0][-1] == 20


def test_two_hundred_reads_are_written_without_waiting(client, article):
    stamp = stamp_of(client)
    for number in range(MOST_ROWS):
        beacon(client, stamp, address=f"203.0.113.{number % 250}")
    assert ReadCount.objects.get().count == MOST_ROWS


def test_what_a_crash_takes_with_it_is_missing_and_nothing_else(client, article):
    beacon(client, stamp_of(client))
    counting.reads.flush()
    beacon(client, stamp_of(client))
    counting.reads.drop()
    beacon(client, stamp_of(client))
    assert counts()[0][-1] == 2


# Where it comes from


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [({"Sec-Fetch-Site": "same-origin"}, True), ({"Origin": "http://testserver"}, True), ({}, False),
     ({"Sec-Fetch-Site": "cross-site"}, False), ({"Sec-Fetch-Site": "same-site"}, False),
     ({"Sec-Fetch-Site": "none", "Origin": "http://testserver"}, False), ({"Origin": "null"}, False),
     ({"Origin": "http://evil.example"}, False), ({"Origin": "http://["}, False)],
    ids=str,
)  # fmt: skip
def test_a_read_counts_only_from_our_own_pages(client, article, headers, allowed):
    response = beacon(client, stamp_of(client), headers=headers)
    assert response.status_code == (204 if allowed else 403)
    assert bool(counts()) is allowed


def test_a_signed_in_reader_needs_no_token_and_leaves_no_name(client, article, trader):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(trader)
    assert beacon(strict, stamp_of(strict)).status_code == 204
    counting.reads.flush()
    stored = json.dumps([list(ReadCount.objects.values()), list(AddressUse.objects.values())], default=str)
    assert str(trader.email) not in stored
    assert "203.0.113" not in stored


@pytest.mark.parametrize("method", ["get", "head", "put", "delete"])
def test_only_posts_count(client, method):
    assert getattr(client, method)("/en/beacon/", headers=OURS).status_code == 405


@pytest.mark.parametrize(
    "stamp", ["", "nonsense", "1:en:build", ":::", "\0", "x" * 10_000, "1:en:build:" + "A" * 43, "é"], ids=str
)
def test_a_stamp_that_we_did_not_sign_counts_nothing(client, article, stamp):
    assert beacon(client, stamp).status_code == 400
    assert counts() == []


def test_a_changed_stamp_counts_nothing(client, article):
    stamp = stamp_of(client)
    for changed in (stamp.replace(":en:", ":ja:"), "9" + stamp, stamp[:-1]):
        assert beacon(client, changed).status_code == 400
    assert counts() == []


def test_a_read_of_an_article_that_is_gone_takes_no_other_with_it(client, article):
    gone = ArticleFactory(slug="gone", texts={"en": "Text."})
    beacon(client, stamp_of(client))
    beacon(client, stamp_of(client, slug="gone"))
    beacon(client, signer.sign("999999:en:build"))
    publishing.archive(gone, by=None)
    assert ("fees", "en") in [row[:2] for row in counts()]
    assert not ReadCount.objects.exclude(article__in=Article.objects.reading([])).exists()


# Limits


def test_an_address_counts_three_hundred_times_an_hour(client, article):
    stamp = stamp_of(client)
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(READS_PER_HOUR + 120):
            assert beacon(client, stamp).status_code == 204
        beacon(client, stamp, address="203.0.113.8")
        assert counts() == [("fees", "en", 12, READS_PER_HOUR + 1)]
        clock.shift(timedelta(hours=1))
        beacon(client, stamp)
        assert counts()[-1] == ("fees", "en", 13, 1)


def test_the_limit_is_one_over_all_articles(client, article):
    ArticleFactory(slug="other", texts={"en": "Text."})
    with time_machine.travel(NOON, tick=False):
        for slug in ("fees", "other"):
            stamp = stamp_of(client, slug=slug)
            for _ in range(READS_PER_HOUR - 50):
                beacon(client, stamp)
        assert sum(row[-1] for row in counts()) == READS_PER_HOUR


def test_an_address_behind_no_trusted_proxy_cannot_change_by_saying_so(client, article):
    stamp = stamp_of(client)
    for number in range(3):
        beacon(client, stamp, headers={**OURS, "X-Forwarded-For": f"198.51.100.{number}"})
    counting.reads.flush()
    assert [row.count for row in AddressUse.objects.all()] == [3]


# The search that led there


def search(client, query="fees"):
    return read(client, f"/en/search/?q={query}").main["data-token"]


def test_a_read_from_a_search_is_noted_on_that_search(client, article):
    other, token = search(client, "other"), search(client)
    assert other != token
    beacon(client, stamp_of(client), query=token)
    counting.reads.flush()
    assert SearchLog.objects.get(token=token).clicked == article
    assert SearchLog.objects.get(token=other).clicked is None


def test_the_first_article_that_was_opened_stays_noted(client, article):
    second = ArticleFactory(slug="second", texts={"en": "Text."})
    token = search(client)
    for item in (article, second):
        beacon(client, stamp_of(client, slug=item.slug), query=token)
        counting.reads.flush()
    assert SearchLog.objects.get(token=token).clicked == article


@pytest.mark.both
@pytest.mark.parametrize("query", ["", "unknown", "x" * 5000, "' OR 1=1 --", "é强平", "a\0b", "\0", "%00"], ids=repr)
def test_no_query_costs_the_reads_of_others(client, article, query):
    beacon(client, stamp_of(client))
    assert beacon(client, stamp_of(client), query=query).status_code == 204
    beacon(client, stamp_of(client), address="203.0.113.8")
    assert counts()[0][-1] == 3
