"""Examples that people worked by hand: `contract_examples.json`, a list of objects.

Given, all as strings of plain digits (`"60000.5"`; rates as fractions, 0.05 % is `"0.0005"`):

    form                 linear | inverse
    side                 long | short
    entry                entry price, in the quote currency
    size                 number of contracts
    leverage             1 or more
    maintenance_margin   rate of the position's value AT THE MARK PRICE that has to be left (not of its value at entry)
    taker_fee            rate of the value of a trade
    contract_size        base currency (linear) or quote currency (inverse) in one contract
    tick                 step of the price
    exit                 closing price; needed for pnl, closing_fee, net
    funding_rate         of one funding time, mark price = entry price; needed for funding

`expect` holds any of these:

    liquidation          mark price where margin + profit or loss = maintenance margin, without the fee of closing
    bankruptcy           price where margin + profit or loss = 0, without the fee of closing
    break_even           price where the profit pays the taker fee of opening and of closing
    value, margin        of the position at entry, and value / leverage
    fee, closing_fee     taker fee at entry and at exit
    funding              from the trader's side: negative is paid
    pnl, net             profit or loss from entry to exit before fees, and after both

Prices have to be right within one tick (`null`: there is no such price), amounts, which are in the settlement
currency, within one unit of the last decimal that is written. Isolated margin, one risk limit. `working` shows the
calculation, `source` says where the formula was published; both are for people.
"""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from helpcenter.contracts import formulas
from helpcenter.contracts.formulas import Position
from helpcenter.contracts.terms import Terms
from helpcenter.enums import ContractForm, Side

EXAMPLES = json.loads(Path(__file__).with_name("contract_examples.json").read_text(encoding="utf-8"))
PRICES = {"liquidation", "bankruptcy", "break_even"}


def held(example):
    names = ("contract_size", "tick", "taker_fee", "maintenance_margin")
    terms = Terms(
        form=ContractForm(example["form"]),
        lot=Decimal(example["size"]),
        maker_fee=Decimal(0),
        max_leverage=Decimal(example["leverage"]),
        **{name: Decimal(example[name]) for name in names},
    )
    numbers = (Decimal(example[name]) for name in ("entry", "size", "leverage"))
    return Position(terms, Side(example["side"]), *numbers)


def results(example):
    position, fee = held(example), Decimal(example["taker_fee"])
    yield "liquidation", formulas.liquidation_price(position)
    yield "bankruptcy", formulas.bankruptcy_price(position)
    yield "break_even", formulas.break_even_price(position, fee, fee)
    yield "value", formulas.value(position, position.entry)
    yield "margin", formulas.margin(position)
    yield "fee", formulas.fee(position, position.entry, fee)
    if "funding_rate" in example:
        yield "funding", formulas.funding(position, position.entry, Decimal(example["funding_rate"]))
    if "exit" in example:
        closing = Decimal(example["exit"])
        yield "pnl", formulas.profit(position, closing)
        yield "closing_fee", formulas.fee(position, closing, fee)
        yield "net", formulas.net(position, closing, fee)


def allowed(name, expected, example):
    """How far a result may be from what was worked by hand."""
    if name in PRICES:
        return Decimal(example["tick"])
    return max(formulas.AMOUNT, Decimal(1).scaleb(int(Decimal(expected).as_tuple().exponent)))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: f"{e['form']}-{e['side']}-{e['entry']}-{e['leverage']}x")
def test_what_was_worked_by_hand_is_what_we_calculate(example):
    found, expected = dict(results(example)), example["expect"]
    assert expected
    assert set(expected) <= set(found), "an expectation that needs `exit` or `funding_rate`, or is unknown"
    wrong = {
        name: (wanted, str(found[name]))
        for name, wanted in expected.items()
        if (
            found[name] is None or wanted is None or abs(found[name] - Decimal(wanted)) > allowed(name, wanted, example)
        )
        and not (found[name] is None and wanted is None)
    }
    assert wrong == {}, example["working"]


@pytest.mark.parametrize("form", ["linear", "inverse"])
def test_there_are_examples_of_both_forms(form):
    assert [example for example in EXAMPLES if example["form"] == form]


def test_every_example_shows_its_working_and_its_source():
    assert [e for e in EXAMPLES if not e.get("working") or not e.get("source")] == []
