"""Working time: which seconds count for a clock, by the local wall clock of an office.

A moment counts when its local time lies in `[start, end)` of an interval of its local date. So an hour that the clocks
skip in spring does not count, one that they repeat in autumn counts twice, and what is counted are real seconds.
Moments are aware datetimes and are cut to whole seconds; intervals of a date are seconds since its midnight.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any
from zoneinfo import TZPATH, ZoneInfo

from django.utils.translation import gettext as _

from tickets.enums import FAR
from tickets.errors import InvalidInput

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY = 86_400
SAMPLE = 6 * 3600  # no zone changes its offset twice within so many seconds
LAST_YEAR = 9998  # time zones are not defined to the very end of the calendar
EPOCH_DAY = EPOCH.toordinal()

Intervals = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Calendar:
    """The working time of one office; `hours` are the intervals from Monday to Sunday.

    `special` dates have their own intervals instead, also when they are holidays; on other `holidays` nobody works.
    """

    tz: str = "UTC"
    hours: tuple[Intervals, ...] = ((),) * 7
    special: Mapping[date, Intervals] = field(default_factory=dict)
    holidays: frozenset[date] = frozenset()
    always: bool = False

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Calendar":
        """From `{"always": true}` or `{"tz": "Asia/Seoul", "hours": {"0": [["09:00", "18:00"]]}, "holidays":
        ["2026-09-24"], "special": {"2026-12-24": [["08:00", "12:00"]]}}`, where 0 is Monday.

        Raises `InvalidInput`, whose `field` is the part that is wrong.
        """
        if data.get("always"):
            return ROUND_THE_CLOCK
        return cls(
            tz=_zone(data.get("tz", "")),
            hours=_week(data.get("hours", {})),
            special={_date(day, "special"): _intervals(of, "special") for day, of in data.get("special", {}).items()},
            holidays=frozenset(_date(day, "holidays") for day in data.get("holidays", ())),
        )

    def intervals(self, day: date) -> Intervals:
        """When people work on a local date."""
        if day in self.special:
            return self.special[day]
        return () if day in self.holidays else self.hours[day.weekday()]

    def elapsed(self, a: datetime, b: datetime) -> int:
        """Seconds of working time from `a` to `b`; none when `b` is not later."""
        start, end = _seconds(a), _seconds(b)
        if self.always:
            return max(0, end - start)
        return sum(until - since for since, until in self._windows(start, end))

    def add(self, a: datetime, seconds: int) -> datetime:
        """The earliest moment (UTC) at which so many seconds of working time have passed since `a`; `FAR` if never."""
        start = _seconds(a)
        if self.always or seconds <= 0:
            return _moment(start + max(0, seconds))
        for since, until in self._windows(start, self._end()):
            if until - since >= seconds:
                return _moment(since + seconds)
            seconds -= until - since
        return FAR

    def windows(self, a: datetime, b: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The stretches of working time between two moments, in order (UTC)."""
        start, end = _seconds(a), _seconds(b)
        stretches = [(start, end)] if self.always and start < end else self._windows(start, end)
        return ((_moment(since), _moment(until)) for since, until in stretches)

    def _end(self) -> int:
        """After this second (Unix time) nobody works any more."""
        if any(self.hours):
            return _seconds(datetime(LAST_YEAR, 12, 31, tzinfo=UTC))
        if not self.special:
            return 0
        return _midnight(max(self.special)) + 3 * DAY  # no zone is so far from UTC

    def _windows(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The stretches of working time between two seconds (Unix time), in order."""
        for since, until, offset in _stretches(self.tz, start, end):
            for day in range((since + offset) // DAY, (until - 1 + offset) // DAY + 1):
                midnight = day * DAY - offset
                for opening, closing in self.intervals(date.fromordinal(EPOCH_DAY + day)):
                    first, last = max(since, midnight + opening), min(until, midnight + closing)
                    if first < last:
                        yield first, last


ROUND_THE_CLOCK = Calendar(always=True)


def pairs_of(text: str, part: str = "hours") -> list[list[str]]:
    """The intervals of a day as people write them, `09:00-12:00, 13:00-18:00`, for `Calendar.from_dict`; none for an
    empty text. Raises InvalidInput."""
    pairs = [[time.strip() for time in re.split(r"[-–—]", one)] for one in text.split(",") if one.strip()]
    _intervals(pairs, part)
    return pairs


@cache
def tzdata_version() -> str:
    """The edition of the time zones that this machine counts by, such as 2026a; empty if it does not say."""
    for folder in TZPATH:
        with suppress(OSError), Path(folder, "tzdata.zi").open(encoding="utf-8") as file:
            return file.readline().removeprefix("# version").strip()[:20]
    with suppress(PackageNotFoundError):
        return version("tzdata")[:20]
    return ""


def _seconds(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(seconds=1)


def _moment(seconds: int) -> datetime:
    return EPOCH + timedelta(seconds=seconds)


def _midnight(day: date) -> int:
    return (day.toordinal() - EPOCH_DAY) * DAY


def _stretches(tz: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Stretches of time with one offset from UTC: since, until (Unix time), offset in seconds."""
    while start < end:
        year = _moment(start).year
        changes = _offsets(tz, year)
        ends = [*(since for since, _offset in changes[1:]), _midnight(date(year + 1, 1, 1))]
        for (since, offset), until in zip(changes, ends, strict=True):
            if max(start, since) < min(end, until):
                yield max(start, since), min(end, until), offset
        start = ends[-1]


@lru_cache(maxsize=256)
def _offsets(tz: str, year: int) -> tuple[tuple[int, int], ...]:
    """Since when (Unix time) which offset from UTC holds, through one year of UTC. `zoneinfo` tells no changes, so
    they are looked for."""
    zone = ZoneInfo(tz)
    start, end = _midnight(date(year, 1, 1)), _midnight(date(year + 1, 1, 1))
    found = [(start, _offset(zone, start))]
    for second in range(start + SAMPLE, end + 1, SAMPLE):
        if _offset(zone, min(second, end - 1)) != found[-1][1]:
            found.append(_change(zone, second - SAMPLE, min(second, end - 1)))
    return tuple(found)


def _change(zone: ZoneInfo, before: int, after: int) -> tuple[int, int]:
    """The first second of the offset that holds `after`, and that offset."""
    offset = _offset(zone, after)
    while after - before > 1:
        middle = (before + after) // 2
        if _offset(zone, middle) == offset:
            after = middle
        else:
            before = middle
    return after, offset


def _offset(zone: ZoneInfo, second: int) -> int:
    offset = datetime.fromtimestamp(second, zone).utcoffset() or timedelta()
    return offset // timedelta(seconds=1)


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (OSError, ValueError, LookupError) as error:
        message = _("“%(name)s” is no time zone. Write one like Asia/Seoul.")
        raise InvalidInput(message % {"name": name}, "tz") from error


def _week(hours: Mapping[str, Any]) -> tuple[Intervals, ...]:
    for day in hours:
        if str(day) not in "0123456" or len(str(day)) != 1:
            message = _("“%(day)s” is no day of the week. Write 0 for Monday to 6 for Sunday.")
            raise InvalidInput(message % {"day": day}, "hours")
    return tuple(_intervals(hours.get(str(day), ()), "hours") for day in range(7))


def _date(text: str, part: str) -> date:
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise InvalidInput(_("“%(text)s” is no date. Write it like 2026-12-24.") % {"text": text}, part) from error


def _intervals(pairs: Any, part: str) -> Intervals:
    """Intervals in order. None may overlap another: their seconds would count twice."""
    try:
        intervals = sorted((_time(start, part), _time(end, part)) for start, end in pairs)
    except (TypeError, ValueError) as error:
        raise InvalidInput(_("An interval is two times, like 09:00 and 18:00."), part) from error
    edges = [edge for interval in intervals for edge in interval]
    if edges != sorted(edges) or any(start == end for start, end in intervals):
        message = _("An interval ends before it begins, or two overlap. Split a night shift at 24:00.")
        raise InvalidInput(message, part)
    return tuple(intervals)


def _time(text: str, part: str) -> int:
    if re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d|24:00", str(text)) is None:
        raise InvalidInput(_("“%(text)s” is no time. Write it like 09:00, up to 24:00.") % {"text": text}, part)
    hours, minutes = str(text).split(":")
    return int(hours) * 3600 + int(minutes) * 60
