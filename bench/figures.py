"""What a run found: figures beside their goals, as a table and as JSON."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Figure:
    """A figure of a row of the table. Without a goal it is information; without a value it could not be measured, and
    `note` says why. `at_least`: the goal is a lower bound."""

    row: int
    name: str
    value: float | None
    unit: str
    goal: float | None = None
    at_least: bool = False
    note: str = ""
    detail: dict[str, Any] = field(default_factory=dict)

    @property
    def passed(self) -> bool | None:
        if self.goal is None or self.value is None:
            return None
        return self.value >= self.goal if self.at_least else self.value <= self.goal

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "value": _rounded(self.value), "passed": self.passed}


def skipped(row: int, name: str, reason: object) -> Figure:
    return Figure(row, name, None, "", note=f"skipped: {reason}")


def print_heading() -> None:
    print(f"{'row':>3}  {'what':<58} {'figure':>16}  {'goal':>9}", flush=True)


def print_figure(figure: Figure) -> None:
    value = "-" if figure.value is None else f"{_rounded(figure.value):g} {figure.unit}"
    goal = "" if figure.goal is None else f"{'>=' if figure.at_least else '<='} {figure.goal:g}"
    verdict = {True: "ok", False: "MISSED", None: ""}[figure.passed]
    note = f"  ({figure.note})" if figure.note else ""
    print(f"{figure.row:>3}  {figure.name:<58} {value:>16}  {goal:>9}  {verdict}{note}", flush=True)


def write(path: Path, figures: Iterable[Figure], **about: Any) -> None:
    """Write the figures as JSON; nothing in it names the machine."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {**about, "figures": [figure.as_dict() for figure in figures]}
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _rounded(value: float | None) -> float | None:
    """Three significant digits, and whole numbers as they are."""
    return None if value is None else value if value == int(value) else float(f"{value:.3g}")
