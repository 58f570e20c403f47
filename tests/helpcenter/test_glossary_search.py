"""The glossary and the search: words that count as the same, and the definition above the results."""

import pytest

from helpcenter import freshness, glossary
from helpcenter.search import asking
from tests.helpcenter.dom import read
from tests.helpcenter.factories import ArticleFactory, index_all
from tests.helpcenter.searching import clear_indexes
from tests.helpcenter.words import word

pytestmark = pytest.mark.django_db


@pytest.fixture
def liquidation():
    clear_indexes()
    return word(
        "liquidation",
        en="liquidation",
        zh_hans="强制平仓",
        ru="ликвидация",
        also={"zh-hans": "强平"},
        rejected={"zh-hans": "爆仓 (colloquial)", "ru": "слив (alone)"},
        definitions={"en": "Forced closing.", "zh-hans": "系统强制平掉仓位。"},
    )


def found(question, language):
    return [result.article for result in asking.ask(question, language).results]


@pytest.mark.parametrize("question", ["爆仓", "强平", "liquidation"])
def test_what_people_type_finds_the_text_that_uses_the_right_word(liquidation, question):
    article = ArticleFactory(texts={"zh-hans": "强制平仓的过程。"})
    index_all("zh-hans")
    assert found(question, "zh-hans") == [article.pk]


def test_a_word_that_is_not_searched_brings_nothing(liquidation):
    liquidation.is_searched = False
    liquidation.save()
    assert glossary.synonym_groups("zh-hans") == []


def test_groups_have_no_remarks_and_no_words_that_are_wrong_only_alone(liquidation):
    assert glossary.synonym_groups("zh-hans") == [["强制平仓", "强平", "爆仓", "liquidation"]]
    assert glossary.synonym_groups("ru") == [["ликвидация", "liquidation"]]
    assert glossary.synonym_groups("ja") == []


def test_a_rejected_word_that_is_right_for_another_thing_is_left_out(liquidation):
    word("settlement", en="settlement", zh_hans="结算", rejected={"zh-hans": "强平\n交割"})
    freshness.bump()
    assert glossary.synonym_groups("zh-hans")[1] == ["结算", "交割", "settlement"]


def test_an_abbreviation_is_a_word_of_its_own():
    word("fok", en="fill or kill (FOK)", ru="всё или ничего (FOK)")
    [group] = glossary.synonym_groups("ru")
    assert group == ["всё или ничего", "FOK", "fill or kill"]


def test_a_changed_word_counts_at_once(liquidation):
    article = ArticleFactory(texts={"zh-hans": "强制平仓的过程。"})
    index_all("zh-hans")
    assert found("穿仓", "zh-hans") == []
    liquidation.also_zh_hans = "强平\n穿仓"
    liquidation.save()
    freshness.bump()
    assert found("穿仓", "zh-hans") == [article.pk]


@pytest.mark.parametrize("question", ["爆仓", " 强平 ", "强制平仓", "Liquidation"])
def test_a_question_that_is_a_word_is_answered_above_the_results(client, liquidation, question):
    index_all("zh-hans")
    main = read(client, f"/zh-hans/search/?q={question}").main
    assert "强制平仓 (liquidation) – 系统强制平掉仓位。" in main.words
    assert main.one("div", class_="notice").one("a")["href"] == "/zh-hans/glossary/#term-liquidation"


def test_a_definition_that_is_missing_stands_in_english(client, liquidation):
    index_all("ru")
    told = read(client, "/ru/search/?q=ликвидация").main.one("div", class_="notice").one("bdi", lang="en", dir="ltr")
    assert told.words == "Forced closing."


@pytest.mark.parametrize("question", ["how does liquidation work", "", "liquid"])
def test_any_other_question_is_not(client, liquidation, question):
    index_all("en")
    assert not read(client, f"/en/search/?q={question}").main.all("div", class_="notice")


def test_hidden_words_are_not_shown(client, liquidation):
    liquidation.is_shown = False
    liquidation.save()
    index_all("en")
    assert "Forced closing" not in read(client, "/en/search/?q=liquidation").main.words
