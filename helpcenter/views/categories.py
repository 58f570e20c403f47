"""A topic: its sections, its articles."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Case, IntegerField, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language

from helpcenter import tree
from helpcenter.models import Article
from helpcenter.tree import Node
from helpcenter.views import cards
from helpcenter.views.keeping import public_page
from helpcenter.views.pages import render_page
from helpcenter.views.rows import ArticleRow, row_query, rows_of, written_chain
from supportdesk.ui.languages import column
from supportdesk.ui.pagination import page_number, paginate
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
    context = {
        "node": node,
        "topics": topics.top,
        "ancestors": node.ancestors(),
        "sections": [child for child in node.children if child.count],
        "groups": _groups(rows_of(page.items), topics),
        "page": page,
    }
    query = f"?page={page.number}" if page.number > 1 else ""
    return render_page(request, "helpcenter/category.html", context, query=query, card=cards.of_topic(request, node))


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


def _groups(rows: list[ArticleRow], topics: tree.Tree) -> list[dict[str, Any]]:
    return [
        {"node": topics.by_pk[pk], "articles": list(members)}
        for pk, members in groupby(rows, key=lambda row: row.category)
    ]
