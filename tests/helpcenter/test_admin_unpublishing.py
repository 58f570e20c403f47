"""Unpublishing asks first, and then takes one language back."""

import pytest
from django.urls import reverse

from tests.helpcenter.admin_forms import change, html, unpublishing, words
from tests.helpcenter.factories import ArticleFactory, stored

pytestmark = pytest.mark.django_db


def test_unpublishing_asks_first_and_then_takes_one_language_back(editor):
    article = ArticleFactory(texts={"en": "Public.", "ja": "公開。"})
    assert article.slug in html(editor.get(unpublishing(article.pk, "ja")))
    assert stored(article, "body", "ja") == "公開。"
    answer = editor.post(unpublishing(article.pk, "ja"))
    assert answer.headers["Location"] == change("article", article.pk, "ja")
    assert (stored(article, "body", "ja") or "", stored(article, "body", "en")) == ("", "Public.")


def test_unpublishing_what_is_not_public_says_so(editor):
    article = ArticleFactory(texts={"en": "Public."})
    answer = editor.post(unpublishing(article.pk, "ja"), follow=True)
    assert any("no public text" in word for word in words(answer))


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("language", ["tlh", "en-us", "EN"])
def test_unpublishing_a_language_that_the_site_has_not_is_not_found(editor, method, language):
    article = ArticleFactory(texts={"en": "Public."})
    assert getattr(editor, method)(unpublishing(article.pk, language)).status_code == 404


def test_screens_of_an_article_that_is_not_there_are_not_found(editor):
    for url in (unpublishing(4711, "en"), reverse("admin:helpcenter_article_preview", args=[4711, "en"])):
        assert editor.get(url).status_code == 404
