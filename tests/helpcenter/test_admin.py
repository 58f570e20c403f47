"""The content team's screens: one language at a time beside its source, and nothing that somebody typed is lost."""

import io
import json
import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest
from django.contrib import admin
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from helpcenter import freshness
from helpcenter.actions import drafting, publishing
from helpcenter.enums import EventKind, FindingKind, Stage
from helpcenter.models import (
    Announcement,
    Article,
    Category,
    ContentEvent,
    Feedback,
    Finding,
    LinkHost,
    Picture,
    PictureFile,
    PopularSearch,
    Revision,
    SearchLog,
    SiteLanguage,
    Synonym,
    Tag,
    TranslationState,
)
from tests.helpcenter.factories import ArticleFactory, CategoryFactory, publish_text, save_text, stored

pytestmark = pytest.mark.django_db

SECRET = "KxDkWkKNYhTgD9tm1xmpXSEkjmewpz8r3mF85bwHzc37eMk1go6z"
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&"
TEXTS = {
    "en": ("What is the mark price?", "## Why {#why}\n\nBecause it is fair."),
    "zh-hans": ("什么是标记价格？", "## 为什么 {#why}\n\n因为它公平。"),
    "ja": ("マーク価格とは何ですか。", "## なぜ {#why}\n\n公正だからです。"),
    "ko": ("시장 평균가란 무엇인가요?", "## 이유 {#why}\n\n공정하기 때문입니다."),
    "ar": ("ما هو سعر العلامة؟", "## لماذا {#why}\n\nلأنه عادل."),
}


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def editor(content_editor) -> Client:
    return signed_in(content_editor)


def change(model: str, pk: int, language: str = "") -> str:
    url = reverse(f"admin:helpcenter_{model}_change", args=[pk])
    return f"{url}?language={language}" if language else url


def listed(model: str) -> str:
    return reverse(f"admin:helpcenter_{model}_changelist")


def html(answer) -> str:
    return answer.content.decode()


def words(answer) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def article_form(article: Article | None = None, language: str = "en", **changes: str) -> dict[str, str]:
    """What a browser posts: the details, the text, and the empty lists below the form."""
    category = article.category if article else CategoryFactory()
    state = TranslationState.objects.filter(article=article, language=language).first() if article else None
    fields = {
        "slug": article.slug if article else "mark-price",
        "kind": "faq",
        "category": category.pk,
        "audience": "public",
        "source_language": article.source_language if article else "en",
        "text_language": language,
        "text_title": TEXTS[language][0],
        "text_summary": "",
        "text_body": TEXTS[language][1],
        "seen": state.latest.number if state and state.latest else 0,
        "significance": "major",
        "note": "",
    }
    empty = {f"{name}-{part}": 0 for name in ("tag_rows", "related_rows") for part in ("TOTAL_FORMS", "INITIAL_FORMS")}
    return {**empty, **fields, **changes}


# Articles: writing


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


def test_saving_and_publishing_makes_one_language_public_and_stays_on_it(editor):
    article = ArticleFactory(texts={"en": TEXTS["en"][1]})
    answer = editor.post(change("article", article.pk, "ja"), article_form(article, "ja", _publish="1"))
    assert answer.headers["Location"] == change("article", article.pk, "ja")
    assert stored(article, "title", "ja") == TEXTS["ja"][0]
    assert words(editor.get(answer.headers["Location"]))[0].startswith("Published in 日本語")
    assert TEXTS["ja"][0] in html(Client().get(f"/ja/articles/{article.slug}/"))


def test_a_new_article_can_be_published_at_once(editor):
    answer = editor.post(reverse("admin:helpcenter_article_add"), article_form(_publish="1"))
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
    drafting.save_revision(article, "en", drafting.Text("T", "Old.", extra={"owner": "risk"}), by=None)
    editor.post(change("article", article.pk), article_form(article))
    assert TranslationState.objects.get().latest.extra == {"owner": "risk"}


def test_a_tag_that_does_not_exist_stores_nothing(editor):
    article = ArticleFactory()
    form = article_form(article, **{"tag_rows-TOTAL_FORMS": 1, "tag_rows-0-tag": 4711})
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


