"""What every template may ask for. Nothing here touches the session, the user or the database."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from supportdesk.ui import languages


def site(request: HttpRequest) -> dict[str, Any]:
    return of_site()


def of_site() -> dict[str, Any]:
    """What does not depend on a request but for its language."""
    code = get_language() or settings.LANGUAGE_CODE
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "language": languages.language(code if languages.is_known(code) else settings.LANGUAGE_CODE),
    }
