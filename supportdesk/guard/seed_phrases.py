"""Seed phrases: runs of words of a BIP-39 list whose checksum holds.

Source: https://github.com/bitcoin/bips/blob/master/bip-0039.mediawiki. Twelve random list words pass by chance once in
16, so ordinary prose must not form runs: words may be parted by blanks, signs and numbering, by no other word but one
that stands before each of them ("word 1: …"); a line with more list words in a row than `LONGEST` is prose or a word
list, not a phrase. A phrase may begin beside other words of the list ("my seed phrase: …"), so every window of a run
counts and what they cover together is the finding. Chinese phrases count only with their characters parted.
"""

import re
from collections import Counter
from collections.abc import Iterator

from supportdesk.guard import scattered
from supportdesk.guard.seed_words import COUNTER, ITEM, LENGTHS, ORDINAL, Word, gone_on, places, windows, words
from supportdesk.guard.spans import Asked
from supportdesk.guard.told import Looks

LONGEST = 60
FEWEST_TOLD = 11  # words after the name of a seed phrase
MOST_NAME_WORDS = 3
WIDEST_GAP = 12  # characters between two words
_AND = re.compile("and|y|e|et|ve|và|и|و|[和及与與]|와|과|그리고", re.IGNORECASE)
# Between two words of a phrase: blanks and signs of any kind, with "1." or "(12)" or a key of JSON among them.
_GAP = re.compile(
    rf"[\W_]*(?:(?:\d{{1,2}}(?:{COUNTER.pattern})?|{ORDINAL.pattern}|(?:{ITEM.pattern})(?=[.):]))[\W_]*)?"
    rf"(?:(?<!\w)(?:{_AND.pattern})\s+)?",
    re.IGNORECASE,
)
_NAMED = (
    "(?:助[記记憶忆][词詞码碼符]|[种種]子[词詞]"
    "|(?:恢[复復]|回[复復]|[种種]子|[备備]份)(?:短[语語]|[词詞][组組]?|[单單][词詞]))"
)
_NAME = re.compile(_NAMED)
_UNPARTED = re.compile(_NAMED + "(?:是|[为為]|如下|[\\s:：“\"'「])*([\u4e00-\u9fff]{12,24})")
_HAN = re.compile("[\u4e00-\u9fff]+")
FARTHEST_UNPARTED = 80  # characters behind the name
_ONE_BLANK = re.compile(r"(?:\s+|\s*[,、，]\s*|\s*\d{1,2}[.:)、]\s*)")


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
    every = list(words(text))
    runs = list(_runs(text, every))
    for name, run in runs:
        yield from list(_of_run(text, name, run)) or _told(run, looks)
    yield from scattered.pieces(text, runs)
    yield from scattered.words_apart(text, every)
    yield from _unparted(text)


def _of_run(text: str, name: str, run: list[Word]) -> Iterator[tuple[int, int]]:
    for part in _plausible(text, run):
        for parted in (part, _unlabelled(part)):
            for first, last in windows([word.places[name] for word in parted]):
                yield parted[first].start, parted[last].end


def _unparted(text: str) -> Iterator[tuple[int, int]]:
    """Chinese phrases without blanks: right behind a name for such phrases, and from there on; a little farther on
    where they stand between signs and are as long as a phrase."""
    for name in _NAME.finditer(text):
        for run in _HAN.finditer(text, name.end(), name.end() + FARTHEST_UNPARTED):
            if len(run[0]) in LENGTHS and any(_is_phrase(indices) for indices in _indices(run[0])):
                yield run.span()
    for match in _UNPARTED.finditer(text):
        for indices in _indices(match[1]):
            fitting = [n for n in LENGTHS if n <= len(indices) and _is_phrase(indices[:n])]
            if fitting:
                yield match.start(1), match.start(1) + fitting[0]


def _indices(characters: str) -> Iterator[list[int]]:
    """In each of the two lists; -1 where a character is not in it."""
    for name in ("chinese_simplified", "chinese_traditional"):
        yield [places(character).get(name, -1) for character in characters]


def _is_phrase(indices: list[int]) -> bool:
    return -1 not in indices and (0, len(indices) - 1) in windows(indices)


def _told(run: list[Word], looks: Looks) -> Iterator[tuple[int, int]]:
    """A run that somebody calls a seed phrase, though no checksum holds: half of one, or one with a word mistyped.
    The name may stand in the list itself ("seed phrase") and then begins the run."""
    if not FEWEST_TOLD <= len(run) <= LENGTHS[0] + MOST_NAME_WORDS:
        return
    firsts = range(min(MOST_NAME_WORDS, len(run) - FEWEST_TOLD) + 1)
    for first in firsts:
        if looks.name_before(run[first].start)[0] == Asked.SEED_PHRASE:
            yield run[first].start, run[-1].end
            return
    if any(looks.names_near(run[first].start, Asked.SEED_PHRASE) for first in firsts):
        yield run[0].start, run[-1].end


def _unlabelled(run: list[Word]) -> list[Word]:
    """The run without the word that is every second one of it; nothing where there is none."""
    if len(run) < 2 * LENGTHS[-1] - 1:
        return []
    label, count = Counter(word.bare for word in run).most_common(1)[0]
    return [word for word in run if word.bare != label] if count * 2 >= len(run) - 1 else []


def _runs(text: str, every: list[Word]) -> Iterator[tuple[str, list[Word]]]:
    """Longest chains of neighbouring words of one list, for each list on its own: many words stand in several."""
    runs: dict[str, list[Word]] = {}
    left: Word | None = None
    for word in every:
        if not word.places and not runs:
            continue
        may_end = any(len(run) == LENGTHS[-1] - 1 or len(run) > LENGTHS[-1] for run in runs.values())
        if may_end and _AND.fullmatch(word.bare):
            continue
        if not word.places:  # of no list: whatever ran ends here, and nothing begins
            yield from runs.items()
            runs, left = {}, None
            continue
        if left is None or not _neighbours(text, left, word):
            yield from runs.items()
            runs = {}
        yield from ((name, run) for name, run in runs.items() if name not in word.places)
        runs = gone_on(runs, word)
        left = word
    yield from runs.items()


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
