"""Words of the glossary: which of them two texts speak of, and where one stands for another. Pure.

A term may be said in full (`mark price`), in another form (`цены маркировки`), or by what tells it from others of its
kind (`index and mark prices`). How often a word is said is left to the language; a difference is a word that the
translation says less often than the source, beside one of the same kind that it says more often.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from helpcenter.content import inflection
from helpcenter.content.parity.kinds import Term
from helpcenter.content.terms import Linker, Word, is_unspaced

Pair = tuple[str, str]

# Terms that are taken for one another without sharing a piece.
CONFUSED = (("liquidation", "settlement"), ("leverage", "margin"))
# Terms whose telling word is no word of every day: `isolated` alone says what is meant.
PLAIN = frozenset({
    "isolated_margin", "cross_margin", "unrealised_pnl", "realised_pnl", "hot_wallet",
    "cold_wallet", "maintenance_margin", "initial_margin",
})  # fmt: skip
WHOLE = frozenset({"zh-hans", "zh-hant", "ja", "ko", "vi"})  # languages whose words do not change
_WORD = re.compile(r"[^\W\d_]+")
_LABEL = re.compile(r"[A-Z][a-z]+")
_SHORTENED = {"ru": 6, "tr": 6}  # letters that tell a word from others, whatever its form
_GENDER = {"es": "aoe", "fr": "e", "pt-br": "aoe"}
_SMALL = frozenset({"in", "or", "for", "you", "not", "yet", "of", "out", "to", "only", "if", "id", "till"})
_SHORTEST = 3  # letters of a word that tells a term from others


@dataclass(frozen=True)
class Swap:
    """Where the source speaks of one word, the translation speaks of another."""

    expected: str
    found: str
    is_rejected: bool = False


@dataclass(frozen=True)
class Counted:
    """How often each term is said: in full, and in full or by the word that tells it from others."""

    whole: Counter[str]
    loose: Counter[str]


class Glossary:
    """The words of two languages, ready to be found in texts."""

    def __init__(self, terms: Sequence[Term], languages: tuple[str, str]) -> None:
        self.languages = languages
        self.names = {term.key: term.source[0] for term in terms if term.source}
        self.source = _Finder(((term.key, form) for term in terms for form in term.source), languages[0])
        self.target = _Finder(((term.key, form) for term in terms for form in term.target), languages[1])
        self.rejected = _Finder(_rejected(terms), languages[1], is_whole=True)
        self.kin = _kin(terms, languages[0])

    def differences(self, source: str, translation: str) -> Iterator[Swap]:
        """What two texts that say the same speak of differently."""
        wanted, given = self.source.counted(source), self.target.counted(translation)
        missing = {key for key, count in wanted.whole.items() if count > given.loose[key]}
        yield from self._avoided(missing, self.rejected.found(translation), translation)
        added = [key for key, count in given.whole.items() if count > wanted.loose[key]]
        for one, other in product(missing, added):
            if other in self.kin[one]:
                yield Swap(self.names[one], self.target.shown(other, translation))

    def _avoided(self, missing: set[str], found: Sequence[tuple[int, int, set[str]]], text: str) -> Iterator[Swap]:
        for start, end, keys in found:
            key = next((key for key in keys if key in missing), "")
            if key:
                yield Swap(self.names[key], text[start:end], is_rejected=True)


def _rejected(terms: Sequence[Term]) -> list[Pair]:
    """Rejected forms; accepted ones stand among them under no key, so that the longest one wins."""
    accepted = {form.casefold() for term in terms for form in term.target}
    avoided = [(term.key, form) for term in terms for form in term.rejected if form.casefold() not in accepted]
    return avoided + [("", form) for term in terms for form in term.target]


def _kin(terms: Sequence[Term], language: str) -> dict[str, set[str]]:
    """For each term those that it can be taken for: they share a word, and neither holds the other."""
    words = {term.key: {word for form in term.source for word in _stems(form, language)} - _SMALL for term in terms}
    kin: dict[str, set[str]] = defaultdict(set)
    for one, other in product(words, words):
        if words[one] & words[other] and words[one] - words[other] and words[other] - words[one]:
            kin[one].add(other)
    for one, other in CONFUSED:
        kin[one].add(other)
        kin[other].add(one)
    return kin


@lru_cache(maxsize=16)
def glossary(terms: tuple[Term, ...], languages: tuple[str, str]) -> Glossary:
    """The glossary of two languages; building one takes a few hundredths of a second."""
    return Glossary(terms, languages)


class _Finder:
    """The forms of one language."""

    def __init__(self, forms: Iterable[Pair], language: str, is_whole: bool = False) -> None:
        self.language = language
        forms = list(forms)
        self.single = {form: key for key, form in forms if len(form) == 1 and key}  # too short to be looked for alone
        self.labels = {form for _, form in forms if _LABEL.fullmatch(form)}
        groups: dict[object, tuple[list[str], set[str]]] = {}
        for key, form in forms:
            names, keys = groups.setdefault(_same(form, language), ([], set()))
            names.append(form)
            if key:
                keys.add(key)
        self.keys = [keys for _, keys in groups.values()]
        words = [Word(str(number), tuple(names)) for number, (names, _) in enumerate(groups.values())]
        self.linker = Linker(words, inflection.fold(language))
        self.telling = {} if is_whole or language in WHOLE else _telling(groups.values(), language)

    def found(self, text: str) -> list[tuple[int, int, set[str]]]:
        """Where terms stand in full; `Low` and `High` are labels, and are written like labels."""
        found = [(start, end, self.keys[int(number)]) for start, end, number in self.linker.found(text)]
        return [(start, end, keys) for start, end, keys in found if self._is_meant(text[start:end])]

    def _is_meant(self, written: str) -> bool:
        return written in self.labels or written.capitalize() not in self.labels

    def counted(self, text: str) -> "Counted":
        whole: Counter[str] = Counter(key for _, _, keys in self.found(text) for key in keys)
        words = _WORD.findall(text) if self.telling else []
        told: Counter[str] = Counter(key for word in words for key in self.telling.get(_stem(word, self.language), ()))
        one = Counter({key: text.count(form) for form, key in self.single.items() if form in text})
        loose = whole | told | one
        return Counted(whole | Counter({key: loose[key] for key in PLAIN if key in loose}), loose)

    def shown(self, key: str, text: str) -> str:
        """How a text says a term."""
        whole = next((text[start:end] for start, end, keys in self.found(text) if key in keys), "")
        told = (word for word in _WORD.findall(text) if key in self.telling.get(_stem(word, self.language), ()))
        return whole or next(told, key)


def _same(form: str, language: str) -> object:
    """What is the same for forms of one word."""
    return form if is_unspaced(form) else tuple(inflection.fold(language)(word) for word in _WORD.findall(form))


def _telling(groups: Iterable[tuple[list[str], set[str]]], language: str) -> dict[str, set[str]]:
    """Words that stand in the forms of one term alone, and who it is: `mark` of `mark price`."""
    holders: dict[str, set[str]] = defaultdict(set)
    for names, keys in groups:
        for stem in {stem for name in names if len(_WORD.findall(name)) > 1 for stem in _stems(name, language)}:
            holders[stem] |= keys
        for stem in {stem for name in names if len(_WORD.findall(name)) == 1 for stem in _stems(name, language)}:
            holders[stem] |= keys
    return {stem: keys for stem, keys in holders.items() if len(keys) == 1 and len(stem) >= _SHORTEST}


def _stems(form: str, language: str) -> set[str]:
    return {_stem(word, language) for word in _WORD.findall(form)}


@lru_cache(maxsize=50_000)
def _stem(word: str, language: str) -> str:
    folded = inflection.fold(language)(word)
    if language in _GENDER:
        folded = folded.rstrip(_GENDER[language]) or folded
    return folded[: _SHORTENED.get(language, len(folded))]
