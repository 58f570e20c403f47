"""Seed phrases: runs of words of a BIP-39 list whose checksum holds.

Source: https://github.com/bitcoin/bips/blob/master/bip-0039.mediawiki. Twelve random list words pass by chance once in
16, so ordinary prose must not form runs: words may be parted by blanks, commas, line ends and numbering, by nothing
else; a longer chain of list words than `LONGEST` is prose or a word list, not a phrase. Chinese phrases count only with
their characters parted.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from mnemonic import Mnemonic

LENGTHS = (24, 21, 18, 15, 12)
LONGEST = 60
BITS = 11

_WORD = re.compile(r"[^\W\d_]+")
# Between two words of a phrase: blanks, punctuation of lists and quotes, "1." or "(12)" or "word 3:".
_GAP = re.compile(r"[\s,;:|/>\"'`*•·.\-\u2013\u2014()\[\]#、，。；]*(?:\d{1,2}[\s.:)\]\-=、]*)?[\"'`*(\[]*")
_ONE_BLANK = re.compile(r"(?:\s+|\s*[,、，]\s*|\s*\d{1,2}[.:)、]\s*)")


@dataclass(frozen=True)
class Word:
    start: int
    end: int
    text: str
    places: dict[str, int]  # list name -> index in that list


@cache
def lists() -> dict[str, dict[str, int]]:
    """Word -> {list -> index}, words in NFKD as BIP-39 compares them."""
    index: dict[str, dict[str, int]] = {}
    for name in Mnemonic.list_languages():
        for position, word in enumerate(Mnemonic(name).wordlist):
            index.setdefault(unicodedata.normalize("NFKD", word), {})[name] = position
    return index


def seed_phrases(text: str) -> Iterator[tuple[int, int]]:
    """Spans of the phrases in normalised text."""
    for run in _runs(text):
        if LENGTHS[-1] <= len(run) <= LONGEST:
            yield from _phrases(run)


def _runs(text: str) -> Iterator[list[Word]]:
    """Longest chains of neighbouring words that all stand in one list."""
    run: list[Word] = []
    shared: set[str] = set()
    for word in _words(text):
        names = set(word.places)
        together = bool(run) and bool(names & shared) and _neighbours(text, run[-1], word)
        if together:
            run.append(word)
            shared &= names
            continue
        if run:
            yield run
        run, shared = ([word], names) if names else ([], set())
    if run:
        yield run


def _words(text: str) -> Iterator[Word]:
    known = lists()
    for match in _WORD.finditer(text):
        word = match.group()
        yield Word(match.start(), match.end(), word, known.get(unicodedata.normalize("NFKD", word.lower()), {}))


def _neighbours(text: str, left: Word, right: Word) -> bool:
    gap = text[left.end : right.start]
    if len(gap) > 12:
        return False
    pattern = _ONE_BLANK if left.end - left.start == 1 else _GAP
    return bool(gap) and pattern.fullmatch(gap) is not None


def _phrases(run: list[Word]) -> Iterator[tuple[int, int]]:
    """Non-overlapping windows of the run whose checksum holds, longest first at each place."""
    names = set.intersection(*(set(word.places) for word in run))
    start = 0
    while start + LENGTHS[-1] <= len(run):
        length = next((n for n in LENGTHS if _is_phrase(run[start : start + n], n, names)), 0)
        if length:
            yield run[start].start, run[start + length - 1].end
        start += length or 1


def _is_phrase(words: list[Word], length: int, names: set[str]) -> bool:
    return len(words) == length and any(_checksum_holds([w.places[name] for w in words]) for name in names)


def _checksum_holds(indices: list[int]) -> bool:
    """The last n/3 bits of the phrase are the first bits of SHA-256 of the rest (BIP-39)."""
    value = 0
    for index in indices:
        value = value << BITS | index
    check_bits = len(indices) // 3
    entropy = (value >> check_bits).to_bytes(check_bits * 4, "big")
    expected = hashlib.sha256(entropy).digest()[0] >> (8 - check_bits)
    return value & ((1 << check_bits) - 1) == expected
