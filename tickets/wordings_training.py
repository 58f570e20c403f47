"""Learning a table of `tickets.wordings` from texts that people have labelled, and how good such a table is. Pure.

The weights are those of two logistic regressions, one of parts of words and one of thoughts, each the mean of what is
found after each of a few passes through the examples: learned together, the many parts of words leave thoughts nothing
to explain. The fewer texts have a part of a word, the faster it learns, so that what is in all of them explains
nothing; the fewer examples a label has, the more each of them counts. Of two pieces that fall on one place of the table
the one that says more is kept. The sum of the thoughts counts `GAIN` times.

Of texts that are somebody's (`Example.person`) only pieces count that so many different people have written
(`SHARED_BY`), so that nothing of one person's text can be read from a table.
"""

import math
import operator
import random
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple
from zlib import crc32

from tickets.wordings import MIDDLE, Cut, Learned, cut, softmax

WAY = 2  # number of the way of learning; a table that was learned another way is learned again
SLOTS = 1 << 17  # places of a table
SHARED_BY = 3  # people
PASSES, STEP = 7, 3.0
PASSES_OF_THOUGHTS, STEP_OF_THOUGHTS, SHARE_OF_THOUGHT = 10, 0.5, 0.35
MOST_RARE = 2.0  # factor at most, by which an example of a rare label counts more
GAIN = 0.8  # factor on the score of thoughts where it is added to that of parts of words


class Example(NamedTuple):
    """A text with the label that people gave it. `weight` says how much it counts beside others, `person` whose it is;
    0: it was written to be learned from."""

    text: str
    label: str
    weight: float = 1.0
    person: int = 0


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
    keys, packed = array("I", bytes(4 * slots)), bytearray([MIDDLE]) * (slots * count)
    for piece in sorted(spoken, key=lambda piece: (spoken[piece], piece)):  # the last one keeps the place
        key = crc32(piece.encode())
        slot = key % slots
        keys[slot] = key
        packed[slot * count : (slot + 1) * count] = bytes(
            min(max(round(value / scale) + MIDDLE, 0), 255) for value in centred[piece]
        )
    return Learned(labels, keys, bytes(packed), scale=scale, sharpness=sharpness, gain=GAIN * SHARE_OF_THOUGHT)


def _scale(rows: Mapping[str, list[float]]) -> float:
    """What a step of the bytes stands for: of a thousand pieces the loudest may be cut."""
    loudest = sorted(max(map(abs, row)) for row in rows.values())
    return (loudest[int(len(loudest) * 0.999)] if loudest else 0.0) / (MIDDLE - 1) or 1.0


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
