"""Texts that stand above all others for a while: pinned and taken down by the app that knows what is going on. Whether
the person may is asked there."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from helpcenter import freshness
from helpcenter.actions import events
from helpcenter.enums import EventKind, PinReason
from helpcenter.errors import NotAllowedNow
from helpcenter.models import Announcement, Article, Pin

MOST_WORDS, LONGEST_WORD = 60, 60  # how many words a pin may have, and how long one may be


@transaction.atomic
def pin(
    text: Article | Announcement,
    *,
    why: PinReason,
    source: str,
    topic: str = "",
    words: Iterable[str] = (),
    by: Any,
) -> Pin:
    """Pin a text for a topic, in the place of what the same source pinned there before; the same again changes nothing.
    Raises NotAllowedNow for a text that readers cannot open."""
    _refuse_hidden(text)
    subject = {"article": text} if isinstance(text, Article) else {"announcement": text}
    kept, now = _kept_words(words), timezone.now()
    before = _open_pins(source).filter(topic=topic).first()
    if before is not None:
        if (before.article or before.announcement, before.words, before.why) == (text, kept, why):
            return before
        _end([before], by=by, at=now)
    made = Pin.objects.create(**subject, why=why, source=source, topic=topic, words=kept, starts_at=now, by=by)
    events.record(EventKind.PINNED, by=by, at=now, **subject)
    freshness.bump()
    return made


def _refuse_hidden(text: Article | Announcement) -> None:
    model: Any = Article.objects.public() if isinstance(text, Article) else Announcement.objects
    if not model.published().filter(pk=text.pk).exists():
        raise NotAllowedNow(
            gettext("Readers cannot open “%(text)s”. Publish it first, or pin another.") % {"text": text}
        )


def _kept_words(words: Iterable[str]) -> list[str]:
    cleaned = (" ".join(word.split())[:LONGEST_WORD] for word in words)
    return list(dict.fromkeys(word for word in cleaned if word))[:MOST_WORDS]


@transaction.atomic
def unpin(source: str, *, topic: str | None = None, by: Any) -> int:
    """Take down what a source pinned: for a topic, or all of it. Returns how many were taken down."""
    found = _open_pins(source)
    pins = list(found if topic is None else found.filter(topic=topic))
    if pins:
        _end(pins, by=by, at=timezone.now())
        freshness.bump()
    return len(pins)


def _open_pins(source: str) -> Any:
    return Pin.objects.select_for_update(of=("self",)).of(source).filter(ends_at__isnull=True)


def _end(pins: Iterable[Pin], *, by: Any, at: datetime) -> None:
    for one in pins:
        one.ends_at = max(at, one.starts_at)
        one.save(update_fields=["ends_at"])
        events.record(EventKind.UNPINNED, by=by, at=at, article=one.article, announcement=one.announcement)
