"""Snapshots of the desk in figures: the worker takes one every few seconds, the lead's page reads the newest result."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Min, Q
from django.utils import timezone

from tickets.arrivals import DAYS, TOTAL, History
from tickets.enums import Metric
from tickets.models import Clock, Deflection, DeskSnapshot, StreamHour, Ticket
from tickets.models.routing import owes_work
from tickets.models.ticket import TicketQuerySet
from tickets.overview import STEP, STEPS, Cell, Overview, per_step, steps_before
from tickets.speed import minutes_of, summary

HOUR = timedelta(hours=1)
SOON = timedelta(minutes=30)
KEPT = timedelta(hours=1)
MOST_ARRIVALS = 10_000  # of the newest tickets are looked at; nobody reads a chart of more


def take_snapshot(at: datetime | None = None) -> DeskSnapshot:
    """Count how the desk stands at a moment (UTC, by default now), and forget what is older than an hour."""
    now = at or timezone.now()
    snapshot = DeskSnapshot.objects.create(at=now, figures=survey(now).as_json())
    DeskSnapshot.objects.filter(at__lt=now - KEPT).delete()
    return snapshot


def survey(at: datetime) -> Overview:
    """The figures of a moment, by few statements that each go through one index."""
    begin = steps_before(at)
    arrived = _arrived_since(begin)
    return Overview(
        **_waiting(at),
        **_due(at),
        **_replied(at),
        solved_by_article=Deflection.objects.filter(at__gt=at - HOUR, at__lte=at).count(),
        opened=sum(moment > at - HOUR for moment in arrived),
        arrivals_from=begin,
        arrivals=per_step(arrived, begin),
        expected=_expected(begin),
        loads=_loads(),
    )


def awake(at: datetime) -> TicketQuerySet:
    """Unsolved tickets that do not sleep at a moment."""
    found: TicketQuerySet = Ticket.objects.unsolved()
    return found.filter(Q(snoozed_until__isnull=True) | Q(snoozed_until__lte=at))


def _waiting(at: datetime) -> dict[str, Any]:
    """Who waits for a first reply, by topic and language, and since when the one who waits longest does."""
    rows = (
        awake(at)
        .filter(first_reply_at__isnull=True)
        .order_by()
        .values("topic", "language")
        .annotate(
            count=Count("pk"),
            late=Count("pk", filter=Q(next_due_at__lt=at)),
            soon=Count("pk", filter=Q(next_due_at__gte=at, next_due_at__lt=at + SOON)),
            oldest=Min("created_at"),
        )
    )
    found = list(rows)
    oldest = min((row.pop("oldest") for row in found), default=None)
    return {"cells": tuple(Cell(**row) for row in found), "oldest": oldest}


def _due(at: datetime) -> dict[str, Any]:
    is_free, is_late = Q(assignee__isnull=True), Q(next_due_at__lt=at)
    return awake(at).filter(next_due_at__lt=at + SOON).aggregate(
        soon=Count("pk", filter=~is_late),
        soon_free=Count("pk", filter=~is_late & is_free),
        overdue=Count("pk", filter=is_late),
        overdue_free=Count("pk", filter=is_late & is_free),
    )  # fmt: skip


def _replied(at: datetime) -> dict[str, Any]:
    """First replies of the last hour: how many, how many in time, and the middle of what they took."""
    clocks = Clock.objects.filter(
        satisfied_at__gt=at - HOUR, satisfied_at__lte=at, metric=Metric.FIRST_REPLY, void_reason=""
    )
    durations: dict[int, int] = {}
    kept = 0
    for started, ended, missed in clocks.values_list("started_at", "satisfied_at", "breached_at"):
        minutes = minutes_of(((ended or at) - started).total_seconds())
        durations[minutes] = durations.get(minutes, 0) + 1
        kept += missed is None
    timing = summary(durations, kept)
    return {"replied": timing.count, "replied_kept": timing.kept, "replied_median": timing.median}


def _arrived_since(begin: datetime) -> list[datetime]:
    """When the newest tickets were opened. They are numbered as they come, so that looking at the last numbers is
    enough."""
    last = Ticket.objects.aggregate(last=Max("pk"))["last"] or 0
    newest = Ticket.objects.filter(pk__gt=last - MOST_ARRIVALS, created_at__gte=begin)
    return list(newest.order_by().values_list("created_at", flat=True))


def _expected(begin: datetime) -> tuple[float, ...]:
    """What is usual in each step, from what the hours before it have taught; empty while they have taught nothing."""
    first = _hour(begin)
    learned = StreamHour.objects.filter(stream=TOTAL, hour__gte=begin - timedelta(days=DAYS)).order_by("hour")
    hours = [(_hour(at), {TOTAL: count}) for at, count in learned.values_list("hour", "count")]
    history = History(row for row in hours if row[0] < first)
    usual: dict[int, float | None] = {}
    for hour in range(first, _hour(begin + STEP * (STEPS - 1)) + 1):
        usual[hour] = history.expected(hour).get(TOTAL)
        for known, counts in hours:
            if known == hour:
                history.learn(known, counts)
    found = [usual[_hour(begin + STEP * number)] for number in range(STEPS)]
    return tuple(round(rate * STEP.total_seconds() / 60, 1) for rate in found if rate is not None and None not in found)


def _hour(at: datetime) -> int:
    """Whole hours since 1970."""
    return int(at.timestamp()) // 3600


def _loads() -> dict[int, int]:
    """Tickets in work by who has them, as the dispatcher weighs them."""
    rows = Ticket.objects.unsolved().filter(owes_work(), assignee__isnull=False)
    return dict(rows.order_by().values_list("assignee").annotate(Count("pk")))
