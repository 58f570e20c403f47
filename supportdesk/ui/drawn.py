"""Pieces of pages that are drawn once in a process: they change with the program, its settings and its messages only,
and none of these changes while it runs."""

from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from django.utils.safestring import SafeString

_pieces: WeakKeyDictionary[Any, dict[str, SafeString]] = WeakKeyDictionary()


def once(node: Any, language: str, draw: Callable[[], SafeString]) -> SafeString:
    """What `draw` gave for a node of a template when it was first asked for in a language."""
    by_language = _pieces.setdefault(node, {})
    if language not in by_language:
        by_language[language] = draw()
    return by_language[language]


def forget() -> None:
    """Draw everything anew: where something changes after all, as a place that an app adds, or settings in tests."""
    _pieces.clear()
