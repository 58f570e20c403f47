"""The words of an index: what a mistyped word may have meant, how a begun word may go on."""

from bisect import bisect_left
from collections import defaultdict

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

MOST_EXPANSIONS = 8
SHORTEST_CORRECTED = 4


class Lexicon:
    """Plain words with the number of documents that hold them."""

    def __init__(self, frequencies: dict[str, int]) -> None:
        self.frequencies = frequencies
        self.sorted = sorted(frequencies)
        self.by_letter: dict[str, list[str]] = defaultdict(list)
        for word in filter(None, self.sorted):
            self.by_letter[word[0]].append(word)

    def __contains__(self, word: str) -> bool:
        return word in self.frequencies

    def correct(self, word: str) -> str | None:
        """The nearest known word with the same first letter; among equals the most frequent. None where none is near:
        one edit for 4-7 letters, two from 8."""
        limit = 0 if len(word) < SHORTEST_CORRECTED else 1 if len(word) < 8 else 2
        if not limit or word.isdigit():
            return None
        near = [other for other in self.by_letter.get(word[0], ()) if abs(len(other) - len(word)) <= limit]
        found = process.extract(word, near, scorer=DamerauLevenshtein.distance, score_cutoff=limit, limit=None)
        best = min(found, key=lambda hit: (hit[1], -self.frequencies[hit[0]], hit[0]), default=None)
        return best[0] if best else None

    def expand(self, prefix: str) -> list[str]:
        """The most frequent words that begin with a prefix, without the prefix itself."""
        start = bisect_left(self.sorted, prefix)
        end = bisect_left(self.sorted, prefix + "\U0010ffff")
        words = [word for word in self.sorted[start:end] if word != prefix]
        return sorted(words, key=lambda word: (-self.frequencies[word], word))[:MOST_EXPANSIONS]
