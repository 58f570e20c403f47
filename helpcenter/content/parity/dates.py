"""Dates, days of the week and times of day, as twelve languages write them. Pure."""

import re
from functools import cache

from helpcenter.content.parity import lexicon, moments
from helpcenter.content.parity.kinds import Check
from helpcenter.content.parity.page import Figure, Made, Page, compiled, group, whole

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


def read(page: Page) -> list[Figure]:
    """All of them, taken from the page."""
    dates = [*page.take(_ISO, _date), *page.take(_TURNED, _date), *_worded_dates(page)]
    weekdays = page.take(moments.weekdays(page.language), _weekday)
    return [*dates, *weekdays, *page.take(_TIME, _time), *_short_times(page)]


def _date(match: re.Match[str], page: Page) -> Made:
    parts = match.groupdict()
    month, day = int(parts["m"] or parts["m2"]), parts.get("d") or parts.get("d2")
    return whole(Check.DATE, _day(parts.get("y"), month, day), match, in_words=not day and not parts.get("y"))


def _day(year: str | None, month: int, day: str | None) -> str:
    return f"{year or '-'}-{month:02}-{int(day) if day else 0:02}"


def _worded_dates(page: Page) -> list[Figure]:
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


def _date_in_words(match: re.Match[str], page: Page) -> Made:
    parts = match.groupdict()
    month = next(number for number in range(1, 13) if parts.get(f"m{number}"))
    is_alone = not parts.get("d") and not parts.get("y")
    if is_alone and (len(match[0]) < 4 or not _is_name(match[0], page.language)) and match[0] not in ("May", "May."):
        return None
    return whole(Check.DATE, _day(parts.get("y"), month, parts.get("d")), match, in_words=is_alone)


def _is_name(word: str, language: str) -> bool:
    """English writes months with a capital, so that `march` is none."""
    return language != "en" or word[0].isupper()


def _time(match: re.Match[str], page: Page) -> Made:
    parts = match.groupdict()
    hour = int(parts["h"]) % 24 if int(parts["h"]) != 24 else 24
    before = page.text[max(0, match.start() - 6) : match.start()]
    is_late = parts.get("half") in ("p", "P") or _AFTERNOON.search(before)
    hour = hour + 12 if is_late and hour < 12 else hour
    seconds = f":{parts['s']}" if parts.get("s") else ""
    return whole(Check.TIME, f"{hour:02}:{int(parts.get('m') or 0):02}{seconds}", match)


def _short_times(page: Page) -> list[Figure]:
    pattern = _SHORT_TIMES.get(page.language)
    return page.take(compiled(pattern), _time) if pattern else []


def _weekday(match: re.Match[str], page: Page) -> Made:
    return whole(Check.DATE, f"weekday {group(match) + 1}", match)
