"""Results of a search as a reader sees them: lines with excerpts, filters with counts."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import quote_plus

from django.http import HttpRequest
from django.utils.safestring import SafeString

from helpcenter import factbook, tree
from helpcenter.content import text as content_text
from helpcenter.enums import ArticleKind, Stage
from helpcenter.models import Article
from helpcenter.search import highlighting
from helpcenter.search.highlighting import Needles
from helpcenter.search.queries import Answer, Result
from supportdesk.ui import languages
from supportdesk.ui.languages import Language, column
from supportdesk.ui.prepared import Prepared


@dataclass(frozen=True)
class Found:
    """A line of the results; `title` and `excerpt` carry marks, `plain` is the title without them."""

    slug: str
    title: SafeString
    plain: str
    excerpt: SafeString
    language: Language
    kind: str
    category: tree.Node | None
    updated: datetime | None
    url: str


@dataclass(frozen=True)
class Choice:
    """A filter with the number of results behind it, and the address that sets or lifts it."""

    label: str
    count: int
    url: str
    is_current: bool
    language: str = ""


@dataclass(frozen=True)
class Filters:
    """What the reader asked and narrowed the results to; empty means everything."""

    query: str
    kind: str = ""
    category: str = ""
    language: str = ""
    everywhere: bool = False

    @classmethod
    def of(cls, request: HttpRequest, query: str) -> "Filters":
        kind = request.GET.get("kind", "")
        return cls(
            query=query,
            kind=kind if kind in ArticleKind.values else "",
            category=request.GET.get("category", "")[:80],
            language=request.GET.get("language", "")[:12],
            everywhere=request.GET.get("all", "") == "1",
        )

    def address(self, **changed: str) -> str:
        """The query string of these filters with some of them changed."""
        values = self._quoted | {name: quote_plus(value) for name, value in changed.items()}
        return "?" + "&".join(f"{name}={value}" for name, value in values.items() if value)

    @cached_property
    def _quoted(self) -> dict[str, str]:
        """As they stand in the dozen addresses of a page. Kept no longer than the request: people paste secrets."""
        values = {"q": self.query, "kind": self.kind, "category": self.category, "language": self.language}
        values["all"] = "1" if self.everywhere else ""
        return {name: quote_plus(value) for name, value in values.items()}

    def narrow(self, results: Iterable[Result], topics: tree.Tree) -> list[Result]:
        node = topics.by_slug.get(self.category)
        family = {member.pk for member in node.family()} if node else None
        return [
            result
            for result in results
            if (not self.kind or result.kind == self.kind)
            and (not self.language or result.language == self.language)
            and (family is None or result.category in family)
        ]


def choices(filters: Filters, answer: Answer, topics: tree.Tree) -> dict[str, list[Choice]]:
    """The filters by group, each with its count over all results; a group of one says nothing and is left out, and so
    are languages while but one was searched and pages of another only stand in for what it lacks."""
    results = answer.results
    kinds = Counter(result.kind for result in results)
    spoken = Counter(result.language for result in results)
    found = Counter(result.category for result in results)
    groups = {
        "kinds": [
            _choice(filters, "kind", kind, str(ArticleKind(kind).label), kinds[kind])
            for kind in ArticleKind.values
            if kinds[kind]
        ],
        "categories": [
            _choice(filters, "category", node.slug, node.name, count, node.language)
            for node in topics.top
            if (count := sum(found[member.pk] for member in node.family()))
        ],
        "languages": [
            _choice(filters, "language", code, languages.language(code).name, count, code)
            for code, count in spoken.most_common()
            if filters.everywhere or filters.language or answer.stage == Stage.OTHER_LANGUAGE
        ],
    }
    return {name: group for name, group in groups.items() if len(group) > 1 or any(c.is_current for c in group)}


def _choice(filters: Filters, name: str, value: str, label: str, count: int, language: str = "") -> Choice:
    current = getattr(filters, name) == value
    return Choice(label, count, filters.address(**{name: "" if current else value}), current, language)


@Prepared
def _with_texts(*languages: str, found: list[int]) -> Any:
    public = Article.objects.public().filter(archived_at__isnull=True, pk__in=found)
    return public.columns(languages, "html")


def lines(results: list[Result], answer: Answer, topics: tree.Tree) -> list[Found]:
    """The lines of one page of results, in one query."""
    spoken = sorted({result.language for result in results})
    rows = _with_texts(*spoken, found=[result.article for result in results])
    articles = {row["id"]: Article.of_columns(row) for row in rows}
    needles = {code: Needles.of(answer.asked_in(code), code) for code in spoken}
    found = []
    for result in results:
        article = articles.get(result.article)
        if article is not None and article.is_published_in(result.language):  # still, since the index was written
            found.append(_line(result, article, needles[result.language], topics))
    return found


def _line(result: Result, article: Article, needles: Needles, topics: tree.Tree) -> Found:
    card = article.card(result.language)
    html = factbook.fill(getattr(article, column("html", result.language)), result.language)
    return Found(
        slug=article.slug,
        title=highlighting.mark(card.title, needles),
        plain=card.title,
        excerpt=highlighting.excerpt(content_text.plain(html), needles),
        language=languages.language(result.language),
        kind=result.kind,
        category=topics.by_pk.get(result.category),
        updated=card.published_at,
        url=article.path(result.language),
    )
