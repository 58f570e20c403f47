"""Excerpts and marks: where in a text the words of a question stand.

The text is folded as the analyzers fold it, with the place of every folded character in the text itself, so that a mark
covers what people wrote: a decomposed accent, a soft hyphen, half-width kana.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from helpcenter.search import analyzers
from helpcenter.search.plan import HIRAGANA_ALONE, Plan
from supportdesk.ui.languages import CJK

EXCERPT = 180  # characters
EXCERPT_CJK = 90

# A full stop ends a sentence only before a blank: not in 0.05 or bitcoin.org.
_SENTENCE_END = re.compile(r"(?:[.!?؟]+(?=\s)|[。！？]+|\n)\s*")
_ODD = "\x00"  # stands for what does not fold to one character

Span = tuple[int, int]


@dataclass(frozen=True)
class Needles:
    """What to mark: terms and plain words that the analyzers confirm, and pieces of runs as they stand."""

    language: str
    terms: frozenset[str]
    pieces: frozenset[str]

    @classmethod
    def of(cls, asked: Plan, language: str) -> "Needles":
        plan = asked if asked.language == language else asked.in_language(language)
        wanted = {term for want in plan.wanted for term in (*want.terms, *want.plain)}
        for phrase in plan.also:
            for word in analyzers.words(phrase, language):
                wanted.add(word.text if word.is_run else analyzers.stem(word.text, language))
        pieces = {term for term in wanted if analyzers.is_run(term)}
        return cls(language, frozenset(wanted - pieces), frozenset(pieces))

    def spans(self, text: str) -> list[Span]:
        """Where the needles stand, in order, neighbours joined."""
        folded = _folded(text, self.language)
        found = [*self._words(folded.text), *self._runs(folded.text)]
        spans = _joined(sorted(folded.place(start, end) for start, end in found))
        return [span for span in spans if not self._is_grammar(text[slice(*span)])]

    def _is_grammar(self, marked: str) -> bool:
        """Hiragana that stand alone (ない, した) are endings and particles, unless nothing else was asked for."""
        return self._has_other_letters and bool(HIRAGANA_ALONE.fullmatch(marked))

    @cached_property
    def _has_other_letters(self) -> bool:
        return bool(self.terms) or any(not HIRAGANA_ALONE.fullmatch(piece) for piece in self.pieces)

    def _words(self, folded: str) -> Iterator[Span]:
        if not self.terms:
            return
        is_wanted, has_beginnings = self._judgements, self.language not in analyzers.STRIPPED_IN_FRONT
        if has_beginnings and analyzers.has_ascii_words(folded):
            yield from (match.span() for match in self._begun.finditer(folded) if is_wanted[match.group()])
            return
        known = analyzers.parted_words(folded)
        if known is not None:
            if has_beginnings:
                known = {word for word in known if not word.isascii() or self._begun.match(word)}
            for word in filter(is_wanted.__getitem__, known):
                yield from _places(folded, word)
            return
        for match in analyzers.WORD.finditer(folded):
            if match.lastgroup is None and is_wanted[match.group()]:
                yield match.span()

    def _runs(self, folded: str) -> Iterator[Span]:
        if self.pieces:
            for match in self._pattern.finditer(folded):
                yield match.span(1)

    @cached_property
    def _begun(self) -> re.Pattern[str]:
        """Whole words that begin as a word of a needle may; what stands before a word is looked at last, since a
        pattern that begins with letters skips all others."""
        begun = {beginning for term in self.terms for beginning in analyzers.beginnings(term, self.language)}
        by_length: dict[int, list[str]] = {}
        for beginning in sorted(begun):
            by_length.setdefault(len(beginning), []).append(re.escape(beginning))
        parts = (f"(?:{'|'.join(some)})(?<![^\\W_]{'.' * length})" for length, some in by_length.items())
        return re.compile(f"(?:{'|'.join(parts)})[^\\W_]*", re.DOTALL)

    @cached_property
    def _judgements(self) -> "_Judgements":
        return _Judgements(self.terms, self.language)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        # Looking ahead finds overlapping pairs of a run: 强平 and 平价 in 强平价.
        pieces = sorted(self.pieces, key=len, reverse=True)
        return re.compile(f"(?=({'|'.join(map(re.escape, pieces))}))")


class _Judgements(dict[str, bool]):
    """Word -> whether it is to be marked; found out when it is first met."""

    def __init__(self, terms: frozenset[str], language: str) -> None:
        super().__init__()
        self.terms, self.language = terms, language

    def __missing__(self, word: str) -> bool:
        judgement = self[word] = (
            analyzers.stem(word, self.language) in self.terms or analyzers.without_marks(word) in self.terms
        )
        return judgement


@dataclass(frozen=True)
class _Folded:
    """A folded text; `places` says where each of its characters stands in the text, None where nothing moved."""

    text: str
    places: Sequence[Span] | None

    def place(self, start: int, end: int) -> Span:
        if self.places is None:
            return start, end
        return self.places[start][0], self.places[end - 1][1]


class _OneByOne(dict[int, str]):
    """Character -> the one character that it folds to, or `_ODD`; made when it is first met."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language

    def __missing__(self, code: int) -> str:
        folded = analyzers.normal(chr(code), self.language)
        self[code] = folded if len(folded) == 1 and not _continues(chr(code)) else _ODD
        return self[code]


