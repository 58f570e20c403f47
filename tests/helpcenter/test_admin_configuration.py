"""Announcements, categories, pictures, synonyms, languages: what editors and operators change in the admin."""

import json
import re
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from helpcenter import freshness
from helpcenter.actions import publishing
from helpcenter.models import (
    Announcement,
    Category,
    Finding,
    LinkHost,
    Picture,
    PictureFile,
    PopularSearch,
    SiteLanguage,
    Synonym,
)
from tests.helpcenter.admin_forms import (
    HOSTILE,
    SECRET,
    announcement_form,
    category_form,
    change,
    html,
    listed,
    picture,
    picture_form,
    signed_in,
    tabs,
)
from tests.helpcenter.factories import ArticleFactory, CategoryFactory, save_text, stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(content_editor) -> Client:
    return signed_in(content_editor)


# Announcements


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


def test_who_saves_an_announcement_over_another_is_told_first_and_loses_nothing(editor):
    editor.post(reverse("admin:helpcenter_announcement_add"), announcement_form())
    address = change("announcement", Announcement.objects.get().pk)
    seen = editor.get(address).context["adminform"].form["seen"].value()
    assert editor.post(address, announcement_form(text_body="Theirs.", seen=seen)).status_code == 302
    refused = editor.post(address, announcement_form(text_body="Mine.", seen=seen))
    form = refused.context["adminform"].form
    assert form.non_field_errors()
    assert form["text_body"].value() == "Mine."
    assert Announcement.objects.get().body_en == "Theirs."
    again = announcement_form(text_body="Mine.", seen=form["seen"].value())
    assert editor.post(address, again).status_code == 302
    assert Announcement.objects.get().body_en == "Mine."


def test_an_announcement_in_an_unknown_language_of_the_address_shows_its_source(editor):
    editor.post(reverse("admin:helpcenter_announcement_add"), announcement_form())
    page = editor.get(change("announcement", Announcement.objects.get().pk, "tlh"))
    assert page.context["adminform"].form["text_title"].value() == "Maintenance on Sunday"


@pytest.mark.parametrize(("language", "expected"), [("ar", ("ar", "rtl")), ("zh-hans", ("zh-Hans", "ltr"))])
def test_an_announcement_is_typed_in_the_direction_of_its_language(editor, language, expected):
    page = editor.get(reverse("admin:helpcenter_announcement_add"), {"language": language})
    for name in ("text_title", "text_summary", "text_body"):
        attributes = page.context["adminform"].form.fields[name].widget.attrs
        assert (attributes["lang"], attributes["dir"]) == expected


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


@pytest.mark.parametrize(("name", "typed"), [("text_body", f"My key is {SECRET}."), ("text_title", SECRET)])
def test_an_announcement_that_holds_a_secret_is_an_error_of_the_form(editor, name, typed):
    answer = editor.post(reverse("admin:helpcenter_announcement_add"), announcement_form(**{name: typed}))
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors
    assert answer.context["adminform"].form[name].value() == typed
    assert Announcement.objects.count() == 0


def test_an_announcement_is_withdrawn_by_taking_its_moment_away(editor):
    editor.post(reverse("admin:helpcenter_announcement_add"), announcement_form(published_at_0="2020-01-01"))
    never = announcement_form(published_at_0="", published_at_1="")
    assert editor.post(change("announcement", Announcement.objects.get().pk), never).status_code == 302
    assert Client().get("/en/announcements/maintenance/").status_code == 404


def test_an_announcement_is_deleted_by_nobody_for_its_events_stay(editor, administrator):
    editor.post(reverse("admin:helpcenter_announcement_add"), announcement_form())
    row, client = Announcement.objects.get(), signed_in(administrator)
    url = reverse("admin:helpcenter_announcement_delete", args=[row.pk])
    assert client.post(url, {"post": "yes"}).status_code == 403
    client.post(listed("announcement"), {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})
    assert Announcement.objects.count() == 1


