"""What the tests of a surge share: a week that was usual, what came in a minute, and a state to stand in."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tickets.actions import surging
from tickets.arrivals import TOTAL
from tickets.models import ArrivalCount, StreamHour, SurgeState
from tickets.surge import State

START = datetime(2026, 11, 20, tzinfo=UTC)
FIRST = int(START.timestamp()) // 60
MINUTE = timedelta(minutes=1)


def known_week() -> None:
    """A week of hours with sixty requests each, half of them about liquidation."""
    hours = [START - timedelta(hours=hour) for hour in range(1, 7 * 24 + 1)]
    shares = {TOTAL: 60, "topic:liquidation": 30, "language:en": 60}
    StreamHour.objects.bulk_create(
        StreamHour(hour=hour, stream=stream, count=count) for hour in hours for stream, count in shares.items()
    )


def counted(minute: int, count: int, topic: str = "liquidation", language: str = "en") -> None:
    at = START + minute * MINUTE
    ArrivalCount.objects.create(minute=at, topic=topic, language=language, count=count)


def watched_at(minute: int) -> SurgeState:
    surging.watch_arrivals(START + (minute + 2) * MINUTE)
    return SurgeState.objects.get()


def stand(state: State, **values: Any) -> SurgeState:
    row, _ = SurgeState.objects.update_or_create(pk=1, defaults={"state": state.value, **values})
    return row
