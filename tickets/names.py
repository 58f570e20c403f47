"""Names that are the same in all languages: networks, coins, codes of errors, figures. Pure."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from helpcenter.search.concepts import fold

_FILE = Path(__file__).with_name("names.toml")


def _names(table: Mapping[str, str]) -> re.Pattern[str]:
    groups = []
    for number, aliases in enumerate(table.values()):
        written = "|".join(_alias(fold(alias.strip())) for alias in aliases.split(";"))
        groups.append(f"(?P<n{number}>{written})")
    return re.compile("|".join(groups))


def _alias(alias: str) -> str:
    """Latin names stand alone, also directly beside characters that put no blanks between words."""
    if re.match("[a-z]", alias):
        return rf"(?<![a-z0-9]){alias}(?![a-z0-9])"
    return alias


@cache
def tables() -> Mapping[str, tuple[tuple[str, ...], re.Pattern[str]]]:
    """Of each kind the names, and what finds them in a folded text; made when first asked for."""
    return {
        kind: (tuple(table), _names(table)) for kind, table in tomllib.loads(_FILE.read_text(encoding="utf-8")).items()
    }


_SYMBOL = re.compile(
    r"(?<![a-z0-9])(\d{0,4}[a-z][a-z0-9]{1,6}?)[-/_]?(?:usdt|usdc|usd)(?:[-_]?(?:perp|p))?(?![a-z0-9])"
)
_AMOUNT = re.compile(r"\d ?[km]? ?(usdt|usdc|usd|eur|euros?|dollars?)(?![a-z0-9])")
_CODE = re.compile(
    r"(?<![a-z0-9.])(?:[a-z]{1,4}[-_]?\d{3,5}|-\d{4,5}|40[0134]|418|429|50[0234])"
    r"(?![a-z0-9%]|[.,]\d| ?[$€]| (?:us|usdt|usdc|usd|btc|eth|eur)\b)"
)
_VERSION = re.compile(
    r"(?<![\w.,])(?:v\.? ?(\d{1,2}\.\d{1,3}(?:\.\d{1,3})?)|(\d{1,2}\.\d{1,2}\.\d{1,3}))(?![\w]|[.,]\d)"
)
_NO_CODE = re.compile(r"(?:trc|erc|bep|spl|ngx|sha|utc|gmt|x)")
_PERCENT = re.compile(r"(?<![\d.,])(?:(\d+(?:[.,]\d+)?) ?[%٪]|[%٪] ?(\d+(?:[.,]\d+)?))")
_MINUTE = re.compile(r"(?<![\d.,])\d{1,2} ?[:h点點時时시] ?(\d{2})(?![\d%])|(?<![\d.,])\d\d\.(\d{2}) ?(?=utc|gmt)")
_WORD = re.compile(r"[a-z][a-z0-9]+")


_PLAIN_MONEY = {"euro": "eur", "euros": "eur", "dollar": "usd", "dollars": "usd"}


def names_in(text: str) -> dict[str, frozenset[str]]:
    """Networks, coins, means, codes of errors and figures of a text, under one name each. Of times the minute: it is
    the same in nearly every time zone."""
    folded = fold(text)
    found = {
        kind: {names[int(match.lastgroup[1:])] for match in pattern.finditer(folded) if match.lastgroup}
        for kind, (names, pattern) in tables().items()
    }
    pairs = [match[1] for match in _SYMBOL.finditer(folded)]
    found["coin"] = {*found["coin"], *pairs}
    found["code"] = {re.sub("[-_]", "", match[0]) for match in _CODE.finditer(folded) if not _NO_CODE.match(match[0])}
    found["version"] = {match[1] or match[2] for match in _VERSION.finditer(folded)}
    found["amount"] = {_PLAIN_MONEY.get(match[1], match[1]) for match in _AMOUNT.finditer(folded)}
    found["figure"] = {_plain(match[1] or match[2]) for match in _PERCENT.finditer(folded)}
    found["minute"] = {match[1] or match[2] for match in _MINUTE.finditer(folded)}
    return {kind: frozenset(names) for kind, names in found.items() if names}


def _plain(number: str) -> str:
    """`1.0000` and `1` are the same figure."""
    return f"{float(number.replace(',', '.')):g}"


def tokens_in(text: str) -> frozenset[str]:
    """The words of a text in Latin letters, small: a coin that an incident knows is one of them in any language."""
    return frozenset(match[0] for match in _WORD.finditer(fold(text)))
