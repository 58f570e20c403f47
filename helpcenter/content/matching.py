"""Which items two sequences have in common, in their order. Pure.

The longest common subsequence where that is affordable; in longer sequences it is looked for between items that stand
once in both (Bram Cohen's patience diff), and what even so stays too long counts as all different.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import LCSseq

LARGEST = 40_000_000  # comparisons in one go: a bit of memory each, milliseconds in all


@dataclass(frozen=True)
class Step:
    """Items `before[b1:b2]` became `after[a1:a2]`; where `is_same` they are the same."""

    is_same: bool
    b1: int
    b2: int
    a1: int
    a2: int


def steps(before: Sequence[Hashable], after: Sequence[Hashable]) -> list[Step]:
    """From one sequence to the other, in order and without gaps; no two steps of one kind follow one another."""
    numbers: dict[Hashable, int] = {}
    left = [numbers.setdefault(item, len(numbers)) for item in before]
    right = [numbers.setdefault(item, len(numbers)) for item in after]
    return list(_steps(_common(left, right), len(left), len(right)))


def _steps(pairs: Iterator[tuple[int, int]], before: int, after: int) -> Iterator[Step]:
    """Steps out of the pairs of places that are the same."""
    b = a = 0
    same_b = same_a = 0  # where the run of same items begins that ends at b, a
    for pair_b, pair_a in pairs:
        if (pair_b, pair_a) != (b, a):
            if b > same_b:
                yield Step(True, same_b, b, same_a, a)
            yield Step(False, b, pair_b, a, pair_a)
            same_b, same_a = pair_b, pair_a
        b, a = pair_b + 1, pair_a + 1
    if b > same_b:
        yield Step(True, same_b, b, same_a, a)
    if (b, a) != (before, after):
        yield Step(False, b, before, a, after)


def _common(left: list[int], right: list[int]) -> Iterator[tuple[int, int]]:
    """Pairs of places with the same item, rising in both."""
    shorter = min(len(left), len(right))
    head = next((n for n in range(shorter) if left[n] != right[n]), shorter)
    tail = next((n for n in range(shorter - head) if left[-1 - n] != right[-1 - n]), shorter - head)
    yield from ((n, n) for n in range(head))
    middle = _between(left[head : len(left) - tail], right[head : len(right) - tail])
    yield from ((head + b, head + a) for b, a in middle)
    yield from ((len(left) - n, len(right) - n) for n in range(tail, 0, -1))


def _between(left: list[int], right: list[int]) -> Iterator[tuple[int, int]]:
    if len(left) * len(right) <= LARGEST:
        yield from _longest(left, right)
        return
    b = a = 0
    for anchor_b, anchor_a in [*_anchors(left, right), (len(left), len(right))]:
        piece, other = left[b:anchor_b], right[a:anchor_a]
        if len(piece) * len(other) <= LARGEST:
            yield from ((b + x, a + y) for x, y in _longest(piece, other))
        if anchor_b < len(left):
            yield anchor_b, anchor_a
        b, a = anchor_b + 1, anchor_a + 1


def _longest(left: list[int], right: list[int]) -> Iterator[tuple[int, int]]:
    if not left or not right:
        return
    for step in LCSseq.opcodes(left, right):
        if step.tag == "equal":
            yield from zip(
                range(step.src_start, step.src_end), range(step.dest_start, step.dest_end), strict=True
            )  # fmt: skip


def _anchors(left: list[int], right: list[int]) -> list[tuple[int, int]]:
    """The longest rising row of items that stand once in both."""
    counts_left, counts_right = Counter(left), Counter(right)
    places = {item: n for n, item in enumerate(right) if counts_right[item] == 1}
    pairs = [(n, places[item]) for n, item in enumerate(left) if counts_left[item] == 1 and item in places]
    ends: list[int] = []  # for each length of a rising row, the lowest place at which one ends
    rows: list[int] = []  # the pair at that end
    previous = [-1] * len(pairs)
    for n, (_, place) in enumerate(pairs):
        at = bisect_left(ends, place)
        previous[n] = rows[at - 1] if at else -1
        ends[at:at + 1], rows[at:at + 1] = [place], [n]  # fmt: skip
    found = []
    n = rows[-1] if rows else -1
    while n >= 0:
        found.append(pairs[n])
        n = previous[n]
    return found[::-1]
