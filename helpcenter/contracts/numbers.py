"""Numbers as people type them and as a reader's language writes them. Pure.

What is typed means the same in every language, so that an address can be shared: where a mark could divide thousands
in one language and be the decimal mark of another, the number is refused with both ways to write it.
"""

import re
import unicodedata
from decimal import Decimal
from typing import NoReturn

from django.utils.translation import gettext

from helpcenter import units
from helpcenter.errors import RefusedInput

LONGEST = 60  # characters
MOST_WHOLE, MOST_DECIMALS = 12, 10  # digits before and after the decimal mark

# What is read as what: `d` is a decimal mark that cannot be anything else, a space a divider of thousands.
SIGNS = {
    "\N{FULLWIDTH COMMA}": ",",
    "\N{ARABIC COMMA}": ",",
    "\N{FULLWIDTH FULL STOP}": ".",
    "\N{ARABIC DECIMAL SEPARATOR}": "d",
    "\N{ARABIC THOUSANDS SEPARATOR}": " ",
    "'": " ",
    "\N{RIGHT SINGLE QUOTATION MARK}": " ",
    "\N{MINUS SIGN}": "-",
    "\N{EN DASH}": "-",
    "\N{FULLWIDTH HYPHEN-MINUS}": "-",
    "\N{FULLWIDTH PLUS SIGN}": "+",
    "\N{FULLWIDTH PERCENT SIGN}": "%",
    "\N{ARABIC PERCENT SIGN}": "%",
}
SIMPLE = re.compile(r"(?P<whole>[0-9]*)(?:[.,d](?P<part>[0-9]+))?")
GROUPED = re.compile(r"(?P<whole>[1-9][0-9]{0,2}([ ,.])[0-9]{3}(?:\2[0-9]{3})*)(?:(?!\2)[.,d](?P<part>[0-9]+))?")
LEADING_PERCENT = re.compile(r"^([-+]?)%([-+]?)")  # Turkish writes it first
AMBIGUOUS = re.compile(r"(?P<whole>[1-9][0-9]{0,2})[.,](?P<part>[0-9]{3})")


def parse(text: str) -> Decimal:
    """The number that somebody typed, with digits of any script and the dividers of any of our languages. Raises
    RefusedInput with the reason and how to write it."""
    shown = text.strip()[:LONGEST]
    if len(text.strip()) > LONGEST:
        _refuse_length(shown)
    sign, body = _split_sign(_plain(text))
    if found := AMBIGUOUS.fullmatch(body):
        _refuse_ambiguous(shown, found["whole"], found["part"])
    found = SIMPLE.fullmatch(body) or GROUPED.fullmatch(body)
    if found is None or not body:
        message = gettext("“%(typed)s” is not a number that we can read. Write it with digits, such as 60000.5.")
        raise RefusedInput(message % {"typed": shown})
    whole, part = re.sub("[ ,.]", "", found["whole"]).lstrip("0"), found["part"] or ""
    if len(whole) > MOST_WHOLE or len(part) > MOST_DECIMALS:
        _refuse_length(shown)
    return Decimal(f"{sign}{whole or '0'}.{part or '0'}")


def parse_percent(text: str) -> Decimal:
    """A percentage as a fraction; the sign of per cent may be written or left out. Raises RefusedInput."""
    plain = _plain(text)
    bare = plain.removesuffix("%") if plain.endswith("%") else LEADING_PERCENT.sub(r"\1\2", plain)
    return parse(bare if bare.strip(" -+") else text).scaleb(-2)


def _plain(text: str) -> str:
    """The same number in ASCII, without marks of direction."""
    return "".join(_plain_sign(character) for character in text).strip()


def _plain_sign(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    if unicodedata.category(character) == "Zs":
        return " "
    if unicodedata.bidirectional(character) in MARKS_OF_DIRECTION and unicodedata.category(character) == "Cf":
        return ""
    if character == "d":
        return "?"  # our own mark must not be typed
    return SIGNS.get(character, character)


MARKS_OF_DIRECTION = frozenset({"L", "R", "AL", "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


def _split_sign(plain: str) -> tuple[str, str]:
    return (plain[0], plain[1:].lstrip()) if plain[:1] in ("-", "+") else ("", plain)


def _refuse_ambiguous(typed: str, whole: str, part: str) -> NoReturn:
    """`1,234` is 1234 for some readers and 1.234 for others; with a fourth decimal nobody can mistake it."""
    message = gettext("“%(typed)s” can be read in two ways. Write %(large)s or %(small)s.")
    raise RefusedInput(message % {"typed": typed, "large": whole + part, "small": f"{whole}.{part}0"})


def _refuse_length(typed: str) -> NoReturn:
    message = gettext(
        "“%(typed)s” has too many digits. At most %(whole)d before and %(part)d after the decimal mark are read."
    )
    raise RefusedInput(message % {"typed": typed, "whole": MOST_WHOLE, "part": MOST_DECIMALS})


def unmistakable(value: Decimal) -> str:
    """A number as `parse` reads it back, for addresses and fields."""
    whole, _, part = f"{value:f}".partition(".")
    part = part.rstrip("0")
    part += "0" if AMBIGUOUS.fullmatch(f"{whole.lstrip('-')}.{part}") else ""
    return f"{whole}.{part}" if part else whole


def written(value: Decimal, language: str, least: int = 0) -> str:
    """A number in the reader's format: all its decimals without zeros at the end, but `least` of them; digits are
    those of Latin script in every language, as the trading screens have them."""
    plain = f"{value.copy_abs():f}"
    shown = units.draw_number(value.copy_abs(), max(least, len(plain.partition(".")[2].rstrip("0"))), language)
    return f"\N{MINUS SIGN}{shown}" if value < 0 else shown


def written_percent(fraction: Decimal, language: str, least: int = 2) -> str:
    """A fraction as a percentage in the reader's format."""
    return units.with_percent(written(fraction.scaleb(2), language, least), language)
