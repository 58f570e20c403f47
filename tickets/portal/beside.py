"""What stands beside the form: articles that may answer at once, what we know to be out of order, and the request on
the same thing that is open already."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from helpcenter.enums import AnnouncementKind
from helpcenter.models import Article
from helpcenter.search import asking, fallback
from helpcenter.search.backend import SearchUnavailable
from helpcenter.search.plan import LONGEST_QUERY
from helpcenter.views.rows import (
    AnnouncementRow,
    ArticleRow,
    announcement_query,
    announcement_rows,
    article_rows,
    written_chain,
)
from supportdesk.ui.languages import content_languages
from tickets import waits
from tickets.models import Incident, Ticket, Topic
from tickets.portal.doors import access_of

MOST_ARTICLES, MOST_ISSUES, MOST_OPEN = 4, 3, 3
WITHOUT_END = timedelta(days=3)  # how long an incident counts that nobody has ended
ISSUES = (AnnouncementKind.INCIDENT, AnnouncementKind.MAINTENANCE)


def articles(question: str) -> list[ArticleRow]:
    """Articles that may answer a question, in the reader's language where there are any. Not logged."""
    words = " ".join(question.replace("\0", " ").split())[:LONGEST_QUERY]
    if not words:
        return []
    language = get_language() or settings.LANGUAGE_CODE
    if language not in content_languages():
        language = written_chain()[0]
    try:
        found = asking.ask(words, language).results
    except SearchUnavailable:
        found = fallback.ask(words, language).results
    best = [result.article for result in found[:MOST_ARTICLES]]
    rows = {row.pk: row for row in article_rows(Article.objects.public().published().filter(pk__in=best))}
    return [rows[pk] for pk in best if pk in rows]


def known_issues() -> list[AnnouncementRow]:
    """Incidents and maintenance of this moment."""
    now = timezone.now()
    begun = Q(starts_at__isnull=True) | Q(starts_at__lte=now)
    not_over = Q(ends_at__gt=now) | Q(ends_at__isnull=True, published_at__gt=now - WITHOUT_END)
    return announcement_rows(announcement_query().filter(begun, not_over, kind__in=ISSUES)[:MOST_ISSUES])


def issues_of(ticket: Ticket) -> list[AnnouncementRow]:
    """The public pages of the running incidents that a request is part of."""
    incidents = Incident.objects.running().of(ticket).exclude(announcement=None)
    return announcement_rows(announcement_query().filter(pk__in=incidents.values("announcement"))[:MOST_ISSUES])


def open_requests(request: HttpRequest, topic: Topic) -> list[Ticket]:
    """What whoever asks has open on the topic already."""
    access = access_of(request)
    if access.user is None and not access.ticket_ids:
        return []
    return list(Ticket.objects.visible_to(access).unsolved().filter(topic=topic)[:MOST_OPEN])


def article_named(slug: str) -> ArticleRow | None:
    """The article from which somebody came."""
    if not slug or len(slug) > 120 or "\0" in slug:
        return None
    return next(iter(article_rows(Article.objects.public().published().filter(slug=slug))), None)


def everything(request: HttpRequest, topic: Topic, question: str) -> dict[str, Any]:
    return {
        "articles": articles(question or topic.name),
        "wait": waits.before_asking(topic, get_language() or settings.LANGUAGE_CODE),
        "issues": known_issues(),
        "open_requests": open_requests(request, topic),
    }
