"""How people, languages and times are called on the desk's pages. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Protocol

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, gettext

from supportdesk.ui import languages, zones
from tickets.desk_ui.customers import customer_name as customer_name
from tickets.desk_ui.customers import masked as masked
from tickets.enums import FAR, UNSOLVED

SOON = timedelta(minutes=30)
_SHORT = {"zh-hans": "ZH", "zh-hant": "ZH-T", "pt-br": "PT"}


def staff_name(person: Any) -> str:
    return str(person.name or person.email) if person is not None else gettext("somebody who has left")


def topic_name(topic: Any) -> str:
    """A topic in the active language, else in English, else its key."""
    return str(topic.name or getattr(topic, "name_en", "") or topic.key)


def initials(name: str) -> str:
    """At most two letters that stand for a person."""
    words = [word for word in name.split() if word[:1].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper() or "·"


def badge(language: str) -> str:
    """A language in two or three letters."""
    return _SHORT.get(language, language.split("-")[0].upper())


def language_named(code: str) -> str:
    """A language as its readers call it; the bare code of one that the site has no longer."""
    return languages.language(code).name if languages.is_known(code) else code


@dataclass(frozen=True)
class Chip:
    """When an answer is due, in words; `tone` is a class of the style sheet."""

    tone: str
    words: str


class Due(Protocol):
    """A ticket, or what a list has read of it."""

    @property
    def status(self) -> str: ...

    @property
    def next_due_at(self) -> datetime: ...


def due_chip(ticket: Due, now: datetime, language: str | None = None) -> Chip | None:
    """What stands beside a ticket that somebody waits for; None where no clock runs. `language`: the active one, where
    many are asked for."""
    if ticket.status not in UNSOLVED or ticket.next_due_at >= FAR:
        return None
    left = ticket.next_due_at - now
    minutes, tone = abs(left) // timedelta(minutes=1), "bad" if left < timedelta(0) else "warn" if left <= SOON else ""
    return _chip(minutes, tone, language or get_language() or "")


@lru_cache(10_000)
def _chip(minutes: int, tone: str, language: str) -> Chip:
    """`language` is the active one, and tells the answers apart: to look words up takes as long as to draw a row."""
    words = span(timedelta(minutes=minutes))
    return Chip(tone, gettext("overdue %(time)s") % {"time": words} if tone == "bad" else words)


def span(length: timedelta) -> str:
    """A length of time, as exactly as one can use it: minutes, hours and minutes, days."""
    minutes = int(length.total_seconds() // 60)
    if minutes < 60:
        return gettext("%(minutes)d min") % {"minutes": minutes}
    if minutes < 48 * 60:
        return gettext("%(hours)d h %(minutes)02d") % {"hours": minutes // 60, "minutes": minutes % 60}
    return gettext("%(days)d d") % {"days": minutes // (24 * 60)}


def listed(words: Iterable[str]) -> str:
    """Words one after the other, as the active language parts them."""
    return languages.BETWEEN_WORDS.get(get_language() or "", ", ").join(words)


def moment(at: datetime) -> str:
    """A day and a time in the active time zone."""
    return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")


def moment_and_zone(at: datetime) -> str:
    """The same with the name of the zone, for a time that somebody chose: `24/12/2026 08:00 (Berlin, UTC+1)`."""
    return f"{moment(at)} ({zones.called(at)})"


def whole(number: int) -> str:
    """A count with the separators of the active language: `1,130`, `1.130`."""
    return str(number) if number < 1000 else number_format(number, force_grouping=True)


def percent(share: float) -> str:
    """A share of 0 to 1 as a whole percentage, rounded down: only all is 100."""
    return gettext("%(number)s%%") % {"number": number_format(int(share * 100))}
