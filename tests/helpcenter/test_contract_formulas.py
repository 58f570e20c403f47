"""The formulas of contracts keep what they are derived from, for positions of every kind."""

from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from helpcenter.contracts import formulas, inputs, working
from helpcenter.contracts.formulas import AMOUNT, Position
from helpcenter.contracts.terms import Terms, terms_of
from helpcenter.enums import ContractForm, Side
from helpcenter.errors import ContractIncomplete, RefusedInput

LINEAR, INVERSE = ContractForm
LONG, SHORT = Side
D = Decimal


def terms(form=LINEAR, **figures):
    known = {
        "contract_size": D("0.001") if form == LINEAR else D(1),
        "tick": D("0.1"),
        "lot": D(1),
        "maker_fee": D("0.0002"),
        "taker_fee": D("0.0005"),
        "maintenance_margin": D("0.005"),
        "max_leverage": D(100),
        "funding_interval": D(8),
        "funding_cap": D("0.0075"),
    }
    return Terms(form=form, **(known | figures))


def position(form=LINEAR, side=LONG, entry="60000", size="500", leverage="10", **figures):
    return Position(terms(form, **figures), side, D(entry), D(size), D(leverage))


def decimals(least, most, places):
    scale = 10**places
    return st.integers(int(D(least) * scale), int(D(most) * scale)).map(lambda number: D(number) / scale)


@st.composite
def positions(draw, form=None, leverage=None):
    tick = draw(st.sampled_from([D("0.0001"), D("0.01"), D("0.1"), D("0.5"), D(5)]))
    figures = {
        "tick": tick,
        "contract_size": draw(st.sampled_from([D("0.001"), D(1), D(100)])),
        "maintenance_margin": draw(decimals("0.001", "0.009", 4)),
        "taker_fee": draw(decimals("0", "0.002", 5)),
    }
    return Position(
        terms(form or draw(st.sampled_from([LINEAR, INVERSE])), **figures),
        draw(st.sampled_from([LONG, SHORT])),
        tick * draw(st.integers(200, 2_000_000)),
        D(draw(st.integers(1, 10_000_000))),
        leverage or draw(decimals("1.01", "100", 2)),
    )


def left_at(held, price):
    """What the margin still is at a price, and how much that changes within one tick."""
    tick = held.terms.tick
    change = abs(formulas.exact_profit(held, price) - formulas.exact_profit(held, price + tick))
    change = max(change, abs(formulas.exact_profit(held, price) - formulas.exact_profit(held, max(price - tick, tick))))
    return formulas.value(held, held.entry) / held.leverage + formulas.exact_profit(held, price), change


# What liquidation and bankruptcy are


@given(positions())
def test_at_the_liquidation_price_exactly_the_maintenance_margin_is_left_within_a_tick(held):
    price = formulas.liquidation_price(held)
    left, change = left_at(held, price)
    kept = held.terms.maintenance_margin * formulas.value(held, price)
    assert abs(left - kept) <= change * D("1.02") + AMOUNT


@given(positions())
def test_at_the_bankruptcy_price_nothing_is_left_within_a_tick(held):
    left, change = left_at(held, formulas.bankruptcy_price(held))
    assert abs(left) <= change + AMOUNT


@given(positions())
def test_liquidation_comes_before_bankruptcy_and_not_before_entry(held):
    liquidation, bankruptcy = formulas.liquidation_price(held), formulas.bankruptcy_price(held)
    order = [bankruptcy, liquidation, held.entry]
    assert order == sorted(order, reverse=held.side == SHORT)


@given(positions(), decimals("1.01", "99", 2))
def test_more_leverage_brings_the_liquidation_price_no_further_away(held, other):
    low, high = sorted([held.leverage, other])
    prices = [
        formulas.liquidation_price(Position(held.terms, held.side, held.entry, held.size, level))
        for level in (low, high)
    ]
    assert abs(held.entry - prices[1]) <= abs(held.entry - prices[0])


