"""Seed phrases: runs of words of a BIP-39 list whose checksum holds.

Source: https://github.com/bitcoin/bips/blob/master/bip-0039.mediawiki. Twelve random list words pass by chance once in
16, so ordinary prose must not form runs: words may be parted by blanks, signs and numbering, by no other word but one
that stands before each of them ("word 1: …"); a line with more list words in a row than `LONGEST` is prose or a word
list, not a phrase. A phrase may begin beside other words of the list ("my seed phrase: …"), so every window of a run
counts and what they cover together is the finding. Chinese phrases count only with their characters parted.
"""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from mnemonic import Mnemonic

LENGTHS = (24, 21, 18, 15, 12)
LONGEST = 60
WIDEST_GAP = 12  # characters between two words
BITS = 11
PLACE = BITS + 5  # one place: the index in a list, four bits for the list, and `TAKEN`
TAKEN = 1 << PLACE - 1

# English in a Chinese, Japanese or Korean sentence has no blank before it or behind it.
_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]+|[^\W\d_A-Za-z\u00c0-\u024f]+")
_ACCENTS = re.compile("[\u0300-\u036f]")  # of Latin and Cyrillic; voicing marks of Japanese tell words apart
# Between two words of a phrase: blanks and signs of any kind, with "1." or "(12)" or a key of JSON among them.
_GAP = re.compile(r"[\W_]*(?:\d{1,2}[\W_]*)?")
_ONE_BLANK = re.compile(r"(?:\s+|\s*[,、，]\s*|\s*\d{1,2}[.:)、]\s*)")


@dataclass(frozen=True)
class Word:
    start: int
    end: int
    bare: str
    places: dict[str, int]  # list name -> index in that list


@cache
def _names() -> tuple[str, ...]:
    return tuple(Mnemonic.list_languages())


@cache
def _index() -> dict[str, int]:
    """Word as `_bare` writes it -> its places in the lists, `PLACE` bits each. Every web process has these 20,000 words
    in memory, and with a dictionary for each of them they would take 4 MB more."""
    index: dict[str, int] = {}
    for number, name in enumerate(_names()):
        for position, word in enumerate(Mnemonic(name).wordlist):
            bare, place = _bare(word), TAKEN | number << BITS | position
            known = index.get(bare, 0)
            index[bare] = known | place << known.bit_length()
    return index


def places(bare: str) -> dict[str, int]:
    """List -> index in it, for a word as `_bare` writes it."""
    found, left = {}, _index().get(bare, 0)
    while left:
        found[_names()[(left & TAKEN - 1) >> BITS]] = left & (1 << BITS) - 1
        left >>= PLACE
    return found


def _bare(word: str) -> str:
    """A word in NFKD, as BIP-39 compares them, without the accents of alphabets: the lists allow for leaving them out
    and no two words of a list differ by them alone. A dotless i is one too: in capitals it is any other I."""
    if word.isascii():
        return word.lower()
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", word.lower())).replace("ı", "i")


def seed_phrases(text: str) -> Iterator[tuple[int, int]]:
    """Spans of the phrases in normalised text, in order; phrases that overlap are one span."""
    start = end = -1
    for next_start, next_end in sorted(_phrases(text)):
        if next_start < end:
            end = max(end, next_end)
            continue
        if end > 0:
            yield start, end
        start, end = next_start, next_end
    if end > 0:
        yield start, end


def _phrases(text: str) -> Iterator[tuple[int, int]]:
    for name, run in _runs(text):
        for part in _plausible(text, run):
            for words in (part, _unlabelled(part)):
                for first, last in _windows([word.places[name] for word in words]):
                    yield words[first].start, words[last].end


def _unlabelled(run: list[Word]) -> list[Word]:
    """The run without the word that is every second one of it; nothing where there is none."""
    if len(run) < 2 * LENGTHS[-1] - 1:
        return []
    label, count = Counter(word.bare for word in run).most_common(1)[0]
    return [word for word in run if word.bare != label] if count * 2 >= len(run) - 1 else []


def _runs(text: str) -> Iterator[tuple[str, list[Word]]]:
    """Longest chains of neighbouring words of one list, for each list on its own: many words stand in several."""
    runs: dict[str, list[Word]] = {}
    left: Word | None = None
    for word in _words(text):
        if not word.places:  # of no list: whatever ran ends here, and nothing begins
            yield from runs.items()
            runs, left = {}, None
            continue
        if left is None or not _neighbours(text, left, word):
            yield from runs.items()
            runs = {}
        yield from ((name, run) for name, run in runs.items() if name not in word.places)
        runs = {name: runs.get(name, []) for name in word.places}
        for run in runs.values():
            run.append(word)
        left = word
    yield from runs.items()


def _words(text: str) -> Iterator[Word]:
    for match in _WORD.finditer(text):
        bare = _bare(match.group())
        yield Word(match.start(), match.end(), bare, places(bare))


def _neighbours(text: str, left: Word, right: Word) -> bool:
    gap = text[left.end : right.start]
    if len(gap) > WIDEST_GAP:
        return False
    pattern = _ONE_BLANK if left.end - left.start == 1 else _GAP
    return bool(gap) and pattern.fullmatch(gap) is not None


def _plausible(text: str, run: list[Word]) -> Iterator[list[Word]]:
    """The run without its lines of more than `LONGEST` words."""
    part: list[Word] = []
    for line in _lines(text, run):
        if len(line) <= LONGEST:
            part += line
        else:
            yield part
            part = []
    yield part


def _lines(text: str, run: list[Word]) -> Iterator[list[Word]]:
    line: list[Word] = []
    for word in run:
        if line and "\n" in text[line[-1].end : word.start]:
            yield line
            line = []
        line.append(word)
    yield line


def _windows(indices: list[int]) -> Iterator[tuple[int, int]]:
    """First and last place of every window whose checksum holds. One word again and again is nobody's phrase."""
    for length in LENGTHS:
        value, mask = 0, (1 << BITS * length) - 1
        for last, index in enumerate(indices):
            value = (value << BITS | index) & mask
            first = last - length + 1
            if first >= 0 and _checksum_holds(value, length) and len(set(indices[first : last + 1])) > 1:
                yield first, last


def _checksum_holds(value: int, length: int) -> bool:
    """The last n/3 bits of a phrase of n words are the first bits of SHA-256 of the rest (BIP-39)."""
    check_bits = length // 3
    entropy = (value >> check_bits).to_bytes(check_bits * 4, "big")
    expected = hashlib.sha256(entropy).digest()[0] >> (8 - check_bits)
    return value & ((1 << check_bits) - 1) == expected
