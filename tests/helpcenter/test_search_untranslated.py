"""A page that exists in English alone is found by a question in another language, by the words that the articles of
both languages teach; it stands among the language's own pages and says what it is written in."""

import html
import re

import pytest

from helpcenter.actions import publishing
from helpcenter.enums import Stage
from helpcenter.models import SiteLanguage
from helpcenter.search import analyzers, asking, indexing, parallel
from tests.helpcenter.factories import publish_text
from tests.helpcenter.searching import clear_indexes, found, refresh, search_json, slugs, suggested, write

pytestmark = pytest.mark.usefixtures("empty_index")

# What a site says in both languages: each line teaches some words.
TAUGHT = {
    "withdrawals": (
        "Les retraits\nLe retrait est bloqué.\n\nLes frais du retrait.",
        "Withdrawals\nThe withdrawal is blocked.\n\nFees of the withdrawal.",
    ),
    "fees": (
        "Les frais\nLes frais de transaction.\n\nLe reçu des frais.",
        "Fees\nFees of a transaction.\n\nThe receipt of fees.",
    ),
    "taxes": (
        "Les impôts\nDéclarer vos impôts.\n\nLa facture des impôts.",
        "Taxes\nDeclare your taxes.\n\nThe invoice of taxes.",
    ),
    "keys": (
        "Les clés\nUne clé perdue.\n\nLe carnet des clés.",
        "Keys\nA lost key.\n\nThe notebook of keys.",
    ),
    "reports": (
        "Les relevés\nUn relevé mensuel.\n\nImprimer un relevé.",
        "Statements\nA monthly statement.\n\nPrint a statement.",
    ),
    "orders": (
        "Les ordres\nUn ordre annulé.\n\nExécuter un ordre.",
        "Orders\nA cancelled order.\n\nExecute an order.",
    ),
}
QUESTION = "relevé pour les impôts"  # a statement for the taxes


@pytest.fixture
def site(empty_index):
    """Six pages in both languages, and one in English alone."""
    for slug, (french, english) in TAUGHT.items():
        write(slug, fr=french, en=english)
    missing = write("tax-statement", en="Statement for your taxes\nPrint the statement that taxes ask for.")
    refresh("fr", "en")
    return missing


def answer(question=QUESTION, language="fr", **options):
    return asking.ask(question, language, **options)


def languages(found):
    return {result.language for result in found.results}


@pytest.mark.usefixtures("site")
def test_a_page_in_english_alone_is_among_the_first_but_never_the_first():
    results = slugs(answer())
    assert "tax-statement" in results[1:3]
    assert answer().results[0].language == "fr"
    assert answer().stage != Stage.OTHER_LANGUAGE


@pytest.mark.usefixtures("site")
def test_it_says_its_language_and_shows_the_words_that_were_meant(client):
    rows = search_json(client, "fr", QUESTION)["results"]
    (row,) = [row for row in rows if row["slug"] == "tax-statement"]
    assert row["language"] == "en"
    page = client.get("/fr/search/", {"q": QUESTION}).content.decode()
    assert re.search(r'lang="en"[^>]*>English<', page)
    assert re.search(r"<mark>Statement</mark>.*<mark>taxes</mark>", page)


@pytest.mark.usefixtures("site")
def test_no_page_of_the_language_is_shown_in_english():
    for question in ("retrait bloqué", "les frais", "impôts", "relevé mensuel", "ordre annulé", QUESTION):
        result = answer(question)
        assert len(set(slugs(result))) == len(result.results)
        assert {slugs(result)[at] for at, one in enumerate(result.results) if one.language == "en"} <= {"tax-statement"}


@pytest.mark.usefixtures("site")
def test_what_the_language_answers_stays_alone():
    assert languages(answer("ordre annulé")) == {"fr"}


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("question", ["zzxq wvut", "brouette jaune", "statment"])
def test_what_finds_nothing_still_finds_nothing(question):
    assert answer(question).stage == Stage.NOTHING


@pytest.mark.usefixtures("site")
def test_filters_count_it_and_no_language_is_offered(client):
    data = search_json(client, "fr", QUESTION)
    assert data["total"] == len(data["results"])
    page = client.get("/fr/search/", {"q": QUESTION}).content.decode()
    assert "Filtrer par langue" not in page
    assert "tax-statement" not in found(client, "fr", QUESTION, kind="guide")
    assert "tax-statement" in found(client, "fr", QUESTION, kind="faq")


