"""The words of an index: what a mistyped word may have meant, how a begun word may go on."""

from bisect import bisect_left
from collections import defaultdict

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from helpcenter.search import korean

MOST_EXPANSIONS = 8
SHORTEST_CORRECTED = 4
SHORTEST_PART = 3  # of two words that were typed as one
OFTEN_ENOUGH = 2  # documents that must begin words with what a Korean one is taken for


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
        start = bisect_left(self.sorted, prefix)
        end = bisect_left(self.sorted, prefix + "\U0010ffff", lo=start)
        return sum(self.frequencies[word] for word in self.sorted[start:end])

    def parted(self, word: str) -> tuple[str, str] | None:
        """Two known words that were typed as one, the most frequent pair; None where no two make it up."""
        places = range(SHORTEST_PART, len(word) - SHORTEST_PART + 1)
        held = [(min(map(self.held, (word[:at], word[at:]))), word[:at], word[at:]) for at in places]
        best = max(held, default=(0, "", ""))
        return best[1:] if best[0] else None

    def held(self, word: str) -> int:
        """How many documents hold a word."""
        return self.frequencies.get(word, 0)

    def expand(self, prefix: str) -> list[str]:
        """The most frequent words that begin with a prefix, without the prefix itself."""
        start = bisect_left(self.sorted, prefix)
        end = bisect_left(self.sorted, prefix + "\U0010ffff")
        words = [word for word in self.sorted[start:end] if word != prefix]
        return sorted(words, key=lambda word: (-self.frequencies[word], word))[:MOST_EXPANSIONS]
