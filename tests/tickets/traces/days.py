"""Days made from a seed, in the shape of the given traces: 115 tickets an hour with a mild midday, and on a crash day
ten times as many within five minutes of 14:00 UTC, for half an hour, then half as many after each hour.

    python -m tests.tickets.traces.days 7 --crash > day.csv
"""

import argparse
import csv
import math
import random
import sys
from collections.abc import Iterator
from dataclasses import fields

from tickets.replay import Row

HOUR = 3600.0
CRASH_AT = 14 * HOUR
BASE = 115 / HOUR  # tickets a second
COLUMNS = [field.name for field in fields(Row)]

LANGUAGES = {
    "en": 0.34, "zh-hans": 0.14, "ko": 0.10, "ja": 0.08, "ru": 0.08, "es": 0.06,
    "tr": 0.05, "vi": 0.04, "zh-hant": 0.04, "pt-br": 0.03, "ar": 0.02, "fr": 0.02,
}  # fmt: skip
CALM_TOPICS = {
    "deposits": 0.24, "account_access": 0.19, "trading": 0.12, "fees": 0.10, "kyc": 0.095, "specs": 0.095,
    "liquidation": 0.06, "api": 0.06, "security": 0.04,
}  # fmt: skip
CRASH_TOPICS = {
    "liquidation": 0.34, "account_access": 0.27, "trading": 0.20, "deposits": 0.105, "api": 0.03, "specs": 0.02,
    "security": 0.02, "fees": 0.008, "kyc": 0.007,
}  # fmt: skip
ORDER = ("urgent", "high", "normal", "low")
CALM_PRIORITIES = {
    "account_access": (0.06, 0.25, 0.60, 0.09), "api": (0.03, 0.24, 0.60, 0.13), "deposits": (0.03, 0.34, 0.55, 0.08),
    "fees": (0.0, 0.05, 0.50, 0.45), "kyc": (0.0, 0.14, 0.63, 0.23), "liquidation": (0.32, 0.39, 0.24, 0.05),
    "security": (0.48, 0.40, 0.12, 0.0), "specs": (0.0, 0.05, 0.44, 0.51), "trading": (0.04, 0.31, 0.53, 0.12),
}  # fmt: skip
CRASH_PRIORITIES = CALM_PRIORITIES | {
    "account_access": (0.35, 0.45, 0.185, 0.015), "deposits": (0.09, 0.51, 0.37, 0.03),
    "liquidation": (0.54, 0.36, 0.09, 0.01), "trading": (0.32, 0.42, 0.225, 0.035), "security": (0.50, 0.40, 0.10, 0.0),
}  # fmt: skip
WORK = {
    "account_access": 300, "api": 720, "deposits": 415, "fees": 240, "kyc": 420, "liquidation": 665, "security": 415,
    "specs": 300, "trading": 485,
}  # fmt: skip
INCIDENT = {"account_access": 0.57, "liquidation": 0.40, "trading": 0.46, "deposits": 0.31}


def crash_day(seed: int) -> list[Row]:
    """Two days, with the crash on the first."""
    chance = random.Random(seed)
    calm = [(at, False) for at in _moments(chance, _calm, BASE * 1.15, 48 * HOUR)]
    surge = [(at, True) for at in _moments(chance, _crash, BASE * 9, 48 * HOUR)]
    return _rows(chance, calm + surge)


def quiet_day(seed: int) -> list[Row]:
    chance = random.Random(seed)
    return _rows(chance, [(at, False) for at in _moments(chance, _calm, BASE * 1.15, 24 * HOUR)])


def _calm(at: float) -> float:
    return BASE * (1 + 0.15 * math.sin(2 * math.pi * (at / HOUR - 6) / 24))


def _crash(at: float) -> float:
    """What comes on top: nine times the usual after five minutes, for thirty, then half as many each hour."""
    since = at - CRASH_AT
    if since < 0:
        return 0.0
    return BASE * 9 * min(since / 300, 1.0, 0.5 ** ((since - 2100) / HOUR))


def _moments(chance: random.Random, rate, most: float, until: float) -> Iterator[float]:
    """A Poisson process whose rate changes: candidates at the highest rate, thinned."""
    at = chance.expovariate(most)
    while at < until:
        if chance.random() * most < rate(at):
            yield at
        at += chance.expovariate(most)


def _rows(chance: random.Random, moments: list[tuple[float, bool]]) -> list[Row]:
    return [_row(chance, number, at, surge) for number, (at, surge) in enumerate(sorted(moments), start=1)]


def _row(chance: random.Random, number: int, at: float, surge: bool) -> Row:
    topic = _one(chance, CRASH_TOPICS if surge else CALM_TOPICS)
    weights = (CRASH_PRIORITIES if surge else CALM_PRIORITIES)[topic]
    return Row(
        id=number,
        t=round(at, 1),
        lang=_one(chance, LANGUAGES),
        topic=topic,
        priority=chance.choices(ORDER, weights)[0],
        tier="pro" if chance.random() < 0.12 else "standard",
        surge=surge,
        incident=surge and chance.random() < INCIDENT.get(topic, 0),
        service_s=round(_lognormal(chance, WORK[topic], 0.6), 1),
        u_deflect=round(chance.random(), 4),
        u_back=round(chance.random(), 4),
        back_delay_s=round(chance.expovariate(1 / 5400), 1),
    )


def _one(chance: random.Random, shares: dict[str, float]) -> str:
    return chance.choices(list(shares), list(shares.values()))[0]


def _lognormal(chance: random.Random, mean: float, variation: float) -> float:
    spread = math.log(1 + variation**2)
    return chance.lognormvariate(math.log(mean) - spread / 2, math.sqrt(spread))


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a day as CSV.")
    parser.add_argument("seed", type=int)
    parser.add_argument("--crash", action="store_true")
    options = parser.parse_args()
    writer = csv.writer(sys.stdout)
    writer.writerow(COLUMNS)
    for row in (crash_day if options.crash else quiet_day)(options.seed):
        values = (getattr(row, name) for name in COLUMNS)
        writer.writerow(int(value) if isinstance(value, bool) else value for value in values)


if __name__ == "__main__":
    main()
