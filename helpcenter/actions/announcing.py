"""Announcements: texts per language, moments at which pages change."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from helpcenter import freshness
from helpcenter.actions import events
from helpcenter.actions.access import require
from helpcenter.content import markdown, text
from helpcenter.enums import EventKind
from helpcenter.errors import InvalidText
from helpcenter.models import Announcement
from supportdesk.ui.languages import column


@dataclass(frozen=True)
class AnnouncementText:
    title: str
    summary: str
    body: str


@transaction.atomic
def save_announcement(announcement: Announcement, texts: dict[str, AnnouncementText], *, by: Any) -> Announcement:
    """Store an announcement with its texts by language (those not named stay as they are).

    Raises PermissionDenied, and InvalidText for a window that ends before it begins or a text without a title.
    """
    require(by, "helpcenter.change_announcement")
    if announcement.starts_at and announcement.ends_at and announcement.ends_at <= announcement.starts_at:
        raise InvalidText(gettext("The end has to come after the beginning."))
    for language, content in texts.items():
        _write(announcement, language, content)
    announcement.save()
    freshness.bump()
    events.record(EventKind.ANNOUNCED, by=by, announcement=announcement)
    for moment in announcement.instants():
        _owe_instant(announcement, moment, by)
    return announcement


def _write(announcement: Announcement, language: str, content: AnnouncementText) -> None:
    if not content.title.strip() and content.body.strip():
        raise InvalidText(gettext("The title is missing."))
    rendered = markdown.render(content.body, language=language, title=content.title)
    summary = content.summary or text.first_sentence(text.plain(rendered.html))
    values = {"title": content.title, "summary": summary, "body": content.body, "html": rendered.html}
    for name, value in values.items():
        setattr(announcement, column(name, language), value)


def _owe_instant(announcement: Announcement, moment: datetime, by: Any) -> None:
    """Pages change again at each moment of the announcement that lies ahead."""
    if moment > timezone.now():
        events.record(EventKind.INSTANT, by=by, announcement=announcement, at=moment)
