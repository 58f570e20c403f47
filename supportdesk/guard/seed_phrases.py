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
from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import cache

from mnemonic import Mnemonic

from supportdesk.guard.folding import plain_latin
from supportdesk.guard.spans import Asked
from supportdesk.guard.told import Looks

LENGTHS = (24, 21, 18, 15, 12)
LONGEST = 60
FEWEST_TOLD = 11  # words after the name of a seed phrase
MOST_NAME_WORDS = 3
LONGEST_WORD = 9  # characters, of the lists in Japanese and Korean
WIDEST_GAP = 12  # characters between two words
BITS = 11
PLACE = BITS + 6  # one place: the index in a list, five bits for the list, and `TAKEN`
TAKEN = 1 << PLACE - 1

# English in a Chinese, Japanese or Korean sentence has no blank before it or behind it.
_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]+|[^\W\d_A-Za-z\u00c0-\u024f]+")
# What numbers a word besides "1.": "1st", "1번", "第一个", "a)", "iv."; and what stands before the last of all.
_COUNTER = re.compile("st|nd|rd|th|번째?|番目?|[个個]")
_ORDINAL = re.compile("第[一二三四五六七八九十]{1,3}[个個]?")
_ITEM = re.compile("[a-zA-Z]|[ivxIVX]{2,5}")
_AND = re.compile("and|y|e|et|ve|và|и|و|[和及与與]|와|과|그리고", re.IGNORECASE)
_ACCENTS = re.compile("[\u0300-\u036f]")  # of Latin and Cyrillic; voicing marks of Japanese tell words apart
# Between two words of a phrase: blanks and signs of any kind, with "1." or "(12)" or a key of JSON among them.
_GAP = re.compile(
    rf"[\W_]*(?:(?:\d{{1,2}}(?:{_COUNTER.pattern})?|{_ORDINAL.pattern}|(?:{_ITEM.pattern})(?=[.):]))[\W_]*)?"
    rf"(?:(?<!\w)(?:{_AND.pattern})\s+)?",
    re.IGNORECASE,
)
_KANA_OR_HANGUL = re.compile("[ぁ-ヶ가-힣]")
_STICKS_BEFORE = re.compile("[はがもをのでとァ-ヶー\u4e00-\u9fff은는이가]")
_STICKS_BEHIND = re.compile("(?:です|でした|だ|と|を|が|は|になります|입니다|이에요|예요|을|를|이|가|은|는)")
_UNPARTED = re.compile(
    "(?:助[记記][词詞码碼]|[种種]子[词詞]|(?:恢[复復]|回[复復]|[种種]子|[备備]份)(?:短[语語]|[词詞][组組]))"
    "(?:是|[为為]|如下|[\\s:：“\"'「])*([\u4e00-\u9fff]{12,24})"
)
_ONE_BLANK = re.compile(r"(?:\s+|\s*[,、，]\s*|\s*\d{1,2}[.:)、]\s*)")


@dataclass(frozen=True)
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
    looks = Looks(text)
    for name, run in _runs(text):
        yield from _told(run, looks)
        for part in _plausible(text, run):
            for words in (part, _unlabelled(part)):
                for first, last in _windows([word.places[name] for word in words]):
                    yield words[first].start, words[last].end
    yield from _unparted(text)


def _unparted(text: str) -> Iterator[tuple[int, int]]:
    """Chinese phrases without blanks: right behind a name for such phrases, and from there on."""
    for match in _UNPARTED.finditer(text):
        for name in ("chinese_simplified", "chinese_traditional"):
            indices = [places(character).get(name, -1) for character in match[1]]
            fitting = [n for n in LENGTHS if n <= len(indices) and -1 not in indices[:n] and _is_phrase(indices[:n])]
            if fitting:
                yield match.start(1), match.start(1) + fitting[0]


def _is_phrase(indices: list[int]) -> bool:
    return (0, len(indices) - 1) in _windows(indices)


def _told(run: list[Word], looks: Looks) -> Iterator[tuple[int, int]]:
    """A run that somebody calls a seed phrase, whatever its checksum says: half of one, or one with a word mistyped.
    The name may stand in the list itself ("seed phrase") and then begins the run."""
    if not FEWEST_TOLD <= len(run) <= LENGTHS[0] + MOST_NAME_WORDS:
        return
    for first in range(min(MOST_NAME_WORDS, len(run) - FEWEST_TOLD) + 1):
        if looks.name_before(run[first].start)[0] == Asked.SEED_PHRASE:
            yield run[first].start, run[-1].end
            return


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
        if _AND.fullmatch(word.bare) and any(
            len(run) == LENGTHS[-1] - 1 or len(run) > LENGTHS[-1] for run in runs.values()
        ):
            continue
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
    known = _index()
    text = plain_latin(text, known)
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
        yield Word(start, match.end(), bare, places(bare))


def _is_label(text: str, start: int, end: int) -> bool:
    """Whether the letters only number the word after them."""
    if _ITEM.fullmatch(text, start, end):
        return text[end : end + 1] in (".", ")", ":")
    is_counted = text[start - 1 : start].isdigit()
    return bool(_ORDINAL.fullmatch(text, start, end) or (is_counted and _COUNTER.fullmatch(text, start, end)))


def _freed(token: str, known: Container[str]) -> tuple[int, int]:
    """Where in a token of Japanese or Korean a word of a list stands that a sentence has no blank before or behind."""
    for first in range(max(len(token) - LONGEST_WORD, 1), len(token) - 1):
        if _STICKS_BEFORE.match(token[first - 1]) and _bare(token[first:]) in known:
            return first, len(token)
    for last in range(min(LONGEST_WORD, len(token) - 1), 1, -1):
        if _STICKS_BEHIND.match(token, last) and _bare(token[:last]) in known:
            return 0, last
    return 0, len(token)


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
