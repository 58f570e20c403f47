"""What has changed between two versions of a drawn document, as one document with `<ins>` and `<del>`. Pure.

Both are sanitised HTML, and so is the result. Blocks are the unit: a block that has no other version is wholly added or
removed; inside of two versions of a block the words are told apart. Tags are those of the newer version, so that they
always close; a word whose mark or link has changed counts as changed. `lxml.html.diff` was no way: it knows words by
blanks alone, is slow on long texts, and puts `<ins>` around blocks.
"""

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from helpcenter.content.differences import ALIKE, likeness, readable, tokens
from helpcenter.content.matching import Step, steps
from helpcenter.content.sanitising import BLOCK, clean_html
from helpcenter.content.text import plain

VOID = frozenset({"br", "hr", "img"})
BLOCKS = BLOCK - {"img"}
CELLS = frozenset({"td", "th"})  # two of them are versions of one whatever is in them, and so are two lists or tables
DEEPEST = 120  # elements inside each other; tags inside are dropped, their words stay
NEAR = 4  # blocks further down in which the other version of a block is looked for

_ID = re.compile(r' id="[^"]*"')


@dataclass
class _Element:
    """An element with its tag as written in `start`; without a tag a text, in `words`, or some elements in a row."""

    tag: str = ""
    start: str = ""
    words: str = ""
    children: list["_Element"] = field(default_factory=list)
    html: str = ""

    @property
    def end(self) -> str:
        return f"</{self.tag}>" if self.tag and self.tag not in VOID else ""

    @property
    def is_block(self) -> bool:
        return self.tag in BLOCKS

    @property
    def holds_blocks(self) -> bool:
        return any(child.is_block for child in self.children)


class _Piece(NamedTuple):
    """Something inside a block: a tag, or a word with the tags that it stands in. `mark` is what is compared."""

    html: str
    mark: tuple[str, ...] = ()
    is_tag: bool = False


def rendered(before_html: str, after_html: str) -> str:
    """The newer document with `<ins>` around what was added and, in its old place, `<del>` around what was removed."""
    before, after = _read(clean_html(before_html)), _read(clean_html(after_html))
    return clean_html(_between(before, after))