BAD = [
    ({"text_title": ""}, "text_title"),
    ({"text_title": "   "}, "text_title"),
    ({"text_title": "x" * 201}, "text_title"),
    ({"text_summary": "x" * 301}, "text_summary"),
    ({"text_body": "nul\0l"}, "text_body"),
    ({"slug": "Ünicode slug"}, "slug"),
    ({"slug": ""}, "slug"),
    ({"kind": "poem"}, "kind"),
    ({"audience": "traders"}, "audience"),
    ({"source_language": "tlh"}, "source_language"),
    ({"category": "99999"}, "category"),
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


# Articles: two people at once


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


# Articles: what the form shows


def tabs(answer) -> dict[str, str]:
    return {tab.language.code: str(tab.word) for tab in answer.context["tabs"]}


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


def test_a_text_with_a_secret_is_saved_but_not_published_and_the_editor_is_told_why(editor):
    article = ArticleFactory()
    form = article_form(article, text_body=f"My key is {SECRET}.", _publish="1")
    answer = editor.get(editor.post(change("article", article.pk), form).headers["Location"])
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


# Articles: who may only translate or only look


def test_a_translator_saves_a_translation_and_changes_no_details(translator):
    article = ArticleFactory(texts={"en": "Text."})
    client = signed_in(translator)
    form = article_form(article, "ko", slug="stolen", audience="agents", is_promoted="on")
    assert client.post(change("article", article.pk, "ko"), form).status_code == 302
    after = Article.objects.get()
    assert (after.slug, after.audience, after.is_promoted) == (article.slug, "public", False)
    assert Revision.objects.filter(language="ko").count() == 1


def test_a_translator_is_not_offered_to_publish_and_cannot(translator):
    article = ArticleFactory(texts={"en": "Text."})
    client = signed_in(translator)
    assert "_publish" not in html(client.get(change("article", article.pk, "ko")))
    client.post(change("article", article.pk, "ko"), article_form(article, "ko", _publish="1"))
    assert stored(article, "title", "ko") in ("", None)


def test_who_may_only_look_reads_the_text(agent):
    article = ArticleFactory()
    publish_text(article, "en", drafting.Text("The mark price", "A body to be read.", "A summary."))
    page = html(signed_in(agent).get(change("article", article.pk)))
    for part in ("The mark price", "A body to be read.", "A summary."):
        assert part in page


def test_who_may_only_look_changes_nothing(agent):
    article = ArticleFactory(texts={"en": "Text."})
    client = signed_in(agent)
    assert client.post(change("article", article.pk), article_form(article, text_body="Other")).status_code == 403
    assert Revision.objects.count() == 1


# Preview and unpublishing


def preview(article: Article, language: str = "en") -> str:
    return reverse("admin:helpcenter_article_preview", args=[article.pk, language])


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


def unpublishing(pk: int, language: str) -> str:
    return reverse("admin:helpcenter_article_unpublish", args=[pk, language])


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


# Lists of articles


def selected(action: str, *articles: Article) -> dict[str, object]:
    return {"action": action, "_selected_action": [article.pk for article in articles]}


def test_articles_are_archived_and_restored_from_the_list(editor):
    first, second = (ArticleFactory(texts={"en": "Text."}) for _ in range(2))
    editor.post(listed("article"), selected("archive_selected", first, second))
    assert Article.objects.filter(archived_at__isnull=False).count() == 2
    assert Client().get(f"/en/articles/{first.slug}/").status_code == 410
    editor.post(listed("article"), selected("restore_selected", first))
    assert Client().get(f"/en/articles/{first.slug}/").status_code == 200
    assert Article.objects.get(pk=second.pk).archived_at is not None


def test_who_may_not_publish_may_not_archive(translator):
    article = ArticleFactory(texts={"en": "Text."})
    client = signed_in(translator)
    assert "archive_selected" not in html(client.get(listed("article")))
    client.post(listed("article"), selected("archive_selected", article))
    assert Article.objects.get().archived_at is None


def test_articles_are_never_deleted(administrator):
    article = ArticleFactory()
    client = signed_in(administrator)
    client.post(listed("article"), {**selected("delete_selected", article), "post": "yes"})
    assert Article.objects.count() == 1


def slugs(answer) -> list[str]:
    return sorted(article.slug for article in answer.context["cl"].result_list)


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


# Announcements


def announcement_form(**changes: str) -> dict[str, str]:
    fields = {
        "slug": "maintenance",
        "kind": "maintenance",
        "source_language": "en",
        "text_language": "en",
        "text_title": "Maintenance on Sunday",
        "text_summary": "",
        "text_body": "We pause **trading** for an hour.",
        "published_at_0": "2026-11-01",
        "published_at_1": "08:00",
    }
    return {**fields, **changes}


def test_an_announcement_is_written_and_shown_to_readers(editor):
    answer = editor.post(reverse("admin:helpcenter_announcement_add"), announcement_form(published_at_0="2020-01-01"))
    assert answer.status_code == 302
    assert "<strong>trading</strong>" in html(Client().get("/en/announcements/maintenance/"))


def test_each_language_of_an_announcement_is_written_by_itself(editor):
    editor.post(reverse("admin:helpcenter_announcement_add"), announcement_form())
    pk = Announcement.objects.get().pk
    form = announcement_form(text_language="ja", text_title="日曜日の保守", text_body="取引を停止します。")
    assert editor.post(change("announcement", pk, "ja"), form).status_code == 302
    row = Announcement.objects.get()
    assert (row.title_en, row.title_ja) == ("Maintenance on Sunday", "日曜日の保守")
    assert row.languages() == ["en", "ja"]


def test_an_announcement_shows_which_languages_are_missing(editor):
    editor.post(reverse("admin:helpcenter_announcement_add"), announcement_form())
    found = tabs(editor.get(change("announcement", Announcement.objects.get().pk)))
    assert (found["en"], found["ja"], len(found)) == ("✓", "missing", 12)


def test_an_announcement_keeps_its_moments_in_utc(editor):
    window = {"starts_at_0": "2026-11-14", "starts_at_1": "02:00", "ends_at_0": "2026-11-14", "ends_at_1": "03:30"}
    assert editor.post(reverse("admin:helpcenter_announcement_add"), announcement_form(**window)).status_code == 302
    row = Announcement.objects.get()
    assert (row.starts_at, row.ends_at) == (
        datetime(2026, 11, 14, 2, tzinfo=UTC),
        datetime(2026, 11, 14, 3, 30, tzinfo=UTC),
    )


@pytest.mark.parametrize("ends", ["01:59", "02:00"])
def test_a_window_that_ends_before_it_begins_is_refused(editor, ends):
    window = {"starts_at_0": "2026-11-14", "starts_at_1": "02:00", "ends_at_0": "2026-11-14", "ends_at_1": ends}
    answer = editor.post(reverse("admin:helpcenter_announcement_add"), announcement_form(**window))
    assert "ends_at" in answer.context["adminform"].form.errors
    assert Announcement.objects.count() == 0


BAD_ANNOUNCEMENTS = [
    ({"text_title": " "}, "text_title"),
    ({"text_title": "x" * 201}, "text_title"),
    ({"text_summary": "x" * 301}, "text_summary"),
    ({"slug": "no slug"}, "slug"),
    ({"kind": "party"}, "kind"),
    ({"source_language": "tlh"}, "source_language"),
    ({"published_at_0": "yesterday"}, "published_at"),
    ({"text_body": "nul\0l"}, "text_body"),
]


@pytest.mark.parametrize(
    ("wrong", "field"), BAD_ANNOUNCEMENTS, ids=[f"{f}-{n}" for n, (_, f) in enumerate(BAD_ANNOUNCEMENTS)]
)
def test_a_wrong_field_of_an_announcement_is_named(editor, wrong, field):
    answer = editor.post(reverse("admin:helpcenter_announcement_add"), announcement_form(**wrong))
    assert answer.status_code == 200
    assert field in answer.context["adminform"].form.errors
    assert Announcement.objects.count() == 0


@pytest.mark.parametrize("language", ["tlh", "xx", "zh_hans"])
def test_an_announcement_in_a_language_that_the_site_has_not_is_not_lost_silently(editor, language):
    answer = editor.post(reverse("admin:helpcenter_announcement_add"), announcement_form(text_language=language))
    saved = Announcement.objects.first()
    assert answer.status_code != 302 or (saved is not None and saved.languages() == ["en"])


def test_an_announcement_in_an_unknown_language_of_the_address_shows_its_source(editor):
    editor.post(reverse("admin:helpcenter_announcement_add"), announcement_form())
    page = editor.get(change("announcement", Announcement.objects.get().pk, "tlh"))
    assert page.context["adminform"].form["text_title"].value() == "Maintenance on Sunday"


def test_a_band_comes_and_goes_with_its_window(editor):
    window = {"is_band": "on", "published_at_0": "2020-01-01", "starts_at_0": "2020-01-01", "starts_at_1": "00:00"}
    editor.post(reverse("admin:helpcenter_announcement_add"), announcement_form(**window))
    assert "Maintenance on Sunday" in html(Client().get("/en/categories/none/"))
    pk = Announcement.objects.get().pk
    over = {**window, "ends_at_0": "2020-01-02", "ends_at_1": "00:00"}
    editor.post(change("announcement", pk), announcement_form(**over))
    assert "Maintenance on Sunday" not in html(Client().get("/en/categories/none/"))


def test_an_announcement_with_hostile_words_is_shown_as_text(editor):
    form = announcement_form(text_title=HOSTILE, text_body=HOSTILE, published_at_0="2020-01-01", is_band="on")
    editor.post(reverse("admin:helpcenter_announcement_add"), form)
    for page in (Client().get("/en/announcements/maintenance/"), editor.get(listed("announcement"))):
        assert not re.search(r"<script>alert|<img src=x", html(page))


# Categories


def category_form(**changes: object) -> dict[str, object]:
    names = {f"{name}_{code}": "" for name in ("name", "description") for code in CODES}
    return {**names, "slug": "fees", "name_en": "Fees", "parent": "", "position": 10, **changes}


CODES = ("en", "zh_hans", "zh_hant", "ja", "ko", "ru", "es", "fr", "pt_br", "tr", "vi", "ar")


def test_a_category_has_a_name_in_every_language(editor):
    names = {"name_zh_hans": "费用", "name_ar": "الرسوم", "name_ja": "手数料"}
    assert editor.post(reverse("admin:helpcenter_category_add"), category_form(**names)).status_code == 302
    row = Category.objects.get()
    assert (row.name_en, row.name_zh_hans, row.name_ar, row.name_ja) == ("Fees", "费用", "الرسوم", "手数料")


def test_a_category_may_be_named_in_one_language_only(editor):
    form = category_form(name_en="", name_ja="手数料")
    answer = editor.post(reverse("admin:helpcenter_category_add"), form)
    assert answer.status_code in (200, 302)
    if answer.status_code == 200:
        assert answer.context["adminform"].form.errors
    assert Client().get("/en/").status_code == 200


def test_the_tree_is_listed_parents_before_children(editor):
    trading = CategoryFactory(slug="trading", position=20)
    CategoryFactory(slug="account", position=10)
    CategoryFactory(slug="orders", parent=trading, position=5)
    listing = [row.slug for row in editor.get(listed("category")).context["cl"].result_list]
    assert listing == ["account", "trading", "orders"]


def chain(*names: str, parent: Category | None = None) -> list[Category]:
    rows = []
    for name in names:
        parent = CategoryFactory(slug=name, parent=parent)
        rows.append(parent)
    return rows


def test_a_fourth_level_is_refused(editor):
    *_, third = chain("one", "two", "three")
    answer = editor.post(reverse("admin:helpcenter_category_add"), category_form(parent=third.pk))
    assert "parent" in answer.context["adminform"].form.errors


def test_a_branch_cannot_be_hung_so_deep_that_its_leaves_are_on_a_fourth_level(editor):
    _, second = chain("one", "two")
    top, _ = chain("branch", "leaf")
    answer = editor.post(change("category", top.pk), category_form(slug="branch", parent=second.pk))
    assert answer.status_code == 200
    assert "parent" in answer.context["adminform"].form.errors


def test_a_category_cannot_be_its_own_ancestor(editor):
    first, _, third = chain("one", "two", "three")
    for parent in (first, third):
        answer = editor.post(change("category", first.pk), category_form(slug="one", parent=parent.pk))
        assert answer.context["adminform"].form.errors
    assert Category.objects.get(pk=first.pk).parent is None


def test_a_category_with_articles_is_not_deleted(administrator):
    article = ArticleFactory()
    client = signed_in(administrator)
    client.post(reverse("admin:helpcenter_category_delete", args=[article.category.pk]), {"post": "yes"})
    assert Category.objects.filter(pk=article.category.pk).exists()


def test_a_new_name_of_a_category_is_seen_at_once_and_the_old_one_is_kept_in_its_history(editor):
    article = ArticleFactory(texts={"en": "Text."})
    Client().get("/en/")
    form = category_form(slug=article.category.slug, name_en="Costs")
    assert editor.post(change("category", article.category.pk), form).status_code == 302
    assert "Costs" in html(Client().get("/en/"))
    assert article.category.history.count() == 2


# Pictures


def picture(width: int = 8, kind: str = "PNG", name: str = "a.png") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (width, 4), "teal").save(out, kind)
    return SimpleUploadedFile(name, out.getvalue(), content_type="text/html")


