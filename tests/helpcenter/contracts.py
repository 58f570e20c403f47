"""Contracts with facts, for the tests of their pages."""

from pathlib import Path
from typing import Any

import pytest

from helpcenter import contract_facts
from helpcenter.models import Contract
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


def write_facts(monkeypatch: pytest.MonkeyPatch, folder: Path, *rows: str) -> None:
    """Make these rows the facts of this test."""
    file = folder / "facts.csv"
    file.write_text("\n".join([HEAD, *rows, ""]), encoding="utf-8")
    monkeypatch.setattr(contract_facts, "FILE", file)


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
