"""The policies that hold now, and those that held once, as `tickets.policies` has them.

An edition never changes, so what was read of one is kept; which is the newest is asked again after `KNOWN_FOR`. Who
changed a ticket in these seconds did so by the edition before, which the ticket's event names.
"""

import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tickets.calendars import ROUND_THE_CLOCK, Calendar
from tickets.models import CalendarVersion, PolicyEdition
from tickets.policies import ALWAYS, DEFAULT, Policies

KNOWN_FOR = 10.0  # seconds


@dataclass(frozen=True)
class Edition:
    """`number` is what events call it; 0 are the targets that are built in."""

    number: int
    policies: Policies


BUILT_IN = Edition(0, DEFAULT)

_newest: list[tuple[float, Edition]] = []


class _Calendars(dict[str, Calendar]):
    """Calendars by `key@version`; a version that only older clocks name is read when one of them asks."""

    def __missing__(self, name: str) -> Calendar:
        key, _at, number = name.rpartition("@")
        if not number.isdigit():
            raise KeyError(name)
        content = CalendarVersion.objects.filter(calendar__key=key, number=int(number)).values_list("content").first()
        if content is None:
            raise KeyError(name)
        self[name] = Calendar.from_dict(content[0])
        return self[name]


def current() -> Edition:
    """What holds now; at most once in `KNOWN_FOR` it asks the database."""
    if _newest and 0 <= time.monotonic() - _newest[0][0] < KNOWN_FOR:
        return _newest[0][1]
    row = PolicyEdition.objects.order_by("-number").values_list("number", "digest").first()
    edition = _read(*row) if row else BUILT_IN
    _newest[:] = [(time.monotonic(), edition)]
    return edition


def forget() -> None:
    """Ask the database again the next time: a new edition has come."""
    _newest.clear()


def of(number: int) -> Edition:
    """An edition by its number. Raises KeyError for one that there is not."""
    if number == 0:
        return BUILT_IN
    row = PolicyEdition.objects.filter(number=number).values_list("number", "digest").first()
    if row is None:
        raise KeyError(number)
    return _read(*row)


@lru_cache(maxsize=64)
def _read(number: int, digest: str) -> Edition:
    return Edition(number, policies_of(PolicyEdition.objects.get(number=number, digest=digest).content))


def policies_of(content: dict[str, Any]) -> Policies:
    """The policies of an edition's content; the built-in ones where it has none. Raises InvalidInput, ValueError."""
    made = Policies.from_dicts(content["policies"], content["calendars"])
    calendars = _Calendars({ALWAYS: ROUND_THE_CLOCK, **made.calendars})
    return Policies(made.policies or DEFAULT.policies, calendars)
