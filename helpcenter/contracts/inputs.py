"""Which positions can be calculated: prices on the tick, sizes in lots, leverage and rates within their limits. Pure.

Every refusal is a RefusedInput that says what is wrong and what to write instead, in the language `language`.
"""

from decimal import Decimal
from typing import NoReturn

from django.utils.translation import gettext

from helpcenter.contracts.formulas import to_tick
from helpcenter.contracts.numbers import unmistakable, written, written_percent
from helpcenter.contracts.terms import ONE, ZERO, Terms
from helpcenter.errors import RefusedInput


def price(terms: Terms, typed: Decimal, *, up: bool, language: str) -> Decimal:
    """A price on the tick: an entry price is often an average and lies between two, so it is rounded (`up` or down);
    who shows it says so where it is not what was typed."""
    _refuse_below_zero(typed)
    rounded = to_tick(typed, terms.tick, up=up)
    if rounded <= ZERO:
        message = gettext("The smallest price of this contract is %(tick)s.")
        raise RefusedInput(message % {"tick": written(terms.tick, language)})
    return rounded


def size(terms: Terms, typed: Decimal, language: str) -> Decimal:
    """A number of contracts that an order could have."""
    _refuse_below_zero(typed)
    if to_tick(typed, terms.lot, up=False) != typed:
        _refuse_between_lots(terms, typed, language)
    if terms.min_order is not None and typed < terms.min_order:
        message = gettext("The smallest order of this contract is %(limit)s contracts.")
        raise RefusedInput(message % {"limit": written(terms.min_order, language)})
    if terms.max_order is not None and typed > terms.max_order:
        message = gettext("The largest order of this contract is %(limit)s contracts.")
        raise RefusedInput(message % {"limit": written(terms.max_order, language)})
    return typed


def leverage(terms: Terms, typed: Decimal, language: str) -> Decimal:
    if not ONE <= typed <= terms.max_leverage:
        message = gettext("Leverage on this contract goes from 1 to %(limit)s.")
        raise RefusedInput(message % {"limit": written(terms.max_leverage, language)})
    return typed


def funding_rate(terms: Terms, typed: Decimal, language: str) -> Decimal:
    """A rate as a fraction, of either sign, that funding can reach."""
    cap = terms.funding_cap or ZERO
    if abs(typed) > cap:
        message = gettext("The funding rate of this contract stays between %(least)s and %(most)s.")
        limits = {"least": written_percent(-cap, language), "most": written_percent(cap, language)}
        raise RefusedInput(message % limits)
    return typed


def _refuse_between_lots(terms: Terms, typed: Decimal, language: str) -> NoReturn:
    below, above = to_tick(typed, terms.lot, up=False), to_tick(typed, terms.lot, up=True)
    message = gettext("Sizes go in steps of %(lot)s. Write %(above)s.")
    if below:
        message = gettext("Sizes go in steps of %(lot)s. Write %(below)s or %(above)s.")
    near = {"below": unmistakable(below), "above": unmistakable(above)}
    raise RefusedInput(message % {"lot": written(terms.lot, language), **near})


def _refuse_below_zero(typed: Decimal) -> None:
    if typed <= ZERO:
        raise RefusedInput(gettext("Write a number greater than zero."))
