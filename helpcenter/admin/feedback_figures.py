"""What readers say, of one article or of all: how many were helped, why others were not, by language and month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast, Substr
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext

from helpcenter.content import tables
from helpcenter.content.tables import Format
from helpcenter.enums import FeedbackReason
from helpcenter.helpfulness import Helped
from helpcenter.models import Article, Feedback
from helpcenter.models.article import published_columns
from supportdesk.ui import languages
from supportdesk.ui.languages import content_languages
from supportdesk.ui.pagination import page_number, paginate

PERIODS = (28, 90, 365)  # days
PER_PAGE = 50
MONTH = Substr(Cast("day", CharField()), 1, 7)  # 2026-11; both databases write days so
COLUMNS = ("month", "language", "votes", "helpful", "percent", "low", "high", *FeedbackReason.values)


@dataclass(frozen=True)
class Asked:
    """Which votes are wanted: of a language (empty for all), of the last `days` days."""

    language: str
    days: int

    @classmethod
    def of(cls, request: HttpRequest) -> "Asked":
        language, days = request.GET.get("language", ""), request.GET.get("days", "")
        return cls(
            language=language if language in content_languages() else "",
            days=int(days) if days in [str(period) for period in PERIODS] else PERIODS[1],
        )

    def votes(self, article: Article | None) -> Any:
        """A query set of votes."""
        found = Feedback.objects.since(timezone.now() - timedelta(days=self.days))
        found = found.filter(language=self.language) if self.language else found
        return found.filter(article=article) if article else found

    def query(self, **changed: Any) -> str:
        values = {"language": self.language, "days": self.days, **changed}
        return "?" + urlencode({name: value for name, value in values.items() if value})


@dataclass(frozen=True)
class Figures:
    """Votes of a group: a language, or a month (UTC)."""

    name: str
    helped: Helped
    reasons: list[tuple[str, int]]
    language: str = ""
    month: str = ""

    @classmethod
    def of(cls, row: dict[str, Any]) -> "Figures":
        code, month = row.get("language", ""), row.get("month", "")
        named = languages.language(code).name if languages.is_known(code) else code
        reasons = [(str(reason.label), row[f"reason_{reason.value}"]) for reason in FeedbackReason]
        helped = Helped(row["helpful_votes"], row["votes"])
        return cls(named or month, helped, reasons, code, month)


class FeedbackFigures(admin.ModelAdmin):
    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        own = [
            path("<int:pk>/feedback/", guard(self.feedback), name="helpcenter_article_feedback"),
            path("feedback/", guard(self.feedback), name="helpcenter_articles_feedback"),
        ]
        return own + super().get_urls()

    def feedback(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Two tables and the comments, or everything by month and language as CSV."""
        if not request.user.has_perm("helpcenter.view_feedback"):
            raise PermissionDenied
        article = get_object_or_404(Article.objects.reading([]), pk=pk) if pk else None
        asked = Asked.of(request)
        if request.GET.get("format") == "csv":
            return _as_csv(article, asked)
        page = {**self.admin_site.each_context(request), "opts": self.opts, "article": article}
        page |= {"title": gettext("What readers say"), **_tables(article, asked), **_choices(asked)}
        page["page"] = paginate(_comments(article, asked), page_number(request), PER_PAGE)
        return TemplateResponse(request, "admin/helpcenter/desk/feedback.html", page)


def _tables(article: Article | None, asked: Asked) -> dict[str, Any]:
    votes = asked.votes(article)
    by_language = [Figures.of(row) for row in votes.counted_by("language").order_by("-votes", "language")]
    months = votes.annotate(month=MONTH).counted_by("month").order_by("-month")
    whole = Helped(sum(row.helped.helpful for row in by_language), sum(row.helped.votes for row in by_language))
    return {"by_language": by_language, "by_month": [Figures.of(row) for row in months], "whole": whole}


def _comments(article: Article | None, asked: Asked) -> QuerySet[Feedback]:
    unread = [f"article__{name}" for name in sorted(published_columns())]
    written = asked.votes(article).exclude(comment="").order_by("-created_at", "-pk")
    return written.select_related("article").defer(*unread)


def _choices(asked: Asked) -> dict[str, Any]:
    spoken = [(languages.language(code).name, asked.query(language=code), code) for code in content_languages()]
    return {
        "languages": [(name, query, code == asked.language) for name, query, code in spoken],
        "all_languages": (asked.query(language=""), not asked.language),
        "periods": [(days, asked.query(days=days), days == asked.days) for days in PERIODS],
        "csv": asked.query(format="csv"),
        "page_query": f"{asked.query()[1:]}&",
    }


def _as_csv(article: Article | None, asked: Asked) -> HttpResponse:
    rows = asked.votes(article).annotate(month=MONTH).counted_by("month", "language")
    lines = (_line(Figures.of(row)) for row in rows.order_by("-month", "language"))
    response = HttpResponse(tables.write(COLUMNS, lines, Format.CSV), content_type=tables.CONTENT_TYPES[Format.CSV])
    name = f"feedback-{article.slug if article else 'all'}-{asked.language or 'all'}-{asked.days}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _line(row: Figures) -> Sequence[object]:
    helped = row.helped
    counts = (helped.votes, helped.helpful, helped.percent, helped.low, helped.high)
    return (row.month, row.language, *counts, *(count for _, count in row.reasons))
