"""Which language a request is answered in."""

from django.conf import settings
from django.http import HttpRequest
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
