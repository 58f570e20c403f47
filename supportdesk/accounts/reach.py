"""Whether our mails reach somebody. The app that sends mails registers its answer here; without it there is no known
trouble."""

from collections.abc import Callable
from datetime import datetime

LostSince = Callable[[str], datetime | None]
TryAgain = Callable[[str], bool]


class _Known:
    lost_since: LostSince | None = None
    try_again: TryAgain | None = None


def register(lost_since: LostSince, try_again: TryAgain) -> None:
    """Called in `AppConfig.ready()` by the app that sends mail: `lost_since` tells since when an address cannot be
    reached, `try_again` lets mails go there once more."""
    _Known.lost_since, _Known.try_again = lost_since, try_again


def lost_since(address: str) -> datetime | None:
    """Since when (UTC) our mails to an address come back for good; None where they arrive, or nobody knows."""
    return _Known.lost_since(address.lower()) if _Known.lost_since is not None else None


def try_again(address: str) -> bool:
    """Send mail to an address again from now on; whether that is something new."""
    return _Known.try_again(address.lower()) if _Known.try_again is not None else False
