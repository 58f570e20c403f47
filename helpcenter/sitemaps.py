"""Sitemaps with alternates: for each page the languages in which it is really published."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import SitemapIndexItem  # type: ignore[attr-defined]  # its stubs are older
from django.urls import reverse
from django.utils.translation import get_language

from helpcenter import freshness, tree
from helpcenter.models import Announcement, Article, GlossaryTerm, TranslationState, article_path
from supportdesk.ui import languages


@dataclass(frozen=True)
class Entry:
    slug: str
    languages: tuple[str, ...]
    changed: datetime | None
    kind: str = ""


class _PublicSitemap(Sitemap[Entry]):
    i18n = True
    alternates = True
    limit = 2000
    url_name = ""

    def get_domain(self, site: object = None) -> str:
        return settings.SITE_URL.split("//", 1)[1]

    def get_protocol(self, protocol: str | None = None) -> str:
        return settings.SITE_URL.split("://", 1)[0]

    def get_languages_for_item(self, item: Entry) -> list[str]:
        return [code for code in freshness.current().public if code in item.languages]

    def location(self, item: Entry) -> str:
        return reverse(self.url_name, args=[item.slug] if item.slug else [])

    def lastmod(self, item: Entry) -> datetime | None:
        return item.changed

    def get_urls(self, page: Any = 1, site: Any = None, protocol: str | None = None) -> list[dict[str, Any]]:
        """Django writes `hreflang` with its own codes; readers' software knows BCP 47."""
        urls = super().get_urls(page, site, protocol)
        for url in urls:
            for alternate in url.get("alternates", []):
                alternate["lang_code"] = languages.tag(alternate["lang_code"])
        return urls


class ArticleSitemap(_PublicSitemap):
    def location(self, item: Entry) -> str:
        return article_path(item.kind, item.slug, get_language() or settings.LANGUAGE_CODE)

    def items(self) -> list[Entry]:
        rows = TranslationState.objects.published().filter(article__in=Article.objects.public().published())
        found: dict[tuple[str, str], tuple[list[str], datetime | None]] = {}
        columns = ("article__slug", "article__kind", "language", "published_at")
        for slug, kind, code, at in rows.order_by("article__slug").values_list(*columns):
            codes, changed = found.get((slug, kind), ([], None))
            found[slug, kind] = ([*codes, code], max(filter(None, (changed, at)), default=None))
        return [Entry(slug, tuple(codes), changed, kind) for (slug, kind), (codes, changed) in found.items()]


class CategorySitemap(_PublicSitemap):
    url_name = "helpcenter:category"

    def items(self) -> list[Entry]:
        """Topics with something to read; topics still being prepared are left out."""
        public, topics = freshness.current().public, tree.tree(settings.LANGUAGE_CODE).by_slug
        return [Entry(slug, public, None) for slug, node in sorted(topics.items()) if node.count]


class AnnouncementSitemap(_PublicSitemap):
    url_name = "helpcenter:announcement"

    def items(self) -> list[Entry]:
        rows = Announcement.objects.published().reading(list(languages.content_languages()), "title")
        return [Entry(row.slug, tuple(row.languages()), row.updated_at) for row in rows]


class FrontSitemap(_PublicSitemap):
    url_name = "helpcenter:home"

    def items(self) -> list[Entry]:
        return [Entry("", freshness.current().public, None)]


class GlossarySitemap(_PublicSitemap):
    url_name = "helpcenter:glossary"

    def items(self) -> list[Entry]:
        is_there = GlossaryTerm.objects.filter(is_shown=True).exists()
        return [Entry("", freshness.current().public, None)] if is_there else []


SITEMAPS: dict[str, type[Sitemap[Any]]] = {
    "front": FrontSitemap,
    "articles": ArticleSitemap,
    "categories": CategorySitemap,
    "announcements": AnnouncementSitemap,
    "glossary": GlossarySitemap,
}


def parts() -> list[SitemapIndexItem]:
    """The files of a large sitemap, under the site's own address: Django's index names the host that was asked."""
    found = []
    for section, kind in SITEMAPS.items():
        part, address = kind(), settings.SITE_URL + reverse("sitemap-section", args=[section])
        changed = part.get_latest_lastmod()
        numbers = part.paginator.page_range
        found += [SitemapIndexItem(address if n == 1 else f"{address}?p={n}", changed) for n in numbers]
    return found
