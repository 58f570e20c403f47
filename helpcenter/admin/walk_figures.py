"""Figures of a troubleshooter: what was shown, what was answered, where readers left."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext

from helpcenter.content import tables
from helpcenter.content.figures import Figures, figures
from helpcenter.content.graph import Graph
from helpcenter.content.tables import Format
from helpcenter.models import Article, WalkCount
from helpcenter.outline import load
from supportdesk.ui import languages
from supportdesk.ui.languages import content_languages

PERIODS = (7, 30, 90, 365)  # days
COLUMNS = ("node", "title", "shown", "next", "answer", "count", "percent")


@dataclass(frozen=True)
class Asked:
    """Which figures are wanted: of a language (empty for all) and of the last `days` days, today included."""

    language: str
    days: int

    @classmethod
    def of(cls, request: HttpRequest) -> "Asked":
        language, days = request.GET.get("language", ""), request.GET.get("days", "")
        return cls(
            language=language if language in content_languages() else "",
            days=int(days) if days in [str(period) for period in PERIODS] else 30,
        )

    @property
    def since(self) -> date:
        return timezone.now().date() - timedelta(days=self.days - 1)

    def query(self, **changed: Any) -> str:
        values = {"language": self.language, "days": self.days, **changed}
        return "?" + urlencode({name: value for name, value in values.items() if value})


class WalkFigures(admin.ModelAdmin):
    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        own = path("<int:pk>/figures/", guard(self.figures), name="helpcenter_article_figures")
        return [own, *super().get_urls()]

    def figures(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A table by node, or the same as CSV."""
        if not request.user.has_perm("helpcenter.view_walkcount"):
            raise PermissionDenied
        asked = Asked.of(request)
        article = get_object_or_404(Article.objects.reading(content_languages(), "outline"), pk=pk)
        rows = figures(_graph(article, asked), _sums(article, asked))
        if request.GET.get("format") == "csv":
            return _as_csv(article, asked, rows)
        page = {**self.admin_site.each_context(request), "opts": self.opts, "article": article, "rows": rows}
        page |= {"title": gettext("Ways through “%(slug)s”") % {"slug": article.slug}, "csv": asked.query(format="csv")}
        return TemplateResponse(request, "admin/helpcenter/article/figures.html", page | _choices(asked))


def _graph(article: Article, asked: Asked) -> Graph:
    """The nodes in the first of these languages that has them, the source's before those of others."""
    order = [asked.language or get_language() or "", article.source_language, *content_languages()]
    graph = Graph()
    for code in dict.fromkeys(code for code in order if code in content_languages()):
        graph = graph.completed(Graph.of(load(article.published_text("outline", code) or None)))
    return graph


def _sums(article: Article, asked: Asked) -> dict[tuple[str, str], int]:
    rows = WalkCount.objects.filter(article=article, day__gte=asked.since)
    if asked.language:
        rows = rows.filter(language=asked.language)
    sums = rows.order_by().values_list("node", "next_node").annotate(total=Sum("count"))
    return {(node, next_node): total for node, next_node, total in sums}


def _choices(asked: Asked) -> dict[str, Any]:
    """The languages and the periods to choose from, each with its address."""
    spoken = [(languages.language(code).name, asked.query(language=code), code) for code in content_languages()]
    return {
        "languages": [(name, query, code == asked.language) for name, query, code in spoken],
        "all_languages": (asked.query(language=""), not asked.language),
        "periods": [(days, asked.query(days=days), days == asked.days) for days in PERIODS],
    }


def _as_csv(article: Article, asked: Asked, rows: list[Figures]) -> HttpResponse:
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
