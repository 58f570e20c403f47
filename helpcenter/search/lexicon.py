"""The words of an index: what a mistyped word may have meant, how a begun word may go on."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from heapq import nsmallest
from operator import neg

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from helpcenter.search import korean

MOST_EXPANSIONS = 8
SHORTEST_CORRECTED = 4
BEHIND_ALL = b"\xff"  # no word in UTF-8 goes on with it
SHORTEST_PART = 3  # of two words that were typed as one
OFTEN_ENOUGH = 2  # documents that must begin words with what a Korean one is taken for


class Lexicon:
    """Plain words with the number of documents that hold them.

    A large site has a hundred thousand words in each language, and every web process its own: they lie in one piece of
    bytes, not in an object each, which takes a third of the memory. In UTF-8 they have the order of their characters.
    """

    def __init__(self, frequencies: Iterable[tuple[bytes, int]]) -> None:
        """`frequencies` has each word once, in UTF-8, in order."""
        lines, self._starts, self._counts = bytearray(), array("I", [0]), array("I")
        for word, count in frequencies:
            lines += word + b"\n"
            self._starts.append(len(lines))
            self._counts.append(count)
        self._bytes = bytes(lines)

    def __contains__(self, word: str) -> bool:
        return self.held(word) > 0

    def correct(self, word: str) -> str | None:
        """The nearest known word with the same first letter; among equals the most frequent. None where none is near:
        one edit for 4-7 letters, two from 8."""
        limit = 0 if len(word) < SHORTEST_CORRECTED else 1 if len(word) < 8 else 2
        if not limit or word.isdigit():
            return None
        alike = self._between(*self._places(word[0]))
        near = [other for other in alike if abs(len(other) - len(word)) <= limit]
        found = process.extract(word, near, scorer=DamerauLevenshtein.distance, score_cutoff=limit, limit=None)
        best = min(found, key=lambda hit: (hit[1], -self.held(hit[0]), hit[0]), default=None)
        return best[0] if best else None

    def correct_syllables(self, word: str) -> str | None:
        """A Korean word with one letter of one syllable put right, its ending kept: of several what most documents
        begin words with. None where it is known or nothing is near."""
        length = korean.stem_length(word)
        stem = word[:length]
        if length < korean.SHORTEST_STEM or self.beginning(stem):
            return None
        slipped = [
            stem[:place] + other + stem[place + 1 :]
            for place, syllable in enumerate(stem)
            for other in korean.slips(syllable)
        ]
        best = max(slipped, key=self.beginning, default="")
        return best + word[length:] if best and self.beginning(best) >= OFTEN_ENOUGH else None

    def beginning(self, prefix: str) -> int:
        """How many documents hold words with a beginning; one with several of them counts as often."""
        start, end = self._places(prefix)
        return sum(self._counts[start:end])

    def parted(self, word: str) -> tuple[str, str] | None:
        """Two known words that were typed as one, the most frequent pair; None where no two make it up."""
        places = range(SHORTEST_PART, len(word) - SHORTEST_PART + 1)
        held = [(min(map(self.held, (word[:at], word[at:]))), word[:at], word[at:]) for at in places]
        best = max(held, default=(0, "", ""))
        return best[1:] if best[0] else None

    def held(self, word: str) -> int:
        """How many documents hold a word."""
        wanted = _encoded(word)
        place = self._place(wanted)
        return self._counts[place] if place < len(self._counts) and self._word(place) == wanted else 0

    def expand(self, prefix: str) -> list[str]:
        """The most frequent words that begin with a prefix, without the prefix itself."""
        start, end = self._places(prefix)
        rows = zip(map(neg, self._counts[start:end]), self._between(start, end), strict=True)
        return [word for _, word in nsmallest(MOST_EXPANSIONS, (row for row in rows if row[1] != prefix))]

    def _places(self, prefix: str) -> tuple[int, int]:
        """First and last place of the words that begin with a prefix; the last is not among them."""
        wanted = _encoded(prefix)
        start = self._place(wanted)
        return start, self._place(wanted + BEHIND_ALL, start)

    def _between(self, start: int, end: int) -> list[str]:
        return self._bytes[self._starts[start] : self._starts[end]].decode().split("\n")[:-1]

    def _place(self, wanted: bytes, start: int = 0) -> int:
        """Where a word stands or would stand."""
        return bisect_left(range(len(self._counts)), wanted, lo=start, key=self._word)

    def _word(self, place: int) -> bytes:
        return self._bytes[self._starts[place] : self._starts[place + 1] - 1]


def _encoded(word: str) -> bytes:
    """Words of the index are UTF-8; what is asked may be half a pair of surrogates."""
    return word.encode("utf-8", "surrogatepass")
