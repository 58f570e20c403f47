"""A calculation written out: every result with its formula, the formula with the numbers put in, and its unit. Pure.

Formulas are letters and signs, the same in every language; `legend` says what each letter stands for. One template
gives both the letters and the numbers, so what is shown is what was calculated (the tests evaluate it).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from helpcenter.contracts import formulas
from helpcenter.contracts.formulas import AMOUNT, Position, exactly
from helpcenter.contracts.numbers import written, written_percent
from helpcenter.contracts.terms import ZERO
from helpcenter.enums import ContractForm, Side

LINEAR, INVERSE, LONG, SHORT = ContractForm.LINEAR, ContractForm.INVERSE, Side.LONG, Side.SHORT
FEE_DECIMALS = 3  # at least; other rates have two
COIN_DECIMALS, MONEY_DECIMALS = 4, 2  # at least, of amounts

SYMBOLS: dict[str, str | Promise] = {
    "Q": _("Size in contracts"),
    "C": _("Contract size"),
    "E": _("Entry price"),
    "X": _("Closing price"),
    "L": _("Leverage"),
    "m": _("Maintenance margin rate"),
    "f": _("Taker fee rate"),
    "F": _("Funding rate"),
}
LABELS: dict[str, str | Promise] = {
    "value": _("Value of the position"),
    "margin": _("Initial margin"),
    "liquidation": _("Estimated liquidation price"),
    "bankruptcy": _("Bankruptcy price"),
    "fee": _("Fee to open, as taker"),
    "break_even": _("Break-even price, both fees paid as taker"),
    "funding_paid": _("Funding that you pay each time"),
    "funding_received": _("Funding that you receive each time"),
    "profit": _("Profit or loss before fees"),
    "closing_fee": _("Fee to close, as taker"),
    "net": _("Profit or loss after both fees"),
}
NONE_AT_ANY_PRICE = _("None: no price uses up the margin")

QUANTITY = "{Q} × {C}"
VALUE = {LINEAR: f"{QUANTITY} × {{E}}", INVERSE: f"{QUANTITY} ÷ {{E}}"}
CLOSING_VALUE = {LINEAR: f"{QUANTITY} × {{X}}", INVERSE: f"{QUANTITY} ÷ {{X}}"}
LIQUIDATION = {
    (LINEAR, LONG): "{E} × (1 − 1 ÷ {L}) ÷ (1 − {m})",
    (LINEAR, SHORT): "{E} × (1 + 1 ÷ {L}) ÷ (1 + {m})",
    (INVERSE, LONG): "{E} × (1 + {m}) ÷ (1 + 1 ÷ {L})",
    (INVERSE, SHORT): "{E} × (1 − {m}) ÷ (1 − 1 ÷ {L})",
}
BANKRUPTCY = {
    (LINEAR, LONG): "{E} × (1 − 1 ÷ {L})",
    (LINEAR, SHORT): "{E} × (1 + 1 ÷ {L})",
    (INVERSE, LONG): "{E} ÷ (1 + 1 ÷ {L})",
    (INVERSE, SHORT): "{E} ÷ (1 − 1 ÷ {L})",
}
BREAK_EVEN = {LONG: "{E} × (1 + {f}) ÷ (1 − {f})", SHORT: "{E} × (1 − {f}) ÷ (1 + {f})"}
PROFIT = {
    (LINEAR, LONG): f"{QUANTITY} × ({{X}} − {{E}})",
    (LINEAR, SHORT): f"{QUANTITY} × ({{E}} − {{X}})",
    (INVERSE, LONG): f"{QUANTITY} × (1 ÷ {{E}} − 1 ÷ {{X}})",
    (INVERSE, SHORT): f"{QUANTITY} × (1 ÷ {{X}} − 1 ÷ {{E}})",
}


@dataclass(frozen=True)
class Case:
    """A position to be calculated, in its currencies. `closing` is the price at which it is closed, `rate` the funding
    rate (a fraction) at a time when the mark price is the entry price; each may be left out."""

    position: Position
    base: str
    quote: str
    settle: str
    closing: Decimal | None = None
    rate: Decimal | None = None


@dataclass(frozen=True)
class Line:
    """A result. `numbers` is `formula` with the numbers put in; `value` is None where there is no result, and `result`
    says so."""

    name: str
    label: str | Promise
    formula: str
    numbers: str
    value: Decimal | None
    result: str | Promise


@dataclass(frozen=True)
class Symbol:
    """A letter of the formulas, what it stands for, and its value here."""

    letter: str
    meaning: str | Promise
    value: str


@exactly
def lines(case: Case, language: str) -> list[Line]:
    """All results of a case in the order in which they are read, in the number format of a language."""
    writer = _Writer(case, language)
    return [writer.line(*found) for found in _results(case)]


def legend(case: Case, language: str) -> list[Symbol]:
    """What the letters of `lines` stand for, with units."""
    writer = _Writer(case, language)
    units = {"E": case.quote, "X": case.quote, "C": case.base if case.position.is_linear else case.quote}
    return [
        Symbol(letter, SYMBOLS[letter], f"{value} {units[letter]}" if letter in units else value)
        for letter, value in writer.values.items()
    ]


def _results(case: Case) -> Iterator[tuple[str, str, Decimal | None]]:
    """Name, template of the formula, value."""
    position, terms = case.position, case.position.terms
    kind, fee = (terms.form, position.side), terms.taker_fee
    yield "value", VALUE[terms.form], formulas.value(position, position.entry)
    yield "margin", f"{VALUE[terms.form]} ÷ {{L}}", formulas.margin(position)
    yield "liquidation", LIQUIDATION[kind], formulas.liquidation_price(position)
    yield "bankruptcy", BANKRUPTCY[kind], formulas.bankruptcy_price(position)
    yield "fee", f"{VALUE[terms.form]} × {{f}}", formulas.fee(position, position.entry, fee)
    yield "break_even", BREAK_EVEN[position.side], formulas.break_even_price(position, fee, fee)
    if case.rate is not None:
        yield _funding(case, case.rate)
    if case.closing is not None:
        yield from _closing(case, case.closing)


def _funding(case: Case, rate: Decimal) -> tuple[str, str, Decimal]:
    """The payment without its sign; the label says who pays."""
    amount = formulas.funding(case.position, case.position.entry, rate)
    name = "funding_received" if amount > ZERO else "funding_paid"
    return name, f"{VALUE[case.position.terms.form]} × |{{F}}|", amount.copy_abs()


def _closing(case: Case, closing: Decimal) -> Iterator[tuple[str, str, Decimal]]:
    position, terms = case.position, case.position.terms
    both = f"{VALUE[terms.form]} × {{f}} − {CLOSING_VALUE[terms.form]} × {{f}}"
    yield "profit", PROFIT[terms.form, position.side], formulas.profit(position, closing)
    yield "closing_fee", f"{CLOSING_VALUE[terms.form]} × {{f}}", formulas.fee(position, closing, terms.taker_fee)
    yield "net", f"{PROFIT[terms.form, position.side]} − {both}", formulas.net(position, closing, terms.taker_fee)


class _Writer:
    """Writes the numbers of a case in the format of a language."""

    def __init__(self, case: Case, language: str) -> None:
        self.case, self.language = case, language
        self.values = dict(self._values())

    def _values(self) -> Iterator[tuple[str, str]]:
        position, terms = self.case.position, self.case.position.terms
        numbers = {"Q": position.size, "C": terms.contract_size, "E": position.entry, "X": self.case.closing}
        numbers["L"] = position.leverage
        rates = {"m": terms.maintenance_margin, "f": terms.taker_fee, "F": self.case.rate}
        for letter in SYMBOLS:
            if (number := numbers.get(letter)) is not None:
                yield letter, written(number, self.language)
            elif (rate := rates.get(letter)) is not None:
                least = 2 if letter == "m" else FEE_DECIMALS
                yield letter, written_percent(rate, self.language, least)

    def line(self, name: str, template: str, value: Decimal | None) -> Line:
        formula = template.format_map({letter: letter for letter in SYMBOLS})
        result = NONE_AT_ANY_PRICE if value is None else self._result(name, value)
        return Line(name, LABELS[name], formula, template.format_map(self.values), value, result)

    def _result(self, name: str, value: Decimal) -> str:
        if name in ("liquidation", "bankruptcy", "break_even"):
            decimals = max(0, -int(self.case.position.terms.tick.normalize().as_tuple().exponent))
            return f"{written(value, self.language, decimals)} {self.case.quote}"
        least = MONEY_DECIMALS if self.case.position.is_linear else COIN_DECIMALS
        return f"{written(value.quantize(AMOUNT), self.language, least)} {self.case.settle}"
