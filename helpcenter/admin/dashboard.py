"""The desk's start page: what waits for a person, and how the content is doing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, IntegerField, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from helpcenter.admin.desk_lists import LISTS, MONTH, Asked, alerts, counted, shown
from helpcenter.admin.matrix import shown_language
from helpcenter.admin.teams import teams_of
from helpcenter.helpfulness import Helped
from helpcenter.models import ContentGeneration, Feedback, TranslationState

LINES = 5  # of each list


@dataclass(frozen=True)
class Short:
    """The first lines of a list and how many it has in all."""

    name: str
    title: Any
    rows: list[dict[str, Any]]
    total: int
    alerts: Sequence[dict[str, Any]] = ()


def panel(request: HttpRequest) -> dict[str, Any] | None:
    """What the start page shows; None for people who do not work on content."""
    if not request.user.has_perm("helpcenter.change_article"):
        return None
    asked = Asked(request.user, Asked.of(request).at)
    lists = {name: _short(name, asked) for name, desk in LISTS.items() if request.user.has_perm(desk.permission)}
    figures, turns = _figures(lists, asked.at), _turns(request.user)
    return {"lists": lists, "turns": turns, "today": asked.today, "at": asked.at, "figures": figures}


def _turns(person: Any) -> dict[str, Any] | None:
    """What waits for a translator in all of their languages: the first lines, their own work before what is read most,
    and how many there are. None for whoever is in no language's team, and for editors, whose start page is full of
    other lists."""
    if person.has_perm("helpcenter.add_article") or not person.language_teams.all():
        return None
    teams = teams_of(person, shown_language())
    rows = [(row, cell, team["language"]) for team in teams for row, cell in team["rows"]]
    rows.sort(key=lambda one: (one[0].cells[0].assignee_id is None, -one[0].priority))
    return {"rows": rows[:LINES], "total": sum(team["waiting"] for team in teams)}


def _short(name: str, asked: Asked) -> Short:
    rows = list(counted(LISTS[name].rows(asked))[:LINES])
    waiting = alerts(asked) if name == "review" else []
    total = len(waiting) + (rows[0]["total"] if rows else 0)
    return Short(name, LISTS[name].title, shown(name, rows, asked), total, waiting)


def _figures(lists: dict[str, Short], at: datetime) -> dict[str, Any]:
    """The numbers on top. Those of whole tables are read beside one row, in one question."""
    read: Any = ContentGeneration.objects.filter(pk=1).annotate(**_whole_tables(at)).values().first() or {}
    helped = Helped(read.get("helpful") or 0, read.get("votes") or 0)
    review, due = lists["review"], lists["due"].rows if "due" in lists else []
    since = [row["oldest"] for row in review.rows[:1]] + [row["since"] for row in review.alerts[:1]]
    return {
        "oldest": min(filter(None, since), default=None),
        "late": due[0]["late"] if due else 0,
        "outdated": read.get("outdated") or 0,
        "outdated_languages": read.get("outdated_languages") or 0,
        "helped": helped,
    }


def _whole_tables(at: datetime) -> dict[str, Any]:
    outdated = TranslationState.objects.outdated().filter(article__archived_at__isnull=True)
    votes = Feedback.objects.since(at - MONTH)
    return {
        "outdated": _number(outdated, Count("*")),
        "outdated_languages": _number(outdated, Count("language", distinct=True)),
        "votes": _number(votes, Count("*")),
        "helpful": _number(votes, Count("pk", filter=Q(helpful=True))),
    }


def _number(rows: QuerySet[Any], count: Any) -> Coalesce:
    """A count over rows as a column beside another row."""
    grouped = rows.order_by().annotate(whole=Value(1)).values("whole").annotate(number=count).values("number")
    return Coalesce(Subquery(grouped, output_field=IntegerField()), 0)
