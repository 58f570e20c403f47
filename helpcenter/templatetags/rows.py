"""Lines of the long lists of reading pages. Thirty articles, drawn line by line by a template, cost more than the rest
of the page."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from helpcenter.enums import ArticleKind
from helpcenter.outline import Part
from helpcenter.views.results import Found
from helpcenter.views.rows import ArticleRow
from supportdesk.ui import languages
from supportdesk.ui.templatetags.ui import foreign

register = template.Library()
NOTHING = escape("")
CURRENT = format_html(' aria-current="{}"', "page")
STEP = format_html(' class="{}"', "step")


@register.simple_tag(takes_context=True)
def article_links(context: dict[str, Any], rows: Iterable[ArticleRow], slug: str = "") -> SafeString:
    """Links to articles; `slug` is that of the article whose page this is."""
    line = '<li><a href="{}"{}{}>{}</a></li>'
    return _lines(
        line,
        (
            (row.path, CURRENT if row.slug == slug else NOTHING, foreign(context, row.language), row.title)
            for row in rows
        ),
    )


@register.simple_tag(takes_context=True)
def topic_links(context: dict[str, Any], topics: Iterable[Any], slug: str = "", kind: str = "") -> SafeString:
    """Links to categories (`tree.Node`); `slug` is that of the category whose page this is, `kind` a class."""
    line, kind = '<li><a{} href="{}"{}{}>{}</a></li>', _class(kind)
    return _lines(
        line,
        (
            (kind, topic.path, CURRENT if topic.slug == slug else NOTHING, foreign(context, topic.language), topic.name)
            for topic in topics
        ),
    )


@register.simple_tag
def part_links(parts: Iterable[Part]) -> SafeString:
    """Links to the parts of a text."""
    line = '<li{}><a href="#{}">{}</a></li>'
    return _lines(line, ((STEP if part.is_step else NOTHING, part.anchor, part.title) for part in parts))


@register.simple_tag(takes_context=True)
def article_rows(context: dict[str, Any], rows: Iterable[ArticleRow], *, with_summary: bool = False) -> SafeString:
    """Articles with what tells them apart: kind, steps, language; and with what they are about."""
    line = '<li><a class="t" href="{}"{}>{}</a>{}{}</li>'
    return _lines(line, (_article_row(context, row, with_summary=with_summary) for row in rows))


@register.simple_tag(takes_context=True)
def found_rows(context: dict[str, Any], lines: Iterable[Found]) -> SafeString:
    """What a search has found."""
    line = '<li><span class="xs mute">{}</span><h2><a href="{}"{}>{}</a></h2><p class="sm ink2"{}>{}</p>{}</li>'
    return _lines(line, (_found_row(context, found) for found in lines))


def _lines(line: str, values: Iterable[tuple[Any, ...]]) -> SafeString:
    return format_html_join("", line, values)


def _class(name: str) -> SafeString:
    return format_html(' class="{}"', name) if name else NOTHING


def _article_row(context: dict[str, Any], row: ArticleRow, *, with_summary: bool) -> tuple[Any, ...]:
    spoken = foreign(context, row.language)
    return row.path, spoken, row.title, _tags(row, spoken), _summary(row, spoken) if with_summary else NOTHING


def _tags(row: ArticleRow, spoken: SafeString) -> SafeString:
    tags = []
    if row.is_guide and row.steps:
        steps = ngettext("Guide, %(steps)s step", "Guide, %(steps)s steps", row.steps) % {"steps": row.steps}
        tags.append(format_html(' <span class="tag">{}</span>', steps))
    if row.is_troubleshooter:
        tags.append(_troubleshooter())
    if row.is_fallback:
        tags.append(format_html(' <span class="tag"{}>{}</span>', spoken, languages.language(row.language).name))
    return format_html_join("", "{}", ((tag,) for tag in tags))


def _troubleshooter() -> SafeString:
    return format_html(' <span class="tag info">{}</span>', gettext("Troubleshooter"))


def _summary(row: ArticleRow, spoken: SafeString) -> SafeString:
    updated = NOTHING
    if row.updated:
        updated = format_html(' <span class="mute nowrap">· {}</span>', _time(row.updated))
    return format_html('<p class="sm ink2"{}>{}{}</p>', spoken, row.summary, updated)


def _found_row(context: dict[str, Any], found: Found) -> tuple[Any, ...]:
    spoken = foreign(context, found.language.code)
    updated = format_html('<p class="xs mute">{}</p>', _time(found.updated)) if found.updated else NOTHING
    return _about(context, found), found.url, spoken, found.title, spoken, found.excerpt, updated


def _about(context: dict[str, Any], found: Found) -> SafeString:
    """Topic, language and kind of what was found, as far as they say something."""
    said, language = [], found.language
    if found.category:
        said.append(format_html("<span{}>{}</span>", foreign(context, found.category.language), found.category.name))
    if language.code != context["language"].code:
        said.append(
            format_html(' · <span lang="{}" dir="{}">{}</span>', language.tag, language.direction, language.name)
        )
    if found.kind == ArticleKind.TROUBLESHOOTER:
        said.append(_troubleshooter())
    return format_html_join("", "{}", ((one,) for one in said))


def _time(moment: datetime) -> SafeString:
    """A moment (UTC) as its day."""
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(), _day(moment, get_language() or ""))


@lru_cache(maxsize=4096)
def _day(moment: datetime, language: str) -> str:
    """The day of a moment, as it is written in the active language; `language` tells the answers apart."""
    return date_format(moment, "DATE_FORMAT")
