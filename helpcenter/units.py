"""What a fact is measured in: how its value is read, checked and written for readers. Pure.

A value is kept as text: a decimal number keeps the digits that it was written with (0.050 is not 0.05 to a reader of
a fee table), and no number ever passes through a float.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from django.db.models import TextChoices
from django.utils import formats
from django.utils.translation import get_language, gettext, ngettext, override
from django.utils.translation import gettext_lazy as _

from helpcenter.errors import InvalidFact
from supportdesk.ui import languages

BLANK = "\u00a0"  # a number and its ticker stay on one line
PERCENT = {"fr": "{}\u00a0%", "es": "{}\u00a0%", "tr": "%{}"}  # elsewhere the sign follows the number
LEVERAGE = {"zh-hans": "{}倍", "zh-hant": "{}倍", "ja": "{}倍", "ko": "{}배"}
HIGHEST_SHARE = Decimal(1000)

_NUMBER = re.compile(r"(?P<sign>-?)0*(?P<whole>\d{1,15})(?P<rest>\.\d{1,12})?", re.ASCII)
_TICKER = re.compile(r"[A-Z0-9]{2,12}", re.ASCII)
_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._/:+-]{0,79}", re.ASCII)
_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d", re.ASCII)


class UnitKind(TextChoices):
    PERCENT = "percent", _("percent")
    LEVERAGE = "leverage", _("leverage")
    AMOUNT = "amount", _("amount of a coin")
    COUNT = "count", _("count")
    DAYS = "days", _("days")
    HOURS = "hours", _("hours")
    MINUTES = "minutes", _("minutes")
    TIMES = "times", _("times of day (UTC)")
    MOMENT = "moment", _("moment (UTC)")
    TOKEN = "token", _("ticker or other token")


@dataclass(frozen=True)
class Rule:
    """A line of the table of units. `read` gives the form in which a value is kept, and raises ValueError; `draw` takes
    that form and the ticker, in the language that is active. `has_words`: it is drawn in words of the language."""

    example: str
    read: Callable[[str], str]
    draw: Callable[[str, str], str]
    has_words: bool = False


@dataclass(frozen=True)
class Unit:
    """A unit; an amount has the ticker of its coin, or none where a kind of facts leaves the coin open."""

    kind: UnitKind
    ticker: str = ""

    @classmethod
    def of(cls, text: str) -> "Unit":
        """`percent`, `amount:USDT`. Raises InvalidFact."""
        name, colon, ticker = text.strip().partition(":")
        has_ticker = name == UnitKind.AMOUNT and _TICKER.fullmatch(ticker)
        if name not in UnitKind.values or (colon and not has_ticker):
            message = gettext(
                "“%(unit)s” is no unit. Units are %(units)s; an amount names its coin, as in amount:USDT."
            )
            raise InvalidFact(message % {"unit": text[:40], "units": ", ".join(UnitKind.values)})
        return cls(UnitKind(name), ticker)

    def __str__(self) -> str:
        return f"{self.kind.value}:{self.ticker}" if self.ticker else self.kind.value

    @property
    def is_complete(self) -> bool:
        return self.kind != UnitKind.AMOUNT or bool(self.ticker)

    def fits(self, kind: "Unit") -> bool:
        """Whether a fact of this unit may belong to a kind of facts of that unit."""
        return self.is_complete and self.kind == kind.kind and kind.ticker in ("", self.ticker)

    def read(self, value: str) -> str:
        """The form in which a value is kept. Raises InvalidFact."""
        rule = RULES[self.kind]
        try:
            return rule.read(value.strip())
        except ValueError as error:
            message = gettext("“%(value)s” does not fit the unit %(unit)s. A value looks like %(example)s.")
            names = {"value": value[:60], "unit": self, "example": rule.example}
            raise InvalidFact(message % names) from error

    def draw(self, value: str, language: str) -> str:
        """A value that is kept, as readers of a language write it."""
        with override(language):
            return RULES[self.kind].draw(value, self.ticker)

    def direction(self, language: str) -> str:
        """`ltr` or `rtl` where the value has to be kept apart from a right-to-left text, else empty."""
        if languages.language(language).direction == "ltr":
            return ""
        return "rtl" if RULES[self.kind].has_words else "ltr"


def read_moment(text: str) -> datetime:
    """`2026-12-01`, `2026-12-01 08:00` or `2026-12-01T08:00:00Z`: always UTC, whole seconds. Raises ValueError."""
    if not re.match(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        raise ValueError(text)
    moment = datetime.fromisoformat(text)
    if moment.utcoffset() or moment.microsecond:
        raise ValueError(text)
    return moment.replace(tzinfo=UTC)


def write_moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def draw_date(moment: datetime) -> str:
    """The day in the language that is active, with the time where it is not the day's first moment."""
    own = moment.astimezone(UTC)
    if (own.hour, own.minute, own.second) == (0, 0, 0):
        return formats.date_format(own, "DATE_FORMAT")
    return _draw_moment(write_moment(own), "")


