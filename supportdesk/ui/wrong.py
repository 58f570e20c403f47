"""What went wrong with a request, for the pages that say so in the frame of the screen it was for."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Wrong:
    """`heading` and `words` wait for the language of who reads them; `form` is the address of a form to go back to."""

    status: int
    heading: Any
    words: Any
    form: str = ""


ABSENT = Wrong(
    404,
    _("Page not found"),
    _("There is no page at this address. It may have moved, or the address is mistyped."),
)
BROKEN = Wrong(
    500,
    _("Something went wrong on our side"),
    _("Please try again in a minute. If it happens again, tell whoever runs this site."),
)


def forbidden(why: str) -> Wrong:
    """`why` is what was said where it was refused; may be empty."""
    return Wrong(403, _("This is not allowed"), why or _("You do not have the right to do this."))


def stale(form: str) -> Wrong:
    """A form without the token of this browser; `form` is where it stood, empty where that is not known."""
    words = _(
        "Go back in your browser, load the page again and send the form once more."
        " Cookies must be allowed for this site."
    )
    return Wrong(403, _("This page was open for too long"), words, form)
