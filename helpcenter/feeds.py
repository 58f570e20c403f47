"""The announcements of a language as an Atom feed."""

from datetime import datetime

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, SyndicationFeed
from django.utils.translation import get_language, gettext

from helpcenter.models import Announcement
from helpcenter.views.pages import absolute
from helpcenter.views.rows import AnnouncementRow, announcement_rows, written_chain
from supportdesk.ui import languages

MOST = 30


class AnnouncementFeed(Feed[AnnouncementRow, None]):
    feed_type = Atom1Feed

    def title(self) -> str:
        return gettext("%(site)s: announcements") % {"site": settings.SITE_NAME}

    def link(self) -> str:
        return absolute(reverse("helpcenter:announcements"))

    def feed_url(self) -> str:
        return absolute(reverse("helpcenter:feed"))

    def get_feed(self, obj: None, request: HttpRequest) -> SyndicationFeed:
        self.language = languages.tag(get_language() or settings.LANGUAGE_CODE)
        return super().get_feed(obj, request)

    def items(self) -> list[AnnouncementRow]:
        return announcement_rows(Announcement.objects.published(), written_chain())[:MOST]

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
