"""The facts of a contract: of its moment, of its region, in the units of the formulas."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from helpcenter.contract_facts import contract_facts
from tests.helpcenter.contracts import INVERSE, PERPETUAL, START, rows_of, write_facts

pytestmark = pytest.mark.django_db

CHANGE = datetime(2026, 6, 1, 8, tzinfo=UTC)
LATER = [
    "btcusdt-perp.tick-size,,0.5,amount:USDT,2026-01-01T00:00:00Z,2026-06-01T08:00:00Z,old,",
    "btcusdt-perp.tick-size,,0.1,amount:USDT,2026-06-01T08:00:00Z,,new,",
]


@pytest.fixture
def facts(db):
    rows = [*rows_of("btcusd-perp", INVERSE), *(row for row in rows_of("btcusdt-perp", PERPETUAL) if "tick" not in row)]
    rows += [*LATER, "btcusdt-perp.max-leverage,eu,50,leverage,2026-01-01T00:00:00Z,,eu rules,"]
    write_facts(*rows)


def value(kind, at=CHANGE, region="", slug="btcusdt-perp"):
    return contract_facts(slug, region, at).values[kind]


def test_rates_are_fractions(facts):
    assert value("taker-fee") == Decimal("0.0005")
    assert value("funding-cap") == Decimal("0.0075")
    assert value("max-leverage") == 100


def test_sizes_are_counted_in_contracts(facts):
    rows = rows_of("btcusdt-perp", PERPETUAL | {"contract-size": ("0.001", "amount:BTC"), "min-order": ("5", "count")})
    write_facts(*rows)
    assert value("lot-size") == 1
    assert value("max-order") == 100_000
    assert value("min-order") == 5, "already in contracts"


def test_a_change_holds_from_its_very_second(facts):
    assert value("tick-size", CHANGE - timedelta(microseconds=1)) == Decimal("0.5")
    assert value("tick-size", CHANGE) == Decimal("0.1")


def test_a_fact_that_has_ended_without_a_successor_keeps_its_last_good_value(facts):
    write_facts(LATER[0])
    assert value("tick-size", CHANGE - timedelta(microseconds=1)) == Decimal("0.5")
    assert value("tick-size", CHANGE) == Decimal("0.5")


def test_before_its_first_moment_a_fact_does_not_exist(facts):
    before = datetime.fromisoformat(START) - timedelta(seconds=1)
    assert contract_facts("btcusdt-perp", "", before).values == {}


def test_a_region_has_its_own_facts_and_otherwise_those_of_everywhere(facts):
    assert value("max-leverage", region="eu") == 50
    assert value("taker-fee", region="eu") == value("taker-fee")
    assert value("max-leverage", region="jp") == 100


def test_the_facts_say_since_when_they_hold_and_where_they_come_from(facts):
    found = contract_facts("btcusdt-perp", "", CHANGE)
    assert found.since == CHANGE
    assert set(found.sources) == {"https://northgate.example/rules", "new"}


def test_what_is_no_number_and_what_belongs_to_another_contract_is_left_out(facts):
    assert "funding-times" not in contract_facts("btcusdt-perp", "", CHANGE).values
    assert value("tick-size", slug="btcusd-perp") == Decimal("0.5")
    assert contract_facts("nothing", "", CHANGE).values == {}
