"""The first page of the help centre, and the way to it."""

from typing import Any

from django.conf import settings
from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, get_language_from_request
from django.views.decorators.http import require_safe

from helpcenter import freshness, tree
from helpcenter.models import Announcement, Article, PopularSearch
from helpcenter.views.pages import public_page, render_page
from helpcenter.views.rows import announcement_rows, article_rows, written_chain
from supportdesk.ui.languages import column

TOP_ARTICLES = 3
PROMOTED = 4
ANNOUNCEMENTS = 3
POPULAR = 4


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Lead a visitor to the language that the browser asks for, among those that are public."""
    public = freshness.current().public
    wanted = get_language_from_request(request)
    language = next((code for code in (wanted, settings.LANGUAGE_CODE, *public) if code in public), wanted)
    response = HttpResponseRedirect(f"/{language}/")
    patch_vary_headers(response, ["Accept-Language"])
    return response


@public_page("off")
def home(request: HttpRequest) -> HttpResponse:
    order = written_chain()
    context = {
        "topics": _topics(order),
        "promoted": article_rows(Article.objects.public().published().promoted(), order)[:PROMOTED],
        "announcements": announcement_rows(Announcement.objects.published(), order)[:ANNOUNCEMENTS],
        "popular": _popular(order),
    }
    return render_page(request, "helpcenter/home.html", context)


def _topics(order: list[str]) -> list[dict[str, Any]]:
    """The categories of the top level with the first of their articles."""
    place = Window(RowNumber(), partition_by=[F("category_id")], order_by=[F("is_promoted").desc(), F("slug").asc()])
    articles = Article.objects.public().published().annotate(place=place).filter(place__lte=TOP_ARTICLES)
    rows = article_rows(articles, order)
    topics = []
    for node in tree.tree(get_language() or order[0]).top:
        family = [member.pk for member in node.family()]
        own = [row for pk in family for row in rows if row.category == pk]
        topics.append({"node": node, "articles": own[:TOP_ARTICLES]})
    return topics


def _popular(order: list[str]) -> list[str]:
    """Queries that editors offer, in the reader's own language only: a query in another one finds nothing here."""
    language = get_language() or order[0]
    if language not in order:
        return []
    own = column("text", language)
    rows = PopularSearch.objects.rewrite(False).exclude(**{own: ""}).exclude(**{f"{own}__isnull": True})
    return list(rows.values_list(own, flat=True)[:POPULAR])