def picture_form(**changes: object) -> dict[str, object]:
    return {
        "name": "a.png",
        "language": "en",
        "file": picture(),
        "files-TOTAL_FORMS": 0,
        "files-INITIAL_FORMS": 0,
        **changes,
    }


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_picture_is_taken_in(editor, kind):
    answer = editor.post(reverse("admin:helpcenter_picture_add"), picture_form(file=picture(kind=kind)))
    assert answer.status_code == 302
    row = PictureFile.objects.get()
    assert (row.picture.name, row.language, row.width, row.height) == ("a.png", "en", 8, 4)


def test_a_picture_gets_a_file_per_language_and_a_new_one_replaces_the_old(editor):
    editor.post(reverse("admin:helpcenter_picture_add"), picture_form())
    pk = Picture.objects.get().pk
    counts = {"files-TOTAL_FORMS": 1, "files-INITIAL_FORMS": 1, "files-0-id": PictureFile.objects.get().pk}
    for language, width in (("ja", 20), ("en", 30)):
        form = picture_form(language=language, file=picture(width), **counts, **{"files-0-picture": pk})
        assert editor.post(change("picture", pk), form).status_code == 302
    assert sorted(PictureFile.objects.values_list("language", "width")) == [("en", 30), ("ja", 20)]


NO_PICTURES = {
    "a page": b"<html><script>alert(1)</script></html>",
    "a drawing": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "words": "我的照片".encode(),
    "a cut picture": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    "a program": b"MZ\x90\x00\x03",
}


