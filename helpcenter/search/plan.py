"""A question, understood: what to look for, as data that any engine can serve."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from helpcenter.search import analyzers, grammar, korean
from helpcenter.search.analyzers import Word

LONGEST_QUERY = 200  # characters
MOST_WORDS = 24
MOST_TERMS = 40  # of a CJK run without blanks

# Weight of a term by field. A large boost of titles hurts: BM25F favours short fields anyway.
BOOSTS = {"title": 1.5, "headings": 1.2, "questions": 1.2, "body": 1.0}
PLAIN_WORD = 0.3  # the unstemmed form, beside its stem
PAIR = 0.3
COMPOUND = {"vi": 1.2}  # a pair, where words are written as syllables with blanks in between
SYNONYM = 0.7
# Of a word in a language that marks tell apart: what it weighs as it is written, and what however it is written.
WRITTEN, FOLDED = 0.7, 0.5
PREFIX = 0.7
# Pairs of hiragana are mostly grammar; single Han characters carry a little of the meaning of the words they are in.
HIRAGANA = 0.4
CHARACTER = 0.9

WHOLE_WORD = 0.2  # a Korean word as a whole, beside its pairs of syllables
SEAM = 0.4  # where a Korean word meets its ending
GRAMMATICAL = 0.4  # what weighs no more is not required of a text

HIRAGANA_ALONE = re.compile(r"[\u3041-\u309f]+")
_KANA = re.compile(r"[\u3040-\u30ff]")


@dataclass(frozen=True, eq=False)
class Wanted:
    """One thing that a result should hold: any of these terms (weight by term, the question's own first), any of
    these plain words. `alike` are ways to say the very same, each as its terms: none of them is rarer than all."""

    terms: dict[str, float]
    plain: dict[str, float] = field(default_factory=dict)
    alike: frozenset[tuple[str, ...]] = frozenset()

    @property
    def own_term(self) -> str:
        return next(iter(self.terms))

    @property
    def weight(self) -> float:
        return self.terms[self.own_term]

    def or_terms(self, terms: dict[str, float], plain: dict[str, float] | None = None) -> "Wanted":
        """The same with alternatives; of two weights for one term the greater holds."""
        return replace(self, terms=_greater(self.terms, terms), plain=_greater(self.plain, plain or {}))

    def as_common_as(self, alike: frozenset[tuple[str, ...]]) -> "Wanted":
        """The same, with more ways to say it."""
        return replace(self, alike=self.alike | alike)


def _greater(one: dict[str, float], other: dict[str, float]) -> dict[str, float]:
    return {term: max(one.get(term, 0.0), other.get(term, 0.0)) for term in (*one, *other)}


@dataclass(frozen=True)
class Phrase:
    """Another way to say a part of a question: `terms`, all of them, `instead` of what is wanted under these terms."""

    instead: tuple[str, ...]
    terms: tuple[str, ...]
    weight: float


@dataclass(frozen=True)
class Plan:
    """A question in a language, `text` as it was typed: `wanted` in the order of the question, `pairs` that make it a
    phrase, `phrase` as folded words, single `characters` that help where no word is found whole, `wholes` of words
    that are wanted in pieces, `variants` that say the same in other phrases, the words of those phrases (`also`), for
    marking them, and the same `phrases` for texts that hold only some of what is wanted."""

    language: str
    text: str
    words: tuple[Word, ...]
    wanted: tuple[Wanted, ...]
    pairs: tuple[str, ...]
    phrase: str
    characters: tuple[str, ...] = ()
    variants: tuple["Plan", ...] = ()
    also: tuple[str, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    wholes: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.wanted

    @property
    def pair_weight(self) -> float:
        return COMPOUND.get(self.language, PAIR)

    @property
    def core(self) -> "Plan | None":
        """The plan without the words that only hold the question together; None where that leaves all or nothing."""
        said = tuple(want for want in self.wanted if want.weight > GRAMMATICAL)
        variants = tuple(variant.core or variant for variant in self.variants)
        return replace(self, wanted=said, variants=variants) if 0 < len(said) < len(self.wanted) else None

    @property
    def last_word(self) -> Word | None:
        return self.words[-1] if self.words else None

    @property
    def last_wanted(self) -> Wanted | None:
        """What is wanted of the last word; None where that is a run, or beyond what is looked for."""
        if self.last_word is None or self.last_word.is_run:
            return None
        (term,) = analyzers.terms(self.last_word, self.language, asking=True)
        return next((want for want in reversed(self.wanted) if want.own_term == term), None)

    def with_other(self, wanted: Wanted, other: Wanted) -> "Plan":
        """The plan with one thing wanted replaced by another."""
        return replace(self, wanted=tuple(other if want is wanted else want for want in self.wanted))

    def in_language(self, language: str) -> "Plan":
        """The same question put to another language's index."""
        return plan(self.text, language)


def plan(text: str, language: str) -> Plan:
    """Understand a question; what is longer than a question can be is cut."""
    words = tuple(analyzers.words(text[:LONGEST_QUERY], language))[:MOST_WORDS]
    has_marks = analyzers.has_marks(words, language)
    wanted: dict[str, Wanted] = {}
    for word in words:
        for term, weight in _weighed(word, language, has_marks):
            if has_marks and not word.is_run:
                as_written = analyzers.written(word)
                wanted.setdefault(as_written, Wanted({term: FOLDED * weight, as_written: WRITTEN * weight}))
            else:
                extra = {} if word.is_run else {analyzers.plain(word): PLAIN_WORD * weight}
                wanted.setdefault(term, Wanted({term: weight}, extra))
    joined = " ".join(word.text for word in words)
    return Plan(
        language=language,
        text=text,
        words=words,
        wanted=tuple(list(wanted.values())[:MOST_TERMS]),
        pairs=tuple(dict.fromkeys(analyzers.text_pairs(joined, language)))[:MOST_TERMS],
        phrase=" ".join(analyzers.plain(word) for word in words),
        characters=_characters(words),
        wholes=tuple(dict.fromkeys(analyzers.whole(word) for word in words if language == "ko" and word.is_hangul)),
    )


def _weighed(word: Word, language: str, has_marks: bool) -> Iterator[tuple[str, float]]:
    """The terms of a word with what each says; what is glued to the end of a Korean word says little."""
    found = analyzers.terms(word, language, asking=True)
    own = korean.stem_length(word.text) if word.is_hangul else len(found) + 1
    for place, term in enumerate(found):
        weight = _weight(word, term, language, has_marks)
        if place + 1 >= own and len(term) > 1:
            weight = min(weight, SEAM if place < own else grammar.WEIGHT)
        yield term, weight


def _weight(word: Word, term: str, language: str, has_marks: bool) -> float:
    """How much a term says of what is asked."""
    if not word.is_run:
        is_grammar = grammar.is_word(word.text if has_marks else analyzers.plain(word), language, is_written=has_marks)
        return grammar.WEIGHT if is_grammar else 1.0
    if HIRAGANA_ALONE.fullmatch(term):
        return HIRAGANA
    return grammar.WEIGHT if grammar.is_grammar(term, language) else 1.0


def _characters(words: tuple[Word, ...]) -> tuple[str, ...]:
    """The Han characters of runs longer than one, which the plan wants in pairs only."""
    runs = "".join(word.text for word in words if word.is_run and not word.is_hangul and len(word.text) > 1)
    return tuple(dict.fromkeys(character for character in runs if not _KANA.match(character)))[:MOST_TERMS]
