"""What the formulas of a contract need to know of it, taken from its dated facts. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from django.utils.translation import gettext

from helpcenter.enums import ContractForm
from helpcenter.errors import ContractIncomplete

# Field of `Terms` -> kind of the fact, whose key is `<slug>.<kind>`
REQUIRED = {
    "contract_size": "contract-size",
    "tick": "tick-size",
    "lot": "lot-size",
    "maker_fee": "maker-fee",
    "taker_fee": "taker-fee",
    "maintenance_margin": "maintenance-margin",
    "max_leverage": "max-leverage",
}
OF_PERPETUALS = {"funding_interval": "funding-interval", "funding_cap": "funding-cap"}
OPTIONAL = {"min_order": "min-order", "max_order": "max-order"}
KINDS = frozenset((*REQUIRED.values(), *OF_PERPETUALS.values(), *OPTIONAL.values()))

ZERO, ONE = Decimal(0), Decimal(1)


class Listed(Protocol):
    """What is asked of a contract here; `helpcenter.models.Contract` has it."""

    slug: str
    form: str

    @property
    def is_perpetual(self) -> bool: ...


@dataclass(frozen=True)
class Terms:
    """The figures of a contract at one moment.

    `contract_size` is what one contract stands for: an amount of the base currency (linear) or of the quote currency
    (inverse). `tick` is in the quote currency; `lot`, `min_order` and `max_order` count contracts. Fees, `funding_cap`
    and `maintenance_margin` are fractions of the position's value (0.0005 is 0.05 %), `funding_interval` is hours;
    contracts that expire have no funding.
    """

    form: ContractForm
    contract_size: Decimal
    tick: Decimal
    lot: Decimal
    maker_fee: Decimal
    taker_fee: Decimal
    maintenance_margin: Decimal
    max_leverage: Decimal
    funding_interval: Decimal | None = None
    funding_cap: Decimal | None = None
    min_order: Decimal | None = None
    max_order: Decimal | None = None


def terms_of(contract: Listed, facts: Mapping[str, Decimal]) -> Terms:
    """The terms of a contract from its facts (kind -> value). Raises ContractIncomplete, which names each fact that is
    missing or impossible by its key."""
    needed = REQUIRED | (OF_PERPETUALS if contract.is_perpetual else {})
    missing = [f"{contract.slug}.{kind}" for kind in needed.values() if kind not in facts]
    if missing:
        raise ContractIncomplete(gettext("These facts are missing: %(keys)s.") % {"keys": ", ".join(missing)})
    known = {name: facts[kind] for name, kind in (needed | OPTIONAL).items() if kind in facts}
    terms = Terms(form=ContractForm(contract.form), **known)
    wrong = [f"{contract.slug}.{(needed | OPTIONAL)[name]}" for name in known if not _is_possible(terms, name)]
    if wrong:
        raise ContractIncomplete(gettext("These facts cannot be right: %(keys)s.") % {"keys": ", ".join(wrong)})
    return terms


def _is_possible(terms: Terms, name: str) -> bool:
    value: Decimal = getattr(terms, name)
    if not value.is_finite():
        return False
    if name == "maker_fee":
        return -ONE < value < ONE  # some venues pay the maker
    if name in ("taker_fee", "funding_cap"):
        return ZERO <= value < ONE
    if name == "maintenance_margin":
        return ZERO < value < ONE
    if name == "max_leverage":  # a position must be able to exist: its margin is more than what it has to keep
        return value >= ONE and value * terms.maintenance_margin < ONE
    return value > ZERO
