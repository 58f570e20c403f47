"""Words of the glossary inside rendered articles: the first place where each occurs becomes a link. Pure.

Words are compared by their folded forms, so that a plural or a case counts as the word; in Chinese, Japanese and
Korean, which put no blanks between words, letter by letter. The longest word wins: `mark price` is not a `price`.
"""

import html
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from helpcenter.content.targets import ANY_LANGUAGE

MOST_LINKS = 12

Fold = Callable[[str], str]

# Headings, links, code, pictures with their captions, frauds, names of buttons and values stay as they are.
QUIET = frozenset({"a", "abbr", "b", "bdi", "code", "data", "dfn", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "kbd"})
QUIET |= {"pre", "q", "samp", "strong", "summary", "th", "time", "var"}
QUIET_CLASSES = ('class="notice-t"', 'class="scam"', 'class="host"', 'class="no-picture"')
VOID = frozenset({"br", "hr", "img"})

_PIECE = re.compile(r'<(?:[^>"]|"[^"]*")*>|[^<]+')
_NAME = re.compile(r"</?([a-z0-9]+)")
_RUN = r"\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7a3"
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_UNSPACED = re.compile(rf"[{_RUN}]")
_WORD = re.compile(rf"&[a-z]+;|&#\d+;|(?:(?![{_RUN}])[^\W_])+")
_JOINT = re.compile(r"[ \u00a0\n'’-]|&nbsp;")
_REMARK = re.compile(r"\s*[(（]([^()（）]*)[)）]\s*$")
_ABBREVIATION = re.compile(r"[A-Z0-9][A-Za-z0-9]{1,9}")


@dataclass(frozen=True)
class Word:
    """A word of the glossary in one language: how it may be written, and what a reader is told about it."""

    key: str
    spellings: tuple[str, ...]
    definition: str = ""


@dataclass(frozen=True)
class _Match:
    start: int
    end: int
    key: str


def spellings(written: str) -> list[str]:
    """How a term may be written: `fill or kill (FOK)` -> `fill or kill`, `FOK`; `memo / tag` -> both."""
    remark = _REMARK.search(written)
    bare = _REMARK.sub("", written).strip()
    found = [part.strip() for part in re.split(r"\s+/\s+|(?<=\w{2})/(?=\w{2})", bare) if part.strip()]
    if remark and _ABBREVIATION.fullmatch(remark[1]):
        found.append(remark[1])
    return found


def without_remark(written: str) -> str:
    """A rejected word without what is said about it in brackets: `清算 (= clearing)` -> `清算`."""
    return _REMARK.sub("", written).strip()


def is_unspaced(form: str) -> bool:
    """Whether a word is found letter by letter, because its script puts no blanks between words."""
    return _UNSPACED.search(form) is not None


