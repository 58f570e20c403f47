"""Seed phrases that other words part: "the first half is … and my brother has …", "first merge, then crisp", tables.

If every list word of a text counted, some of them would pass a checksum by chance all the time. So what counts here has
an order of its own that prose has not: long pieces of list words, words beside the numbers 1, 2, 3 …, words at the same
place of a dozen lines or items, between quotation marks, in capitals, or with the same words before each of them.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice, pairwise, product

from supportdesk.guard.seed_words import COUNTER, LENGTHS, ORDINAL, Word, checksum_holds, gone_on, windows

Span = tuple[int, int]
Piece = list[Word]

FEWEST_IN_PIECE = 5
FEWEST_IN_FRAME = 3  # where nothing else stands in the line or between the signs
MOST_IN_PIECE = 40
MOST_PIECES = 6
FARTHEST_PIECE = 600  # characters between two pieces
MOST_LEFT_OUT = 3  # words of the list that belong to the prose around the pieces: "seed", "half", "please"
MOST_SUMS = 2_000  # checksums of pieces in one text
FARTHEST_WORD = 100  # characters between two words
LONGEST = 60  # words; more of them in a row are a word list
FEWEST_ORDINALS = 8  # different ones; "second" and "one" are words of the list too
MOST_BETWEEN = 6  # words between two of a phrase

_FRAMED_LEFT = re.compile(r"(?:^|[:=>\n\"'“«„「『(\[*`|–—-])[^\S\n]*$")
_FRAMED_RIGHT = re.compile(r"[^\S\n]*(?:$|[\n\"'”»“」』)\]*`|.,;<。、，–—-])")
_NUMBERED = re.compile(rf"(?<![\d.,])(\d{{1,2}})(?:{COUNTER.pattern})?[\W_]{{1,4}}(?=[^\W\d_])")
_BEFORE_NUMBER = re.compile(r"[^\S\n]{0,2}[(\[#№-]{0,2}[^\S\n]?(\d{1,2})(?![\d.,]\d)")
_ITEM_END = re.compile("[\n,;/|、，；。؛،.:：–—→>()]+")
_QUOTED = re.compile("[\"'“”«»„‘’「」『』*_`<>()\\[\\]]")
_ORDINAL_WORDS = """
first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth
sixteenth seventeenth eighteenth nineteenth twentieth twenty last one two three four five six seven eight nine ten
eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen primera primero primer segunda segundo
tercera tercero tercer cuarta cuarto quinta quinto sexta sexto septima septimo octava octavo novena noveno decima decimo
undecima undecimo duodecima duodecimo premier premiere deuxieme seconde troisieme quatrieme cinquieme sixieme septieme
huitieme neuvieme dixieme onzieme douzieme primeira primeiro segunda segundo terceira terceiro quarta quarto setima
setimo oitava oitavo nona nono birinci ikinci ucuncu dorduncu besinci altinci yedinci sekizinci dokuzuncu onuncu первое
первая второе вторая третье третья четвертое четвертая пятое пятая шестое шестая седьмое седьмая восьмое восьмая девятое
девятая десятое десятая одиннадцатое двенадцатое الاولي الثانيه الثالثه الرابعه الخامسه السادسه السابعه الثامنه التاسعه
العاشره
"""
_ORDINALS = frozenset(_ORDINAL_WORDS.split())


def pieces(text: str, runs: Iterable[tuple[str, Piece]]) -> Iterator[Span]:
    """Every piece of a phrase that prose cuts into pieces."""
    of_list: dict[str, list[Piece]] = {}
    for name, run in runs:
        if _is_piece(text, run):
            of_list.setdefault(name, []).append(run)
    sums = islice(_sums(of_list), MOST_SUMS)
    for name, chosen in sums:
        indices = [word.places[name] for piece in chosen for word in piece]
        if checksum_of(indices):
            yield from ((piece[0].start, piece[-1].end) for piece in chosen)


def checksum_of(indices: list[int]) -> bool:
    """Whether these are a phrase; of random words two at most are there twice."""
    if len(set(indices)) < len(indices) - 2:
        return False
    value = 0
    for index in indices:
        value = value << 11 | index
    return checksum_holds(value, len(indices))


def _is_piece(text: str, run: Piece) -> bool:
    if not FEWEST_IN_FRAME <= len(run) <= MOST_IN_PIECE:
        return False
    if len(run) >= FEWEST_IN_PIECE:
        return True
    before, behind = text[max(run[0].start - 4, 0) : run[0].start], text[run[-1].end : run[-1].end + 4]
    return bool(_FRAMED_LEFT.search(before) and _FRAMED_RIGHT.match(behind))


def _sums(of_list: dict[str, list[Piece]]) -> Iterator[tuple[str, list[Piece]]]:
    """The pieces that together are as long as a phrase, with a few words left out at their ends."""
    left_out = sorted(
        (way for way in product(range(MOST_LEFT_OUT + 1), repeat=3) if sum(way) <= MOST_LEFT_OUT), key=sum
    )
    for name, parts in of_list.items():
        for number in range(len(parts) - 1):
            for way in left_out:
                for chosen in _joined(parts, number, *way):
                    yield name, chosen


def _joined(parts: list[Piece], number: int, lead: int, cut: int, skip: int) -> Iterator[list[Piece]]:
    """From a piece on, without the `lead` words it begins with, and at every joint without the `cut` words before and
    the `skip` words behind it; of the last piece what fits."""
    chosen = [parts[number][lead:]]
    for left, right in pairwise(parts[number : number + MOST_PIECES]):
        if right[0].start - left[-1].end > FARTHEST_PIECE:
            return
        chosen[-1] = chosen[-1][: len(chosen[-1]) - cut]
        chosen.append(right[skip:])
        if min(map(len, chosen)) < FEWEST_IN_FRAME - 1:
            return
        total = sum(map(len, chosen))
        for length in LENGTHS:
            rest = total - length
            if 0 <= rest <= MOST_LEFT_OUT - lead - cut - skip and rest < len(chosen[-1]) - 1:
                yield [*chosen[:-1], chosen[-1][: len(chosen[-1]) - rest]]
        if total > LENGTHS[0] + MOST_LEFT_OUT:
            return


def words_apart(text: str, words: list[Word]) -> Iterator[Span]:
    """Phrases whose words stand apart from one another, but in an order that prose has not."""
    if sum(1 for word in words if word.places) < LENGTHS[-1]:
        return
    yield from _numbered(text, words)
    place = {id(word): number for number, word in enumerate(words)}
    for sequence in _orders(text, words):
        for name, run in _of_one_list(sequence):
            if LENGTHS[-1] <= len(run) <= LONGEST and place[id(run[-1])] - place[id(run[0])] >= len(run):
                for first, last in windows([word.places[name] for word in run]):
                    if _differ(run[first : last + 1]):
                        yield run[first].start, run[last].end


def _differ(words: list[Word]) -> bool:
    """Whether they may be drawn by chance: a form or a list of like sentences has the same word in each line."""
    return len({word.bare for word in words}) >= len(words) - 2


def _orders(text: str, words: list[Word]) -> Iterator[list[Word]]:
    lines = _items(text, words, "\n")
    for column in (0, 1, 2, -1):
        yield _column(lines, column)
    items = _items(text, words, _ITEM_END)
    for column in (0, -1):
        yield _column(items, column)
    yield [word for word in words if _is_quoted(text, word)]
    yield [word for word in words if _is_capital(text, word)]
    yield from _regular(words)


def _items(text: str, words: list[Word], end: "str | re.Pattern[str]") -> list[list[Word]]:
    ends = (match.start() for match in re.finditer(end, text))
    items: list[list[Word]] = []
    item: list[Word] = []
    next_end = next(ends, len(text))
    for word in words:
        if word.start >= next_end:
            items.append(item)
            item = []
            while next_end <= word.start:
                next_end = next(ends, len(text) + 1)
        item.append(word)
    return [one for one in (*items, item) if one]


def _column(items: list[list[Word]], column: int) -> list[Word]:
    return [item[column] for item in items if -len(item) <= column < len(item)]


def _is_quoted(text: str, word: Word) -> bool:
    return bool(_QUOTED.match(text, word.start - 1) if word.start else None) and bool(_QUOTED.match(text, word.end))


def _is_capital(text: str, word: Word) -> bool:
    return word.end - word.start > 2 and text[word.start : word.end].isupper()


def _regular(words: list[Word]) -> Iterator[list[Word]]:
    """Words of a list with the same words between each two of them, besides "first", "second" and so on."""
    is_counted = len({word.bare for word in words if _counts(word)}) >= FEWEST_ORDINALS
    kept = [word for word in words if not _counts(word)] if is_counted else words
    yield kept if len(kept) < len(words) else []
    counts = Counter(word.bare for word in kept)
    sequence: list[Word] = []
    before: tuple[str, ...] = ()
    between: list[str] = []
    for word in kept:
        if not word.places or counts[word.bare] >= LENGTHS[-1] - 1:  # no phrase has a word that often
            between.append(word.bare)
            continue
        now = tuple(between[: MOST_BETWEEN + 1])
        between = []
        if now != before or not now or len(now) > MOST_BETWEEN:
            yield sequence
            sequence = sequence[-1:] if now and len(now) <= MOST_BETWEEN else []
        sequence.append(word)
        before = now
    yield sequence


def _counts(word: Word) -> bool:
    return word.bare in _ORDINALS or ORDINAL.match(word.bare) is not None


def _of_one_list(sequence: list[Word]) -> Iterator[tuple[str, list[Word]]]:
    """The longest runs of a list in a sequence, none of whose words are far from one another."""
    if len(sequence) < LENGTHS[-1]:
        return
    runs: dict[str, list[Word]] = {}
    end = 0
    for word in sequence:
        if word.start - end > FARTHEST_WORD:
            yield from runs.items()
            runs = {}
        yield from ((name, run) for name, run in runs.items() if name not in word.places)
        runs = gone_on(runs, word)
        end = word.end
    yield from runs.items()


def _numbered(text: str, words: list[Word]) -> Iterator[Span]:
    """Words with the numbers 1 to 12 (15, 18 …) right before or behind them, in whatever order they stand: a table is
    read by lines and written by columns."""
    by_start = {word.start: word for word in words if word.places}
    before = [(int(m[1]), by_start[m.end()]) for m in _NUMBERED.finditer(text) if m.end() in by_start]
    behind = [(int(match[1]), word) for word in by_start.values() if (match := _BEFORE_NUMBER.match(text, word.end))]
    for numbered in (before, behind):
        yield from _in_order(numbered)


def _in_order(numbered: list[tuple[int, Word]]) -> Iterator[Span]:
    table: dict[int, Word] = {}
    end = 0
    for number, word in [*numbered, (0, None)]:
        if word is None or number in table or word.start - end > FARTHEST_WORD:
            yield from _of_table(table)
            table = {}
        if word is not None:
            table[number] = word
            end = word.end


def _of_table(table: dict[int, Word]) -> Iterator[Span]:
    for length in LENGTHS:
        if any(number not in table for number in range(1, length + 1)):
            continue
        phrase = [table[number] for number in range(1, length + 1)]
        for name in set.intersection(*(set(word.places) for word in phrase)):
            if checksum_of([word.places[name] for word in phrase]):
                yield min(word.start for word in phrase), max(word.end for word in phrase)
