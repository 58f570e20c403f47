"""What wordings speak for a topic, by a table that `tickets.wordings_training` has learned from labelled texts. Pure.

A text becomes pieces: of every word of it, counted once, its parts of two to five letters with the borders of the word,
and the whole; of Chinese and Japanese, which have no borders, every one to three letters. Each piece speaks for or
against each label by a weight; a softmax of the sums, divided by the root of how many pieces are known, is the
probability of each label. Beside them stand the thoughts of the text (`tickets.meanings`) and each two of them in one
sentence, which are the same in all languages: what one language has taught counts in the others.

The table is bytes: a number of places, each with the hash of its piece and a byte for each label.
"""

import json
import math
import re
import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple
from zlib import crc32

from tickets.meanings import TOKEN, Meaning, meanings, said
from tickets.phrases import HAN, HANGUL, Folded, fold

LONGEST = 2000  # letters; what follows in a text is not read
EXPLAINED = 600  # letters of a text in which the deciding words are looked for
LONGEST_WORD = 24
MOST_REMEMBERED = 2000  # words
MOST_SPANS = 4
LONGEST_SPAN = 8  # letters, in scripts without blanks between words
MIDDLE = 128  # the byte that stands for a weight of 0
_IS_HAN, _IS_HANGUL = re.compile(f"[{HAN}]"), re.compile(f"[{HANGUL}]")
VERSION, _WITHOUT_THOUGHTS = 2, 1  # of a stored table; the first had no thoughts


class BadTable(ValueError):
    """Bytes that are no table of this version."""


class Span(NamedTuple):
    """Letters of a text (from 0, `end` after the last) that speak for a label; `weight` is what they add to its
    logit above the mean of all labels."""

    start: int
    end: int
    weight: float


class Cut(NamedTuple):
    """What of a text counts: parts of words, once for each different word that has them, and thoughts."""

    pieces: list[str]
    thoughts: list[str]


def cut(text: str) -> Cut:
    folded = fold(text[:LONGEST])
    words = dict.fromkeys(TOKEN.findall(folded))
    return Cut([piece for word in words for piece in _pieces(word)], [piece for piece, _ in _thoughts(folded)])


@lru_cache(maxsize=4)  # the same text is asked for twice: for its probabilities, then for the words behind them
def _thoughts(folded: str) -> tuple[tuple[str, tuple[Meaning, ...]], ...]:
    return tuple(said(meanings().found_in(folded, list(TOKEN.finditer(folded))), folded))


def _pieces(token: str) -> tuple[str, ...]:
    if _IS_HAN.match(token):
        return tuple(token[at : at + size] for size in (1, 2, 3) for at in range(len(token) - size + 1))
    if _IS_HANGUL.match(token):
        word, sizes = f" {token[:LONGEST_WORD]}", range(1, 4)
    else:
        word, sizes = f" {token[:LONGEST_WORD]} ", range(2, 6)
    parts = [word[at : at + size] for size in sizes for at in range(len(word) - size + 1)]
    return (*parts, word) if len(word) > sizes[-1] else tuple(parts)


