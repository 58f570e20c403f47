"""Made-up words per language, drawn with the frequencies of a natural text (Zipf's law), in part as set phrases: help
articles repeat themselves, and an index of words that never met before would be twice as large as a real one."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

SEED = "supportdesk"
WORDS = 12_000
OFFSET = 1.0  # the frequency of the word of rank r goes with 1 / (r + OFFSET), Mandelbrot's form of Zipf's law
PHRASES = 4_000
SHARE_OF_PHRASES = 0.45  # of what is drawn; a phrase has two to five words
FUNCTION_WORDS = 40  # the most frequent words: short, and in every text

_ONSETS = [*"bcdfghlmnprstvw" * 2, "br", "cl", "dr", "fl", "gr", "pl", "pr", "st", "tr", "ch", "sh", "th"]
_NUCLEI = ["a", "e", "i", "o", "u", "a", "e", "i", "o", "u", "a", "e", "i", "o", "ea", "ou", "ai"]
_CODAS = ["", "", "", "", "", "", "n", "r", "s", "l", "t", "m", "nd", "st"]
_ENDINGS = ["", "", "", "", "s", "ed", "ing", "er", "ly", "tion"]
_HAN = [chr(code) for code in range(0x4E00, 0x9FA5, 9)]
_HIRAGANA = [chr(code) for code in range(0x3042, 0x3094)]
_KATAKANA = [chr(code) for code in range(0x30A2, 0x30F4)]


@dataclass(frozen=True)
class Vocabulary:
    """Words and phrases by rank, the most frequent first; `joiner` stands between two words, `stop` ends a sentence."""

    language: str
    words: tuple[str, ...]
    cumulative: tuple[float, ...]
    phrases: tuple[tuple[str, ...], ...]
    cumulative_of_phrases: tuple[float, ...]
    joiner: str
    stop: str

    def draw(self, rng: random.Random, count: int) -> list[str]:
        """Words as they follow one another in a text."""
        words: list[str] = []
        while len(words) < count:
            if rng.random() < SHARE_OF_PHRASES:
                words += rng.choices(self.phrases, cum_weights=self.cumulative_of_phrases)[0]
            else:
                words += self._some(rng, 1)
        return words[:count]

    def draw_content(self, rng: random.Random, count: int) -> list[str]:
        """Words that mean something: the function words are left out."""
        words: list[str] = []
        while len(words) < count:
            words += [word for word in self._some(rng, count * 3) if word not in self.function_words]
        return words[:count]

    def _some(self, rng: random.Random, count: int) -> list[str]:
        return rng.choices(self.words, cum_weights=self.cumulative, k=count)

    @property
    def function_words(self) -> frozenset[str]:
        return _function_words(self.language)

    def join(self, words: list[str]) -> str:
        return self.joiner.join(words)


@cache
def vocabulary(language: str) -> Vocabulary:
    """The vocabulary of `en`, `zh-hans` or `ja`; the same in every run."""
    rng = random.Random(f"{SEED}/{language}")
    make, joiner, stop = _LANGUAGES[language]
    words = tuple(_distinct(make, rng))
    cumulative = tuple(accumulate(1 / (rank + OFFSET) for rank in range(1, len(words) + 1)))
    phrases = tuple(
        tuple(rng.choices(words, cum_weights=cumulative, k=rng.choice((2, 3, 3, 4, 5)))) for _ in range(PHRASES)
    )
    return Vocabulary(language, words, cumulative, phrases, cumulative[:PHRASES], joiner, stop)


@cache
def _function_words(language: str) -> frozenset[str]:
    return frozenset(vocabulary(language).words[:FUNCTION_WORDS])


def _distinct(make: Callable[[random.Random, int], str], rng: random.Random) -> Iterator[str]:
    seen: set[str] = set()
    while len(seen) < WORDS:
        word = make(rng, len(seen))
        if word not in seen:
            seen.add(word)
            yield word


def _english(rng: random.Random, rank: int) -> str:
    syllables = 1 if rank < FUNCTION_WORDS else 2 if rank < 1500 else rng.choice((2, 2, 3, 3, 4))
    stem = "".join(rng.choice(_ONSETS) + rng.choice(_NUCLEI) + rng.choice(_CODAS) for _ in range(syllables))
    return stem if rank < FUNCTION_WORDS else stem + rng.choice(_ENDINGS)


def _chinese(rng: random.Random, rank: int) -> str:
    return _han(rng, 1 if rank < FUNCTION_WORDS else rng.choice((2, 2, 2, 3)))


def _japanese(rng: random.Random, rank: int) -> str:
    if rank < FUNCTION_WORDS:
        return "".join(rng.choices(_HIRAGANA, k=rng.choice((1, 2, 2))))
    if rng.random() < 0.3:
        return "".join(rng.choices(_KATAKANA, k=rng.randint(3, 6)))
    return _han(rng, 2) + "".join(rng.choices(_HIRAGANA, k=rng.choice((0, 0, 1, 2))))


def _han(rng: random.Random, count: int) -> str:
    """Characters as unevenly frequent as in real text."""
    return "".join(_HAN[int(len(_HAN) * rng.random() ** 2)] for _ in range(count))


_LANGUAGES: dict[str, tuple[Callable[[random.Random, int], str], str, str]] = {
    "en": (_english, " ", "."),
    "zh-hans": (_chinese, "", "。"),
    "ja": (_japanese, "", "。"),
}
