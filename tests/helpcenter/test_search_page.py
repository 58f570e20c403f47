"""The page of results, and the same for scripts: ten at a time, each leading to its article."""

import re

import pytest
from django.utils.http import urlencode

from tests.helpcenter.factories import ArticleFactory, CategoryFactory
from tests.helpcenter.searching import fill, found, refresh, search_json, write

pytestmark = pytest.mark.usefixtures("empty_index")


# Ten at a time


def test_pages_hold_ten_and_together_everything_once(client):
    for number in range(23):
        write(f"a-{number}", en=f"Wallet {number}\n-")
    refresh("en")
    pages = [search_json(client, "en", "wallet", page=str(number)) for number in (1, 2, 3)]
    slugs = [row["slug"] for page in pages for row in page["results"]]
    assert [len(page["results"]) for page in pages] == [10, 10, 3]
    assert {page["total"] for page in pages} == {23}
    assert len(set(slugs)) == 23


def test_a_page_that_does_not_exist_is_the_nearest_one(client):
    for number in range(23):
        write(f"a-{number:02}", en=f"Wallet {number}\n-")
    refresh("en")
    pages = {number: found(client, "en", "wallet", page=str(number)) for number in (1, 3)}
    for asked, shown in (("99", 3), ("0", 1), ("-1", 1), ("two", 1), ("", 1), ("1e3", 1), ("²", 1), ("9" * 500, 1)):
        assert found(client, "en", "wallet", page=asked) == pages[shown], asked


def test_links_to_pages_keep_the_question_and_the_filters(client):
    for _ in range(12):
        ArticleFactory(guide=True, texts={"en": "wallet & key"})
    refresh("en")
    page = client.get("/en/search/", {"q": "wallet & key", "kind": "guide"}).content.decode()
    links = [link.replace("&amp;", "&") for link in re.findall(r'href="(\?[^"]*page=2[^"]*)"', page)]
    assert links
    assert len(client.get(f"/en/search/{links[0]}&format=json").json()["results"]) == 2


def test_a_search_costs_at_most_four_queries(client, django_assert_max_num_queries):
    for number in range(12):
        write(f"a-{number}", en=f"Wallet {number}\n-")
    write("only", en="Ledger\n-")
    refresh("en")
    for question in ("ledger", "wallet"):
        found(client, "en", question)  # warm
        with django_assert_max_num_queries(4):
            found(client, "en", question)


# What stands on it


def test_json_has_the_fields_that_scripts_rely_on(client):
    write("a", en="Wallet\nA wallet.")
    refresh("en")
    data = search_json(client, "en", "wallet")
    assert {"results", "total", "stage"} <= data.keys()
    assert data["results"] == [
        {
            "slug": "a",
            "title": "Wallet",
            "language": "en",
            "type": "faq",
            "url": "/en/articles/a/",
            "excerpt": "A <mark>wallet</mark>.",
        }
    ]
    assert (data["total"], data["stage"]) == (1, "all_words")


def test_every_result_leads_to_its_page(client):
    write("a", en="BTC\n-")
    write("b", ja="BTC\n-")
    fill("ko")
    refresh("en", "ja", "ko")
    rows = search_json(client, "ko", "btc")["results"]
    assert len(rows) == 2
    assert [client.get(row["url"]).status_code for row in rows] == [200, 200]


def test_results_are_private_fresh_and_not_for_robots(client):
    response = client.get("/en/search/", {"q": "x"})
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert not response.cookies


def test_the_question_stays_in_the_box(client):
    page = client.get("/en/search/", {"q": 'lost "keys" <now>'}).content.decode()
    assert 'value="lost &quot;keys&quot; &lt;now&gt;"' in page


@pytest.mark.parametrize("language", ["en", "zh-hans", "ja", "ko", "ar"])
def test_an_empty_site_answers_every_question(client, language):
    for built in (False, True):
        if built:
            refresh(language)
        for query in ("", "?q=", "?q=wallet", "?q=强平", "?page=3"):
            assert client.get(f"/{language}/search/{query}").status_code == 200


def test_a_language_of_the_interface_alone_searches_its_fallback(client):
    write("a", en="Wallet\n-")
    refresh("en")
    assert found(client, "xx", "wallet") == ["a"]


def test_nothing_found_offers_the_topics(client):
    CategoryFactory(slug="security", name_en="Security")
    write("a", en="Wallet\n-")
    refresh("en")
    page = client.get("/en/search/", {"q": "qqqqq"}).content.decode()
    assert "Nothing found" in page
    assert "/en/categories/" in page


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_a_search_is_only_read(client, method):
    assert getattr(client, method)("/en/search/").status_code == 405


def test_addresses_survive_a_question_of_any_characters(client):
    write("a", en="Wallet\n-")
    refresh("en", "ja")
    for question in ("wallet & key", "wallet#1", "wallet?x=1", "wallet+1", "ウォレット wallet"):
        page = client.get(f"/en/search/?{urlencode({'q': question})}").content.decode()
        assert page.count("<h1") == 1
