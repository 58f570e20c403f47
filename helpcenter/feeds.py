"""The announcements of a language as an Atom feed."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language, gettext

from helpcenter import freshness
from helpcenter.views.page_cache import FRESH
from helpcenter.views.pages import absolute, leave_language
from helpcenter.views.rows import AnnouncementRow, announcement_query, announcement_rows
from supportdesk.ui import languages

MOST = 30


class AnnouncementFeed(Feed[AnnouncementRow, None]):
    """One object answers all requests at once, so nothing of a request may be kept on it."""

    feed_type = Atom1Feed

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        language = get_language() or settings.LANGUAGE_CODE
        if not freshness.current().is_public(language):
            return leave_language(request, language)
        response = super().__call__(request, *args, **kwargs)
        response.headers["Cache-Control"] = FRESH  # with `Last-Modified` alone, caches would guess how long it is true
        return response

    @property
    def language(self) -> str:  # type: ignore[override]  # Django means an attribute of the class
        """The language of this request, as readers' software knows it (BCP 47)."""
        return languages.tag(get_language() or settings.LANGUAGE_CODE)

    def title(self) -> str:
        return gettext("%(site)s: announcements") % {"site": settings.SITE_NAME}

    def link(self) -> str:
        return absolute(reverse("helpcenter:announcements"))

    def feed_url(self) -> str:
        return absolute(reverse("helpcenter:feed"))

    def items(self) -> list[AnnouncementRow]:
        return announcement_rows(announcement_query()[:MOST])

    def item_title(self, item: AnnouncementRow) -> str:
        return item.title

    def item_description(self, item: AnnouncementRow) -> str:
        return item.summary

    def item_link(self, item: AnnouncementRow) -> str:
        return absolute(reverse("helpcenter:announcement", args=[item.slug]))

    def item_pubdate(self, item: AnnouncementRow) -> datetime:
        return item.published_at

    def item_categories(self, item: AnnouncementRow) -> list[str]:
        return [str(item.display.label)]
