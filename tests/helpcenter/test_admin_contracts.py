"""Contracts in the admin: what may be entered, what a page still lacks, and that readers see a change at once."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from helpcenter import freshness
from helpcenter.actions.contracts import save_contracts
from helpcenter.models import Contract
from supportdesk.management.commands import demo
from tests.helpcenter.admin_forms import change, html
from tests.helpcenter.contracts import PERPETUAL, make_contract, rows_of, write_facts

pytestmark = pytest.mark.django_db
ADD = "admin:helpcenter_contract_add"


def form(**changes):
    return {
        "slug": "btcusdt-perp",
        "symbol": "BTCUSDT-PERP",
        "form": "linear",
        "base": "BTC",
        "quote": "USDT",
        "settle": "USDT",
        "expires_at_0": "",
        "expires_at_1": "",
        "is_listed": "on",
        "example_price": "60000",
        "example_size": "0.5",
        **changes,
    }


def test_a_contract_is_entered_and_changed_with_its_history(editor):
    assert editor.post(reverse(ADD), form()).status_code == 302
    contract = Contract.objects.get()
    assert contract.is_perpetual
    editor.post(change("contract", contract.pk), form(expires_at_0="2027-03-26", expires_at_1="08:00"))
    contract.refresh_from_db()
    assert not contract.is_perpetual
    assert contract.history.count() == 2


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"settle": "BTC"}, "settle"),
        ({"form": "inverse"}, "settle"),
        ({"form": "square"}, "form"),
        ({"symbol": "btc perp"}, "symbol"),
        ({"base": "B"}, "base"),
        ({"quote": "usdt"}, "quote"),
        ({"slug": "no slug"}, "slug"),
        ({"example_price": "0"}, "example_price"),
        ({"example_price": "NaN"}, "example_price"),
        ({"example_size": "-1"}, "example_size"),
        ({"example_size": "1e999"}, "example_size"),
    ],
)
def test_a_wrong_field_is_named(editor, wrong, field):
    answer = editor.post(reverse(ADD), form(**wrong))
    assert answer.status_code == 200
    assert field in answer.context["adminform"].form.errors
    assert not Contract.objects.exists()


def test_two_contracts_cannot_have_one_slug(editor):
    make_contract(texts={})
    answer = editor.post(reverse(ADD), form(symbol="OTHER"))
    assert "slug" in answer.context["adminform"].form.errors


def test_a_change_makes_pages_new(editor):
    contract = make_contract(texts={})
    before = freshness.stored_number()
    editor.post(change("contract", contract.pk), form(example_price="50000"))
    assert freshness.stored_number() > before


def test_the_form_says_what_readers_still_miss(editor):
    write_facts(*(row for row in rows_of("btcusdt-perp", PERPETUAL) if "tick" not in row))
    contract = make_contract(texts={})
    page = html(editor.get(change("contract", contract.pk)))
    assert "No specification page with this slug is published." in page
    assert "These facts are missing: btcusdt-perp.tick-size." in page


def test_the_form_says_that_nothing_is_missing(editor):
    write_facts(*rows_of("btcusdt-perp", PERPETUAL))
    assert "Nothing." in html(editor.get(change("contract", make_contract().pk)))


def test_an_expired_contract_has_a_moment(editor):
    contract = make_contract(texts={}, expires_at="2026-03-26T08:00:00Z")
    assert not contract.is_expired(contract.expires_at.replace(hour=7, minute=59, second=59))
    assert contract.is_expired(contract.expires_at)


# Contracts that ship


def row(**changes):
    known = {name: value for name, value in form().items() if not name.startswith(("expires", "is_"))}
    return known | changes


def test_contracts_that_ship_are_saved_once_and_follow_their_file():
    save_contracts([row()])
    save_contracts([row(example_price=50000), row(slug="dated", symbol="DATED", expires_at="2027-03-26T08:00:00Z")])
    assert Contract.objects.get(slug="btcusdt-perp").example_price == 50000
    assert Contract.objects.get(slug="dated").expires_at.isoformat() == "2027-03-26T08:00:00+00:00"
    assert Contract.objects.count() == 2


def test_of_a_file_with_an_impossible_contract_nothing_is_saved():
    with pytest.raises(ValidationError):
        save_contracts([row(), row(slug="x", symbol="X", settle="BTC")])
    assert not Contract.objects.exists()


def test_the_contracts_of_the_demo_are_saved():
    demo.Command().load_contracts()
    assert set(Contract.objects.values_list("symbol", flat=True)) == {
        "BTCUSDT-PERP",
        "ETHUSDT-PERP",
        "SOLUSDT-PERP",
        "BTCUSD-PERP",
        "ETHUSD-PERP",
        "ETHUSDT-26MAR27",
    }
    assert Contract.objects.filter(form="inverse").count() == 2
    assert [contract.slug for contract in Contract.objects.all() if not contract.is_perpetual] == ["ethusdt-26mar27"]
