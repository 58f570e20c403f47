"""An announcement is written language by language, shown in its window, and withdrawn but never deleted."""

import re
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from helpcenter.models import Announcement
from tests.helpcenter.admin_forms import HOSTILE, SECRET, announcement_form, change, html, listed, signed_in, tabs

pytestmark = pytest.mark.django_db


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
