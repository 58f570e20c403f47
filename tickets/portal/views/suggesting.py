"""Articles beside the form while somebody types, and the count of those that made a request needless."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language, gettext

from helpcenter.models import Article
from tickets.actions.deflecting import count_solved
from tickets.errors import TooMany
from tickets.portal import limits, sending, sidebar
from tickets.portal.frame import draw, private_page


@private_page("GET")
def suggestions(request: HttpRequest) -> HttpResponse:
    """A fragment for the page's script."""
    topic = sending.topic_named(request.GET.get("topic", ""))
    read = request.GET.get("article", "")
    found = sidebar.suggested(request.GET.get("q", ""), topic.key if topic else "", read=read)
    context = {"pinned": found.pinned, "articles": found.articles, "topic": topic}
    return HttpResponse(render_to_string("tickets/portal/parts/articles.html", context, request))


@private_page("POST")
def solved(request: HttpRequest) -> HttpResponse:
    """Somebody found the answer. Whoever says so more often than people do is thanked and not counted."""
    row = sidebar.article_named(request.POST.get("article", ""))
    if row is not None:
        try:
            limits.count(request, "solved")
            topic = sending.topic_named(request.POST.get("topic", ""))
            language = get_language() or settings.LANGUAGE_CODE
            count_solved(Article.objects.only("pk").get(pk=row.pk), language=language, topic=topic)
        except TooMany:
            pass
    return draw(request, "solved", {"article": row, "title": gettext("Good that it is solved.")})
