"""Offices around the world, made up at random, and a second way to count their working time: minute by minute."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from tickets.calendars import Calendar

# Zones and days of 2026 on which their clocks change, as the newspapers say (the local date).
CHANGES = {
    "Asia/Seoul": (),
    "Asia/Kathmandu": (),
    "Europe/Berlin": ("2026-03-29", "2026-10-25"),
    "America/New_York": ("2026-03-08", "2026-11-01"),
    "America/St_Johns": ("2026-03-08", "2026-11-01"),
    "Australia/Lord_Howe": ("2026-04-05", "2026-10-04"),
    "Pacific/Chatham": ("2026-04-05", "2026-09-27"),
    "Africa/Casablanca": ("2026-02-15", "2026-03-22"),
}
ZONES = tuple(CHANGES)
EDGES = tuple(f"{minutes // 60:02}:{minutes % 60:02}" for minutes in range(0, 1441, 15))
FIRST = datetime(2026, 1, 1, tzinfo=UTC)


def random_office(chance: random.Random, zone: str, around: datetime) -> dict[str, Any]:
    """A definition as people write it, with days off and special days near a moment."""
    near = [(around + timedelta(days=days)).date().isoformat() for days in (-1, 0, 1, 2)]
    return {
        "tz": zone,
        "hours": {str(day): _random_day(chance) for day in range(7) if chance.random() < 0.9},
        "holidays": [day for day in near if chance.random() < 0.15],
        "special": {day: _random_day(chance) for day in near if chance.random() < 0.15},
    }


def random_moment(chance: random.Random, zone: str) -> datetime:
    """A minute of 2026; every second one is shortly before the clocks change."""
    if CHANGES[zone] and chance.random() < 0.5:
        change = datetime.fromisoformat(chance.choice(CHANGES[zone])).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
        return change - timedelta(minutes=chance.randrange(600))
    return FIRST + timedelta(minutes=chance.randrange(365 * 1440))


def working_minutes(office: dict[str, Any], start: datetime, end: datetime) -> Iterator[bool]:
    """For each minute, whether the wall clock of the office stands within its hours."""
    zone, first = ZoneInfo(office["tz"]), int(start.timestamp())
    for second in range(first, int(end.timestamp()), 60):
        local = datetime.fromtimestamp(second, zone)
        day, time = local.date().isoformat(), f"{local.hour:02}:{local.minute:02}"
        intervals = office["hours"].get(str(local.weekday()), ())
        if day in office["special"]:
            intervals = office["special"][day]
        elif day in office["holidays"]:
            intervals = ()
        yield any(opening <= time < closing for opening, closing in intervals)


def _random_day(chance: random.Random) -> list[list[str]]:
    edges = sorted(chance.sample(EDGES, chance.choice((0, 2, 2, 4))))
    return [edges[place : place + 2] for place in range(0, len(edges), 2)]


moments = st.integers(0, 370 * 86_400).map(lambda seconds: FIRST + timedelta(seconds=seconds))
seeds = st.integers(0, 10_000)


@st.composite
def offices(draw: st.DrawFn) -> dict[str, Any]:
    chance = random.Random(draw(seeds))
    zone = draw(st.sampled_from(ZONES))
    return random_office(chance, zone, random_moment(chance, zone))


calendars = offices().map(Calendar.from_dict)