@pytest.mark.parametrize("content", NO_PICTURES.values(), ids=NO_PICTURES)
def test_what_is_no_picture_is_refused_in_words(editor, content):
    upload = SimpleUploadedFile("a.png", content, content_type="image/png")
    answer = editor.post(reverse("admin:helpcenter_picture_add"), picture_form(file=upload))
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors["file"]
    assert Picture.objects.count() == 0


def test_a_picture_without_a_file_or_with_a_taken_name_is_refused(editor):
    editor.post(reverse("admin:helpcenter_picture_add"), picture_form())
    again = editor.post(reverse("admin:helpcenter_picture_add"), picture_form())
    assert "name" in again.context["adminform"].form.errors
    empty = editor.post(reverse("admin:helpcenter_picture_add"), picture_form(name="b.png", file=""))
    assert "file" in empty.context["adminform"].form.errors


def test_a_new_file_is_shown_where_the_picture_is_used(editor):
    editor.post(reverse("admin:helpcenter_picture_add"), picture_form())
    article = ArticleFactory(texts={"en": "![A chart](pictures/a.png)"})
    before = PictureFile.objects.get().digest
    assert before in stored(article, "html", "en")
    row = PictureFile.objects.get()
    counts = {"files-TOTAL_FORMS": 1, "files-INITIAL_FORMS": 1, "files-0-id": row.pk, "files-0-picture": row.picture_id}
    editor.post(change("picture", row.picture_id), picture_form(file=picture(640), **counts))
    assert before not in stored(article, "html", "en")
    assert PictureFile.objects.get().digest in stored(article, "html", "en")


