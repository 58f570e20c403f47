"""Moments of announcements at the ends of the calendar are refused with their line; they stop no import."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from helpcenter.content import files, front_matter
from helpcenter.content.files import BadFile


def published_at(written: str) -> datetime | None:
    text = f"---\ntitle: A\nslug: a\nlang: en\nkind: incident\npublished_at: {written}\n---\n\nText.\n"
    document = files.parse(text, files.ANNOUNCEMENT_KEYS)
    return front_matter.announcement(document, Path("announcements/en/a.md"), {"en"}).published_at


@pytest.mark.parametrize(
    "written",
    ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"],
)
def test_a_moment_without_a_day_in_every_zone_is_refused(written: str) -> None:
    with pytest.raises(BadFile, match="published_at") as refused:
        published_at(written)
    assert refused.value.line == 6


def test_a_moment_with_its_zone_is_kept_in_utc() -> None:
    assert published_at("2026-11-25T02:00:00+09:00") == datetime(2026, 11, 24, 17, tzinfo=UTC)
