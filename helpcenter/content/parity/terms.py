"""Words of the glossary: which of them two texts speak of, and where one stands for another. Pure.

A term may be said in full (`mark price`), in another form (`цены маркировки`), or by what tells it from others of its
kind (`index and mark prices`). How often a word is said is left to the language; a difference is a word that the
translation says less often than the source, beside one of the same kind that it says more often.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

from helpcenter.content import inflection
from helpcenter.content.parity.kinds import Term
from helpcenter.content.terms import Linker, Word, is_unspaced

Pair = tuple[str, str]
Found = tuple[int, int, set[str]]  # where a form begins and ends, and the terms that it may be

# Terms that are taken for one another without sharing a piece.
CONFUSED = (("liquidation", "settlement"), ("leverage", "margin"))
# Terms whose telling word is no word of every day: `isolated` alone says what is meant.
PLAIN = frozenset({
    "isolated_margin", "cross_margin", "unrealised_pnl", "realised_pnl", "hot_wallet",
    "cold_wallet", "maintenance_margin", "initial_margin",
})  # fmt: skip
WHOLE = frozenset({"zh-hans", "zh-hant", "ja", "ko", "vi"})  # languages whose words do not change
_GLOSS = re.compile(r"[ \u00a0]?[(（](?P<gloss>[^()（）\n]{3,40})[)）]")
_LONGEST = 60  # characters before a gloss in which its term stands
_WORD = re.compile(r"[^\W\d_]+")
_SHARED = 5  # letters of words whose stems other words share
# Terms whose words a translation may say of its own, and the languages that do (none named: all): a code of any kind,
# the book in which orders stand.
VAGUE: Mapping[str, frozenset[str]] = {
    "order_book": frozenset(), "open_interest": frozenset(), "verification_code": frozenset({"zh-hans", "zh-hant"}),
    "liquidation_price": frozenset({"ko"}), "trigger_price": frozenset({"ko"}),
    "funding_payment": frozenset({"zh-hans", "zh-hant"}), "market_order": frozenset({"zh-hans", "zh-hant"}),
    "open_order": frozenset({"zh-hans", "zh-hant", "ru"}), "realised_pnl": frozenset({"tr", "vi"}),
}  # fmt: skip
_VOWELS = "aeiouyâêîôûıöüàéèáíóúаеёиоуыэюяь"
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
    """How often each term is said: in full; in a way that nobody can mistake; and by the word that tells it from
    others."""

    full: Counter[str]
    whole: Counter[str]
    loose: Counter[str]


class Glossary:
    """The words of two languages, ready to be found in texts."""

    def __init__(self, terms: Sequence[Term], languages: tuple[str, str]) -> None:
        self.languages = languages
        self.vague = {key for key, codes in VAGUE.items() if not codes or languages[1] in codes}
        self.names = {term.key: term.source[0] for term in terms if term.source}
        self.source = _Finder(((term.key, form) for term in terms for form in term.source), languages[0])
        self.target = _Finder(((term.key, form) for term in terms for form in term.target), languages[1])
        self.rejected = _Finder(_rejected(with_pieces(terms)), languages[1], is_whole=True)
        self.banned = _Finder(_banned(terms, languages[1]), languages[1], is_whole=True)
        self.beginnings = {form.casefold()[:_SHARED] for term in terms for form in term.rejected}
        self.kin = _kin(terms, languages[0])
        self.stems = {term.key: [_stems(form, languages[0]) for form in term.source] for term in terms}

    def differences(self, source: str, translation: str, spoken_of: Collection[str] = ()) -> Iterator[Swap]:
        """What two texts that say the same speak of differently. `spoken_of` holds the terms of the whole source: a
        rejected word of any of them is none that a translation may use."""
        yield from self._glossed(source, translation)
        wanted, given = self.source.counted(source), self.target.counted(translation)
        missing = {key for key, count in wanted.whole.items() if count > given.loose[key]}
        yield from self._avoided(missing, spoken_of, translation)
        added = [key for key, count in given.whole.items() if count > wanted.loose[key]]
        new = {key for key in added if given.full[key] and not wanted.loose[key]} - self.vague
        for one, other in self._swapped(wanted, missing, added, self._unsaid(new, source)):
            yield Swap(self.names[one], self.target.shown(other, translation))

    def _glossed(self, source: str, translation: str) -> Iterator[Swap]:
        """A term with another in brackets behind it: `precio de marca (Last Price)`. What stands in brackets is the
        name of the term before them, in another language."""
        for match in _GLOSS.finditer(translation):
            inside = self._named_in(match["gloss"])
            before = (
                self.target.last(translation[max(0, match.start() - _LONGEST) : match.start()]) if inside else set()
            )
            if before and not inside & before and any(self.kin[key] & before for key in inside):
                yield Swap(self.names[min(inside)], translation[max(0, match.start() - 20) : match.end()].strip())

    def _named_in(self, gloss: str) -> set[str]:
        """The terms that a whole gloss is the name of, in either language."""
        found = [*self.target.found(gloss), *self.source.found(gloss)]
        return {key for start, end, keys in found for key in keys if (start, end) == (0, len(gloss))}

    def is_mixed(self, source: str, translation: str) -> bool:
        """Whether a translation speaks of two terms of one kind, so that one may hide that another is missing."""
        said = set(self.target.counted(translation).full)
        return any(self.kin[key] & said for key in self.source.counted(source).full if key in self.kin)

    def exchanged(self, source: str, translation: str) -> Iterator[Swap]:
        """Terms that one sentence of a translation lacks beside those of their kind that it has more often."""
        wanted, given = self.source.counted(source), self.target.counted(translation)
        missing = [key for key, count in wanted.full.items() if not given.loose[key] and count]
        added = [key for key, count in given.full.items() if count > wanted.loose[key]]
        for one, other in product(missing, added):
            if other in self.kin[one]:
                yield Swap(self.names[one], self.target.shown(other, translation))

    def _swapped(self, wanted: "Counted", missing: set[str], added: Sequence[str], new: set[str]) -> Iterator[Pair]:
        """Pairs of a term of the source and an added one of the same kind: the first is missing in the translation, or
        the source does not even hint at the second."""
        for one, other in product(wanted.whole, added):
            if other in self.kin[one] and (one in missing or (other in new and not _is_confused(one, other))):
                yield one, other

    def _unsaid(self, keys: set[str], source: str) -> set[str]:
        """Those of which the source does not hold the words, wherever they stand in it."""
        said = _stems(source, self.languages[0]) if keys else set()
        return {key for key in keys if not any(stems <= said for stems in self.stems[key])}

    def _avoided(self, missing: set[str], spoken_of: Collection[str], text: str) -> Iterator[Swap]:
        refused = self.rejected.found(text) if missing else []
        lacking = ((start, end, keys & missing) for start, end, keys in refused)
        banned = ((start, end, keys & set(spoken_of)) for start, end, keys in self._banned_in(text))
        found = {(start, end): min(keys) for start, end, keys in [*lacking, *banned] if keys}
        for (start, end), key in sorted(found.items()):
            yield Swap(self.names[key], text[start:end], is_rejected=True)

    def _banned_in(self, text: str) -> Iterator[Found]:
        """Banned words that are written like the form itself; Korean makes other words with 화."""
        for start, end, keys in self.banned.found(text):
            if text[start:end].casefold()[:_SHARED] in self.beginnings and text[end : end + 1] != "화":
                yield start, end, keys

    def spoken_of(self, source: str) -> set[str]:
        """The terms that a whole source speaks of, in any form."""
        return {key for key, count in self.source.counted(source).loose.items() if count}


def _is_confused(one: str, other: str) -> bool:
    return (one, other) in CONFUSED or (other, one) in CONFUSED


def with_pieces(terms: Sequence[Term]) -> list[Term]:
    """What is not to be said for a term is not to be said for it as a piece of another: `giá thanh toán` for the
    liquidation price, where `thanh toán` is refused for a liquidation."""
    return [replace(term, rejected=tuple(dict.fromkeys([*term.rejected, *_refused(term, terms)]))) for term in terms]


def _refused(term: Term, terms: Sequence[Term]) -> Iterator[str]:
    for piece in terms:
        if piece.key == term.key or not any(_holds(ours, form) for ours in term.source for form in piece.source):
            continue
        for whole, part, refused in product(term.target, piece.target, piece.rejected):
            if part != whole and _holds(whole, part) and part not in refused:
                yield whole.replace(part, refused)


def _holds(whole: str, part: str) -> bool:
    """Whether a form stands in another as words of their own; a single character is no word."""
    if is_unspaced(part):
        return len(part) > 1 and part in whole
    return re.search(rf"(?<!\w){re.escape(part)}(?!\w)", whole, re.IGNORECASE) is not None


def _rejected(terms: Sequence[Term]) -> list[Pair]:
    """Rejected forms; accepted ones stand among them under no key, so that the longest one wins."""
    accepted = {form.casefold() for term in terms for form in term.target}
    avoided = [(term.key, form) for term in terms for form in term.rejected if form.casefold() not in accepted]
    return avoided + [("", form) for term in terms for form in term.target]


def _banned(terms: Sequence[Term], language: str) -> list[Pair]:
    """Rejected forms that can mean nothing else: none that other words are made of, none so short that other words
    share its stem (`плата`, `платят`), and none of a label, whose words are those of every day."""
    forms = {form.casefold(): term for term in terms for form in term.target}
    avoided = [
        (term.key, form)
        for term in terms
        for form in term.rejected
        if not _is_label(term) and _is_plain(form, language) and not _is_piece(form, term, forms)
    ]
    return avoided + [("", form) for term in terms for form in term.target]


def _is_piece(refused: str, term: Term, accepted: Mapping[str, Term]) -> bool:
    """Whether a refused form may be a piece of a word that is none of the glossary's, or a word's short form. Where
    words are spaced, that is a form of another term (`thanh toán` of the settlement); else one of the same term
    (`應用` of `應用程式`): another's is found as a whole (`訂單簿`)."""
    refused, is_same = refused.casefold(), is_unspaced(refused)
    return refused in accepted or any(
        refused in form for form, holder in accepted.items() if (holder.key == term.key) is is_same
    )


