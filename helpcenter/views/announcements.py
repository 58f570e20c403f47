"""Announcements: the list and each of them."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from helpcenter import factbook
from helpcenter.content import markdown, regions
from helpcenter.localization import Shown
from helpcenter.models import Announcement
from helpcenter.views import cards
from helpcenter.views.page_cache import public_page
from helpcenter.views.pages import Texts, render_page, request_path
from helpcenter.views.rows import announcement_query, announcement_rows
from helpcenter.views.viewpoint import Viewpoint, look
from supportdesk.ui import languages
from supportdesk.ui.languages import content_languages
from supportdesk.ui.pagination import page_number, paginate

PAGE = 20


@public_page("page", "off")
def announcements(request: HttpRequest) -> HttpResponse:
    page = paginate(announcement_query(), page_number(request), PAGE)
    query = f"?page={page.number}" if page.number > 1 else ""
    context = {"page": page, "rows": announcement_rows(page.items)}
    return render_page(
        request, "helpcenter/announcements.html", context, query=query, card=cards.of_announcements(request)
    )


@public_page("off", "region", "asof")
def announcement(request: HttpRequest, slug: str) -> HttpResponse:
    every = list(content_languages())
    found = Announcement.objects.published().written().reading(every, "title", "summary", "html")
    item = found.filter(slug=slug).first()
    if item is None:
        raise Http404
    texts = Texts(tuple(item.languages()), item.source_language)
    shown = texts.shown_to()
    viewpoint = look(request, item.text("html", shown.language))
    text = _text_of(item, shown, viewpoint)
    context = {
        "announcement": item,
        "text": text,
        "viewpoint": viewpoint,
        "is_over": item.ends_at is not None and item.ends_at <= timezone.now(),
    }
    card = cards.of_announcement(request, item, texts, text)
    return viewpoint.marked(
        render_page(request, "helpcenter/announcement.html", context, texts=texts, query=viewpoint.query, card=card)
    )


def _text_of(item: Announcement, shown: Shown, viewpoint: Viewpoint) -> dict[str, Any]:
    """What is read of an announcement: its facts filled in, its links in the language and the region of the reader."""
    html = factbook.fill(item.text("html", shown.language), shown.language, at=viewpoint.at, region=viewpoint.region)
    html = markdown.localise(html, shown.asked, lambda topic: request_path("", topic))
    summary = item.text("summary", shown.language)
    return {
        "language": languages.language(shown.language),
        "is_fallback": shown.is_fallback,
        "title": item.text("title", shown.language),
        "summary": factbook.in_words(summary, shown.language, at=viewpoint.at, region=viewpoint.region),
        "html": regions.kept_in_links(html, viewpoint.region),
    }
