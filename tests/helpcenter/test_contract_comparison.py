"""All contracts side by side."""

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from helpcenter import freshness
from tests.helpcenter.contracts import INVERSE, PERPETUAL, make_contract, rows_of, write_facts
from tests.helpcenter.dom import TWELVE, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def facts(db):
    write_facts(*rows_of("btcusdt-perp", PERPETUAL), *rows_of("btcusd-perp", INVERSE))


def rows(page):
    """Symbol -> the words of the other cells."""
    lines = page.one("tbody").all("tr")
    return {line.one("th").words: [cell.words for cell in line.all("td")] for line in lines}


def test_every_listed_contract_has_its_figures(client, facts):
    make_contract("btcusdt-perp")
    make_contract("btcusd-perp", texts={})
    make_contract("solusdt-perp", texts={}, is_listed=False)
    page = read(client, "/en/contracts/")
    assert rows(page) == {
        "BTCUSD-PERP": [
            "Inverse",
            "BTC",
            "None: perpetual",
            "1 USD",
            "0.5 USD",
            "1",
            "100x",
            "0.50%",
            "0.020%",
            "0.050%",
        ],
        "BTCUSDT-PERP": [
            *("Linear", "USDT", "None: perpetual", "1 BTC", "0.1 USDT", "0.001", "100x", "0.50%", "0.020%", "0.050%")
        ],
    }


def test_a_contract_links_to_its_page_where_there_is_one(client, facts):
    make_contract("btcusdt-perp")
    make_contract("btcusd-perp", texts={})
    links = [link["href"] for link in read(client, "/en/contracts/").one("tbody").all("a")]
    assert links == ["/en/articles/btcusdt-perp/"]


def test_a_contract_with_a_missing_figure_makes_nothing_up(client, facts):
    make_contract("ethusdt-26mar27", texts={}, expires_at="2027-03-26T08:00:00Z")
    cells = rows(read(client, "/en/contracts/"))["ETHUSDT-26MAR27"]
    assert cells[2:] == ["26 March 2027, 08:00", "A figure of this contract is being checked."]


@pytest.mark.parametrize("language", TWELVE)
def test_figures_are_written_as_the_language_writes_them(client, facts, language):
    make_contract("btcusdt-perp")
    rate = {"ru": "0,50%", "fr": "0,50\u00a0%", "es": "0.50\u00a0%", "pt-br": "0,50%", "tr": "%0,50"}
    page = read(client, f"/{language}/contracts/")
    assert f">{rate.get(language, '0.50%')}</bdi>" in page.html


def test_without_contracts_the_page_says_so(client):
    assert "No contracts are listed" in read(client, "/en/contracts/").main.words


def test_the_specification_leads_to_the_comparison(client, facts):
    make_contract("btcusdt-perp")
    assert "/en/contracts/" in read(client, "/en/articles/btcusdt-perp/").links()


def test_thirty_contracts_cost_what_three_cost(client, facts):
    counted = []
    for first, last in ((0, 3), (3, 30)):
        for number in range(first, last):
            make_contract(f"c{number}usdt-perp", texts={})
        freshness.reset()
        caches["pages"].clear()
        with CaptureQueriesContext(connection) as queries:
            read(client, "/en/contracts/")
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 5