def test_who_may_only_look_reads_an_announcement(editor, translator):
    editor.post(reverse("admin:helpcenter_announcement_add"), announcement_form(text_summary="In short."))
    translator.user_permissions.add(Permission.objects.get(codename="view_announcement"))
    page = html(signed_in(translator).get(change("announcement", Announcement.objects.get().pk)))
    for part in ("Maintenance on Sunday", "In short.", "We pause **trading** for an hour."):
        assert part in page


# Categories


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


def test_branches_stay_together_where_two_siblings_have_one_position():
    for name in ("b", "a"):
        top = CategoryFactory(slug=name, position=10)
        CategoryFactory(slug=f"{name}-child", parent=top, position=10)
    assert [row.slug for row in Category.objects.in_order()] == ["a", "a-child", "b", "b-child"]


def test_positions_are_numbers_also_with_a_different_count_of_digits():
    for position in (100, 20, 3):
        CategoryFactory(slug=f"at-{position}", position=position)
    assert [row.slug for row in Category.objects.in_order()] == ["at-3", "at-20", "at-100"]


def test_the_tree_is_sorted_by_a_column_on_wish(editor):
    trading = CategoryFactory(slug="trading")
    CategoryFactory(slug="account", parent=trading)
    rows = editor.get(listed("category"), {"o": "1"}).context["cl"].result_list
    assert [row.slug for row in rows] == ["account", "trading"]


def test_the_tree_is_named_in_the_language_of_the_person(editor):
    CategoryFactory(name_en="Fees", name_zh_hans="费用")
    assert "费用" in html(editor.get(listed("category"), headers={"Accept-Language": "zh-hans"}))


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


@pytest.mark.parametrize("parent", ["x", "4711", "9" * 30, "-1"])
def test_a_parent_that_is_not_there_is_an_error_of_the_form(editor, parent):
    answer = editor.post(reverse("admin:helpcenter_category_add"), category_form(parent=parent))
    assert "parent" in answer.context["adminform"].form.errors


def test_a_branch_cannot_be_hung_so_deep_that_its_leaves_are_on_a_fourth_level(editor):
    _, second = chain("one", "two")
    top, _ = chain("branch", "leaf")
    answer = editor.post(change("category", top.pk), category_form(slug="branch", parent=second.pk))
    assert answer.status_code == 200
    assert "parent" in answer.context["adminform"].form.errors


def test_a_branch_is_hung_where_its_leaves_are_on_the_third_level(editor):
    (one,) = chain("one")
    top, _ = chain("branch", "leaf")
    answer = editor.post(change("category", top.pk), category_form(slug="branch", parent=one.pk))
    assert answer.status_code == 302


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


def test_a_picture_that_readers_see_is_not_deleted(editor, administrator):
    editor.post(reverse("admin:helpcenter_picture_add"), picture_form())
    article = ArticleFactory(texts={"en": "![A chart](pictures/a.png)"})
    url = reverse("admin:helpcenter_picture_delete", args=[Picture.objects.get().pk])
    client = signed_in(administrator)
    assert client.post(url, {"post": "yes"}).status_code == 403
    publishing.unpublish(article, "en", by=None)
    assert client.post(url, {"post": "yes"}).status_code == 302
    assert Picture.objects.count() == 0


@pytest.mark.parametrize("width", [1, 9, 10, 481, 3000])
def test_a_picture_of_any_width_is_shown_to_readers(editor, width):
    editor.post(reverse("admin:helpcenter_picture_add"), picture_form(file=picture(width)))
    ArticleFactory(slug="chart", texts={"en": "![A chart](pictures/a.png)"})
    page = html(Client().get("/en/articles/chart/"))
    addresses = set(re.findall(r"/en/pictures/[^\s\"]+", page))
    assert addresses
    assert {address: Client().get(address).status_code for address in addresses} == dict.fromkeys(addresses, 200)


# What operators and editors tune


