"""What wordings speak for a topic, learned from texts that people have labelled. Pure.

A text becomes pieces: of every word of it, counted once, its parts of two to five letters with the borders of the word,
and the whole; of Chinese and Japanese, which have no borders, every one to three letters. Each piece speaks for or
against each label by a weight; a softmax of the sums, divided by the root of how many pieces are known, is the
probability of each label. Beside them stand the thoughts of the text (`tickets.meanings`) and each two of them in one
sentence, which are the same in all languages, so that a language learns from the others: their sum counts `GAIN` times.
The weights are those of two logistic regressions, each the mean of what is found after each of a few passes through
the examples: learned together, the many parts of words leave thoughts nothing to explain. The fewer texts have a part
of a word, the faster it learns, so that what is in all of them explains nothing; and the fewer examples a label has,
the more each of them counts. The weights are kept in a table of bytes: `SLOTS` places, each with the hash of its piece
and a byte for each label. Of two pieces that fall on one place the one that says more is kept.

Of texts that are somebody's (`Example.person`), only pieces count that so many different people have written
(`SHARED_BY`), so that nothing of one person's text can be read from a table.
"""

import json
import math
import operator
import random
import re
import zlib
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple
from zlib import crc32

from tickets.meanings import TOKEN, Meaning, meanings, said
from tickets.phrases import HAN, HANGUL, Folded, fold

LONGEST = 2000  # letters; what follows in a text is not read
EXPLAINED = 600  # letters of a text in which the deciding words are looked for
LONGEST_WORD = 24
SLOTS = 1 << 17
SHARED_BY = 3  # people
PASSES, STEP = 7, 3.0
PASSES_OF_THOUGHTS, STEP_OF_THOUGHTS, SHARE_OF_THOUGHT = 10, 0.5, 0.35
MOST_RARE = 2.0  # factor at most, by which an example of a rare label counts more
GAIN = 0.8  # factor on the score of thoughts where it is added to that of parts of words
MOST_REMEMBERED = 2000  # words
MOST_SPANS = 4
LONGEST_SPAN = 8  # letters, in scripts without blanks between words
_MIDDLE = 128  # the byte that stands for a weight of 0
_IS_HAN, _IS_HANGUL = re.compile(f"[{HAN}]"), re.compile(f"[{HANGUL}]")
VERSION, _WITHOUT_THOUGHTS = 2, 1  # of a stored table; the first had no thoughts
WAY = 2  # number of the way of learning; a table that was learned another way is learned again


class BadTable(ValueError):
    """Bytes that are no table of this version."""


