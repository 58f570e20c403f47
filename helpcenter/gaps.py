"""Searches that found nothing, or only a text in another language: what readers miss."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from helpcenter.enums import Stage, TaskKind
from helpcenter.models import ContentTask, SearchLog

PERIODS = (7, 28)  # days
LEAST = (2, 3, 5, 10, 25)  # searches
MISSED = (Stage.NOTHING, Stage.OTHER_LANGUAGE)


@dataclass(frozen=True)
class Wanted:
    """Which searches count: of the last `days`, of a `language` (empty for all), made at least so many times, and
    whether a text in another language is enough."""

    days: int = 7
    least: int = 3
    language: str = ""
    stage: str = ""


def unanswered(wanted: Wanted, at: datetime) -> QuerySet[SearchLog, dict[str, Any]]:
    """Rows with `language`, `asked` (in small letters), `times`, `foreign` (how many of them had a text in another
    language) and `last` (UTC), the most frequent first; `at` is now (UTC).

    A search is gone when somebody said that there is nothing to do, or has an open task for it; what was searched
    before such a task was done is gone with it.
    """
    stages = [stage for stage in MISSED if wanted.stage in ("", stage)]
    found = SearchLog.objects.filter(stage__in=stages, created_at__gt=at - timedelta(days=wanted.days))
    if wanted.language:
        found = found.filter(language=wanted.language)
    found = found.annotate(asked=Lower("query")).filter(~Exists(_seen_to())).order_by()
    counted = found.values("language", "asked").annotate(
        times=Count("pk"), foreign=Count("pk", filter=Q(stage=Stage.OTHER_LANGUAGE)), last=Max("created_at")
    )
    return counted.filter(times__gte=wanted.least).order_by("-times", "language", "asked")


def _seen_to() -> QuerySet[ContentTask]:
    tasks = ContentTask.objects.filter(language=OuterRef("language"), query=OuterRef("asked"))
    is_over = Q(kind=TaskKind.IGNORED) | Q(done_at__isnull=True) | Q(done_at__gte=OuterRef("created_at"))
    return tasks.filter(is_over)
