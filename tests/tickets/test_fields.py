"""What the form takes for an order id, an amount, a transaction, a time: forgiving, and never surprised."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets import fields
from tickets.enums import FieldKind
from tickets.fields import Refused, check, moment

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HASH = "9f2c51b4d6a07e8f9f2c51b4d6a07e8f9f2c51b4d6a07e8f9f2c51b4d6a07ab4"
SOLANA = "5VERv8NMvzbJMEkV8xnrLkEaWRtSz9CosKDYjCJjBRnbJLgp8uirBgmQpjKhoR4tjF3ZpRzrFmBV6UjKdiSZkQUW"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (HASH, HASH),
        (f"  {HASH[:32]} {HASH[32:]} ", HASH),
        (f"0x{HASH}", f"0x{HASH}"),
        (HASH.upper(), HASH.upper()),
        (f"https://tronscan.org/#/transaction/{HASH}", HASH),
        (f"https://solscan.io/tx/{SOLANA}?cluster=mainnet", SOLANA),
        (f"“{HASH}”", HASH),
        (HASH.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"}), HASH),
        ("0.0.1234@1700000000.123456789", "0.0.1234@1700000000.123456789"),
        ("Internal-2026-118822", "Internal-2026-118822"),
        (f"{HASH[:20]}\u200b{HASH[20:]}", HASH),
    ],
)
def test_a_transaction_of_the_usual_networks(typed: str, kept: str) -> None:
    assert check(FieldKind.TX_ID, typed) == kept


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("9f2c51…e07ab4", "shortened"),
        ("9f2c51...e07ab4", "shortened"),
        ("0x52908400098527886E0F7030069857D2E4169EE7", "address of a wallet"),
        ("TJRyWwFs9wTFGZg3JbrVriFbNfCug5tDeC", "address of a wallet"),
        ("bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", "address of a wallet"),
        ("I do not know", "not a transaction ID"),
        ("<script>alert(1)</script>", "not a transaction ID"),
    ],
)
def test_what_is_no_transaction_is_told_what_to_do(typed: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        check(FieldKind.TX_ID, typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("2500", "2500"),
        ("2,500.00 USDT", "2500"),
        ("2.500,25 usdt", "2500.25 USDT"),
        ("2 500,25", "2500.25"),
        ("USDT 1’234.5", "1234.5 USDT"),
        ("٢٥٠٠٫٥", "2500.5"),
        ("２５００．５", "2500.5"),
        ("~0.5 BTC", "0.5 BTC"),
        ("₿0.5", "0.5 ₿"),
    ],
)
def test_an_amount_in_the_ways_of_many_languages(typed: str, kept: str) -> None:
    if typed == "2,500.00 USDT":
        kept = "2500 USDT"
    assert check(FieldKind.AMOUNT, typed) == kept


@pytest.mark.parametrize("typed", ["all of it", "1,234", "1.234 USDT", "2500 USDT and 3", "=cmd|' /C calc'!A0", "--5"])
def test_what_is_no_amount_or_can_be_read_in_two_ways_is_refused(typed: str) -> None:
    with pytest.raises(Refused):
        check(FieldKind.AMOUNT, typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("7f3a91c2-11aa-4c7e-9d2b-0d4d1b6a7f10", "7f3a91c2-11aa-4c7e-9d2b-0d4d1b6a7f10"),
        (" #889 123 ", "889123"),
        ("my_order.17", "my_order.17"),
    ],
)
def test_an_order_id(typed: str, kept: str) -> None:
    assert check(FieldKind.ORDER_ID, typed) == kept


@pytest.mark.parametrize("typed", ["the last one", "abc", "-1", "<b>123456</b>"])
def test_what_is_no_order_id(typed: str) -> None:
    with pytest.raises(Refused):
        check(FieldKind.ORDER_ID, typed)


def test_a_symbol_is_written_as_the_screens_write_it() -> None:
    assert check(FieldKind.SYMBOL, "btc/usdt") == "BTCUSDT"
    assert check(FieldKind.SYMBOL, " xbtusd ") == "XBTUSD"
    with pytest.raises(Refused):
        check(FieldKind.SYMBOL, "比特币 永续合约!")


def test_a_web_address() -> None:
    assert check(FieldKind.ADDRESS, "example.com/login") == "https://example.com/login"
    for bad in ("javascript:alert(1)", "http://", "localhost", "data:text/html,x", "http://[::1", "no idea"):
        with pytest.raises(Refused):
            check(FieldKind.ADDRESS, bad)


def test_a_choice_is_one_of_the_list() -> None:
    assert check(FieldKind.NETWORK, "TRC-20", ["TRC-20", "ERC-20"]) == "TRC-20"
    with pytest.raises(Refused):
        check(FieldKind.NETWORK, "BEP-2", ["TRC-20", "ERC-20"])


@pytest.mark.parametrize(
    "typed",
    [
        "2026-11-21 21:40",
        "2026-11-21T21:40",
        "21.11.2026 21:40",
        "21/11/2026 21:40",
        "11/21/2026 9:40 PM",
        "2026年11月21日 21:40",
        "2026年11月21日 下午9:40",
        "2026년 11월 21일 오후 9시 40분",
        "21:40 21.11.2026",
        "٢٠٢٦-١١-٢١ ٢١:٤٠",
        "２０２６／１１／２１ ２１：４０",
    ],
)
def test_a_time_in_the_ways_of_many_languages(typed: str) -> None:
    assert moment(typed, "480", NOW) == "2026-11-21 21:40 UTC+8 (13:40 UTC)"


def test_a_time_of_another_day_in_utc_names_that_day() -> None:
    assert moment("2026-11-21 03:10", "330", NOW) == "2026-11-21 03:10 UTC+5:30 (2026-11-20 21:40 UTC)"
    assert moment("2026-11-21 12:05 am", "0", NOW) == "2026-11-21 00:05 UTC (00:05 UTC)"
    assert moment("", "480", NOW) == ""


@pytest.mark.parametrize(
    "typed", ["yesterday", "2026-13-40 21:40", "2026-11-21", "2027-01-01 10:00", "1999-01-01 10:00"]
)
def test_what_is_no_moment_or_cannot_have_been(typed: str) -> None:
    with pytest.raises(Refused):
        moment(typed, "0", NOW)


@pytest.mark.parametrize("zone", ["", "abc", "99999999999999999999", "-٣"])
def test_a_zone_that_is_none_is_utc(zone: str) -> None:
    assert moment("2026-11-21 21:40", zone, NOW).endswith("UTC (21:40 UTC)")


def test_a_zone_that_no_clock_shows_is_refused() -> None:
    with pytest.raises(Refused, match="zone"):
        moment("2026-11-21 21:40", "17", NOW)


def answered(check_it: Callable[[], str]) -> str:
    """What is kept, or what the person is told."""
    try:
        return check_it()
    except Refused as refusal:
        return f"refused: {refusal}"


@given(st.sampled_from(list(FieldKind)), st.text(max_size=700))
def test_any_text_is_kept_or_refused(kind: FieldKind, text: str) -> None:
    assert len(answered(lambda: check(kind, text))) <= fields.LONGEST + len("https://")


@given(st.text(max_size=300), st.text(max_size=8))
def test_any_time_is_kept_or_refused(text: str, zone: str) -> None:
    assert answered(lambda: moment(text, zone, NOW)) != "refused: "
