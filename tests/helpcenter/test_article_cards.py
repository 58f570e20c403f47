"""What lists say of an article is kept beside its texts, and says what they say."""

import pytest

from helpcenter.actions import drafting, publishing
from helpcenter.models import Article, TranslationState
from helpcenter.outline import Change
from tests.helpcenter.factories import ArticleFactory, publish_text

pytestmark = pytest.mark.django_db


def fresh(article):
    return Article.objects.reading([]).get(pk=article.pk)


def test_a_published_text_has_a_card_with_what_its_state_says():
    article = ArticleFactory(guide=True)
    text = drafting.Text("Reset it", "### Open {step:open}\n\nA.\n\n### Confirm {step:confirm}\n\nB.", "In short.")
    state = publish_text(article, "en", text)
    card = fresh(article).card("en")
    assert (card.title, card.summary, card.steps) == ("Reset it", "In short.", 2)
    assert (card.published_at, card.minutes) == (state.published_at, state.minutes)


def test_only_published_languages_have_cards():
    article = ArticleFactory(texts={"en": "Text.", "ja": "本文。"})
    drafting.save_revision(article, "ko", drafting.Text("초안", "본문"), by=None)
    publishing.unpublish(article, "ja", by=None)
    assert set(fresh(article).cards) == {"en"}
    with pytest.raises(KeyError):
        fresh(article).card("ja")


def test_a_change_of_the_source_reaches_the_cards_of_translations():
    article = ArticleFactory(texts={"en": "## A {#a}\n\nOne."})
    publish_text(article, "ja", "## A {#a}\n\n一。")
    publish_text(article, "en", "## A {#a}\n\nTwo.")
    (part,) = fresh(article).card("ja").outdated
    assert (part.key, part.change) == ("section:a", Change.CHANGED)
    assert fresh(article).card("en").outdated == ()


def test_saving_an_article_leaves_its_cards_alone():
    article = ArticleFactory(texts={"en": "Text."})
    article.refresh_from_db()
    article.cards = {}
    article.save()
    assert set(fresh(article).cards) == {"en"}


def test_lost_cards_are_dealt_again():
    article = ArticleFactory(texts={"en": "Text.", "ar": "نص."})
    before = fresh(article).cards
    Article.objects.filter(pk=article.pk).update(cards={})
    assert publishing.rebuild_columns() == 1
    assert fresh(article).cards == before
    assert publishing.rebuild_columns() == 0


def test_cards_are_equal_to_their_states_after_any_order_of_publishing():
    article = ArticleFactory(texts={"fr": "Texte."}, source_language="en")
    publish_text(article, "en", "Text.")
    publish_text(article, "fr", "Texte neuf.")
    for state in TranslationState.objects.of(article).published():
        card = fresh(article).card(state.language)
        assert (card.published_at, list(card.outdated)) == (state.published_at, state.outdated_parts)
