"""Numbers that people type: every way of our languages is read alike, and what could mean two things is refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpcenter.contracts.numbers import (
    parse,
    parse_percent,
    unmistakable,
    written,
    written_percent,
)
from helpcenter.errors import RefusedInput
from helpcenter.units import BLANK, Unit
from tests.helpcenter.dom import TWELVE

D = Decimal

READ = [
    ("60000", "60000"),
    ("60000.5", "60000.5"),
    ("60000,5", "60000.5"),
    (" 60000 ", "60000"),
    ("1,000.5", "1000.5"),
    ("1.000,5", "1000.5"),
    ("1 000,5", "1000.5"),
    ("1\u00a0000,5", "1000.5"),
    ("1\u202f000,5", "1000.5"),
    ("1\u3000000.5", "1000.5"),
    ("1'000.5", "1000.5"),
    ("1’000.5", "1000.5"),
    ("1 000", "1000"),
    ("1 000,500", "1000.5"),
    ("1 000.500", "1000.5"),
    ("1,000,000", "1000000"),
    ("1.000.000", "1000000"),
    ("1.000.000,25", "1000000.25"),
    ("1234,567", "1234.567"),
    ("0,005", "0.005"),
    ("0.001", "0.001"),
    (".5", "0.5"),
    ("00012", "12"),
    ("1,5", "1.5"),
    ("1,0000", "1"),
    ("٠١٢", "12"),
    ("٦٠٠٠٠٫٥", "60000.5"),
    ("٦٠٬٠٠٠", "60000"),
    ("۶۰۰۰۰", "60000"),
    ("६००००", "60000"),
    ("６００００", "60000"),
    ("６００００．５", "60000.5"),
    ("１，０００．５", "1000.5"),
    ("\u200f٦٠٠٠٠\u200e", "60000"),
    ("+5", "5"),
    ("-5", "-5"),
    ("−5", "-5"),
    ("－５", "-5"),
]


@pytest.mark.parametrize(("typed", "number"), READ)
def test_a_number_is_read_in_every_way_of_writing_it(typed, number):
    assert parse(typed) == D(number)


@pytest.mark.parametrize(
    ("typed", "large", "small"),
    [
        ("1,000", "1000", "1.0000"),
        ("1.000", "1000", "1.0000"),
        ("60,000", "60000", "60.0000"),
        ("12.345", "12345", "12.3450"),
        ("１，２３４", "1234", "1.2340"),
        ("١٬٢٣٤", None, None),
        ("-1,000", "1000", "1.0000"),
    ],
)
def test_what_could_be_two_numbers_is_refused_with_both_ways_to_write_it(typed, large, small):
    if large is None:
        assert parse(typed) == 1234  # the Arabic divider of thousands is nothing else
        return
    with pytest.raises(RefusedInput, match=rf"Write {large} or {small}\."):
        parse(typed)
    assert (parse(large), parse(small)) == (D(large), D(small))


HOSTILE = [
    "NaN", "nan", "Infinity", "-inf", "1e999", "1E5", "0x10", "1_000", "½", "²", "Ⅷ", "一万", "1/2", "2+2", "--5",
    "1,2,3", "1.2.3", "1,00,000", "1 00", "1  000", ".", ",", "-", "+", "5.", "5,", "1d5", "1?5", "1,000,00", "+-5",
    "1.000,000.5", "0,123,456", "<b>5</b>", "5\n6", "5\0", "\ud800", "💯", "ten", "5%", "$5", "5 USDT", "\u200b5",
]  # fmt: skip


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_what_is_no_number_is_refused_with_an_example(typed):
    with pytest.raises(RefusedInput, match="Write it with digits, such as 60000.5"):
        parse(typed)


@pytest.mark.parametrize("typed", ["9" * 13, "0." + "1" * 11, "1" * 61, "9" * 5000, "0" * 61])
def test_too_many_digits_are_refused(typed):
    with pytest.raises(RefusedInput, match="At most 12 before and 10 after"):
        parse(typed)


def test_a_long_text_is_quoted_in_part_only():
    with pytest.raises(RefusedInput) as refusal:
        parse("9" * 5000)
    assert len(str(refusal.value)) < 200


def read_or_refused(typed):
    """The number, or the sentence that refuses it."""
    try:
        return parse(typed)
    except RefusedInput as refusal:
        return str(refusal)


@given(st.text(max_size=70))
def test_any_text_is_a_number_or_refused(typed):
    found = read_or_refused(typed)
    assert found if isinstance(found, str) else found.is_finite()


@pytest.mark.parametrize(
    ("typed", "fraction"),
    [
        ("0.01", "0.0001"),
        ("0,01%", "0.0001"),
        ("0.01 %", "0.0001"),
        ("%0,01", "0.0001"),
        ("-%0,01", "-0.0001"),
        ("%-0,01", "-0.0001"),
        ("−0.025٪", "-0.00025"),
        ("０．０１％", "0.0001"),
        ("0", "0"),
    ],
)
def test_a_percentage_is_read_with_its_sign_and_without(typed, fraction):
    assert parse_percent(typed) == D(fraction)


@pytest.mark.parametrize("typed", ["%", "%%", "0.01%%", "5%5", "-%", "NaN%", "1e9%"])
def test_what_is_no_percentage_is_refused(typed):
    with pytest.raises(RefusedInput):
        parse_percent(typed)


numbers = st.decimals(min_value=0, max_value=10**12 - 1, places=8, allow_nan=False)


@given(numbers)
def test_what_we_put_into_an_address_is_read_as_the_same_number(number):
    assert parse(unmistakable(number)) == number


@given(numbers, st.sampled_from(TWELVE))
def test_what_we_show_is_read_as_the_same_number_unless_it_could_be_another(number, language):
    found = read_or_refused(written(number, language))
    assert "two ways" in found if isinstance(found, str) else found == number


@pytest.mark.parametrize(
    ("language", "number", "percent"),
    [
        ("en", "59,700.5", "0.05%"),
        ("zh-hans", "59,700.5", "0.05%"),
        ("ja", "59,700.5", "0.05%"),
        ("ru", "59\u00a0700,5", "0,05%"),
        ("fr", "59\u202f700,5", "0,05\u00a0%"),
        ("es", "59,700.5", "0.05\u00a0%"),
        ("pt-br", "59.700,5", "0,05%"),
        ("tr", "59.700,5", "%0,05"),
        ("vi", "59,700.5", "0.05%"),
        ("ar", "59,700.5", "0.05%"),
    ],
)
def test_numbers_are_shown_as_the_articles_of_the_language_write_them(language, number, percent):
    assert written(D("59700.50"), language) == number
    assert written_percent(D("0.0005"), language) == percent


@given(st.decimals(min_value=0, max_value=10**9, places=4), st.sampled_from(TWELVE))
def test_a_calculation_writes_numbers_as_facts_do(number, language):
    fact = Unit.of("amount:BTC").draw(f"{number:f}", language).removesuffix(f"{BLANK}BTC")
    assert written(number, language, 4) == fact


def test_a_language_that_a_site_adds_has_its_own_way_too():
    assert written(D("59700.5"), "de") == "59.700,5"


def test_zeros_at_the_end_are_kept_where_they_are_asked_for():
    assert written(D("3"), "en", 2) == "3.00"
    assert written(D("3.12500"), "en", 2) == "3.125"
    assert written(D("-1234"), "en") == "−1,234"
    assert written(D("6E+4"), "en") == "60,000"
