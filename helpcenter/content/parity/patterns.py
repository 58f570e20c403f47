"""Patterns of figures in words, from the tables of `lexicon` and `number_words`, for one language at a time. Pure."""

import re
from collections.abc import Iterable, Mapping
from functools import cache

from helpcenter.content.parity.lexicon import BARE_UNITS, COINS, EVERYWHERE, TIME_UNITS, UNITS, UNSPACED
from helpcenter.content.parity.number_words import HAN_DIGITS, HAN_PLACES, KOREAN_COUNTED, NUMBERS, ORDINALS, SCALES

_LAST_SPACED = 0x2FFF  # behind it come the scripts of East Asia


@cache
def coins() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((ticker, re.compile(_bounded(names), re.IGNORECASE)) for ticker, names in COINS.items())


def _bounded(names: str) -> str:
    """Latin, Cyrillic and Arabic names are words of their own."""
    whole = "|".join(name for name in _alternatives(names) if ord(name[0]) > _LAST_SPACED)
    return rf"(?:(?<!\w)(?:{names})(?!\w)|{whole or '(?!)'})"


@cache
def units(language: str) -> re.Pattern[str]:
    """A unit where a match begins; its name is the group that matched (`g0` is the first of `unit_names`)."""
    return _either(_unit_rows(language).values(), language)


@cache
def unit_names(language: str) -> tuple[str, ...]:
    return tuple(_unit_rows(language))


def _unit_rows(language: str) -> dict[str, str]:
    own = dict(UNITS.get(language, {}))
    return own | {name: f"{own[name]}|{words}" if name in own else words for name, words in EVERYWHERE.items()}


@cache
def scales(language: str) -> re.Pattern[str]:
    return _either(_longest_first(SCALES, language), language)


@cache
def scale_values(language: str) -> tuple[int, ...]:
    return tuple(_longest_first(SCALES, language).values())


@cache
def numbers(language: str) -> re.Pattern[str]:
    return _either(_longest_first(NUMBERS, language), language, after=KOREAN_COUNTED if language == "ko" else "")


@cache
def number_values(language: str) -> tuple[int, ...]:
    return tuple(_longest_first(NUMBERS, language).values())


def _longest_first(table: Mapping[str, Mapping[str, int]], language: str) -> dict[str, int]:
    """`twenty-four` before `twenty`: one of several words has to be tried before the first of them."""
    words = {word: value for words, value in table.get(language, {}).items() for word in _alternatives(words)}
    return dict(sorted(words.items(), key=lambda row: (-row[0].count(" "), -len(row[0]))))


def _alternatives(pattern: str) -> list[str]:
    """The alternatives of a pattern at its top level."""
    found, depth = [""], 0
    for character in pattern:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "|" and depth == 0:
            found.append("")
        else:
            found[-1] += character
    return found


def han_value(text: str) -> int:
    """`十二` -> 12, `三百` -> 300."""
    total, digit = 0, 0
    for character in text:
        if character in HAN_PLACES:
            total, digit = total + (digit or 1) * HAN_PLACES[character], 0
        else:
            digit = digit * 10 + HAN_DIGITS[character]
    return total + digit


@cache
def bare_units(language: str) -> re.Pattern[str]:
    rows = BARE_UNITS.get(language) or {name: UNITS.get(language, {}).get(name, "(?!)") for name in TIME_UNITS}
    return _either([rows[name] for name in TIME_UNITS], language)


@cache
def ordinals(language: str) -> re.Pattern[str]:
    """The ordinals; `g0` is the first."""
    return re.compile(
        ("" if language in UNSPACED else r"(?<!\w)") + _either(ORDINALS.get(language, ()), language).pattern, re.I
    )


def _either(patterns: Iterable[str], language: str, after: str = "") -> re.Pattern[str]:
    edge = "" if language in UNSPACED else r"(?!\w)"
    groups = "|".join(f"(?P<g{number}>{pattern})" for number, pattern in enumerate(patterns))
    return re.compile(f"(?:{groups or '(?!)'}){edge}{after}", re.IGNORECASE)
