"""What a position is worth, costs and gains, and where it ends: isolated margin, linear and inverse contracts. Pure.

Everything follows from four definitions, with side s (1 long, -1 short), quantity n = contracts x contract size, entry
price E, leverage L, maintenance margin rate m, and a price P:

    value(P)   n x P  (linear, in the quote currency)          n / P  (inverse, in the coin)
    margin     value(E) / L
    profit(P)  s x n x (P - E)  (linear)                       s x n x (1/E - 1/P)  (inverse)
    liquidation is where  margin + profit(P) = m x value(P), with P the mark price

Solved for P, liquidation is

    linear     E x (s - 1/L) / (s - m)        long  E x (1 - 1/L) / (1 - m),    short  E x (1 + 1/L) / (1 + m)
    inverse    E x (s + m) / (s + 1/L)        long  E x (1 + m) / (1 + 1/L),    short  E x (1 - m) / (1 - 1/L)

and with m = 0 the bankruptcy price, where the margin is used up. The fee of the liquidation itself is not part of
these prices: it is taken from the maintenance margin that is left. They hold within the lowest risk limit, and while
neither funding nor fees have been taken from the margin.

Sources: the published rules of exchanges with the same definitions. Binance, "How to Calculate Liquidation Price of
USD-M Futures Contracts" and "... of COIN-M Futures Contracts": with the wallet balance n x E / L, or n / (E x L), no
other position and a maintenance amount of zero, their formulas are the two above. CoinFLEX, "Isolated Margin":
maintenance margin = mark price x size x rate. Venues that take the maintenance margin of the value at entry print
E x (1 - 1/L + m) instead; that is not our rule.

Rounding is against the trader: prices to the tick, so that a liquidation is never nearer than it says and a position
breaks even not before it says; amounts to eight decimals, what is paid up and what is received down.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal, localcontext
from functools import wraps
from typing import ParamSpec, TypeVar

from helpcenter.contracts.terms import ONE, ZERO, Terms
from helpcenter.enums import ContractForm, Side

AMOUNT = Decimal("0.00000001")
DIGITS = 80  # of the calculation: inputs have 22 at most, and products of three of them stay exact

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Position:
    """An isolated position: `size` in contracts, `entry` in the quote currency, `leverage` 1 or more."""

    terms: Terms
    side: Side
    entry: Decimal
    size: Decimal
    leverage: Decimal

    @property
    def is_linear(self) -> bool:
        return self.terms.form == ContractForm.LINEAR


def exactly(function: Callable[P, T]) -> Callable[P, T]:
    """Calculate with `DIGITS` digits, whatever the thread has been told."""

    @wraps(function)
    def calculate(*args: P.args, **kwargs: P.kwargs) -> T:
        with localcontext(Context(prec=DIGITS)):
            return function(*args, **kwargs)

    return calculate


# Values and amounts, in the currency that the contract settles in


@exactly
def value(position: Position, price: Decimal) -> Decimal:
    """What the position is worth at a price, not rounded."""
    return _worth(position, price)


@exactly
def margin(position: Position) -> Decimal:
    """The initial margin, rounded up."""
    return _paid(_worth(position, position.entry, divisor=position.leverage))


@exactly
def fee(position: Position, price: Decimal, rate: Decimal) -> Decimal:
    """The fee of trading the whole position at a price: value x rate, rounded up."""
    return _paid(_worth(position, price, rate))


@exactly
def funding(position: Position, mark: Decimal, rate: Decimal) -> Decimal:
    """What one funding time brings, from the trader's side: negative is paid. Longs pay where the rate is positive."""
    return _received(-position.side.sign * _worth(position, mark, rate))


@exactly
def profit(position: Position, price: Decimal) -> Decimal:
    """Gain (or loss, negative) from entry to a price, without fees and funding, rounded down."""
    return _received(exact_profit(position, price))


@exactly
def exact_profit(position: Position, price: Decimal) -> Decimal:
    """`profit`, not rounded."""
    gained = position.side.sign * position.size * position.terms.contract_size * (price - position.entry)
    return gained if position.is_linear else gained / (position.entry * price)


@exactly
def net(position: Position, price: Decimal, rate: Decimal) -> Decimal:
    """`profit` less the fees (`rate`) of entering and of leaving at a price; rounded down once, at the end."""
    fees = _worth(position, position.entry, rate) + _worth(position, price, rate)
    return _received(exact_profit(position, price) - fees)


def _worth(position: Position, price: Decimal, rate: Decimal = ONE, divisor: Decimal = ONE) -> Decimal:
    """Value x rate / divisor. One division at the end: a result that can be written exactly is exact, and rounding up
    does not add a unit to it."""
    quantity = position.size * position.terms.contract_size * rate
    return quantity * price / divisor if position.is_linear else quantity / (price * divisor)


# Prices, in the quote currency


@exactly
def liquidation_price(position: Position) -> Decimal | None:
    """The mark price at which liquidation starts: a long's rounded up to the tick, a short's down. None where no price
    liquidates the position: an unleveraged linear long, an unleveraged inverse short."""
    return _end(position, position.terms.maintenance_margin)


@exactly
def bankruptcy_price(position: Position) -> Decimal | None:
    """The price at which the margin is used up, rounded like the liquidation price; None where there is none."""
    return _end(position, ZERO)


def _end(position: Position, rate: Decimal) -> Decimal | None:
    """Where what is left of the margin is `rate` of the position's value; multiplied out, with one division (see
    `_worth`)."""
    sign, leverage = position.side.sign, position.leverage
    if position.is_linear:
        part, whole = sign * leverage - ONE, leverage * (sign - rate)
    else:
        part, whole = leverage * (sign + rate), sign * leverage + ONE
    if not part or not whole:
        return None
    return to_tick(position.entry * part / whole, position.terms.tick, up=position.side == Side.LONG)


@exactly
def break_even_price(position: Position, opening: Decimal, closing: Decimal) -> Decimal:
    """The price at which the profit pays the fees (rates) of opening and closing. A long's is rounded up, a short's
    down. From profit(P) = opening x value(E) + closing x value(P), for both forms of contract:
    linear E x (s + opening) / (s - closing), inverse E x (s + closing) / (s - opening)."""
    if not position.is_linear:
        opening, closing = closing, opening
    sign = position.side.sign
    price = position.entry * (sign + opening) / (sign - closing)
    return to_tick(price, position.terms.tick, up=position.side == Side.LONG)


@exactly
def to_tick(price: Decimal, tick: Decimal, *, up: bool) -> Decimal:
    """The nearest multiple of the tick that is not below (`up`), or not above, the price."""
    steps = (price / tick).to_integral_value(ROUND_CEILING if up else ROUND_FLOOR)
    return steps * tick


def _paid(amount: Decimal) -> Decimal:
    return amount.quantize(AMOUNT, ROUND_CEILING)


def _received(amount: Decimal) -> Decimal:
    return amount.quantize(AMOUNT, ROUND_FLOOR)
