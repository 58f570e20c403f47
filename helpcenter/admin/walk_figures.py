"""Figures of a troubleshooter: what was shown, what was answered, where readers left."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import get_language, gettext

from helpcenter.admin.asked_period import AskedPeriod
from helpcenter.content import tables
from helpcenter.content.figures import Figures, figures
from helpcenter.content.graph import Graph
from helpcenter.content.tables import Format
from helpcenter.models import Article, WalkCount
from helpcenter.outline import load
from supportdesk.ui.languages import content_languages

PERIODS = (7, 30, 90, 365)  # days
COLUMNS = ("node", "title", "shown", "next", "answer", "count", "percent")


class WalkFigures(admin.ModelAdmin):
    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        own = path("<int:pk>/figures/", guard(self.figures), name="helpcenter_article_figures")
        return [own, *super().get_urls()]

    def figures(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A table by node, or the same as CSV."""
        if not request.user.has_perm("helpcenter.view_walkcount"):
            raise PermissionDenied
        asked = AskedPeriod.of(request, PERIODS, usual=30)
        article = get_object_or_404(Article.objects.reading(content_languages(), "outline"), pk=pk)
        rows = figures(_graph(article, asked), _sums(article, asked))
        if request.GET.get("format") == "csv":
            return _as_csv(article, asked, rows)
        page = {**self.admin_site.each_context(request), "opts": self.opts, "article": article, "rows": rows}
        page |= {"title": gettext("Ways through “%(slug)s”") % {"slug": article.slug}}
        return TemplateResponse(request, "admin/helpcenter/article/figures.html", page | asked.choices())


def _graph(article: Article, asked: AskedPeriod) -> Graph:
    """The nodes in the first of these languages that has them; the source's count before those of other languages."""
    order = [asked.language or get_language() or "", article.source_language, *content_languages()]
    graph = Graph()
    for code in dict.fromkeys(code for code in order if code in content_languages()):
        graph = graph.completed(Graph.of(load(article.published_text("outline", code) or None)))
    return graph


def _sums(article: Article, asked: AskedPeriod) -> dict[tuple[str, str], int]:
    since = timezone.now().date() - timedelta(days=asked.days - 1)  # today included
    rows = WalkCount.objects.filter(article=article, day__gte=since)
    if asked.language:
        rows = rows.filter(language=asked.language)
    sums = rows.order_by().values_list("node", "next_node").annotate(total=Sum("count"))
    return {(node, next_node): total for node, next_node, total in sums}


def _as_csv(article: Article, asked: AskedPeriod, rows: list[Figures]) -> HttpResponse:
    lines = (line for row in rows for line in _lines(row))
    response = HttpResponse(tables.write(COLUMNS, lines, Format.CSV), content_type=tables.CONTENT_TYPES[Format.CSV])
    name = f"{article.slug}-{asked.language or 'all'}-{asked.days}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _lines(row: Figures) -> Iterator[tuple[Any, ...]]:
    """A line for each answer of a node, and one for those who gave none."""
    for found in row.nexts:
        yield (row.name, row.title, row.shown, found.target, found.words, found.count, found.share)
    yield (row.name, row.title, row.shown, "", "", row.left, row.left_share)
