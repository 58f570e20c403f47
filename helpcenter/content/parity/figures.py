"""The figures of a text: numbers with their units, percentages, leverage, dates, times of day, tickers. Pure.

A text is read from left to right several times, each time for one kind; what was read is blanked out for the next.
Values are normalised, so that `1,000.5`, `1.000,5` and `1 000,5` are one where each is the writing of its language.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache

from helpcenter.content.parity import lexicon, moments
from helpcenter.content.parity.kinds import Check

BLANK = "\ufffb"
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
_TIME = re.compile(r"(?<![\d.:])(?P<h>[01]?\d|2[0-4])\s?[:：]\s?(?P<m>[0-5]\d)(?:[:：](?P<s>[0-5]\d))?(?![\d:])")
_SHORT_TIMES = {
    "fr": r"(?<!\d)(?P<h>[01]?\d|2[0-4])\s?h\s?(?P<m>[0-5]\d)(?!\d)",
    "pt-br": r"(?<!\d)(?P<h>[01]?\d|2[0-4])h(?P<m>[0-5]\d)(?!\d)",
    "zh-hans": r"(?<!\d)(?P<h>[01]?\d|2[0-4]) ?[点时](?!间|候|段)(?: ?(?P<m>[0-5]?\d) ?分)?",
    "zh-hant": r"(?<!\d)(?P<h>[01]?\d|2[0-4]) ?[點時](?!間|候|段)(?: ?(?P<m>[0-5]?\d) ?分)?",
    "ja": r"(?<!\d)(?P<h>[01]?\d|2[0-4]) ?時(?!間|点|期)(?: ?(?P<m>[0-5]?\d) ?分)?",
    "ko": r"(?<!\d)(?P<h>[01]?\d|2[0-4]) ?시(?!간|점|기)(?: ?(?P<m>[0-5]?\d) ?분)?",
    "en": r"(?<!\d)(?P<h>1[0-2]|0?\d)(?::(?P<m>[0-5]\d))? ?(?P<half>[ap])\.?m\b\.?",
}
_AFTERNOON = re.compile(r"(?:下午|晚上|午後|오후|pm|p\.m|PM)\s*$")
_SECOND = re.compile(r"\bsecond\b", re.IGNORECASE)
_SIGNS = {"-": "-", "–": "-", "±": "±"}  # a plus says nothing more
_YEAR = r"(?P<y>(?:19|20)\d\d)"
_DAY = r"(?P<d>0?[1-9]|[12]\d|3[01])"
_MONTH = r"(?P<m>0?[1-9]|1[0-2])"
_ISO = re.compile(rf"(?<![\d-]){_YEAR}([-/.]) ?{_MONTH}\2 ?{_DAY}(?!\d)")
_TURNED = re.compile(rf"(?<![\d./-]){_DAY}([./-]){_MONTH}\2{_YEAR}(?!\d)")
_SHORT = re.compile(
    r"(?<![\d./,-])(?:(?P<d>0?[1-9]|[12]\d|3[01])/(?P<m>0[1-9]|1[0-2])|(?P<d2>1[3-9]|2[0-35-9]|3[01])/(?P<m2>[1-9]))(?![\d/])"
)
_CJK_DATES = (
    re.compile(rf"(?<!\d)(?:{_YEAR} ?[年년] ?)?{_MONTH} ?[月월](?:份)? ?{_DAY} ?[日號号일]"),
    re.compile(rf"(?<!\d)(?:{_YEAR} ?[年년] ?)?{_MONTH} ?[月월](?!間|间)"),
)
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
class Figure:
    """`value` is normalised, `unit` what it is measured in (empty where nothing is said). `in_words`: it is not
    written in digits."""

    check: Check
    value: str
    unit: str
    written: str
    at: int
    in_words: bool = False

    @property
    def key(self) -> tuple[Check, str, str]:
        return self.check, self.value, self.unit


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
    page = _Page(normal(text, language), language)
    dates = [*page.take(_ISO, _date), *page.take(_TURNED, _date), *_worded_dates(page)]
    weekdays = page.take(moments.weekdays(page.language), _weekday)
    times = [*page.take(_TIME, _time), *_short_times(page)]
    tokens = _tokens(page)
    numbers = _inherited(list(_numbers(page)), page.text)
    seconds = _per_second(page)
    ordinals = _ordinals(page)
    words = [*_pairs(page), *_words(page)]
    words += [token for token in tokens if token.in_words]
    tokens = [token for token in tokens if not token.in_words and token.value not in lexicon.EVERYWHERE]
    return Reading(
        (*dates, *weekdays, *times, *numbers, *words),
        tuple(tokens),
        (*_bare_units(page), *(figure.unit for figure in seconds)),
        _vague_units(page),
        _coins(page),
        ordinals,
        moments.zones(page.text),
    )


class _Page:
    """A text from which pieces are taken; in `left` a piece that was taken is blanked out."""

    def __init__(self, text: str, language: str) -> None:
        self.text = self.left = text
        self.language = language

    def take(self, pattern: re.Pattern[str], make: "Maker") -> list[Figure]:
        """The figures that a pattern finds. `make` gives a figure and where it ends, or None for what is none."""
        found, pieces, done = [], list[str](), 0
        for match in pattern.finditer(self.left):
            made = make(match, self) if match.start() >= done else None
            if made is not None:
                figure, start, end = made
                found.append(figure)
                pieces += [self.left[done:start], BLANK * (end - start)]
                done = end
        self.left = "".join([*pieces, self.left[done:]])
        return found


Made = tuple[Figure, int, int] | None
Maker = Callable[[re.Match[str], _Page], Made]


def _whole(check: Check, value: str, match: re.Match[str], unit: str = "", in_words: bool = False) -> Made:
    return Figure(check, value, unit, match[0].strip(), match.start(), in_words), match.start(), match.end()


# Dates and times


def _date(match: re.Match[str], page: _Page) -> Made:
    parts = match.groupdict()
    month, day = int(parts["m"] or parts["m2"]), parts.get("d") or parts.get("d2")
    return _whole(Check.DATE, _day(parts.get("y"), month, day), match, in_words=not day and not parts.get("y"))


def _day(year: str | None, month: int, day: str | None) -> str:
    return f"{year or '-'}-{month:02}-{int(day) if day else 0:02}"


def _worded_dates(page: _Page) -> list[Figure]:
    if page.language in lexicon.UNSPACED:
        return [figure for pattern in _CJK_DATES for figure in page.take(pattern, _date)]
    found = [figure for pattern in _named_months(page.language) for figure in page.take(pattern, _date_in_words)]
    return found if page.language == "en" else found + page.take(_SHORT, _date)


@cache
def _named_months(language: str) -> tuple[re.Pattern[str], ...]:
    """Day and month; month and day; month with a year; month alone where it cannot be another word."""
    names = lexicon.MONTHS.get(language, ())
    groups = "|".join(f"(?P<m{number}>{name})" for number, name in enumerate(names, 1)) or "(?!)"
    month = rf"(?:{groups})(?!\w)\.?"
    day = r"(?<!\d)(?P<d>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th|er|º|ª|-?го|-?е|['’]\w+)?"
    link = r"[ \u00a0-](?:de |del |of |ngày )?"
    year = r"(?:,? ?(?:de |del |năm )?(?P<y>(?:19|20)\d\d))"
    forms = [rf"{day}{link}{month}{year}?", rf"(?<!\w){month}{year}"]
    forms += [rf"(?<!\w){month} {day}(?:{year})?"] if language == "en" else []
    forms += [rf"(?<!\w)(?:{groups})(?!\w)"]
    return tuple(re.compile(form, re.IGNORECASE) for form in forms)


def _date_in_words(match: re.Match[str], page: _Page) -> Made:
    parts = match.groupdict()
    month = next(number for number in range(1, 13) if parts.get(f"m{number}"))
    is_alone = not parts.get("d") and not parts.get("y")
    if is_alone and (len(match[0]) < 4 or not _is_name(match[0], page.language)) and match[0] not in ("May", "May."):
        return None
    return _whole(Check.DATE, _day(parts.get("y"), month, parts.get("d")), match, in_words=is_alone)


def _is_name(word: str, language: str) -> bool:
    """English writes months with a capital, so that `march` is none."""
    return language != "en" or word[0].isupper()


def _time(match: re.Match[str], page: _Page) -> Made:
    parts = match.groupdict()
    hour = int(parts["h"]) % 24 if int(parts["h"]) != 24 else 24
    before = page.text[max(0, match.start() - 6) : match.start()]
    is_late = parts.get("half") in ("p", "P") or _AFTERNOON.search(before)
    hour = hour + 12 if is_late and hour < 12 else hour
    seconds = f":{parts['s']}" if parts.get("s") else ""
    return _whole(Check.TIME, f"{hour:02}:{int(parts.get('m') or 0):02}{seconds}", match)


def _short_times(page: _Page) -> list[Figure]:
    pattern = _SHORT_TIMES.get(page.language)
    return page.take(_compiled(pattern), _time) if pattern else []


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _weekday(match: re.Match[str], page: _Page) -> Made:
    return _whole(Check.DATE, f"weekday {_group(match) + 1}", match)


# Tickers and other words in capitals


def _tokens(page: _Page) -> list[Figure]:
    """Words in capitals. Those with digits are blanked out; tickers stay: an amount looks for the one behind it."""
    found = page.take(_TOKEN, _coded)
    shouted = [_whole(Check.TICKER, match[0], match) for match in _TOKEN.finditer(page.left)]
    return found + [made[0] for made in shouted if made and _SHOUTED.fullmatch(made[0].value)]


def _coded(match: re.Match[str], page: _Page) -> Made:
    """`TRC-20`, `ETHUSDT-26MAR27`; `2FA` is the number two, which most languages say in words."""
    if not _CODE_WITH_DIGITS.fullmatch(match[0]) or _MEASURED.fullmatch(match[0]):
        return None
    if match[0].endswith("FA"):
        return _whole(Check.NUMBER, match[0].removesuffix("FA"), match, in_words=True)
    return _whole(Check.TICKER, match[0].replace("-", ""), match)


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


def _numbers(page: _Page) -> list[Figure]:
    return page.take(_number_pattern(page.language), _number)


def _number(match: re.Match[str], page: _Page) -> Made:
    value = decimal(match["number"], page.language)
    end = match.end()
    scale = _after(lexicon.scales(page.language), page, end)
    if scale is not None and value is not None:
        value *= lexicon.scale_values(page.language)[_group(scale)]
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
    grouping = lexicon.GROUPING.get(language, ",")
    if len(set(marks)) == 2:
        return _of_parts(bare, marks[-1]) if marks.count(marks[-1]) == 1 else None
    if not marks:
        return Decimal(bare)
    head, *rest = bare.split(marks[0])
    is_grouped = all(len(group) == 3 for group in rest) and 1 <= len(head) <= 3 and head[0] != "0"
    is_other = marks[0] == lexicon.GROUPING_TOO.get(language) and rest[-1].endswith("0")
    if is_grouped and (len(rest) > 1 or marks[0] == grouping or is_other):
        return Decimal(bare.replace(marks[0], ""))
    return _of_parts(bare, marks[0]) if len(rest) == 1 else None


def _of_parts(bare: str, point: str) -> Decimal:
    whole, _, rest = bare.rpartition(point)
    return Decimal(f"{whole.replace(',', '').replace('.', '')}.{rest}")


def plain(value: Decimal) -> str:
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def _measured(page: _Page, value: str, start: int, end: int) -> tuple[Check, str, int, int]:
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
    if (word := lexicon.PERCENT_BEFORE.get(language)) and re.search(rf"{word}\s?$", before, re.IGNORECASE):
        return Check.PERCENTAGE, PERCENT_UNIT, start, end
    if re.search(r"(?<![A-Za-z0-9])[xX×]$", before) and not re.search(r"\d ?[xX×]$", before):
        return Check.LEVERAGE, LEVERAGE_UNIT, start, end
    if currency := _CURRENCY.search(before):
        return Check.NUMBER, currency[0].strip().removeprefix("US"), start, end
    return None


def _measured_in_words(page: _Page, value: str, start: int, end: int) -> tuple[Check, str, int, int]:
    if ticker := re.compile(r"[ \u00a0]?(?P<t>[A-Z][A-Z0-9]{1,9}(?:-[A-Z0-9]+)*)(?![a-z])").match(page.left, end):
        unit = ticker["t"]
        return (Check.UNIT if unit in lexicon.EVERYWHERE else Check.NUMBER), unit, start, end
    if more := _compiled(lexicon.TIMES_AS_MUCH.get(page.language, "(?!)")).match(page.left, _skip(page.left, end)):
        return Check.LEVERAGE, LEVERAGE_UNIT, start, more.end()
    found = _after(lexicon.units(page.language), page, end) or _further(page, end)
    if found is None or end == found.start() == found.end():
        return Check.NUMBER, "", start, end
    unit = lexicon.unit_names(page.language)[_group(found)]
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


def _after(pattern: re.Pattern[str], page: _Page, at: int) -> re.Match[str] | None:
    return pattern.match(page.left, _skip(page.left, at))


def _further(page: _Page, at: int) -> re.Match[str] | None:
    """The unit in `3 derniers mois`."""
    words = lexicon.BETWEEN.get(page.language)
    between = _compiled(rf"(?:{words})(?!\w)").match(page.left, _skip(page.left, at)) if words else None
    return _after(lexicon.units(page.language), page, between.end()) if between else None


def _group(match: re.Match[str]) -> int:
    return int(str(match.lastgroup)[1:])


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


def _pairs(page: _Page) -> list[Figure]:
    rows = lexicon.PAIRS.get(page.language, {})
    found = []
    for pattern, (value, unit) in rows.items():
        whole = _compiled(rf"(?<!\w)[وبلف]?(?:ال)?(?:{pattern})(?!\w)" if page.language == "ar" else pattern)
        found += page.take(whole, _paired(value, unit))
    return found


def _paired(value: int, unit: str) -> Maker:
    return lambda match, page: _whole(Check.UNIT, str(value), match, unit, in_words=True)


def _words(page: _Page) -> list[Figure]:
    if page.language in ("zh-hans", "zh-hant", "ja"):
        return page.take(
            _compiled(
                rf"(?!十分(?![之钟鐘]))(?:第(?:{lexicon.HAN}|一)|百分之(?:{lexicon.HAN}|一)|(?:{lexicon.HAN}){lexicon.HAN_COUNTED})"
            ),
            _han,
        )
    edge = r"(?<!\w)[وبلفك]?" if page.language == "ar" else r"(?<!\w)" if page.language != "ko" else ""
    pattern = lexicon.numbers(page.language)
    return page.take(_compiled(edge + pattern.pattern), _word)


def _han(match: re.Match[str], page: _Page) -> Made:
    value = lexicon.han_value(match[0].removeprefix("第").removeprefix("百分之"))
    if match[0].startswith("百分之"):
        return _whole(Check.PERCENTAGE, str(value), match, PERCENT_UNIT, in_words=True)
    return _in_words(value, _after(lexicon.units(page.language), page, match.end()), match, page)


def _word(match: re.Match[str], page: _Page) -> Made:
    value = lexicon.number_values(page.language)[_group(match)]
    unit = _after(lexicon.units(page.language), page, match.end())
    return _in_words(value, unit, match, page)


def _in_words(value: int, unit: re.Match[str] | None, match: re.Match[str], page: _Page) -> Made:
    name = lexicon.unit_names(page.language)[_group(unit)] if unit else ""
    check = Check.PERCENTAGE if name == "percent" else Check.UNIT if name else Check.NUMBER
    end = unit.end() if unit else match.end()
    return Figure(check, str(value), name, page.text[match.start() : end], match.start(), True), match.start(), end


def _bare_units(page: _Page) -> Iterator[str]:
    """Units of time that are named without a number."""
    edge = "" if page.language in lexicon.UNSPACED else r"(?<!\w)"
    for match in _compiled(rf"(?<!{BLANK})(?<!{BLANK} ){edge}{lexicon.bare_units(page.language).pattern}").finditer(
        page.left
    ):
        yield lexicon.TIME_UNITS[_group(match)]


def _per_second(page: _Page) -> list[Figure]:
    """`10 orders a second`, where the word alone may be the ordinal."""
    return page.take(_compiled(lexicon.PER_SECOND.get(page.language, "(?!)")), _per)


def _per(match: re.Match[str], page: _Page) -> Made:
    return _whole(Check.UNIT, "1", match, "second", in_words=True)


def _ordinals(page: _Page) -> Counter[str]:
    return Counter(str(_group(match) + 1) for match in lexicon.ordinals(page.language).finditer(page.left))


def _vague_units(page: _Page) -> frozenset[str]:
    return frozenset({"second"} if page.language == "en" and _SECOND.search(page.text) else ())


def _coins(page: _Page) -> frozenset[str]:
    return frozenset(ticker for ticker, names in lexicon.coins() if names.search(page.text))
