"""A cookie of a browser in which somebody has signed in, or proven their address, before. Its attempts for this address
are counted apart from everybody else's, so that a stranger who uses up the attempts of an address does not lock its
owner out.

It opens nothing: without the password or the code of a mail it is worth as many attempts as any browser has."""

import secrets

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponseBase

from supportdesk.accounts import addresses

NAME = "known_browser"
AGE = 180 * 24 * 3600  # seconds


def put(request: HttpRequest, response: HttpResponseBase, email: str) -> None:
    """Remember the browser for this address, for half a year from now; its number stays as long as it is known."""
    number = number_of(request, email) or secrets.token_hex(16)
    response.set_cookie(
        NAME,
        _signer(email).sign(number),
        max_age=AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def number_of(request: HttpRequest, email: str) -> str:
    """The number of the browser, where somebody with this address has signed in in it; else empty."""
    try:
        return _signer(email).unsign(request.COOKIES.get(NAME, ""), max_age=AGE)
    except BadSignature:
        return ""


def counted_as(request: HttpRequest, email: str) -> str:
    """The name that attempts for an address are counted by: its mail box, or the browser that its owner uses."""
    number = number_of(request, email)
    return f"browser {number}" if number else addresses.mailbox_of(email)


def _signer(email: str) -> TimestampSigner:
    return TimestampSigner(salt=f"{__name__} {addresses.canonical(email)}")
