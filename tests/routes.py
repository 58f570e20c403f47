"""Every address of the site, as its patterns are written."""

import inspect
import re
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from ninja.operation import PathView


def routes() -> list[str]:
    return sorted({route for route, _ in _walk(get_resolver().url_patterns, "")})


def doors() -> list[tuple[str, str]]:
    """Method and address of whatever can be read or sent; HEAD goes with GET, OPTIONS with everything."""
    found = {(method, route) for route, view in _walk(get_resolver().url_patterns, "") for method in methods_of(view)}
    return sorted(found - {door for door in found if door[0] in ("HEAD", "OPTIONS")})


def _walk(patterns: list[Any], before: str) -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route, pattern.callback


def methods_of(view: Any) -> set[str]:
    """What a view answers as it says itself: by the decorator of Django, as a path of the API, by the functions of its
    class (where PUT is POST under another name). Of a view that does not say it, GET is taken."""
    known = [inspect.getclosurevars(wrapped).nonlocals for wrapped in _unwrapped(view)]
    for variables in known:
        if "request_method_list" in variables:
            return set(variables["request_method_list"])
        if isinstance(variables.get("self"), PathView):
            return {method for operation in variables["self"].operations for method in operation.methods}
    if hasattr(view, "view_class"):
        return {method for method in ("GET", "POST") if hasattr(view.view_class, method.lower())}
    return {"GET"}


def _unwrapped(view: Any) -> Iterator[Any]:
    while view is not None:
        if inspect.isfunction(view):
            yield view
        view = getattr(view, "__wrapped__", None)


def of_nothing(route: str) -> str:
    """The address of a route whose arguments name nothing that is there."""
    return "/" + re.sub(r"<(\w+:)?[^>]+>", lambda found: "0" if found[1] == "int:" else "absent", route)
