"""Every address of the site, as its patterns are written."""

import re
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


def routes() -> list[str]:
    return sorted(set(_walk(get_resolver().url_patterns, "")))


def _walk(patterns: list[Any], before: str) -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route


def of_nothing(route: str) -> str:
    """The address of a route whose arguments name nothing that is there."""
    return "/" + re.sub(r"<(\w+:)?[^>]+>", lambda found: "0" if found[1] == "int:" else "absent", route)
