"""Lines of the long lists of reading pages. Thirty articles, drawn line by line by a template, cost more than the rest
of the page. `on_page` is the language of the page."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from helpcenter.enums import ArticleKind
from helpcenter.outline import Part
from helpcenter.views.results import Choice, Found
from helpcenter.views.rows import ArticleRow
from supportdesk.ui import languages
from supportdesk.ui.markup import NOTHING, lines, spoken

CURRENT = format_html(' aria-current="{}"', "page")
SELECTED = format_html(' aria-current="{}"', "true")
STEP = format_html(' class="{}"', "step")


def article_links(on_page: str, rows: Iterable[ArticleRow], slug: str = "") -> SafeString:
    """Links to articles; `slug` is that of the article whose page this is."""
    line = '<li><a href="{}"{}{}>{}</a></li>'
    values = (
        (row.path, CURRENT if row.slug == slug else NOTHING, spoken(row.language, on_page), row.title) for row in rows
    )
    return lines(line, values)


def topic_links(on_page: str, topics: Iterable[Any], slug: str = "", kind: str = "") -> SafeString:
    """Links to categories (`tree.Node`); `slug` is that of the category whose page this is, `kind` a class."""
    line = '<li><a{} href="{}"{}{}>{}</a></li>'
    shape = format_html(' class="{}"', kind) if kind else NOTHING
    values = (
        (shape, one.path, CURRENT if one.slug == slug else NOTHING, spoken(one.language, on_page), one.name)
        for one in topics
    )
    return lines(line, values)


def part_links(parts: Iterable[Part]) -> SafeString:
    """Links to the parts of a text."""
    line = '<li{}><a href="#{}">{}</a></li>'
    return lines(line, ((STEP if part.is_step else NOTHING, part.anchor, part.title) for part in parts))


def article_rows(on_page: str, rows: Iterable[ArticleRow], *, with_summary: bool = False) -> SafeString:
    """Articles with what tells them apart: kind, steps, language; and with what they are about."""
    line = '<li><a class="t" href="{}"{}>{}</a>{}{}</li>'
    return lines(line, (_article_row(on_page, row, with_summary=with_summary) for row in rows))


def found_rows(on_page: str, found: Iterable[Found]) -> SafeString:
    """What a search has found."""
    line = '<li><span class="xs mute">{}</span><h2><a href="{}"{}>{}</a></h2><p class="sm ink2"{}>{}</p>{}</li>'
    return lines(line, (_found_row(on_page, one) for one in found))


def choices(on_page: str, groups: Mapping[str, Iterable[Choice]]) -> SafeString:
    """The filters of a search, a list for each group."""
    return lines("{}", ((_group(on_page, _named(name), members),) for name, members in groups.items()))


def _named(group: str) -> str:
    if group == "kinds":
        return gettext("Filter by kind")
    return gettext("Filter by topic") if group == "categories" else gettext("Filter by language")


def _group(on_page: str, name: str, members: Iterable[Choice]) -> SafeString:
    chip = '<li><a class="chip" href="{}"{}>{} <span class="num">{}</span></a></li>'
    values = ((one.url, SELECTED if one.is_current else NOTHING, _label(on_page, one), one.count) for one in members)
    return lines('<ul class="chips" aria-label="{}">{}</ul>', [(name, lines(chip, values))])


def _label(on_page: str, choice: Choice) -> str:
    if not choice.language:
        return choice.label
    return lines("<span{}>{}</span>", [(spoken(choice.language, on_page), choice.label)])


def _article_row(on_page: str, row: ArticleRow, *, with_summary: bool) -> tuple[Any, ...]:
    attributes = spoken(row.language, on_page)
    summary = _summary(row, attributes) if with_summary else NOTHING
    return row.path, attributes, row.title, _tags(row, attributes), summary


def _tags(row: ArticleRow, attributes: SafeString) -> SafeString:
    tags = NOTHING
    if row.is_guide and row.steps:
        tags += _steps(row.steps, get_language() or "")
    if row.is_troubleshooter:
        tags += _troubleshooter()
    if row.is_fallback:
        tags += format_html(' <span class="tag"{}>{}</span>', attributes, languages.language(row.language).name)
    return tags


@lru_cache(maxsize=500)
def _steps(count: int, language: str) -> SafeString:
    """How long a guide is, in the active language; `language` tells the answers apart."""
    steps = ngettext("Guide, %(steps)s step", "Guide, %(steps)s steps", count) % {"steps": count}
    return format_html(' <span class="tag">{}</span>', steps)


def _troubleshooter() -> SafeString:
    return format_html(' <span class="tag info">{}</span>', gettext("Troubleshooter"))


def _summary(row: ArticleRow, attributes: SafeString) -> SafeString:
    updated = NOTHING
    if row.updated:
        own = spoken(
            get_language() or "", row.language
        )  # the day is in the language of the page, also below an English text
        moment = lines("<bdi{}>{}</bdi>", [(own, _time(row.updated))]) if own else _time(row.updated)
        updated = lines(' <span class="mute nowrap">· {}</span>', [(moment,)])
    return lines('<p class="sm ink2"{}>{}{}</p>', [(attributes, row.summary, updated)])


def _found_row(on_page: str, found: Found) -> tuple[Any, ...]:
    attributes = spoken(found.language.code, on_page)
    updated = lines('<p class="xs mute">{}</p>', [(_time(found.updated),)]) if found.updated else NOTHING
    return _about(on_page, found), found.url, attributes, found.title, attributes, found.excerpt, updated


def _about(on_page: str, found: Found) -> SafeString:
    """Topic, language and kind of what was found, as far as they say something."""
    said, language = [], found.language
    if found.category:
        attributes = spoken(found.category.language, on_page)
        said.append(format_html("<span{}>{}</span>", attributes, found.category.name))
    if language.code != on_page:
        said.append(
            format_html(' · <span lang="{}" dir="{}">{}</span>', language.tag, language.direction, language.name)
        )
    if found.kind == ArticleKind.TROUBLESHOOTER:
        said.append(_troubleshooter())
    return format_html_join("", "{}", ((one,) for one in said))


def _time(moment: datetime) -> SafeString:
    """A moment (UTC) as its day."""
    return lines('<time datetime="{}">{}</time>', [(moment.isoformat(), day(moment, get_language() or ""))])


@lru_cache(maxsize=4096)
def day(moment: datetime, language: str) -> str:
    """The day of a moment, as it is written in the active language; `language` tells the answers apart."""
    return date_format(moment, "DATE_FORMAT")
