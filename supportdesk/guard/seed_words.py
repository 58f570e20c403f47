"""The words of a text as the lists of BIP-39 have them, and the checksum that tells a phrase from other words."""

import hashlib
import re
import unicodedata
from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import cache

from mnemonic import Mnemonic

from supportdesk.guard.folding import plain_latin

LENGTHS = (24, 21, 18, 15, 12)
LONGEST_WORD = 9  # characters, of the lists in Japanese and Korean
BITS = 11
PLACE = BITS + 6  # one place: the index in a list, five bits for the list, and `TAKEN`
TAKEN = 1 << PLACE - 1

# English in a Chinese, Japanese or Korean sentence has no blank before it or behind it.
_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]+|[^\W\d_A-Za-z\u00c0-\u024f]+")
# What numbers a word besides "1.": "1st", "1번", "第一个", "a)", "iv."; and what stands before the last of all.
COUNTER = re.compile("st|nd|rd|th|번째?|番目?|[个個]")
ORDINAL = re.compile("第[一二三四五六七八九十]{1,3}[个個]?")
ITEM = re.compile("[a-zA-Z]|[ivxIVX]{2,5}")
_ACCENTS = re.compile("[\u0300-\u036f]")  # of Latin and Cyrillic; voicing marks of Japanese tell words apart
_KANA_OR_HANGUL = re.compile("[ぁ-ヶ가-힣]")
_STICKS_BEFORE = re.compile("[はがもをのでとァ-ヶー\u4e00-\u9fff은는이가]")
_STICKS_BEHIND = re.compile("(?:です|でした|だ|と|を|が|は|になります|입니다|이에요|예요|을|를|이|가|은|는)")


@dataclass(slots=True, eq=False)
class Word:
    start: int
    end: int
    bare: str
    places: dict[str, int]  # list name -> index in that list


@cache
def _names() -> tuple[str, ...]:
    """The lists, and after them each once more for the words by their first four letters."""
    names = Mnemonic.list_languages()
    return (*names, *(f"{name} in four" for name in names))


@cache
def _index() -> dict[str, int]:
    """Word as `_bare` writes it -> its places in the lists, `PLACE` bits each. Every web process has these 20,000 words
    in memory, and with a dictionary for each of them they would take 4 MB more."""
    index: dict[str, int] = {}
    languages = Mnemonic.list_languages()
    for number, name in enumerate(languages):
        for position, word in enumerate(Mnemonic(name).wordlist):
            bare = _bare(word)
            _place(index, bare, number, position)
            if bare.isascii():  # four letters tell the words of an alphabet apart; steel plates have no room for more
                _place(index, bare[:4], number + len(languages), position)
    return index


def _place(index: dict[str, int], bare: str, number: int, position: int) -> None:
    known = index.get(bare, 0)
    index[bare] = known | (TAKEN | number << BITS | position) << known.bit_length()


def places(bare: str) -> dict[str, int]:
    """List -> index in it, for a word as `_bare` writes it; of several with the same first letters the first."""
    found: dict[str, int] = {}
    left = _index().get(bare, 0)
    while left:
        found.setdefault(_names()[(left & TAKEN - 1) >> BITS], left & (1 << BITS) - 1)
        left >>= PLACE
    return found


def _bare(word: str) -> str:
    """A word in NFKD, as BIP-39 compares them, without the accents of alphabets: the lists allow for leaving them out
    and no two words of a list differ by them alone. A dotless i is one too: in capitals it is any other I."""
    if word.isascii():
        return word.lower()
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", word.lower())).replace("ı", "i")


def words(text: str) -> Iterator[Word]:
    known = _index()
    text = plain_latin(text, known)
    found: dict[str, dict[str, int]] = {}
    for match in _WORD.finditer(text):
        token, start = match.group(), match.start()
        if _is_label(text, start, match.end()):
            continue
        bare = _bare(token)
        if bare not in known and _KANA_OR_HANGUL.search(token):
            first, last = _freed(token, known)
            start, bare = start + first, _bare(token[first:last])
            yield Word(start, start + last - first, bare, places(bare))
            continue
        if bare not in found:  # long texts have few different words
            found[bare] = places(bare)
        yield Word(start, match.end(), bare, found[bare])


def _is_label(text: str, start: int, end: int) -> bool:
    """Whether the letters only number the word after them."""
    if ITEM.fullmatch(text, start, end):
        return text[end : end + 1] in (".", ")", ":")
    is_counted = text[start - 1 : start].isdigit()
    return bool(ORDINAL.fullmatch(text, start, end) or (is_counted and COUNTER.fullmatch(text, start, end)))


def _freed(token: str, known: Container[str]) -> tuple[int, int]:
    """Where in a token of Japanese or Korean a word of a list stands that a sentence has no blank before or behind."""
    for first in range(max(len(token) - LONGEST_WORD, 1), len(token) - 1):
        if _STICKS_BEFORE.match(token[first - 1]) and _bare(token[first:]) in known:
            return first, len(token)
    for last in range(min(LONGEST_WORD, len(token) - 1), 1, -1):
        if _STICKS_BEHIND.match(token, last) and _bare(token[:last]) in known:
            return 0, last
    return 0, len(token)


def gone_on(runs: dict[str, list[Word]], word: Word) -> dict[str, list[Word]]:
    """The runs by list with another word: those of lists that lack it end, those of its other lists begin."""
    going = {name: runs.get(name, []) for name in word.places}
    for run in going.values():
        run.append(word)
    return going


def windows(indices: list[int]) -> Iterator[tuple[int, int]]:
    """First and last place of every window whose checksum holds. One word again and again is nobody's phrase."""
    for length in LENGTHS:
        value, mask = 0, (1 << BITS * length) - 1
        for last, index in enumerate(indices):
            value = (value << BITS | index) & mask
            first = last - length + 1
            if first >= 0 and checksum_holds(value, length) and len(set(indices[first : last + 1])) > 1:
                yield first, last


def checksum_holds(value: int, length: int) -> bool:
    """The last n/3 bits of a phrase of n words are the first bits of SHA-256 of the rest (BIP-39)."""
    check_bits = length // 3
    entropy = (value >> check_bits).to_bytes(check_bits * 4, "big")
    expected = hashlib.sha256(entropy).digest()[0] >> (8 - check_bits)
    return value & ((1 << check_bits) - 1) == expected
