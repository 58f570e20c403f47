"""Announcements: the list and each of them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from helpcenter import localization
from helpcenter.content import markdown
from helpcenter.models import Announcement
from helpcenter.views.pages import public_page, render_page
from helpcenter.views.rows import announcement_rows, written_chain
from supportdesk.ui import languages
from supportdesk.ui.languages import content_languages
from supportdesk.ui.pagination import page_number, paginate

PAGE = 20
MOST = 100


@public_page("page", "off")
def announcements(request: HttpRequest) -> HttpResponse:
    rows = announcement_rows(Announcement.objects.published(), written_chain())
    page = paginate(rows, page_number(request), PAGE)
    return render_page(request, "helpcenter/announcements.html", {"page": page})


@public_page("off")
def announcement(request: HttpRequest, slug: str) -> HttpResponse:
    everything = list(content_languages())
    item = Announcement.objects.published().reading(everything, "title", "summary", "html").filter(slug=slug).first()
    if item is None:
        raise Http404
    order = [*written_chain(), item.source_language, *item.languages()]
    language = localization.first_with(order, lambda code: bool(item.text("title", code)))
    if language is None:
        raise Http404
    asked = order[0]
    context = {
        "announcement": item,
        "text": {
            "language": languages.language(language),
            "is_fallback": language != asked,
            "title": item.text("title", language),
            "summary": item.text("summary", language),
            "html": markdown.localise(item.text("html", language), asked),
        },
        "is_over": item.ends_at is not None and item.ends_at <= timezone.now(),
    }
    instead = language if language != asked else None
    published = set(item.languages())
    return render_page(request, "helpcenter/announcement.html", context, published=published, instead=instead)
