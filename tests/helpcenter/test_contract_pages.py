"""A specification page with its worked examples, and the calculator that stands behind it."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from html import escape
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import time_machine
from django.core.cache import caches
from django.utils import timezone

from helpcenter import freshness
from helpcenter.actions import publishing
from helpcenter.actions.folder_import import FolderImport
from helpcenter.models import Article, Contract, SiteLanguage
from tests.helpcenter.contracts import INVERSE, PERPETUAL, make_contract, rows_of, write_facts
from tests.helpcenter.dom import TAGS, TWELVE, read
from tests.helpcenter.factories import ArticleFactory
from tests.helpcenter.samples import write_folder
from tests.helpcenter.test_contract_numbers import HOSTILE

pytestmark = pytest.mark.django_db

PAGE = "articles/btcusdt-perp/"
CALCULATOR = f"{PAGE}calculator/"
LONG = {"side": "long", "entry": "60000", "size": "0.5", "leverage": "10"}


@pytest.fixture(scope="module")
def written(module_rows):
    with module_rows():
        write_facts(*rows_of("btcusdt-perp", PERPETUAL), *rows_of("btcusd-perp", INVERSE))
        return make_contract()


@pytest.fixture
def contract(written, db):
    return deepcopy(written)


@pytest.fixture
def facts(written, db):
    """The facts alone, for a test that makes a contract of its own; `write_facts` puts others in their place. No page
    of the contract that others share is left under its address."""
    Contract.objects.all().delete()
    Article.objects.update(slug="of-another-contract")
    freshness.forget()


def calculate(client, language="en", slug="btcusdt-perp", **typed):
    return read(client, f"/{language}/articles/{slug}/calculator/?{urlencode(LONG | typed)}")


def results(page):
    """Name of the result -> formula, numbers put in, result, as one is shown."""
    found = {}
    for row in page.all("div", data_result=True):
        found[row["data-result"]] = [bdi.words for bdi in row.all("bdi")]
    return found


def errors(page):
    """Field -> message beside it."""
    return {
        message["id"].removeprefix("page_").removesuffix("_error"): message.words
        for message in page.all("p", class_="err-msg")
    }


# The specification


def test_a_specification_shows_examples_of_both_sides_worked_out(client, contract):
    page = read(client, f"/en/{PAGE}")
    first, second = page.one("section", class_="examples").all("dl", class_="working")
    values = {row["data-result"]: row.all("bdi")[-1].words for row in first.all("div", data_result=True)}
    assert values["liquidation"] == "54,271.4 USDT"
    assert values["margin"] == "3,000.00 USDT"
    assert values["funding_paid"] == "3.00 USDT"
    assert {row["data-result"] for row in second.all("div", data_result=True)} == {
        "liquidation",
        "bankruptcy",
        "break_even",
        "funding_received",
        "profit",
        "net",
    }
    assert "60,000 × (1 − 1 ÷ 10) ÷ (1 − 0.50%)" in first.words


def test_an_inverse_contract_settles_in_its_coin(client, facts):
    make_contract("btcusd-perp")
    words = read(client, "/en/articles/btcusd-perp/").one("section", class_="examples").words
    assert "0.5000 BTC" in words
    assert "54,818.5 USD" in words
    assert "USDT" not in words


def test_a_dated_contract_has_no_funding(client, facts):
    dated = {kind: value for kind, value in PERPETUAL.items() if not kind.startswith("funding")}
    write_facts(*rows_of("btcusdt-26mar27", dated))
    make_contract("btcusdt-26mar27", expires_at=timezone.now() + timedelta(days=90))
    page = read(client, "/en/articles/btcusdt-26mar27/")
    assert "Funding rate" not in page.one("section", class_="examples").words
    assert read(client, "/en/articles/btcusdt-26mar27/calculator/").all("input", name="rate") == []


def test_the_examples_say_where_their_figures_come_from_and_since_when(client, contract):
    words = read(client, f"/en/{PAGE}").one("section", class_="examples").words
    assert "Figures unchanged since 1 January 2026, 00:00 UTC" in words
    assert "Source: https://northgate.example/rules" in words


def test_the_link_to_the_calculator_gives_the_example_again(client, contract):
    page = read(client, f"/en/{PAGE}")
    link = next(href for href in page.links() if "/calculator/" in href)
    shown = page.one("section", class_="examples").all("dl", class_="working")[0]
    again = read(client, link)
    assert errors(again) == {}
    assert [dd.words for dd in again.all("dd", class_="num")] == [dd.words for dd in shown.all("dd", class_="num")]


def test_where_a_figure_is_missing_the_text_stays_and_nothing_is_made_up(client, facts):
    write_facts(*(row for row in rows_of("btcusdt-perp", PERPETUAL) if "taker" not in row))
    make_contract()
    page = read(client, f"/en/{PAGE}")
    assert "About the contract." in page.words
    assert page.all("dl", class_="working") == []
    assert "a figure of this contract is being checked" in page.words
    calculator = read(client, f"/en/{CALCULATOR}?{urlencode(LONG)}")
    assert "a figure of this contract is being checked" in calculator.words
    assert calculator.all("form", class_="calc") == []


def test_a_specification_without_a_contract_is_an_article(client, facts):
    ArticleFactory(slug="btcusdt-perp", kind="contract", texts={"en": "Text."})
    assert read(client, f"/en/{PAGE}").all("section", class_="examples") == []


def test_a_file_of_type_contract_becomes_a_specification(client, facts, tmp_path):
    make_contract(texts={})
    source = (
        '---\ntitle: "BTCUSDT-PERP"\nslug: btcusdt-perp\nlang: en\ncategory: contracts\ntype: contract\n---\n\nText.\n'
    )
    report = FolderImport(write_folder(tmp_path / "help", {"en/btcusdt-perp.md": source}), publish=True).run()
    assert report.errors == []
    freshness.forget()
    assert read(client, f"/en/{PAGE}").all("section", class_="examples")


def test_an_article_of_another_kind_has_no_examples(client, contract):
    ArticleFactory(slug="fees", texts={"en": "Text."})
    assert read(client, "/en/articles/fees/").all("section", class_="examples") == []


def test_a_contract_that_is_not_listed_has_neither_examples_nor_a_calculator(client, facts):
    make_contract(is_listed=False)
    assert read(client, f"/en/{PAGE}").all("section", class_="examples") == []
    assert client.get(f"/en/{CALCULATOR}").status_code == 404


def test_a_specification_asks_the_database_for_one_thing_more_than_an_article(
    client, contract, django_assert_max_num_queries
):
    freshness.reset()
    caches["pages"].clear()
    with django_assert_max_num_queries(6):
        read(client, f"/en/{PAGE}")


# The calculator


@pytest.mark.parametrize("language", TWELVE)
def test_the_calculator_calculates_in_every_language_with_its_numbers(client, contract, language):
    page = calculate(client, language, exit="60600", rate="0.01")
    assert page.one("html")["lang"] == TAGS[language]
    grouped = {"ru": "54\u00a0271,4", "fr": "54\u202f271,4", "pt-br": "54.271,4", "tr": "54.271,4"}
    assert grouped.get(language, "54,271.4") + " USDT" in page.html
    assert len(results(page)) == 10
    assert errors(page) == {}


@pytest.mark.parametrize("language", TWELVE)
def test_formulas_and_numbers_run_from_left_to_right(client, contract, language):
    for row in calculate(client, language).all("div", data_result=True):
        assert {bdi["dir"] for bdi in row.all("bdi")} == {"ltr"}


def test_every_result_shows_its_formula_and_the_numbers(client, contract):
    found = results(calculate(client))
    assert found["liquidation"] == ["E × (1 − 1 ÷ L) ÷ (1 − m)", "60,000 × (1 − 1 ÷ 10) ÷ (1 − 0.50%)", "54,271.4 USDT"]
    assert set(found) == {"value", "margin", "liquidation", "bankruptcy", "fee", "break_even"}


def test_every_letter_of_the_formulas_is_explained(client, contract):
    page = calculate(client, exit="61000", rate="-0.01")
    letters = {dt.words for dt in page.one("dl", class_="legend").all("dt")}
    used = {sign for found in results(page).values() for sign in found[0] if sign.isalpha()}
    assert used == letters


def test_the_same_address_says_the_same_in_every_language(client, contract):
    shown = {
        language: [value[-1] for value in results(calculate(client, language, entry="60000,5")).values()]
        for language in ("en", "ja", "ar")
    }
    assert shown["en"] == shown["ja"] == shown["ar"]


def test_numbers_of_other_scripts_are_read(client, contract):
    for entry in ("٦٠٠٠٠", "６００００", "60 000", "60.000,0", "60,000.0"):
        assert results(calculate(client, entry=entry))["liquidation"][-1] == "54,271.4 USDT"


def test_the_calculator_says_when_and_from_which_figures_it_calculated(client, contract):
    with time_machine.travel(datetime(2026, 11, 22, 6, 5, tzinfo=UTC), tick=False):
        words = calculate(client).words
    assert "Figures in force on 22 November 2026, 06:05 UTC" in words
    assert "Source: https://northgate.example/rules" in words
    assert "Liquidation starts where the margin of the position plus its profit or loss" in words


def test_a_figure_changes_at_its_second(client, facts):
    rows = [row for row in rows_of("btcusdt-perp", PERPETUAL) if "taker-fee" not in row]
    rows += [
        "btcusdt-perp.taker-fee,,0.05,percent,2026-01-01T00:00:00Z,2026-12-01T00:00:00Z,a,",
        "btcusdt-perp.taker-fee,,0.045,percent,2026-12-01T00:00:00Z,,b,",
    ]
    write_facts(*rows)
    make_contract()
    change = datetime(2026, 12, 1, tzinfo=UTC)
    fees = []
    for moment in (change - timedelta(seconds=1), change):
        with time_machine.travel(moment, tick=False):
            fees.append(results(calculate(client))["fee"][-1])
    assert fees == ["15.00 USDT", "13.50 USDT"]


def test_a_region_has_its_own_limits_and_keeps_them(client, facts):
    rows = [*rows_of("btcusdt-perp", PERPETUAL), "btcusdt-perp.max-leverage,eu,25,leverage,2026-01-01T00:00:00Z,,eu,"]
    write_facts(*rows)
    make_contract()
    assert errors(calculate(client, leverage="50")) == {}
    page = calculate(client, leverage="50", region="eu")
    assert "from 1 to 25" in errors(page)["leverage"]
    assert page.one("input", name="region")["value"] == "eu"


def test_the_empty_calculator_holds_the_example_and_no_result(client, contract):
    page = read(client, f"/en/{CALCULATOR}")
    assert page.one("input", name="entry")["value"] == "60000"
    assert results(page) == {}
    assert errors(page) == {}


def test_a_price_between_two_ticks_is_moved_and_it_is_said(client, contract):
    page = calculate(client, entry="60000.25", exit="61000.05")
    notice = page.one("section", data_results=True).one("div", class_="notice").words
    assert "Entry price: calculated with 60,000.3, because prices move in steps of 0.1." in notice
    assert "Closing price (optional): calculated with 61,000" in notice
    assert page.one("input", name="entry")["value"] == "60000.25"


def test_a_short_pays_less_where_its_prices_are_moved(client, contract):
    notice = calculate(client, side="short", entry="60000.25").one("section", data_results=True).words
    assert "calculated with 60,000.2" in notice


def test_a_position_that_cannot_be_liquidated_is_told_so(client, contract):
    page = calculate(client, leverage="1")
    row = page.one("div", data_result="liquidation")
    assert "None: no price uses up the margin" in row.words


def test_an_expired_contract_is_calculated_with_a_notice(client, facts):
    make_contract(expires_at=datetime(2026, 3, 26, 8, tzinfo=UTC))
    assert "This contract expired on 26 March 2026, 08:00 UTC" in calculate(client).words


# Refusals

WRONG = [
    ({"side": "up"}, "side", "Select a valid choice"),
    ({"side": ""}, "side", "required"),
    ({"entry": ""}, "entry", "required"),
    ({"entry": "0"}, "entry", "greater than zero"),
    ({"entry": "-60000"}, "entry", "greater than zero"),
    ({"entry": "60,000"}, "entry", "Write 60000 or 60.0000"),
    ({"entry": "1e999"}, "entry", "not a number that we can read"),
    ({"entry": "9" * 40}, "entry", "too many digits"),
    ({"side": "short", "entry": "0.01"}, "entry", "smallest price of this contract is 0.1"),
    ({"size": "0.0005"}, "size", "Write 0.001."),
    ({"size": "0.0015"}, "size", "Write 0.001 or 0.002."),
    ({"size": "100.001"}, "size", "two ways"),
    ({"size": "101"}, "size", "largest order of this contract is 100"),
    ({"leverage": "0.5"}, "leverage", "from 1 to 100"),
    ({"leverage": "101"}, "leverage", "from 1 to 100"),
    ({"exit": "x"}, "exit", "not a number that we can read"),
    ({"exit": "0.04"}, "exit", "smallest price of this contract is 0.1"),
    ({"rate": "1"}, "rate", "between −0.75% and 0.75%"),
    ({"rate": "nan"}, "rate", "not a number that we can read"),
]


@pytest.mark.parametrize(("typed", "field", "reason"), WRONG, ids=lambda value: str(value)[:40])
def test_what_cannot_be_calculated_is_refused_beside_its_field(client, contract, typed, field, reason):
    page = calculate(client, **typed)
    assert set(errors(page)) == {field}
    assert reason in errors(page)[field]
    assert results(page) == {}


@pytest.mark.parametrize("field", ["entry", "size", "leverage", "exit", "rate"])
def test_no_number_breaks_the_page(client, contract, field):
    for typed in HOSTILE:
        query = urlencode(LONG | {field: typed}, errors="surrogatepass")
        page = read(client, f"/en/{CALCULATOR}?{query}")
        shown = page.one("input", name=field)["value"]
        assert shown == typed.replace("\0", "\ufffd").replace("\ud800", "\ufffd" * 3)
        assert set(errors(page)) == {field}, typed


@pytest.mark.parametrize("slug", ["btcusdt-perp", "btcusd-perp"])
@pytest.mark.parametrize("number", ["999999999999", "999999999999.9", "0.1", "0.0000000001"])
def test_the_largest_and_the_smallest_numbers_are_calculated_or_refused(client, facts, slug, number):
    unlimited = {kind: value for kind, value in PERPETUAL.items() if "order" not in kind}
    fine = unlimited | {"tick-size": ("0.0000000001", "amount:USD"), "lot-size": ("0.000000000001", "amount:BTC")}
    write_facts(*rows_of(slug, fine))
    make_contract(slug)
    for other in (number, "60000"):
        page = calculate(client, slug=slug, entry=number, size=other, exit=other, rate="0.75", leverage="99.9999999999")
        assert len(results(page)) == 10


def test_markup_that_is_typed_stays_text(client, contract):
    page = calculate(client, entry="<script>alert(1)</script>")
    assert escape("<script>alert(1)</script>") in page.html
    assert "<script>alert" not in page.html


def test_errors_are_summed_up_on_top_with_links_to_the_fields(client, contract):
    page = calculate(client, entry="x", leverage="900", side="up")
    summary = page.one("div", data_error_summary=True)
    links = [link["href"].removeprefix("#") for link in summary.all("a")]
    assert links == ["page_side_0", "page_entry", "page_leverage"]
    assert all(page.all("input", id=link) for link in links)
    assert page.one("title").words.startswith("Error:")
    field = page.one("input", id="page_entry")
    assert field["aria-invalid"] == "true"
    assert all(page.all(id=name) for name in field["aria-describedby"].split())


def test_what_was_typed_stays_and_is_taken_along_into_other_languages(client, contract):
    page = calculate(client, entry="x", size="0.5", leverage="900")
    assert [page.one("input", name=name)["value"] for name in ("entry", "size", "leverage")] == ["x", "0.5", "900"]
    query = parse_qs(urlsplit(page.menu["ja"]["href"]).query)
    assert query == {"side": ["long"], "entry": ["x"], "size": ["0.5"], "leverage": ["900"]}


def test_unknown_parameters_are_dropped(client, contract):
    page = calculate(client, utm="spam")
    assert "spam" not in page.html


# The page


def test_the_page_is_neither_kept_nor_listed_and_sets_no_cookie(client, contract):
    answer = client.get(f"/en/{CALCULATOR}?{urlencode(LONG)}")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.cookies == {}
    assert '<meta name="robots" content="noindex">' in answer.content.decode()
    assert "calculator" not in client.get("/sitemap-articles.xml").content.decode()


def test_the_form_needs_no_script(client, contract):
    form = read(client, f"/en/{CALCULATOR}").one("form", class_="calc")
    assert (form["method"], form["action"]) == ("get", f"/en/{CALCULATOR}#page_result")
    assert {field["name"] for field in form.all("input")} == {"side", "entry", "size", "leverage", "exit", "rate"}


def test_the_calculator_belongs_to_a_page_that_readers_can_read(client, contract):
    article = Article.objects.get(slug="btcusdt-perp")
    publishing.unpublish(article, "en", by=None)
    freshness.forget()
    assert client.get(f"/en/{CALCULATOR}").status_code == 404


def test_a_page_for_agents_has_no_public_calculator(client, facts):
    make_contract(texts={})
    ArticleFactory(slug="btcusdt-perp", kind="contract", agents_only=True, texts={"en": "Text."})
    assert client.get(f"/en/{CALCULATOR}").status_code == 404


@pytest.mark.parametrize("slug", ["nothing", "fees"])
def test_nothing_else_has_a_calculator(client, contract, slug):
    ArticleFactory(slug="fees", texts={"en": "Text."})
    assert client.get(f"/en/articles/{slug}/calculator/").status_code == 404


def test_a_language_that_is_off_leads_to_the_same_calculation_in_another(client, contract):
    SiteLanguage.objects.filter(code="ko").update(is_public=False)
    freshness.forget()
    answer = client.get(f"/ko/{CALCULATOR}?{urlencode(LONG)}")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(f"/en/{CALCULATOR}?side=long&entry=60000")


def test_a_calculation_asks_the_database_for_a_handful_of_things(client, contract, django_assert_max_num_queries):
    calculate(client)
    freshness.reset()
    with django_assert_max_num_queries(4):
        calculate(client)
