"""Lines of lists (`helpcenter.views.lines`) for pages that are drawn by templates."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.safestring import SafeString

from helpcenter.enums import FeedbackReason
from helpcenter.views import lines
from helpcenter.views.results import Found

register = template.Library()


@register.simple_tag(takes_context=True)
def topic_links(context: dict[str, Any], topics: Iterable[Any], slug: str = "", kind: str = "") -> SafeString:
    return lines.topic_links(context["language"].code, topics, slug, kind)


@register.simple_tag(takes_context=True)
def found_rows(context: dict[str, Any], found: Iterable[Found]) -> SafeString:
    return lines.found_rows(context["language"].code, found)


@register.simple_tag
def feedback_reasons() -> list[tuple[str, Any]]:
    """What a reader may find wrong with an article."""
    return list(FeedbackReason.choices)
