"""A topic: its sections, its articles."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

from django.db.models import Case, IntegerField, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext

from helpcenter import tree
from helpcenter.models import Article
from helpcenter.tree import Node
from helpcenter.views import cards, lines
from helpcenter.views.page_cache import public_page
from helpcenter.views.pages import fill_page
from helpcenter.views.rows import ArticleRow, row_query, rows_of, written_chain
from supportdesk.ui import drawn, markup
from supportdesk.ui.languages import column
from supportdesk.ui.pagination import of_pages, page_number, paginate
from supportdesk.ui.prepared import Prepared

PAGE = 30


@public_page("page", "off")
def category(request: HttpRequest, slug: str) -> HttpResponse:
    order = written_chain()
    topics = tree.tree(get_language() or order[0])
    node = topics.by_slug.get(slug)
    if node is None:
        raise Http404
    family = list(node.family())
    page = paginate(_Articles(family, order[0]), page_number(request), PAGE, total=node.count)
    shape = {"node.language": node.language, "page.pages": min(page.pages, 2)}
    words = {**_words(node, topics), **of_pages(page), "groups": _groups(rows_of(page.items), node, topics)}
    query = f"?page={page.number}" if page.number > 1 else ""
    card = cards.of_topic(request, node)
    return fill_page(request, "helpcenter/category.html", shape, words, query=query, card=card)


def _words(node: Node, topics: tree.Tree) -> dict[str, str]:
    language = get_language() or ""
    sections = [child for child in node.children if child.count]
    return {
        "node.slug": node.slug,
        "node.name": node.name,
        "node.description": node.description,
        "topics": lines.topic_links(language, topics.top, node.slug),
        "ancestors": lines.topic_links(language, node.ancestors()),
        "sections": lines.topic_links(language, sections, kind="chip"),
    }


@dataclass(frozen=True)
class _Articles:
    """The articles below a category, by section, those in the reader's language first; a slice of it asks for them."""

    family: list[Node]
    language: str

    def __getitem__(self, part: slice) -> list[dict[str, Any]]:
        return _rows(part.start, part.start + PAGE, self.language, family=[node.pk for node in self.family])


@Prepared
def _rows(start: int, stop: int, language: str, *, family: list[int]) -> Any:
    place = Case(
        *(When(category=pk, then=Value(position)) for position, pk in enumerate(family)),
        output_field=IntegerField(),
    )
    own = column("title", language)
    missing = Case(When(**{f"{own}__gt": ""}, then=Value(0)), default=Value(1), output_field=IntegerField())
    articles = Article.objects.rewrite(False).public().published().filter(category__in=family)
    ordered = articles.annotate(place=place, missing=missing).order_by("place", "missing", own, "slug")
    return row_query(ordered)[start:stop]


def _groups(rows: list[ArticleRow], own: Node, topics: tree.Tree) -> SafeString:
    """The articles of a page by section, drawn."""
    groups = groupby(rows, key=lambda row: row.category)
    return markup.joined(_group(topics.by_pk[pk], own, list(members)) for pk, members in groups)


def _group(node: Node, own: Node, members: list[ArticleRow]) -> SafeString:
    language = get_language() or ""
    words = {
        "node.slug": node.slug,
        "node.name": node.name,
        "count": _count(node.own_count, language),
        "articles": lines.article_rows(language, members, with_summary=True),
    }
    shape = {"is_own": node.slug == own.slug, "node.language": node.language}
    return drawn.fill("helpcenter/parts/group.html", shape, words)


@lru_cache(maxsize=2000)
def _count(articles: int, language: str) -> str:
    """How many articles there are, in the active language; `language` tells the answers apart."""
    return ngettext("%(count)s article", "%(count)s articles", articles) % {"count": articles}
