"""The cache of public pages, and the HTTP headers that let others keep them.

A public page is the same for everyone who asks for the same address, so it is rendered once per content generation,
kept compressed, and answered with 304 where the reader has it already. No cookie, no session.
"""

import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from helpcenter import freshness
from helpcenter.views.pages import leave_language, left_language
from helpcenter.views.viewpoint import region_of
from supportdesk.ui.build import build_id
from supportdesk.ui.pagination import page_number

KEPT_FOR = 300  # seconds at most; a change of the content ends it earlier
FRESH = "public, max-age=0, s-maxage=2, stale-if-error=600"
LEVEL = 4  # of gzip: 2 % larger than level 6 in 60 % of the time
NOT_KEPT = {"since"}  # each reader asks for another moment; keeping those would push out pages that readers share
MOMENT = "%Y-%m-%dT%H:%M:%SZ"
KEPT_HEADERS = ("Link", "Content-Language", "X-Robots-Tag")
View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Kept:
    """A rendered page: what is sent. It is kept packed, which is a quarter of it, and unpacked for the few who do not
    take it so."""

    packed: bytes
    content_type: str
    headers: tuple[tuple[str, str], ...]


def public_page(*parameters: str) -> Callable[[View], View]:
    """A view whose page is the same for everyone. `parameters` are the query parameters that it knows (of `_meaning`);
    others are dropped. A response with `private = True` is sent as it is and never kept."""

    def decorate(view: View) -> View:
        @require_safe
        @wraps(view)
        def respond(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            language = get_language() or settings.LANGUAGE_CODE
            if not freshness.current().is_public(language):
                return leave_language(request, language)
            known = _known(request, parameters)
            name = _name(request, known)
            place = "" if known.keys() & NOT_KEPT else f"page:{name}"
            kept = caches["pages"].get(place) if place else None
            if not isinstance(kept, Kept):
                drawn = view(request, *args, **kwargs)
                if drawn.status_code != 200 or getattr(drawn, "private", False):
                    return drawn
                kept = _keep(drawn, place)
            response = answer(request, kept, f'W/"{name}"')
            response.kept = kept  # type: ignore[attr-defined]  # read by `hot_pages`
            return response

        return respond

    return decorate


def _known(request: HttpRequest, parameters: tuple[str, ...]) -> dict[str, str]:
    """The query parameters that mean something to the page."""
    if not request.META.get("QUERY_STRING"):
        return {}
    return {name: value for name in sorted(parameters) if (value := _meaning(request, name))}


def _name(request: HttpRequest, known: dict[str, str]) -> str:
    """What tells this page from every other: its version, and a digest of its address, which may be long."""
    address = f"{request.path}?{urlencode(known)}"
    digest = hashlib.sha256(address.encode(errors="surrogatepass")).hexdigest()[:32]
    return f"{edition()}-{digest}"


def edition() -> str:
    """What all pages of this moment have in common: the version of the content and of the program."""
    return f"{freshness.current().version}-{build_id()}"


def _meaning(request: HttpRequest, parameter: str) -> str:
    """A parameter as the page understands it; empty where it says nothing."""
    if parameter == "page":
        number = page_number(request)
        return str(number) if number > 1 else ""
    if parameter == "since":
        moment = since(request)
        return moment.isoformat() if moment else ""
    if parameter == "path":
        return request.GET.get("path", "")  # the view marks impossible paths, and too many, as not to be kept
    if parameter == "region":
        return region_of(request)
    if parameter == "asof":
        return "1" if request.GET.get("asof") else ""  # such a page is never kept
    left = left_language(request)
    return left.code if left else ""


def since(request: HttpRequest) -> datetime | None:
    """The moment (UTC, whole seconds) that `?since=2026-11-25T02:00:00Z` names; None for anything else."""
    written = request.GET.get("since", "")
    try:
        return datetime.strptime(written, MOMENT).replace(tzinfo=UTC)
    except ValueError:
        return None


def _keep(response: HttpResponse, place: str) -> Kept:
    """The page of a response, put in its place of the cache where it has one."""
    headers = tuple((name, response.headers[name]) for name in KEPT_HEADERS if name in response.headers)
    packed = gzip.compress(response.content, LEVEL, mtime=0)
    kept = Kept(packed, response.headers["Content-Type"], headers)
    if place:
        caches["pages"].set(place, kept, KEPT_FOR)
    return kept


def answer(request: HttpRequest, kept: Kept, etag: str) -> HttpResponse:
    """The page, or 304 where the reader has it (RFC 9110, 15.4.5: with the headers that the page would have)."""
    if _has(request, etag):
        response: HttpResponse = HttpResponseNotModified()
    else:
        packed = takes_gzip(request.META.get("HTTP_ACCEPT_ENCODING", ""))
        response = HttpResponse(kept.packed if packed else gzip.decompress(kept.packed), content_type=kept.content_type)
        if packed:
            response.headers["Content-Encoding"] = "gzip"
        response.headers["Content-Length"] = str(len(response.content))
        for name, value in kept.headers:
            response.headers[name] = value
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = FRESH
    return response


def _has(request: HttpRequest, etag: str) -> bool:
    """Whether `If-None-Match` names the page; tags are compared weakly (RFC 9110, 8.8.3.2)."""
    tags = parse_etags(request.META.get("HTTP_IF_NONE_MATCH", ""))
    return "*" in tags or etag.removeprefix("W/") in [tag.removeprefix("W/") for tag in tags]


def takes_gzip(accepted: str) -> bool:
    """Whether an `Accept-Encoding` allows gzip: named, or meant by `*`, and not with a weight of zero."""
    weights = {}
    for part in accepted.lower().split(","):
        coding, *parameters = [piece.strip() for piece in part.split(";")]
        weights[coding] = all(_weight(parameter) > 0 for parameter in parameters)
    return weights.get("gzip", weights.get("*", False))


def _weight(parameter: str) -> float:
    name, _, value = parameter.partition("=")
    try:
        return float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0
