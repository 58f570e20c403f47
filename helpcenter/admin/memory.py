"""The translation memory: what was translated before, to be searched."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from helpcenter.models import MemorySegment
from helpcenter.models.article import published_columns
from supportdesk.ui import languages
from supportdesk.ui.records import ReadOnlyAdmin


@admin.register(MemorySegment)
class MemorySegmentAdmin(ReadOnlyAdmin):
    list_display = ("shown_source", "shown_target", "language", "article", "used_at")
    list_display_links = None
    list_filter = ("language", "source_language")
    search_fields = ("source", "target", "article__slug")

    def get_queryset(self, request: HttpRequest) -> QuerySet[MemorySegment]:
        published = [f"article__{name}" for name in published_columns()]
        return MemorySegment.objects.select_related("article").defer(*published)

    @admin.display(description=_("source"))
    def shown_source(self, segment: MemorySegment) -> str:
        return _text(segment.source, segment.source_language)

    @admin.display(description=_("translation"))
    def shown_target(self, segment: MemorySegment) -> str:
        return _text(segment.target, segment.language)


def _text(text: str, code: str) -> str:
    if not languages.is_known(code):  # a language that was taken away again
        return text
    shown = languages.language(code)
    return format_html('<span lang="{}" dir="{}">{}</span>', shown.tag, shown.direction, text)
