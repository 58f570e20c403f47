"""The first page of the help centre, and the way to it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.http import require_safe

from helpcenter import freshness, localization, tree
from helpcenter.enums import ArticleKind
from helpcenter.models import Article, PopularSearch
from helpcenter.views import cards
from helpcenter.views.page_cache import public_page
from helpcenter.views.pages import render_page
from helpcenter.views.rows import (
    ArticleRow,
    announcement_query,
    announcement_rows,
    article_rows,
    written_chain,
)
from supportdesk.ui.languages import column

TOP_ARTICLES = 3
PROBLEMS = 4
PROMOTED = 4
ANNOUNCEMENTS = 3
POPULAR = 4


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Lead a visitor to the language that the browser asks for, among those that are public."""
    snapshot = freshness.current()
    wanted = list(_accepted(request))
    next_best = [code for first in wanted for code in localization.chain(first, snapshot.fallbacks)]
    order = [*wanted, *next_best, settings.LANGUAGE_CODE, *snapshot.public]
    language = next(code for code in order if snapshot.is_public(code))
    response = HttpResponseRedirect(f"/{language}/")
    patch_vary_headers(response, ["Accept-Language"])
    return response


def _accepted(request: HttpRequest) -> Iterator[str]:
    """The languages of this site that the browser asks for, the best first. Django's own function names one alone, and
    reads a cookie, which no page for readers does."""
    for wanted, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        try:
            yield get_supported_language_variant(wanted)
        except LookupError:
            continue


@public_page("off")
def home(request: HttpRequest) -> HttpResponse:
    order = written_chain()
    offered = _offered()
    context = {
        "topics": _topics(order),
        "problems": [row for row in offered if row.is_troubleshooter],
        "promoted": [row for row in offered if not row.is_troubleshooter],
        "announcements": announcement_rows(announcement_query()[:ANNOUNCEMENTS]),
        "popular": _popular(order),
    }
    return render_page(request, "helpcenter/home.html", context, card=cards.of_home(request))


def _offered() -> list[ArticleRow]:
    """The first troubleshooters, those on the home page before others, and the first articles on it; in one query."""
    public = Article.objects.rewrite(False).public().published()
    problems = public.troubleshooters().order_by("-is_promoted", "slug").values("pk")[:PROBLEMS]
    promoted = public.promoted().exclude(kind=ArticleKind.TROUBLESHOOTER).order_by("slug").values("pk")[:PROMOTED]
    wanted = public.filter(Q(pk__in=problems) | Q(pk__in=promoted))
    return article_rows(wanted.order_by("-is_promoted", "slug"))


def _topics(order: Sequence[str]) -> list[dict[str, Any]]:
    """The categories of the top level with the first of their articles."""
    place = Window(RowNumber(), partition_by=[F("category_id")], order_by=[F("is_promoted").desc(), F("slug").asc()])
    articles = Article.objects.public().published().annotate(place=place).filter(place__lte=TOP_ARTICLES)
    rows: dict[int, list[ArticleRow]] = defaultdict(list)
    for row in article_rows(articles):
        rows[row.category].append(row)
    topics = []
    for node in tree.tree(get_language() or order[0]).top:
        own = [row for member in node.family() for row in rows[member.pk]]
        topics.append({"node": node, "articles": own[:TOP_ARTICLES]})
    return topics


def _popular(order: Sequence[str]) -> list[str]:
    """Queries that editors offer, in the reader's own language only: a query in another one finds nothing here."""
    language = get_language() or order[0]
    if language not in order:
        return []
    own = column("text", language)
    rows = PopularSearch.objects.rewrite(False).exclude(**{own: ""}).exclude(**{f"{own}__isnull": True})
    return list(rows.values_list(own, flat=True)[:POPULAR])
