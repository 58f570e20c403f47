"""The facts as a process remembers them for one snapshot of the content, and what pages ask of them.

One query per snapshot, and only where a text names a fact: a page without facts costs nothing, a warm one neither.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext, override

from helpcenter import freshness
from helpcenter.content import fact_filling, fact_marks
from helpcenter.content import regions as regional
from helpcenter.content.fact_filling import Reading
from helpcenter.facts import EVERYWHERE, Book, DatedFact, DatedValue, book_of
from helpcenter.models import FactValue, Region
from helpcenter.models.fact import names_by_language
from helpcenter.units import Unit
from supportdesk.ui.languages import BETWEEN_WORDS, column, content_languages


def book() -> Book:
    """All facts with their values, as old as the snapshot at most."""
    return freshness.remembered("facts", _read)


def fill(html: str, language: str, *, at: datetime | None = None, region: str = EVERYWHERE) -> str:
    """Stored HTML of a language with the values of a moment (UTC; now by default)."""
    if regional.has_regions(html):
        html = regional.shown(html, region, lambda codes: _only_in(codes, language))
    if not fact_filling.has_facts(html):
        return html
    return fact_filling.fill(html, book(), Reading(language, at or timezone.now(), region))


def regions() -> dict[str, dict[str, str]]:
    """The names of all regions by their codes and languages, in order; as old as the snapshot at most."""
    return freshness.remembered("regions", _read_regions)


def names_of_regions(codes: set[str], language: str) -> dict[str, str]:
    """The names of these regions in a language, in order; without a question where all have values of their own."""
    known = book().regions
    found = known if codes <= known.keys() else regions()
    return {code: names.get(language) or names.get("en") or code for code, names in found.items() if code in codes}


def _only_in(codes: Sequence[str], language: str) -> str:
    """For whom a part of a text is, as HTML in its language."""
    with override(language):
        known = names_of_regions(set(codes), language)
        named = BETWEEN_WORDS.get(language, ", ").join(known.get(code, code.upper()) for code in codes)
        return escape(gettext("Only in: %(regions)s") % {"regions": named})


def _read_regions() -> dict[str, dict[str, str]]:
    names = [column("name", code) for code in content_languages()]
    return {row["code"]: names_by_language(row, "name") for row in Region.objects.values("code", *names)}


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
