"""What each term scores in each document: BM25F, worked out when a question first asks for it and kept until the index
changes. A question's stages ask for the same terms again and again, and so do the questions of a busy hour.

Sums of these are exact. Whoosh's own matchers skip documents by estimates that are wrong for boosted terms in two
fields, and so lose good hits.
"""

import math
import threading
from array import array
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import NamedTuple

from helpcenter.search.plan import BOOSTS

K1, B = 2.0, 0.75
# How steeply rarity counts: a question has many common words, and what it is about is in its few rare ones.
RARITY = 1.5
# A title is short because titles are; its length says less.
FIELD_B = {"title": 0.3}
# All texts of a document as one field, each with its boost. A term is as rare as it is in them together: a common word
# does not become rare because few titles have it.
TEXTS = "texts"
# A name is a word that nearly all pages of a section of so many hold, and hardly any other page.
SMALLEST_SECTION, IN_SECTION, OF_HOLDERS = 5, 0.8, 0.9
MOST_NAMES = 5_000  # words of which is kept whether they are names
MOST_POSTINGS = 100_000  # kept per index; twelve bytes each
MOST_OF_EACH = 50  # of a large index: as many for each document, since a common word alone has one in all of them


class Part(NamedTuple):
    """A term in a field, with its weight in a question."""

    field: str
    term: str
    weight: float


class Postings(NamedTuple):
    """Documents by number, and what the term scores in each."""

    places: Sequence[int]
    scores: Sequence[float]


class Found(NamedTuple):
    """Documents by number, and how often a term stands in each; side by side, since a common word is in all of them."""

    places: list[int]
    frequencies: list[float]


Read = Callable[[str, str], Found]


class Lengths(NamedTuple):
    """How many terms a field has in each document, and on average."""

    each: Sequence[int]
    mean: float


