"""The readers' glossary: groups, missing definitions, narrowing, links to articles, and what it costs."""

import gzip

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpcenter import freshness
from helpcenter.models import SiteLanguage
from tests.helpcenter.dom import TWELVE, read
from tests.helpcenter.factories import ArticleFactory
from tests.helpcenter.words import word

pytestmark = pytest.mark.django_db


@pytest.fixture
def words():
    both = {"en": "Funds set aside.", "zh-hans": "划出的资金。"}
    word("margin", en="margin", zh_hans="保证金", ko="마진", ar="الهامش", subject="margin", definitions=both)
    fee = {"en": "A charge."}
    word("fee", en="fee", zh_hans="费用", subject="trading", definitions=fee, also={"en": "charge\ncost"}, position=1)
    word("secret", en="internal note", is_shown=False, definitions={"en": "For agents."})


def terms(main):
    return [term.words for term in main.all("dfn")]


def group_titles(main):
    return [heading.words for heading in main.all("h2", class_="letter")]


def test_words_stand_under_their_letters(client, words):
    main = read(client, "/en/glossary/").main
    assert terms(main) == ["fee", "margin"]
    assert group_titles(main) == ["F", "M"]
    assert [link["href"] for link in main.one("ul", class_="letters").all("a")] == ["#letter_1", "#letter_2"]
    assert "For agents" not in main.words


def test_chinese_goes_by_subject_and_names_the_english_term(client, words):
    main = read(client, "/zh-hans/glossary/").main
    assert len(group_titles(main)) == 2
    assert terms(main) == ["费用", "保证金"]
    assert main.one("div", id="term-margin").one("dt").words == "保证金 (margin)"


def test_each_word_has_an_anchor_its_definition_and_its_other_names(client, words):
    entry = read(client, "/en/glossary/").main.one("div", id="term-fee")
    assert "A charge." in entry.words
    assert "Also called: charge, cost" in entry.words
    assert entry.get("itemtype") == "https://schema.org/DefinedTerm"


def test_a_missing_definition_stands_in_english_and_says_so(client, words):
    entry = read(client, "/ko/glossary/").main.one("div", id="term-margin")
    told = entry.one("dd", itemprop="description").one("span")
    assert (told.words, told["lang"], told["dir"]) == ("Funds set aside.", "en", "ltr")
    own = read(client, "/zh-hans/glossary/").main.one("div", id="term-margin").one("dd", itemprop="description")
    assert own.words == "划出的资金。"
    assert not own.all("span")


def test_a_missing_term_stands_in_the_variant_before_english(client, words):
    term = read(client, "/zh-hant/glossary/").main.one("div", id="term-margin").one("dfn")
    assert (term.words, term["lang"]) == ("保证金", "zh-Hans")


def test_a_word_leads_to_the_article_that_explains_it_and_to_two_that_use_it(client, words):
    for name in ("a", "b", "c"):
        ArticleFactory(slug=name, texts={"en": "The fee is small."})
    explains = ArticleFactory(slug="x", texts={"en": "All about it."})
    word("risk", en="risk", article=explains)
    entry = read(client, "/en/glossary/").main.one("div", id="term-fee")
    assert [link["href"] for link in entry.all("a")] == ["/en/articles/a/", "/en/articles/b/", "/en/articles/c/"]
    risk = read(client, "/en/glossary/").main.one("div", id="term-risk")
    assert [link["href"] for link in risk.all("a")] == ["/en/articles/x/"]


def test_a_language_of_the_interface_alone_shows_the_words_of_its_fallback(client, words):
    ArticleFactory(slug="a", texts={"en": "The fee is small."})
    entry = read(client, "/xx/glossary/").main.one("div", id="term-fee")
    assert (entry.one("dfn").words, entry.one("dfn")["lang"]) == ("fee", "en")
    assert [link["href"] for link in entry.all("a")] == ["/xx/articles/a/"]


def test_articles_that_readers_may_not_read_are_not_named(client, words):
    ArticleFactory(slug="hidden", agents_only=True, texts={"en": "The fee."})
    assert not read(client, "/en/glossary/").main.one("div", id="term-fee").all("a")


@pytest.mark.parametrize(("piece", "found"), [("FEE", ["fee"]), ("cost", ["fee"]), ("aside", ["margin"]), ("zzz", [])])
def test_a_reader_narrows_the_list_without_a_script(client, words, piece, found):
    answer = client.get("/en/glossary/", {"q": piece})
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Robots-Tag"] == "noindex"
    main = read(client, f"/en/glossary/?q={piece}").main
    assert terms(main) == found
    assert main.one("input", name="q")["value"] == piece


def test_what_was_typed_stays_when_the_language_changes(client, words):
    assert '/ja/glossary/?q=fee"' in client.get("/en/glossary/?q=fee").content.decode()


def test_the_english_name_finds_a_word_in_every_language(client, words):
    for language in ("zh-hans", "ar", "ko"):
        assert len(terms(read(client, f"/{language}/glossary/?q=margin").main)) == 1


@given(piece=st.text(max_size=80))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_piece_of_text_breaks_the_page(client, words, piece):
    assert client.get("/en/glossary/", {"q": piece}).status_code == 200


def test_hostile_words_stay_words(client):
    text = "</dfn><script>alert(1)</script>\"'"
    word("x", en=text, definitions={"en": text}, also={"en": text})
    page = read(client, "/en/glossary/")
    assert page.main.one("dfn").words == text
    assert not page.main.all("script")


def test_an_empty_glossary_says_so(client):
    assert "There are no words in the glossary yet." in read(client, "/en/glossary/").main.words


def test_the_whole_list_is_kept_until_a_word_changes(client, words):
    first = client.get("/en/glossary/")
    assert client.get("/en/glossary/", headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert "Set-Cookie" not in first


def test_a_language_that_is_off_leads_elsewhere(client, words):
    SiteLanguage.objects.filter(code="ko").update(is_public=False)
    freshness.reset()
    for address in ("/ko/glossary/", "/ko/glossary/?q=fee"):
        assert client.get(address)["Location"].startswith("/en/glossary/")


def test_the_sitemap_names_it_where_there_are_words(client):
    assert "glossary" not in client.get("/sitemap-glossary.xml").content.decode().replace("sitemap-glossary", "")
    word("fee", en="fee")
    freshness.reset()
    assert "/zh-hans/glossary/" in client.get("/sitemap-glossary.xml").content.decode()


def queries(client, address):
    freshness.reset()
    freshness.bump()
    with CaptureQueriesContext(
        connection,
    ) as found:
        client.get(address)
    return len(found)


def test_thirty_words_cost_as_much_as_three(client):
    def fill(start, end):
        for n in range(start, end):
            key = f"w{'abcdefghij'[n // 10]}{'abcdefghij'[n % 10]}"
            word(key, en=key, definitions={"en": "D."})
            ArticleFactory(slug=key, texts={"en": f"About {key}."})

    fill(0, 3)
    few = queries(client, "/en/glossary/")
    fill(3, 30)
    assert queries(client, "/en/glossary/") == few <= 7


@pytest.mark.parametrize("language", TWELVE)
def test_the_shipped_glossary_fits_the_budget_in_every_language(client, language):
    call_command("import_glossary", verbosity=0)
    page = client.get(f"/{language}/glossary/")
    assert len(terms(read(client, f"/{language}/glossary/").main)) >= 120
    assert len(gzip.compress(page.content, 6)) <= 15 * 1024
