"""Parts of a text for readers of some regions alone: how they are stored, and what a reader is shown of them. Pure.

Stored HTML holds every one of them, folded. Readers who have chosen a region get those of theirs, open, and none of the
others; readers who have not get them folded, each under the names of its regions.
"""

import re
from collections.abc import Callable, Sequence

from django.utils.translation import gettext
from markdown_it.token import Token

KIND = "region"
OPEN, CLOSE = f"container_{KIND}_open", f"container_{KIND}_close"
CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

_BETWEEN = re.compile(r"[\s,]+")
_PLACE = re.compile(
    r'<details class="region" data-regions="(?P<codes>[a-z0-9 -]*)"><summary>[^<]*</summary>'
    r"(?P<inside>.*?)</details>\n?",
    re.DOTALL,
)

_ARTICLE = re.compile(
    r'(?P<address><a href="/[a-z-]+/(?:articles|troubleshoot|contracts|announcements)/[A-Za-z0-9_-]+/)'
    r'(?P<rest>#[^"]*)?"'
)


def codes_of(info: str) -> list[str]:
    """The regions that an opening names: `region eu, uk` -> `["eu", "uk"]`; each once, in the order of the alphabet."""
    return sorted({code for code in _BETWEEN.split(info.strip().lower())[1:] if code})


def opened(codes: Sequence[str]) -> str:
    """How such a part begins in stored HTML."""
    return f'<details class="region" data-regions="{" ".join(codes)}"><summary>{", ".join(codes).upper()}</summary>\n'


def has_regions(html: str) -> bool:
    return ' data-regions="' in html


def regions_in(html: str) -> set[str]:
    """The regions that have parts of their own in stored HTML."""
    return {code for place in _PLACE.finditer(html) for code in place["codes"].split()}


def shown(html: str, region: str, label: Callable[[list[str]], str]) -> str:
    """Stored HTML as a reader of a region sees it; an empty one is nobody's. `label` says in words, as HTML, for which
    regions a part is."""

    def draw(place: re.Match[str]) -> str:
        codes = place["codes"].split()
        if region and region not in codes:
            return ""
        if region:
            return f'<div class="region"><p class="region-t">{label(codes)}</p>{place["inside"]}</div>\n'
        return f'<details class="region"><summary>{label(codes)}</summary>{place["inside"]}</details>\n'

    return _PLACE.sub(draw, html)


def without(html: str) -> str:
    """Stored HTML with what holds everywhere alone."""
    return _PLACE.sub("", html)


def named(tokens: Sequence[Token]) -> list[tuple[list[str], int]]:
    """The regions that each such part of a document names, with its line."""
    return [(codes_of(token.info), _line(token)) for token in tokens if token.type == OPEN]


def settle(tokens: Sequence[Token]) -> list[tuple[int, str]]:
    """Mark which openings and endings are drawn; returns what is odd, by lines. A part inside another is drawn as what
    stands around it, and one that names no region as what holds everywhere."""
    stack: list[bool] = []
    odd = []
    for token in tokens:
        if token.type == OPEN:
            problem = _problem(token, is_inner=any(stack))
            odd += [(_line(token), problem)] if problem else []
            stack.append(not problem)
            token.meta["is_drawn"] = stack[-1]
        elif token.type == CLOSE:
            token.meta["is_drawn"] = stack.pop()
        elif token.type == "heading_open" and stack:
            odd.append((_line(token), gettext("A heading inside a region opens no part: put the region below it.")))
    return odd


def _problem(token: Token, *, is_inner: bool) -> str:
    codes = codes_of(token.info)
    if is_inner:
        return gettext("A region stands inside another one; it is shown to all readers of the outer one.")
    if not codes or not all(CODE.fullmatch(code) for code in codes):
        return gettext("Name the regions by their codes, as in “:::region eu”; this part is shown to everybody.")
    return ""


def _line(token: Token) -> int:
    return (token.map or [0])[0] + 1


def kept_in_links(html: str, region: str) -> str:
    """Links to other articles that go on with the region which a reader has chosen."""

    def go_on(link: re.Match[str]) -> str:
        return f'{link["address"]}?region={region}{link["rest"] or ""}"'

    return _ARTICLE.sub(go_on, html) if region else html
