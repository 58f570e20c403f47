"""The figures of a text: numbers with their units, percentages, leverage, dates, times of day, tickers. Pure.

A text is read from left to right several times, each time for one kind; what was read is blanked out for the next.
Values are normalised, so that `1,000.5`, `1.000,5` and `1 000,5` are one where each is the writing of its language.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache

from helpcenter.content.parity import dates, lexicon, moments, number_words, patterns
from helpcenter.content.parity.kinds import Check
from helpcenter.content.parity.page import BLANK, Figure, Made, Maker, Page, compiled, group, whole

LEVERAGE_UNIT, PERCENT_UNIT = "x", "percent"

_DIACRITICS = re.compile("[\u064b-\u0652\u0640\u200e\u200f\u2066-\u2069\u061c]")
_NARROW = str.maketrans(
    {
        "\u202f": "\u00a0",
        "\u2009": "\u00a0",
        "\u2007": "\u00a0",
        "−": "-",
        "﹣": "-",
        "‑": "-",
        "٫": ".",
        "٬": ",",
        "٪": "%",
        "、": ", ",
    }
    | {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    | {chr(zero + digit): str(digit) for zero in (0x660, 0x6F0, 0x966) for digit in range(10)}
)
_TOKEN = re.compile(
    r"(?<![A-Za-z0-9.@/_-])(?=[A-Za-z0-9-]*[A-Z])[A-Za-z0-9]+(?:-[A-Z0-9]+)*(?![A-Za-z0-9@]|[.][A-Za-z])"
)
_ASSET = re.compile(r"(?:US[DC]T?|BTC|ETH|SOL|XRP|LTC|BNB|DOGE|ADA|TRX|DOT|AVAX|EUR|GBP|JPY|CNY|KRW|DAI|BCH|TON|PERP)")
_CODE_WITH_DIGITS = re.compile(r"(?=[A-Z-]*\d)(?=\d*[A-Z])[A-Z0-9-]{3,}")
_MEASURED = re.compile(r"\d+(?:X|[KMG]B|H|S|K)")
_SHOUTED = re.compile(r"[A-Z][A-Z0-9]+(?:-[A-Z0-9]+)*")
_SECOND = re.compile(r"\bsecond\b", re.IGNORECASE)
_SIGNS = {"-": "-", "–": "-", "±": "±"}  # a plus says nothing more
_CURRENCY = re.compile(r"(?:US)?[$€£¥₿]\s?$")
_SIGN_OF_CURRENCY = re.compile(r"\s?[$€£¥₿]")
_PERCENT = re.compile(r"\s?%")
_PERMILLE = re.compile(r"\s?‰")
_LEVERAGE = re.compile(r" ?[xX](?:(?!\w)|(?=[\u3000-\u9fff\uac00-\ud7af]))|×(?! ?[\dA-Za-z\ufffb\ufffc])")
_JOINS = re.compile(
    r"[ \u00a0]*(?:-|–|—|~|〜|,|，|to|and|or|through|a|y|o|u|e|ou|et|à|до|и|или|по|ile|ila|ve|veya|đến|và|hoặc"
    r"|tới|إلى|و|أو|حتى|から|至|到|和|或|부터|에서|및|또는)[ \u00a0]*"
)


@dataclass(frozen=True)
class Reading:
    """What was found in a text, and which units it names without a number."""

    figures: tuple[Figure, ...]
    tokens: tuple[Figure, ...]
    bare_units: tuple[str, ...]
    vague_units: frozenset[str] = frozenset()  # may be meant: English says `second` of a time and of a place in a row
    coins: frozenset[str] = frozenset()  # tickers of the coins whose names are said
    ordinals: Counter[str] = field(default_factory=Counter)  # by their numbers
    zones: Counter[str] = field(default_factory=Counter)  # zones of time, and how often each is named


def normal(text: str, language: str) -> str:
    """Western digits and signs, narrow blanks as one, without Arabic vowels. As long as before but for those."""
    text = unicodedata.normalize("NFC", text).translate(_NARROW)
    return _DIACRITICS.sub("", text) if language == "ar" else text


def read(text: str, language: str) -> Reading:
    """All figures of a text."""
    page = Page(normal(text, language), language)
    when = dates.read(page)
    tokens = _tokens(page)
    numbers = _inherited(list(_numbers(page)), page.text)
    seconds = _per_second(page)
    ordinals = _ordinals(page)
    words = [*_pairs(page), *_words(page)]
    words += [token for token in tokens if token.in_words]
    tokens = [token for token in tokens if not token.in_words and token.value not in lexicon.EVERYWHERE]
    return Reading(
        (*when, *numbers, *words),
        tuple(tokens),
        (*_bare_units(page), *(figure.unit for figure in seconds)),
        _vague_units(page),
        _coins(page),
        ordinals,
        moments.zones(page.text),
    )


# Tickers and other words in capitals


def _tokens(page: Page) -> list[Figure]:
    """Words in capitals. Those with digits are blanked out; tickers stay: an amount looks for the one behind it."""
    found = page.take(_TOKEN, _coded)
    shouted = [whole(Check.TICKER, match[0], match) for match in _TOKEN.finditer(page.left)]
    return found + [made[0] for made in shouted if made and _SHOUTED.fullmatch(made[0].value)]


def _coded(match: re.Match[str], page: Page) -> Made:
    """`TRC-20`, `ETHUSDT-26MAR27`; `2FA` is the number two, which most languages say in words."""
    if not _CODE_WITH_DIGITS.fullmatch(match[0]) or _MEASURED.fullmatch(match[0]):
        return None
    if match[0].endswith("FA"):
        return whole(Check.NUMBER, match[0].removesuffix("FA"), match, in_words=True)
    return whole(Check.TICKER, match[0].replace("-", ""), match)


def is_strict(ticker: str) -> bool:
    """Whether a token names an asset, a contract or a network: that has to be the same, however often it is said."""
    return bool(_ASSET.search(ticker)) or any(character.isdigit() for character in ticker)


# Numbers in digits


@cache
def _number_pattern(language: str) -> re.Pattern[str]:
    blank = "|[ ](?=\\d{3}(?!\\d))" if language in ("fr", "ru", "es", "pt-br", "vi", "tr") else ""
    grouped = (
        r"(?<![\d.,])\d{1,3}(?:[ \u00a0]\d{3})+(?!\d)(?:[.,]\d+)?"
        if blank
        else r"(?<![\d.,])\d{1,3}(?:\u00a0\d{3})+(?!\d)(?:[.,]\d+)?"
    )
    plain = r"\d+(?:[.,'’]\d+)*"
    sign = r"(?P<sign>(?:(?<![\w)\]%.,])|(?<=[^\x00-\u2fff]))[-+±–])?"
    return re.compile(
        rf"(?:(?<![A-Za-z0-9_])|(?<=(?<![A-Za-z0-9_])[xX]))(?<![A-Za-z]-){sign}(?P<number>{grouped}|{plain})"
    )


def _numbers(page: Page) -> list[Figure]:
    return page.take(_number_pattern(page.language), _number)


def _number(match: re.Match[str], page: Page) -> Made:
    value = decimal(match["number"], page.language)
    end = match.end()
    scale = _after(patterns.scales(page.language), page, end)
    if scale is not None and value is not None:
        value *= patterns.scale_values(page.language)[group(scale)]
        end = scale.end()
    named = plain(value) if value is not None else match["number"]
    sign = _SIGNS.get(match["sign"] or "", "")
    check, unit, start, end = _measured(page, named, match.start(), end)
    if check == Check.PERCENTAGE and unit == "permille" and value is not None:
        named, unit = plain(value / 10), PERCENT_UNIT
    if start < match.start() and page.left[:start].endswith(("-", "–")):  # −%5
        sign, start = "-", start - 1
    written = page.text[start:end].strip()
    return Figure(check, f"{sign}{named}", unit, written, start), start, end


def decimal(written: str, language: str) -> Decimal | None:
    """The value of digits as a language writes them; None for what is no single number (`3.5.2`)."""
    bare = re.sub(r"[\s'’]", "", written)
    marks = [character for character in bare if character in ".,"]
    grouping = number_words.GROUPING.get(language, ",")
    if len(set(marks)) == 2:
        return _of_parts(bare, marks[-1]) if marks.count(marks[-1]) == 1 else None
    if not marks:
        return Decimal(bare)
    head, *rest = bare.split(marks[0])
    is_grouped = all(len(group) == 3 for group in rest) and 1 <= len(head) <= 3 and head[0] != "0"
    is_other = marks[0] == number_words.GROUPING_TOO.get(language) and rest[-1].endswith("0")
    if is_grouped and (len(rest) > 1 or marks[0] == grouping or is_other):
        return Decimal(bare.replace(marks[0], ""))
    return _of_parts(bare, marks[0]) if len(rest) == 1 else None


def _of_parts(bare: str, point: str) -> Decimal:
    whole, _, rest = bare.rpartition(point)
    return Decimal(f"{whole.replace(',', '').replace('.', '')}.{rest}")


def plain(value: Decimal) -> str:
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def _measured(page: Page, value: str, start: int, end: int) -> tuple[Check, str, int, int]:
    """What a number is measured in, and where it begins and ends with that."""
    text = page.left
    for pattern, check, unit in (
        (_PERCENT, Check.PERCENTAGE, PERCENT_UNIT),
        (_PERMILLE, Check.PERCENTAGE, "permille"),
        (_LEVERAGE, Check.LEVERAGE, LEVERAGE_UNIT),
        (_SIGN_OF_CURRENCY, Check.NUMBER, ""),
    ):
        if match := pattern.match(text, end):
            return check, unit or match[0].strip(), start, match.end()
    return _measured_before(text, start, end, page.language) or _measured_in_words(page, value, start, end)


def _measured_before(text: str, start: int, end: int, language: str) -> tuple[Check, str, int, int] | None:
    before = text[max(0, start - 8) : start]
    if re.search(r"%\s?$", before) and language in ("tr", "ar") and not re.search(r"\d\s?%\s?$", before):
        return Check.PERCENTAGE, PERCENT_UNIT, start - (len(before) - before.rindex("%")), end
    if (word := number_words.PERCENT_BEFORE.get(language)) and re.search(rf"{word}\s?$", before, re.IGNORECASE):
        return Check.PERCENTAGE, PERCENT_UNIT, start, end
    if re.search(r"(?<![A-Za-z0-9])[xX×]$", before) and not re.search(r"\d ?[xX×]$", before):
        return Check.LEVERAGE, LEVERAGE_UNIT, start, end
    if currency := _CURRENCY.search(before):
        return Check.NUMBER, currency[0].strip().removeprefix("US"), start, end
    return None


def _measured_in_words(page: Page, value: str, start: int, end: int) -> tuple[Check, str, int, int]:
    if ticker := re.compile(r"[ \u00a0]?(?P<t>[A-Z][A-Z0-9]{1,9}(?:-[A-Z0-9]+)*)(?![a-z])").match(page.left, end):
        unit = ticker["t"]
        return (Check.UNIT if unit in lexicon.EVERYWHERE else Check.NUMBER), unit, start, end
    if more := compiled(lexicon.TIMES_AS_MUCH.get(page.language, "(?!)")).match(page.left, _skip(page.left, end)):
        return Check.LEVERAGE, LEVERAGE_UNIT, start, more.end()
    found = _after(patterns.units(page.language), page, end) or _further(page, end)
    if found is None or end == found.start() == found.end():
        return Check.NUMBER, "", start, end
    unit = patterns.unit_names(page.language)[group(found)]
    if unit == "percent":
        return Check.PERCENTAGE, PERCENT_UNIT, start, found.end()
    if unit == "year" and re.fullmatch(r"(?:19|20)\d\d", value):
        return Check.NUMBER, "", start, found.end()
    return Check.UNIT, unit, start, found.end()


def _skip(text: str, at: int) -> int:
    """Past a blank or a hyphen, which stand between a number and its unit."""
    end = at
    while end < at + 2 and text[end : end + 1] in (" ", "\u00a0", "-", "\n") and text[end : end + 1]:
        end += 1
    return end


def _after(pattern: re.Pattern[str], page: Page, at: int) -> re.Match[str] | None:
    return pattern.match(page.left, _skip(page.left, at))


def _further(page: Page, at: int) -> re.Match[str] | None:
    """The unit in `3 derniers mois`."""
    words = lexicon.BETWEEN.get(page.language)
    between = compiled(rf"(?:{words})(?!\w)").match(page.left, _skip(page.left, at)) if words else None
    return _after(patterns.units(page.language), page, between.end()) if between else None


def _inherited(numbers: list[Figure], text: str) -> list[Figure]:
    """`1 to 3 hours`: the first number of a range is measured like the second."""
    result = list(numbers)
    for index in range(len(result) - 2, -1, -1):
        first, second = result[index], result[index + 1]
        between = text[first.at + len(first.written) : second.at]
        if not first.unit and first.check == Check.NUMBER and second.unit and _JOINS.fullmatch(between):
            result[index] = replace(first, check=second.check, unit=second.unit)
    return result


# Numbers in words


def _pairs(page: Page) -> list[Figure]:
    rows = lexicon.PAIRS.get(page.language, {})
    found = []
    for pattern, (value, unit) in rows.items():
        whole = compiled(rf"(?<!\w)[وبلف]?(?:ال)?(?:{pattern})(?!\w)" if page.language == "ar" else pattern)
        found += page.take(whole, _paired(value, unit))
    return found


def _paired(value: int, unit: str) -> Maker:
    return lambda match, page: whole(Check.UNIT, str(value), match, unit, in_words=True)


def _words(page: Page) -> list[Figure]:
    if page.language in ("zh-hans", "zh-hant", "ja"):
        number, counted = number_words.HAN, number_words.HAN_COUNTED
        numbers = rf"(?!十分(?![之钟鐘]))(?:第(?:{number}|一)|百分之(?:{number}|一)|(?:{number}){counted})"
        return page.take(compiled(numbers), _han)
    edge = r"(?<!\w)[وبلفك]?" if page.language == "ar" else r"(?<!\w)" if page.language != "ko" else ""
    pattern = patterns.numbers(page.language)
    return page.take(compiled(edge + pattern.pattern), _word)


def _han(match: re.Match[str], page: Page) -> Made:
    value = patterns.han_value(match[0].removeprefix("第").removeprefix("百分之"))
    if match[0].startswith("百分之"):
        return whole(Check.PERCENTAGE, str(value), match, PERCENT_UNIT, in_words=True)
    return _in_words(value, _after(patterns.units(page.language), page, match.end()), match, page)


def _word(match: re.Match[str], page: Page) -> Made:
    value = patterns.number_values(page.language)[group(match)]
    unit = _after(patterns.units(page.language), page, match.end())
    return _in_words(value, unit, match, page)


def _in_words(value: int, unit: re.Match[str] | None, match: re.Match[str], page: Page) -> Made:
    name = patterns.unit_names(page.language)[group(unit)] if unit else ""
    check = Check.PERCENTAGE if name == "percent" else Check.UNIT if name else Check.NUMBER
    end = unit.end() if unit else match.end()
    return Figure(check, str(value), name, page.text[match.start() : end], match.start(), True), match.start(), end


def _bare_units(page: Page) -> Iterator[str]:
    """Units of time that are named without a number."""
    edge = "" if page.language in lexicon.UNSPACED else r"(?<!\w)"
    for match in compiled(rf"(?<!{BLANK})(?<!{BLANK} ){edge}{patterns.bare_units(page.language).pattern}").finditer(
        page.left
    ):
        yield lexicon.TIME_UNITS[group(match)]


def _per_second(page: Page) -> list[Figure]:
    """`10 orders a second`, where the word alone may be the ordinal."""
    return page.take(compiled(lexicon.PER_SECOND.get(page.language, "(?!)")), _per)


def _per(match: re.Match[str], page: Page) -> Made:
    return whole(Check.UNIT, "1", match, "second", in_words=True)


def _ordinals(page: Page) -> Counter[str]:
    return Counter(str(group(match) + 1) for match in patterns.ordinals(page.language).finditer(page.left))


def _vague_units(page: Page) -> frozenset[str]:
    return frozenset({"second"} if page.language == "en" and _SECOND.search(page.text) else ())


def _coins(page: Page) -> frozenset[str]:
    return frozenset(ticker for ticker, names in patterns.coins() if names.search(page.text))
