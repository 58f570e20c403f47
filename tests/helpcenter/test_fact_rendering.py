"""Facts on pages: the value of the moment, of the region and of the language, wherever words stand."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from helpcenter import factbook, freshness, tree
from helpcenter.actions import publishing
from helpcenter.actions.announcing import AnnouncementText, save_announcement
from helpcenter.actions.drafting import Text
from helpcenter.actions.exporting import export_folder
from helpcenter.actions.folder_import import FolderImport
from helpcenter.content import markdown, text
from helpcenter.content.fact_filling import Reading, fill, in_words
from helpcenter.facts import Book, DatedFact, DatedValue, book_of
from helpcenter.models import Announcement, Article, FactUse
from helpcenter.search import indexing
from helpcenter.units import Unit
from tests.helpcenter.admin_forms import preview, signed_in
from tests.helpcenter.dom import TWELVE, Page, path_of, read
from tests.helpcenter.factories import (
    ArticleFactory,
    CategoryFactory,
    index_all,
    keep_fact,
    publish_text,
    save_text,
    stored,
    value,
)
from tests.helpcenter.samples import document, files_below, write_folder

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
CHANGE = datetime(2026, 12, 1, tzinfo=UTC)
FEE, SIZE, TIMES = "btcusdt-perp.taker-fee", "btcusdt-perp.contract-size", "btcusdt-perp.funding-times"
SECOND = timedelta(seconds=1)


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def facts(db, clock):
    """A fee that falls in December and is lower in the EU, a size, and times of day."""
    keep_fact(
        FEE, value("0.050", "2026-03-01", "2026-12-01"), value("0.045", "2026-12-01"),
        value("0.030", "2026-03-01", region="eu"), en="Taker fee", ja="テイカー手数料", ar="رسوم الآخذ",
    )  # fmt: skip
    keep_fact(SIZE, value("1000"), unit="amount:USDT", en="Contract size")
    keep_fact(TIMES, value("00:00 08:00 16:00"), unit="times", en="Funding")


@pytest.fixture
def fees(facts):
    texts = dict.fromkeys(("en", "ja"), f"A {{fact:{FEE}}} B")
    return ArticleFactory(slug="fees", category=CategoryFactory(slug="topic"), texts=texts)


@pytest.fixture
def fees_everywhere(fees):
    for code in set(TWELVE) - {"en", "ja"}:
        publish_text(fees, code, f"A {{fact:{FEE}}} B")
    return fees


def value_on(page, number=0):
    return page.main.all("data", class_="fact")[number]


def forget_everything():
    freshness.reset()
    tree.forget()
    caches["pages"].clear()


# In a line


SHOWN = {"en": "0.050%", "zh-hans": "0.050%", "zh-hant": "0.050%", "ja": "0.050%", "ko": "0.050%", "ru": "0,050%",
         "es": "0.050 %", "fr": "0,050 %", "pt-br": "0,050%", "tr": "%0,050", "vi": "0.050%",
         "ar": "0.050%"}  # fmt: skip


def test_one_value_is_shown_in_the_number_format_of_every_language(client, fees_everywhere):
    shown = {code: value_on(read(client, f"/{code}/articles/fees/")) for code in TWELVE}
    assert {code: number.words for code, number in shown.items()} == SHOWN
    assert {number["value"] for number in shown.values()} == {"0.050"}
    assert {code: number["dir"] for code, number in shown.items() if number.get("dir")} == {"ar": "ltr"}


def test_a_change_shows_in_every_language_from_its_first_second_though_nobody_does_anything(
    client, fees_everywhere, clock
):
    def shown(at=""):
        return {code: value_on(read(client, f"/{code}/articles/fees/{at}"))["value"] for code in TWELVE}

    clock.move_to(CHANGE - SECOND)
    assert shown() == dict.fromkeys(TWELVE, "0.050")
    clock.move_to(CHANGE)
    assert shown() == dict.fromkeys(TWELVE, "0.045")
    assert shown("?asof=2026-11-30") == dict.fromkeys(TWELVE, "0.050")


def test_a_text_that_stands_in_for_a_missing_one_keeps_its_own_numbers(client, facts):
    ArticleFactory(slug="x", texts={"en": f"Pay {{fact:{SIZE}}}."})
    assert value_on(read(client, "/ru/articles/x/")).words == "1,000 USDT"


def test_stored_text_holds_no_value(fees):
    html = stored(fees, "html", "en")
    assert html == f'<p>A <data class="fact" data-fact="{FEE}"></data> B</p>\n'


PLACES = {
    "link": (f"[pay {{fact:{FEE}}}](other.md)", "a", "pay 0.050%"),
    "emphasis": (f"**{{fact:{FEE}}}**", "strong", "0.050%"),
    "cell": (f"| a |\n|---|\n| {{fact:{FEE}}} |", "td", "0.050%"),
    "callout": (f":::note\nPay {{fact:{FEE}}}.\n:::", "p", "Pay 0.050%."),
    "title of a callout": (f":::note Only {{fact:{FEE}}}\nText.\n:::", "p", "Only 0.050%"),
    "list": (f"- Pay {{fact:{FEE}}}", "li", "Pay 0.050%"),
    "step": (f"## Go {{step:go}}\n\nPay {{fact:{FEE}}}", "p", "Pay 0.050%"),
    "scam": (f":::scam-example\nSend {{fact:{FEE}}}\n:::", "p", "Send 0.050%"),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_fact_stands_wherever_words_stand(client, facts, place):
    body, tag, words = PLACES[place]
    ArticleFactory(slug="x", texts={"en": body})
    content = read(client, "/en/articles/x/").main.one("div", data_content=True)
    assert words in [element.words for element in content.all(tag)]


@pytest.mark.parametrize("body", [f"`{{fact:{FEE}}}`", f"```\n{{fact:{FEE}}}\n```", f"\\{{fact:{FEE}}}"])
def test_code_and_escaped_braces_are_shown_as_they_are(client, facts, body):
    ArticleFactory(slug="x", texts={"en": body})
    page = read(client, "/en/articles/x/")
    assert f"{{fact:{FEE}}}" in page.main.words
    assert page.main.all("data") == []


@pytest.mark.parametrize(
    "raw",
    ['<data class="fact" data-fact="{key}"></data>', '<div class="facts" data-facts="btcusdt-perp"></div>',
     '<data class="fact" data-fact="&quot;><script>alert(1)</script>"></data>'],
)  # fmt: skip
def test_raw_html_is_no_way_to_a_value(facts, raw):
    rendered = markdown.render(raw.format(key=FEE), language="en")
    assert "data-fact" not in rendered.html
    assert rendered.warnings


@pytest.mark.parametrize("key", ['"><script>alert(1)</script>', "' onload=x", "&quot;", "a.b<b>", "\u202e", "a" * 190])
def test_a_hostile_key_becomes_an_empty_one(key):
    html = markdown.render(f"{{fact:{key}}}\n\n:::facts {key}\n{key}\n:::", language="en").html
    assert "script" not in html.lower()
    assert fill(html, Book(), Reading("en", NOW)).count("–") == 1


def test_a_hostile_name_of_a_kind_stays_words(client, facts):
    keep_fact("x.hostile", value("1"), en="<img src=x onerror=alert(1)>{0}%(date)s")
    ArticleFactory(slug="x", texts={"en": ":::facts x\n:::"})
    page = read(client, "/en/articles/x/")
    assert page.main.all("img") == []
    assert page.main.one("tbody").one("th").words == "<img src=x onerror=alert(1)>{0}%(date)s"


# As a table


def table_of(client, body, language="en", query=""):
    ArticleFactory(slug="table", texts={language: body})
    page = read(client, f"/{language}/articles/table/{query}")
    rows = page.main.one("table", class_="facts").one("tbody").all("tr")
    return page, {row.one("th").words: [cell.words for cell in row.all("td")] for row in rows}


def test_a_table_has_the_name_the_value_since_when_and_what_changes(client, facts):
    page, rows = table_of(client, ":::facts btcusdt-perp\ntaker-fee contract-size\n:::")
    assert rows == {
        "Taker fee": ["0.050%", "1 March 2026 from 1 December 2026: 0.045%"],
        "Contract size": ["1,000 USDT", "1 January 2026"],
    }
    assert [time["datetime"] for time in page.main.one("table", class_="facts").all("time")][:2] == [
        "2026-03-01T00:00:00Z",
        "2026-12-01T00:00:00Z",
    ]


def test_a_table_without_kinds_has_all_of_them_in_their_order(client, facts):
    keep_fact("btcusdt-perp.lot", "1")
    _, rows = table_of(client, ":::facts btcusdt-perp\n:::")
    assert list(rows) == ["Contract size", "Funding", "lot", "Taker fee"], "no positions: by slug"


def test_a_past_change_is_shown_with_the_value_before(client, facts, clock):
    clock.move_to(CHANGE + SECOND)
    _, rows = table_of(client, ":::facts btcusdt-perp\ntaker-fee\n:::")
    assert rows["Taker fee"] == ["0.045%", "1 December 2026 before: 0.050%"]


def test_a_change_in_the_middle_of_a_day_is_shown_with_its_time(client, facts):
    keep_fact("x.fee", value("1", until="2026-12-01 08:30"), value("2", "2026-12-01 08:30"))
    _, rows = table_of(client, ":::facts x\n:::")
    assert rows["fee"][1] == "1 January 2026 from 1 December 2026, 08:30 UTC: 2%"


def test_a_table_speaks_the_language_of_its_text_and_prices_keep_their_direction(client, facts):
    page, rows = table_of(client, ":::facts btcusdt-perp\ntaker-fee contract-size\n:::", "ar")
    assert list(rows) == ["رسوم الآخذ", "Contract size"], "a name that is missing comes in English"
    assert {element["dir"] for element in page.main.one("table").all("data")} == {"ltr"}


def test_tables_of_a_page_have_names_of_their_own(client, facts):
    ArticleFactory(
        slug="x", texts={"en": ":::facts btcusdt-perp\n:::\n\n| a |\n|---|\n| b |\n\n:::facts btcusdt-perp\n:::"}
    )
    labels = [region["aria-label"] for region in read(client, "/en/articles/x/").main.all("div", class_="scroll-x")]
    assert labels == ["Table 1", "Table 2", "Table 3"]


# Region


def test_a_reader_of_a_region_gets_its_value_and_everybody_else_the_general_one(client, fees):
    plain = read(client, "/en/articles/fees/")
    assert value_on(plain)["value"] == "0.050"
    own = read(client, "/en/articles/fees/?region=eu")
    assert value_on(own)["value"] == "0.030"
    assert own.canonical == plain.canonical == "/en/articles/fees/"
    current = {link.words: link.get("aria-current") for link in own.main.one("nav", class_="regions").all("a")}
    assert current == {"All other regions": None, "EU": "true"}
    assert own.menu["ja"]["href"] == "/ja/articles/fees/?region=eu"


@pytest.mark.parametrize("region", ["", "jp", "EU", "eu'--", "x" * 500, "\0"])
def test_a_region_that_nobody_knows_is_dropped(client, fees, region, django_assert_num_queries):
    plain = client.get("/en/articles/fees/")
    factbook.regions()  # which regions there are is asked once for each snapshot of the content
    with django_assert_num_queries(0):
        other = client.get("/en/articles/fees/", {"region": region})
    assert (other.content, other["ETag"]) == (plain.content, plain["ETag"])


def test_a_page_without_regional_facts_offers_no_regions(client, facts):
    ArticleFactory(slug="x", texts={"en": f"{{fact:{SIZE}}}"})
    assert read(client, "/en/articles/x/").main.all("nav", class_="regions") == []


def test_each_region_is_kept_apart(client, fees, django_assert_num_queries):
    tags = {client.get(f"/en/articles/fees/{query}")["ETag"] for query in ("", "?region=eu")}
    assert len(tags) == 2
    with django_assert_num_queries(0):
        client.get("/en/articles/fees/?region=eu")


# As of another moment


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("2026-12-01", "0.045"),
        ("2026-11-30 23:59:59", "0.050"),
        ("2026-12-01T00:00:00Z", "0.045"),
        ("2026-03-01", "0.050"),
    ],
)
def test_a_page_as_of_a_moment_says_so_and_is_nobodys_to_keep_or_find(client, fees, asked, shown):
    response = client.get("/en/articles/fees/", {"asof": asked})
    page = Page(response.content.decode())
    assert value_on(page)["value"] == shown
    assert "not those of today" in page.main.one("div", class_="notice").words
    assert response["Cache-Control"] == "no-store"
    assert response["X-Robots-Tag"] == "noindex"
    assert "ETag" not in response.headers
    assert path_of(page.one("link", rel="canonical")["href"]) == "/en/articles/fees/"


@pytest.mark.parametrize("asked", ["yesterday", "2026-12-02", "2026-02-28", "2026-13-01", "0001-01-01", "9999-12-31",
                                   "2026-11-01T00:00:00+05:00", "\0", "1" * 300, "٢٠٢٦-١١-٠١"])  # fmt: skip
def test_a_moment_that_nothing_is_known_of_is_ignored_with_a_notice(client, fees, asked):
    response = client.get("/en/articles/fees/", {"asof": asked})
    page = Page(response.content.decode())
    assert value_on(page)["value"] == "0.050"
    assert "You see today’s values" in page.main.one("div", class_="notice").words
    assert (response["Cache-Control"], response["X-Robots-Tag"]) == ("no-store", "noindex")


def test_what_was_asked_for_is_never_kept_for_others(client, fees):
    client.get("/en/articles/fees/?asof=2026-12-01")
    assert value_on(read(client, "/en/articles/fees/"))["value"] == "0.050"
    assert value_on(read(client, "/en/articles/fees/?asof=2026-12-01"))["value"] == "0.045"


def test_a_value_that_did_not_exist_yet_is_a_dash(client, facts):
    ArticleFactory(slug="x", texts={"en": f"{{fact:{FEE}}} {{fact:{SIZE}}}\n\n:::facts btcusdt-perp\ntaker-fee\n:::"})
    page = read(client, "/en/articles/x/?asof=2026-02-01")
    assert [element.words for element in page.main.all("data")] == ["–", "1,000 USDT"]
    assert "No values were set at that time." in page.main.words


def test_an_announcement_is_seen_from_a_region_and_a_moment_too(client, facts):
    text_of_news = {"en": AnnouncementText("News", f"Now {{fact:{FEE}}}.", f"Pay {{fact:{FEE}}}.")}
    save_announcement(Announcement(slug="news", published_at=NOW), text_of_news, by=None)
    shown = {}
    for query in ("", "?region=eu", "?asof=2026-12-01", "?asof=never"):
        page = read(client, f"/en/announcements/news/{query}")
        shown[query] = (value_on(page)["value"], page.one("meta", name="description")["content"])
    assert shown == {
        "": ("0.050", "Now 0.050%."), "?region=eu": ("0.030", "Now 0.030%."),
        "?asof=2026-12-01": ("0.045", "Now 0.045%."), "?asof=never": ("0.050", "Now 0.050%."),
    }  # fmt: skip


def test_region_and_moment_go_together(client, fees):
    page = read(client, "/en/articles/fees/?asof=2026-12-01&region=eu")
    assert value_on(page)["value"] == "0.030"
    assert page.menu["ja"]["href"] == "/ja/articles/fees/?region=eu&asof=2026-12-01T00%3A00%3A00Z"


# What a page costs


@pytest.mark.parametrize(
    "path", ["/en/articles/fees/", "/en/", "/en/categories/topic/", "/en/articles/fees/?region=eu"]
)
def test_a_cold_page_with_facts_costs_one_query_more_and_a_warm_one_nothing(client, facts, path):
    counts = []
    for body in ("Plain.", f"Pay {{fact:{FEE}}} or {{fact:{SIZE}}}.\n\n:::facts btcusdt-perp\n:::"):
        known = Article.objects.filter(slug="fees").first()
        item = known or ArticleFactory(slug="fees", is_promoted=True, category=CategoryFactory(slug="topic"))
        publish_text(item, "en", Text("Fees", body, body.partition("\n")[0]))
        forget_everything()
        with CaptureQueriesContext(connection) as cold:
            client.get(path.partition("?")[0] if body == "Plain." else path)
        with CaptureQueriesContext(connection) as warm:
            client.get(path)
        counts.append((len(cold), len(warm)))
    assert counts[1][0] <= counts[0][0] + 1
    assert counts[1][1] == 0


def test_the_number_of_facts_costs_no_query(client, fees):
    forget_everything()
    with CaptureQueriesContext(connection) as few:
        client.get("/en/articles/fees/")
    for number in range(30):
        keep_fact(f"btcusdt-perp.more-{number}", "1", value("2", region="eu"))
    publish_text(fees, "en", f":::facts btcusdt-perp\n:::\n\n{{fact:{FEE}}}")
    forget_everything()
    with CaptureQueriesContext(connection) as many:
        client.get("/en/articles/fees/")
    assert len(many) == len(few)


# Words without markup


def test_a_summary_has_the_value_wherever_it_is_shown(client, facts, clock):
    article = ArticleFactory(slug="fees", is_promoted=True, category=CategoryFactory(slug="topic"))
    publish_text(article, "en", Text("Fees", "Text.", f"Takers pay {{fact:{FEE}}}."))
    text_of_news = {"en": AnnouncementText("News", f"Takers pay {{fact:{FEE}}}.", f"Now {{fact:{FEE}}}.")}
    news = Announcement(slug="news", published_at=NOW, is_band=True)
    save_announcement(news, text_of_news, by=None)
    for at, words in ((NOW, "Takers pay 0.050%."), (CHANGE, "Takers pay 0.045%.")):
        clock.move_to(at)
        for path in ("", "categories/topic/", "articles/fees/", "announcements/", "announcements/news/"):
            page = read(client, f"/en/{path}")
            assert words in page.words or words == page.one("meta", name="description")["content"]
            assert "{fact:" not in page.html
        assert words in client.get("/en/announcements/feed/").content.decode()
        assert words == read(client, "/en/articles/fees/").one("meta", name="description")["content"]


@pytest.mark.parametrize("length", [10, 280, 290, 297, 330])
def test_a_first_sentence_that_stands_in_for_a_summary_keeps_its_facts_whole(facts, length):
    article = ArticleFactory(texts={"en": f"{'x' * length} {{fact:{FEE}}} is what you pay for it here. More."})
    summary = stored(article, "summary", "en")
    assert in_words(summary, Book(), Reading("en", NOW)).count("{") == 0
    assert len(summary) <= 400


def test_the_index_holds_the_value_and_follows_a_change(client, facts, clock):
    article = ArticleFactory(slug="fees", texts={"en": f"Takers pay {{fact:{FEE}}} of the value."})
    index_all("en")
    body = indexing.document(Article.objects.reading(["en"], "title", "html", "outline").get(), "en", "")["body"]
    assert body == "Takers pay 0.050% of the value."
    assert not indexing.sync("en").changed
    clock.move_to(CHANGE)
    assert indexing.sync("en").written == 1
    found = client.get("/en/search/?q=takers&format=json").json()["results"]
    assert [row["slug"] for row in found] == [article.slug]
    assert "0.045%" in found[0]["excerpt"]
    assert "fact" not in found[0]["excerpt"]


def test_reading_time_and_excerpts_hold_no_reference(facts):
    html = markdown.render(f"Pay {{fact:{FEE}}} now.\n\n:::facts btcusdt-perp\n:::", language="en").html
    assert text.plain(html) == "Pay  now."


# Documents


def test_a_text_with_facts_leaves_and_comes_back_as_it_was(facts, tmp_path):
    body = f"Pay {{fact:{FEE}}}.\n\n:::facts btcusdt-perp\ntaker-fee\n:::\n\n## Next {{#next}}\n\nText."
    source = document(body, slug="fees", lang="en", summary=f'"Now {{fact:{FEE}}}."', type=None)
    report = FolderImport(write_folder(tmp_path / "in", {"en/fees.md": source}), publish=True).run()
    assert (report.errors, report.published) == ([], 1)
    export_folder(tmp_path / "out", drafts=False)
    again = FolderImport(tmp_path / "out", publish=True).run()
    assert (again.errors, again.imported, again.unchanged) == ([], 0, 1)
    written = files_below(tmp_path / "out")["en/fees.md"].decode()
    assert body in written
    assert f'summary: "Now {{fact:{FEE}}}."' in written


def test_a_file_that_names_a_missing_fact_is_refused_with_its_line_and_the_rest_goes_in(facts, tmp_path):
    files = {"en/bad.md": document("One.\n\nPay {fact:no.fee}."), "en/good.md": document(f"Pay {{fact:{FEE}}}.")}
    report = FolderImport(write_folder(tmp_path, files), publish=True).run()
    (error,) = report.errors
    assert (error.file, error.line) == ("en/bad.md", 8)
    assert "no.fee" in error.message
    assert list(Article.objects.values_list("slug", flat=True)) == ["good"]


def test_without_publishing_a_file_that_names_a_missing_fact_is_a_draft_with_a_warning(facts, tmp_path):
    report = FolderImport(write_folder(tmp_path, {"en/bad.md": document("One.\n\nPay {fact:no.fee}.")})).run()
    assert (report.errors, report.imported) == ([], 1)
    assert [(w.line, "no.fee" in w.message) for w in report.warnings] == [(8, True)]


def test_the_preview_shows_values_and_names_what_is_missing(facts, content_editor):
    article = ArticleFactory(texts={"en": f"Pay {{fact:{FEE}}}."})
    body = f"Now {{fact:{FEE}}} and\n{{fact:no.fee}}."
    save_text(article, "en", body)
    page = Page(signed_in(content_editor).get(preview(article)).content.decode())
    assert "Now 0.050% and –." in page.words
    assert "“no.fee”" in page.words
    assert "(line 2)" in page.words


# The rule itself


def test_filling_is_a_function_of_text_book_and_reader():
    values = (DatedValue("1", NOW), DatedValue("2", NOW, None, "eu"))
    book = book_of([DatedFact("a", "b", Unit.of("count"), {}, values)], {"eu": {}})
    html = markdown.render("{fact:a.b} {fact:a.c}", language="en").html
    for region, shown in (("", "1"), ("eu", "2"), ("jp", "1")):
        page = Page(fill(html, book, Reading("en", NOW, region)))
        assert [element.words for element in page.all("data")] == [shown, "–"]
    plain = "<p>No fact.</p>"
    assert fill(plain, book, Reading("en", NOW)) is plain


def test_unpublished_and_redrawn_texts_keep_their_uses_in_step(fees):
    publishing.draw_again(fees, ["en"])
    assert FactUse.objects.filter(article=fees).count() == 2
    publishing.unpublish(fees, "en", by=None)
    assert FactUse.objects.filter(article=fees).count() == 1