@given(positions(), st.integers(1, 1000))
def test_the_size_of_a_position_does_not_move_its_liquidation_price(held, times):
    larger = Position(held.terms, held.side, held.entry, held.size * times, held.leverage)
    assert formulas.liquidation_price(larger) == formulas.liquidation_price(held)


@given(positions())
def test_prices_lie_on_the_tick_and_are_rounded_against_the_trader(held):
    sign, rate, share = held.side.sign, Fraction(held.terms.maintenance_margin), 1 / Fraction(held.leverage)
    factor = (sign - share) / (sign - rate) if held.is_linear else (sign + rate) / (sign + share)
    price = formulas.liquidation_price(held)
    assert price % held.terms.tick == 0
    assert 0 <= (Fraction(price) - Fraction(held.entry) * factor) * sign < Fraction(held.terms.tick)


def test_a_price_that_lies_on_the_tick_is_not_rounded():
    """A third has no end in decimals; two thirds of 60,000 do."""
    assert formulas.bankruptcy_price(position(leverage="3")) == 40000
    assert formulas.bankruptcy_price(position(INVERSE, leverage="2")) == 40000
    assert formulas.liquidation_price(position(entry="59700")) == 54000


def test_an_amount_that_ends_is_not_rounded():
    assert formulas.fee(position(INVERSE, entry="7", size="30000"), D(7), D("0.0007")) == 3
    assert formulas.margin(position(INVERSE, entry="7", size="63", leverage="9")) == 1


@pytest.mark.parametrize(("form", "side"), [(LINEAR, LONG), (INVERSE, SHORT)])
def test_a_position_that_no_price_can_end_has_no_such_price(form, side):
    held = position(form, side, leverage="1")
    assert (formulas.liquidation_price(held), formulas.bankruptcy_price(held)) == (None, None)


@pytest.mark.parametrize(("form", "side"), [(LINEAR, SHORT), (INVERSE, LONG)])
def test_the_other_side_ends_even_without_leverage(form, side):
    assert formulas.liquidation_price(position(form, side, leverage="1")) > 0


# What a position costs and gains


@given(positions(), st.integers(200, 2_000_000))
def test_one_side_gains_what_the_other_loses(held, steps):
    price = held.terms.tick * steps
    other = Position(held.terms, SHORT if held.side == LONG else LONG, held.entry, held.size, held.leverage)
    assert formulas.exact_profit(held, price) == formulas.exact_profit(other, price).copy_negate()


@given(positions(), st.integers(200, 2_000_000))
def test_there_and_back_again_gains_nothing(held, steps):
    price = held.terms.tick * steps
    back = Position(held.terms, held.side, price, held.size, held.leverage)
    assert abs(formulas.exact_profit(held, price) + formulas.exact_profit(back, held.entry)) < D("1e-40")


@given(positions(), decimals("0", "0.002", 5))
def test_at_the_break_even_price_the_profit_pays_both_fees_and_a_tick_before_it_does_not(held, opening):
    closing, tick = held.terms.taker_fee, held.terms.tick
    price = formulas.break_even_price(held, opening, closing)

    def after_fees(at):
        fees = formulas.value(held, held.entry) * opening + formulas.value(held, at) * closing
        return formulas.exact_profit(held, at) - fees

    assert after_fees(price) >= -AMOUNT
    assert after_fees(price - held.side.sign * tick) <= AMOUNT


def test_the_break_even_price_tells_the_fee_of_the_entry_from_that_of_the_exit():
    """By hand: 30,000 contracts of 1 USD are 0.5 BTC at 60,000. The fees are 1 % of that, and nothing at the end."""
    held = position(INVERSE, size="30000")
    assert formulas.break_even_price(held, D("0.01"), D(0)) == D("60606.1")  # 30,000 / (0.5 - 0.005)
    assert formulas.break_even_price(held, D(0), D("0.01")) == D("60600")  # 30,300 / 0.5


