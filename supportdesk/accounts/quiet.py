"""Quiet hours: when a person is not to be mailed. Pure: the clock is an argument."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def zone(name: str) -> ZoneInfo:
    """A zone by its name; UTC for one that is not known."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def not_before(at: datetime, begins: time | None, ends: time | None, time_zone: str) -> datetime:
    """The first moment from `at` (UTC) on that is not within the quiet hours, which are wall clock and may cross
    midnight; equal or missing hours are never quiet."""
    if begins is None or ends is None or begins == ends:
        return at
    local = at.astimezone(zone(time_zone))
    now = local.time()
    is_quiet = begins <= now < ends if begins < ends else now >= begins or now < ends
    if not is_quiet:
        return at
    day = local.date() + timedelta(days=1 if begins > ends and now >= begins else 0)
    return datetime.combine(day, ends, zone(time_zone)).astimezone(at.tzinfo)
