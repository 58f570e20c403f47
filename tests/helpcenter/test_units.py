"""Units of facts: what is taken, in which form it is kept, and how readers of each language see it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpcenter.errors import InvalidFact
from helpcenter.units import RULES, Unit, UnitKind, read_moment, write_moment
from tests.helpcenter.dom import TWELVE
from tests.helpcenter.samples import examples

POINT = {"en", "zh-hans", "zh-hant", "ja", "ko", "es", "vi", "ar"}  # languages that write 0.5; the others write 0,5


@pytest.mark.parametrize("text", ["percent", "leverage", "amount:USDT", "amount", "count", "days", "hours", "minutes",
                                  "times", "moment", "token"])  # fmt: skip
def test_a_unit_is_written_as_it_is_read(text):
    assert str(Unit.of(text)) == text


@pytest.mark.parametrize("text", ["", "percents", "amount:", "amount:usdt", "amount:U", "amount:US DT", "percent:BTC",
                                  "count:", ":BTC", "amount:USDT:BTC", "amount:ABCDEFGHIJKLM"])  # fmt: skip
def test_what_is_no_unit_is_refused(text):
    with pytest.raises(InvalidFact, match="no unit"):
        Unit.of(text)


@pytest.mark.parametrize(
    ("unit", "kind", "fits"),
    [("amount:USDT", "amount", True), ("amount:USDT", "amount:USDT", True), ("amount:USDT", "amount:BTC", False),
     ("amount", "amount", False), ("percent", "percent", True), ("percent", "leverage", False),
     ("amount:USDT", "percent", False)],
)  # fmt: skip
def test_a_fact_has_the_unit_of_its_kind_with_the_coin_named(unit, kind, fits):
    assert Unit.of(unit).fits(Unit.of(kind)) is fits


KEPT = [
    ("percent", "0.050", "0.050"), ("percent", " 0.05 ", "0.05"), ("percent", "-0.010", "-0.010"),
    ("percent", "-0", "0"), ("percent", "-0.00", "0.00"), ("percent", "007", "7"), ("percent", "00.5", "0.5"),
    ("leverage", "100", "100"), ("leverage", "1.5", "1.5"), ("amount:BTC", "0.0002", "0.0002"),
    ("amount:USDT", "2000000", "2000000"), ("count", "12", "12"), ("hours", "8", "8"), ("days", "0", "0"),
    ("minutes", "30", "30"), ("times", "00:00  08:00 16:00", "00:00 08:00 16:00"),
    ("token", "BTCUSDT-PERP", "BTCUSDT-PERP"),
    ("moment", "2027-03-26", "2027-03-26T00:00:00Z"), ("moment", "2027-03-26T08:00:00+00:00", "2027-03-26T08:00:00Z"),
]  # fmt: skip


@pytest.mark.parametrize(("unit", "typed", "kept"), KEPT)
def test_a_value_is_kept_in_one_form_with_the_digits_that_it_was_written_with(unit, typed, kept):
    assert Unit.of(unit).read(typed) == kept
    assert Unit.of(unit).read(kept) == kept


NO_NUMBERS = ["", "x", "1,000", "1.000,5", "1e3", "1.", ".5", "+1", "٥", "５", "0x10", "1 000", "1_000", "NaN", "inf",
              "1\n2", "--1", "9" * 16, "0." + "1" * 13, "1%", "5 USDT"]  # fmt: skip
MISFITS = [
    *(("percent", text) for text in NO_NUMBERS), *(("amount:USDT", text) for text in NO_NUMBERS),
    ("percent", "1000.01"), ("percent", "-1001"), ("leverage", "0"), ("leverage", "0.9"), ("leverage", "-5"),
    ("leverage", "1001"), ("amount:BTC", "-1"), ("count", "1.5"), ("count", "-1"), ("hours", "0.5"), ("days", "x"),
    ("minutes", "1.0"), ("times", ""), ("times", "24:00"), ("times", "8:00"), ("times", "08:00,16:00"),
    ("times", "16:00 08:00"), ("times", "08:00 08:00"), ("moment", "tomorrow"), ("moment", "2027-02-30"),
    ("moment", "2027-03-26T08:00:00+01:00"), ("moment", "20270326"), ("moment", "2027-W01-1"),
    ("moment", "2027-03-26T08:00:00.5Z"), ("token", ""), ("token", "<b>"), ("token", "-x"), ("token", "强平"),
    ("token", "x" * 81), ("token", "{fact:a.b}"),
]  # fmt: skip


@pytest.mark.parametrize(("unit", "typed"), MISFITS)
def test_a_value_that_does_not_fit_its_unit_is_refused_with_an_example(unit, typed):
    with pytest.raises(InvalidFact) as refusal:
        Unit.of(unit).read(typed)
    assert RULES[Unit.of(unit).kind].example in str(refusal.value)
    assert unit in str(refusal.value)


DRAWN = [
    ("percent", "0.050", "en", "0.050%"), ("percent", "0.050", "zh-hans", "0.050%"),
    ("percent", "0.050", "ru", "0,050%"),
    ("percent", "0.050", "fr", "0,050\u00a0%"), ("percent", "0.050", "es", "0.050\u00a0%"),
    ("percent", "0.050", "tr", "%0,050"), ("percent", "0.050", "pt-br", "0,050%"), ("percent", "0.050", "ar", "0.050%"),
    ("percent", "-0.010", "en", "-0.010%"),
    ("leverage", "100", "ja", "100倍"), ("leverage", "100", "ko", "100배"), ("leverage", "1.5", "ru", "1,5x"),
    ("amount:USDT", "2000000", "en", "2,000,000\u00a0USDT"),
    ("amount:USDT", "2000000", "zh-hant", "2,000,000\u00a0USDT"),
    ("amount:USDT", "2000000", "pt-br", "2.000.000\u00a0USDT"),
    ("amount:USDT", "2000000", "fr", "2\u202f000\u202f000\u00a0USDT"),
    ("amount:USDT", "2000000", "vi", "2,000,000\u00a0USDT"), ("amount:BTC", "0.0002", "tr", "0,0002\u00a0BTC"),
    ("count", "12000", "ar", "12,000"), ("hours", "8", "en", "8 hours"), ("hours", "1", "en", "1 hour"),
    ("days", "1", "en", "1 day"), ("minutes", "30", "en", "30 minutes"),
    ("times", "00:00 08:00", "en", "00:00, 08:00\u00a0UTC"), ("times", "00:00 08:00", "ja", "00:00、08:00\u00a0UTC"),
    ("moment", "2027-03-26T08:00:00Z", "en", "26 March 2027, 08:00\u00a0UTC"),
    ("moment", "2027-03-26T08:00:00Z", "zh-hans", "2027年3月26日 08:00\u00a0UTC"),
    ("token", "BTCUSDT-PERP", "ar", "BTCUSDT-PERP"),
]  # fmt: skip


@pytest.mark.parametrize(("unit", "value", "language", "drawn"), DRAWN)
def test_a_value_is_drawn_as_the_articles_of_the_language_write_numbers(unit, value, language, drawn):
    assert Unit.of(unit).draw(value, language) == drawn


@pytest.mark.parametrize("language", TWELVE)
@pytest.mark.parametrize("kind", UnitKind)
def test_digits_are_never_those_of_another_script(kind, language):
    unit = Unit(kind, "USDT" if kind == UnitKind.AMOUNT else "")
    drawn = unit.draw(unit.read(RULES[kind].example), language)
    assert all(ord(character) < 0x660 or not character.isdigit() for character in drawn)


@given(st.decimals(0, 10**9, places=6, allow_nan=False), st.sampled_from(TWELVE))
@examples(200)
def test_the_digits_that_a_reader_sees_are_those_that_were_written(number, language):
    text = f"{number:f}"
    drawn = Unit.of("amount:USDT").draw(Unit.of("amount:USDT").read(text), language).removesuffix("\u00a0USDT")
    point = "." if language in POINT else ","
    whole, _, rest = drawn.rpartition(point)
    assert Decimal("".join(c for c in whole if c.isdigit()) + "." + rest) == number


@pytest.mark.parametrize("kind", UnitKind)
def test_a_value_keeps_its_direction_in_a_right_to_left_text(kind):
    words = {UnitKind.DAYS, UnitKind.HOURS, UnitKind.MINUTES, UnitKind.MOMENT}
    assert Unit(kind).direction("ar") == ("rtl" if kind in words else "ltr")
    assert Unit(kind).direction("en") == ""


@pytest.mark.parametrize("text", ["2026-12-01", "2026-12-01 08:00", "2026-12-01T08:00:00Z", "2026-12-01T08:00:00"])
def test_moments_are_utc(text):
    moment = read_moment(text)
    assert moment.utcoffset().total_seconds() == 0
    assert read_moment(write_moment(moment)) == moment
