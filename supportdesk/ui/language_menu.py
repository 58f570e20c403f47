"""The language menu on pages of apps that do not know which languages are public: the app that knows says so here."""

from typing import Any

from django.http import HttpRequest
from django.utils.module_loading import import_string

_READERS: list[str] = []


def register(reader: str) -> None:
    """Name the callable (a dotted path) that gives the lines of the menu for a request, each with `language`, `path`,
    `is_current` and `instead`; called from `AppConfig.ready()`."""
    _READERS[:] = [reader]


def of(request: HttpRequest) -> list[Any]:
    """The same page in every public language; nothing where no app knows them."""
    return [line for reader in _READERS for line in import_string(reader)(request)]
