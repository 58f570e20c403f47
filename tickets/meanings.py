"""What a text says in the words of `concepts.toml`, whatever its language, found fast enough for every request. Pure.

`helpcenter.search.concepts` reads the same table with one expression for each thought and language, and compares with
care; here all entries of all languages lie in one index by the words that they begin with, so that a text's words are
looked up once each. What is found is close to what it finds, not the same: an entry of any language counts, a word may
have any ending that its entry allows, and the few entries of Chinese, Japanese and Korean that look around themselves
are left out.
"""

import re
import tomllib
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from types import MappingProxyType
from typing import Any, NamedTuple
from zlib import crc32

from helpcenter.search import concepts
from tickets.phrases import ARABIC, HAN, HANGUL, WORD, fold

TOKEN = re.compile(f"[{WORD}]+|[{ARABIC}]+|[{HANGUL}]+|[{HAN}]+")
LONGEST_WORD = 24  # letters of a word that is remembered
MOST_REMEMBERED = 3000  # words whose entries are remembered
MOST_PAIRED = 12  # thoughts of a sentence of which pairs are made
_GAP, _WORDS_OF_GAP, _LETTERS_OF_GAP, _LETTERS_OF_BLANK = "..", 3, 8, 2
_ENDINGS = ("s", "es", "ed", "d", "ing")  # that a short English word may have
_ENDS_FROM = {"en": 5}  # letters from which a word stands for all that begin with it
_ARABIC_WORD = re.compile(f"[{ARABIC}]+")
_UNSPACED_WORD = re.compile(f"[{HAN}{HANGUL}]+")
_BEFORE_ARABIC = re.compile("ال|وال|بال|لل|ولل|فال|[وفبكل]")
_SENTENCE_END = re.compile(r"[!?。！？؟\n]|\.(?!\w)")
_ROW = re.compile(r"\(([^()]*)\)|(\.\.)|([^\s()]+)")
_CONTRACTED = re.compile(r"\b(can|(?:do|does|did|wo|is|was|has|have|had|are|could|would|should)n)t\b")
_OPTIONAL = re.compile(r"\(([^()]*)\)(\?)?|(\w)\?|\[([a-zA-Z])([a-zA-Z])\]")


class Meaning(NamedTuple):
    """A thought that a text says, and where it says it first: places in the folded text, `end` after the last one."""

    key: str
    start: int
    end: int


class _Entry(NamedTuple):
    """What must follow the words that an entry begins with: rows of words, or pieces of text, each with how far away it
    may begin at most."""

    key: str
    words: tuple[tuple[int, int], ...] = ()
    pieces: tuple[tuple[str, int], ...] = ()


class _Begun(NamedTuple):
    """The entries that a row begins: those that are whole with it or go on in pieces, and by the row that follows where
    the others stand."""

    whole: tuple[_Entry, ...] = ()
    followed: Mapping[int, tuple[int, ...]] = MappingProxyType({})


class _Known(NamedTuple):
    """What is known of a word: the rows that it belongs to, and what these begin."""

    rows: tuple[int, ...] = ()
    begun: tuple[_Begun, ...] = ()


_NOTHING, _UNKNOWN = _Begun(), _Known()


class _Text(NamedTuple):
    """A folded text, its words, and the rows that each of these belongs to."""

    folded: str
    tokens: Sequence[re.Match[str]]
    rows: Sequence[Sequence[int]]


class _Pairs:
    """Pairs of numbers below 2**32 in order, found by the first one. In 25,000 entries they are what takes room: as
    dicts of lists ten times as much."""

    def __init__(self) -> None:
        self._together = array("Q")

    def add(self, first: int, second: int) -> None:
        self._together.append(first << 32 | second)

    def put_in_order(self) -> None:
        self._together = array("Q", sorted(set(self._together)))

    def of(self, first: int) -> Iterator[int]:
        together = self._together
        for place in range(bisect_left(together, first << 32), len(together)):
            if together[place] >> 32 != first:
                return
            yield together[place] & 0xFFFFFFFF


