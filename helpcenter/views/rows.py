"""Lines of lists: an article or an announcement in the language in which a reader gets it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils.translation import get_language

from helpcenter import factbook, freshness, localization
from helpcenter.enums import ArticleKind, Display
from helpcenter.models import Announcement, article_path
from supportdesk.ui.languages import content_languages


class ArticleRow(NamedTuple):
    """`language` is the language of title and summary, `asked` the reader's."""

    pk: int
    slug: str
    kind: str
    category: int
    title: str
    summary: str
    language: str
    asked: str
    updated: datetime | None
    steps: int

    @property
    def is_fallback(self) -> bool:
        return self.language != self.asked

    @property
    def is_guide(self) -> bool:
        return self.kind == ArticleKind.GUIDE

    @property
    def is_troubleshooter(self) -> bool:
        return self.kind == ArticleKind.TROUBLESHOOTER

    @property
    def path(self) -> str:
        return article_path(self.kind, self.slug, self.asked)


@dataclass(frozen=True)
class AnnouncementRow:
    slug: str
    title: str
    summary: str
    language: str
    published_at: datetime
    display: Display


def reading_order(source: str = "", language: str = "") -> tuple[str, ...]:
    """All languages of content, in the order in which a reader of `language` (of the request's, if it is not named)
    takes a text that was written in `source` first."""
    asked = language or get_language() or settings.LANGUAGE_CODE
    return _order(asked, source, freshness.current().order, content_languages())


def written_chain() -> tuple[str, ...]:
    """The languages to try first for the reader of this request: those of the chain that are written in and on."""
    return _written_chain(get_language() or settings.LANGUAGE_CODE, freshness.current().order, content_languages())


@lru_cache(maxsize=1000)
def _order(asked: str, source: str, order: Any, written: tuple[str, ...]) -> tuple[str, ...]:
    """`reading_order` from plain values, so that it can be remembered; `order` comes from a snapshot."""
    public, fallbacks = order
    return tuple(localization.preference(localization.chain(asked, dict(fallbacks)), source, public, written))


@lru_cache(maxsize=100)
def _written_chain(asked: str, order: Any, written: tuple[str, ...]) -> tuple[str, ...]:
    public, fallbacks = order
    chain, preferred = localization.chain(asked, dict(fallbacks)), _order(asked, "", order, written)
    return tuple(code for code in preferred if code in chain and code in public) or preferred[:1]


def row_query(articles: Any) -> Any:
    """Narrow a queryset to the columns that rows need; `rows_of` turns the result into rows."""
    stored = Cast("cards", TextField())  # read only where it is shown: half of the articles that are found are not
    return articles.annotate(stored=stored).values("pk", "slug", "kind", "category_id", "source_language", "stored")


def rows_of(found: Iterable[dict[str, Any]]) -> list[ArticleRow]:
    asked = get_language() or settings.LANGUAGE_CODE
    articles = list(found)
    orders = {source: reading_order(source) for source in {article["source_language"] for article in articles}}
    rows = [_row(article, orders[article["source_language"]], asked) for article in articles]
    return [row for row in rows if row is not None]


def article_rows(articles: Any) -> list[ArticleRow]:
    """The rows of a queryset of public articles, in one query."""
    return rows_of(row_query(articles))


def _row(found: dict[str, Any], order: Iterable[str], asked: str) -> ArticleRow | None:
    stored = json.loads(found["stored"])
    language = localization.first_with(order, stored.__contains__)
    if language is None:
        return None
    card = stored[language]  # as `cards.Card` writes it
    return ArticleRow(
        pk=found["pk"],
        slug=found["slug"],
        kind=found["kind"],
        category=found["category_id"],
        title=card["title"],
        summary=factbook.in_words(card["summary"], language),
        language=language,
        asked=asked,
        updated=datetime.fromisoformat(card["published_at"]) if card["published_at"] else None,
        steps=card["steps"],
    )


def announcement_query() -> Any:
    """The announcements of this moment, newest first, with what rows need of them."""
    return Announcement.objects.published().written().reading(list(content_languages()))


def announcement_rows(announcements: Iterable[Announcement]) -> list[AnnouncementRow]:
    """The rows of announcements from `announcement_query`, each in the best language that it is written in."""
    return [_announcement_row(item) for item in announcements]


def _announcement_row(item: Announcement) -> AnnouncementRow:
    language = next(code for code in reading_order(item.source_language) if item.text("title", code))
    title, summary = item.text("title", language), factbook.in_words(item.text("summary", language), language)
    assert item.published_at is not None  # noqa: S101 - `published()` says so
    return AnnouncementRow(item.slug, title, summary, language, item.published_at, item.display)