# What operators and editors tune


@pytest.mark.parametrize("typed", ["强平, 爆仓", "强平,爆仓,", "  强平 ,爆仓 , 强平"])
def test_synonyms_are_stored_without_doubles_and_blanks(editor, typed):
    answer = editor.post(reverse("admin:helpcenter_synonym_add"), {"language": "zh-hans", "words": typed})
    assert answer.status_code == 302
    assert Synonym.objects.get().terms() == ["强平", "爆仓"]


@pytest.mark.parametrize("typed", ["", "alone", "alone,", ",,,", " , ", "x" * 401, "a, b\0"])
def test_synonyms_that_mean_nothing_are_refused(editor, typed):
    answer = editor.post(reverse("admin:helpcenter_synonym_add"), {"language": "", "words": typed})
    assert "words" in answer.context["adminform"].form.errors
    assert Synonym.objects.count() == 0


@pytest.mark.parametrize("typed", ["强平，爆仓", "強平、爆倉", "رسوم، عمولة"])
def test_synonyms_may_be_parted_by_the_comma_of_their_language(editor, typed):
    editor.post(reverse("admin:helpcenter_synonym_add"), {"language": "", "words": typed})
    assert [len(row.terms()) for row in Synonym.objects.all()] == [2]


def test_the_same_synonyms_twice_are_an_error_of_the_form(editor):
    form = {"language": "en", "words": "fee, cost"}
    editor.post(reverse("admin:helpcenter_synonym_add"), form)
    assert editor.post(reverse("admin:helpcenter_synonym_add"), form).status_code == 200
    assert Synonym.objects.count() == 1


