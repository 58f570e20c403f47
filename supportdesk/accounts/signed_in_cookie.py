"""A cookie that scripts may read: somebody is signed in here. It says nothing more, and nothing depends on it but
whether a page, which is the same for everyone, asks for their name."""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

NAME = "signed_in"


def put(request: HttpRequest, response: HttpResponseBase) -> None:
    """Mark the browser for as long as the session lasts."""
    age = request.session.get_expiry_age()
    response.set_cookie(NAME, "1", max_age=age, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax")


def take_away(response: HttpResponseBase) -> None:
    response.delete_cookie(NAME, samesite="Lax")
