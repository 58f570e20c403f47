"""Alerts about risk and fraud: a second person reads them before readers do, and every later change of one."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from helpcenter import freshness
from helpcenter.actions.announcing import (
    AnnouncementText,
    approve_announcement,
    changes_waiting,
    dead_links,
    discard_pending,
    save_announcement,
)
from helpcenter.errors import NotAllowedNow, StaleDraft
from helpcenter.models import Announcement, ContentEvent
from supportdesk.accounts.models import Notice
from supportdesk.outbox import delivery
from supportdesk.ui.languages import column
from tests.helpcenter.admin_forms import html, signed_in
from tests.helpcenter.factories import ArticleFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
PUBLIC = ("/en/", "/en/announcements/", "/en/announcements/alert/", "/en/announcements/feed/", "/sitemap.xml")
ALERTS = ("phishing", "market_risk")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def alert(by, kind="phishing", title="Fake calls reported", **fields):
    fields = {"slug": "alert", "is_band": True, "published_at": NOW - timedelta(hours=1), **fields}
    found = Announcement(kind=kind, **fields)
    return save_announcement(found, {"en": AnnouncementText(title, "", "Hang up.")}, by=by)


def change(announcement, title, by, **fields):
    fresh = Announcement.objects.rewrite(False).get(pk=announcement.pk)
    for name, value in fields.items():
        setattr(fresh, name, value)
    return save_announcement(fresh, {"en": AnnouncementText(title, "", "Hang up.")}, by=by)


def seen_by_readers(client, words):
    freshness.forget()
    return [path for path in PUBLIC if words in client.get(path).content.decode()]


@pytest.mark.parametrize("kind", ALERTS)
def test_readers_see_an_alert_once_a_second_person_has_approved_it(client, content_editor, other_editor, kind):
    found = alert(content_editor, kind)
    assert seen_by_readers(client, "Fake calls") == []
    assert client.get("/en/announcements/alert/").status_code == 404
    assert "announcements/alert" not in client.get("/sitemap.xml").content.decode()
    approve_announcement(found, by=other_editor)
    assert len(seen_by_readers(client, "Fake calls")) == 4  # the sitemap names no titles
    assert "/sitemap.xml" in seen_by_readers(client, "announcements/alert/")


@pytest.mark.parametrize("kind", ["announcement", "maintenance", "incident"])
def test_other_kinds_wait_for_nobody(client, content_editor, kind):
    alert(content_editor, kind)
    assert seen_by_readers(client, "Fake calls")


def test_nobody_approves_their_own_alert(content_editor, content_lead):
    for writer in (content_editor, content_lead):
        found = alert(writer, slug=f"alert-{writer.pk}")
        with pytest.raises(PermissionDenied, match="Somebody else"):
            approve_announcement(found, by=writer)
        assert not Announcement.objects.get(pk=found.pk).is_cleared


def test_approving_needs_its_right(content_editor, translator, agent):
    found = alert(content_editor)
    for person in (translator, agent):
        with pytest.raises(PermissionDenied):
            approve_announcement(found, by=person)


def test_a_change_of_a_public_alert_waits_and_readers_keep_what_was_approved(client, content_editor, other_editor):
    found = alert(content_editor)
    approve_announcement(found, by=other_editor)
    change(found, "Fake mails reported", other_editor)
    assert seen_by_readers(client, "Fake calls")
    assert not seen_by_readers(client, "Fake mails")
    with pytest.raises(PermissionDenied):
        approve_announcement(found, by=other_editor)
    approve_announcement(found, by=content_editor)
    assert seen_by_readers(client, "Fake mails")
    assert not seen_by_readers(client, "Fake calls")


def test_a_later_change_goes_on_from_the_one_that_waits(content_editor, other_editor, content_lead):
    found = alert(content_editor)
    approve_announcement(found, by=other_editor)
    change(found, "Second", content_editor)
    ends = NOW + timedelta(days=1)
    change(found, "Third", other_editor, ends_at=ends)
    approve_announcement(found, by=content_lead)
    found = Announcement.objects.rewrite(False).get(pk=found.pk)
    assert (found.title_en, found.ends_at, found.pending) == ("Third", ends, None)


def test_news_that_become_an_alert_stay_news_until_somebody_else_has_read_it(client, content_editor, other_editor):
    found = alert(content_editor, "announcement")
    change(found, "Fake calls reported", content_editor, kind="phishing")
    assert Announcement.objects.get(pk=found.pk).kind == "announcement"
    assert seen_by_readers(client, "Fake calls")
    approve_announcement(found, by=other_editor)
    assert Announcement.objects.get(pk=found.pk).kind == "phishing"


def test_an_alert_cannot_become_news_without_a_second_person(content_editor, other_editor):
    found = alert(content_editor)
    approve_announcement(found, by=other_editor)
    change(found, "Everything is fine", content_editor, kind="announcement")
    assert Announcement.objects.get(pk=found.pk).kind == "phishing"


def test_a_change_can_be_forgotten(client, content_editor, other_editor):
    found = alert(content_editor)
    approve_announcement(found, by=other_editor)
    change(found, "Fake mails reported", content_editor)
    discard_pending(found, by=content_editor)
    assert Announcement.objects.get(pk=found.pk).pending is None
    assert seen_by_readers(client, "Fake calls")
    with pytest.raises(NotAllowedNow):
        discard_pending(found, by=content_editor)


def test_what_was_approved_already_is_not_approved_again(content_editor, other_editor):
    found = alert(content_editor)
    approve_announcement(found, by=other_editor)
    with pytest.raises(NotAllowedNow, match="Nothing of this announcement waits"):
        approve_announcement(found, by=other_editor)


def test_approving_a_text_that_was_changed_meanwhile_is_refused(clock, content_editor, other_editor):
    found = alert(content_editor)
    seen = found.updated_at.isoformat()
    clock.shift(60)
    change(found, "Fake mails reported", content_editor)
    with pytest.raises(StaleDraft):
        approve_announcement(found, by=other_editor, seen=seen)


def test_the_change_that_waits_is_named_field_by_field(content_editor, other_editor):
    found = alert(content_editor)
    approve_announcement(found, by=other_editor)
    change(found, "Fake mails reported", content_editor, ends_at=NOW + timedelta(hours=5))
    rows = {before: after for _, before, after in changes_waiting(found)}
    assert rows == {"Fake calls reported": "Fake mails reported", "": "2026-11-24 17:00 UTC"}


def test_an_import_is_the_operators_word(client):
    alert(None)
    assert seen_by_readers(client, "Fake calls")


def test_events_name_who_wrote_and_who_approved(content_editor, other_editor):
    found = alert(content_editor)
    approve_announcement(found, by=other_editor)
    rows = ContentEvent.objects.filter(announcement=found).exclude(kind="instant").order_by("pk")
    assert [(row.kind, row.by) for row in rows] == [
        ("announced", content_editor),
        ("submitted", content_editor),
        ("approved", other_editor),
        ("announced", other_editor),
    ]


# The screen


def form(announcement, **changes):
    values = {
        "slug": announcement.slug,
        "kind": announcement.kind,
        "source_language": "en",
        "is_band": "on",
        "published_at_0": "2026-11-24",
        "published_at_1": "11:00:00",
        "starts_at_0": "",
        "starts_at_1": "",
        "ends_at_0": "",
        "ends_at_1": "",
        "text_language": "en",
        "seen": announcement.updated_at.isoformat(),
        "text_title": getattr(announcement, column("title", "en")),
        "text_summary": "",
        "text_body": "Hang up.",
    }
    return {**values, **changes}


def address(announcement, name="change"):
    return reverse(f"admin:helpcenter_announcement_{name}", args=[announcement.pk])


def test_the_form_shows_the_change_that_waits_and_a_second_person_approves_it(client, content_editor, other_editor):
    found = alert(content_editor)
    approve_announcement(found, by=other_editor)
    answer = signed_in(content_editor).post(address(found), form(found, text_title="Fake mails reported"), follow=True)
    assert "Readers see it once a second person has approved it." in html(answer)
    own = html(signed_in(content_editor).get(address(found)))
    assert "You wrote it yourself" in own
    assert 'name="_approve"' not in own
    reviewer = signed_in(other_editor)
    page = html(reviewer.get(address(found)))
    assert 'value="Fake mails reported"' in page
    seen = Announcement.objects.get(pk=found.pk).updated_at.isoformat()
    reviewer.post(address(found, "decide"), {"_approve": "1", "seen": seen})
    assert seen_by_readers(client, "Fake mails")


def test_the_list_says_what_waits_and_filters_it(content_editor, other_editor):
    alert(content_editor)
    alert(None, "announcement", slug="news")
    page = html(signed_in(other_editor).get(reverse("admin:helpcenter_announcement_changelist"), {"second": "waiting"}))
    assert "waits for a second person" in page
    assert ">alert</a>" in page
    assert ">news</a>" not in page


def test_the_list_shows_titles_and_finds_by_their_words(content_editor):
    alert(content_editor)
    alert(None, "announcement", slug="news")
    title = Announcement.objects.rewrite(False).get(slug="alert").text("title", "en")
    overview = reverse("admin:helpcenter_announcement_changelist")
    page = html(signed_in(content_editor).get(overview, {"q": title}))
    assert title in page
    assert ">alert</a>" in page
    assert "–" in page  # no window


def test_a_public_one_leads_to_its_page_and_one_that_waits_does_not(client, content_editor, other_editor):
    found = alert(content_editor)
    editor = signed_in(content_editor)
    assert "View on site" not in html(editor.get(address(found)))
    approve_announcement(found, by=other_editor)
    assert 'href="/ja/announcements/alert/"' in html(editor.get(address(found), {"language": "ja"}))


def test_a_link_that_no_reader_can_open_is_named_after_saving_and_in_the_preview(content_editor):
    ArticleFactory(slug="fees", texts={"en": "Fees."})
    found = alert(None)
    body = "Hang up.\n\nSee [fees](fees.md), then [more](no-such.md#x)."
    answer = signed_in(content_editor).post(address(found), form(found, text_body=body), follow=True)
    assert "Line 3: The link leads to “no-such”, which no reader can open." in html(answer)
    assert "“fees”, which" not in html(answer)
    assert [line for line, _told in dead_links(body)] == [3]
    assert dead_links("Hang up.") == []


def test_without_a_slug_the_english_title_makes_one_and_what_cannot_is_asked_for(content_editor):
    editor, add = signed_in(content_editor), reverse("admin:helpcenter_announcement_add")
    new = {**form(alert(None)), "slug": "", "seen": "", "kind": "announcement", "text_title": "A new contract: SOL"}
    editor.post(add, new)
    assert Announcement.objects.filter(slug="a-new-contract-sol").exists()
    answer = editor.post(add, {**new, "text_title": "新しい契約", "text_language": "ja"})
    assert "Type an address in English words" in html(answer)
    assert "新しい契約" in html(answer)


def test_a_second_one_of_the_same_title_gets_the_next_address(content_editor):
    ArticleFactory(slug="scheduled-maintenance", texts={"en": "An article."})
    editor, add = signed_in(content_editor), reverse("admin:helpcenter_announcement_add")
    title = {"slug": "", "seen": "", "kind": "announcement", "text_title": "Scheduled maintenance"}
    new = {**form(alert(None)), **title}
    for _ in range(2):
        editor.post(add, new)
    found = Announcement.objects.filter(slug__startswith="scheduled").order_by("slug")
    assert list(found.values_list("slug", flat=True)) == ["scheduled-maintenance", "scheduled-maintenance-2"]


def test_who_may_only_look_sees_the_values(content_editor, onlooker):
    onlooker.user_permissions.add(Permission.objects.get(codename="view_announcement"))
    assert "alert" in html(signed_in(onlooker).get(address(alert(content_editor))))


def test_missing_languages_are_listed(content_editor):
    page = html(signed_in(content_editor).get(address(alert(None))))
    assert "Not written yet" in page
    for name in ("日本語", "العربية", "Português (Brasil)"):
        assert name in page


def test_a_refusal_is_told_and_changes_nothing(content_editor, translator):
    found = alert(content_editor)
    own = signed_in(content_editor).post(address(found, "decide"), {"_approve": "1"})
    assert own.status_code == 403
    assert signed_in(translator).post(address(found, "decide"), {"_approve": "1"}).status_code == 403
    assert not Announcement.objects.get(pk=found.pk).is_cleared


# Who hears of it


def heard(person):
    while delivery.deliver_due():
        pass
    return list(Notice.objects.filter(person=person).values_list("kind", "link"))


def test_those_who_may_be_the_second_person_hear_of_an_alert(content_editor, other_editor, administrator, translator):
    found = alert(content_editor)
    link = reverse("admin:helpcenter_announcement_change", args=[found.pk])
    assert heard(other_editor) == [("submitted", link)]
    assert heard(content_editor) == heard(administrator) == heard(translator) == []


def test_an_approved_alert_and_other_announcements_call_nobody(content_editor, other_editor):
    alert(content_editor, kind="maintenance", slug="pause")
    assert heard(other_editor) == []
