"""The places in the header of the signed-in screens, which apps name for those who may go there."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse


@dataclass(frozen=True)
class Entry:
    """`url_name` without arguments; shown to people with `permission`."""

    label: Any
    url_name: str
    permission: str


@dataclass(frozen=True)
class Shown:
    label: Any
    url: str
    current: str  # for `aria-current`: "page", "true" for a page below it, "" elsewhere


_ENTRIES: dict[str, Entry] = {}


def register(name: str, label: Any, url_name: str, permission: str) -> None:
    """Make an entry known; called from `AppConfig.ready()`. They stand in the order of their registration."""
    _ENTRIES[name] = Entry(label, url_name, permission)


def shown(request: HttpRequest) -> list[Shown]:
    """The entries of a person. Of those that lead to where the person is, the nearest one is current."""
    allowed = [entry for entry in _ENTRIES.values() if request.user.has_perm(entry.permission)]
    addresses = [(entry.label, reverse(entry.url_name)) for entry in allowed]
    above = [url for _, url in addresses if request.path.startswith(url)]
    nearest = max(above, key=len, default="")
    return [Shown(label, url, _current(url, nearest, request.path)) for label, url in addresses]


def _current(url: str, nearest: str, path: str) -> str:
    if url != nearest:
        return ""
    return "page" if url == path else "true"
