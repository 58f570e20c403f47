"""What changed in an article: a page with its last changes, and a notice for a reader who was here before."""

from datetime import datetime, timedelta
from itertools import takewhile

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from helpcenter.enums import EventKind
from helpcenter.models import Article, ContentEvent
from helpcenter.outline import Part, load
from helpcenter.sharing.changes import Publication, between, history
from helpcenter.views.articles import answer, texts_of
from helpcenter.views.page_cache import public_page, since
from helpcenter.views.pages import render_page

MOST = 10  # publications that are looked back at
SECOND = timedelta(seconds=1)


@public_page("off", "since")
def changes(request: HttpRequest, slug: str) -> HttpResponse:
    item = Article.objects.reading([]).filter(slug=slug).first()
    return answer(request, slug, item, _notice if since(request) else _page)


def _page(request: HttpRequest, item: Article) -> HttpResponse:
    texts = texts_of(item)
    shown = texts.shown_to()
    found = _publications(item, shown.language)
    context = {
        "article": item,
        "title": item.card(shown.language).title,
        "text_language": shown.language,
        "entries": history(found, found[0].parts if found else []),
        "first": found[-1].at if found and len(found) <= MOST else None,
    }
    response = render_page(request, "helpcenter/changes.html", context, texts=texts)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _notice(request: HttpRequest, item: Article) -> HttpResponse:
    """What is different from the text that was public at the moment asked for; nothing at all where nothing is."""
    moment, language = since(request), texts_of(item).shown_to().language
    now, then = _publications(item, language)[:1], _public_at(item, language, moment) if moment else None
    rows = between(then, now[0].parts, now[0].parts) if now and then is not None else []
    context = {"rows": rows, "since": moment, "text_language": language, "page": ""}
    html = render_to_string("helpcenter/parts/changed_since.html", context, request) if rows else ""
    response = HttpResponse(html)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _publications(item: Article, language: str) -> list[Publication]:
    """The last publications of a language, newest first, back to where the text was taken back, and one more than are
    shown: it tells what the oldest of these changed."""
    events = ContentEvent.objects.publications(item, language).select_related("revision")[: MOST + 1]
    public = takewhile(lambda event: event.kind == EventKind.PUBLISHED, events)
    return [Publication(event.at, load(event.revision.outline)) for event in public if event.revision]


def _public_at(item: Article, language: str, moment: datetime) -> list[Part] | None:
    """The parts of the text that was public at a moment of whole seconds."""
    events = ContentEvent.objects.publications(item, language).select_related("revision")
    event = events.filter(at__lt=moment + SECOND).first()
    if event is None or event.kind != EventKind.PUBLISHED or event.revision is None:
        return None
    return load(event.revision.outline)
