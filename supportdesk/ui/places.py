"""Links between apps that do not know one another: an app names its screens here, templates ask for them.

A place that nobody has named yields no address, and the template draws no link.
"""

from django.urls import NoReverseMatch, reverse

from supportdesk.ui import drawn

_NAMES: dict[str, str] = {}


def register(place: str, url_name: str) -> None:
    """Name the screen behind a place (`contact`, `my_requests`); called from `AppConfig.ready()`."""
    _NAMES[place] = url_name
    drawn.forget()  # the frame of all pages leads there


def address(place: str) -> str:
    """Path of a place in the active language, or an empty string where no app offers it."""
    try:
        return reverse(_NAMES[place]) if place in _NAMES else ""
    except NoReverseMatch:
        return ""
