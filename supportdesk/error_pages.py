"""The pages for what is not there, not allowed, out of date or broken: those of the desk and of the admin for who works
there, with the way back, and those of the help centre for everybody else, whatever the address."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.contrib import admin
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from helpcenter.views import errors
from supportdesk import api
from supportdesk.accounts import views as accounts
from supportdesk.ui import wrong
from supportdesk.ui.wrong import Wrong
from tickets.workspace.views import errors as desk

logger = logging.getLogger(__name__)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _of_staff(request, wrong.ABSENT) or errors.not_found(request, exception)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    if "application/json" in request.headers.get("Accept", ""):
        return errors.forbidden(request, exception)
    return _of_staff(request, wrong.forbidden(str(exception))) or errors.forbidden(request, exception)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without the token of this browser: the page was open for long, or cookies are off."""
    found = _of_staff(request, wrong.stale(accounts.page_of_form(request)))
    return found or accounts.csrf_failure(request, reason)


def server_error(request: HttpRequest) -> HttpResponse:
    """Without a question to the database, which may be what is broken."""
    try:
        found = desk.broke(request, wrong.BROKEN) if desk.is_of_desk(request) else _broke_in_admin(request)
    except Exception:  # the page for everybody needs less
        logger.exception("The page for what is broken is broken too")
        found = None
    return _kept_nowhere(found) if found else api.server_error(request)


def _of_staff(request: HttpRequest, what: Wrong) -> HttpResponse | None:
    """The page of the desk or of the admin; None for an address elsewhere, and for whom these do not exist."""
    draw = _drawer(request)
    try:
        found = draw(request, what) if draw else None
    except DatabaseError:  # the page for everybody knows what to do then
        return None
    return _kept_nowhere(found) if found else None


def _drawer(request: HttpRequest) -> Callable[..., HttpResponse | None] | None:
    if desk.is_of_desk(request):
        return desk.went_wrong
    return _in_admin if _is_of_admin(request) else None


def _is_of_admin(request: HttpRequest) -> bool:
    return request.path_info.startswith(f"/{settings.ADMIN_PATH}")


def _in_admin(request: HttpRequest, what: Wrong) -> HttpResponse | None:
    if not admin.site.has_permission(request):
        return None
    context = {**admin.site.each_context(request), "title": what.heading, "wrong": what}
    return render(request, "admin/went_wrong.html", context, status=what.status)


def _broke_in_admin(request: HttpRequest) -> HttpResponse | None:
    """Whoever the admin had let in already is known without asking again."""
    person = getattr(request, "_cached_user", None)
    if not _is_of_admin(request) or person is None or not (person.is_active and person.is_staff):
        return None
    context = {"title": wrong.BROKEN.heading, "wrong": wrong.BROKEN, "site_header": admin.site.site_header}
    return render(request, "admin/broke.html", context, status=wrong.BROKEN.status)


def _kept_nowhere(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "private, no-store"
    return response
