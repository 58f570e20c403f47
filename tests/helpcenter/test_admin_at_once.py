"""Who saves a text over somebody else's is told, and nothing that either typed is lost."""

import pytest

from helpcenter.models import Revision, TranslationState
from tests.helpcenter.admin_forms import article_form, change, html
from tests.helpcenter.factories import ArticleFactory, save_text

pytestmark = pytest.mark.django_db


def test_who_saves_an_older_text_is_told_by_whom_and_loses_nothing(editor, other_editor):
    article = ArticleFactory(texts={"en": "One."})
    form = article_form(article, text_body="Mine, written for an hour.")
    save_text(article, "en", "Theirs.", by=other_editor)
    answer = editor.post(change("article", article.pk), form)
    assert answer.status_code == 200
    assert "Omar Haddad" in html(answer)
    assert "Mine, written for an hour." in html(answer)
    assert TranslationState.objects.get().latest.body == "Theirs."


def test_saving_once_more_puts_the_text_on_top_of_the_other(editor, other_editor):
    article = ArticleFactory(texts={"en": "One."})
    form = article_form(article, text_body="Mine.")
    save_text(article, "en", "Theirs.", by=other_editor)
    told = editor.post(change("article", article.pk), form)
    again = {**form, "seen": told.context["adminform"].form["seen"].value()}
    assert editor.post(change("article", article.pk), again).status_code == 302
    bodies = list(Revision.objects.order_by("number").values_list("body", flat=True))
    assert bodies == ["One.", "Theirs.", "Mine."]


def test_a_text_saved_in_another_language_disturbs_nobody(editor, other_editor):
    article = ArticleFactory(texts={"en": "One."})
    form = article_form(article, "ja")
    save_text(article, "en", "Theirs.", by=other_editor)
    assert editor.post(change("article", article.pk, "ja"), form).status_code == 302
