"""The facts of a contract at one moment: the single place that knows where they are kept.

Rows have the columns `key,region,value,unit,effective_from,effective_until,source`: key `<slug>.<kind>`, region empty
for everywhere, unit such as `percent`, `hours`, `amount:BTC`; they hold from the first moment (UTC) on and until just
before the second, which is empty where no end is known.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

from django.conf import settings

from helpcenter.contracts.terms import KINDS

FILE = Path(settings.BASE_DIR) / "fixtures" / "facts.csv"
COUNTED = ("lot-size", "min-order", "max-order")  # in contracts, or in the unit of the contract size


@dataclass(frozen=True)
class Fact:
    """A value in force `since` a moment (UTC), in its `unit`, with where it comes from."""

    value: Decimal
    unit: str
    since: datetime
    source: str


@dataclass(frozen=True)
class ContractFacts:
    """Kind -> value, as `contracts.terms` takes them: rates as fractions, sizes in contracts. They are in force as a
    whole `since` the latest moment at which one of them changed."""

    values: Mapping[str, Decimal] = field(default_factory=dict)
    since: datetime | None = None
    sources: tuple[str, ...] = ()


def contract_facts(slug: str, region: str, at: datetime) -> ContractFacts:
    """The facts of the contract that are in force at a moment in a region; those of everywhere where the region has
    none of its own. A contract without any has no values."""
    found = _in_force(slug, region, at)
    return ContractFacts(
        values={kind: _value(kind, fact, found.get("contract-size")) for kind, fact in found.items()},
        since=max((fact.since for fact in found.values()), default=None),
        sources=tuple(dict.fromkeys(fact.source for fact in found.values() if fact.source)),
    )


def _value(kind: str, fact: Fact, contract_size: Fact | None) -> Decimal:
    if fact.unit == "percent":
        return fact.value.scaleb(-2)
    if kind in COUNTED and contract_size is not None and fact.unit == contract_size.unit and contract_size.value:
        return fact.value / contract_size.value
    return fact.value


def _in_force(slug: str, region: str, at: datetime) -> dict[str, Fact]:
    """Kind -> fact. This reads the rows; with the facts in the database it asks them."""
    found: dict[str, Fact] = {}
    for row in sorted(_rows(), key=lambda row: (row["region"] != "", row["effective_from"])):
        subject, _, kind = row["key"].rpartition(".")
        if subject == slug and kind in KINDS and row["region"] in ("", region) and _holds(row, at):
            found[kind] = Fact(Decimal(row["value"]), row["unit"], _moment(row["effective_from"]), row["source"])
    return found


def _rows() -> Iterable[dict[str, str]]:
    if not FILE.exists():
        return []
    with FILE.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if _is_number(row["value"])]


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


def _holds(row: dict[str, str], at: datetime) -> bool:
    return _moment(row["effective_from"]) <= at and (not row["effective_until"] or at < _moment(row["effective_until"]))


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
