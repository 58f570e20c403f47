"""The facts of a contract at one moment: the single place that knows where they are kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from helpcenter import factbook
from helpcenter.contracts.terms import KINDS
from helpcenter.units import UnitKind

COUNTED = ("lot-size", "min-order", "max-order")  # in contracts, or in the unit of the contract size
NUMBERS = (UnitKind.PERCENT, UnitKind.LEVERAGE, UnitKind.AMOUNT, UnitKind.COUNT, UnitKind.HOURS, UnitKind.MINUTES)


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
    """Kind -> fact, with the last good value where none holds at the moment."""
    held = {
        fact.kind: (fact, value)
        for fact in factbook.book().of_subject(slug)
        if fact.kind in KINDS and fact.unit.kind in NUMBERS and (value := fact.at(at, region))
    }
    return {kind: Fact(value.number, str(fact.unit), value.since, value.source) for kind, (fact, value) in held.items()}
