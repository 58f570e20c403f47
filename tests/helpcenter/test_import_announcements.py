"""Announcements come in by language with their window; a bad one is named and left out."""

import pytest

from helpcenter.models import Announcement
from supportdesk.ui.languages import column
from tests.helpcenter.importing import FIVE, NUL, errors, news, run
from tests.helpcenter.samples import document

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def test_announcements_come_in_by_language_with_their_window(folder):
    text = {"kind": "maintenance", "starts_at": "2026-11-25T02:00:00Z", "ends_at": "2026-11-25T02:20:00Z"}
    files = {f"announcements/{code}/pause.md": news(f"Text {code}.", band="true", **text) for code in FIVE}
    assert run(folder, files).announcements == 5
    item = Announcement.objects.get()
    assert (item.slug, item.kind, item.is_band, item.source_language) == ("pause", "maintenance", True, "en")
    assert item.ends_at.isoformat() == "2026-11-25T02:20:00+00:00"
    assert [getattr(item, column("body", code)) for code in FIVE] == [f"Text {code}.\n" for code in FIVE]


def test_an_announcement_of_another_source_language_keeps_it(folder):
    files = {"announcements/ja/a.md": news(source_lang="ja", kind="phishing"), "announcements/en/a.md": news()}
    run(folder, files)
    item = Announcement.objects.get()
    assert (item.source_language, item.kind) == ("ja", "phishing")


BAD_NEWS = {
    "another language than its folder": (news(lang="ja"), 4),
    "no front matter": ("Text.\n", 1),
    "no title": (news(title=None), 1),
    "an unknown kind": (news(kind="party"), 4),
    "a day without a time": (document(category=None, published_at="2026-11-16"), 3),
    "words instead of a moment": (document(category=None, published_at="soon"), 3),
    "an end before its beginning": (news(starts_at="2026-11-25T02:00:00Z", ends_at="2026-11-25T01:00:00Z"), None),
    "a band neither true nor false": (news(band="maybe"), 4),
    "a slug with spaces": (news(slug="a b"), 4),
    "not UTF-8": (news("Gebühr").encode("latin-1"), 6),
    "a null character": (news(NUL), 8),
    "a link that climbs out": (news("[x](../../../../etc/passwd)"), 6),
}


@pytest.mark.both
@pytest.mark.parametrize("name", BAD_NEWS)
def test_a_bad_announcement_is_named_with_its_line_and_left_out(folder, name):
    content, line = BAD_NEWS[name]
    report = run(folder, {"announcements/en/bad.md": content, "announcements/en/good.md": news()})
    ((file, found),) = errors(report)
    assert file == "announcements/en/bad.md"
    assert line is None or found == line
    assert list(Announcement.objects.values_list("slug", flat=True)) == ["good"]


def test_an_announcement_slug_used_twice_in_a_language_is_named(folder):
    files = {
        "announcements/en/a.md": news("First.", slug="same"),
        "announcements/en/b.md": news("Second.", slug="same"),
    }
    assert errors(run(folder, files)) == [("announcements/en/b.md", 4)]
    assert Announcement.objects.get().body_en == "First.\n"
