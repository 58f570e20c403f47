"""Counting how fast people were answered: whole days from the clocks, as often as one likes with the same result."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from django.db import transaction

from helpcenter.actions import stating
from tickets.enums import FAR, Metric, SurgeStatus
from tickets.models import Clock, SpeedDay, SurgeTransition
from tickets.speed import Measure, minutes_of, percentile

SAMPLE = 20  # answers in a day, below which no usual time is stated
STEPS = (5, 10, 15, 30, 60, 120, 240, 480, 720, 1440)  # minutes, as they are told
BULK = "bulk"  # a clock that one answer to many has stopped
LOOK_BACK = 9  # days: what was solved may be reopened within a week, and then it was not solved that day


class _Place(NamedTuple):
    """What a row is about; its order is that of the model's fields."""

    measure: Measure
    topic_id: int
    language: str
    channel: str
    is_surge: bool


class _Done(NamedTuple):
    place: _Place
    asked: datetime
    ended: datetime
    is_kept: bool


def measure_days(last: date, days: int) -> int:
    """Count the `days` that end with `last` (UTC) anew; returns how many rows there are for them."""
    return sum(measure_day(last - timedelta(days=back)) for back in range(days))


@transaction.atomic
def measure_day(day: date) -> int:
    """Count one day (UTC) anew from the clocks that stopped in it; returns how many rows it has now."""
    rows: dict[_Place, dict[int, list]] = {}
    surges = _surges()
    for done in _ended_on(day):
        is_surge = any(begin <= done.asked < end for begin, end in surges)
        hours = rows.setdefault(done.place._replace(is_surge=is_surge), {})
        cell = hours.setdefault(done.asked.astimezone(UTC).hour, [0, {}])
        minutes = minutes_of((done.ended - done.asked).total_seconds())
        cell[0] += done.is_kept
        cell[1][minutes] = cell[1].get(minutes, 0) + 1
    SpeedDay.objects.filter(day=day).delete()
    SpeedDay.objects.bulk_create(SpeedDay(day=day, hours=hours, **place._asdict()) for place, hours in rows.items())
    return len(rows)


def _surges() -> list[tuple[datetime, datetime]]:
    """From when to when there were surges; one that lasts has no end yet."""
    spans: list[tuple[datetime, datetime]] = []
    begun: datetime | None = None
    for at, to in SurgeTransition.objects.order_by("at", "pk").values_list("at", "to"):
        if to == SurgeStatus.SURGE:
            begun = begun or at
        elif begun is not None:
            spans.append((begun, at))
            begun = None
    return [*spans, (begun, FAR)] if begun else spans


def _ended_on(day: date) -> Iterator[_Done]:
    begin = datetime.combine(day, time(), UTC)
    clocks = Clock.objects.filter(satisfied_at__gte=begin, satisfied_at__lt=begin + timedelta(days=1), void_reason="")
    for clock in clocks.select_related("ticket").order_by("pk").iterator(chunk_size=2000):
        measure = Measure(clock.metric)
        yield _done(clock, measure, clock.started_at)
        if measure == Measure.FIRST and clock.via != BULK:
            yield _done(clock, Measure.OWN, clock.started_at)
    yield from _own_after_bulk(begin)


def _own_after_bulk(begin: datetime) -> Iterator[_Done]:
    """Who got one answer to many first, and on this day the first that was written for them: timed from the ticket's
    beginning."""
    replies = Clock.objects.filter(
        metric=Metric.NEXT_REPLY, satisfied_at__gte=begin, satisfied_at__lt=begin + timedelta(days=1), void_reason=""
    ).exclude(via=BULK)
    answered = Clock.objects.filter(metric=Metric.FIRST_REPLY, via=BULK, ticket__in=replies.values("ticket"))
    first_ones = {first.ticket_id: first for first in answered.select_related("ticket")}
    seen = _own_before(first_ones, begin)
    for reply in replies.filter(ticket__in=first_ones).select_related("ticket").order_by("satisfied_at", "pk"):
        if reply.ticket_id not in seen:
            seen.add(reply.ticket_id)
            yield _done(reply, Measure.OWN, first_ones[reply.ticket_id].started_at)


def _own_before(tickets: Iterable[int], begin: datetime) -> set[int]:
    earlier = Clock.objects.filter(metric=Metric.NEXT_REPLY, ticket__in=tickets, satisfied_at__lt=begin)
    return set(earlier.exclude(via=BULK).values_list("ticket_id", flat=True))


def _done(clock: Clock, measure: Measure, asked: datetime) -> _Done:
    ticket = clock.ticket
    place = _Place(measure, ticket.topic_id, ticket.language, ticket.channel, is_surge=False)
    return _Done(place, asked, clock.satisfied_at or asked, is_kept=clock.breached_at is None)


def state_usual(at: datetime) -> int:
    """Tell readers within how many minutes people usually hear in their language: the median of the last day's first
    replies, rounded up to a step; answers to many at once do not count. Returns in how many languages that is known."""
    clocks = Clock.objects.filter(metric=Metric.FIRST_REPLY, void_reason="").exclude(via=BULK)
    done = clocks.filter(satisfied_at__gt=at - timedelta(days=1), satisfied_at__lte=at)
    durations: dict[str, Counter[int]] = defaultdict(Counter)
    for language, began, ended in done.values_list("ticket__language", "started_at", "satisfied_at").iterator():
        durations[language][minutes_of((ended - began).total_seconds())] += 1  # type: ignore[operator]
    found = {language: _usual(counts) for language, counts in durations.items()}
    told = {language: usual for language, usual in found.items() if usual is not None}
    stating.state_reply_times(told, at=at)
    return len(told)


def _usual(durations: Counter[int]) -> stating.Usual | None:
    sample, median = sum(durations.values()), percentile(durations, 0.5)
    step = next((step for step in STEPS if median is not None and median <= step), None)
    return stating.Usual(step, sample) if step and sample >= SAMPLE else None