def _is_label(term: Term) -> bool:
    return all(_LABEL.fullmatch(form) for form in term.source)


def _is_plain(form: str, language: str) -> bool:
    """A syllable of Vietnamese is a piece of many words; short words that end in a vowel lose it in other forms."""
    if " " in form or is_unspaced(form):
        return True
    return language != "vi" and (len(form) > _SHARED or (len(form) == _SHARED and form[-1].casefold() not in _VOWELS))


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
        self.counted = lru_cache(maxsize=256)(self._counted)
        self.telling = {} if is_whole or language in WHOLE else _telling(groups.values(), language)

    def found(self, text: str) -> list[Found]:
        """Where terms stand in full; `Low` and `High` are labels, and are written like labels."""
        found = [(start, end, self.keys[int(number)]) for start, end, number in self.linker.found(text)]
        return [(start, end, keys) for start, end, keys in found if self._is_meant(text[start:end])]

    def _is_meant(self, written: str) -> bool:
        return written in self.labels or written.capitalize() not in self.labels

    def last(self, text: str) -> set[str]:
        """The terms with which a text ends, but for quotation marks and stars."""
        found = self.found(text.rstrip(' «»“”"*_„’」』'))
        return set().union(*(keys for _, end, keys in found if end == len(text.rstrip(' «»“”"*_„’」』'))))

    def _counted(self, text: str) -> "Counted":
        whole: Counter[str] = Counter(key for _, _, keys in self.found(text) for key in keys)
        words = _WORD.findall(text) if self.telling else []
        told: Counter[str] = Counter(key for word in words for key in self.telling.get(_stem(word, self.language), ()))
        one = Counter({key: text.count(form) for form, key in self.single.items() if form in text})
        loose = whole | told | one if told or one else whole
        return Counted(whole, whole | Counter({key: loose[key] for key in PLAIN if key in loose}), loose)

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
