"""What the words of a language are in English, as the articles teach it that exist in both.

A translation has the headings and mostly the lines of its source, in their order. Terms that stand in the same lines
mean the same, the more so the less they stand elsewhere (Dice); what one term of a line explains is left to no other
(expectation maximisation over the best candidates, IBM's model 1). Pure.
"""

import json
import re
import zlib
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from helpcenter.content import text as content_text
from helpcenter.search import analyzers, grammar
from helpcenter.search.plan import HIRAGANA_ALONE

ENGLISH = "en"
FORMAT = 1  # of the file
MOST_PAIRS = 20_000  # pairs of lines that are learned from
LONGEST_LINE = 300  # terms of a line that are looked at
CANDIDATES = 12  # English terms that a term is compared with
ROUNDS = 3
NOTHING = 0.05  # what it weighs that an English term translates no term of its line
SAYS_LITTLE = 8  # English terms: a line with more of them says less of each
MOST_MEANINGS = 2
SURE = 0.5  # power of the share of a meaning: half as likely is not half as good
MOST_ASKED = 500  # terms of which a process keeps what they are
LEAST = 0.1  # of what a term is in its lines; below it is chance

_HEADING = re.compile(r"(?=<h[2-4][ >])")

Table = Mapping[str, tuple[tuple[str, float], ...]]  # term -> English terms, each with its share from 0 to 1


class Text(NamedTuple):
    """A published text: its title, and sanitised HTML."""

    title: str
    html: str


def pairs(own: Text, english: Text) -> Iterator[tuple[str, str]]:
    """Pieces of both texts that say the same: the titles, and of each section the lines, where both have as many, or
    else its first line and all of it."""
    yield own.title, english.title
    sections, theirs = _HEADING.split(own.html), _HEADING.split(english.html)
    if len(sections) != len(theirs):
        sections, theirs = [own.html], [english.html]
    for one, other in zip(sections, theirs, strict=True):
        lines, others = (content_text.plain(html).split("\n") for html in (one, other))
        if len(lines) == len(others):
            yield from zip(lines, others, strict=True)
        else:
            yield lines[0], others[0]
            yield "\n".join(lines), "\n".join(others)


def terms_of(text: str, language: str) -> set[str]:
    """The terms of a text that say something, as a question asks for them; of Vietnamese, pairs of syllables too."""
    return set(islice(_terms(text, language), LONGEST_LINE))


def _terms(text: str, language: str) -> Iterator[str]:
    before = ""
    for word in analyzers.words(text, language):
        own = "" if word.is_run else analyzers.stem(word.text, language)
        if word.is_run:
            yield from (term for term in analyzers.terms(word, language, asking=True) if _says(term, language))
        elif language in analyzers.TOLD_BY_MARKS:
            if before:
                yield f"{before} {own}"
            if not grammar.is_word(word.text, language, is_written=True):
                yield own
                yield analyzers.written(word)
        elif not grammar.is_word(analyzers.plain(word), language):
            yield own
        before = own


def _says(term: str, language: str) -> bool:
    """Whether a piece of a run is more than grammar."""
    return len(term) > 1 and not HIRAGANA_ALONE.fullmatch(term) and not grammar.is_grammar(term, language)


class _Line(NamedTuple):
    own: set[str]
    english: set[str]
    weight: float


def learn(said: Iterable[tuple[str, str]], language: str) -> Table:
    """The table of a language, of pieces of text in it and in English."""
    lines = list(_lines(dict.fromkeys(islice(said, MOST_PAIRS)), language))
    usual, theirs = _weights(lines, "own"), _weights(lines, "english")
    likely = _candidates(lines, usual, theirs)
    expected: dict[str, dict[str, float]] = {}
    for _ in range(ROUNDS):
        expected = _expected(lines, likely)
        likely = {
            term: {other: 2 * share / (usual[term] + theirs[other]) for other, share in found.items()}
            for term, found in expected.items()
        }
    return {
        term: meanings
        for term, found in expected.items()
        if (meanings := tuple(_meanings({other: share / usual[term] for other, share in found.items()})))
    }


def _lines(said: Iterable[tuple[str, str]], language: str) -> Iterator[_Line]:
    for text, english in said:
        own, other = terms_of(text, language), terms_of(english, ENGLISH)
        if own and other:
            yield _Line(own, other, min(1.0, SAYS_LITTLE / len(other)))


