"""The article screens: one language at a time beside its source, and nothing that somebody typed is lost."""

import re

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from helpcenter import freshness
from helpcenter.actions import drafting, publishing
from helpcenter.enums import EventKind
from helpcenter.errors import InvalidText
from helpcenter.models import (
    Article,
    ContentEvent,
    Finding,
    Revision,
    Tag,
    TranslationState,
)
from tests.helpcenter.admin_forms import (
    HOSTILE,
    SECRET,
    TEXTS,
    article_form,
    change,
    html,
    listed,
    preview,
    signed_in,
    tabs,
    unpublishing,
    words,
)
from tests.helpcenter.factories import ArticleFactory, CategoryFactory, publish_text, save_text, stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(content_lead) -> Client:
    return signed_in(content_lead)


@pytest.fixture
def editor(content_editor) -> Client:
    return signed_in(content_editor)


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


# Articles: who may only translate or only look


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


# Preview and unpublishing


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


# The archive


def archiving(article: Article) -> str:
    return reverse("admin:helpcenter_article_archive", args=[article.pk])


def test_an_article_is_retired_with_its_successor(editor):
    old, new = (ArticleFactory(texts={"en": "Text."}) for _ in range(2))
    assert html(editor.get(archiving(old))).count("successor") > 0
    answer = editor.post(archiving(old), {"successor": new.pk})
    assert answer.headers["Location"] == change("article", old.pk)
    assert new.slug in html(editor.get(change("article", old.pk)))
    page = Client().get(f"/en/articles/{old.slug}/")
    assert (page.status_code, f"/en/articles/{new.slug}/" in html(page)) == (410, True)


def test_an_article_needs_no_successor(editor):
    article = ArticleFactory(texts={"en": "Text."})
    assert editor.post(archiving(article), {"successor": ""}).status_code == 302
    assert Client().get(f"/en/articles/{article.slug}/").status_code == 410


def test_a_successor_is_named_later_and_the_moment_of_archiving_stays(editor):
    old, new = (ArticleFactory(texts={"en": "Text."}) for _ in range(2))
    editor.post(archiving(old), {})
    moment = Article.objects.get(pk=old.pk).archived_at
    editor.post(archiving(old), {"successor": new.pk})
    after = Article.objects.get(pk=old.pk)
    assert (after.successor_id, after.archived_at) == (new.pk, moment)


def test_archiving_from_the_list_keeps_the_successor_of_what_is_archived(editor):
    old, new = (ArticleFactory(texts={"en": "Text."}) for _ in range(2))
    publishing.archive(old, by=None, successor=new)
    editor.post(listed("article"), selected("archive_selected", old))
    assert Article.objects.get(pk=old.pk).successor_id == new.pk


@pytest.mark.parametrize("wrong", ["itself", "archived", "missing", "nonsense"])
def test_a_successor_that_readers_could_not_read_is_refused(editor, wrong):
    article, archived = (ArticleFactory(texts={"en": "Text."}) for _ in range(2))
    publishing.archive(archived, by=None)
    typed = {"itself": article.pk, "archived": archived.pk, "missing": 4711, "nonsense": "x"}[wrong]
    answer = editor.post(archiving(article), {"successor": typed})
    assert answer.status_code == 200
    assert "successor" in answer.context["form"].errors
    assert Article.objects.get(pk=article.pk).archived_at is None


def test_a_retired_article_is_brought_back(editor):
    old, new = (ArticleFactory(texts={"en": "Text."}) for _ in range(2))
    publishing.archive(old, by=None, successor=new)
    assert "_restore" in html(editor.get(archiving(old)))
    assert editor.post(archiving(old), {"_restore": "1"}).status_code == 302
    assert Client().get(f"/en/articles/{old.slug}/").status_code == 200
    assert Article.objects.get(pk=old.pk).successor is None


def test_archiving_an_article_that_is_not_there_is_not_found(editor):
    assert editor.get(reverse("admin:helpcenter_article_archive", args=[4711])).status_code == 404


def test_articles_are_filtered_by_whether_they_are_archived(editor):
    publishing.archive(ArticleFactory(slug="old"), by=None)
    ArticleFactory(slug="new")
    assert slugs(editor.get(listed("article"), {"archived": "yes"})) == ["old"]
    assert slugs(editor.get(listed("article"))) == ["new", "old"]


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
