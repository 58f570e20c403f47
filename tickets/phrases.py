"""Phrases that rules look for in what people write, in any script. Pure.

A phrase is a row of words: `withdraw* … not|never arrived|come_in`
- `|` between words that are as good as each other, `_` inside one that is made of several;
- `*` at the end of a word: any ending;
- `…` (or `...`) between words: up to six others, within one sentence.
Case, accents and apostrophes do not count, nor do vowel signs and the forms of alef in Arabic, or traditional against
simplified characters. Arabic words are found with their article, prepositions and pronouns, Korean ones with their
particles. Chinese and Japanese have no borders of words, so that a phrase is found anywhere.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache, cached_property
from typing import NamedTuple

from helpcenter.search.analyzers import simplified

GAP = "…"
LONGEST = 600  # characters of a phrase


class BadPhrase(ValueError):
    """A phrase that cannot be looked for. `reason` is one of `empty`, `long`, `gap`, `star`, `sign`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Script(Enum):
    """How words of a script begin, end and grow."""

    WORDS = "words"  # Latin, Cyrillic, Greek
    ARABIC = "arabic"
    HANGUL = "hangul"
    HAN = "han"  # Chinese and Japanese


# Folding: one letter becomes one letter or none, so that every place is known in the text as it was written.

HAN = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
HANGUL = "\uac00-\ud7a3"
ARABIC = "\u0621-\u064a"
WORD = "a-z0-9\u0370-\u052f"
_ALIKE = {
    **dict.fromkeys("أإآٱ", "ا"),
    **dict.fromkeys("'’‘ʼ`´ʻ", " "),
    **dict(zip("ىةؤئیک", "يهوييك", strict=True)),
    **dict(zip("ıđłøßæœþ", "idlosaot", strict=True)),
}
_NOTHING = re.compile(
    "[\u0300-\u036f\u064b-\u065f\u0670\u0640\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]"
)
_APOSTROPHE = re.compile("(?<=\\w)['’‘ʼ`´ʻ](?=\\w)")
_MARKS = re.compile("[\u0300-\u036f]+")


class _Folding(dict[int, str]):
    """What each letter becomes; filled as letters are met."""

    def __missing__(self, number: int) -> str:
        found = self[number] = _folded(chr(number))
        return found


def _folded(letter: str) -> str:
    if _NOTHING.fullmatch(letter):
        return ""
    letter = _one(unicodedata.normalize("NFKC", letter), letter)
    letter = _one(letter.lower(), letter.lower()[:1])
    base, rest = unicodedata.normalize("NFD", letter)[:1], unicodedata.normalize("NFD", letter)[1:]
    if rest and _MARKS.fullmatch(rest):
        letter = base
    if letter.isspace():
        return " "
    if letter.isdecimal():
        return str(unicodedata.decimal(letter))
    return _ALIKE.get(letter) or simplified().get(ord(letter), letter)[:1]


def _one(wanted: str, otherwise: str) -> str:
    return wanted if len(wanted) == 1 else otherwise


_FOLDING = _Folding()


def fold(text: str) -> str:
    """A text as phrases see it."""
    return text.translate(_FOLDING)


