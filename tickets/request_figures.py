"""What a request says in figures: amounts of coins, in the form and in the text, and how long ago it was. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

_NUMBER = r"\d{1,3}(?:[,. '’\u00a0\u202f]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?"
_COIN_WORDS = {
    "USDT": "usdt usdc usd dollars dollar dólares $ u 美元 달러 ドル долларов دولار",
    "BTC": "btc bitcoin bitcoins 比特币 比特幣 비트코인 ビットコイン биткоин بيتكوين",
    "ETH": "eth ether ethereum 以太坊 이더리움 イーサ",
}
_COINS = {word: coin for coin, words in _COIN_WORDS.items() for word in words.split()}
_UNITS = "|".join(sorted(map(re.escape, _COINS), key=len, reverse=True))
_AMOUNT = re.compile(
    rf"(?<![\w.,])(?:(?P<before>\$|usdt?|btc|eth) ?)?(?P<number>{_NUMBER}) ?"
    rf"(?P<times>k\b|mil\b|тыс\w*|万|萬|만|천)? ?(?P<after>(?:{_UNITS})(?![a-z]))?",
    re.IGNORECASE,
)
_TIMES = {"k": 1000, "mil": 1000, "тыс": 1000, "万": 10_000, "萬": 10_000, "만": 10_000, "천": 1000}
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d) UTC(?:([+-])(\d{1,2})(?::(\d\d))?)?")


@dataclass(frozen=True)
class RequestFigures:
    """Figures of a request: `said` are the highest amounts by coin with their place in the text (0, 0: of the form),
    `age` is how many hours ago the event was, None where the form does not say."""

    answers: Mapping[str, str]
    said: Mapping[str, tuple[float, int, int]]
    age: float | None

    @classmethod
    def of(cls, text: str, fields: Mapping[str, Any], now: datetime | None) -> "RequestFigures":
        answers = {key: str(value) for key, value in fields.items()}
        said = dict(_amounts(text))
        coin, amount = answers.get("coin", ""), answers.get("amount", "")
        for unit, (number, *_) in _amounts(amount if any(map(str.isalpha, amount)) else f"{amount} {coin}"):
            if number >= said.get(unit, (0.0,))[0]:
                said[unit] = (number, 0, 0)
        return cls(answers, said, _age(answers.get("time", ""), now))

    def meets(self, condition: re.Match[str]) -> tuple[int, int] | None:
        """Where what meets a condition stands; None where nothing does."""
        name = condition["name"]
        if condition["equal"]:
            return (0, 0) if self.answers.get(name, "") in condition["one_of"].split("|") else None
        least = float(condition["least"])
        if name == "age":
            return (0, 0) if self.age is not None and self.age >= least else None
        number, start, end = self.said.get(name.upper(), (-1.0, 0, 0))
        return (start, end) if number >= least else None


def _amounts(text: str) -> Iterator[tuple[str, tuple[float, int, int]]]:
    """Coin -> its highest amount in a text and where that stands."""
    best: dict[str, tuple[float, int, int]] = {}
    for match in _AMOUNT.finditer(text):
        unit = _COINS.get((match["after"] or match["before"] or "").lower())
        if unit is None:
            continue
        number = _number(match["number"]) * _TIMES.get((match["times"] or "").lower()[:3], 1)
        if number > best.get(unit, (-1.0, 0, 0))[0]:
            best[unit] = (number, *match.span())
    yield from best.items()


def _number(text: str) -> float:
    """`12,500.50`, `12.500,50`, `0.5`, `2 500`: the last mark before one, two or more than three digits is the
    point."""
    plain = re.sub(r"[ '’\u00a0\u202f]", "", text)
    last = max(plain.rfind("."), plain.rfind(","))
    is_point = last >= 0 and (len(plain) - last - 1 != 3 or plain.startswith("0"))
    if not is_point:
        return float(re.sub(r"[.,]", "", plain))
    return float(re.sub(r"[.,]", "", plain[:last]) + "." + plain[last + 1 :])


def _age(text: str, now: datetime | None) -> float | None:
    """How many hours ago a moment of the form (`2026-11-21 21:40 UTC+8 (…)`) was."""
    match = _MOMENT.search(text)
    if match is None or now is None:
        return None
    hours, minutes = int(match[3] or 0), int(match[4] or 0)
    offset = timedelta(hours=hours, minutes=minutes) * (-1 if match[2] == "-" else 1)
    try:
        local = datetime.strptime(match[1], "%Y-%m-%d %H:%M").replace(tzinfo=timezone(offset))
    except ValueError:
        return None
    return (now - local.astimezone(UTC)).total_seconds() / 3600
