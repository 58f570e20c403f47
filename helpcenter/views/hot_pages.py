"""A cache of whole answers in front of all other middleware, for the pages that were asked for a moment ago.

`page_cache.public_page` knows what a page is and when it is over. This middleware stands in front of session, language,
CSRF and messages, none of which a page without a cookie needs, and gives out what has passed all of them once.
Addresses with a query go the long way.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse

from helpcenter.views import page_cache
from helpcenter.views.page_cache import Kept

# What `page_cache.answer` writes itself, for this reader.
ANSWERED = {"Vary", "ETag", "Cache-Control", "Content-Type", "Content-Encoding", "Content-Length"}


@dataclass(frozen=True)
class HotPage:
    """A page of one edition, with the headers that the layers behind have added."""

    kept: Kept
    etag: str
    edition: str
    headers: tuple[tuple[str, str], ...]

    def answer(self, request: HttpRequest) -> HttpResponse:
        response = page_cache.answer(request, self.kept, self.etag)
        for name, value in self.headers:
            response.headers[name] = value
        return response


class HotPages:
    """The middleware. Pages lie in the cache `pages`, by address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD") or request.META.get("QUERY_STRING"):
            return self.get_response(request)
        page = caches["pages"].get(_key(request))
        if isinstance(page, HotPage) and page.edition == page_cache.edition():
            request.get_host()  # refuses a name that is not ours, as the layers behind would
            return page.answer(request)
        response = self.get_response(request)
        _store(request, response)
        return response


def _key(request: HttpRequest) -> str:
    digest = hashlib.sha256(request.path_info.encode(errors="surrogatepass")).hexdigest()[:32]
    return f"hot:{digest}"


def _store(request: HttpRequest, response: HttpResponse) -> None:
    """Keep a page that `public_page` keeps, unless the content has moved on meanwhile or a layer has made it a page for
    one person."""
    kept = getattr(response, "kept", None)
    if kept is None or response.status_code != 200 or response.cookies:
        return
    etag, edition = response.headers["ETag"], page_cache.edition()
    if etag.startswith(f'W/"{edition}-'):
        headers = tuple((name, value) for name, value in response.headers.items() if name not in ANSWERED)
        caches["pages"].set(_key(request), HotPage(kept, etag, edition, headers), page_cache.KEPT_FOR)