class Folded:
    """A folded text that knows where each of its letters stood."""

    def __init__(self, text: str) -> None:
        self.text = fold(text)
        self._places: Sequence[int] = range(len(text))
        if len(self.text) != len(text):
            self._places = [place for place, letter in enumerate(text) if _FOLDING[ord(letter)]]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a part of the folded text stands in the written one; `end` is after its last letter."""
        return self._places[start], self._places[end - 1] + 1


# What a phrase becomes

_BEFORE_ARABIC = f"(?<![{ARABIC}])[وف]?(?:[بكل]?ال|لل|[بكل])?"
_AFTER_ARABIC = "(?:ها|هم|كم|نا|ني|ات|اتي|ين|ون|ي|ه|ك|ا)?"
_FEMININE = "(?:ه|ت(?:ي|ه|ها|نا|ك|كم|هم)|ات(?:ي|ه|ها|نا|ك|كم|هم)?)"
_PARTICLE = f"[{HANGUL}]{{0,3}}?"
_CLOSE, _NEAR = r"[\W_]{0,2}", r"[\W_]{1,3}"
_WITHIN = r"(?:[^\w.!?\u061f。！？]|[.](?=\w))"
_GAP_OF_WORDS = rf"{_WITHIN}+(?:\w{{1,40}}{_WITHIN}+){{0,6}}?"
_GAP_OF_LETTERS = "[^.!?。！？]{0,16}?"


def script_of(word: str) -> Script:
    if re.search(f"[{HANGUL}]", word):
        return Script.HANGUL
    if re.search(f"[{HAN}]", word):
        return Script.HAN
    return Script.ARABIC if re.search(f"[{ARABIC}]", word) else Script.WORDS


@dataclass(frozen=True)
class Phrase:
    """A phrase to look for; `rows` are its words, each with those that are as good, None for a gap."""

    rows: tuple[tuple[str, ...] | None, ...]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Made when its head is met for the first time: of two thousand phrases a text meets few."""
        parts: list[str] = []
        for place, row in enumerate(self.rows):
            if row is not None:
                parts.append(_between(self.rows[:place], row) + _any_of(row))
        return re.compile("".join(parts))


def _head(word: str) -> str:
    """What every form of a word begins with: in Arabic the last letter may change."""
    head = word.partition("_")[0].rstrip("*")
    return head[:-1] if head.endswith("ه") and len(head) > 2 else head


def _any_of(row: Sequence[str]) -> str:
    return "(?:" + "|".join(map(_word, row)) + ")"


def _word(word: str) -> str:
    script, parts = script_of(word), word.split("_")
    if script in (Script.HAN, Script.HANGUL):
        between = _PARTICLE + _CLOSE if script == Script.HANGUL else _CLOSE
        return between.join(re.escape(part.rstrip("*")) for part in parts)
    return _NEAR.join(map(_arabic if script == Script.ARABIC else _alphabetic, parts))


def _alphabetic(part: str) -> str:
    ending = f"[{WORD}]*" if part.endswith("*") else f"(?![{WORD}])"
    return f"(?<![{WORD}]){re.escape(part.rstrip('*'))}{ending}"


def _arabic(part: str) -> str:
    stem = re.escape(part.rstrip("*"))
    if part.endswith("*"):
        return f"{_BEFORE_ARABIC}{stem}[{ARABIC}]*"
    grown = stem[:-1] + _FEMININE if stem.endswith("ه") else stem + _AFTER_ARABIC
    return f"{_BEFORE_ARABIC}{grown}(?![{ARABIC}])"


def _between(before: Sequence[tuple[str, ...] | None], row: Sequence[str]) -> str:
    if not before:
        return ""
    is_gap = before[-1] is None
    last = before[-2] if is_gap else before[-1]
    scripts = {script_of(word) for word in (*(last or ()), *row)}
    if not scripts & {Script.HAN, Script.HANGUL}:
        return _GAP_OF_WORDS if is_gap else _NEAR
    if is_gap:
        return _GAP_OF_LETTERS
    particle = _PARTICLE if any(script_of(word) == Script.HANGUL for word in last or ()) else ""
    return particle + _CLOSE


@cache
def parse(text: str) -> Phrase:
    """Raises BadPhrase."""
    words = fold(_APOSTROPHE.sub("_", text)).replace("...", GAP).replace(GAP, f" {GAP} ").split()
    if not words:
        raise BadPhrase("empty")
    if len(text) > LONGEST:
        raise BadPhrase("long")
    _refuse_gaps(words)
    rows = tuple(None if word == GAP else tuple(_good(one) for one in word.split("|")) for word in words)
    return Phrase(rows)


def _refuse_gaps(words: Sequence[str]) -> None:
    pairs = zip(words, [*words[1:], GAP], strict=True)
    if words[0] == GAP or any(one == other == GAP for one, other in pairs) or words[-1] == GAP:
        raise BadPhrase("gap")


def _good(word: str) -> str:
    stems = [part.removesuffix("*") for part in word.split("_")]
    if not all(stems):
        raise BadPhrase("empty")
    if any("*" in stem for stem in stems):
        raise BadPhrase("star")
    if not stems[0][0].isalnum():
        raise BadPhrase("sign")
    return word


