"""Translation memory: what was translated before, and how near it is to a text. Pure.

Scores are those of rapidfuzz's `ratio`: 100 * (1 - insertions and deletions of characters / length of both texts).
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from rapidfuzz import fuzz, process

EXACT = 100
LONGEST_COMPARED = 5_000  # characters; longer texts match only identical ones


@dataclass(frozen=True)
class Entry:
    """A source that was translated to `target`; `origin` says where, for people: an article and its part."""

    source: str
    target: str
    origin: str = ""

    @cached_property
    def folded(self) -> str:
        return fold(self.source)


@dataclass(frozen=True)
class Match:
    """`score` is a whole number from 0 to 100; 100 is the same text, but for white space."""

    score: int
    entry: Entry


def fold(text: str) -> str:
    """NFC with runs of white space as one space."""
    return " ".join((text if text.isascii() else unicodedata.normalize("NFC", text)).split())


def matches(text: str, entries: Iterable[Entry], limit: int = 5, floor: int = 70) -> list[Match]:
    """The entries nearest to a text, best first, those of the same score in the order of the entries.

    A text that differs, be it in one digit, scores less than 100; what scores less than `floor` is left out, and so is
    the second entry with the same source and target.
    """
    wanted = fold(text)
    if not wanted or limit < 1:
        return []
    known = list(entries)
    sources = [entry.folded for entry in known]
    places = [index for index, source in enumerate(sources) if source == wanted]
    scored = [(EXACT, index) for index in places]
    if len(wanted) <= LONGEST_COMPARED:
        near = process.extract(wanted, sources, scorer=fuzz.ratio, processor=None, limit=None, score_cutoff=floor)
        scored += [(min(int(score), EXACT - 1), index) for source, score, index in near if source != wanted]
    return list(islice(_distinct(Match(score, known[index]) for score, index in scored), limit))


def _distinct(found: Iterable[Match]) -> Iterator[Match]:
    seen = set()
    for match in found:
        pair = (match.entry.folded, match.entry.target)
        if pair not in seen:
            seen.add(pair)
            yield match