def test_synonyms_of_an_unknown_language_are_refused(editor):
    answer = editor.post(reverse("admin:helpcenter_synonym_add"), {"language": "tlh", "words": "a, b"})
    assert "language" in answer.context["adminform"].form.errors


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ('["zh-hant", "en"]', ["zh-hant", "en"]),
        ("[]", []),
        ('["tlh"]', None),
        ('["zh-hans"]', None),
        ('"en"', None),
        ("{}", None),
        ("[1]", None),
        ("[[]]", None),
        ("en", None),
        ("null", None),
    ],
)
def test_fallbacks_of_a_language_are_codes_of_other_languages(administrator, typed, expected):
    row = SiteLanguage.objects.get(code="zh-hans")
    before = row.fallbacks
    form = {"is_public": "on", "fallbacks": typed, "position": row.position}
    answer = signed_in(administrator).post(change("sitelanguage", row.pk), form)
    assert answer.status_code == (200 if expected is None else 302)
    assert SiteLanguage.objects.get(pk=row.pk).fallbacks == (before if expected is None else expected)


def test_a_language_needs_no_fallbacks(administrator):
    row = SiteLanguage.objects.get(code="ja")
    form = {"is_public": "on", "fallbacks": "", "position": row.position}
    assert signed_in(administrator).post(change("sitelanguage", row.pk), form).status_code == 302
    assert SiteLanguage.objects.get(pk=row.pk).fallbacks == []


def test_a_language_that_is_switched_off_is_gone_at_once(administrator):
    row = SiteLanguage.objects.get(code="ko")
    assert Client().get("/ko/").status_code == 200
    form = {"fallbacks": json.dumps(row.fallbacks), "position": row.position}
    signed_in(administrator).post(change("sitelanguage", row.pk), form)
    assert Client().get("/ko/").status_code == 302


@pytest.mark.parametrize("typed", ["https://partner.example/", "partner.example/path", "two words", "", "a..b"])
def test_a_link_host_is_a_host_and_nothing_else(editor, typed):
    editor.post(reverse("admin:helpcenter_linkhost_add"), {"host": typed})
    assert list(LinkHost.objects.values_list("host", flat=True)) in ([], ["partner.example"])


@pytest.mark.parametrize("typed", ["partner.example", "PARTNER.example"])
def test_links_to_a_host_that_was_allowed_are_no_finding(editor, typed):
    assert editor.post(reverse("admin:helpcenter_linkhost_add"), {"host": typed}).status_code == 302
    save_text(ArticleFactory(), "en", "[x](https://docs.Partner.example/x)")
    assert Finding.objects.count() == 0


# Records


def test_a_second_person_accepts_a_finding_with_a_reason(editor, other_editor):
    article = ArticleFactory()
    revision = save_text(article, "en", f"Key {SECRET}.", by=other_editor)
    finding = Finding.objects.get()
    answer = editor.post(change("finding", finding.pk), {"reason": "a published test vector"})
    assert answer.status_code == 302
    publishing.publish(revision, by=other_editor)
    assert stored(article, "title", "en")


def test_nobody_accepts_what_they_wrote_or_without_a_reason(editor, content_editor):
    save_text(ArticleFactory(), "en", f"Key {SECRET}.", by=content_editor)
    finding = Finding.objects.get()
    answer = editor.post(change("finding", finding.pk), {"reason": "I know what I do"}, follow=True)
    assert any("Somebody else" in word for word in words(answer))
    assert "reason" in editor.post(change("finding", finding.pk), {"reason": ""}).context["adminform"].form.errors
    assert Finding.objects.open().count() == 1


