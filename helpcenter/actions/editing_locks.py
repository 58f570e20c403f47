"""Who is editing a text: a lock that warns the others. It runs out by itself, and is taken over knowingly."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from helpcenter.actions import access, events
from helpcenter.enums import EventKind
from helpcenter.errors import LockedByOther
from helpcenter.models import Article, EditLock
from helpcenter.models.review import LOCK_LASTS
from supportdesk.accounts import notices

TAKEN_OVER = "taken_over"  # the kind of notice


@dataclass(frozen=True)
class Held:
    """Who holds a text, and since when (UTC)."""

    person: Any
    since: datetime


def take(article: Article, language: str, *, by: Any, is_free: bool = False) -> Held | None:
    """Take the lock of a text, or keep it; None where it is this person's now, else who holds it. `is_free` says that
    the caller has just seen that nobody does; of two who saw that at once, the window's next word tells one of them.

    Raises PermissionDenied.
    """
    access.require_writing(by, article, language)
    now = timezone.now()
    lock = None if is_free else _lock(article, language)
    if lock is None:
        fresh = EditLock(article=article, language=language, person=by, taken_at=now, seen_at=now)
        EditLock.objects.bulk_create([fresh], ignore_conflicts=True)
        return None if is_free else holder(article, language, by=by)
    if lock.person_id == by.pk:
        _keep(lock, now)
        return None
    if lock.seen_at > now - LOCK_LASTS:
        return Held(lock.person, lock.taken_at)
    expired = EditLock.objects.filter(pk=lock.pk, seen_at=lock.seen_at)  # of two who find it, one gets it
    expired.update(person=by, taken_at=now, seen_at=now)
    return holder(article, language, by=by)


def _keep(lock: EditLock, now: datetime) -> None:
    """Say that the window is still there; not at every breath."""
    since = lock.taken_at if lock.seen_at > now - LOCK_LASTS else now
    if lock.seen_at < now - LOCK_LASTS / 6:
        EditLock.objects.filter(pk=lock.pk).update(seen_at=now, taken_at=since)


def holder(article: Article, language: str, *, by: Any) -> Held | None:
    """Who else holds a text now."""
    lock = _lock(article, language)
    if lock is None or lock.person_id == by.pk or lock.seen_at <= timezone.now() - LOCK_LASTS:
        return None
    return Held(lock.person, lock.taken_at)


@transaction.atomic
def take_over(article: Article, language: str, *, by: Any) -> EditLock:
    """Take a text from whoever is editing it; they are told. Raises PermissionDenied."""
    article = Article.objects.select_for_update(of=("self",)).reading([]).get(pk=article.pk)
    access.require_writing(by, article, language)
    now, lost = timezone.now(), holder(article, language, by=by)
    lock, _ = EditLock.objects.update_or_create(
        article=article, language=language, defaults={"person": by, "taken_at": now, "seen_at": now}
    )
    if lost is not None:
        event = events.record(EventKind.TAKEN_OVER, by=by, article=article, language=language)
        link = f"{reverse('admin:helpcenter_article_change', args=[article.pk])}?language={language}"
        notices.notify(lost.person, TAKEN_OVER, subject=article.slug, link=link, event=f"content:{event.pk}")
    return lock


def release(article: Article, language: str, *, by: Any) -> None:
    """Let go of a text; somebody else's lock stays."""
    EditLock.objects.filter(article=article, language=language, person=by).delete()


def refuse_held(article: Article, language: str, *, by: Any) -> None:
    """Refuse to save over somebody who is editing. Raises LockedByOther."""
    held = holder(article, language, by=by) if by is not None else None
    if held is not None:
        message = gettext(
            "%(who)s has been editing this text since %(time)s UTC. Nothing was saved, and your text is kept below. "
            "Talk to each other, or take the text over and save again."
        )
        raise LockedByOther(message % {"who": held.person, "time": f"{held.since:%H:%M}"})


def _lock(article: Article, language: str) -> EditLock | None:
    return EditLock.objects.select_related("person").filter(article=article, language=language).first()