@given(positions(), decimals("-0.0075", "0.0075", 6))
def test_funding_goes_from_one_side_to_the_other(held, rate):
    other = Position(held.terms, SHORT if held.side == LONG else LONG, held.entry, held.size, held.leverage)
    paid, received = sorted([formulas.funding(p, held.entry, rate) for p in (held, other)])
    assert paid <= 0
    assert received >= 0
    assert 0 <= -(paid + received) <= AMOUNT  # the payer's is rounded up, the receiver's down
    assert (formulas.funding(held, held.entry, rate) <= 0) == (held.side.sign * rate >= 0) or abs(paid) <= AMOUNT


@given(positions(), decimals("0", "0.01", 5))
def test_what_is_paid_is_rounded_up_and_what_is_received_down(held, rate):
    quantity, entry = Fraction(held.size * held.terms.contract_size), Fraction(held.entry)
    worth = quantity * entry if held.is_linear else quantity / entry
    assert 0 <= Fraction(formulas.fee(held, held.entry, rate)) - worth * Fraction(rate) < Fraction(AMOUNT)
    assert 0 <= Fraction(formulas.margin(held)) - worth / Fraction(held.leverage) < Fraction(AMOUNT)
    gain = held.side.sign * (worth if held.is_linear else worth / 2)  # at twice the price
    assert 0 <= gain - Fraction(formulas.profit(held, held.entry * 2)) < Fraction(AMOUNT)


# What is written out


def evaluated(template, held, **more):
    """The value of a formula as the page writes it, by the rules of arithmetic alone."""
    letters = {
        "Q": held.size,
        "C": held.terms.contract_size,
        "E": held.entry,
        "L": held.leverage,
        "m": held.terms.maintenance_margin,
        "f": held.terms.taker_fee,
        **more,
    }
    source = template.replace("×", "*").replace("÷", "/").replace("−", "-").replace("|F|", "abs(F)")
    source = source.replace("1 ", "one ").replace("(1", "(one")
    return eval(source, {"abs": abs, "one": D(1), "__builtins__": {}}, letters)  # noqa: S307 - our own formulas


@given(positions(), st.integers(200, 2_000_000), decimals("-0.0075", "0.0075", 6))
def test_every_formula_that_is_shown_gives_the_result_that_is_shown(held, steps, rate):
    closing = held.terms.tick * steps
    case = working.Case(held, "BTC", "USD", "BTC", closing, rate)
    lines = working.lines(case, "en")
    assert len(lines) == 10
    for line in lines:
        exact = evaluated(line.formula, held, X=closing, F=rate)
        unit = held.terms.tick if line.name in ("liquidation", "bankruptcy", "break_even") else 3 * AMOUNT
        assert abs(line.value - exact) <= unit, line


def test_the_numbers_stand_where_the_letters_stand():
    lines = {line.name: line for line in working.lines(working.Case(position(), "BTC", "USDT", "USDT"), "en")}
    assert lines["liquidation"].numbers == "60,000 × (1 − 1 ÷ 10) ÷ (1 − 0.50%)"
    assert lines["liquidation"].result == "54,271.4 USDT"
    assert lines["value"].numbers == "500 × 0.001 × 60,000"
    assert lines["fee"].result == "15.00 USDT"


def test_letters_that_are_not_used_are_not_explained():
    used = [symbol.letter for symbol in working.legend(working.Case(position(), "BTC", "USDT", "USDT"), "en")]
    assert used == ["Q", "C", "E", "L", "m", "f"]


def test_a_negative_rate_is_shown_with_its_sign_and_the_payment_without():
    case = working.Case(position(), "BTC", "USDT", "USDT", rate=D("-0.00025"))
    line = next(line for line in working.lines(case, "en") if line.name == "funding_received")
    assert (line.formula, line.numbers) == ("Q × C × E × |F|", "500 × 0.001 × 60,000 × |−0.025%|")
    assert line.result == "7.50 USDT"


def test_where_there_is_no_result_it_is_said():
    lines = working.lines(working.Case(position(leverage="1"), "BTC", "USDT", "USDT"), "en")
    none = next(line for line in lines if line.name == "liquidation")
    assert (none.value, str(none.result)) == (None, "None: no price uses up the margin")


# Terms

