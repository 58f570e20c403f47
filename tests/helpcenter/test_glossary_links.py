"""Articles and the glossary: what publishing links, and how a change of words reaches published texts."""

import pytest
from django.utils import timezone

from helpcenter import tasks
from helpcenter.actions import publishing
from helpcenter.actions.glossary_import import import_glossary, note_change
from helpcenter.enums import EventKind
from helpcenter.models import ContentEvent, GlossaryTerm, TermUse
from supportdesk.outbox import delivery
from supportdesk.outbox.models import Outbox, State
from tests.helpcenter.dom import read
from tests.helpcenter.factories import ArticleFactory, publish_text, stored
from tests.helpcenter.words import word

pytestmark = pytest.mark.django_db


@pytest.fixture
def margin():
    return word("margin", en="margin", ja="証拠金", definitions={"en": "Funds set aside.", "ja": "資金。"})


def linked(article, language="en"):
    return "#term-" in stored(article, "html", language)


def test_a_published_text_links_its_words_in_the_readers_language(client, margin):
    ArticleFactory(slug="a", texts={"en": "Add margin now.", "ja": "証拠金を追加します。"})
    link = read(client, "/en/articles/a/").main.one("a", class_="term")
    assert (link["href"], link["title"], link.words) == ("/en/glossary/#term-margin", "Funds set aside.", "margin")
    link = read(client, "/ja/articles/a/").main.one("a", class_="term")
    assert (link["href"], link["title"], link.words) == ("/ja/glossary/#term-margin", "資金。", "証拠金")


def test_the_link_leads_to_an_entry_that_is_there(client, margin):
    ArticleFactory(slug="a", texts={"en": "Add margin."})
    address, _, anchor = read(client, "/en/articles/a/").main.one("a", class_="term")["href"].partition("#")
    assert read(client, address).main.one("div", id=anchor)


def test_the_markdown_of_a_text_stays_as_it_was_written(margin):
    article = ArticleFactory(texts={"en": "Add margin."})
    assert stored(article, "body", "en") == "Add margin."
    assert article.revisions.get().body == "Add margin."


def test_a_summary_taken_from_the_text_holds_words_alone(margin):
    assert stored(ArticleFactory(texts={"en": "Add margin."}), "summary", "en") == "Add margin."


def test_the_article_that_explains_a_word_does_not_link_to_it(margin):
    article = ArticleFactory()
    GlossaryTerm.objects.filter(pk=margin.pk).update(article=article)
    publish_text(article, "en", "Add margin.")
    assert not linked(article)
    assert linked(ArticleFactory(texts={"en": "Add margin."}))


@pytest.mark.parametrize("flag", ["is_linked", "is_shown"])
def test_a_word_that_is_not_to_be_linked_is_not(margin, flag):
    GlossaryTerm.objects.filter(pk=margin.pk).update(**{flag: False})
    assert not linked(ArticleFactory(texts={"en": "Add margin."}))


def test_uses_follow_the_text(margin):
    article = ArticleFactory(texts={"en": "Add margin.", "ja": "証拠金。"})
    assert set(TermUse.objects.values_list("article", "language")) == {(article.pk, "en"), (article.pk, "ja")}
    publish_text(article, "en", "Add nothing.")
    publishing.unpublish(article, "ja", by=None)
    assert not TermUse.objects.exists()


def test_a_new_word_reaches_published_texts_by_the_worker():
    article, other = ArticleFactory(texts={"en": "Add margin."}), ArticleFactory(texts={"en": "Nothing."})
    import_glossary([("w.csv", b"key,en,definition_en\nmargin,margin,Funds.\n")], by=None)
    assert not linked(article), "not in the request of the editor"
    assert delivery.deliver_due() >= 1
    assert linked(article)
    assert not linked(other)
    assert Outbox.objects.filter(consumer="glossary").get().state == State.DONE


def test_a_word_that_is_gone_is_linked_no_longer(margin):
    article = ArticleFactory(texts={"en": "Add margin."})
    margin.delete()
    note_change(["en"], by=None)
    delivery.deliver_due()
    assert not linked(article)


def test_a_new_definition_reaches_the_titles_of_links(margin):
    article = ArticleFactory(texts={"en": "Add margin."})
    GlossaryTerm.objects.filter(pk=margin.pk).update(definition_en="Better words.")
    note_change(["en"], by=None)
    delivery.deliver_due()
    assert 'title="Better words."' in stored(article, "html", "en")


def test_only_the_language_of_the_change_is_drawn(margin):
    article = ArticleFactory(texts={"en": "Add margin.", "ja": "証拠金。"})
    GlossaryTerm.objects.filter(pk=margin.pk).update(definition_en="New.", definition_ja="新。")
    note_change(["ja"], by=None)
    delivery.deliver_due()
    assert "新。" in stored(article, "html", "ja")
    assert "New." not in stored(article, "html", "en")


def test_drawing_again_writes_what_differs_and_a_second_time_nothing(margin):
    for _ in range(3):
        ArticleFactory(texts={"en": "Add margin."})
    ArticleFactory(texts={"en": "Nothing."})
    GlossaryTerm.objects.update(definition_en="New.")
    assert publishing.draw_words_again("en") == 3
    assert publishing.draw_words_again("en") == 0


def test_a_word_that_was_taken_out_and_put_back_has_its_uses_again(margin):
    ArticleFactory(texts={"en": "Add margin."})
    margin.delete()
    word("margin", en="margin", definitions={"en": "Funds set aside."})
    publishing.draw_words_again("en")
    assert TermUse.objects.count() == 1


def test_many_texts_are_drawn_in_several_transactions(margin, monkeypatch):
    monkeypatch.setattr(publishing, "BATCH", 2)
    articles = [ArticleFactory(texts={"en": "Add margin."}) for _ in range(5)]
    GlossaryTerm.objects.update(definition_en="New.")
    assert publishing.draw_words_again("en") == 5
    assert all("New." in stored(article, "html", "en") for article in articles)


def test_of_several_changes_the_last_one_draws(margin):
    article = ArticleFactory(texts={"en": "Add margin."})
    GlossaryTerm.objects.update(definition_en="New.")
    first = ContentEvent.objects.create(kind=EventKind.GLOSSARY, language="en", at=timezone.now())
    last = ContentEvent.objects.create(kind=EventKind.GLOSSARY, language="en", at=timezone.now())
    tasks.draw_words_again(first.pk)
    assert "New." not in stored(article, "html", "en")
    tasks.draw_words_again(last.pk)
    assert "New." in stored(article, "html", "en")


def test_the_day_of_publishing_stays_when_words_change(margin):
    article = ArticleFactory(texts={"en": "Add margin."})
    before = article.states.get().published_at
    GlossaryTerm.objects.update(definition_en="New.")
    assert publishing.draw_words_again("en") == 1
    assert article.states.get().published_at == before
