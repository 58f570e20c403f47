"""Moments as people name them: a day and a time of a clock, in UTC or in the zone that they live in."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext

from helpcenter.errors import InvalidTime


def zone_of(name: str) -> ZoneInfo:
    """A time zone by its IANA name; UTC for a name that nobody knows."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def in_utc(clock: datetime, zone: ZoneInfo) -> datetime:
    """The moment (UTC) at which the clocks of a zone show this (naive) time.

    Raises InvalidTime where they never do, because they are put forward over it, or do so twice, because they are put
    back (PEP 495).
    """
    moments = [clock.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
    shown = {moment for moment in moments if moment.astimezone(zone).replace(tzinfo=None) == clock}
    named = {"moment": f"{clock:%Y-%m-%d %H:%M}", "zone": zone.key}
    if not shown:
        message = gettext("%(moment)s does not exist in %(zone)s: the clocks are put forward over it. Choose another.")
        raise InvalidTime(message % named)
    if len(shown) > 1:
        first, second = (f"{moment:%H:%M}" for moment in sorted(shown))
        message = gettext(
            "%(moment)s comes twice in %(zone)s, because the clocks are put back. "
            "Name it in UTC: %(first)s or %(second)s."
        )
        raise InvalidTime(message % {**named, "first": first, "second": second})
    return shown.pop()