FACTS = {
    "contract-size": D(1),
    "tick-size": D("0.1"),
    "lot-size": D("0.001"),
    "maker-fee": D("0.0002"),
    "taker-fee": D("0.0005"),
    "maintenance-margin": D("0.005"),
    "max-leverage": D(100),
    "funding-interval": D(8),
    "funding-cap": D("0.0075"),
}
PERPETUAL = SimpleNamespace(slug="btcusdt-perp", form="linear", is_perpetual=True)
DATED = SimpleNamespace(slug="ethusdt-26mar27", form="linear", is_perpetual=False)


@pytest.mark.parametrize("kind", FACTS)
def test_a_missing_fact_is_named(kind):
    facts = {name: value for name, value in FACTS.items() if name != kind}
    with pytest.raises(ContractIncomplete, match=rf"btcusdt-perp\.{kind}\."):
        terms_of(PERPETUAL, facts)


def test_a_dated_contract_needs_no_funding():
    facts = {name: value for name, value in FACTS.items() if not name.startswith("funding")}
    assert terms_of(DATED, facts).funding_cap is None


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("tick-size", "0"),
        ("lot-size", "-1"),
        ("contract-size", "NaN"),
        ("taker-fee", "-0.1"),
        ("taker-fee", "1"),
        ("maintenance-margin", "0"),
        ("max-leverage", "0.5"),
        ("max-leverage", "200"),  # at 200x the margin is all maintenance margin
        ("max-leverage", "Infinity"),
        ("funding-cap", "5"),
    ],
)
def test_an_impossible_fact_is_named(kind, value):
    with pytest.raises(ContractIncomplete, match=rf"btcusdt-perp\.{kind}\."):
        terms_of(PERPETUAL, FACTS | {kind: D(value)})


def test_a_maker_may_be_paid():
    assert terms_of(PERPETUAL, FACTS | {"maker-fee": D("-0.0001")}).maker_fee < 0


# Inputs


@given(decimals("0.01", "100000", 4), st.booleans())
def test_a_price_is_moved_to_the_tick_in_the_direction_that_is_asked_for(typed, up):
    figures = terms()
    assume(up or typed >= figures.tick)
    used = inputs.price(figures, typed, up=up, language="en")
    assert used % figures.tick == 0
    assert 0 <= (used - typed) * (1 if up else -1) < figures.tick


REFUSED = [
    (lambda: inputs.price(terms(), D(0), up=True, language="en"), "greater than zero"),
    (lambda: inputs.price(terms(), D(-5), up=True, language="en"), "greater than zero"),
    (lambda: inputs.price(terms(), D("0.01"), up=False, language="en"), "smallest price of this contract is 0.1"),
    (lambda: inputs.size(terms(), D("1.5"), "en"), "Write 1 or 2"),
    (lambda: inputs.size(terms(), D("0.5"), "en"), "Write 1\\."),
    (lambda: inputs.size(terms(min_order=D(10)), D(9), "en"), "smallest order of this contract is 10"),
    (lambda: inputs.size(terms(max_order=D(10)), D(11), "en"), "largest order of this contract is 10"),
    (lambda: inputs.leverage(terms(), D("0.99"), "en"), "from 1 to 100"),
    (lambda: inputs.leverage(terms(), D("100.01"), "en"), "from 1 to 100"),
    (lambda: inputs.funding_rate(terms(), D("0.0076"), "en"), "between −0.75% and 0.75%"),
    (lambda: inputs.funding_rate(terms(), D("-0.0076"), "en"), "between −0.75% and 0.75%"),
]


@pytest.mark.parametrize(("ask", "reason"), REFUSED)
def test_what_cannot_be_a_position_is_refused_with_its_reason(ask, reason):
    with pytest.raises(RefusedInput, match=reason):
        ask()


def test_limits_themselves_are_accepted():
    assert inputs.leverage(terms(), D(100), "en") == 100
    assert inputs.size(terms(min_order=D(1), max_order=D(7)), D(7), "en") == 7
    assert inputs.funding_rate(terms(), D("-0.0075"), "en") == D("-0.0075")
