"""Markup of lists that is written without templates: the lines of reading pages, their languages, their menu."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from html import escape
from typing import Any

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString

from supportdesk.ui import languages

NOTHING = SafeString("")


def lines(line: str, rows: Iterable[tuple[Any, ...]], between: str = "") -> SafeString:
    """As `format_html_join`, in a third of its time: `line` once for each row, with its values escaped."""
    return SafeString(between.join([line.format(*map(escaped, row)) for row in rows]))


def sentence(words: str, **values: object) -> SafeString:
    """A message of ours, which is markup as in a template, with values put into it."""
    return SafeString(words % {name: escaped(value) for name, value in values.items()})


def joined(parts: Iterable[str], between: str = "") -> SafeString:
    """Parts of a page one after the other; those that are not safe are escaped, and so is what stands between them."""
    return SafeString(escaped(between).join(map(escaped, parts)))


def pieces(drawn: SafeString, place: str) -> list[SafeString]:
    """What stands before, between and after the places of markup that are to hold something else (`joined`)."""
    return [SafeString(piece) for piece in drawn.split(place)]


def escaped(value: object) -> str:
    """A value as it can stand in markup; what is safe stays as it is."""
    return value if type(value) is SafeString else escape(str(value))


def own_links(text: str) -> SafeString:
    """Words of ours in which addresses of this site are links. Any other address stays what it is, words: an answer may
    well quote that of a swindler."""
    return joined(_linked(text))


def _linked(text: str) -> Iterator[str]:
    for place, piece in enumerate(_own_addresses(settings.SITE_URL).split(text)):
        address = piece.rstrip(".,;:!?)'") if place % 2 else ""
        if address:
            yield format_html('<a href="{0}" dir="ltr">{0}</a>', address)
        yield piece[len(address) :]


@cache
def _own_addresses(site: str) -> re.Pattern[str]:
    """Addresses are of ASCII, so that in languages that write no blanks they end where words go on; what stands inside
    of another address is none."""
    return re.compile(rf"(?<![A-Za-z0-9/=?&%.#_~+:@-])({re.escape(site)}/[!#-;=?-~]*)")


@cache
def spoken(code: str, on_page: str) -> SafeString:
    """`lang` and `dir` for words of a language on a page in another; nothing where it is the same."""
    if not code or code == on_page:
        return NOTHING
    other = languages.language(code)
    return format_html(' lang="{}" dir="{}"', other.tag, other.direction)


def language_links(items: Iterable[Any]) -> SafeString:
    """The lines of the language menu (`MenuItem`: language, path, is_current, instead)."""
    line = '<li><a href="{}" lang="{}" hreflang="{}" dir="{}"{}><span>{}</span>{}</a></li>'
    return lines(line, (_menu_line(item) for item in items), "\n")


def _menu_line(item: Any) -> tuple[Any, ...]:
    own, current = item.language, SafeString(' aria-current="true"' if item.is_current else "")
    return item.path, own.tag, own.tag, own.direction, current, own.name, _instead(item.instead)


def _instead(other: languages.Language | None) -> SafeString:
    if other is None:
        return NOTHING
    return format_html('<small lang="{}" dir="{}">{}</small>', other.tag, other.direction, other.name)


def alternate_links(pairs: Iterable[tuple[str, str]]) -> SafeString:
    """The same page in other languages, for search engines: tag and address of each."""
    return lines('<link rel="alternate" hreflang="{}" href="{}">', pairs, "\n")


def published_html(html: str) -> SafeString:
    """HTML that publishing rendered and sanitised (helpcenter.content.sanitising): the one place that trusts it."""
    return SafeString(html)


def data_block(data: str) -> SafeString:
    """Linked data for other software. Its writer has escaped what could end the element
    (helpcenter.sharing.linked_data.written); no browser runs a block of this type."""
    return SafeString(f'<script type="application/ld+json">{data}</script>')