# Looking for many at once

_TOKEN = re.compile(f"[{WORD}]+|[{ARABIC}]+|[{HAN}{HANGUL}]")
_WORDS = re.compile(f"[{WORD}]+")
_ARABIC_WORDS = re.compile(f"[{ARABIC}]+")
_RUNS = re.compile(f"[{HAN}{HANGUL}]+")
_PREFIXES = (
    "",
    *(a + b for a in ("", "و", "ف") for b in ("ال", "لل", "ل", "ب", "ك", "بال", "كال", "لال", "") if a + b),
)

MOST_REMEMBERED = 50_000  # words whose rows are remembered
_WORDS_OF_GAP, _LETTERS_OF_GAP, _LETTERS_OF_PARTICLE = 6, 16, 3


class _Follower(NamedTuple):
    """A phrase, by its number, that goes on after its first row: within `reach` tokens its second begins, `rest` are
    the rows after that."""

    number: int
    reach: int
    rest: tuple[int, ...]


class _Begun:
    """The phrases that begin with one row: those of this row alone, and the others by their second row."""

    def __init__(self) -> None:
        self.alone: list[int] = []
        self.followed: dict[int, list[_Follower]] = {}


class Book:
    """Many phrases. Each token of the text (a word, or a letter of scripts without blanks) is looked up once. Where a
    row may begin is kept as the bits of a number, one for each token, so that a phrase is only tried where its second
    row stands near enough to its first and all others are somewhere in the text."""

    def __init__(self, phrases: Sequence[Phrase]) -> None:
        self._phrases = phrases
        self._letters = _Heads()  # of scripts without blanks
        self._heads = {Script.WORDS: _Heads(), Script.ARABIC: _Heads()}
        self._rows: dict[tuple[str, ...], int] = {}  # their numbers
        self._begun: dict[int, _Begun] = {}  # by the first row
        self._remembered: dict[str, list[int]] = {}
        for number, phrase in enumerate(phrases):
            self._keep(number, phrase)

    def _keep(self, number: int, phrase: Phrase) -> None:
        first, *others = [self._number_of(row) for row in phrase.rows if row is not None]
        begun = self._begun.setdefault(first, _Begun())
        if others:
            follower = _Follower(number, _reach(phrase), tuple(others[1:]))
            begun.followed.setdefault(others[0], []).append(follower)
        else:
            begun.alone.append(number)

    def _number_of(self, row: tuple[str, ...]) -> int:
        if row in self._rows:
            return self._rows[row]
        number = self._rows[row] = len(self._rows)
        for word in row:
            head = _head(word)
            first = _first(head)
            is_whole = first == head and script_of(word) == Script.WORDS and not word.partition("_")[0].endswith("*")
            self._heads.get(script_of(first), self._letters).keep(first, number, is_whole=is_whole)
        return number

    def find(self, folded: str) -> Iterator[tuple[int, int, int]]:
        """The first match of each phrase: its number, and where it stands in the folded text."""
        tokens = list(_TOKEN.finditer(folded))
        places = self._met(folded, tokens)
        for number, bits in self._tried(places):
            match = self._first_match(number, tokens, bits)
            if match is not None:
                yield number, *match.span()

    def _tried(self, places: dict[int, int]) -> Iterator[tuple[int, int]]:
        """The phrases that may be there, each with the tokens that it may begin at."""
        for first in self._begun.keys() & places.keys():
            begun, own = self._begun[first], places[first]
            for number in begun.alone:
                yield number, own
            for second in begun.followed.keys() & places.keys():
                for number, reach, rest in begun.followed[second]:
                    bits = own & _shortly_before(places[second], reach)
                    if bits and all(row in places for row in rest):
                        yield number, bits

    def _first_match(self, number: int, tokens: Sequence[re.Match[str]], bits: int) -> re.Match[str] | None:
        pattern = self._phrases[number].pattern
        while bits:
            lowest = bits & -bits
            token = tokens[lowest.bit_length() - 1]
            match = pattern.match(token.string, token.start())
            if match is not None:
                return match
            bits ^= lowest
        return None

    def _met(self, folded: str, tokens: Sequence[re.Match[str]]) -> dict[int, int]:
        """The rows that have a word in the text, with the tokens where a match would begin."""
        places: dict[int, int] = {}
        for word, bits in _bits_of_words(tokens).items():
            for row in self._of(word):
                places[row] = places.get(row, 0) | bits
        at = {token.start(): number for number, token in enumerate(tokens)}
        for run in _RUNS.finditer(folded):
            self._letters.within(run[0], at[run.start()], places)
        return places

    def _of(self, word: str) -> list[int]:
        """The rows that may begin with a word; people use the same ones again and again."""
        found = self._remembered.get(word)
        if found is None:
            if len(self._remembered) >= MOST_REMEMBERED:
                self._remembered.clear()
            is_arabic = _ARABIC_WORDS.match(word)
            rows = self._arabic_rows(word) if is_arabic else self._heads[Script.WORDS].of(word)
            found = self._remembered[word] = sorted(set(rows))
        return found

    def _arabic_rows(self, word: str) -> Iterator[int]:
        """An Arabic word, also without what is written together with it in front."""
        for prefix in _PREFIXES:
            if word.startswith(prefix):
                yield from self._heads[Script.ARABIC].of(word[len(prefix) :])


