"""Facts and the values that they have had, have and will have: which one holds when, and where. Pure.

A fact is called by its key, `<subject>.<kind>`: `btcusdt-perp.taker-fee`. A value holds from `since` until `until`
(UTC, the end not included), in one region or, with an empty region, everywhere.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from helpcenter.units import Unit

EVERYWHERE = ""
ALL_KINDS = "*"
NAME = r"[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?"

_KEY = re.compile(rf"(?P<subject>{NAME})\.(?P<kind>{NAME})")
_NAME = re.compile(NAME)


def is_name(text: str) -> bool:
    """Whether a text can be a subject or the slug of a kind."""
    return _NAME.fullmatch(text) is not None


def split_key(key: str) -> tuple[str, str] | None:
    """Subject and kind; None for what is no key."""
    match = _KEY.fullmatch(key)
    return (match["subject"], match["kind"]) if match else None


@dataclass(frozen=True)
class DatedValue:
    """A value as it is kept (`units`), and when and where it holds."""

    text: str
    since: datetime
    until: datetime | None = None
    region: str = EVERYWHERE
    source: str = ""

    def holds(self, at: datetime) -> bool:
        return self.since <= at and (self.until is None or at < self.until)

    def overlaps(self, other: "DatedValue") -> bool:
        """Whether there is a moment at which both would hold in the same region."""
        if self.region != other.region:
            return False
        before, after = sorted((self, other), key=lambda value: value.since)
        return before.until is None or after.since < before.until

    @property
    def number(self) -> Decimal:
        """Raises ArithmeticError where the unit is no number."""
        return Decimal(self.text)


@dataclass(frozen=True)
class DatedFact:
    """A fact with all of its values, the oldest first; `names` are those of its kind by language."""

    subject: str
    kind: str
    unit: Unit
    names: Mapping[str, str]
    values: tuple[DatedValue, ...]

    @property
    def key(self) -> str:
        return f"{self.subject}.{self.kind}"

    def in_force(self, at: datetime, region: str = EVERYWHERE) -> DatedValue | None:
        """The value that holds now: the region's own, else the one for everywhere."""
        for where in dict.fromkeys((region, EVERYWHERE)):
            for value in self.values:
                if value.region == where and value.holds(at):
                    return value
        return None

    def at(self, at: datetime, region: str = EVERYWHERE) -> DatedValue | None:
        """The value that readers see: the one in force, else the last one that was, else None."""
        over = [value for value in self._of(region) if value.until is not None and value.until <= at]
        return self.in_force(at, region) or max(over, key=lambda value: value.since, default=None)

    def coming(self, at: datetime, region: str = EVERYWHERE) -> tuple[datetime, DatedValue] | None:
        """The next moment at which readers of the region will be shown another value, and that value."""
        now = self.at(at, region)
        for moment in sorted(moment for moment in self.instants() if moment > at):
            value = self.in_force(moment, region)
            if value is not None and (now is None or value.text != now.text):
                return moment, value
        return None

    def before(self, value: DatedValue) -> DatedValue | None:
        """The value that the given one took the place of, where it was another."""
        older = [other for other in self.values if other.region == value.region and other.since < value.since]
        last = max(older, key=lambda other: other.since, default=None)
        return last if last is not None and last.text != value.text else None

    def name(self, language: str) -> str:
        """The name of the kind: in the language, in English, or its slug."""
        return self.names.get(language) or self.names.get("en") or self.kind

    def regions(self) -> set[str]:
        """Regions that have a value of their own."""
        return {value.region for value in self.values} - {EVERYWHERE}

    def instants(self) -> set[datetime]:
        """The moments at which what readers see may change."""
        return {moment for value in self.values for moment in (value.since, value.until) if moment is not None}

    def _of(self, region: str) -> list[DatedValue]:
        return [value for value in self.values if value.region in (region, EVERYWHERE)]


@dataclass(frozen=True)
class Book:
    """All facts that have values, by key, in the order of their kinds; the regions of these values with their names."""

    facts: Mapping[str, DatedFact] = field(default_factory=dict)
    regions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    by_subject: Mapping[str, Sequence[DatedFact]] = field(default_factory=dict)

    def of_subject(self, subject: str, kinds: Sequence[str] = ()) -> list[DatedFact]:
        """The facts of a subject: of these kinds in this order, or all of them."""
        if not kinds:
            return list(self.by_subject.get(subject, ()))
        found = (self.facts.get(f"{subject}.{kind}") for kind in kinds)
        return [fact for fact in found if fact is not None]

    def named(self, key: str) -> list[DatedFact]:
        """The facts that a reference means: one, or all of `<subject>.*`."""
        subject, _, kind = key.partition(".")
        if kind == ALL_KINDS:
            return self.of_subject(subject)
        return [self.facts[key]] if key in self.facts else []


def book_of(facts: Iterable[DatedFact], regions: Mapping[str, Mapping[str, str]]) -> Book:
    by_key = {fact.key: fact for fact in facts}
    by_subject: dict[str, list[DatedFact]] = {}
    for fact in by_key.values():
        by_subject.setdefault(fact.subject, []).append(fact)
    return Book(by_key, regions, by_subject)


def overlapping(values: Iterable[DatedValue]) -> list[tuple[DatedValue, DatedValue]]:
    """Each value that begins while an earlier one holds in the same region, behind the one that holds longest."""
    found = []
    longest: dict[str, DatedValue] = {}
    for value in sorted(values, key=lambda value: value.since):
        before = longest.get(value.region)
        if before is not None and before.overlaps(value):
            found.append((before, value))
        if before is None or _ends_later(value, before):
            longest[value.region] = value
    return found


def _ends_later(one: DatedValue, other: DatedValue) -> bool:
    return other.until is not None and (one.until is None or one.until > other.until)
