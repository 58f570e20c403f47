"""Translators write translations and no details; who may only look reads and changes nothing."""

import re

import pytest

from helpcenter.actions import drafting
from helpcenter.models import Article, Revision
from tests.helpcenter.admin_forms import TEXTS, article_form, change, html, signed_in
from tests.helpcenter.factories import ArticleFactory, publish_text, stored

pytestmark = pytest.mark.django_db


def test_a_translator_saves_a_translation_and_changes_no_details(translator):
    article = ArticleFactory(texts={"en": "Text."})
    client = signed_in(translator)
    form = article_form(article, "ko", slug="stolen", audience="agents", is_promoted="on")
    assert client.post(change("article", article.pk, "ko"), form).status_code == 302
    after = Article.objects.get()
    assert (after.slug, after.audience, after.is_promoted) == (article.slug, "public", False)
    assert Revision.objects.filter(language="ko").count() == 1


def test_a_translator_saves_without_posting_details_that_are_only_shown(translator):
    article = ArticleFactory(texts={"en": "Text."})
    details = ("slug", "kind", "category", "audience", "source_language")
    form = {name: value for name, value in article_form(article, "ko").items() if name not in details}
    assert signed_in(translator).post(change("article", article.pk, "ko"), form).status_code == 302
    assert Revision.objects.filter(language="ko").count() == 1


def test_a_translator_is_not_offered_to_publish_and_cannot(translator):
    article = ArticleFactory(texts={"en": "Text."})
    client = signed_in(translator)
    assert "_publish" not in html(client.get(change("article", article.pk, "ko")))
    client.post(change("article", article.pk, "ko"), article_form(article, "ko", _publish="1"))
    assert stored(article, "title", "ko") in ("", None)


def test_who_may_only_look_reads_the_text(onlooker):
    article = ArticleFactory()
    publish_text(article, "en", drafting.Text("The mark price", "A body to be read.", "A summary."))
    page = html(signed_in(onlooker).get(change("article", article.pk)))
    for part in ("The mark price", "A body to be read.", "A summary."):
        assert part in page


@pytest.mark.parametrize(("language", "direction"), [("ja", "ltr"), ("ar", "rtl")])
def test_who_may_only_look_reads_each_language_in_its_direction(onlooker, language, direction):
    article = ArticleFactory(texts={"en": "Text."})
    publish_text(article, language, drafting.Text(*TEXTS[language]))
    page = html(signed_in(onlooker).get(change("article", article.pk, language)))
    assert re.search(rf'lang="{language}" dir="{direction}">\s*<h3>{re.escape(TEXTS[language][0])}</h3>', page)


def test_who_may_only_look_changes_nothing(onlooker):
    article = ArticleFactory(texts={"en": "Text."})
    client = signed_in(onlooker)
    assert client.post(change("article", article.pk), article_form(article, text_body="Other")).status_code == 403
    assert Revision.objects.count() == 1
