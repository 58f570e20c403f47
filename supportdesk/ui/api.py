"""The frame of the API: what every operation shares before and after it runs.

Errors are problems (`ui.problems`), bodies are JSON of a bounded size, cookies are not looked at, the language is that
of `Accept-Language`, and nothing is kept by a cache unless an operation says so.
"""

import json
from collections.abc import Callable, Iterator
from functools import cached_property, wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import (
    ObjectDoesNotExist,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser

from supportdesk.ui import problems
from supportdesk.ui.problems import Problem

LARGEST_JSON = 512 * 1024  # bytes
DEEPEST = 20  # levels of a JSON body
View = Callable[..., HttpResponse]


class JsonBody(Parser):
    """Bodies as they may be: JSON in UTF-8, not too deep, without characters that no database stores."""

    def parse_body(self, request: HttpRequest) -> Any:
        if request.content_type != "application/json":
            raise Problem("unsupported-type", gettext("Send the body as JSON, with the type application/json."))
        try:
            data = json.loads(request.body.decode(), parse_constant=_no_number)
            letters = list(_strings(data))
        except (ValueError, RecursionError) as error:
            raise Problem("bad-request", gettext("The body is no JSON, or is nested too deeply.")) from error
        if any(not _can_be_stored(text) for text in letters):
            raise Problem("bad-request", gettext("The body holds a NUL or half a character, which nobody can store."))
        return data


def _no_number(name: str) -> None:
    raise ValueError(name)


def _strings(data: Any) -> Iterator[str]:
    """Every string of a JSON value, keys among them. Raises ValueError for one that is too deep."""
    waiting = [(data, 0)]
    while waiting:
        value, depth = waiting.pop()
        if depth > DEEPEST:
            raise ValueError(depth)
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            yield from value
            waiting += [(item, depth + 1) for item in value.values()]
        elif isinstance(value, list):
            waiting += [(item, depth + 1) for item in value]


def _can_be_stored(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


class Api(NinjaAPI):
    """ninja's, with our problems; its OpenAPI names them for every operation, and is built once."""

    def __init__(self, **options: Any) -> None:
        super().__init__(parser=JsonBody(), docs_url=None, **options)
        for kind, handler in HANDLERS.items():
            self.add_exception_handler(kind, handler)

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        return self._document

    @cached_property
    def _document(self) -> OpenAPISchema:
        document = super().get_openapi_schema(path_prefix="/api/v1/")
        for methods in document["paths"].values():
            for operation in methods.values():
                operation["responses"]["default"] = PROBLEM_ANSWER
        document["components"]["schemas"]["Problem"] = PROBLEM_SCHEMA
        return document

    @property
    def patterns(self) -> list[Any]:
        """The addresses, each behind `door`."""
        found = list(self.urls[0])
        for pattern in found:
            pattern.callback = door(pattern.callback)  # type: ignore[arg-type]
        return found


PROBLEM_SCHEMA = {
    "title": "Problem",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "urn:problem: and a kind that stays"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence for people, in the language of Accept-Language"},
        "field": {"type": ["string", "null"], "description": "The part of the request that is to blame"},
    },
}  # fmt: skip
PROBLEM_ANSWER = {
    "description": "What went wrong (RFC 9457)",
    "content": {problems.CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


# Before and after an operation


def door(view: View) -> View:
    """A view that programs call. Exempt from CSRF, as it looks at no cookie: a browser that is made to send a request
    sends nothing that counts here."""

    @csrf_exempt
    @wraps(view, assigned=())
    def through(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.COOKIES = {}
        request.META.pop("CSRF_COOKIE_NEEDS_UPDATE", None)  # set where the cookie that came along is broken
        language = translation.get_language_from_request(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        is_head, request.method = request.method == "HEAD", "GET" if request.method == "HEAD" else request.method
        response = _answer(view, request, *args, **kwargs)
        request.method = "HEAD" if is_head else request.method
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return through


def _answer(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    try:
        _refuse(request)
        response = view(request, *args, **kwargs)
    except Problem as problem:
        return _problem(request, problem)
    except Http404:
        return not_found(request)
    except SuspiciousOperation as error:
        return _suspicious(request, error)
    if response.status_code == 405 and not response.headers["Content-Type"].startswith(problems.CONTENT_TYPE):
        return problems.answer("method-not-allowed", headers={"Allow": response.headers.get("Allow", "")})
    return response


def _refuse(request: HttpRequest) -> None:
    """What no operation needs to see. Raises Problem."""
    is_upload = request.content_type == "multipart/form-data"
    # Files stay in memory until they are examined and sealed, so a request is no larger than what does.
    if _length(request) > (settings.FILE_UPLOAD_MAX_MEMORY_SIZE if is_upload else LARGEST_JSON):
        raise Problem("too-large", gettext("The request is too large. Shorten it, or send fewer files at a time."))
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Problem("unsupported-type", gettext("Send the body as it is, not compressed."))
    if any(not _can_be_stored(part) for key, values in request.GET.lists() for part in (key, *values)):
        raise Problem("bad-request", gettext("The address holds a character that nobody can store."))


def _length(request: HttpRequest) -> int:
    written = request.headers.get("Content-Length", "")
    return int(written[:15]) if written.isascii() and written.isdigit() else 0


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The same for what is not there and for what is somebody else's."""
    return problems.answer("not-found", gettext("There is nothing at this address, or it is not yours to see."))


# Errors as problems


def _problem(request: HttpRequest, error: Problem) -> HttpResponse:
    headers = {}
    if error.kind == "unauthorized":
        headers["WWW-Authenticate"] = "Bearer"
    if "retry_after" in error.more:
        headers["Retry-After"] = str(error.more["retry_after"])
    return problems.answer(error.kind, error.detail, field=error.field, headers=headers, **error.more)


def _suspicious(request: HttpRequest, error: Exception) -> HttpResponse:
    if isinstance(error, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return problems.answer(
            "too-large", gettext("The request is too large. Shorten it, or send fewer files at a time.")
        )
    return problems.answer("bad-request")


def _unreadable(request: HttpRequest, error: Exception) -> HttpResponse:
    return problems.answer("bad-request", gettext("The body cannot be read. It may have been cut off on its way."))


def _forbidden(request: HttpRequest, error: Exception) -> HttpResponse:
    return problems.answer("forbidden", str(error))


def _of_ninja(request: HttpRequest, error: HttpError) -> HttpResponse:
    """ninja's own errors: no key at the door, and whatever reading the body raised."""
    if isinstance(error.__cause__, Problem):
        return _problem(request, error.__cause__)
    if error.status_code == 401:
        message = gettext("Send a token in the header: Authorization: Bearer …")
        return problems.answer("unauthorized", message, headers={"WWW-Authenticate": "Bearer"})
    return problems.answer(problems.kind_of(error.status_code))


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What does not fit the schema: the first part in `detail` and `field`, all of them in `errors`."""
    found = [{"field": _field(one["loc"]), "detail": _sentence(one)} for one in error.errors][:20]
    return problems.answer("invalid", found[0]["detail"], field=found[0]["field"], errors=found)


def _field(place: tuple[Any, ...]) -> str:
    """Where an error is, as the sender wrote it: without ninja's name for the body or for a group of filters."""
    source, *path = place
    inside = path[1:] if source == "body" or (len(path) > 1 and source == "query") else path
    named = [part for part in inside if source == "body" or isinstance(part, str)]
    return ".".join(str(part)[:60] for part in named)


def _sentence(error: dict[str, Any]) -> str:
    kind, values = error["type"], error.get("ctx", {})
    if kind in ("literal_error", "enum"):
        return gettext("Choose one of: %(choices)s.") % {"choices": values["expected"].replace("'", "")}
    messages = {
        "missing": gettext("This is missing."),
        "extra_forbidden": gettext("This is not known here. Leave it out."),
        "string_type": gettext("This must be a text."),
        "string_too_long": gettext("This has more than %(max_length)s characters."),
        "string_too_short": gettext("This is too short: at least %(min_length)s characters."),
        "string_pattern_mismatch": gettext("This is not written as it has to be."),
        "int_type": gettext("This must be a whole number."),
        "int_parsing": gettext("This must be a whole number."),
        "int_from_float": gettext("This must be a whole number."),
        "greater_than_equal": gettext("This must be at least %(ge)s."),
        "less_than_equal": gettext("This must be at most %(le)s."),
        "dict_type": gettext("This must be an object."),
        "list_type": gettext("This must be a list."),
        "too_long": gettext("This has too many parts: at most %(max_length)s."),
    }
    return messages.get(kind, gettext("This does not fit. See the description of the API.")) % values


HANDLERS: dict[Any, Any] = {
    Problem: _problem,
    PermissionDenied: _forbidden,
    Http404: not_found,
    ObjectDoesNotExist: not_found,
    SuspiciousOperation: _suspicious,
    MultiPartParserError: _unreadable,
    UnreadablePostError: _unreadable,
    HttpError: _of_ninja,
    ValidationError: _invalid,
}
