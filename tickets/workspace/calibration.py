"""How often promises of the wait came true: by class, language and kind of day, over four weeks."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext

from tickets.enums import Priority
from tickets.models import PromiseDay
from tickets.workspace.display import language_named, percent

DAYS = 28
FEW = 50  # settled promises; fewer say too little
LEAST, MOST = 0.75, 0.92  # share of promises kept: below it too many are broken, above it they are longer than needed
WEEKDAY, WEEKEND, SURGE = "weekday", "weekend", "surge"
COLUMNS = ("day", "class", "language", "day_type", "kept", "missed", "more_than_a_day", "not_settled")


@dataclass(frozen=True)
class Line:
    """What came of the promises of one group; `tone` is a class of the style sheet."""

    label: str
    kept: int
    missed: int
    beyond: int
    unsettled: int

    @property
    def settled(self) -> int:
        return self.kept + self.missed

    @property
    def is_few(self) -> bool:
        return self.settled < FEW

    @property
    def share(self) -> str:
        return percent(self.kept / self.settled) if self.settled else ""

    @property
    def tone(self) -> str:
        if self.is_few:
            return "mute"
        share = self.kept / self.settled
        return "bad" if share < LEAST else "warn" if share > MOST else "ok"


@dataclass(frozen=True)
class Table:
    title: str
    lines: list[Line]


def rows(today: date) -> list[PromiseDay]:
    """The last four weeks (UTC days), today with them."""
    found = PromiseDay.objects.since(today - timedelta(days=DAYS - 1))
    return list(found.order_by("day", "priority", "language", "is_surge"))


def tables(found: Sequence[PromiseDay]) -> list[Table]:
    classes: dict[str, str] = {value: str(label) for value, label in reversed(Priority.choices)}
    kinds = {WEEKDAY: gettext("Monday to Friday"), WEEKEND: gettext("Weekend"), SURGE: gettext("Surge")}
    languages = {code: language_named(code) for code in sorted({row.language for row in found})}
    return [
        Table(gettext("By class"), _lines(found, lambda row: row.priority, classes)),
        Table(gettext("By language"), _lines(found, lambda row: row.language, languages)),
        Table(gettext("By kind of day"), _lines(found, day_type, kinds)),
    ]


def day_type(row: PromiseDay) -> str:
    if row.is_surge:
        return SURGE
    return WEEKEND if row.day.weekday() >= 5 else WEEKDAY


def _lines(found: Iterable[PromiseDay], key: Callable[[PromiseDay], str], labels: dict[str, str]) -> list[Line]:
    groups: dict[str, list[PromiseDay]] = defaultdict(list)
    for row in found:
        groups[key(row)].append(row)
    return [line(label, groups[value]) for value, label in labels.items() if value in groups]


def line(label: str, group: Sequence[PromiseDay]) -> Line:
    return Line(
        label=label,
        kept=sum(row.kept for row in group),
        missed=sum(row.missed for row in group),
        beyond=sum(row.beyond for row in group),
        unsettled=sum(row.unsettled for row in group),
    )


def cells(row: PromiseDay) -> list[Any]:
    """A line of the file."""
    place = [f"{row.day:%Y-%m-%d}", row.priority, row.language, day_type(row)]
    return [*place, row.kept, row.missed, row.beyond, row.unsettled]
