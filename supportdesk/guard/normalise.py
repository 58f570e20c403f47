"""One form of a text for all detectors, with the way back to the original characters."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Normalised:
    """A text in the form that detectors read: character i comes from `starts[i]` up to `stops[i]` of the original."""

    text: str
    starts: list[int]
    stops: list[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original span of `text[start:end]`; invisible characters inside it are part of it."""
        return self.starts[start], self.stops[end - 1]


def normalise(text: str) -> Normalised:
    """Drop format characters (zero-width, bidi marks), compose accents, fold full-width forms, and make every blank
    but a line end one space."""
    characters: list[str] = []
    starts: list[int] = []
    stops: list[int] = []
    for start, stop in _clusters(text):
        for folded in _fold(text[start:stop]):
            characters.append(folded)
            starts.append(start)
            stops.append(stop)
    return Normalised("".join(characters), starts, stops)


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """A character with the combining marks that follow it."""
    start = 0
    for position in range(1, len(text) + 1):
        if position == len(text) or text[position].isascii() or not unicodedata.combining(text[position]):
            yield start, position
            start = position


def _fold(cluster: str) -> str:
    if cluster.isascii():
        return " " if cluster in "\t\r\f\v" else cluster
    if unicodedata.category(cluster[0]) == "Cf":
        return ""
    if cluster.isspace():
        return " "
    return unicodedata.normalize("NFKC", cluster)
