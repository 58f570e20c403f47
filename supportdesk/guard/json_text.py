"""Texts in JSON, whose escapes hide words from a reader of the file and from nobody who opens it."""

import re
from array import array
from bisect import bisect_left
from dataclasses import dataclass

_ESCAPE = re.compile(r'\\(?:u([0-9A-Fa-f]{4})|(["\\/bfnrt]))')
_MEANT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


@dataclass(frozen=True)
class Unescaped:
    """A text with its escapes undone. Those of them that stand before `places[i]` or at it are `longer[i]` characters
    longer together than what they mean."""

    text: str
    places: "array[int]"
    longer: "array[int]"

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where `text[start:end]` stands in the text that was given."""
        return start + self._longer_before(start), end + self._longer_before(end)

    def _longer_before(self, place: int) -> int:
        number = bisect_left(self.places, place)
        return self.longer[number - 1] if number else 0


def unescaped(text: str) -> Unescaped:
    """The escapes of a JSON text undone, wherever they stand."""
    parts, places, longer = [], array("L"), array("L")
    position = shift = 0
    for match in _ESCAPE.finditer(text):
        parts += [text[position : match.start()], _meant(match)]
        places.append(match.start() - shift)
        position = match.end()
        shift += match.end() - match.start() - 1
        longer.append(shift)
    return Unescaped("".join([*parts, text[position:]]), places, longer)


def _meant(match: re.Match[str]) -> str:
    number, letter = match.groups()
    return chr(int(number, 16)) if number else _MEANT.get(letter, letter)
