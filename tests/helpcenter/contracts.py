"""Contracts with facts, for the tests of their pages."""

from typing import Any

from helpcenter import freshness
from helpcenter.actions import fact_import
from helpcenter.models import Contract, Fact, FactKind, Region
from tests.helpcenter.factories import ArticleFactory

PERPETUAL = {
    "contract-size": ("1", "amount:BTC"),
    "tick-size": ("0.1", "amount:USDT"),
    "lot-size": ("0.001", "amount:BTC"),
    "min-order": ("0.001", "amount:BTC"),
    "max-order": ("100", "amount:BTC"),
    "maker-fee": ("0.02", "percent"),
    "taker-fee": ("0.05", "percent"),
    "max-leverage": ("100", "leverage"),
    "maintenance-margin": ("0.5", "percent"),
    "funding-interval": ("8", "hours"),
    "funding-times": ("00:00 08:00 16:00", "times"),
    "funding-cap": ("0.75", "percent"),
}
INVERSE = PERPETUAL | {
    "contract-size": ("1", "amount:USD"),
    "tick-size": ("0.5", "amount:USD"),
    "lot-size": ("1", "amount:USD"),
    "min-order": ("1", "amount:USD"),
    "max-order": ("5000000", "amount:USD"),
}
HEAD = "key,region,value,unit,effective_from,effective_until,source,note"
START, SOURCE = "2026-01-01T00:00:00Z", "https://northgate.example/rules"


def rows_of(slug: str, facts: dict[str, tuple[str, str]]) -> list[str]:
    return [f"{slug}.{kind},,{value},{unit},{START},,{SOURCE}," for kind, (value, unit) in facts.items()]


def write_facts(*rows: str) -> None:
    """Make these rows the facts of this test, in place of those that it had."""
    Fact.objects.all().delete()
    FactKind.objects.all().delete()
    lines = [row.split(",") for row in rows]
    for key, region, _value, unit, *_ in lines:
        FactKind.objects.get_or_create(slug=key.partition(".")[2], defaults={"unit": unit.partition(":")[0]})
        if region:
            Region.objects.get_or_create(code=region)
    plan = fact_import.apply("\n".join([HEAD, *rows, ""]), by=None)
    assert not plan.refused, plan.refused
    freshness.forget()


def make_contract(slug: str = "btcusdt-perp", texts: Any = None, **fields: Any) -> Contract:
    """A contract with its published page; `texts={}` leaves the page out."""
    base, quote = ("BTC", "USDT") if "usdt" in slug else ("BTC", "USD")
    inverse = quote == "USD"
    known = {
        "symbol": slug.upper(),
        "form": "inverse" if inverse else "linear",
        "base": base,
        "quote": quote,
        "settle": base if inverse else quote,
        "example_price": "60000",
        "example_size": "30000" if inverse else "0.5",
    }
    texts = {"en": "About the contract."} if texts is None else texts
    if texts:
        ArticleFactory(slug=slug, kind="contract", texts=texts)
    contract: Contract = Contract.objects.create(slug=slug, **(known | fields))
    contract.refresh_from_db()
    return contract
