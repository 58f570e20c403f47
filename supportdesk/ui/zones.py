"""Time zones as people look for them: by what their clock shows beside UTC, and by a city."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from itertools import groupby
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo, available_timezones

from django.utils import timezone
from django.utils.formats import date_format

# Zones that are called by a city. What else a machine knows are other names of the same clocks.
_REGIONS = ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
Choice = tuple[str, str]


def zone_name(minutes: int) -> str:
    """`UTC+8`, `UTC-3:30`, `UTC`; written with a hyphen so that it can be typed and searched."""
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}{f':{rest:02}' if rest else ''}"


def city_of(name: str) -> str:
    """`Buenos Aires` of `America/Argentina/Buenos_Aires`."""
    return name.rpartition("/")[2].replace("_", " ")


def called(at: datetime | None = None) -> str:
    """The active time zone for people, at a moment: `Berlin, UTC+1`."""
    zone = timezone.get_current_timezone()
    offset = zone_name(_minutes(zone.utcoffset(at or timezone.now())))
    name = getattr(zone, "key", "")
    return f"{city_of(name)}, {offset}" if _is_a_city(name) else offset


def moment(at: datetime) -> str:
    """A day and a time in the active time zone, with how that one is called for short: `2 March 2026, 18:47 UTC+1`."""
    local = timezone.localtime(at)
    return f"{date_format(local, 'DATETIME_FORMAT')} {zone_name(_minutes(local.utcoffset()))}"


def choices(now: datetime, also: str = "") -> list[Choice | tuple[str, list[Choice]]]:
    """The zones that are in use, west to east in groups of what their clocks show at `now`, cities by the alphabet and
    first in their line: a key leads to one. `also` stands among them, and after UTC, the first, where it has no
    city."""
    names = _in_use() | ({also} & _cities())
    cities = sorted((_minutes(now.astimezone(ZoneInfo(name)).utcoffset()), _line(name), name) for name in names)
    grouped = groupby(cities, key=lambda row: row[0])
    found: list[Choice | tuple[str, list[Choice]]] = [("UTC", "UTC")]
    if also and also != "UTC" and not _is_a_city(also):
        found.append((also, also))
    return [*found, *((zone_name(minutes), _lines(rows)) for minutes, rows in grouped)]


def _lines(rows: Iterable[tuple[int, str, str]]) -> list[Choice]:
    return [(name, line) for _minutes, line, name in rows]


def _line(name: str) -> str:
    """`Buenos Aires (America/Argentina)`."""
    return f"{city_of(name)} ({name.rpartition('/')[0]})"


@cache
def _cities() -> frozenset[str]:
    return frozenset(name for name in available_timezones() if name.partition("/")[0] in _REGIONS)


@cache
def _in_use() -> frozenset[str]:
    """The zones with a city without their former names (`Asia/Calcutta`); all of them where this machine does not say
    which are which."""
    return _cities() & _told_by_countries() or _cities()


def former() -> frozenset[str]:
    """Former names of zones, by which browsers and older rows still call them."""
    return _cities() - _in_use()


def _told_by_countries() -> frozenset[str]:
    """The zones of `zone.tab`, which comes with the data of the zones and names those of each country."""
    for text in _tables():
        lines = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
        return frozenset(cells[2].strip() for cells in lines if len(cells) > 2)
    return frozenset()


def _tables() -> Iterator[str]:
    """`zone.tab` of this machine, else of the package `tzdata`."""
    for folder in TZPATH:
        with suppress(OSError):
            yield Path(folder, "zone.tab").read_text("utf-8")
    with suppress(ImportError, OSError):
        yield resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text("utf-8")


def _is_a_city(name: str) -> bool:
    return name in _cities()


def _minutes(offset: timedelta | None) -> int:
    return (offset or timedelta(0)) // timedelta(minutes=1)
