"""The frame of the portal's pages: nobody keeps them, no search engine lists them, and what is not there and what is
not yours look the same."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from helpcenter.views.errors import not_found
from helpcenter.views.pages import render_page
from tickets.portal.doors import NotSeen, zone_of

View = Callable[..., HttpResponse]


def private_page(*methods: str) -> Callable[[View], View]:
    """A view of the portal that answers these methods."""

    def decorate(view: View) -> View:
        @require_http_methods([*methods, "HEAD"] if "GET" in methods else list(methods))
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                with timezone.override(zone(zone_of(request))):
                    response = view(request, *args, **kwargs)
            except Http404 as missing:
                response = _not_there(request, missing)
            response.headers["Cache-Control"] = "no-store"
            response.headers["X-Robots-Tag"] = "noindex, nofollow"
            return response

        return answer

    return decorate


def _not_there(request: HttpRequest, missing: Http404) -> HttpResponse:
    """Whoever has not signed in may have been, when they opened the page: they are told how they come back to it, in
    the same words for every number."""
    if request.user.is_authenticated or not isinstance(missing, NotSeen):
        return not_found(request, missing)
    context = {"title": gettext("My requests"), "way_back": request.path, "is_unsent": request.method == "POST"}
    return draw(request, "no_tickets", context, 404)


def draw(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page of the portal; the language menu keeps its address."""
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return render_page(request, f"tickets/portal/{template}.html", context, query=query, status=status)


def zone(name: str) -> ZoneInfo:
    """A time zone by its name; UTC for one that is not known."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
