"""Pieces of pages that are drawn once in a process: they change with the program, its settings and its messages only,
and none of these changes while it runs."""

from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from django.utils.safestring import SafeString

_pieces: WeakKeyDictionary[Any, dict[str, tuple[Any, SafeString]]] = WeakKeyDictionary()


def once(node: Any, language: str, draw: Callable[[], SafeString], made_from: Any = None) -> SafeString:
    """What `draw` gave for a node of a template when it was first asked for in a language, or when what it is made from
    was another the last time."""
    by_language = _pieces.setdefault(node, {})
    known = by_language.get(language)
    if known is None or known[0] != made_from:
        known = by_language[language] = made_from, draw()
    return known[1]


def forget() -> None:
    """Draw everything anew: where something changes after all, as a place that an app adds, or settings in tests."""
    _pieces.clear()
