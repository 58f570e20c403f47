"""Who comes in at the desk, and in whose language and hours its pages speak."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme

from supportdesk.accounts import sessions
from supportdesk.ui import languages
from tickets.access import Access
from tickets.models import Ticket
from tickets.models.ticket import bare_ticket, named_ticket


class DeskRequest(HttpRequest):
    """A request of somebody who works at the desk; the decorator below sets `access`."""

    access: Access


def desk(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Lets in who works on tickets. Whoever is not signed in is asked to; to others the desk does not exist. The page
    is made in the person's own language and time zone, and nothing of it is kept by a cache."""

    @wraps(view)
    def inside(request: DeskRequest, *args: Any, **values: Any) -> HttpResponse:
        access = Access.of_staff(request.user)
        if access.user is None:
            return _sign_in(request)
        if not access.works:
            raise Http404
        request.access = access
        sessions.end_in_time(request)
        with translation.override(language_of(access.user)), timezone.override(zone_of(access.user)):
            response = view(request, *args, **values)
            response.headers["Content-Language"] = languages.tag(translation.get_language() or settings.LANGUAGE_CODE)
        response.headers["Cache-Control"] = "private, no-store"
        return response

    return inside


def lead_desk(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of the desk that is there for leads alone."""

    @wraps(view)
    def inside(request: DeskRequest, *args: Any, **values: Any) -> HttpResponse:
        if not request.access.leads:
            raise Http404
        return view(request, *args, **values)

    return desk(inside)


def _sign_in(request: HttpRequest) -> HttpResponse:
    """A part of a page cannot ask to sign in: the whole page does."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Refresh": "true", "Cache-Control": "no-store"})
    return redirect_to_login(_way_back(request), resolve_url(settings.LOGIN_URL))


def _way_back(request: HttpRequest) -> str:
    """Where to go on after signing in: what was asked for, or the page that something was sent from."""
    sender = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(sender, {request.get_host()}, require_https=request.is_secure())
    if request.method in ("GET", "HEAD") or not is_ours:
        return request.get_full_path()
    return urlsplit(sender)._replace(scheme="", netloc="").geturl()


def language_of(person: Any) -> str:
    return person.language if languages.is_known(person.language) else settings.LANGUAGE_CODE


def zone_of(person: Any) -> ZoneInfo:
    try:
        return ZoneInfo(person.time_zone)
    except (KeyError, ValueError, OSError):  # a name that this machine does not know
        return ZoneInfo("UTC")


def ticket_for(request: DeskRequest, number: str) -> Ticket:
    """The ticket of an address, for somebody who may see it; anything else is not there."""
    ticket = named_ticket(number, request.access)
    if ticket is None:
        raise Http404
    return ticket


def bare_ticket_for(request: DeskRequest, number: str) -> Ticket:
    """The ticket of an address with no more than its number and its place in a list: enough for an action, which reads
    the rest when it has locked it. Not there for somebody who may not see it."""
    ticket = bare_ticket(number, request.access)
    if ticket is None:
        raise Http404
    return ticket