def test_a_finding_that_was_refused_is_not_announced_as_changed(editor, content_editor):
    save_text(ArticleFactory(), "en", f"Key {SECRET}.", by=content_editor)
    answer = editor.post(change("finding", Finding.objects.get().pk), {"reason": "I know what I do"}, follow=True)
    assert not any("successfully" in word for word in words(answer))


def test_the_secret_itself_is_in_no_record_but_the_text(editor):
    save_text(ArticleFactory(), "en", f"Key {SECRET}.")
    for url in (listed("finding"), change("finding", Finding.objects.get().pk), listed("contentevent")):
        assert SECRET not in html(editor.get(url))


def fill(count: int) -> None:
    """`count` rows of everything that has a list."""
    now = timezone.now()
    start = Article.objects.count()
    for number in range(start, start + count):
        article = ArticleFactory(texts={"en": "Text."})
        Feedback.objects.create(
            article=article, language="en", helpful=False, reason="hard", comment="?", address_hash=f"{number}", day=now
        )
        SearchLog.objects.create(
            token=f"{number}", query="fees", language="en", hits=1, stage=Stage.ALL_WORDS, clicked=article
        )
        Finding.objects.create(
            revision=article.revisions.first(), kind=FindingKind.LINK_HOST, detail=f"{number}.example"
        )
        announcement = Announcement.objects.create(slug=f"news-{number}", title_en="News", published_at=now)
        ContentEvent.objects.create(kind=EventKind.ANNOUNCED, announcement=announcement)
        Tag.objects.create(slug=f"tag-{number}")
        LinkHost.objects.create(host=f"{number}.example")
        Synonym.objects.create(words=f"a{number}, b")
        PopularSearch.objects.create(text_en=f"query {number}", position=number)
        Picture.objects.create(name=f"{number}.png")


LISTS = (
    "article",
    "announcement",
    "category",
    "tag",
    "picture",
    "synonym",
    "linkhost",
    "popularsearch",
    "sitelanguage",
    "revision",
    "finding",
    "feedback",
    "searchlog",
    "contentevent",
)


