"""Lines of lists: an article or an announcement in the language in which a reader gets it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import get_language

from helpcenter import freshness, localization
from helpcenter.enums import ArticleKind, Display
from helpcenter.models import Article, TranslationState
from supportdesk.ui.languages import content_languages


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


def written_chain() -> list[str]:
    """The languages to try for the reader of this request, among those that content is written in."""
    language = get_language() or settings.LANGUAGE_CODE
    order = localization.chain(language, freshness.current().fallbacks)
    return [code for code in order if code in content_languages()]


def row_query(articles: Any, order: list[str]) -> Any:
    """The queryset with just what rows need of it."""
    return articles.reading(order).annotate(**_of_shown(order))


def article_rows(articles: Any, order: list[str]) -> list[ArticleRow]:
    """The rows of a queryset."""
    return rows_of(list(row_query(articles, order)), order)


def rows_of(found: list[Article], order: list[str]) -> list[ArticleRow]:
    """The rows of articles from `row_query`; one more query where some exist only outside of `order`."""
    asked = get_language() or settings.LANGUAGE_CODE
    rows = [_row(article, order, asked) for article in found]
    elsewhere = [article.pk for article, row in zip(found, rows, strict=True) if row is None]
    if not elsewhere:
        return [row for row in rows if row is not None]
    others = [code for code in content_languages() if code not in order]
    more = row_query(Article.objects.filter(pk__in=elsewhere), others)
    by_pk = {article.pk: _row(article, others, asked) for article in more}
    filled = [row or by_pk.get(article.pk) for article, row in zip(found, rows, strict=True)]
    return [row for row in filled if row is not None]


def _of_shown(order: Iterable[str]) -> dict[str, Any]:
    """Date and number of steps of the first published language of `order`, inside the same query."""

    def first(name: str) -> Any:
        states = TranslationState.objects.published().filter(article=OuterRef("pk"))
        each = [Subquery(states.filter(language=code).values(name)[:1]) for code in order]
        return Coalesce(*each) if len(each) > 1 else each[0]

    return {"shown_at": first("published_at"), "shown_steps": first("steps")}


def _row(article: Article, order: Iterable[str], asked: str) -> ArticleRow | None:
    language = localization.first_with(order, article.is_published_in)
    if language is None:
        return None
    return ArticleRow(
        pk=article.pk,
        slug=article.slug,
        kind=article.kind,
        category=article.category_id,
        title=article.published_text("title", language),
        summary=article.published_text("summary", language),
        language=language,
        asked=asked,
        updated=article.shown_at,  # type: ignore[attr-defined]  # annotated above
        steps=article.shown_steps or 0,  # type: ignore[attr-defined]
    )


def announcement_rows(announcements: Any, order: list[str]) -> list[AnnouncementRow]:
    """The announcements that exist in one of the languages; a list of them is short."""
    rows = []
    for item in announcements.reading(order)[:100]:
        language = next((code for code in order if item.text("title", code)), None)
        if language:
            title, summary = item.text("title", language), item.text("summary", language)
            rows.append(AnnouncementRow(item.slug, title, summary, language, item.published_at, item.display))
    return rows