def _reach(phrase: Phrase) -> int:
    """At most how many tokens after a phrase's first row its second begins."""
    first, second = phrase.rows[0] or (), phrase.rows[1]
    is_gap = second is None
    words = (*first, *(second or phrase.rows[2] or ()))
    if {script_of(word) for word in words} & {Script.HAN, Script.HANGUL}:
        own = max(len(word) + (word.count("_") + 1) * _LETTERS_OF_PARTICLE for word in first)
        return own + 1 + (_LETTERS_OF_GAP if is_gap else 0)
    return max(len(_TOKEN.findall(word)) for word in first) + 2 + (_WORDS_OF_GAP if is_gap else 0)


def _shortly_before(bits: int, reach: int) -> int:
    """The tokens from one to `reach` before those of `bits`, of which each is a bit."""
    found, width = bits >> 1, 1
    while width * 2 <= reach:
        found |= found >> width
        width *= 2
    return found | found >> reach - width


def _bits_of_words(tokens: Sequence[re.Match[str]]) -> dict[str, int]:
    """The words of a text with the tokens that they are, as bits."""
    found: dict[str, int] = {}
    for number, token in enumerate(tokens):
        found[token[0]] = found.get(token[0], 0) | 1 << number
    return found


class _Heads:
    """The words that rows begin with: whole ones, and those that are the beginning of a longer one, by length."""

    def __init__(self) -> None:
        self._whole: dict[str, set[int]] = {}
        self._stems: dict[str, set[int]] = {}
        self._lengths: dict[str, list[int]] = {}  # of the stems that begin with a letter

    def keep(self, stem: str, row: int, *, is_whole: bool) -> None:
        (self._whole if is_whole else self._stems).setdefault(stem, set()).add(row)
        if not is_whole:
            self._lengths[stem[0]] = sorted({*self._lengths.get(stem[0], ()), len(stem)})

    def of(self, word: str) -> Iterator[int]:
        """The rows that may begin with a word."""
        yield from self._whole.get(word, ())
        for length in self._lengths.get(word[:1], ()):
            if length <= len(word):
                yield from self._stems.get(word[:length], ())

    def within(self, run: str, first: int, places: dict[int, int]) -> None:
        """The rows that begin anywhere in a run of letters without borders, whose first is the token `first`."""
        for place, letter in enumerate(run):
            for length in self._lengths.get(letter, ()):
                for row in self._stems.get(run[place : place + length], ()):
                    places[row] = places.get(row, 0) | 1 << (first + place)


def _first(head: str) -> str:
    """The first letters of one kind: `2fa-code` begins with `2fa`, `apiキー` with `api`."""
    match = _WORDS.match(head) or _ARABIC_WORDS.match(head) or _RUNS.match(head)
    return match[0] if match else head
