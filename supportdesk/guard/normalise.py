"""One form of a text for all detectors, with the way back to the original characters."""

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

LONGEST_CLUSTER = 30  # characters; ordering the marks of a cluster takes the square of their number

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_BLANKS = str.maketrans("\t\r\f\v", " " * 4)


@dataclass(frozen=True)
class Normalised:
    """A text in the form that detectors read: character i comes from `starts[i]` up to `stops[i]` of the original."""

    text: str
    starts: Sequence[int]
    stops: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original span of `text[start:end]`; invisible characters inside it are part of it."""
        return self.starts[start], self.stops[end - 1]


def normalise(text: str) -> Normalised:
    """Resolve HTML entities, drop format characters (zero-width, bidi marks), compose accents, fold full-width forms,
    and make every blank but a line end one space."""
    if text.isascii() and "&" not in text:  # most texts, and every long one: a log, a list of trades
        return Normalised(text.translate(_BLANKS), range(len(text)), range(1, len(text) + 1))
    characters: list[str] = []
    starts: list[int] = []
    stops: list[int] = []
    for cluster, start, stop in _clusters(text):
        for folded in _fold(cluster):
            characters.append(folded)
            starts.append(start)
            stops.append(stop)
    return Normalised("".join(characters), starts, stops)


def _clusters(text: str) -> Iterator[tuple[str, int, int]]:
    """A character with the combining marks that follow it, and where both stand in the original."""
    cluster, start, stop = "", 0, 0
    for character, begin, end in _visible(text):
        joins = not character.isascii() and unicodedata.combining(character) and len(cluster) < LONGEST_CLUSTER
        if cluster and not joins:
            yield cluster, start, stop
            cluster = ""
        cluster, start, stop = cluster + character, start if cluster else begin, end
    if cluster:
        yield cluster, start, stop


def _visible(text: str) -> Iterator[tuple[str, int, int]]:
    """The characters that a reader sees; one that is invisible must not part a letter from its accent."""
    position = 0
    for entity in _ENTITY.finditer(text):
        yield from _shown(text[position : entity.start()], position)
        for character in html.unescape(entity.group()):
            if not _is_invisible(character):
                yield character, entity.start(), entity.end()
        position = entity.end()
    yield from _shown(text[position:], position)


def _shown(text: str, offset: int) -> Iterator[tuple[str, int, int]]:
    for position, character in enumerate(text, offset):
        if not _is_invisible(character):
            yield character, position, position + 1


def _is_invisible(character: str) -> bool:
    return not character.isascii() and unicodedata.category(character) == "Cf"


def _fold(cluster: str) -> str:
    if cluster.isascii():
        return cluster.translate(_BLANKS)
    return " " if cluster.isspace() else unicodedata.normalize("NFKC", cluster)