def queries_of(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_lists_of_thirty_take_the_queries_of_lists_of_three(administrator):
    client = signed_in(administrator)
    fill(3)
    few = {model: queries_of(client, listed(model)) for model in LISTS}
    fill(27)
    assert {model: queries_of(client, listed(model)) for model in LISTS} == few
    assert max(few.values()) <= 15


def test_an_article_with_thirty_of_everything_takes_the_queries_of_one_with_three(editor):
    fill(1)
    article = Article.objects.get()

    def grow(count: int) -> None:
        for number in range(count):
            other = ArticleFactory()
            article.tag_rows.create(tag=Tag.objects.create(slug=f"own-{other.pk}"), position=number)
            article.related_rows.create(to=other, position=number)
            publish_text(article, "en", f"Text {other.pk}")

    grow(3)
    few = queries_of(editor, change("article", article.pk, "ja"))
    grow(27)
    assert queries_of(editor, change("article", article.pk, "ja")) == few


@pytest.mark.parametrize("result", ["nothing", "foreign", "poem", ""])
def test_searches_are_filtered_by_what_they_found(editor, result):
    for stage in (Stage.NOTHING, Stage.OTHER_LANGUAGE, Stage.ALL_WORDS):
        SearchLog.objects.create(token=stage, query=stage, language="en", hits=0, stage=stage)
    rows = editor.get(listed("searchlog"), {"result": result}).context["cl"].result_list
    expected = {"nothing": {"nothing"}, "foreign": {"other_language"}}
    assert {row.stage for row in rows} == expected.get(result, {"nothing", "other_language", "all_words"})


def test_what_readers_wrote_is_shown_as_text(editor):
    article = ArticleFactory(texts={"en": "x"})
    Feedback.objects.create(article=article, language="en", helpful=False, comment=HOSTILE, day=timezone.now())
    SearchLog.objects.create(token="t", query=HOSTILE, language="en", hits=0, stage=Stage.NOTHING)
    for model, row in (("feedback", Feedback.objects.get()), ("searchlog", SearchLog.objects.get())):
        for url in (listed(model), change(model, row.pk)):
            assert not re.search(r"<script>alert|<img src=x", html(editor.get(url)))


# What every page of the admin keeps to


class Inline(HTMLParser):
    """What a strict content security policy would refuse."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        names = dict(attrs)
        self.found += [f"<{tag} {name}>" for name in names if name == "style" or name.startswith("on")]
        runs = tag == "script" and names.get("type", "text/javascript") in ("text/javascript", "module", "")
        self.inside = tag if tag == "style" or (runs and "src" not in names) else ""
        address = names.get("src") or (names.get("href") if tag == "link" else "") or ""
        self.found += [address] if address.startswith(("http:", "https:", "//", "javascript:")) else []

    def handle_data(self, data):
        self.found += [f"<{self.inside}>{data.strip()[:60]}"] if self.inside and data.strip() else []

    def handle_endtag(self, tag):
        self.inside = ""


def all_pages() -> list[str]:
    fill(1)
    article = Article.objects.get()
    save_text(article, "en", f"{SECRET} [x](https://e.example)")
    pages = [reverse("admin:index"), reverse("admin:password_change"), unpublishing(article.pk, "en"), preview(article)]
    for model in admin.site._registry:
        name, row = f"{model._meta.app_label}_{model._meta.model_name}", model.objects.first()
        pages += [reverse(f"admin:{name}_changelist"), reverse(f"admin:{name}_add")]
        pages += [reverse(f"admin:{name}_{screen}", args=[row.pk]) for screen in ("change", "history", "delete") if row]
    return pages


def test_no_page_of_the_admin_holds_anything_that_the_policy_refuses(administrator):
    client = signed_in(administrator)
    refused, seen = {}, 0
    for url in [*all_pages(), *(change("article", Article.objects.get().pk, code) for code in ("ja", "ar"))]:
        answer = client.get(url)
        assert answer.status_code in (200, 403), url
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        seen += answer.status_code == 200
        if found := Inline(html(answer)).found:
            refused[url] = found
    assert refused == {}
    assert seen > 50


def test_the_login_page_holds_nothing_that_the_policy_refuses():
    answer = Client().get(reverse("admin:login"))
    assert Inline(html(answer)).found == []
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("language", ["en", "zh-hans", "ja", "ko", "ar"])
def test_the_admin_speaks_the_language_of_the_browser(editor, language):
    page = html(editor.get(reverse("admin:index"), headers={"Accept-Language": language}))
    assert f'lang="{language}"' in page
    assert (f'dir="{"rtl" if language == "ar" else "ltr"}"') in page


@pytest.mark.parametrize("language", ["zh-hans", "ar"])
def test_every_page_of_the_admin_is_drawn_in_other_languages(administrator, language):
    client = signed_in(administrator)
    for url in all_pages():
        assert client.get(url, headers={"Accept-Language": language}).status_code in (200, 403), url


def test_pages_of_the_admin_are_never_kept(editor):
    for url in (reverse("admin:index"), listed("article"), change("article", ArticleFactory().pk)):
        assert "no-store" in editor.get(url).headers["Cache-Control"]


def test_a_preview_is_never_kept_either(editor):
    article = ArticleFactory(texts={"en": "Text."})
    save_text(article, "en", "Draft.")
    assert "no-store" in editor.get(preview(article)).headers["Cache-Control"]


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_a_change_needs_a_token_of_our_own_form(content_editor, method):
    article = ArticleFactory(texts={"en": "Text."})
    client = Client(enforce_csrf_checks=True)
    client.force_login(content_editor)
    for url in (change("article", article.pk), unpublishing(article.pk, "en"), listed("article")):
        assert getattr(client, method)(url, {}).status_code in (403, 405)
    assert stored(article, "title", "en")


def test_the_moment_of_an_announcement_makes_pages_new_when_it_comes(editor):
    """Its rows are owed to the outbox with the moment as their time."""
    later = (timezone.now() + timedelta(days=2)).replace(second=0, microsecond=0)
    when = {"published_at_0": f"{later:%Y-%m-%d}", "published_at_1": f"{later:%H:%M}"}
    editor.post(reverse("admin:helpcenter_announcement_add"), announcement_form(**when))
    assert ContentEvent.objects.filter(kind=EventKind.INSTANT, at=later).count() == 1
