"""What all public pages share: the frame around them, and how they are kept.

A public page is the same for everyone who asks for the same address, so it is rendered once per content generation,
kept with its compressed form, and answered with 304 where the reader has it already. No cookie, no session.
"""

import gzip
import zlib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import caches
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import parse_etags
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from helpcenter import freshness, localization
from helpcenter.enums import Display
from helpcenter.models import Announcement
from supportdesk.ui import languages
from supportdesk.ui.build import build_id
from supportdesk.ui.languages import Language, content_languages

KEPT_FOR = 300  # seconds at most; a change of the content ends it earlier
FRESH = "public, max-age=0, s-maxage=2, stale-if-error=600"
View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class MenuItem:
    """A line of the language menu: the same page in that language; `instead` is what is shown where it is missing."""

    language: Language
    path: str
    is_current: bool
    instead: Language | None


@dataclass(frozen=True)
class Band:
    """An announcement on top of every page, in the language in which it is shown."""

    slug: str
    title: str
    summary: str
    language: str
    display: Display


@dataclass(frozen=True)
class _Kept:
    """A rendered page: what is sent, and when it has to be made again at the latest."""

    body: bytes
    packed: bytes
    content_type: str
    headers: tuple[tuple[str, str], ...]
    until: datetime | None


def public_page(*parameters: str) -> Callable[[View], View]:
    """A view whose page is the same for everyone. `parameters` are the query parameters that it knows; others are
    dropped. A response with `private = True` is sent as it is and never kept."""

    def decorate(view: View) -> View:
        @require_safe
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            snapshot = freshness.current()
            language = get_language() or settings.LANGUAGE_CODE
            if not snapshot.is_public(language):
                return leave_language(request, language)
            known = sorted((name, request.GET[name]) for name in parameters if name in request.GET)
            address = f"{request.path}?{urlencode(known)}"
            etag = f'W/"{snapshot.generation}-{build_id()}-{zlib.crc32(address.encode()):x}"'
            key = f"page:{snapshot.generation}:{build_id()}:{address}"
            kept = caches["pages"].get(key)
            if kept is None or (kept.until is not None and kept.until <= timezone.now()):
                response = view(request, *args, **kwargs)
                if response.status_code != 200 or getattr(response, "private", False):
                    return response
                kept = _keep(response, key)
            if etag in parse_etags(request.headers.get("If-None-Match", "")):
                return _with_freshness(HttpResponseNotModified(), etag)
            return _send(request, kept, etag)

        return answer

    return decorate


def _keep(response: HttpResponse, key: str) -> _Kept:
    until = getattr(response, "until", None)
    names = ("Link", "Content-Language", "X-Robots-Tag")
    headers = tuple((name, response.headers[name]) for name in names if name in response.headers)
    packed = gzip.compress(response.content, 6, mtime=0)
    kept = _Kept(response.content, packed, response.headers["Content-Type"], headers, until)
    seconds = KEPT_FOR if until is None else min(KEPT_FOR, max(int((until - timezone.now()).total_seconds()), 1))
    caches["pages"].set(key, kept, seconds)
    return kept


def _send(request: HttpRequest, kept: _Kept, etag: str) -> HttpResponse:
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(kept.packed if packed else kept.body, content_type=kept.content_type)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    for name, value in kept.headers:
        response.headers[name] = value
    return _with_freshness(response, etag)


def _with_freshness(response: HttpResponse, etag: str) -> HttpResponse:
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = FRESH
    return response


def leave_language(request: HttpRequest, language: str) -> HttpResponse:
    """A language that was switched off: the same page in the next best one, with a notice."""
    snapshot = freshness.current()
    order = localization.chain(language, snapshot.fallbacks)
    there = next((code for code in (*order, *snapshot.public) if snapshot.is_public(code)), settings.LANGUAGE_CODE)
    query = urlencode({**request.GET.dict(), "off": language})
    return HttpResponseRedirect(f"{path_in(there, request.path)}?{query}")


def path_in(language: str, path: str) -> str:
    """The address of the same page in another language."""
    rest = path.split("/", 2)[2] if path.count("/") > 1 else ""
    return f"/{language}/{rest}"


def render_page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    published: Collection[str] | None = None,
    instead: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render a page inside the frame. `published` are the languages that the page's text exists in (all where it is
    the interface alone), `instead` the language that is shown where the reader's own is missing."""
    snapshot = freshness.current()
    language = get_language() or settings.LANGUAGE_CODE
    bands, until = bands_now(language, snapshot.fallbacks)
    public = [code for code in snapshot.public if published is None or code in published]
    off = request.GET.get("off", "")
    frame = {
        "menu": menu(request.path, language, snapshot.public, public, instead),
        "alternates": [(languages.tag(code), absolute(path_in(code, request.path))) for code in public],
        "canonical": absolute(path_in(instead or language, request.path)),
        "bands": bands,
        "switched_off": languages.language(off) if languages.is_known(off) and off not in snapshot.public else None,
    }
    body = render_to_string(template, {**frame, **(context or {})}, request)
    response = HttpResponse(body, status=status)
    response.until = until  # type: ignore[attr-defined]  # read by `public_page`
    return response


def absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def menu(
    path: str, current: str, offered: Iterable[str], published: Collection[str], instead: str | None
) -> list[MenuItem]:
    """The language menu: every public language, each on the same page."""
    shown = languages.language(instead or (current if current in published else next(iter(published), current)))
    return [
        MenuItem(
            language=languages.language(code),
            path=path_in(code, path),
            is_current=code == current,
            instead=None if code in published else shown,
        )
        for code in offered
    ]


def bands_now(language: str, fallbacks: dict[str, tuple[str, ...]]) -> tuple[list[Band], datetime | None]:
    """The bands of this moment, and the moment at which they or the announcements change next (UTC)."""
    now = timezone.now()
    order = [code for code in localization.chain(language, fallbacks) if code in content_languages()]
    ahead = Q(published_at__gt=now) | Q(starts_at__gt=now) | Q(ends_at__gt=now)
    rows = list(
        Announcement.objects.reading(order)
        .filter(ahead | Q(is_band=True, published_at__lte=now, ends_at__isnull=True))
        .order_by("-published_at")[:50]
    )
    bands = [band for row in rows if _is_band_at(row, now) and (band := _band(row, order))]
    coming = [moment for row in rows for moment in row.instants() if moment > now]
    return bands, min(coming, default=None)


def _is_band_at(row: Announcement, now: datetime) -> bool:
    published = row.published_at is not None and row.published_at <= now
    begun = row.starts_at is None or row.starts_at <= now
    return row.is_band and published and begun and (row.ends_at is None or row.ends_at > now)


def _band(row: Announcement, order: list[str]) -> Band | None:
    code = localization.first_with(order, lambda language: bool(row.text("title", language)))
    if code is None:
        return None
    return Band(row.slug, row.text("title", code), row.text("summary", code), code, row.display)
