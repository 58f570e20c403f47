"""The list of articles names them in the language of the person, and is searched and filtered."""

import pytest
from django.contrib import admin
from django.urls import reverse

from helpcenter.actions import drafting
from tests.helpcenter.admin_forms import TEXTS, html, listed, signed_in, slugs
from tests.helpcenter.factories import ArticleFactory, CategoryFactory, publish_text, save_text, stored

pytestmark = pytest.mark.django_db


def test_the_list_names_articles_in_the_language_of_the_person_or_in_english(editor):
    category = CategoryFactory(name_en="Fees", name_ja="手数料")
    both = ArticleFactory(texts={"en": "Text."}, category=category)
    publish_text(both, "ja", drafting.Text(*TEXTS["ja"]))
    english = ArticleFactory(texts={"en": "Text."})
    page = html(editor.get(listed("article"), headers={"Accept-Language": "ja"}))
    for shown in (TEXTS["ja"][0], "手数料", stored(english, "title", "en")):
        assert shown in page
    assert stored(both, "title", "en") not in page


def test_articles_are_found_by_their_title_in_any_language(editor):
    article = ArticleFactory(slug="mark-price")
    ArticleFactory(slug="other", texts={"en": "x"})
    for language, (title, body) in TEXTS.items():
        publish_text(article, language, drafting.Text(title, body))
    for query in ("mark-pr", "MARK PRICE", "标记价格", "マーク", "시장", "العلامة"):
        assert slugs(editor.get(listed("article"), {"q": query})) == ["mark-price"]
    assert slugs(editor.get(listed("article"), {"q": "%"})) == []


def test_articles_are_filtered_by_where_a_language_stands(editor):
    article = ArticleFactory(slug="outdated", texts={"en": "## A {#a}\n\nOld.", "ja": "## A {#a}\n\n古い。"})
    publish_text(article, "en", "## A {#a}\n\nNew.")
    ArticleFactory(slug="missing", texts={"en": "Text."})
    save_text(ArticleFactory(slug="draft", texts={"en": "Text."}), "ja", "下書き。")
    for state, expected in (("missing", ["draft", "missing"]), ("outdated", ["outdated"]), ("draft", ["draft"])):
        assert slugs(editor.get(listed("article"), {"translation": f"ja:{state}"})) == expected


@pytest.mark.parametrize("value", ["ja", "ja:poem", "tlh:missing", ":", "%00", "ja:missing:x", "x" * 3000])
def test_a_filter_that_means_nothing_breaks_nothing(editor, value):
    ArticleFactory()
    assert editor.get(listed("article"), {"translation": value}).status_code in (200, 302)


def test_articles_are_filtered_by_category_kind_and_audience(editor):
    wanted = ArticleFactory(slug="wanted", guide=True, agents_only=True)
    ArticleFactory(slug="other")
    query = {"category__id__exact": wanted.category.pk, "kind__exact": "guide", "audience__exact": "agents"}
    assert slugs(editor.get(listed("article"), query)) == ["wanted"]


def test_an_empty_site_has_lists_and_forms(administrator):
    client = signed_in(administrator)
    for model in admin.site._registry:
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        assert client.get(reverse(f"admin:{name}_changelist")).status_code == 200