class Linker:
    """The words of one language, ready to be found in texts."""

    def __init__(self, words: Iterable[Word], fold: Fold) -> None:
        self.fold = fold
        self.definitions: dict[str, str] = {}
        self.unspaced: dict[str, str] = {}
        self.spaced: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self.plurals: set[tuple[str, ...]] = set()  # words that mean something else in the singular: futures
        for word in words:
            self.definitions[word.key] = word.definition
            for spelling in word.spellings:
                self._add(html.escape(unicodedata.normalize("NFC", spelling), quote=False), word.key)
        for choices in self.spaced.values():
            choices.sort(key=lambda choice: -len(choice[0]))
        longest = sorted(self.unspaced, key=len, reverse=True)
        self.pattern = re.compile("|".join(_bounded(text) for text in longest)) if longest else None

    def _add(self, spelling: str, key: str) -> None:
        if _UNSPACED.search(spelling):
            if len(spelling) > 1:  # a single character is a piece of too many words: 板 of 掲示板
                self.unspaced.setdefault(spelling, key)
            return
        written = [match[0] for match in _WORD.finditer(spelling)]
        parts = tuple(self.fold(word) for word in written)
        if len(written) == 1 and written[0].endswith("s"):
            self.plurals.add(parts)
        if parts:
            self.spaced.setdefault(parts[0], []).append((parts, key))

    def link(self, markup: str, leave_out: Collection[str] = ()) -> tuple[str, list[str]]:
        """Sanitised HTML with its words linked, at most `MOST_LINKS`, and the keys of those words in their order."""
        used: list[str] = []
        pieces = [self._link_text(piece, used, leave_out) if speaks else piece for piece, speaks in _pieces(markup)]
        return "".join(pieces), used

    def keys_in(self, text: str) -> list[str]:
        """The keys of the words in a plain text, in their order, each once."""
        found = self._matches(html.escape(unicodedata.normalize("NFC", text), quote=False))
        return list(dict.fromkeys(match.key for match in found))

    def found(self, text: str) -> list[tuple[int, int, str]]:
        """The words of a text, none inside another: where each begins and ends, and its key."""
        return [(match.start, match.end, match.key) for match in self._matches(text)]

    def _link_text(self, text: str, used: list[str], leave_out: Collection[str]) -> str:
        out, done = [], 0
        for match in self._matches(text):
            if match.key in used or match.key in leave_out or len(used) >= MOST_LINKS:
                continue
            used.append(match.key)
            out += [text[done : match.start], self._anchor(match.key, text[match.start : match.end])]
            done = match.end
        return "".join([*out, text[done:]])

    def _anchor(self, key: str, words: str) -> str:
        told = html.escape(self.definitions[key])
        title = f' title="{told}"' if told else ""
        return f'<a href="{ANY_LANGUAGE}glossary/#term-{key}" class="term"{title}>{words}</a>'

    def _matches(self, text: str) -> list[_Match]:
        """What is found in a text, from its beginning, none inside another."""
        found = sorted([*self._spaced_matches(text), *self._unspaced_matches(text)], key=lambda m: (m.start, -m.end))
        kept: list[_Match] = []
        for match in found:
            if not kept or match.start >= kept[-1].end:
                kept.append(match)
        return kept

    def _unspaced_matches(self, text: str) -> Iterator[_Match]:
        if self.pattern is not None:
            for match in self.pattern.finditer(text):
                yield _Match(match.start(), match.end(), self.unspaced[match[0]])

    def _spaced_matches(self, text: str) -> Iterator[_Match]:
        if not self.spaced:
            return
        tokens = list(_WORD.finditer(text))
        folded = [self.fold(token[0]) for token in tokens]
        for index, first in enumerate(folded):
            for parts, key in self.spaced.get(first, ()):
                end = index + len(parts)
                is_singular = parts in self.plurals and not tokens[index][0].casefold().endswith("s")
                if tuple(folded[index:end]) == parts and not is_singular and _joined(text, tokens[index:end]):
                    yield _Match(tokens[index].start(), tokens[end - 1].end(), key)
                    break


def _bounded(spelling: str) -> str:
    """A spelling as a pattern. Korean has blanks, and what follows a word (a particle) is written onto it, nothing
    before; Latin letters at an end are a word of their own."""
    before = (
        r"(?<![\uac00-\ud7a3])" if _HANGUL.match(spelling) else r"(?<![A-Za-z0-9])" if spelling[0].isascii() else ""
    )
    after = r"(?![A-Za-z0-9])" if spelling[-1].isascii() else ""
    return f"{before}{re.escape(spelling)}{after}"


def _joined(text: str, tokens: list[re.Match[str]]) -> bool:
    """Whether words stand beside each other with a blank or a hyphen between."""
    return all(
        _JOINT.fullmatch(text, before.end(), after.start()) is not None
        for before, after in zip(tokens, tokens[1:], strict=False)
    )


def _pieces(markup: str) -> Iterator[tuple[str, bool]]:
    """Tags and texts of well-formed HTML, each with whether it is a text in which words may be linked."""
    quiet: list[bool] = []
    for match in _PIECE.finditer(markup):
        piece = match[0]
        if not piece.startswith("<"):
            yield piece, not any(quiet)
            continue
        _step(quiet, piece)
        yield piece, False


def _step(quiet: list[bool], tag: str) -> None:
    """Keep the stack of open elements: whether each keeps its words to itself."""
    name = _NAME.match(tag)
    if name is None or name[1] in VOID:
        return
    if tag.startswith("</"):
        if quiet:
            quiet.pop()
    else:
        quiet.append(name[1] in QUIET or any(mark in tag for mark in QUIET_CLASSES))
