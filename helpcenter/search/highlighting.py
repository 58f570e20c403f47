"""Excerpts and marks: where in a text the words of a question stand.

Text is folded character by character, so that places in the folded text are places in the text itself; candidates
are found by a pattern and believed only when the analyzer gives them a term that was asked for.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from helpcenter.search import analyzers
from helpcenter.search.plan import Plan
from supportdesk.ui.languages import CJK

EXCERPT = 180  # characters
EXCERPT_CJK = 90
SHORTEST_STEM = 3

_WORD = re.compile(r"\w+")
_SENTENCE = re.compile(r"[^.!?。！？؟\n]+(?:[.!?。！？؟]+|\n|$)")


class _Fold(dict[int, str]):
    """Character -> one folded character, made when it is first met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        folded = unicodedata.normalize("NFKD", character.casefold())
        plain = next((c for c in folded if not unicodedata.combining(c)), character)
        self[code] = analyzers.without_marks(plain)[:1] or character
        return self[code]


class _FoldChinese(_Fold):
    def __missing__(self, code: int) -> str:
        self[code] = analyzers.simplified().get(code) or super().__missing__(code)
        return self[code]


_FOLD, _FOLD_CHINESE = _Fold(), _FoldChinese()


@dataclass(frozen=True)
class Needles:
    """What to mark: terms for the analyzer to confirm, and pieces of CJK runs as they stand."""

    language: str
    terms: frozenset[str]
    pieces: frozenset[str]

    @classmethod
    def of(cls, asked: Plan, language: str) -> "Needles":
        plan = asked if asked.language == language else asked.in_language(language)
        wanted = {term for want in plan.wanted for term in (*want.terms, *want.plain)}
        pieces = {term for term in wanted if len(term) > 1 and _is_run(term)}
        for phrase in plan.also:
            words = list(analyzers.words(phrase, language))
            pieces.update(word.text for word in words if word.is_run)
            wanted.update(analyzers.stem(word.text, language) for word in words if not word.is_run)
        return cls(language, frozenset(wanted - pieces), frozenset(pieces))

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where the needles stand, in order, neighbours joined."""
        folded = text.translate(_FOLD_CHINESE if self.language in analyzers.CHINESE else _FOLD)
        found = [match.span() for match in self._pattern().finditer(folded)] if self.pieces else []
        found += [match.span() for match in _WORD.finditer(folded) if self._is_wanted(match.group())]
        return _joined(sorted(found), text)

    def _is_wanted(self, word: str) -> bool:
        return bool(self.terms) and (word in self.terms or _stem(word, self.language) in self.terms)

    def _pattern(self) -> re.Pattern[str]:
        return _pattern(self.pieces)


@lru_cache(maxsize=256)
def _pattern(pieces: frozenset[str]) -> re.Pattern[str]:
    # Looking ahead finds overlapping pairs of a run: 强平 and 平价 in 强平价.
    return re.compile("|".join(re.escape(piece) for piece in sorted(pieces, key=len, reverse=True)))


@lru_cache(maxsize=50_000)
def _stem(word: str, language: str) -> str:
    return analyzers.stem(word, language)


def _is_run(term: str) -> bool:
    return next(analyzers.words(term, "ja")).is_run


def _joined(spans: list[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def marked(text: str, spans: Iterable[tuple[int, int]]) -> SafeString:
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
    length = EXCERPT_CJK if needles.language in CJK else EXCERPT
    spans = needles.spans(text)
    start = _best_start(text, spans, length)
    end = min(len(text), start + length)
    if end < len(text) and needles.language not in CJK and (blank := text.rfind(" ", start, end)) > start + length // 2:
        end = blank
    inside = [(max(a, start) - start, min(b, end) - start) for a, b in spans if a < end and b > start]
    before, after = ("… " if start else ""), (" …" if end < len(text) else "")
    return mark_safe(before + marked(text[start:end].replace("\n", " "), inside) + after)  # noqa: S308 - escaped


def _best_start(text: str, spans: list[tuple[int, int]], length: int) -> int:
    """The beginning of the sentence from which most different words follow within `length` characters."""
    if not spans:
        return 0
    starts = [match.start() for match in _SENTENCE.finditer(text)] or [0]

    def worth(start: int) -> int:
        return len({text[a:b].casefold() for a, b in spans if start <= a < start + length})

    best = max(starts, key=lambda start: (worth(start), -start))
    if worth(best) == 0:  # a sentence longer than the excerpt: begin shortly before the first word
        best = max(0, spans[0][0] - length // 4)
    while best < len(text) and text[best].isspace():
        best += 1
    return best
