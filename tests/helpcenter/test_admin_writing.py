"""An article is written one language at a time, with its details, and a wrong field is named."""

import pytest
from django.test import Client
from django.urls import reverse

from helpcenter import freshness
from helpcenter.actions import drafting
from helpcenter.enums import EventKind
from helpcenter.errors import InvalidText
from helpcenter.models import Article, ContentEvent, Revision, Tag, TranslationState
from tests.helpcenter.admin_forms import TEXTS, article_form, change, html, words
from tests.helpcenter.factories import ArticleFactory, stored

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", TEXTS)
def test_an_article_is_begun_in_any_language(editor, language):
    url = reverse("admin:helpcenter_article_add") + f"?language={language}"
    assert f'value="{language}" selected' in html(editor.get(url))
    answer = editor.post(url, article_form(language=language, source_language=language))
    assert answer.status_code == 302
    revision = Revision.objects.get()
    assert (revision.language, revision.title, revision.body) == (language, *TEXTS[language])
    assert revision.article.source_language == language


def test_who_wrote_a_text_and_why_is_kept(editor, content_editor):
    editor.post(reverse("admin:helpcenter_article_add"), article_form(note="first version", significance="minor"))
    revision = Revision.objects.get()
    assert (revision.created_by, revision.note, revision.significance) == (content_editor, "first version", "minor")


@pytest.mark.parametrize("language", ["zh-hans", "ja", "ko", "ar"])
def test_a_translation_is_saved_as_a_draft_of_its_language_alone(editor, language):
    article = ArticleFactory(texts={"en": TEXTS["en"][1]})
    answer = editor.post(change("article", article.pk, language), article_form(article, language))
    assert answer.status_code == 302
    state = TranslationState.objects.get(article=article, language=language)
    assert (state.latest.title, state.published) == (TEXTS[language][0], None)
    assert stored(article, "title", language) in ("", None)
    assert stored(article, "body", "en") == TEXTS["en"][1]


def test_saving_and_publishing_makes_one_language_public_and_stays_on_it(lead):
    article = ArticleFactory(texts={"en": drafting.Text(*TEXTS["en"])})
    answer = lead.post(change("article", article.pk, "ja"), article_form(article, "ja", _publish="1"))
    assert answer.headers["Location"] == change("article", article.pk, "ja")
    assert stored(article, "title", "ja") == TEXTS["ja"][0]
    assert words(lead.get(answer.headers["Location"]))[0].startswith("Published in 日本語")
    assert TEXTS["ja"][0] in html(Client().get(f"/ja/articles/{article.slug}/"))


def test_a_new_article_can_be_published_at_once(lead):
    answer = lead.post(reverse("admin:helpcenter_article_add"), article_form(_publish="1"))
    assert answer.status_code == 302
    assert stored(Article.objects.get(), "title", "en") == TEXTS["en"][0]
    assert Client().get("/en/articles/mark-price/").status_code == 200


def test_saving_and_going_on_stays_in_the_language(editor):
    article = ArticleFactory(texts={"en": "Text."})
    answer = editor.post(change("article", article.pk, "ar"), article_form(article, "ar", _continue="1"))
    assert answer.headers["Location"] == change("article", article.pk, "ar")


def test_lines_of_windows_are_stored_as_lines(editor):
    editor.post(reverse("admin:helpcenter_article_add"), article_form(text_body="one\r\n\r\n  two \r\n"))
    assert Revision.objects.get().body == "one\n\n  two \n"


def test_the_same_text_again_makes_no_revision(editor):
    article = ArticleFactory()
    for _ in range(2):
        editor.post(change("article", article.pk), article_form(article))
    assert Revision.objects.count() == 1


def test_details_change_what_readers_see_at_once(editor):
    article = ArticleFactory(texts={"en": "Text."})
    before = freshness.stored_number()
    state = TranslationState.objects.get()
    form = article_form(article, text_title=state.latest.title, text_body="Text.", is_promoted="on")
    assert editor.post(change("article", article.pk), form).status_code == 302
    assert Article.objects.get().is_promoted
    assert freshness.stored_number() > before


def test_front_matter_that_the_product_does_not_know_survives_the_form(editor):
    article = ArticleFactory()
    drafting.save_revision(article, "en", drafting.Text("T", "Old.", extra="owner: risk"), by=None)
    editor.post(change("article", article.pk), article_form(article))
    assert TranslationState.objects.get().latest.extra == "owner: risk"


@pytest.mark.parametrize("tag", ["4711", "x", "9" * 30])
def test_a_tag_that_does_not_exist_stores_nothing(editor, tag):
    article = ArticleFactory()
    form = article_form(article, **{"tag_rows-TOTAL_FORMS": 1, "tag_rows-0-tag": tag})
    assert editor.post(change("article", article.pk), form).status_code == 200
    assert Revision.objects.count() == 0


