"""What the desk makes of many requests: arrivals are counted, every minute goes through the detector, and what a state
brings (notices to leads, the band, acknowledgements) is done and taken back with it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Sum
from django.db.models.functions import TruncHour
from django.utils import timezone
from django.utils.translation import gettext

from tickets import arrivals, surge
from tickets.actions import alerting
from tickets.actions.change import require_lead
from tickets.errors import TransitionNotAllowed
from tickets.models import (
    ArrivalCount,
    CountedArrival,
    MarketSignal,
    StreamHour,
    SurgeSetup,
    SurgeState,
    SurgeTransition,
    TicketEvent,
)

LATE = timedelta(seconds=60)  # how long after its end a minute is judged: by then most of its requests are counted
MOST_MINUTES = 24 * 60  # minutes in one run; the next run takes the rest
MINUTES_KEPT = timedelta(days=2)
KEPT = timedelta(days=400)  # by the hour
MINUTE = timedelta(minutes=1)


# Counting


def count_arrival(event_id: int) -> None:
    """Count a request of a customer (consumer of the outbox; a second time changes nothing)."""
    event = TicketEvent.objects.select_related("ticket__topic").filter(pk=event_id).first()
    if event is None or event.role != "customer":
        return
    try:
        with transaction.atomic():
            CountedArrival.objects.create(event_id=event_id)
            _add(event.at, event.ticket.topic.key, event.ticket.language)
    except IntegrityError:  # it was counted before
        return


def _add(at: datetime, topic: str, language: str) -> None:
    place = {"minute": at.replace(second=0, microsecond=0), "minutes": 1, "topic": topic, "language": language}
    if not ArrivalCount.objects.filter(**place).update(count=F("count") + 1):
        ArrivalCount.objects.bulk_create([ArrivalCount(**place)], ignore_conflicts=True)
        ArrivalCount.objects.filter(**place).update(count=F("count") + 1)


@transaction.atomic
def fold_counts(now: datetime | None = None) -> int:
    """Make hours of the minutes of two days ago and forget what is older than 400 days; returns the hours made."""
    now = now or timezone.now()
    before = (now - MINUTES_KEPT).replace(minute=0, second=0, microsecond=0)
    old = ArrivalCount.objects.filter(minutes=1, minute__lt=before, watched__gte=F("count"))
    sums = old.annotate(hour=TruncHour("minute", tzinfo=UTC)).values("hour", "topic", "language")
    hours = list(sums.order_by("hour").annotate(total=Sum("count")))
    for row in hours:
        _keep_hour(**row)
    old.delete()
    ArrivalCount.objects.filter(minute__lt=now - KEPT).delete()
    CountedArrival.objects.filter(at__lt=now - KEPT).delete()
    StreamHour.objects.filter(hour__lt=now - KEPT).delete()
    return len(hours)


def _keep_hour(hour: datetime, topic: str, language: str, total: int) -> None:
    row, _ = ArrivalCount.objects.get_or_create(minute=hour, minutes=60, topic=topic, language=language)
    ArrivalCount.objects.filter(pk=row.pk).update(count=F("count") + total, watched=F("watched") + total)


# Watching


@dataclass
class _Round:
    """One run of the detector over the minutes that have passed."""

    row: SurgeState
    watch: surge.Watch
    signals: list[surge.Signal]
    steps: list[surge.Step]


def watch_arrivals(now: datetime | None = None) -> int:
    """Take every minute since the last one that was taken; returns how many. Of two workers the second finds nothing
    left. Minutes that a stopped scheduler left out are taken in their order, and what their states would have brought
    is done for the last of them alone."""
    now = now or timezone.now()
    with transaction.atomic():
        row = locked_state()
        first, last = _span(row, now)
        if last < first:
            return 0
        found = _begin(row, first)
        counts = _counts(first, last)
        for minute in range(first, last + 1):
            _take(found, minute, counts.get(minute, {}))
        _finish(found, last)
    return last - first + 1


def locked_state() -> SurgeState:
    """The row of the state, locked; made where there is none yet. Call it inside a transaction."""
    SurgeState.objects.get_or_create(pk=1)
    return SurgeState.objects.select_for_update().get(pk=1)


def _span(row: SurgeState, now: datetime) -> tuple[int, int]:
    """The first and the last minute that are to be taken."""
    last = _number(now - LATE) - 1
    if row.watched_until is not None:
        first = _number(row.watched_until) + 1
    else:
        oldest = ArrivalCount.objects.filter(minutes=1).order_by("minute").values_list("minute", flat=True).first()
        first = min(_number(oldest), last) if oldest else last
    return first, min(last, first + MOST_MINUTES - 1)


def _begin(row: SurgeState, first: int) -> _Round:
    setup = setup_of(SurgeSetup.objects.first())
    watch = surge.Watch(setup, standing=standing_of(row), memory=row.memory)
    return _Round(row, watch, _signals(_moment(first)), [])


def setup_of(row: SurgeSetup | None) -> surge.Setup:
    """The knobs of the detector as operators have set them."""
    if row is None:
        return surge.Setup()
    names = ("ratio", "threshold", "latch", "calm", "auto_after", "is_automatic", "recovery", "mute")
    return surge.Setup(**{name: getattr(row, name) for name in names})


def standing_of(row: SurgeState) -> surge.Standing:
    return surge.Standing(
        surge.State(row.state),
        _number(row.since),
        tuple(row.streams),
        tuple(row.muted),
        _number(row.muted_until) if row.muted_until else 0,
    )


def _signals(since: datetime) -> list[surge.Signal]:
    rows = MarketSignal.objects.filter(until__gt=since - timedelta(seconds=surge.SIGNAL_SECONDS))
    return [surge.Signal(row.level, row.at.timestamp(), row.until.timestamp()) for row in rows]


def _counts(first: int, last: int) -> dict[int, dict[tuple[str, str], int]]:
    """What was counted up to a minute and has not been watched, by minute and (topic, language); what came late stands
    in the first. Marks all of it as watched."""
    found: dict[int, dict[tuple[str, str], int]] = defaultdict(lambda: defaultdict(int))
    rows = ArrivalCount.objects.filter(minutes=1, minute__lte=_moment(last), watched__lt=F("count"))
    for row in rows:
        found[max(_number(row.minute), first)][row.topic, row.language] += row.count - row.watched
        ArrivalCount.objects.filter(pk=row.pk).update(watched=row.count)
    return found


def _take(found: _Round, minute: int, cells: Mapping[tuple[str, str], int]) -> None:
    watch = found.watch
    if watch.hour != minute // 60:
        finished, watch.history = watch.hour, load_history(minute // 60)
        _keep_learned(finished or 0, watch.turn_to(minute))
    level = surge.level_of(found.signals, minute * 60.0)
    _, step = watch.take(minute, arrivals.by_stream(cells), level)
    found.row.level = level
    if step:
        found.steps.append(step)


def load_history(hour: int) -> arrivals.History:
    """What the 28 days before an hour have taught."""
    rows = StreamHour.objects.filter(hour__gte=_moment((hour - arrivals.DAYS * 24) * 60), hour__lt=_moment(hour * 60))
    hours: dict[int, dict[str, float]] = defaultdict(dict)
    for at, stream, count in rows.values_list("hour", "stream", "count"):
        hours[_number(at) // 60][stream] = count
    return arrivals.History(sorted(hours.items()))


def _keep_learned(hour: int, counts: Mapping[str, float]) -> None:
    rows = [StreamHour(hour=_moment(hour * 60), stream=stream, count=count) for stream, count in counts.items()]
    StreamHour.objects.bulk_create(rows, ignore_conflicts=True)


def _finish(found: _Round, last: int) -> None:
    row = found.row
    row.watched_until, row.memory = _moment(last), found.watch.keep()
    _keep_standing(row, found.watch.standing)
    for step in found.steps:
        _write_down(step, by=None, at=_moment(step.minute))
    if found.steps:
        alerting.follow(row, came_from=found.steps[0].came_from)
    row.save()


def _keep_standing(row: SurgeState, standing: surge.Standing) -> None:
    row.state, row.since = standing.state.value, _moment(standing.since)
    row.streams, row.muted = list(standing.streams), list(standing.muted)
    row.muted_until = _moment(standing.muted_until) if standing.muted_until else None


def _write_down(step: surge.Step, *, by: Any, at: datetime) -> None:
    SurgeTransition.objects.create(
        at=at, came_from=step.came_from, to=step.to, why=step.why, streams=list(step.streams), by=by
    )


# What a lead decides


def confirm_surge(*, by: Any) -> SurgeState:
    """Declare the surge that is watched. Raises PermissionDenied, TransitionNotAllowed."""
    return _decide((surge.State.WATCH, surge.State.RECOVERY), surge.State.SURGE, surge.Why.CONFIRMED, by=by)


def dismiss_watch(*, by: Any) -> SurgeState:
    """Say that what is watched is no surge: its streams do not open a watch again for a while. Raises
    PermissionDenied, TransitionNotAllowed."""
    mute = setup_of(SurgeSetup.objects.first()).mute
    return _decide((surge.State.WATCH,), surge.State.NORMAL, surge.Why.DISMISSED, by=by, mute=mute)


def end_surge(*, by: Any) -> SurgeState:
    """End a surge, or a recovery at once. Raises PermissionDenied, TransitionNotAllowed."""
    require_lead(by)
    is_over = SurgeState.objects.filter(pk=1, state=surge.State.RECOVERY).exists()
    to = surge.State.NORMAL if is_over else surge.State.RECOVERY
    mute = setup_of(SurgeSetup.objects.first()).mute
    return _decide((surge.State.SURGE, surge.State.RECOVERY), to, surge.Why.ENDED, by=by, mute=mute)


@transaction.atomic
def _decide(
    allowed: Iterable[surge.State], to: surge.State, why: surge.Why, *, by: Any, mute: int = 0
) -> SurgeState:  # fmt: skip
    require_lead(by)
    row, now = locked_state(), timezone.now()
    standing = standing_of(row)
    if standing.state not in allowed:
        message = gettext("The desk stands at “%(state)s” by now. Look at it again, then decide.")
        raise TransitionNotAllowed(message % {"state": row.get_state_display()})
    standing, step = surge.move(standing, to, why, minute=_number(now), mute=mute)
    _keep_standing(row, standing)
    _write_down(step, by=by, at=now)
    alerting.follow(row, came_from=step.came_from)
    row.save()
    return row


def _number(at: datetime) -> int:
    return int(at.timestamp()) // 60


def _moment(minute: int) -> datetime:
    return datetime.fromtimestamp(minute * 60, UTC)
