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
from django.utils.translation import gettext

from helpcenter.admin.asked_period import AskedPeriod
from helpcenter.content import tables
from helpcenter.content.tables import Format
from helpcenter.enums import FeedbackReason
from helpcenter.helpfulness import Helped
from helpcenter.models import Article, Feedback
from helpcenter.models.article import published_columns
from supportdesk.ui import languages
from supportdesk.ui.pagination import page_number, paginate

PERIODS = (28, 90, 365)  # days
PER_PAGE = 50
MONTH = Substr(Cast("day", CharField()), 1, 7)  # 2026-11; both databases write days so
COLUMNS = ("month", "language", "votes", "helpful", "percent", "low", "high", *FeedbackReason.values)


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
        asked = AskedPeriod.of(request, PERIODS, usual=PERIODS[1])
        if request.GET.get("format") == "csv":
            return _as_csv(article, asked)
        page = {**self.admin_site.each_context(request), "opts": self.opts, "article": article}
        page |= {"title": gettext("What readers say"), **_tables(article, asked), **asked.choices()}
        page["page_query"] = f"{asked.query()[1:]}&"
        page["page"] = paginate(_comments(article, asked), page_number(request), PER_PAGE)
        return TemplateResponse(request, "admin/helpcenter/desk/feedback.html", page)


def _tables(article: Article | None, asked: AskedPeriod) -> dict[str, Any]:
    votes = _votes(article, asked)
    by_language = [Figures.of(row) for row in votes.counted_by("language").order_by("-votes", "language")]
    months = votes.annotate(month=MONTH).counted_by("month").order_by("-month")
    whole = Helped(sum(row.helped.helpful for row in by_language), sum(row.helped.votes for row in by_language))
    return {"by_language": by_language, "by_month": [Figures.of(row) for row in months], "whole": whole}


def _comments(article: Article | None, asked: AskedPeriod) -> QuerySet[Feedback]:
    unread = [f"article__{name}" for name in sorted(published_columns())]
    written = _votes(article, asked).exclude(comment="").order_by("-created_at", "-pk")
    return written.select_related("article").defer(*unread)


def _votes(article: Article | None, asked: AskedPeriod) -> Any:
    found = Feedback.objects.since(timezone.now() - timedelta(days=asked.days))
    found = found.filter(language=asked.language) if asked.language else found
    return found.filter(article=article) if article else found


def _as_csv(article: Article | None, asked: AskedPeriod) -> HttpResponse:
    rows = _votes(article, asked).annotate(month=MONTH).counted_by("month", "language")
    lines = (_line(Figures.of(row)) for row in rows.order_by("-month", "language"))
    response = HttpResponse(tables.write(COLUMNS, lines, Format.CSV), content_type=tables.CONTENT_TYPES[Format.CSV])
    name = f"feedback-{article.slug if article else 'all'}-{asked.language or 'all'}-{asked.days}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _line(row: Figures) -> Sequence[object]:
    helped = row.helped
    counts = (helped.votes, helped.helpful, helped.percent, helped.low, helped.high)
    return (row.month, row.language, *counts, *(count for _, count in row.reasons))
