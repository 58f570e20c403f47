"""The places in the header of the signed-in screens, which apps name for those who may go there."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse


@dataclass(frozen=True)
class Entry:
    """`url_name` without arguments; shown to people with `permission`. Pages whose addresses begin with its own belong
    to it, unless `is_alone`; so do those whose names are among `pages`, wherever they lie."""

    label: Any
    url_name: str
    permission: str
    pages: tuple[str, ...] = ()
    is_alone: bool = False


@dataclass(frozen=True)
class Shown:
    label: Any = field(compare=False)  # follows from the address and the language
    url: str
    current: str  # for `aria-current`: "page", "true" for a page that belongs to it, "" elsewhere


_ENTRIES: dict[str, Entry] = {}


def register(name: str, entry: Entry) -> None:
    """Make an entry known; called from `AppConfig.ready()`. They stand in the order of their registration."""
    _ENTRIES[name] = entry


def shown(request: HttpRequest) -> list[Shown]:
    """The entries of a person, and which of them is current: at most one."""
    allowed = [
        (entry, _address(entry.url_name)) for entry in _ENTRIES.values() if request.user.has_perm(entry.permission)
    ]
    near = {url: _nearness(entry, url, request) for entry, url in allowed}
    nearest = max(near, key=lambda url: near[url], default="")
    state = ("page" if nearest == request.path else "true") if near.get(nearest) else ""
    return [Shown(entry.label, url, state if url == nearest else "") for entry, url in allowed]


@cache
def _address(url_name: str) -> str:
    return reverse(url_name)


def _nearness(entry: Entry, url: str, request: HttpRequest) -> int:
    """How near a page is to an entry; 0 where it does not belong to it."""
    page = request.resolver_match.url_name if request.resolver_match else None
    if url == request.path or page in entry.pages:
        return len(request.path) + 1
    return len(url) if request.path.startswith(url) and not entry.is_alone else 0
