"""The facts as a process remembers them for one snapshot of the content, and what pages ask of them.

One query per snapshot, and only where a text names a fact: a page without facts costs nothing, a warm one neither.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils import timezone

from helpcenter import freshness
from helpcenter.content import fact_filling, fact_marks
from helpcenter.content.fact_filling import Reading
from helpcenter.facts import EVERYWHERE, Book, DatedFact, DatedValue, book_of
from helpcenter.models import FactValue
from helpcenter.models.fact import names_by_language
from helpcenter.units import Unit
from supportdesk.ui.languages import column, content_languages


def book() -> Book:
    """All facts with their values, as old as the snapshot at most."""
    return freshness.remembered("facts", _read)


def fill(html: str, language: str, *, at: datetime | None = None, region: str = EVERYWHERE) -> str:
    """Stored HTML of a language with the values of a moment (UTC; now by default)."""
    if not fact_filling.has_facts(html):
        return html
    return fact_filling.fill(html, book(), Reading(language, at or timezone.now(), region))


def in_words(text: str, language: str, *, at: datetime | None = None, region: str = EVERYWHERE) -> str:
    """Words that may name facts, such as a summary, with the values of a moment (UTC; now by default)."""
    if not fact_marks.has_mark(text):
        return text
    return fact_filling.in_words(text, book(), Reading(language, at or timezone.now(), region))


def in_markdown(text: str, language: str) -> str:
    """A document as it is given out, with the values of now."""
    return fact_filling.in_markdown(text, book(), Reading(language, timezone.now()))


def _read() -> Book:
    columns = [
        "effective_from",
        "effective_until",
        "value",
        "source",
        "fact__subject",
        "fact__unit",
        "fact__kind__slug",
    ]
    names = [column(path, code) for path in ("fact__kind__name", "region__name") for code in content_languages()]
    ordered = FactValue.objects.order_by("fact__kind__position", "fact__kind__slug", "fact__subject", "effective_from")
    rows = list(ordered.values(*columns, "region__code", "region__position", *names))
    return book_of(_facts(rows), _regions(rows))


def _facts(rows: list[dict[str, Any]]) -> Iterator[DatedFact]:
    names: dict[str, dict[str, str]] = {}
    for (kind, subject), group in groupby(rows, key=lambda row: (row["fact__kind__slug"], row["fact__subject"])):
        own = list(group)
        if kind not in names:
            names[kind] = names_by_language(own[0], "fact__kind__name")
        values = tuple(_value(row) for row in own)
        yield DatedFact(subject, kind, Unit.of(own[0]["fact__unit"]), names[kind], values)


def _value(row: dict[str, Any]) -> DatedValue:
    region = row["region__code"] or EVERYWHERE
    return DatedValue(row["value"], row["effective_from"], row["effective_until"], region, row["source"])


def _regions(rows: list[dict[str, Any]]) -> dict[str, dict[str, str]]:
    """The regions that have values of their own, in order."""
    regional = sorted((row for row in rows if row["region__code"]), key=lambda row: row["region__position"])
    return {row["region__code"]: names_by_language(row, "region__name") for row in regional}
