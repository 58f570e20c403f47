"""The preview draws a text as readers would see it, and runs nothing that it holds."""

import re

import pytest

from helpcenter.actions import drafting
from tests.helpcenter.admin_forms import HOSTILE, TEXTS, html, preview
from tests.helpcenter.factories import ArticleFactory, save_text

pytestmark = pytest.mark.django_db


def test_the_preview_draws_the_newest_text_as_readers_would_see_it(editor):
    article = ArticleFactory(texts={"en": "Public."})
    save_text(article, "en", "## A section {#s}\n\n**Bold** draft.")
    page = html(editor.get(preview(article)))
    assert "<strong>Bold</strong> draft" in page
    assert 'id="s"' in page
    assert "Public." not in page


@pytest.mark.parametrize("language", ["zh-hans", "ja", "ko", "ar"])
def test_the_preview_is_a_page_in_the_language_of_the_text(editor, language):
    article = ArticleFactory(texts={"en": "Text."})
    save_text(article, language, drafting.Text(*TEXTS[language]))
    page = html(editor.get(preview(article, language)))
    tag = {"zh-hans": "zh-Hans"}.get(language, language)
    assert f'<html lang="{tag}" dir="{"rtl" if language == "ar" else "ltr"}">' in page
    assert TEXTS[language][0] in page


def test_the_preview_runs_nothing_that_a_text_holds(editor):
    article = ArticleFactory()
    body = f"{HOSTILE}\n\n[x](javascript:alert(3))\n\n<iframe src=//e.example></iframe><a href=x onclick=y>z</a>"
    save_text(article, "en", drafting.Text(HOSTILE, body, HOSTILE))
    page = html(editor.get(preview(article)))
    assert not re.search(r"<script>alert|<img src=x|<iframe|<[^>]+ on\w+=|href=\"javascript", page)


def test_the_preview_says_what_was_changed_while_drawing(editor):
    article = ArticleFactory()
    save_text(article, "en", "Fine.\n\n![A picture](/img/x.png)")
    assert "Changed while drawing" in html(editor.get(preview(article)))


@pytest.mark.parametrize("language", ["ja", "tlh", "en-us"])
def test_the_preview_of_a_text_that_is_not_there_does_not_exist(editor, language):
    assert editor.get(preview(ArticleFactory(texts={"en": "x"}), language)).status_code == 404