# Reading


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [_Element("div", "<div>")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if len(self.open) >= DEEPEST:
            return
        element = _Element(tag, self.get_starttag_text() or "")
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if len(self.open) > 1 and self.open[-1].tag == tag:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(_Element(words=data))


def _read(markup: str) -> _Element:
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    _note_html(reader.open[0])
    return reader.open[0]


def _note_html(root: _Element) -> None:
    """Give each element its HTML, the inner ones first."""
    waiting = [root]
    for element in waiting:
        waiting += element.children
    for element in reversed(waiting):
        inner = "".join(child.html for child in element.children)
        element.html = f"{element.start}{escape(element.words, quote=False)}{inner}{element.end}"


# Comparing


def _between(before: _Element, after: _Element) -> str:
    """The inside of `after` with what has changed since `before`."""
    if before.holds_blocks or after.holds_blocks:
        return "".join(_changed_blocks(_blocks(before), _blocks(after)))
    return _words(list(_pieces(before.children)), list(_pieces(after.children)))


def _blocks(element: _Element) -> list[_Element]:
    """The blocks in an element; words between them as blocks without a tag."""
    blocks = []
    for is_block, group in groupby(element.children, key=lambda child: child.is_block):
        children = list(group)
        if is_block:
            blocks += children
        else:
            blocks.append(_Element(children=children, html="".join(child.html for child in children)))
    return blocks


def _changed_blocks(old: Sequence[_Element], new: Sequence[_Element]) -> Iterator[str]:
    for step in steps([block.html for block in old], [block.html for block in new]):
        if step.is_same:
            yield from (block.html for block in new[step.a1 : step.a2])
            continue
        b, a = step.b1, step.a1
        for at_b, at_a in [*_versions(old, new, step), (step.b2, step.a2)]:
            yield from (_whole(block, "del") for block in old[b:at_b])
            yield from (_whole(block, "ins") for block in new[a:at_a])
            if at_b < step.b2:
                yield f"{new[at_a].start}{_between(old[at_b], new[at_a])}{new[at_a].end}"
            b, a = at_b + 1, at_a + 1


def _versions(old: Sequence[_Element], new: Sequence[_Element], step: Step) -> Iterator[tuple[int, int]]:
    """Pairs of blocks that are two versions of one, in order."""
    at = step.a1
    for b in range(step.b1, step.b2):
        near = range(at, min(at + NEAR, step.a2))
        score, place = max(((_likeness(old[b], new[a]), -a) for a in near), default=(0.0, 0))
        if score >= ALIKE:
            yield b, -place
            at = 1 - place


def _likeness(one: _Element, other: _Element) -> float:
    if one.tag != other.tag:
        return 0
    found = likeness(plain(one.html), plain(other.html))
    is_frame = one.tag in CELLS or (one.holds_blocks and other.holds_blocks)
    return max(found, ALIKE) if is_frame else found


def _whole(element: _Element, mark: str) -> str:
    """An element with all of its words marked. What was removed leaves its id to what stands on the page now."""
    start = _ID.sub("", element.start) if mark == "del" else element.start
    if element.holds_blocks:
        return f"{start}{''.join(_whole(block, mark) for block in _blocks(element))}{element.end}"
    pieces = [piece for piece in _pieces(element.children) if mark == "ins" or not piece.is_tag]
    return f"{start}{_marked(pieces, mark)}{element.end}"


def _pieces(elements: Sequence[_Element], inside: tuple[str, ...] = ()) -> Iterator[_Piece]:
    """The tags and words in elements. One without words is itself a word: a picture, the place of a fact."""
    for element in elements:
        if not element.tag:
            yield from (_Piece(escape(word, quote=False), (word, *inside)) for word in tokens(element.words))
        elif not element.children:
            yield _Piece(element.html, (element.html, *inside))
        else:
            yield _Piece(element.start, is_tag=True)
            yield from _pieces(element.children, (*inside, element.start))
            yield _Piece(element.end, is_tag=True)


def _words(old: Sequence[_Piece], new: Sequence[_Piece]) -> str:
    """The newer pieces with what has changed. What was removed stands behind the word that it stood behind."""
    was, now = [[piece for piece in pieces if not piece.is_tag] for pieces in (old, new)]
    found = steps([piece.mark for piece in was], [piece.mark for piece in now])
    changes = [step for step in readable([piece.mark[0] for piece in was], found) if not step.is_same]
    removed = {step.a1: _marked(was[step.b1 : step.b2], "del") for step in changes}
    added = {n for step in changes for n in range(step.a1, step.a2)}
    made = [removed.get(0, "")]
    for is_added, group in groupby(_with_removed(new, removed, added), key=itemgetter(1)):
        pieces = [piece for piece, _ in group]
        made.append(_marked(pieces, "ins") if is_added else "".join(piece.html for piece in pieces))
    return "".join(made)


def _with_removed(
    pieces: Sequence[_Piece], removed: Mapping[int, str], added: Set[int]
) -> Iterator[tuple[_Piece, bool]]:
    """Each piece and whether it was added, behind its word what was removed there. Words are counted, tags are not."""
    count = 0
    for piece in pieces:
        yield piece, not piece.is_tag and count in added
        if not piece.is_tag:
            count += 1
            if count in removed:
                yield _Piece(removed[count]), False


def _marked(pieces: Sequence[_Piece], mark: str) -> str:
    """Pieces with a mark around the words between their tags; blanks alone get none."""
    made = []
    for is_tag, group in groupby(pieces, key=lambda piece: piece.is_tag):
        markup = "".join(piece.html for piece in group)
        made.append(markup if is_tag or not markup.strip() else f"<{mark}>{markup}</{mark}>")
    return "".join(made)
