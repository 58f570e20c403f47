"""The form of an article shows each language beside its source, with what is found in it and what stands in the way."""

import re

import pytest
from django.urls import reverse

from helpcenter.actions import publishing
from helpcenter.models import Finding, Revision
from tests.helpcenter.admin_forms import HOSTILE, SECRET, article_form, change, html, listed, tabs, words
from tests.helpcenter.factories import ArticleFactory, publish_text, save_text, stored

pytestmark = pytest.mark.django_db


def test_each_language_has_a_tab_with_where_its_text_stands(editor):
    article = ArticleFactory(texts={"en": "## A {#a}\n\nOld.", "ko": "## A {#a}\n\n번역.", "ru": "## A {#a}\n\nДа."})
    publish_text(article, "en", "## A {#a}\n\nNew.")
    publish_text(article, "ru", "## A {#a}\n\nНовое.")
    save_text(article, "ja", "下書き。")
    publish_text(article, "fr", "Un.")
    save_text(article, "fr", "Deux.")
    found = tabs(editor.get(change("article", article.pk)))
    assert len(found) == 12
    expected = {"en": "source", "ko": "outdated", "ru": "✓", "ja": "draft", "fr": "draft waits", "ar": "–"}
    assert {code: found[code] for code in expected} == expected


def test_tabs_are_marked_with_the_language_of_their_names(editor):
    page = html(editor.get(change("article", ArticleFactory().pk)))
    assert '<span lang="zh-Hans" dir="ltr">简体中文</span>' in page
    assert '<span lang="ar" dir="rtl">العربية</span>' in page


def test_the_source_stands_beside_a_translation_with_its_language(editor):
    article = ArticleFactory(texts={"en": "The fair price."})
    page = html(editor.get(change("article", article.pk, "ar")))
    assert re.search(r'class="sd-source" lang="en" dir="ltr">.*The fair price\.', page, re.S)
    assert "sd-source" not in html(editor.get(change("article", article.pk, "en")))


@pytest.mark.parametrize(("language", "attributes"), [("ar", ("ar", "rtl")), ("zh-hant", ("zh-Hant", "ltr"))])
def test_what_is_typed_has_the_direction_of_its_language(editor, language, attributes):
    page = editor.get(change("article", ArticleFactory().pk, language))
    for name in ("text_title", "text_summary", "text_body"):
        attrs = page.context["adminform"].form.fields[name].widget.attrs
        assert (attrs["lang"], attrs["dir"]) == attributes


def test_parts_of_the_source_that_changed_are_listed(editor):
    article = ArticleFactory(texts={"en": "## Fees {#fees}\n\nOld.", "ja": "## 手数料 {#fees}\n\n古い。"})
    publish_text(article, "en", "## Fees {#fees}\n\nNew.")
    page = html(editor.get(change("article", article.pk, "ja")))
    assert "Changed in the source since this was translated" in page


def test_the_newest_text_is_edited_even_where_an_older_one_is_public(editor):
    article = ArticleFactory(texts={"en": "Public."})
    save_text(article, "en", "Newer draft.")
    form = editor.get(change("article", article.pk)).context["adminform"].form
    assert (form["text_body"].value(), form["seen"].value()) == ("Newer draft.", 2)


def test_a_language_without_a_text_begins_empty(editor):
    article = ArticleFactory(texts={"en": "Public."})
    form = editor.get(change("article", article.pk, "ko")).context["adminform"].form
    assert (form["text_body"].value() or "", form["seen"].value(), form["text_language"].value()) == ("", 0, "ko")


@pytest.mark.parametrize("language", ["tlh", "", "xx", "zh_hans", "'><script>"])
def test_an_unknown_language_in_the_address_shows_the_source(editor, language):
    article = ArticleFactory(source_language="ja")
    form = editor.get(reverse("admin:helpcenter_article_change", args=[article.pk]), {"language": language})
    assert form.context["adminform"].form["text_language"].value() == "ja"


def test_findings_are_shown_where_the_text_is_edited(editor):
    article = ArticleFactory()
    save_text(article, "en", f"First line.\n\nMy key is {SECRET} and [a link](https://elsewhere.example/x)")
    page = html(editor.get(change("article", article.pk)))
    for finding in Finding.objects.all():
        assert change("finding", finding.pk) in page
    assert "elsewhere.example" in page
    assert "line 3" in page


def test_a_text_with_a_secret_is_saved_but_not_published_and_the_editor_is_told_why(lead):
    article = ArticleFactory()
    form = article_form(article, text_body=f"My key is {SECRET}.", _publish="1")
    answer = lead.get(lead.post(change("article", article.pk), form).headers["Location"])
    assert any("not published" in word and "secret" in word for word in words(answer))
    assert Revision.objects.count() == 1
    assert stored(article, "title", "en") in ("", None)


def test_an_archived_article_is_not_published_and_the_editor_is_told_why(editor):
    article = ArticleFactory(texts={"en": "Old."})
    publishing.archive(article, by=None)
    answer = editor.post(change("article", article.pk), article_form(article, _publish="1"), follow=True)
    assert any("archived" in word for word in words(answer))
    assert stored(article, "body", "en") == "Old."


@pytest.mark.parametrize("field", ["text_title", "text_summary", "text_body"])
def test_hostile_text_is_shown_as_text_in_the_form_beside_it_and_in_lists(editor, field):
    article = ArticleFactory()
    form = article_form(article, **{field: HOSTILE}, _publish="1")
    assert editor.post(change("article", article.pk), form).status_code == 302
    places = [change("article", article.pk), change("article", article.pk, "ja"), listed("article"), listed("revision")]
    for url in [*places, change("revision", Revision.objects.get().pk)]:
        page = html(editor.get(url))
        assert "<script>alert" not in page
        assert "<img src=x" not in page
