"""Which language a request is answered in, and the policy that every answer carries."""

import time
from collections.abc import Callable
from functools import cache
from http import HTTPStatus

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation


class SiteLocaleMiddleware(LocaleMiddleware):
    """Takes a language of `EXTRA_LANGUAGES` at its word: Django itself turns away an address in a language that it has
    no messages of its own for. What the site's own messages lack is shown in English."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        code = request.path_info.removeprefix("/").partition("/")[0]
        if code in dict(settings.EXTRA_LANGUAGES):
            translation.activate(code)
            request.LANGUAGE_CODE = code


class ComeBackMiddleware:
    """Says when to come back wherever an answer says "too often" and nothing else does: uses are counted by the hour
    of the clock."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            response.headers.setdefault("Retry-After", str(3600 - int(time.time()) % 3600))
        return response


class SteadyPolicyMiddleware(CSPMiddleware):
    """The content security policy as django-csp builds it, built once: an answer that asks for nothing of its own gets
    the policy of the settings. Building it anew took a fifth of the time of a page that is kept."""

    reports = bool(getattr(settings, "CONTENT_SECURITY_POLICY_REPORT_ONLY", None))

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        asks = "_csp_nonce" in vars(request) or any(name.startswith("_csp") for name in vars(response))
        if asks or self.reports or settings.DEBUG:
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, _policy())
        return response


@cache
def _policy() -> str:
    return build_policy()
