"""Beside the request form: articles that may answer at once, known issues, and an open request about the same thing."""

from dataclasses import dataclass
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
from helpcenter.search.queries import Answer
from helpcenter.views import pinned
from helpcenter.views.pinned import Pinned
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


@dataclass(frozen=True)
class Suggested:
    """What may answer a question: `pinned` for now, and found `articles`, which are none of the pinned."""

    pinned: list[Pinned]
    articles: list[ArticleRow]


def suggested(question: str, topic: str = "", *, read: str = "") -> Suggested:
    """Articles that may answer a question, in the reader's language where there are any; before them what is pinned for
    the topic, or for what the question means. Without the article from which somebody came: its slug is `read`. Not
    logged."""
    answer = _answer(" ".join(question.replace("\0", " ").split())[:LONGEST_QUERY])
    meant = pinned.of_answer(answer) if answer else []
    first = _but_issues(list({one.path: one for one in [*pinned.of_topic(topic), *meant]}.values()))
    shown = {one.article for one in first}
    best = [result.article for result in (answer.results if answer else []) if result.article not in shown]
    rows = [row for row in _rows(best[: MOST_ARTICLES + 1]) if row.slug != read]
    return Suggested(first, rows[:MOST_ARTICLES])


def pinned_now() -> list[Pinned]:
    """What is pinned for any topic."""
    return _but_issues(pinned.newest())


def _but_issues(pins: list[Pinned]) -> list[Pinned]:
    """Without the announcements that stand there anyway, as what is out of order."""
    has_notices = any(one.article is None for one in pins)
    issues = {issue.slug for issue in known_issues()} if has_notices else set()
    return [one for one in pins if one.article is not None or one.slug not in issues][: pinned.MOST]


def _answer(words: str) -> Answer | None:
    if not words:
        return None
    language = get_language() or settings.LANGUAGE_CODE
    if language not in content_languages():
        language = written_chain()[0]
    try:
        return asking.ask(words, language)
    except SearchUnavailable:
        return fallback.ask(words, language)


def _rows(best: list[int]) -> list[ArticleRow]:
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


def everything(request: HttpRequest, topic: Topic, question: str, *, read: str = "") -> dict[str, Any]:
    found = suggested(question or topic.name, topic.key, read=read)
    return {
        "pinned": found.pinned,
        "articles": found.articles,
        "wait": waits.before_asking(topic, get_language() or settings.LANGUAGE_CODE),
        "issues": known_issues(),
        "open_requests": open_requests(request, topic),
    }