def test_tags_and_related_articles_are_added_below_the_text(editor):
    article, other, tag = ArticleFactory(), ArticleFactory(), Tag.objects.create(slug="fees")
    form = article_form(
        article,
        **{
            "tag_rows-TOTAL_FORMS": 1,
            "tag_rows-0-tag": tag.pk,
            "tag_rows-0-position": 0,
            "tag_rows-0-article": article.pk,
        },
        **{"related_rows-TOTAL_FORMS": 1, "related_rows-0-to": other.pk, "related_rows-0-position": 0},
        **{"related_rows-0-article": article.pk},
    )
    assert editor.post(change("article", article.pk), form).status_code == 302
    assert list(article.tags.all()) == [tag]
    assert list(article.related.values_list("slug", flat=True)) == [other.slug]


def test_a_tag_is_taken_away_again(editor):
    article = ArticleFactory(texts={"en": "Text."})
    row = article.tag_rows.create(tag=Tag.objects.create(slug="fees"))
    rows = {"TOTAL_FORMS": 1, "INITIAL_FORMS": 1, "0-id": row.pk, "0-article": article.pk, "0-tag": row.tag_id}
    counts = {f"tag_rows-{name}": value for name, value in {**rows, "0-position": 0, "0-DELETE": "on"}.items()}
    assert editor.post(change("article", article.pk), article_form(article, **counts)).status_code == 302
    assert list(article.tags.all()) == []


def test_a_change_of_details_is_written_down_and_a_mere_text_is_none(editor):
    article = ArticleFactory()
    editor.post(change("article", article.pk), article_form(article))
    assert not ContentEvent.objects.filter(kind=EventKind.CHANGED).exists()
    editor.post(change("article", article.pk), article_form(article, audience="agents"))
    assert ContentEvent.objects.get(kind=EventKind.CHANGED).article == article


BAD = [
    ({"text_title": ""}, "text_title"),
    ({"text_title": "   "}, "text_title"),
    ({"text_title": "x" * 201}, "text_title"),
    ({"text_summary": "x" * 301}, "text_summary"),
    ({"text_body": "nul\0l"}, "text_body"),
    ({"slug": "Ünicode slug"}, "slug"),
    ({"slug": "a/b"}, "slug"),
    ({"kind": "poem"}, "kind"),
    ({"audience": "traders"}, "audience"),
    ({"source_language": "tlh"}, "source_language"),
    ({"category": "99999"}, "category"),
    ({"category": "x"}, "category"),
    ({"category": "9" * 30}, "category"),
    ({"significance": "huge"}, "significance"),
    ({"note": "x" * 301}, "note"),
]


@pytest.mark.parametrize(("wrong", "field"), BAD, ids=[f"{field}-{n}" for n, (_, field) in enumerate(BAD)])
def test_a_wrong_field_is_named_and_what_was_typed_stays(editor, wrong, field):
    article = ArticleFactory()
    answer = editor.post(change("article", article.pk), article_form(article, **{"text_summary": "kept", **wrong}))
    assert answer.status_code == 200
    assert field in answer.context["adminform"].form.errors
    assert wrong.get("text_body", "Because it is fair.") in answer.context["adminform"].form["text_body"].value()
    assert Revision.objects.count() == 0


def test_a_text_that_is_too_long_is_an_error_of_the_form(editor):
    article = ArticleFactory()
    long = "word " * (drafting.LONGEST_BODY // 5 + 1)
    answer = editor.post(change("article", article.pk), article_form(article, text_body=long))
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors
    assert answer.context["adminform"].form["text_body"].value() == long


def test_a_text_that_an_action_refuses_is_an_error_of_the_form(editor, monkeypatch):
    def refuse(*args, **kwargs):
        raise InvalidText("Nested too deeply.")

    monkeypatch.setattr(drafting, "save_revision", refuse)
    answer = editor.post(reverse("admin:helpcenter_article_add"), article_form())
    assert answer.status_code == 200
    assert "Nested too deeply." in html(answer)
    assert answer.context["adminform"].form["text_body"].value() == TEXTS["en"][1]
    assert Article.objects.count() == 0


@pytest.mark.parametrize("language", ["tlh", "xx", "en-gb", "../en", "zh_hans"])
def test_a_text_in_a_language_that_the_site_has_not_is_stored_nowhere(editor, language):
    article = ArticleFactory()
    editor.post(change("article", article.pk), article_form(article, text_language=language))
    editor.post(change("article", article.pk), article_form(article, text_language=language, _publish="1"))
    assert set(TranslationState.objects.values_list("language", flat=True)) <= {"en"}


def test_two_articles_cannot_share_a_slug(editor):
    ArticleFactory(slug="mark-price")
    answer = editor.post(reverse("admin:helpcenter_article_add"), article_form())
    assert "slug" in answer.context["adminform"].form.errors
    assert Article.objects.count() == 1
