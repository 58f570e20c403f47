"""Measuring the search: the share of questions whose right page comes first, in the first five, or at all."""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

DEPTH = 10


@dataclass
class Score:
    """Of `n` questions: a right page first (`s1`), in the first five (`s5`), mean reciprocal rank over ten, and the
    share that found nothing."""

    n: int = 0
    first: int = 0
    five: int = 0
    reciprocal: float = 0.0
    nothing: int = 0

    def add(self, rank: int | None, *, is_empty: bool) -> None:
        self.n += 1
        self.nothing += is_empty
        if rank is not None:
            self.first += rank == 0
            self.five += rank < 5
            self.reciprocal += 1 / (rank + 1)

    def as_dict(self) -> dict[str, float]:
        n = max(self.n, 1)
        return {
            "n": self.n,
            "s1": round(self.first / n, 3),
            "s5": round(self.five / n, 3),
            "mrr": round(self.reciprocal / n, 3),
            "zero": round(self.nothing / n, 3),
        }


@dataclass(frozen=True)
class Evaluation:
    """Scores by (language, kind) and (ALL, kind), CPU milliseconds of each query, and the questions that failed."""

    scores: dict[tuple[str, str], Score]
    milliseconds: list[float]
    misses: list[dict[str, Any]]

    def percentile(self, share: float) -> float:
        ordered = sorted(self.milliseconds)
        return round(ordered[min(int(len(ordered) * share), len(ordered) - 1)], 1) if ordered else 0.0


Ask = Callable[[str, str], tuple[Sequence[str], float]]


def evaluate(questions: Iterable[dict[str, Any]], ask: Ask) -> Evaluation:
    """Ask every question (`lang`, `kind`, `q`, `relevant` slugs); `ask` gives the slugs found and CPU milliseconds."""
    scores: dict[tuple[str, str], Score] = {}
    times, misses = [], []
    for question in questions:
        slugs, milliseconds = ask(question["lang"], question["q"])
        times.append(milliseconds)
        relevant = set(question["relevant"])
        rank = next((place for place, slug in enumerate(slugs[:DEPTH]) if slug in relevant), None)
        for language in (question["lang"], "ALL"):
            scores.setdefault((language, question["kind"]), Score()).add(rank, is_empty=not slugs)
        if rank is None or rank >= 5:
            misses.append({**question, "found": list(slugs[:3])})
    return Evaluation(dict(sorted(scores.items())), times, misses)


# Letters that random words are made of, by language; for the others the Latin alphabet.
_ALPHABETS = {
    "ru": "абвгдежзийклмнопрстуфхцчшщъыьэюя",
    "ar": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "ja": "".join(map(chr, range(0x4E00, 0x9FA0))),
    "zh-hans": "".join(map(chr, range(0x4E00, 0x9FA0))),
    "zh-hant": "".join(map(chr, range(0x4E00, 0x9FA0))),
    "ko": "".join(map(chr, range(0xAC00, 0xD7A4))),
}
_LATIN = "abcdefghijklmnopqrstuvwxyz"


def nonsense(language: str, count: int, seed: int) -> list[str]:
    """Questions of random letters of a language's script: two to four words, or one run of four to ten characters."""
    chance = random.Random(f"{seed}/{language}")  # noqa: S311 - repeatable, guards nothing
    letters = _ALPHABETS.get(language, _LATIN)

    def word(shortest: int, longest: int) -> str:
        return "".join(chance.choice(letters) for _ in range(chance.randint(shortest, longest)))

    if len(letters) > 1000:
        return [word(4, 10) for _ in range(count)]
    return [" ".join(word(3, 10) for _ in range(chance.randint(2, 4))) for _ in range(count)]
