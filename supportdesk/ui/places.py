"""Links between apps that do not know one another: an app names its screens here, templates ask for them.

A place that nobody has named yields no address, and the template draws no link.
"""

from functools import lru_cache

from django.urls import NoReverseMatch, get_urlconf, reverse
from django.utils.translation import get_language

from supportdesk.ui import drawn

_NAMES: dict[str, str] = {}


def register(place: str, url_name: str) -> None:
    """Name the screen behind a place (`contact`, `my_requests`); called from `AppConfig.ready()`."""
    _NAMES[place] = url_name
    drawn.forget()  # the frame of all pages leads there
    _address.cache_clear()


def address(place: str) -> str:
    """Path of a place in the active language, or an empty string where no app offers it."""
    return _address(_NAMES[place], get_language(), get_urlconf()) if place in _NAMES else ""


@lru_cache(maxsize=1000)
def _address(url_name: str, language: str | None, routes: str | None) -> str:
    """The path in the active language, from the routes in force; both tell the answers apart."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""
