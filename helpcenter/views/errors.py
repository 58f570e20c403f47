"""Pages for what is not there and for what went wrong."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language

from helpcenter import tree
from helpcenter.views.pages import render_page, request_path


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404 with a way on: search, topics and the way to ask us, in the reader's language."""
    try:
        topics = tree.tree(get_language() or settings.LANGUAGE_CODE).top
        response = render_page(
            request, "helpcenter/404.html", {"topics": topics, "write_to": request_path("")}, status=404
        )
    except DatabaseError:
        return server_error(request)
    response.headers["Cache-Control"] = "no-store"
    return response


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"ok": False, "message": str(exception)}, status=403)
    return _plain(request, "helpcenter/403.html", 403, message=str(exception))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return _plain(request, "helpcenter/413.html", 413)
    return _plain(request, "helpcenter/400.html", 400)


def server_error(request: HttpRequest) -> HttpResponse:
    return _plain(request, "helpcenter/500.html", 500)


def _plain(request: HttpRequest, template: str, status: int, **context: str) -> HttpResponse:
    """A page that needs neither database nor session."""
    response = HttpResponse(render_to_string(template, context, request), status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
