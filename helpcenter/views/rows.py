"""Lines of lists: an article or an announcement in the language in which a reader gets it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import get_language

from helpcenter import factbook, freshness, localization
from helpcenter.enums import ArticleKind, Display
from helpcenter.models import Announcement, Article, TranslationState
from supportdesk.ui.languages import column, content_languages


@dataclass(frozen=True)
class ArticleRow:
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


@dataclass(frozen=True)
class AnnouncementRow:
    slug: str
    title: str
    summary: str
    language: str
    published_at: datetime
    display: Display


def reading_order(source: str = "", language: str = "") -> list[str]:
    """All languages of content, in the order in which a reader of `language` (of the request's, if it is not named)
    takes a text that was written in `source` first."""
    return localization.preference(_chain(language), source, freshness.current().public, content_languages())


def written_chain() -> list[str]:
    """The languages to try first for the reader of this request: those of the chain that are written in and on."""
    snapshot, chain, order = freshness.current(), _chain(), reading_order()
    return [code for code in order if code in chain and snapshot.is_public(code)] or order[:1]


def _chain(language: str = "") -> tuple[str, ...]:
    return localization.chain(language or get_language() or settings.LANGUAGE_CODE, freshness.current().fallbacks)


def row_query(articles: Any, order: list[str]) -> Any:
    """The queryset with what rows need of it: titles in all languages, the rest in those of `order`."""
    titles = [column("title", code) for code in content_languages()]
    return articles.reading(order, also=titles).annotate(**_of_shown(order))


def _of_shown(order: Iterable[str]) -> dict[str, Any]:
    """Date and number of steps of the first published language of `order`, inside the same query."""

    def first(name: str) -> Any:
        states = TranslationState.objects.published().filter(article=OuterRef("pk"))
        each = [Subquery(states.filter(language=code).values(name)[:1]) for code in order]
        return Coalesce(*each) if len(each) > 1 else each[0]

    return {"shown_at": first("published_at"), "shown_steps": first("steps")}


def article_rows(articles: Any, order: list[str]) -> list[ArticleRow]:
    """The rows of a queryset, in one query."""
    return rows_of(row_query(articles, order))


def rows_of(found: Iterable[Article]) -> list[ArticleRow]:
    """The rows of articles from `row_query`. Those that exist only outside of its languages have their title alone."""
    asked = get_language() or settings.LANGUAGE_CODE
    articles = list(found)
    orders = {source: reading_order(source) for source in {article.source_language for article in articles}}
    rows = [_row(article, orders[article.source_language], asked) for article in articles]
    return [row for row in rows if row is not None]


def _row(article: Article, order: Iterable[str], asked: str) -> ArticleRow | None:
    language = localization.first_with(order, article.is_published_in)
    if language is None:
        return None
    summary = article.__dict__.get(column("summary", language)) or ""  # what was not loaded costs no query here
    return ArticleRow(
        pk=article.pk,
        slug=article.slug,
        kind=article.kind,
        category=article.category_id,
        title=article.published_text("title", language),
        summary=factbook.in_words(summary, language),
        language=language,
        asked=asked,
        updated=article.shown_at,  # type: ignore[attr-defined]  # annotated above
        steps=article.shown_steps or 0,  # type: ignore[attr-defined]
    )


def completed(rows: list[ArticleRow], order: Collection[str]) -> list[ArticleRow]:
    """The rows with all their words and dates; one more query where some exist only outside of `order`."""
    elsewhere = {row.pk: row.language for row in rows if row.language not in order}
    if not elsewhere:
        return rows
    summaries = [f"article__{column('summary', code)}" for code in sorted(set(elsewhere.values()))]
    states = TranslationState.objects.published().filter(article__in=elsewhere, language__in=elsewhere.values())
    found = {
        (state["article_id"], state["language"]): state
        for state in states.values("article_id", "language", "published_at", "steps", *summaries)
    }
    return [_completed(row, found.get((row.pk, row.language))) for row in rows]


def _completed(row: ArticleRow, state: dict[str, Any] | None) -> ArticleRow:
    if state is None:
        return row
    summary = factbook.in_words(state[f"article__{column('summary', row.language)}"] or "", row.language)
    return replace(row, summary=summary, updated=state["published_at"], steps=state["steps"])


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
