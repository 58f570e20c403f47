"""Pinned texts as readers get them: above the results of a search that means them, and wherever an app asks for those
of a topic. Read once for each snapshot of the content and language."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language

from helpcenter import freshness
from helpcenter.enums import PINNED_BECAUSE, PinReason
from helpcenter.models import Article, Pin
from helpcenter.search import analyzers
from helpcenter.search.queries import Answer
from helpcenter.views.rows import AnnouncementRow, ArticleRow, announcement_query, announcement_rows, article_rows

FIRST_RESULTS = 20  # a search that finds the article among so many means it
MOST = 3


@dataclass(frozen=True)
class Pinned:
    """A pinned text in the language in which a reader gets it; `why` is a whole sentence. `article` is its key, None of
    an announcement."""

    slug: str
    title: str
    summary: str
    language: str
    path: str
    why: str | Promise
    topic: str
    words: tuple[str, ...]
    article: int | None


def of_answer(answer: Answer) -> list[Pinned]:
    """Those that a search means: it found the article itself, or holds all words of one of the pin's phrases."""
    pins = everything()
    if not pins:
        return []
    first = {result.article for result in answer.results[:FIRST_RESULTS]}
    language = answer.asked.language
    asked = set(analyzers.text_terms(answer.asked.text, language))
    found = (one for one in pins if one.article in first or any(_says(asked, word, language) for word in one.words))
    return _once(found)[:MOST]


def of_topic(topic: str) -> list[Pinned]:
    """Pinned texts of a topic, then those pinned for all topics."""
    pins = [one for one in everything() if one.topic in (topic, "")]
    return _once(sorted(pins, key=lambda one: one.topic == ""))


def newest() -> list[Pinned]:
    """All of them, each once."""
    return _once(everything())


def everything() -> list[Pinned]:
    """All that are pinned now, the newest first."""
    if not freshness.current().has_pins:
        return []
    language = get_language() or settings.LANGUAGE_CODE
    return freshness.remembered(f"pinned:{language}", _read)


def _says(asked: set[str], words: str, language: str) -> bool:
    wanted = set(analyzers.text_terms(words, language))
    return bool(wanted) and wanted <= asked


def _once(pins: Iterable[Pinned]) -> list[Pinned]:
    """A text that is pinned for several topics stands there once."""
    found: dict[str, Pinned] = {}
    for one in pins:
        found.setdefault(one.path, one)
    return list(found.values())


def _read() -> list[Pinned]:
    pins = list(Pin.objects.current().select_related("announcement"))
    rows: dict[object, Any] = {row.pk: row for row in article_rows(_articles(pins))}
    slugs = [pin.announcement.slug for pin in pins if pin.announcement]
    if slugs:
        rows |= {row.slug: row for row in announcement_rows(announcement_query().filter(slug__in=slugs))}
    found = ((pin, rows.get(pin.announcement.slug if pin.announcement else pin.article_id)) for pin in pins)
    return [_pinned(pin, row) for pin, row in found if row is not None]


def _articles(pins: Iterable[Pin]) -> Any:
    return Article.objects.public().published().filter(pk__in=[pin.article_id for pin in pins if pin.article_id])


def _pinned(pin: Pin, row: ArticleRow | AnnouncementRow) -> Pinned:
    return Pinned(
        slug=row.slug,
        title=row.title,
        summary=row.summary,
        language=row.language,
        path=row.path if isinstance(row, ArticleRow) else reverse("helpcenter:announcement", args=[row.slug]),
        why=PINNED_BECAUSE[PinReason(pin.why)],
        topic=pin.topic,
        words=tuple(pin.words),
        article=pin.article_id,
    )
