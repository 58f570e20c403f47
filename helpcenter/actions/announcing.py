"""Announcements: texts per language, moments at which pages change."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from helpcenter import freshness
from helpcenter.actions import checking, drafting, events, fact_uses
from helpcenter.actions.access import require
from helpcenter.content import markdown, regions, text
from helpcenter.content.targets import Target
from helpcenter.enums import EventKind
from helpcenter.errors import InvalidText, NotAllowedNow, StaleDraft
from helpcenter.models import Announcement, Article, SlugRedirect
from supportdesk.ui.languages import column, content_languages


@dataclass(frozen=True)
class AnnouncementText:
    """What a writer hands in; `extra` holds lines of front matter that are kept as they are, None leaves those
    that are there."""

    title: str
    summary: str
    body: str
    extra: str | None = None


@transaction.atomic
def save_announcement(
    announcement: Announcement, texts: dict[str, AnnouncementText], *, by: Any, seen: str = ""
) -> Announcement:
    """Store an announcement with its texts by language (others stay as they are); nothing where nothing is new. Alerts
    about risk and fraud wait for a second person, and so does a change of one that is public.

    `seen` is the moment (ISO) of the announcement that the writer began with. Raises PermissionDenied, StaleDraft where
    somebody else saved it meanwhile, and InvalidText for a window that ends before it begins, a text without a title,
    one that is too long, holds a secret, or names a fact without a value.
    """
    require(by, "helpcenter.change_announcement")
    if announcement.starts_at and announcement.ends_at and announcement.ends_at <= announcement.starts_at:
        raise InvalidText(gettext("The end has to come after the beginning."))
    before = _stored(announcement)
    if seen and before is not None and before.updated_at.isoformat() != seen:
        raise StaleDraft(drafting.stale_draft())
    for language, content in texts.items():
        _write(announcement, language, content)
    if not _changed(announcement, before):
        return announcement
    if by is not None and before is not None and before.is_cleared and _concerns_alerts(announcement, before):
        return _keep_pending(announcement, before, by)
    announcement.written_by, announcement.pending = by, None
    announcement.approved_by, announcement.approved_at = None, timezone.now() if by is None else None
    stored = _store(announcement, by)
    if stored.is_waiting:
        events.record(EventKind.SUBMITTED, by=by, announcement=stored)
    return stored


def _concerns_alerts(announcement: Announcement, stored: Announcement) -> bool:
    return announcement.needs_second_person or stored.needs_second_person


def _store(announcement: Announcement, by: Any) -> Announcement:
    announcement.save()
    for language in content_languages():
        named = fact_uses.references(announcement.text("body", language), announcement.text("summary", language))
        fact_uses.record(named, language, announcement=announcement)
    freshness.bump()
    events.record(EventKind.ANNOUNCED, by=by, announcement=announcement)
    for moment in announcement.instants():
        _owe_instant(announcement, moment, by)
    return announcement


def _keep_pending(announcement: Announcement, stored: Announcement, by: Any) -> Announcement:
    """Leave the public alert as it is, and keep the change for a second person."""
    values = {name: getattr(announcement, name) for name in _changed(announcement, stored)}
    Announcement.objects.filter(pk=stored.pk).update(pending=values, written_by=by, updated_at=timezone.now())
    events.record(EventKind.SUBMITTED, by=by, announcement=stored)
    announcement.refresh_from_db()
    return announcement


@transaction.atomic
def approve_announcement(announcement: Announcement, *, by: Any, seen: str = "") -> Announcement:
    """Let readers see an alert, or a change of one, that somebody else wrote. `seen` is the moment (ISO) of the text
    that the person read.

    Raises PermissionDenied, StaleDraft where it was changed meanwhile, NotAllowedNow where nothing waits.
    """
    announcement = _waiting(announcement, by, "helpcenter.approve_announcement")
    if by is not None and announcement.written_by_id == by.pk:
        raise PermissionDenied(gettext("Somebody else has to approve the alert that you wrote yourself."))
    if seen and seen != announcement.updated_at.isoformat():
        raise StaleDraft(gettext("The alert was changed meanwhile. Read it again, then decide."))
    with_pending(announcement)
    announcement.pending = None
    announcement.approved_by, announcement.approved_at = by, timezone.now()
    events.record(EventKind.APPROVED, by=by, announcement=announcement)
    return _store(announcement, by)


@transaction.atomic
def discard_pending(announcement: Announcement, *, by: Any) -> Announcement:
    """Forget the change of an alert that waits. Raises PermissionDenied, NotAllowedNow."""
    announcement = _waiting(announcement, by, "helpcenter.change_announcement")
    if announcement.pending is None:
        raise NotAllowedNow(gettext("There is no change of this alert to forget."))
    Announcement.objects.filter(pk=announcement.pk).update(pending=None, updated_at=timezone.now())
    events.record(EventKind.REJECTED, by=by, announcement=announcement)
    announcement.refresh_from_db()
    return announcement


def with_pending(announcement: Announcement) -> Announcement:
    """The announcement as it would be once its change is approved; not saved."""
    waits = announcement.pending or {}
    for field in Announcement._meta.concrete_fields:
        if field.attname in waits:
            setattr(announcement, field.attname, field.to_python(waits[field.attname]))
    return announcement


def changes_waiting(announcement: Announcement) -> list[tuple[str, str, str]]:
    """What the change that waits would change: the name of a field with its language, the value that readers see, and
    the new one."""
    stored = Announcement.objects.rewrite(False).get(pk=announcement.pk)
    waits = stored.pending or {}
    return [
        (str(field.verbose_name), _shown(getattr(stored, field.attname)), _shown(field.to_python(waits[field.attname])))
        for field in Announcement._meta.concrete_fields
        if field.attname in waits and not field.attname.startswith("html")
    ]


def _shown(value: Any) -> str:
    return f"{value:%Y-%m-%d %H:%M} UTC" if isinstance(value, datetime) else str("" if value is None else value)


def _waiting(announcement: Announcement, by: Any, permission: str) -> Announcement:
    """The announcement, locked. Raises PermissionDenied, NotAllowedNow."""
    require(by, permission)
    found = Announcement.objects.select_for_update(of=("self",)).rewrite(False).get(pk=announcement.pk)
    if not found.is_waiting:
        raise NotAllowedNow(gettext("Nothing of this announcement waits for approval any more."))
    return found


def dead_links(body: str) -> list[tuple[int, str]]:
    """Lines of a text (from one) that link to an article which its readers cannot open, each with a sentence."""
    named = {Target.of(found.href).article: found.line for found in reversed(markdown.references(body))}
    named.pop("", None)
    if not named:
        return []
    public = Article.objects.rewrite(False).published().public()
    moved = SlugRedirect.objects.filter(slug__in=named, article__in=public.values("pk"))
    known = {*public.filter(slug__in=named).values_list("slug", flat=True), *moved.values_list("slug", flat=True)}
    message = gettext("The link leads to “%(slug)s”, which no reader can open.")
    return sorted((line, message % {"slug": slug}) for slug, line in named.items() if slug not in known)


def written_summary(announcement: Announcement, language: str) -> str:
    """The summary as somebody wrote it; empty where the first sentence of the text stands in for it."""
    summary = announcement.text("summary", language)
    return "" if summary == _lead(announcement.text("html", language)) else summary


def _lead(html: str) -> str:
    """The first sentence that is for all readers."""
    return text.lead(regions.without(html))


def _write(announcement: Announcement, language: str, content: AnnouncementText) -> None:
    if content.title.strip() or content.body.strip():
        _refuse(drafting.Text(content.title, content.body, content.summary))
    rendered = markdown.render(content.body, language=language, title=content.title)
    values = {
        "title": content.title,
        "summary": content.summary or _lead(rendered.html),
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
    checking.refuse_unknown_regions(content.body)
    for secret, line in drafting.secrets_in(content):
        message = gettext("The text seems to hold a secret (%(kind)s). Take it out.")
        raise InvalidText(message % {"kind": secret.value}, line)
    for problem in fact_uses.problems(fact_uses.references(content.body, content.summary)):
        if problem.is_unknown:  # an announcement has no draft behind it: what is saved is what readers get
            raise InvalidText(str(problem), problem.reference.line)


# What does not count as a change of what readers see.
_BESIDES = frozenset({"updated_at", "written_by_id", "approved_by_id", "approved_at", "pending"})


def _stored(announcement: Announcement) -> Announcement | None:
    """The announcement as it is stored, locked; None for a new one."""
    return Announcement.objects.select_for_update(of=("self",)).rewrite(False).filter(pk=announcement.pk).first()


def _changed(announcement: Announcement, stored: Announcement | None) -> list[str]:
    """Names of the columns that differ from what is stored; all of a new one."""
    names = [field.attname for field in Announcement._meta.concrete_fields if field.attname not in _BESIDES]
    if stored is None:
        return names
    return [name for name in names if getattr(stored, name) != getattr(announcement, name)]


def _owe_instant(announcement: Announcement, moment: datetime, by: Any) -> None:
    """Pages change again at each moment of the announcement that lies ahead."""
    if moment > timezone.now():
        events.record(EventKind.INSTANT, by=by, announcement=announcement, at=moment)