@pytest.mark.usefixtures("site")
def test_searching_all_languages_shows_it_once(client):
    results = found(client, "fr", QUESTION, all="1")
    assert results.count("tax-statement") == 1
    page = client.get("/fr/search/", {"q": QUESTION, "all": "1"}).content.decode()
    assert "language=en" in page


@pytest.mark.usefixtures("site")
def test_a_search_in_the_own_language_only_has_none(client):
    everywhere = client.get("/fr/search/", {"q": QUESTION, "all": "1"}).content.decode()
    only = re.search(r'<a href="([^"]*)">Limiter la recherche à cette langue', everywhere)
    assert only
    page = client.get("/fr/search/" + html.unescape(only[1])).content.decode()
    assert "/fr/articles/reports/" in page
    assert "tax-statement" not in page


def test_a_translation_takes_its_place(site):
    publish_text(site, "fr", "Un relevé pour les impôts.")
    refresh("fr", "en")
    result = answer()
    assert languages(result) == {"fr"}
    assert "tax-statement" in slugs(result)


def test_it_goes_when_it_is_archived(site):
    publishing.archive(site, by=None)
    refresh("fr", "en")
    assert languages(answer()) == {"fr"}


@pytest.mark.usefixtures("site")
def test_where_english_is_switched_off_nobody_gets_it():
    SiteLanguage.objects.filter(code="en").update(is_public=False)
    refresh("fr", "en")
    assert languages(answer()) == {"fr"}


@pytest.mark.usefixtures("site")
def test_without_an_index_of_english_the_language_answers():
    clear_indexes()
    refresh("fr")
    assert languages(answer()) == {"fr"}


@pytest.mark.usefixtures("site")
def test_a_site_that_has_taught_nothing_answers_as_before():
    indexing.backend("fr").folder.words.unlink()
    assert languages(answer()) == {"fr"}


@pytest.mark.usefixtures("site")
def test_suggestions_stay_in_the_language(client):
    assert "tax-statement" not in suggested(client, "fr", QUESTION)


# Learning


def follow():
    """What the index follower does in the hour that follows a change."""
    refresh("fr", "en")
    indexing.learn("fr")


def test_an_index_that_is_built_learns(site):
    assert indexing.backend("fr").words().of(analyzers.stem("impôts", "fr"))[0][0] == analyzers.stem("taxes", "en")
    assert not indexing.backend("en").folder.words.exists()
    assert not indexing.backend("fr.agents").folder.words.exists()


@pytest.mark.usefixtures("site")
def test_what_was_taught_is_learned_once():
    before = indexing.backend("fr").folder.stamp_of_words()
    assert not indexing.learn("fr")
    assert indexing.backend("fr").folder.stamp_of_words() == before


@pytest.mark.usefixtures("site")
def test_new_translations_teach():
    write("wallets", fr="Le portefeuille\nUn portefeuille.", en="The wallet\nA wallet.")
    follow()
    meanings = indexing.backend("fr").words().of(analyzers.stem("portefeuille", "fr"))
    assert meanings[0][0] == analyzers.stem("wallet", "en")


@pytest.mark.usefixtures("site")
def test_only_public_texts_teach():
    write("draft", fr="Le brouillon\n-", en="The draftword\n-")
    publishing.unpublish(write("gone", fr="Le fantôme\nfantôme", en="The ghost\nghost"), "en", by=None)
    follow()
    words = indexing.backend("fr").words()
    assert words.of(analyzers.stem("fantôme", "fr")) == []
    assert words.of(analyzers.stem("brouillon", "fr"))


@pytest.mark.usefixtures("site")
def test_a_damaged_table_is_learned_anew():
    file = indexing.backend("fr").folder.words
    file.write_bytes(file.read_bytes()[:-20])
    assert languages(answer()) == {"fr"}
    follow()
    assert "tax-statement" in slugs(answer())


def test_no_more_pairs_are_learned_from_than_a_process_has_room_for(monkeypatch):
    monkeypatch.setattr(parallel, "MOST_PAIRS", 1)
    assert set(parallel.learn([("virement", "transfer"), ("frais", "fees")], "fr")) == {
        analyzers.stem("virement", "fr")
    }
