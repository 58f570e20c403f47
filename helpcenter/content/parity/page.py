"""A text from which figures are taken, one kind after the other: what was read is blanked out for the next. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from helpcenter.content.parity.kinds import Check

BLANK = "\ufffb"


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


class Page:
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
Maker = Callable[[re.Match[str], Page], Made]


def whole(check: Check, value: str, match: re.Match[str], unit: str = "", in_words: bool = False) -> Made:
    return Figure(check, value, unit, match[0].strip(), match.start(), in_words), match.start(), match.end()


def group(match: re.Match[str]) -> int:
    """Which of several numbered patterns has matched."""
    return int(str(match.lastgroup)[1:])


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