class _Building:
    """The entries while they are read. A row is one word of an entry with its choices; `begun` says which entries a row
    begins, as places in `followed`, where each stands as the number of its thought, how many rows follow, and for each
    of these its number and how many words may stand before it."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self.whole, self.stems, self.begun = _Pairs(), _Pairs(), _Pairs()
        self.followed = array("I")
        self.mixed: dict[int, list[_Entry]] = {}  # those of other letters in scripts without borders
        self.letters: dict[str, tuple[_Entry, ...]] = {}
        self.stem_lengths = set[int]()
        self._rows: dict[tuple[str, ...], int] = {}
        self._alike: dict[_Entry, _Entry] = {}

    def keep_words(self, key: str, code: str, entry: str) -> None:
        rows, gap = list[tuple[int, int]](), 0
        for group, is_gap, word in _ROW.findall(entry):
            if is_gap:
                gap = _WORDS_OF_GAP
                continue
            choices = [TOKEN.findall(one) for one in (group or word).split("|")]
            singles = [words[0] for words in choices if len(words) == 1]
            if len(choices) == 1 and len(choices[0]) > 1:  # `sign-in`
                for part in choices[0]:
                    rows.append((self._row((part,), code, is_exact=True), gap))
                    gap = 0
            elif singles:
                rows.append((self._row(tuple(singles), code, is_exact=word.endswith("=")), gap))
                gap = 0
        if rows:
            self.begun.add(rows[0][0], len(self.followed))
            self.followed.extend((self._number(key), len(rows) - 1, *chain.from_iterable(rows[1:])))

    def _number(self, key: str) -> int:
        if not self.keys or self.keys[-1] != key:
            self.keys.append(key)
        return len(self.keys) - 1

    def _row(self, words: tuple[str, ...], code: str, *, is_exact: bool) -> int:
        name = (*words, code if code == "en" else "", "=" if is_exact else "")
        if name in self._rows:
            return self._rows[name]
        number = self._rows[name] = len(self._rows)
        ends_from = _ENDS_FROM.get(code, 4)
        for word in words:
            if not is_exact and len(word) >= ends_from:
                self.stems.add(crc32(word.encode()), number)
                self.stem_lengths.add(len(word))
                continue
            endings = _ENDINGS if not is_exact and len(word) == ends_from - 1 else ()
            for form in (word, *(word + ending for ending in endings)):
                self.whole.add(crc32(form.encode()), number)
        return number

    def keep_pieces(self, key: str, _: str, entry: str) -> None:
        for written in _written_out(entry):
            pieces = list(_pieces_of(written))
            if not pieces:
                continue
            (first, _gap), rest = pieces[0], tuple(pieces[1:])
            kept = _Entry(key, pieces=rest)
            kept = self._alike.setdefault(kept, kept)
            if _UNSPACED_WORD.match(first):
                self.letters[first] = (*self.letters.get(first, ()), kept)
            else:
                self.mixed.setdefault(self._row((first,), "", is_exact=len(first) < 3), []).append(kept)


class Meanings:
    """The entries of some thoughts, by how they begin."""

    def __init__(self, thoughts: Iterable[tuple[str, str, Iterable[str]]]) -> None:
        """Of key, language and entries; those of one key stand together."""
        built = _Building()
        for key, code, entries in thoughts:
            keep = built.keep_pieces if code in concepts.UNSPACED else built.keep_words
            for entry in dict.fromkeys(one for written in entries if (one := fold(written).strip())):
                keep(key, code, entry)
        self._keys, self._followed = built.keys, built.followed
        self._shortest_stem, self._longest_stem = min(built.stem_lengths, default=1), max(built.stem_lengths, default=0)
        self._whole, self._stems, self._begun = built.whole, built.stems, built.begun
        for pairs in (self._whole, self._stems, self._begun):
            pairs.put_in_order()
        self._mixed = built.mixed
        alike: dict[tuple[_Entry, ...], tuple[_Entry, ...]] = {}
        self._letters = {first: alike.setdefault(entries, entries) for first, entries in built.letters.items()}
        lengths: dict[str, set[int]] = {}
        for first in built.letters:
            lengths.setdefault(first[0], set()).add(len(first))
        self._lengths = {letter: tuple(sorted(found)) for letter, found in lengths.items()}
        self._remembered: dict[str, _Known] = {}
        self._of_rows: dict[int, _Begun] = {}

    # Finding them

    def found_in(self, folded: str, tokens: Sequence[re.Match[str]]) -> list[Meaning]:
        """The thoughts in a folded text, each where it is said first. `tokens` are those of `TOKEN`."""
        found: dict[str, Meaning] = {}
        known = [_UNKNOWN if _UNSPACED_WORD.match(token[0]) else self._of(token[0]) for token in tokens]
        text = _Text(folded, tokens, [one.rows for one in known])
        for number, token in enumerate(tokens):
            if _UNSPACED_WORD.match(token[0]):
                self._in_letters(folded, token[0], token.start(), found)
            for begun in known[number].begun:
                self._begun_by(begun, text, number, found)
        return list(found.values())

    def _begun_by(self, begun: _Begun, text: _Text, number: int, found: dict[str, Meaning]) -> None:
        """The thoughts of the entries that a word of the text begins; `number` is its place."""
        start, end = text.tokens[number].span()
        for entry in begun.whole:
            if entry.key not in found and (last := _end_of_pieces(text.folded, end, entry.pieces)):
                found[entry.key] = Meaning(entry.key, start, last)
        if begun.followed:
            for entry, last in self._followed_by(begun.followed, text, number, found):
                found[entry.key] = Meaning(entry.key, start, text.tokens[last].end())

    def _followed_by(
        self, followed: Mapping[int, tuple[int, ...]], text: _Text, number: int, found: Mapping[str, Meaning]
    ) -> Iterator[tuple[_Entry, int]]:
        """Entries not found yet whose other words follow the one at `number`, each with the place of its last word."""
        for gap, rows in enumerate(text.rows[number + 1 : number + 2 + _WORDS_OF_GAP]):
            for place in (place for row in rows for place in followed.get(row, ())):
                entry = self._entry(place)
                if entry.key in found or gap > entry.words[0][1]:
                    continue
                last = _last_row(text.rows, number + 1 + gap, entry.words[1:])
                if last >= 0:
                    yield entry, last

    def _in_letters(self, folded: str, run: str, start: int, found: dict[str, Meaning]) -> None:
        for place, letter in enumerate(run):
            for length in self._lengths.get(letter, ()):
                for entry in self._letters.get(run[place : place + length], ()):
                    if entry.key not in found:
                        first = start + place
                        end = _end_of_pieces(folded, first + length, entry.pieces)
                        if end:
                            found[entry.key] = Meaning(entry.key, first, end)

    def _of(self, word: str) -> _Known:
        """People use the same words again and again."""
        known = self._remembered.get(word)
        if known is None:
            rows = tuple(dict.fromkeys(self._rows_of(word)))
            begun = tuple(one for row in rows if any(one := self._begun_of(row)))
            known = _Known(rows, begun) if rows else _UNKNOWN
            if len(word) <= LONGEST_WORD:
                self._remember(word, known)
        return known

    def _remember(self, word: str, known: _Known) -> None:
        if len(self._remembered) >= MOST_REMEMBERED:
            self._remembered.clear()
            self._of_rows.clear()
        self._remembered[word] = known

    def _rows_of(self, word: str) -> Iterator[int]:
        for form in _bare_forms(word):
            yield from self._whole.of(crc32(form.encode()))
            start = crc32(form[: self._shortest_stem - 1].encode())
            for letter in form[self._shortest_stem - 1 : self._longest_stem]:
                start = crc32(letter.encode(), start)
                yield from self._stems.of(start)

    def _begun_of(self, row: int) -> _Begun:
        begun = self._of_rows.get(row)
        if begun is None:
            whole, followed = list(self._mixed.get(row, ())), dict[int, tuple[int, ...]]()
            for place in self._begun.of(row):
                entry = self._entry(place)
                if entry.words:
                    second = entry.words[0][0]
                    followed[second] = (*followed.get(second, ()), place)
                else:
                    whole.append(entry)
            begun = self._of_rows[row] = _Begun(tuple(whole), followed) if whole or followed else _NOTHING
        return begun

    def _entry(self, place: int) -> _Entry:
        key, count = self._followed[place : place + 2]
        rest = self._followed[place + 2 : place + 2 + 2 * count]
        return _Entry(self._keys[key], tuple(zip(rest[::2], rest[1::2], strict=True)))


def _last_row(rows: Sequence[Sequence[int]], number: int, wanted: Iterable[tuple[int, int]]) -> int:
    """The place of the last of some rows that follow a word; -1 where they do not."""
    for row, gap in wanted:
        following = range(number + 1, min(number + 2 + gap, len(rows)))
        number = next((place for place in following if row in rows[place]), -1)
        if number < 0:
            break
    return number


def _bare_forms(word: str) -> Iterator[str]:
    """A word, an Arabic one also without what is written together with it in front."""
    yield word
    if _ARABIC_WORD.match(word):
        for size in (1, 2, 3):
            if len(word) > size + 1 and _BEFORE_ARABIC.fullmatch(word[:size]):
                yield word[size:]


def _end_of_pieces(folded: str, end: int, pieces: Sequence[tuple[str, int]]) -> int:
    for piece, gap in pieces:
        start = folded.find(piece, end, end + gap + len(piece))
        if start < 0:
            return 0
        end = start + len(piece)
    return end


def _written_out(entry: str) -> Iterator[str]:
    """What an entry with choices stands for: `届いて(い)?な` is two. Nothing where it looks around itself."""
    if "(?" in entry or "[^" in entry:
        return
    choice = _OPTIONAL.search(entry)
    if choice is None:
        if not set(entry) & set("()[]?|$"):
            yield entry
        return
    group, is_optional, letter, one, other = choice.groups()
    if letter:
        choices = ["", letter]
    elif one:
        choices = [one, other]
    else:
        choices = [*group.split("|"), *([""] if is_optional else [])]
    for part in dict.fromkeys(choices):
        yield from _written_out(entry[: choice.start()] + part + entry[choice.end() :])


_GAP_OR_BLANK = re.compile(r"\.\{0,(\d+)\}|\.\.|\s+")


def _pieces_of(entry: str) -> Iterator[tuple[str, int]]:
    """The runs of an entry, each of one kind of letters, with how many other letters may stand before it."""
    gap, at = 0, 0
    while at < len(entry):
        if between := _GAP_OR_BLANK.match(entry, at):
            gap = int(between[1] or (_LETTERS_OF_GAP if between[0] == _GAP else _LETTERS_OF_BLANK))
            at = between.end()
        elif token := TOKEN.match(entry, at):
            yield token[0], gap
            gap, at = 0, token.end()
        else:
            gap, at = gap + 1, at + 1


@cache
def meanings() -> Meanings:
    """Those of the thoughts that come with the product."""
    return Meanings((key, *of_language) for key, table in tables().items() for of_language in _entries(table))


def tables() -> dict[str, dict[str, Any]]:
    """`concepts.toml`: thought -> its kind, how usual it is, and its entries by language."""
    return tomllib.loads(concepts.FILE.read_text(encoding="utf-8"))


def _entries(table: Mapping[str, object]) -> Iterator[tuple[str, list[str]]]:
    """The entries of each language; English words that are contracted in both ways."""
    for code, written in table.items():
        if isinstance(written, str) and code != "kind":
            own = written.split(";")
            yield code, [*own, *(_CONTRACTED.sub(r"\1 t", one) for one in own if code == "en")]


def said(found: Sequence[Meaning], folded: str) -> list[tuple[str, tuple[Meaning, ...]]]:
    """The pieces that stand for thoughts of a text: each of them, and each two of one sentence."""
    ends = [match.start() for match in _SENTENCE_END.finditer(folded)] if len(found) > 1 else []
    by_sentence: dict[int, list[Meaning]] = {}
    for one in found:
        by_sentence.setdefault(sum(end < one.start for end in ends), []).append(one)
    pairs = [
        (_pair(one, other), (one, other))
        for together in by_sentence.values()
        for place, one in enumerate(together[:MOST_PAIRED])
        for other in together[place + 1 : MOST_PAIRED]
    ]
    return [*((f"\0{one.key}", (one,)) for one in found), *pairs]


def _pair(one: Meaning, other: Meaning) -> str:
    return f"\0{min(one.key, other.key)}\0{max(one.key, other.key)}"