@pytest.mark.parametrize("typed", ["强平, 爆仓", "强平,爆仓,", "  强平 ,爆仓 , 强平"])
def test_synonyms_are_stored_without_doubles_and_blanks(editor, typed):
    answer = editor.post(reverse("admin:helpcenter_synonym_add"), {"language": "zh-hans", "words": typed})
    assert answer.status_code == 302
    assert Synonym.objects.get().terms() == ["强平", "爆仓"]


def test_synonyms_may_hold_one_way(editor):
    typed = {"language": "en", "words": "die ,kids,die=> testament、 will"}
    assert editor.post(reverse("admin:helpcenter_synonym_add"), typed).status_code == 302
    synonym = Synonym.objects.get()
    assert synonym.words == "die, kids => testament, will"
    assert synonym.sides() == (["die", "kids"], ["testament", "will"])


NOTHING = ["", "alone", "alone,", ",,,", " , ", "x" * 401, "a, b\0", "a, b =>", "=> a, b", "a => a", "a => b => c"]


@pytest.mark.parametrize("typed", NOTHING)
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


def test_an_order_that_was_dragged_is_seen_at_once(administrator):
    client = signed_in(administrator)
    for name, rows in (
        ("sitelanguage", SiteLanguage.objects.order_by("position")),
        ("popularsearch", [PopularSearch.objects.create(text_en=text, position=n) for n, text in enumerate("ab")]),
    ):
        first, second = rows[:2]
        before = freshness.stored_number()
        data = {"updatedItems": [[str(first.pk), second.position], [str(second.pk), first.position]]}
        url = reverse(f"admin:helpcenter_{name}_sortable_update")
        assert client.post(url, data, content_type="application/json").status_code == 200
        assert freshness.stored_number() > before


@pytest.mark.parametrize("body", ["", "{}", "[]", '{"updatedItems": [["4711", 1]]}', '{"updatedItems": [["1", -5]]}'])
def test_an_order_that_makes_no_sense_is_refused(administrator, body):
    before = list(SiteLanguage.objects.order_by("pk").values_list("position", flat=True))
    url = reverse("admin:helpcenter_sitelanguage_sortable_update")
    assert signed_in(administrator).post(url, body, content_type="application/json").status_code == 400
    assert list(SiteLanguage.objects.order_by("pk").values_list("position", flat=True)) == before


@pytest.mark.parametrize("typed", ["https://partner.example/", "partner.example/path", "two words", "", "a..b"])
def test_a_link_host_is_a_host_and_nothing_else(editor, typed):
    editor.post(reverse("admin:helpcenter_linkhost_add"), {"host": typed})
    assert list(LinkHost.objects.values_list("host", flat=True)) in ([], ["partner.example"])


@pytest.mark.parametrize("typed", ["partner.example", "PARTNER.example"])
def test_links_to_a_host_that_was_allowed_are_no_finding(editor, typed):
    assert editor.post(reverse("admin:helpcenter_linkhost_add"), {"host": typed}).status_code == 302
    save_text(ArticleFactory(), "en", "[x](https://docs.Partner.example/x)")
    assert Finding.objects.count() == 0


def test_who_switches_a_language_off_is_told_what_becomes_of_its_texts(administrator):
    article = ArticleFactory(texts={"en": "Text.", "ko": "Text."})
    save_text(article, "ko", "A draft.")
    ArticleFactory(texts={"en": "Text.", "ko": "Text."})
    save_text(ArticleFactory(texts={"en": "Text."}), "ko", "Never public.")
    row = SiteLanguage.objects.get(code="ko")
    form = {"fallbacks": ""}
    page = html(signed_in(administrator).post(change("sitelanguage", row.pk), form, follow=True))
    assert "한국어 is off" in page
    assert "2 public ones, 2 drafts, 0 planned" in page
    again = html(signed_in(administrator).post(change("sitelanguage", row.pk), form, follow=True))
    assert "is off" not in again, "said once"
