"""A translation beside its source: a row for each part, cut so that a translator writes words and no marks. Pure.

What stands around the words (the level and the key of a heading, empty lines) comes from the translation where it has
the part, else from the source. Rows whose words are left as they are give the text back byte for byte.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from helpcenter import outline
from helpcenter.content import segments
from helpcenter.outline import TITLE_KEY, Change, Part

_HEADING = re.compile(
    r"(?P<before>(?:[ \t]*\n)*)(?P<opening> {0,3}#{1,6}[ \t]+)(?P<words>(?:[^ \t\n{]++|\{|[ \t]++(?![ \t\n]|\Z))*?)"
    r"(?P<mark>[ \t]*\{(?:#|step:|node:)[^{}\n]*\})?[ \t]*(?:\n|\Z)"
)
_EMPTY_LINES = re.compile(r"(?:[ \t]*\n)*")


class Status(StrEnum):
    """How a part of a translation stands to its source."""

    CURRENT = "current"
    CHANGED = "changed"
    NEW = "new"
    REMOVED = "removed"
    LEFT_OUT = "left_out"  # the translator did without it
    OWN = "own"  # the source never had it

    @property
    def is_open(self) -> bool:
        """Whether somebody has to look at it."""
        return self in (Status.CHANGED, Status.NEW, Status.REMOVED)


_STATUS = {Change.CHANGED: Status.CHANGED, Change.ADDED: Status.NEW, Change.REMOVED: Status.REMOVED}


@dataclass(frozen=True)
class Words:
    """What a translator types for a part; the title and the summary are those of the first one."""

    heading: str = ""
    text: str = ""

    def __bool__(self) -> bool:
        return bool(self.heading or self.text)


@dataclass(frozen=True)
class Cut:
    """A piece of a document: its words, and what stands around them."""

    key: str
    words: Words
    opening: str = ""
    mark: str = ""
    before: str = ""
    gap: str = ""
    after: str = ""
    whole: str = ""
    follows: str = ""  # the id of the piece in front of it
    is_last: bool = False

    @property
    def has_heading(self) -> bool:
        return bool(self.opening) or self.key == TITLE_KEY


@dataclass(frozen=True)
class Row:
    """A part of the source, of the translation, or of both. `id` is its key; a part that goes on behind the parts
    inside it has a second row, `KEY~2`."""

    id: str
    source: Cut | None
    own: Cut | None

    @property
    def frame(self) -> Cut:
        found = self.own or self.source
        assert found is not None  # noqa: S101 - a row is of one of them
        return found

    @property
    def key(self) -> str:
        return self.frame.key

    @property
    def is_continued(self) -> bool:
        return self.id != self.key

    @property
    def begins_with(self) -> Words:
        """The words that the translation has."""
        return self.own.words if self.own else Words()


def cuts(title: str, summary: str, body: str) -> dict[str, Cut]:
    """The pieces of a document by the ids of their rows, in its order."""
    found: dict[str, Cut] = {}
    counts: dict[str, int] = {}
    last = ""
    pieces = segments.parts(title, summary, body.replace("\r\n", "\n").replace("\r", "\n"))
    for piece in pieces:
        number = counts[piece.key] = counts.get(piece.key, 0) + 1
        name = piece.key if number == 1 else f"{piece.key}~{number}"
        found[name] = replace(_cut(piece), follows=last, is_last=piece is pieces[-1])
        last = name
    return found


def _cut(piece: segments.PartText) -> Cut:
    if piece.key == TITLE_KEY:
        return Cut(TITLE_KEY, Words(piece.title, piece.text))
    heading = _HEADING.match(piece.text)
    rest = piece.text[heading.end() :] if heading else piece.text
    gap = _EMPTY_LINES.match(rest)[0]  # type: ignore[index]  # it matches everywhere
    text = rest[len(gap) :].rstrip()
    after = rest[len(gap) + len(text) :]
    if heading is None:
        return Cut(piece.key, Words("", text), before=gap, after=after, whole=piece.text)
    opening, mark, before = (heading[name] or "" for name in ("opening", "mark", "before"))
    return Cut(piece.key, Words(heading["words"].strip(), text), opening, mark, before, gap, after, piece.text)


def rows(source: Mapping[str, Cut], own: Mapping[str, Cut], *earlier: Mapping[str, Cut]) -> list[Row]:
    """A row for each part in the order of the source, then what the translation alone has, or had earlier."""
    found = [Row(name, cut, own.get(name)) for name, cut in source.items()]
    known = set(source)
    for texts in (own, *earlier):
        found += [Row(name, None, cut) for name, cut in texts.items() if name not in known]
        known |= set(texts)
    return found


def statuses(
    source: Sequence[Part], translation: Sequence[Part] | None, then: Sequence[Part], missing: Collection[str] = ()
) -> dict[str, Status]:
    """How each part stands, by its key. `then` are the parts of the source's text that the translation was made from;
    `translation` is None where there is none yet. What it was said to keep from an older source stays removed."""
    if translation is None:
        return {part.key: Status.NEW for part in source}
    changes = {found.key: _STATUS[found.change] for found in outline.compare(translation, then, source, missing)}
    mine, theirs = {part.key for part in translation}, {part.key for part in source}
    rest = {key: Status.CURRENT if key in mine else Status.LEFT_OUT for key in theirs}
    gone = {p.key: Status.REMOVED for p in translation if p.source_hash is not None and p.key not in theirs}
    return {**rest, **dict.fromkeys(mine - theirs, Status.OWN), **gone, **changes}


def tidied(words: Words) -> Words:
    """Words as a form posts them, without the blanks around them and with one kind of line ends."""
    text = words.text.replace("\r\n", "\n").replace("\r", "\n").rstrip()
    return Words(" ".join(words.heading.split()), text[_EMPTY_LINES.match(text).end() :])  # type: ignore[union-attr]


def joined(found: Sequence[Row], typed: Mapping[str, Words]) -> tuple[str, str, str]:
    """Title, summary and body out of the rows; a row that nothing was typed for is left out, one that is not in
    `typed` keeps its words."""
    kept = [(row, typed.get(row.id, row.begins_with)) for row in found]
    head = next((words for row, words in kept if row.key == TITLE_KEY), Words())
    body = _in_order([(row, words) for row, words in kept if row.key != TITLE_KEY])
    return head.heading, head.text, _spaced([(row, words) for row, words in body if words])


def _in_order(kept: list[tuple[Row, Words]]) -> list[tuple[Row, Words]]:
    """The order of the source; what the translation alone has stays behind the part that it stood behind."""
    placed = [pair for pair in kept if pair[0].source]
    for row, words in kept:
        if row.source is None:
            names = [other.id for other, _ in placed]
            at = names.index(row.frame.follows) + 1 if row.frame.follows in names else 0
            placed.insert(at, (row, words))
    return placed


def _spaced(kept: list[tuple[Row, Words]]) -> str:
    """The body, with an empty line between pieces that did not follow one another before."""
    made = ""
    last = ""
    for row, words in kept:
        if made and (row.own is None or row.frame.follows != last):
            made = made.rstrip() + "\n\n"
        made += _written(row, words)
        last = row.id if row.own else ""
    return made if not kept or kept[-1][0].frame.is_last else made.rstrip() + "\n"


def _written(row: Row, words: Words) -> str:
    frame = row.frame
    if row.own and words == frame.words:
        return frame.whole
    text = words.text + (frame.after or "\n\n")
    if not frame.opening:
        return frame.before + text
    heading = f"{frame.before}{frame.opening}{words.heading}{frame.mark}\n"
    return heading + (frame.gap or "\n") + text
