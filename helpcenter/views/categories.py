"""A topic: its sections, its articles."""

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

PAGE = 30


@public_page("page", "off")
def category(request: HttpRequest, slug: str) -> HttpResponse:
    order = written_chain()
    topics = tree.tree(get_language() or order[0])
    node = topics.by_slug.get(slug)
    if node is None:
        raise Http404
    family = list(node.family())
    page = paginate(row_query(_articles(family, order)), page_number(request), PAGE, total=node.count)
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


def _articles(family: list[Node], order: list[str]) -> Any:
    """The articles below a category, by section, those in the reader's language first."""
    place = Case(
        *(When(category=node.pk, then=Value(position)) for position, node in enumerate(family)),
        output_field=IntegerField(),
    )
    own = column("title", order[0])
    missing = Case(When(**{f"{own}__gt": ""}, then=Value(0)), default=Value(1), output_field=IntegerField())
    articles = Article.objects.public().published().filter(category__in=[node.pk for node in family])
    return articles.annotate(place=place, missing=missing).order_by("place", "missing", own, "slug")


def _groups(rows: list[ArticleRow], topics: tree.Tree) -> list[dict[str, Any]]:
    return [
        {"node": topics.by_pk[pk], "articles": list(members)}
        for pk, members in groupby(rows, key=lambda row: row.category)
    ]
