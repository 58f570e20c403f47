"""The audit row that every action writes, and the deliveries that follow from it."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from helpcenter.enums import EventKind
from helpcenter.models import Announcement, Article, ContentEvent, Fact, Revision
from supportdesk.outbox import delivery


def record(
    kind: EventKind,
    *,
    by: Any,
    at: datetime | None = None,
    article: Article | None = None,
    language: str = "",
    revision: Revision | None = None,
    announcement: Announcement | None = None,
    fact: Fact | None = None,
) -> ContentEvent:
    """Write down what happened, in the transaction of the change, and owe it to the consumers of its kind."""
    event = ContentEvent.objects.create(
        kind=kind,
        article=article,
        language=language,
        revision=revision,
        announcement=announcement,
        fact=fact,
        by=by,
        at=at or timezone.now(),
    )
    delivery.post(kind, event.pk, at=at)
    return event