def _weights(lines: Iterable[_Line], side: str) -> dict[str, float]:
    """Term -> how many lines hold it, each as much as it weighs."""
    found: dict[str, float] = defaultdict(float)
    for line in lines:
        for term in getattr(line, side):
            found[term] += line.weight
    return found


def _candidates(
    lines: list[_Line], usual: Mapping[str, float], theirs: Mapping[str, float]
) -> dict[str, dict[str, float]]:
    """Term -> the English terms that stand most in its lines and least elsewhere."""
    places: dict[str, list[int]] = {}
    for place, line in enumerate(lines):
        for term in line.own:
            places.setdefault(term, []).append(place)
    return {term: _nearest(lines, held, usual[term], theirs) for term, held in places.items()}


def _nearest(lines: list[_Line], held: list[int], usual: float, theirs: Mapping[str, float]) -> dict[str, float]:
    together: dict[str, float] = {}
    for place in held:
        _, english, weight = lines[place]
        for term in english:
            together[term] = together.get(term, 0.0) + weight
    alike = sorted(((2 * both / (usual + theirs[term]), term) for term, both in together.items()), reverse=True)
    return {term: share for share, term in alike[:CANDIDATES]}


def _expected(lines: list[_Line], likely: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """Term -> English term -> how often the one is there for the other, if each is there for one term of its line."""
    expected: dict[str, dict[str, float]] = {term: {} for term in likely}
    for own, english, weight in lines:
        known = [(expected[term], likely[term]) for term in own]
        for other in english:
            found = [(sums, shares[other]) for sums, shares in known if other in shares]
            each = weight / (NOTHING + sum(share for _, share in found))
            for sums, share in found:
                sums[other] = sums.get(other, 0.0) + each * share
    return expected


def _meanings(shares: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    best = sorted(shares.items(), key=lambda found: (-found[1], found[0]))
    return ((term, round(share, 2)) for term, share in best[:MOST_MEANINGS] if share >= LEAST)


class Words:
    """A table as a process keeps it: in one piece of bytes, as the words of a lexicon, and not in an object for each.

    `taught_by` tells the texts that it was learned from.
    """

    def __init__(self, lines: Iterable[bytes] = (), taught_by: str = "") -> None:
        """`lines` are those of a file, in the order of their terms."""
        self.taught_by = taught_by
        self._asked: dict[str, list[tuple[str, float]]] = {}
        self._starts, kept = array("I", [0]), bytearray()
        for line in lines:
            kept += line
            self._starts.append(len(kept))
        self._bytes = bytes(kept)

    def __len__(self) -> int:
        return len(self._starts) - 1

    def of(self, term: str) -> list[tuple[str, float]]:
        """What a term is in English, each with what it weighs, from 0 to 1, the likeliest first."""
        known = self._asked.get(term)
        if known is None:
            if len(self._asked) >= MOST_ASKED:
                self._asked = {}
            known = self._asked[term] = self._found(term)
        return known

    def _found(self, term: str) -> list[tuple[str, float]]:
        wanted = term.encode("utf-8", "surrogatepass")
        place = bisect_left(range(len(self)), wanted, key=self._term)
        if place == len(self) or self._term(place) != wanted:
            return []
        _, *meanings = self._line(place).decode().rstrip("\n").split("\t")
        return [
            (english, float(share) ** SURE) for english, _, share in (meaning.partition(" ") for meaning in meanings)
        ]

    def _term(self, place: int) -> bytes:
        return self._line(place).partition(b"\t")[0]

    def _line(self, place: int) -> bytes:
        return self._bytes[self._starts[place] : self._starts[place + 1]]


def written(table: Table, taught_by: str) -> bytes:
    """The file of a table."""
    rows = ("\t".join((term, *(f"{english} {share}" for english, share in found))) for term, found in table.items())
    lines = b"".join(line + b"\n" for line in sorted(row.encode() for row in rows))
    head = {"format": FORMAT, "analyzers": analyzers.VERSION, "taught_by": taught_by, "sum": zlib.crc32(lines)}
    return json.dumps(head).encode() + b"\n" + lines


def read(file: bytes) -> Words:
    """The table of a file; one without a word where it is none of ours, of other analyzers, or damaged."""
    head, _, lines = file.partition(b"\n")
    try:
        about = json.loads(head)
        known, taught_by = (about["format"], about["analyzers"], about["sum"]), str(about["taught_by"])
    except (ValueError, KeyError, TypeError):
        return Words()
    if known != (FORMAT, analyzers.VERSION, zlib.crc32(lines)):
        return Words()
    return Words(lines.splitlines(keepends=True), taught_by)
