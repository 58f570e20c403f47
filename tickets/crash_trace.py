"""A day that was recorded, to be played again at the desk: its lines, when each is due, and what people write. Pure.

A trace is a CSV file with a line per request; `t` are seconds from any beginning, in order. Of its columns those of
`COLUMNS` are read, others are left alone.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.translation import gettext

COLUMNS = ("id", "t", "lang", "topic", "tier", "incident")
SYMBOLS = ("BTCUSDT-PERP", "ETHUSDT-PERP", "SOLUSDT-PERP", "BTCUSD-PERP")
PLAIN_TIERS = ("", "standard")
ENGLISH = "en"


class BadTrace(ValueError):
    """A file is no trace: which line, and what is wrong with it."""


@dataclass(frozen=True)
class Asking:
    """One request of a trace; `after` is counted from the first one."""

    number: str
    after: timedelta
    language: str
    topic: str
    tier: str
    is_same: bool  # asks because of what many ask

    @classmethod
    def of_row(cls, row: Mapping[str, str], begin: float) -> "Asking":
        tier = row["tier"] if row["tier"] not in PLAIN_TIERS else ""
        after = timedelta(seconds=float(row["t"]) - begin)
        return cls(row["id"], after, row["lang"], row["topic"], tier, row["incident"] == "1")


def read_trace(lines: Iterable[str]) -> list[Asking]:
    """The requests of a trace in the order of their times. Raises BadTrace."""
    reader = csv.DictReader(lines)
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        message = gettext("The first line must name the columns %(columns)s; it lacks %(missing)s.")
        raise BadTrace(message % {"columns": ", ".join(COLUMNS), "missing": ", ".join(missing)})
    rows = list(reader)
    for number, row in enumerate(rows, start=2):
        _refuse_broken(number, row)
    if not rows:
        raise BadTrace(gettext("The trace has no lines."))
    begin = min(float(row["t"]) for row in rows)
    return sorted((Asking.of_row(row, begin) for row in rows), key=lambda asking: (asking.after, asking.number))


def _refuse_broken(number: int, row: Mapping[str, str | None]) -> None:
    if any(row.get(name) is None for name in COLUMNS):
        raise BadTrace(gettext("Line %(number)d has fewer columns than the first line.") % {"number": number})
    try:
        float(row["t"] or "")
    except ValueError as error:
        message = gettext("Line %(number)d: “%(text)s” is no number of seconds.")
        raise BadTrace(message % {"number": number, "text": row["t"]}) from error


def due_at(asking: Asking, begun_at: datetime, speed: float) -> datetime:
    """When a request is made in a replay that is `speed` times as fast as life."""
    return begun_at + asking.after / speed


def due_by(askings: Sequence[Asking], position: int, begun_at: datetime, speed: float, at: datetime) -> int:
    """Up to where a replay should be at a moment: the number of requests that are made by then, never below
    `position`."""
    while position < len(askings) and due_at(askings[position], begun_at, speed) <= at:
        position += 1
    return position


@dataclass(frozen=True)
class Written:
    """`language` is the one of the text; English where the topic has no text in the one that was asked for."""

    subject: str
    body: str
    language: str


def written(texts: Mapping[str, Any], asking: Asking, place: int, at: datetime) -> Written:
    """What somebody writes. `texts` are those of a topic (`same`, `own`), `place` is the one of the request in its
    trace: the same request always says the same, but for the time (UTC)."""
    pool = texts.get("same" if asking.is_same else "own") or texts["own"]
    language = asking.language if asking.language in pool else ENGLISH
    rows = pool[language]
    subject, body = rows[place % len(rows)]
    words = {
        "symbol": SYMBOLS[place % len(SYMBOLS)],
        "order": f"N-{410_000 + place * 37 % 500_000}",
        "amount": f"{(place * 131 % 90 + 2) * 50:,}",
        "time": f"{at.astimezone(UTC) - timedelta(minutes=place % 7 + 1):%H:%M}",
    }
    return Written(_filled(subject, words), _filled(body, words), language)


def _filled(text: str, words: Mapping[str, str]) -> str:
    for name, word in words.items():
        text = text.replace(f"{{{name}}}", word)
    return text