def _read_number(text: str, lowest: Decimal = Decimal(0), highest: Decimal = Decimal(10) ** 15) -> str:
    match = _NUMBER.fullmatch(text)
    if match is None or not lowest <= Decimal(text) <= highest:
        raise ValueError(text)
    number = f"{match['whole']}{match['rest'] or ''}"
    return f"-{number}" if match["sign"] and Decimal(number) else number


def _read_percent(text: str) -> str:
    return _read_number(text, -HIGHEST_SHARE, HIGHEST_SHARE)


def _read_leverage(text: str) -> str:
    return _read_number(text, Decimal(1), HIGHEST_SHARE)


def _read_count(text: str) -> str:
    if "." in text:
        raise ValueError(text)
    return _read_number(text)


def _read_times(text: str) -> str:
    times = text.split()
    if not times or not all(_TIME.fullmatch(time) for time in times) or sorted(set(times)) != times:
        raise ValueError(text)
    return " ".join(times)


def _read_moment(text: str) -> str:
    return write_moment(read_moment(text))


def _read_token(text: str) -> str:
    if not _TOKEN.fullmatch(text):
        raise ValueError(text)
    return text


def draw_number(number: Decimal, decimals: int, language: str) -> str:
    """A number with so many decimals, as readers of a language write it; what is beyond them is cut off."""
    with override(language):
        return str(formats.number_format(number, decimal_pos=decimals, use_l10n=True, force_grouping=True))


def with_percent(number: str, language: str) -> str:
    """A number that is written already, with the sign of per cent where a language puts it."""
    return PERCENT.get(language, "{}%").format(number)


def _draw_number(value: str, ticker: str = "") -> str:
    return draw_number(Decimal(value), len(value.partition(".")[2]), _language())


def _draw_percent(value: str, ticker: str) -> str:
    return with_percent(_draw_number(value), _language())


def _draw_leverage(value: str, ticker: str) -> str:
    return LEVERAGE.get(_language(), "{}x").format(_draw_number(value))


def _draw_amount(value: str, ticker: str) -> str:
    return f"{_draw_number(value)}{BLANK}{ticker}"


def _draw_days(value: str, ticker: str) -> str:
    return ngettext("%(count)s day", "%(count)s days", int(value)) % {"count": _draw_number(value)}


def _draw_hours(value: str, ticker: str) -> str:
    return ngettext("%(count)s hour", "%(count)s hours", int(value)) % {"count": _draw_number(value)}


def _draw_minutes(value: str, ticker: str) -> str:
    return ngettext("%(count)s minute", "%(count)s minutes", int(value)) % {"count": _draw_number(value)}


def _draw_times(value: str, ticker: str) -> str:
    language = _language()
    is_ltr = language and languages.language(language).direction == "ltr"  # the times keep their direction
    between = languages.BETWEEN_WORDS.get(language, ", ") if is_ltr else ", "
    return f"{between.join(value.split())}{BLANK}UTC"


def _draw_moment(value: str, ticker: str) -> str:
    return f"{formats.date_format(read_moment(value), 'DATETIME_FORMAT')}{BLANK}UTC"


def _draw_token(value: str, ticker: str) -> str:
    return value


def _language() -> str:
    return get_language() or ""


RULES = {
    UnitKind.PERCENT: Rule("0.05", _read_percent, _draw_percent),
    UnitKind.LEVERAGE: Rule("100", _read_leverage, _draw_leverage),
    UnitKind.AMOUNT: Rule("0.0002", _read_number, _draw_amount),
    UnitKind.COUNT: Rule("12", _read_count, _draw_number),
    UnitKind.DAYS: Rule("7", _read_count, _draw_days, has_words=True),
    UnitKind.HOURS: Rule("8", _read_count, _draw_hours, has_words=True),
    UnitKind.MINUTES: Rule("30", _read_count, _draw_minutes, has_words=True),
    UnitKind.TIMES: Rule("00:00 08:00 16:00", _read_times, _draw_times),
    UnitKind.MOMENT: Rule("2027-03-26T08:00:00Z", _read_moment, _draw_moment, has_words=True),
    UnitKind.TOKEN: Rule("USDT", _read_token, _draw_token),
}
