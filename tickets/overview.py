"""The figures that say how the desk stands at one moment, and how they are laid out in tables. Pure.

They are counted by the worker and kept as JSON, so that looking at them costs the same however many tickets there are.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self

STEP = timedelta(minutes=5)  # of the arrivals
STEPS = 36  # three hours
MOST_LANGUAGES = 5  # columns of the table of those who wait
OTHER = ""  # stands for all languages that have no column


@dataclass(frozen=True)
class Cell:
    """How many of a topic (its number) and a language wait for a first reply, and how many of them are overdue or due
    within half an hour."""

    topic: int
    language: str
    count: int
    late: int = 0
    soon: int = 0


@dataclass(frozen=True)
class Overview:
    """`oldest`, `arrivals_from` are UTC; `replied_median` is minutes. `soon` counts what is due within half an hour,
    `soon_free` and `overdue_free` those that nobody has. `arrivals` are tickets per `STEP`, the last step may be going
    on; `expected` is what is usual then, empty while that is not known. `loads` are tickets in work by the number of
    who has them. What was replied, solved by an article and opened is counted over the last hour."""

    oldest: datetime | None = None
    soon: int = 0
    soon_free: int = 0
    overdue: int = 0
    overdue_free: int = 0
    replied: int = 0
    replied_kept: int = 0
    replied_median: int | None = None
    solved_by_article: int = 0
    opened: int = 0
    arrivals_from: datetime | None = None
    arrivals: tuple[int, ...] = ()
    expected: tuple[float, ...] = ()
    cells: tuple[Cell, ...] = ()
    loads: Mapping[int, int] = field(default_factory=dict)

    @property
    def waiting(self) -> int:
        """Who waits for a first reply."""
        return sum(cell.count for cell in self.cells)

    @property
    def times_usual(self) -> float | None:
        """How many times as many tickets as usual the last hour has brought; None while that is not known."""
        usual = sum(self.expected[-(STEPS // 3) :])
        return self.opened / usual if usual else None

    @property
    def kept(self) -> float | None:
        """Share of the first replies of the last hour that came in time, 0 to 1; None of nothing."""
        return self.replied_kept / self.replied if self.replied else None

    @property
    def by_article(self) -> float | None:
        """Share of the last hour's questions that an article answered, 0 to 1; None of nothing."""
        asked = self.solved_by_article + self.opened
        return self.solved_by_article / asked if asked else None

    def as_json(self) -> dict[str, Any]:
        found = asdict(self)
        for name in ("oldest", "arrivals_from"):
            found[name] = found[name].isoformat() if found[name] else None
        return found

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> Self:
        """What `as_json` gave; JSON has made strings of the numbers of `loads`."""
        found = {name: value for name, value in kept.items() if name in cls.__dataclass_fields__}
        for name in ("oldest", "arrivals_from"):
            found[name] = datetime.fromisoformat(found[name]) if found.get(name) else None
        found["arrivals"] = tuple(found.get("arrivals", ()))
        found["expected"] = tuple(found.get("expected", ()))
        found["cells"] = tuple(Cell(**cell) for cell in found.get("cells", ()))
        found["loads"] = {int(number): load for number, load in found.get("loads", {}).items()}
        return cls(**found)


def steps_before(at: datetime) -> datetime:
    """When the first of the `STEPS` begins whose last one holds `at`."""
    seconds = int(STEP.total_seconds())
    last = datetime.fromtimestamp(int(at.timestamp()) // seconds * seconds, at.tzinfo)
    return last - STEP * (STEPS - 1)


def per_step(moments: Iterable[datetime], begin: datetime) -> tuple[int, ...]:
    """How many moments lie in each of the `STEPS` from `begin` on; others are left out."""
    counts = Counter((moment - begin) // STEP for moment in moments)
    return tuple(counts[number] for number in range(STEPS))


@dataclass(frozen=True)
class Matrix:
    """Rows by topic, the fullest first, each with one cell per language and, where there are more languages, one for
    the others (`OTHER`)."""

    languages: list[str]
    rows: list[tuple[int, list[Cell]]]


def matrix(cells: Sequence[Cell], most: int = MOST_LANGUAGES) -> Matrix:
    """Who waits, by topic and language."""
    by_language: Counter[str] = Counter()
    by_topic: Counter[int] = Counter()
    for cell in cells:
        by_language[cell.language] += cell.count
        by_topic[cell.topic] += cell.count
    named = _largest(by_language)[:most]
    languages = named if len(by_language) <= most else [*named, OTHER]
    rows = [(topic, [_together(cells, topic, one, named) for one in languages]) for topic in _largest(by_topic)]
    return Matrix(languages, rows)


def _largest(counts: Mapping[Any, int]) -> list[Any]:
    return sorted(counts, key=lambda name: (-counts[name], name))


def _together(cells: Iterable[Cell], topic: int, language: str, named: Sequence[str]) -> Cell:
    own = [
        cell
        for cell in cells
        if cell.topic == topic and (cell.language == language or (language == OTHER and cell.language not in named))
    ]
    counts = (sum(getattr(cell, name) for cell in own) for name in ("count", "late", "soon"))
    return Cell(topic, language, *counts)