class Learned:
    """A table in use. `sharpness` makes of the logits such as give true probabilities; `gain` is how much a
    thought counts, 0 in a table that knows none."""

    def __init__(
        self,
        labels: Sequence[str],
        keys: "array[int]",
        weights: bytes,
        *,
        scale: float,
        sharpness: float = 1.0,
        gain: float = 0.0,
    ) -> None:
        self.labels = tuple(labels)
        self.sharpness, self.gain = sharpness, gain
        self._keys, self._weights, self._scale = keys, weights, scale
        self._remembered: dict[str, bytes] = {}  # words with the rows of their pieces

    @property
    def size(self) -> int:
        """How many pieces it knows."""
        return len(self._keys) - self._keys.count(0)

    def probabilities(self, text: str) -> dict[str, float]:
        """Label -> 0 to 1. Where no piece is known all are alike."""
        folded = fold(text[:LONGEST])
        words = b"".join(map(self._rows, dict.fromkeys(TOKEN.findall(folded))))
        logits = self._logits(words, self._factor(len(words) // len(self.labels)))
        if self.gain:
            rows = b"".join(self._known(piece for piece, _ in _thoughts(folded)))
            logits = [
                one + other for one, other in zip(logits, self._logits(rows, self._factor_of_thoughts), strict=True)
            ]
        return dict(zip(self.labels, softmax(logits), strict=True))

    def spans(self, text: str, label: str) -> list[Span]:
        """The words of a text's beginning that speak most for a label, in the order of the text; each word where it
        stands first, and the words of a thought together. Raises ValueError for a label that it does not know."""
        folded = Folded(text[:EXPLAINED])
        place = self.labels.index(label)
        tokens = {token[0]: token for token in reversed(list(TOKEN.finditer(folded.text)))}
        known = sum(len(self._rows(word)) for word in tokens) // len(self.labels)
        factor = self._factor(known)
        found = [
            span._replace(weight=span.weight * factor)
            for token in tokens.values()
            for span in self._of_token(token, place)
        ]
        joined = _joined([*found, *self._of_thoughts(folded.text, place)])
        best = sorted((span for span in joined if span.weight > 0), key=lambda span: (-span.weight, span.start))
        return sorted(Span(*folded.span(start, end), weight) for start, end, weight in best[:MOST_SPANS])

    def _of_thoughts(self, folded: str, place: int) -> Iterator[Span]:
        """The words of each thought; what two together say is shared between them."""
        if not self.gain:
            return
        for piece, meant in _thoughts(folded):
            for row in self._known((piece,)):
                value = (row[place] - MIDDLE) * self._factor_of_thoughts / len(meant)
                for one in meant:
                    yield Span(one.start, one.end, value)

    def _of_token(self, token: re.Match[str], place: int) -> Iterator[Span]:
        """A word as a whole; of letters without borders those that speak for it side by side. A row's steps are 0
        together, so that a label's are what it says more than for the others."""
        word, start, count = token[0], token.start(), len(self.labels)
        if not _IS_HAN.match(word):
            rows = self._rows(word)
            yield Span(start, token.end(), sum(rows[place::count]) - MIDDLE * (len(rows) // count))
            return
        letters = self._of_letters(word, place)
        for first, last in _runs(letters):
            yield Span(start + first, start + last, sum(letters[first:last]))

    def _of_letters(self, word: str, place: int) -> list[float]:
        """The weight of each letter: its share of the weights of all pieces that contain it."""
        keys, weights, count = self._keys, self._weights, len(self.labels)
        slots, letters = len(keys), [0.0] * len(word)
        for size in (1, 2, 3):
            for at in range(len(word) - size + 1):
                key = crc32(word[at : at + size].encode())
                slot = key % slots
                if keys[slot] == key:
                    share = (weights[slot * count + place] - MIDDLE) / size
                    for letter in range(at, at + size):
                        letters[letter] += share
        return letters

    def _logits(self, rows: bytes, factor: float) -> list[float]:
        count = len(self.labels)
        known = len(rows) // count
        return [(sum(rows[place::count]) - MIDDLE * known) * factor for place in range(count)]

    def _factor(self, known: int) -> float:
        """What a step of the bytes is in logits, where so many parts of words are known."""
        return self.sharpness * self._scale / math.sqrt(known or 1)

    @property
    def _factor_of_thoughts(self) -> float:
        return self.sharpness * self._scale * self.gain

    def _rows(self, token: str) -> bytes:
        """The rows of a word's pieces; people use the same words again and again."""
        rows = self._remembered.get(token)
        if rows is None:
            rows = b"".join(self._known(_pieces(token)))
            if len(token) <= LONGEST_WORD and not _IS_HAN.match(token):
                if len(self._remembered) >= MOST_REMEMBERED:
                    self._remembered.clear()
                self._remembered[token] = rows
        return rows

    def _known(self, pieces: Iterable[str]) -> Iterator[bytes]:
        """The rows of those pieces that it knows."""
        keys, weights, count = self._keys, self._weights, len(self.labels)
        slots = len(keys)
        for piece in pieces:
            key = crc32(piece.encode())
            slot = key % slots
            if keys[slot] == key:
                yield weights[slot * count : (slot + 1) * count]

    # As bytes

    def to_bytes(self) -> bytes:
        head = {
            "version": VERSION,
            "labels": self.labels,
            "slots": len(self._keys),
            "scale": self._scale,
            "sharpness": self.sharpness,
            "gain": self.gain,
        }
        keys = array("I", self._keys)
        if _IS_BIG:
            keys.byteswap()
        return json.dumps(head).encode() + b"\n" + _packed(keys.tobytes() + self._weights)

    @classmethod
    def from_bytes(cls, stored: bytes | memoryview) -> "Learned":
        """Raises BadTable."""
        try:
            line, _, packed = bytes(stored).partition(b"\n")
            head = json.loads(line)
            plain = zlib.decompress(packed)
            labels, slots = head["labels"], int(head["slots"])
            keys = array("I", plain[: slots * 4])
            weights = plain[slots * 4 :]
            scale, sharpness = float(head["scale"]), float(head["sharpness"])
            gain = 0.0 if head["version"] == _WITHOUT_THOUGHTS else float(head["gain"])
        except (ValueError, LookupError, TypeError, zlib.error) as error:
            raise BadTable(str(error)) from error
        is_known = head["version"] in (VERSION, _WITHOUT_THOUGHTS)
        if not is_known or not labels or len(keys) != slots or len(weights) != slots * len(labels):
            raise BadTable("another version, or not whole")
        if _IS_BIG:
            keys.byteswap()
        return cls(labels, keys, weights, scale=scale, sharpness=sharpness, gain=gain)


def _packed(plain: bytes) -> bytes:
    """Compressed as `zlib.decompress` reads it. Of hashes and weights nothing comes twice but empty places: looking for
    runs alone makes it smaller."""
    packing = zlib.compressobj(level=9, strategy=zlib.Z_RLE)
    return packing.compress(plain) + packing.flush()


_IS_BIG = array("H", [1]).tobytes()[0] == 0


def softmax(logits: Sequence[float]) -> list[float]:
    highest = max(logits)
    powers = [math.exp(one - highest) for one in logits]
    whole = sum(powers)
    return [one / whole for one in powers]


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Spans that do not overlap; of those that did the sum."""
    joined: list[Span] = []
    for one in sorted(spans):
        if joined and one.start < joined[-1].end:
            last = joined.pop()
            one = Span(last.start, max(last.end, one.end), last.weight + one.weight)
        joined.append(one)
    return joined


def _runs(letters: Sequence[float]) -> Iterator[tuple[int, int]]:
    """Where two or more letters side by side all speak for it; long ones in parts."""
    for is_for, group in groupby(range(len(letters)), key=lambda place: letters[place] > 0):
        places = list(group) if is_for else []
        for first in range(0, len(places) - 1, LONGEST_SPAN):
            part = places[first : first + LONGEST_SPAN]
            yield part[0], part[-1] + 1
