"""Which source a kept translation is compared with, and with which words of the glossary."""

import pytest

from helpcenter.actions.parity import differences_of, terms_between
from helpcenter.content.parity import Check, Term
from helpcenter.models import TranslationState
from tests.helpcenter.factories import ArticleFactory, publish_text, save_text
from tests.helpcenter.words import word

pytestmark = pytest.mark.django_db


def newest(article, language):
    return TranslationState.objects.get(article=article, language=language).latest


def test_a_translation_is_compared_with_the_text_that_it_was_made_from(content_editor):
    article = ArticleFactory(texts={"en": "Wait 24 hours."})
    save_text(article, "es", "Espere 24 horas.", by=content_editor)
    publish_text(article, "en", "Wait 48 hours.")
    assert differences_of(newest(article, "es")) == []


def test_a_figure_that_differs_is_named(content_editor):
    article = ArticleFactory(texts={"en": "Wait 24 hours."})
    save_text(article, "es", "Espere 42 horas.", by=content_editor)
    assert [found.check for found in differences_of(newest(article, "es"))] == [Check.NUMBER]


def test_a_source_is_compared_with_nothing():
    article = ArticleFactory(texts={"en": "Wait 24 hours."})
    assert differences_of(newest(article, "en")) == []


def test_terms_are_the_words_that_both_languages_have():
    word(
        "mark_price", en="mark price", es="precio de marca", also={"es": "Mark Price"}, rejected={"es": "precio marca"}
    )
    word("spread", en="spread")
    expected = Term("mark_price", ("mark price",), ("precio de marca", "Mark Price"), ("precio marca",))
    assert terms_between("en", "es") == (expected,)


def test_terms_are_read_once(django_assert_num_queries):
    word("mark_price", en="mark price", es="precio de marca")
    terms_between("en", "es")
    with django_assert_num_queries(0):
        terms_between("en", "es")