@cache
def _one_by_one(language: str) -> _OneByOne:
    return _OneByOne(language)


def _places(folded: str, word: str) -> Iterator[Span]:
    """Where a word stands by itself in a text whose words are parted by what is neither letter nor digit."""
    start = folded.find(word)
    while start >= 0:
        end = start + len(word)
        if not folded[start - 1 : start].isalnum() and not folded[end : end + 1].isalnum():
            yield start, end
        start = folded.find(word, end)


def _folded(text: str, language: str) -> _Folded:
    folded = text.translate(_one_by_one(language))
    if _ODD not in folded:
        return _Folded(folded, None)
    parts: list[str] = []
    places: list[Span] = []
    for start, end in _clusters(text):
        part = _fold(text[start:end], language)
        parts.append(part)
        places += [(start, end)] * len(part)
    return _Folded("".join(parts), places)


@lru_cache(maxsize=20_000)
def _fold(cluster: str, language: str) -> str:
    return analyzers.normal(cluster, language)


def _clusters(text: str) -> Iterator[Span]:
    """Characters together with what continues them."""
    start = 0
    for place in range(1, len(text)):
        if not _continues(text[place]):
            yield start, place
            start = place
    if text:
        yield start, len(text)


def _continues(character: str) -> bool:
    """Whether a character may melt into the one before it: accents, half-width voiced marks, parts of hangul."""
    return bool(unicodedata.combining(character)) or character in "ﾞﾟ" or "\u1160" <= character <= "\u11ff"


def _joined(spans: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def marked(text: str, spans: Iterable[Span]) -> SafeString:
    """The text, escaped, with `<mark>` around the spans."""
    parts, position = [], 0
    for start, end in spans:
        parts += [escape(text[position:start]), "<mark>", escape(text[start:end]), "</mark>"]
        position = end
    parts.append(escape(text[position:]))
    return mark_safe("".join(parts))  # noqa: S308 - every piece is escaped above


def mark(text: str, needles: Needles) -> SafeString:
    return marked(text, needles.spans(text))


def excerpt(text: str, needles: Needles) -> SafeString:
    """The stretch of the text that holds most of the question, cut at sentences, with the words marked."""
    has_blanks = needles.language not in CJK
    length = EXCERPT if has_blanks else EXCERPT_CJK
    spans = needles.spans(text)
    start = _best_start(text, spans, length)
    end = min(len(text), start + length)
    if has_blanks and end < len(text) and (blank := text.rfind(" ", start, end + 1)) > start + length // 2:
        end = blank
    inside = [(max(a, start) - start, min(b, end) - start) for a, b in spans if a < end and b > start]
    before, after = ("… " if start else ""), (" …" if end < len(text) else "")
    return mark_safe(before + marked(text[start:end].replace("\n", " "), inside) + after)  # noqa: S308 - escaped


def _best_start(text: str, spans: list[Span], length: int) -> int:
    """The beginning of the sentence from which most different words of the question follow within `length` characters;
    where a sentence is too long for that, a blank before its first word."""
    starts = [0, *(match.end() for match in _SENTENCE_END.finditer(text))]
    words = [text[a:b].casefold() for a, b in spans]
    number_of_all = len(set(words))
    best, most, first, last = 0, 0, 0, 0
    # Of the sentences before a word the last one holds the most.
    for start in dict.fromkeys(starts[bisect_right(starts, a) - 1] for a, _ in spans):
        while spans[first][0] < start:
            first += 1
        while last < len(spans) and spans[last][1] <= start + length:
            last += 1
        if (held := len(set(words[first:last]))) > most:
            best, most = start, held
        if most == number_of_all:  # and no later sentence holds more
            break
    return best if most or not spans else _shortly_before(text, spans[0][0], length)


def _shortly_before(text: str, place: int, length: int) -> int:
    earliest = max(0, place - length // 4)
    blank = text.find(" ", earliest, place)
    return blank + 1 if earliest and blank >= 0 else earliest
