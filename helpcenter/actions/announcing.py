"""Announcements: texts per language, moments at which pages change."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from helpcenter import freshness
from helpcenter.actions import drafting, events, fact_uses
from helpcenter.actions.access import require
from helpcenter.content import markdown, text
from helpcenter.enums import EventKind
from helpcenter.errors import InvalidText
from helpcenter.models import Announcement
from supportdesk.ui.languages import column


@dataclass(frozen=True)
class AnnouncementText:
    """What a writer hands in; `extra` holds lines of front matter that are kept as they are, None leaves those
    that are there."""

    title: str
    summary: str
    body: str
    extra: str | None = None


@transaction.atomic
def save_announcement(announcement: Announcement, texts: dict[str, AnnouncementText], *, by: Any) -> Announcement:
    """Store an announcement with its texts by language (others stay as they are); nothing where nothing is new.

    Raises PermissionDenied, and InvalidText for a window that ends before it begins, a text without a title, one that
    is too long, holds a secret, or names a fact without a value.
    """
    require(by, "helpcenter.change_announcement")
    if announcement.starts_at and announcement.ends_at and announcement.ends_at <= announcement.starts_at:
        raise InvalidText(gettext("The end has to come after the beginning."))
    for language, content in texts.items():
        _write(announcement, language, content)
    if not _is_changed(announcement):
        return announcement
    announcement.save()
    for language, content in texts.items():
        fact_uses.record(fact_uses.references(content.body, content.summary), language, announcement=announcement)
    freshness.bump()
    events.record(EventKind.ANNOUNCED, by=by, announcement=announcement)
    for moment in announcement.instants():
        _owe_instant(announcement, moment, by)
    return announcement


def written_summary(announcement: Announcement, language: str) -> str:
    """The summary as somebody wrote it; empty where the first sentence of the text stands in for it."""
    summary = announcement.text("summary", language)
    return "" if summary == text.lead(announcement.text("html", language)) else summary


def _write(announcement: Announcement, language: str, content: AnnouncementText) -> None:
    if content.title.strip() or content.body.strip():
        _refuse(drafting.Text(content.title, content.body, content.summary))
    rendered = markdown.render(content.body, language=language, title=content.title)
    values = {
        "title": content.title,
        "summary": content.summary or text.lead(rendered.html),
        "body": content.body,
        "html": rendered.html,
    }
    if content.extra is not None:
        values["extra"] = content.extra
    for name, value in values.items():
        setattr(announcement, column(name, language), value)


def _refuse(content: drafting.Text) -> None:
    drafting.refuse_unfit(content)
    markdown.outline(content.body)  # refuses what is nested too deeply
    for secret, line in drafting.secrets_in(content):
        message = gettext("The text seems to hold a secret (%(kind)s). Take it out.")
        raise InvalidText(message % {"kind": secret.value}, line)
    for problem in fact_uses.problems(fact_uses.references(content.body, content.summary)):
        if problem.is_unknown:  # an announcement has no draft behind it: what is saved is what readers get
            raise InvalidText(str(problem), problem.reference.line)


def _is_changed(announcement: Announcement) -> bool:
    names = [field.attname for field in Announcement._meta.concrete_fields if field.name != "updated_at"]
    before = Announcement.objects.rewrite(False).filter(pk=announcement.pk).values(*names).first()
    return before is None or any(before[name] != getattr(announcement, name) for name in names)


def _owe_instant(announcement: Announcement, moment: datetime, by: Any) -> None:
    """Pages change again at each moment of the announcement that lies ahead."""
    if moment > timezone.now():
        events.record(EventKind.INSTANT, by=by, announcement=announcement, at=moment)
