"""Filters say how many results are behind them, narrow together and can be lifted."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.helpcenter.factories import ArticleFactory, CategoryFactory
from tests.helpcenter.searching import found, refresh, write

pytestmark = pytest.mark.usefixtures("empty_index")


@pytest.fixture
def shelf(empty_index):
    """Wallets in two topics, one of them with a topic below it, of both kinds."""
    security = CategoryFactory(slug="security", name_en="Security")
    keys = CategoryFactory(slug="keys", name_en="Keys", parent=security)
    trading = CategoryFactory(slug="trading", name_en="Trading")
    for number in range(3):
        ArticleFactory(slug=f"faq-{number}", category=security, texts={"en": "wallet"})
    ArticleFactory(slug="guide", category=keys, guide=True, texts={"en": "wallet"})
    ArticleFactory(slug="trade", category=trading, texts={"en": "wallet"})
    refresh("en")


def chips(client, **query):
    """Label -> (count, whether it is chosen, address) of the filters on the page."""
    page = client.get("/en/search/", {"q": "wallet", **query}).content.decode()
    rows = re.findall(r'<a class="chip" href="([^"]+)"([^>]*)>(.+?) <span class="num">(\d+)</span>', page)
    labels = [re.sub(r"<[^>]*>", "", label) for _, _, label, _ in rows]
    values = [(int(count), "aria-current" in rest, url.replace("&amp;", "&")) for url, rest, _, count in rows]
    return dict(zip(labels, values, strict=True))


@pytest.mark.usefixtures("shelf")
def test_filters_show_how_many_results_are_behind_them(client):
    counts = {label: count for label, (count, *_) in chips(client).items()}
    assert counts == {"Question and answer": 4, "Step-by-step guide": 1, "Security": 4, "Trading": 1}


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize("label", ["Question and answer", "Step-by-step guide", "Security", "Trading"])
def test_behind_a_filter_are_as_many_results_as_it_says(client, label):
    count, _, address = chips(client)[label]
    data = client.get(f"/en/search/{address}&format=json").json()
    assert data["total"] == len(data["results"]) == count
    assert chips(client, **dict(part.split("=") for part in address[1:].split("&")))[label][1]


@pytest.mark.usefixtures("shelf")
def test_filters_narrow_together_and_can_be_lifted(client):
    assert found(client, "en", "wallet", kind="guide", category="security") == ["guide"]
    assert found(client, "en", "wallet", kind="guide", category="trading") == []
    page = client.get("/en/search/", {"q": "wallet", "kind": "guide", "category": "trading"})
    assert "No result matches these filters." in page.content.decode()
    _, chosen, address = chips(client, kind="guide")["Step-by-step guide"]
    assert chosen
    assert "kind" not in address


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize("more", ["profit & loss", "C#", "a+b", "50%25", '"<b>'])
def test_the_way_back_from_filters_asks_the_same(client, more):
    asked = {"q": f"wallet {more}", "kind": "guide", "category": "trading"}
    page = client.get("/en/search/", asked).content.decode()
    address = unescape(re.search(r'<a href="([^"]*)">Remove the filters</a>', page)[1])
    assert parse_qs(urlsplit(address).query) == {"q": [asked["q"]]}
    assert "#" not in address


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize(
    "query",
    [
        {"kind": "nonsense"},
        {"category": "nonsense"},
        {"language": "zz"},
        {"language": "xx"},
        {"page": "-1"},
        {"all": "2"},
    ]
    + [{"category": "<b>" * 50}, {"language": "\x00"}, {"category": "\x00"}, {"kind": "\x00"}, {"page": "9" * 500}],
)
def test_a_filter_that_does_not_exist_breaks_nothing(client, query):
    response = client.get("/en/search/", {"q": "wallet", **query})
    assert response.status_code == 200
    assert "<b><b>" not in response.content.decode()


def test_counts_by_language_appear_only_after_searching_all_languages(client):
    write("a", en="BTC\n-")
    write("b", ja="BTC\n-")
    refresh("en", "ja")
    assert "English" not in chips(client)
    page = client.get("/en/search/", {"q": "btc"}).content.decode()
    assert "Filter by language" not in page
    assert "Filter by language" in client.get("/en/search/", {"q": "btc", "all": "1"}).content.decode()


def test_a_language_can_be_chosen_among_all(client):
    write("a", en="BTC\n-")
    write("b", ja="BTC\n-")
    refresh("en", "ja")
    assert found(client, "en", "btc", code="ja") == ["b"]
    assert found(client, "en", "btc", code="en") == ["a"]
