"""What a lead may set going while many requests come in: articles that readers see first, and rules of priority."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.translation import get_language

from helpcenter.models import Article, Pin
from helpcenter.search import asking, fallback
from helpcenter.search.backend import SearchUnavailable
from helpcenter.views.rows import ArticleRow, article_rows
from supportdesk.ui.languages import content_languages
from tickets.actions import pinning, surge_rules
from tickets.models import ArrivalCount, Deflection, SurgeRaise, SurgeRule, SurgeState
from tickets.surge import State

MOST_TOPICS, MOST_PROPOSED = 6, 4
LATELY = timedelta(minutes=30)  # how far back to look for what everybody asks about
SOLVED_IN = timedelta(days=90)  # how far back articles count that made requests needless
TRIED_ON = timedelta(hours=2)  # how far back requests are taken to try a rule on


@dataclass(frozen=True)
class Place:
    """A topic (key and name; empty for all requests) with the article that is pinned for it and the articles that are
    proposed, the best first."""

    topic: str
    name: str
    pin: Pin | None
    pinned: ArticleRow | None
    proposed: list[ArticleRow]


def places(row: SurgeState, names: dict[str, str]) -> list[Place]:
    """The topics of a surge that is on or watched, all requests together where no topic stands out."""
    if State(row.state) not in pinning.WHILE:
        return []
    pins = {pin.topic: pin for pin in Pin.objects.of(pinning.SURGE).current().select_related("by")}
    alarming = [stream.partition(":")[2] for stream in row.streams if stream.startswith("topic:")]
    topics = list(dict.fromkeys([*alarming[:MOST_TOPICS], *([] if alarming else [""]), *pins]))
    rows = _rows(pin.article_id for pin in pins.values() if pin.article_id)
    return [_place(topic, names, pins.get(topic), rows) for topic in topics]


def _place(topic: str, names: dict[str, str], pin: Pin | None, rows: dict[int, ArticleRow]) -> Place:
    pinned = rows.get(pin.article_id or 0) if pin else None
    proposed = [] if pin else proposals(topic or busiest_topic(), names)
    return Place(topic, names.get(topic, topic), pin, pinned, proposed)


def busiest_topic(at: datetime | None = None) -> str:
    """The topic that most requests of the last half hour are about."""
    lately = ArrivalCount.objects.filter(minute__gt=(at or timezone.now()) - LATELY)
    most = lately.values("topic").annotate(number=Sum("count")).order_by("-number", "topic").first()
    return most["topic"] if most else ""


def proposals(topic: str, names: dict[str, str]) -> list[ArticleRow]:
    """The articles that may answer a topic: what solved it for others beside the form, then what the search finds for
    the name of the topic."""
    solved = Deflection.objects.filter(topic__key=topic, at__gt=timezone.now() - SOLVED_IN).values_list("article")
    best = [pk for pk, _ in solved.annotate(number=Count("pk")).order_by("-number", "article")[:MOST_PROPOSED]]
    wanted = list(dict.fromkeys([*best, *_found(names.get(topic, ""))]))
    rows = _rows(wanted)
    return [rows[pk] for pk in wanted if pk in rows][:MOST_PROPOSED]


def _found(words: str) -> list[int]:
    language = get_language() or settings.LANGUAGE_CODE
    if language not in content_languages():
        language = settings.LANGUAGE_CODE
    try:
        results = asking.ask(words, language).results if words else []
    except SearchUnavailable:
        results = fallback.ask(words, language).results
    return [result.article for result in results[:MOST_PROPOSED]]


def _rows(numbers: Iterable[int]) -> dict[int, ArticleRow]:
    wanted = list(numbers)
    found = article_rows(Article.objects.public().published().filter(pk__in=wanted)) if wanted else []
    return {row.pk: row for row in found}


@dataclass(frozen=True)
class Ruled:
    """A rule: whether it holds now, how many tickets stand raised by it, and how many of the requests of the last two
    hours it raises, or would."""

    rule: SurgeRule
    holds: bool
    standing: int
    would: int


def rules(row: SurgeState) -> tuple[list[Ruled], int]:
    """The rules in use, and how many requests they were tried on."""
    every = list(SurgeRule.objects.active())
    if not every:
        return [], 0
    holding = {rule.pk for rule in surge_rules.rules_in_force(row)}
    counted = SurgeRaise.objects.standing().values_list("rule").annotate(number=Count("pk")).order_by()
    standing = dict(counted)
    would, asked = surge_rules.dry_run(every, timezone.now() - TRIED_ON)
    return [Ruled(one, one.pk in holding, standing.get(one.pk, 0), would[one.pk]) for one in every], asked