class Kept:
    """What has been worked out of one state of an index. Threads share it, and at worst work something out twice."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.postings: dict[tuple[str, str], Postings] = {}
        self.count = 0
        self.norms: dict[str, array[float]] = {}
        self.sections: list[frozenset[int]] | None = None
        self.named: dict[tuple[str, ...], frozenset[int]] = {}

    def add(self, field: str, term: str, postings: Postings, most: int) -> Postings:
        with self.lock:
            self._forget((field, term))
            self.postings[field, term] = postings
            self.count += len(postings.places) + 1
            while self.count > most and len(self.postings) > 1:
                self._forget(next(iter(self.postings)))  # the oldest: a busy hour's words soon come back
        return postings

    def _forget(self, key: tuple[str, str]) -> None:
        known = self.postings.pop(key, None)
        if known is not None:
            self.count -= len(known.places) + 1


class Scores:
    """Scores of one state of an index. `read` gives the documents of a term with its frequency in each, `lengths` a
    field's lengths, `sections` the documents of each section."""

    def __init__(
        self,
        documents: int,
        read: Read,
        lengths: Callable[[str], Lengths],
        kept: Kept,
        sections: Callable[[], Iterable[Iterable[int]]] = tuple,
    ) -> None:
        self.documents, self.read, self.lengths, self.kept, self.sections = documents, read, lengths, kept, sections

    def idf(self, holders: int) -> float:
        """The rarer a term, the more it says."""
        return (math.log(self.documents / (holders + 1)) + 1) ** RARITY if self.documents else 0.0

    def of(self, field: str, term: str) -> Postings:
        known = self.kept.postings.get((field, term))
        return known if known is not None else self._work_out(field, term)

    def spread(self, term: str) -> int:
        """How many documents hold a term in any of their texts."""
        return len(self.of(TEXTS, term).places)

    def named(self, terms: tuple[str, ...]) -> frozenset[int]:
        """The documents that hold any of these terms, where they are a name: `monero`, in a section about it. None of
        any other word."""
        known = self.kept.named.get(terms)
        if known is None:
            if len(self.kept.named) >= MOST_NAMES:
                self.kept.named = {}
            known = self.kept.named[terms] = self._named(terms)
        return known

    def _named(self, terms: tuple[str, ...]) -> frozenset[int]:
        holders = frozenset(chain.from_iterable(self.of(TEXTS, term).places for term in terms))
        if not SMALLEST_SECTION <= len(holders) <= self.documents / 2:
            return frozenset()
        own = [len(section & holders) for section in self._sections() if _is_about(section, holders)]
        return holders if sum(own) >= OF_HOLDERS * len(holders) else frozenset()

    def _sections(self) -> list[frozenset[int]]:
        if self.kept.sections is None:
            self.kept.sections = [frozenset(section) for section in self.sections()]
        return self.kept.sections

    def total(self, parts: Iterable[Part]) -> dict[int, float]:
        """Document -> sum of what the parts score in it; documents without any are left out."""
        total: dict[int, float] = {}
        before = total.get
        for field, term, weight in parts:
            for place, score in zip(*self.of(field, term), strict=True):
                total[place] = before(place, 0.0) + score * weight
        return total

    def total_of_all(self, groups: Iterable[Sequence[Part]]) -> dict[int, float]:
        """Document -> sum of what all parts score in it, of those that hold some part of each group. Most documents
        hold but one of two words: nothing is added up for these."""
        groups = list(groups)
        if len(groups) == 1:
            return self.total(groups[0])
        holders = (set(chain.from_iterable(self.of(*part[:2]).places for part in group)) for group in groups)
        total = dict.fromkeys(set.intersection(*holders), 0.0) if groups else {}
        self.add(total, chain.from_iterable(groups))
        return total

    def add(self, total: dict[int, float], parts: Iterable[Part]) -> None:
        """Add what the parts score, to documents that are in `total` already."""
        for field, term, weight in parts:
            for place, score in zip(*self.of(field, term), strict=True):
                if place in total:
                    total[place] += score * weight

    def _work_out(self, field: str, term: str) -> Postings:
        postings = self._in_texts(term) if field == TEXTS else self._in_field(field, term)
        return self.kept.add(field, term, postings, max(MOST_POSTINGS, MOST_OF_EACH * self.documents))

    def _in_field(self, field: str, term: str) -> Postings:
        found = self.read(field, term)
        return _postings(found.places, _bm25(found, self._norms(field), self.idf(len(found.places))))

    def _in_texts(self, term: str) -> Postings:
        """One posting for all fields of a document: a question adds up a fourth of the parts."""
        found = {field: self.read(field, term) for field in BOOSTS}
        total: dict[int, float] = {place: 0.0 for each in found.values() for place in each.places}
        idf = self.idf(len(total))
        for field, each in found.items():
            for place, score in zip(each.places, _bm25(each, self._norms(field), idf), strict=True):
                total[place] += score * BOOSTS[field]
        return _postings(list(total), list(total.values()))

    def _norms(self, field: str) -> "array[float]":
        """What a frequency is weighed against in each document: the longer the field, the more."""
        known = self.kept.norms.get(field)
        if known is None:
            lengths, b = self.lengths(field), FIELD_B.get(field, B)
            mean = lengths.mean or 1.0
            known = array("d", (K1 * (1 - b + b * length / mean) for length in lengths.each))
            self.kept.norms[field] = known
        return known


def _is_about(section: frozenset[int], holders: frozenset[int]) -> bool:
    return len(section) >= SMALLEST_SECTION and len(section & holders) >= IN_SECTION * len(section)


def _postings(places: Sequence[int], scores: Sequence[float]) -> Postings:
    return Postings(array("I", places), array("d", scores)) if places else NOWHERE


def _bm25(found: Found, norms: Sequence[float], idf: float) -> list[float]:
    """Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009, equation 3.15."""
    most = idf * (K1 + 1)
    return [most * frequency / (frequency + norms[place]) for place, frequency in zip(*found, strict=True)]


NOWHERE = Postings((), ())