class Example(NamedTuple):
    """A text with the label that people gave it. `weight` says how much it counts beside others, `person` whose it is;
    0: it was written to be learned from."""

    text: str
    label: str
    weight: float = 1.0
    person: int = 0


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
                value = (row[place] - _MIDDLE) * self._factor_of_thoughts / len(meant)
                for one in meant:
                    yield Span(one.start, one.end, value)

    def _of_token(self, token: re.Match[str], place: int) -> Iterator[Span]:
        """A word as a whole; of letters without borders those that speak for it side by side. A row's steps are 0
        together, so that a label's are what it says more than for the others."""
        word, start, count = token[0], token.start(), len(self.labels)
        if not _IS_HAN.match(word):
            rows = self._rows(word)
            yield Span(start, token.end(), sum(rows[place::count]) - _MIDDLE * (len(rows) // count))
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
                    share = (weights[slot * count + place] - _MIDDLE) / size
                    for letter in range(at, at + size):
                        letters[letter] += share
        return letters

    def _logits(self, rows: bytes, factor: float) -> list[float]:
        count = len(self.labels)
        known = len(rows) // count
        return [(sum(rows[place::count]) - _MIDDLE * known) * factor for place in range(count)]

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


# Learning


class _Read(NamedTuple):
    pieces: list[str]
    label: int
    step: float
    share: float  # factor on the sum of its pieces


_LANE, _UNIT = 32, 1 << 18  # bits of a label's weight in a number that holds those of all labels; its 1.0
_RATE = 64  # the rate of a piece that learns as fast as the mean


class _Lanes:
    """The weights of all labels in one number, so that adding two rows is one addition. A lane may be negative: it
    borrows from the next, which `apart` gives back."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._zero = sum(1 << (_LANE * lane + _LANE - 1) for lane in range(count))

    def together(self, values: Sequence[float]) -> int:
        return sum(round(value * _UNIT) << (_LANE * lane) for lane, value in enumerate(values))

    def apart(self, row: int) -> list[float]:
        plain = (row + self._zero).to_bytes(_LANE // 8 * self._count, "little")
        middle = 1 << (_LANE - 1)
        return [
            (int.from_bytes(plain[at : at + 4], "little") - middle) / _UNIT for at in range(0, len(plain), _LANE // 8)
        ]


def learn(
    examples: Iterable[Example], *, sharpness: float = 1.0, slots: int = SLOTS, cuts: Sequence[Cut] = ()
) -> Learned:
    """A table from examples; the same ones in the same order give the same table. `cuts` are those of the examples
    where they are known. Raises ValueError for fewer than two labels."""
    rows = list(examples)
    labels = sorted({one.label for one in rows})
    if len(labels) < 2:
        raise ValueError("There must be at least two labels to be told apart.")
    found = _counting(rows, cuts or _cuts(rows))
    place = {label: number for number, label in enumerate(labels)}
    lanes, worth = _Lanes(len(labels)), _worth_of_labels(rows)
    of_pieces = [
        _Read(own.pieces, place[one.label], STEP * one.weight * worth[one.label], 1 / math.sqrt(len(own.pieces) or 1))
        for one, own in zip(rows, found, strict=True)
    ]
    of_thoughts = [
        _Read(own.thoughts, place[one.label], STEP_OF_THOUGHTS * one.weight * worth[one.label], SHARE_OF_THOUGHT)
        for one, own in zip(rows, found, strict=True)
    ]
    rates = _rates([own.pieces for own in found])
    same = dict.fromkeys((piece for own in found for piece in own.thoughts), _RATE)
    weights = _descended(of_pieces, lanes, rates, PASSES) | _descended(of_thoughts, lanes, same, PASSES_OF_THOUGHTS)
    return _table(weights, labels, slots, sharpness)


def _cuts(examples: Iterable[Example]) -> list[Cut]:
    """What each of them is cut into; what several have is held once."""
    same: dict[str, str] = {}
    found = (cut(one.text) for one in examples)
    return [Cut(*([same.setdefault(piece, piece) for piece in part] for part in own)) for own in found]


def _counting(rows: Sequence[Example], cuts: Sequence[Cut]) -> list[Cut]:
    """What counts of the examples: pieces that enough people have written, and in texts that are nobody's those that
    two of them have."""
    in_texts = Counter(
        piece for one, found in zip(rows, cuts, strict=True) if not one.person for part in found for piece in set(part)
    )
    shared = _shared(zip(rows, cuts, strict=True))

    def counting(one: Example, pieces: list[str]) -> list[str]:
        return [piece for piece in pieces if piece in shared or (not one.person and in_texts[piece] > 1)]

    return [
        Cut(counting(one, found.pieces), counting(one, found.thoughts)) for one, found in zip(rows, cuts, strict=True)
    ]


def _shared(rows: Iterable[tuple[Example, Cut]]) -> set[str]:
    """Pieces that `SHARED_BY` different people have written."""
    people: dict[str, set[int]] = {}
    for one, found in rows:
        if one.person:
            for piece in (*found.pieces, *found.thoughts):
                people.setdefault(piece, set()).add(one.person)
    return {piece for piece, persons in people.items() if len(persons) >= SHARED_BY}


def _worth_of_labels(rows: Iterable[Example]) -> dict[str, float]:
    """How much an example of each label counts: the more, the fewer there are."""
    counts: dict[str, float] = {}
    for one in rows:
        counts[one.label] = counts.get(one.label, 0.0) + one.weight
    mean = sum(counts.values()) / len(counts)
    return {label: min(math.sqrt(mean / count), MOST_RARE) if count else 1.0 for label, count in counts.items()}


def _rates(texts: Sequence[Sequence[str]]) -> dict[str, int]:
    """How fast each piece learns, by how few texts have it. A regression of pieces that count as often as the square of
    their inverse document frequency has steps of its fourth power."""
    in_texts = Counter(piece for own in texts for piece in set(own))
    rates = {piece: (math.log((1 + len(texts)) / (1 + count)) + 1) ** 4 for piece, count in in_texts.items()}
    means = [sum(map(rates.__getitem__, own)) / len(own) for own in texts if own]
    mean = sum(means) / len(means) if means else 1.0
    return {piece: max(round(_RATE * rate / mean), 1) for piece, rate in rates.items()}


def _descended(read: list[_Read], lanes: _Lanes, rates: Mapping[str, int], passes: int) -> dict[str, list[float]]:
    """The weights of a logistic regression by stochastic gradient descent: the mean of those after each pass, which
    depends less on the examples that came last."""
    number = {piece: place for place, piece in enumerate(rates)}
    rows = [([number[piece] for piece in one.pieces], one) for one in read]
    rate, weights, sums = list(rates.values()), [0] * len(rates), [0] * len(rates)
    order = random.Random(1)  # noqa: S311 - an order that is the same each time
    for _ in range(passes):
        order.shuffle(rows)
        for pieces, one in rows:
            logits = [value * one.share for value in lanes.apart(sum(map(weights.__getitem__, pieces)))]
            wrong = softmax(logits)
            wrong[one.label] -= 1
            change = lanes.together([-one.step * one.share * value / _RATE for value in wrong])
            for piece in pieces:
                weights[piece] += change * rate[piece]
        sums = list(map(operator.add, sums, weights))
    return {piece: [value / passes for value in lanes.apart(row)] for piece, row in zip(rates, sums, strict=True)}


def _table(weights: Mapping[str, list[float]], labels: Sequence[str], slots: int, sharpness: float) -> Learned:
    count = len(labels)
    centred = {piece: [value - sum(row) / count for value in row] for piece, row in weights.items()}
    spoken = {piece: max(row) - min(row) for piece, row in centred.items()}
    scale = _scale(centred)
    keys, packed = array("I", bytes(4 * slots)), bytearray([_MIDDLE]) * (slots * count)
    for piece in sorted(spoken, key=lambda piece: (spoken[piece], piece)):  # the loudest comes last and stays
        key = crc32(piece.encode())
        slot = key % slots
        keys[slot] = key
        packed[slot * count : (slot + 1) * count] = bytes(
            min(max(round(value / scale) + _MIDDLE, 0), 255) for value in centred[piece]
        )
    return Learned(labels, keys, bytes(packed), scale=scale, sharpness=sharpness, gain=GAIN * SHARE_OF_THOUGHT)


def _scale(rows: Mapping[str, list[float]]) -> float:
    """What a step of the bytes stands for: of a thousand pieces the loudest may be cut."""
    loudest = sorted(max(map(abs, row)) for row in rows.values())
    return (loudest[int(len(loudest) * 0.999)] if loudest else 0.0) / (_MIDDLE - 1) or 1.0


# How good it is


def folds(count: int, parts: int) -> list[list[int]]:
    """The places of so many examples, in parts of the same size by chance; the same ones each time."""
    order = list(range(count))
    random.Random(7).shuffle(order)  # noqa: S311 - by chance, and each time the same
    return [sorted(order[part::parts]) for part in range(parts)]


def read_by_others(
    examples: Sequence[Example], parts: int = 5, *, always: Sequence[Example] = ()
) -> list[dict[str, float]]:
    """The probabilities of each example by a table that was learned from the other parts, and from `always`."""
    found: dict[int, dict[str, float]] = {}
    everything = [*examples, *always]
    cuts = _cuts(everything)
    for part in folds(len(examples), parts):
        held = set(part)
        others = [place for place in range(len(everything)) if place not in held]
        table = learn([everything[place] for place in others], cuts=[cuts[place] for place in others])
        found |= {place: table.probabilities(examples[place].text) for place in part}
    return [found[place] for place in range(len(examples))]


def sharpened(reading: Mapping[str, float], factor: float) -> dict[str, float]:
    """The probabilities that a table of this sharpness gives, from those of one whose own is 1."""
    logs = [factor * math.log(max(share, 1e-9)) for share in reading.values()]
    return dict(zip(reading, softmax(logs), strict=True))


SHARPER = tuple(step / 10 for step in range(3, 31))


def sharpness_of(readings: Sequence[tuple[Mapping[str, float], str]]) -> float:
    """The factor of the logits that makes probabilities true: by which the labels of these readings are least
    surprising. `readings` are those of a table whose own is 1, each with the label of its text."""
    logs = [
        ([math.log(max(share, 1e-9)) for share in found.values()], list(found).index(own))
        for found, own in readings
        if own in found
    ]

    def surprise(factor: float) -> float:
        return -sum(math.log(max(softmax([factor * one for one in row])[own], 1e-9)) for row, own in logs)

    return min(SHARPER, key=surprise)
