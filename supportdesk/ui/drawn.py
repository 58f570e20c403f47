"""Parts of pages, and pages without their words, that a process renders once: they change
with the program, its settings and its messages only, and none of these changes while it runs.

`once` keeps a piece as it is. `fill` keeps a whole page without its words: what Django's templates make of a page is
nearly the same for each article, and to make it anew costs more than to find out what stands in it.
"""

import re
import secrets
from collections.abc import Callable, Hashable, Mapping
from typing import Any
from weakref import WeakKeyDictionary

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from supportdesk.ui.context import of_site
from supportdesk.ui.markup import escaped

MOST = 400  # page skeletons that a process keeps

_pieces: WeakKeyDictionary[Any, dict[str, tuple[Any, SafeString]]] = WeakKeyDictionary()
_pages: dict[Hashable, list[str]] = {}
# What is drawn in place of a word: letters and digits, so that it can stand in an address; nobody can guess it.
_MARK = f"word{secrets.token_hex(8)}n"
_PLACE = re.compile(rf"{_MARK}(\d+)e")


def once(node: Any, language: str, draw: Callable[[], SafeString], made_from: Any = None) -> SafeString:
    """What `draw` gave for a node of a template when it was first asked for in a language, or when what it is made from
    was another the last time."""
    by_language = _pieces.setdefault(node, {})
    known = by_language.get(language)
    if known is None or known[0] != made_from:
        known = by_language[language] = made_from, draw()
    return known[1]


def fill(template: str, shape: Mapping[str, Hashable], words: Mapping[str, str]) -> SafeString:
    """A template with `words` at their places, escaped unless they are safe. It is drawn once for each `shape` and each
    language, and what it asks of a word is whether it is empty. Names may have dots: `card.title` is the title of
    `card`. A template gets nothing else: no request, no person. It puts no filter on a word, which is not there yet
    when the template is drawn: what `urlencode` or `upper` make of it is a word of its own."""
    key = (template, get_language(), *shape.values(), *map(bool, words.values()))
    page = _pages.pop(key, None) or _drawn(template, shape, words)
    _pages[key] = page  # those used last stand last
    if len(_pages) > MOST:
        for unused in list(_pages)[:-MOST]:
            _pages.pop(unused, None)
    page, written = page.copy(), list(words.values())
    page[1::2] = [escaped(written[int(number)]) for number in page[1::2]]
    return SafeString("".join(page))


def _drawn(template: str, shape: Mapping[str, Hashable], words: Mapping[str, str]) -> list[str]:
    """A template in pieces: in turn what stands there for all, and the number of a word."""
    places = {name: SafeString(f"{_MARK}{number}e" if words[name] else "") for number, name in enumerate(words)}
    return _PLACE.split(render_to_string(template, {**of_site(), **nested({**shape, **places})}))


def nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """`{"card.title": …}` as `{"card": {"title": …}}`."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        *path, last = name.split(".")
        inner = found
        for step in path:
            inner = inner.setdefault(step, {})
        inner[last] = value
    return found


def forget() -> None:
    """Draw everything anew: where something changes after all, as a place that an app adds, or settings in tests."""
    _pieces.clear()
    _pages.clear()
