"""Where the words of a document stand: every block of words as a slot in its lines. Pure.

What is outside of the slots is the frame: marks of headings and their keys, bullets, quotation marks, fences, empty
lines, the line below a table's head, tables of facts, definitions of links, rules. A slot is a paragraph, a heading,
the title of a callout, a row of a table, a block of code, or raw HTML with words in it.

A row of a table is one slot, not each of its cells: "pays" alone says nothing to a translator, "Positive | pays |
receives" does; and not the whole table, so that one changed row leaves the others translated.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from markdown_it.token import Token

from helpcenter.content.drawing import CALLOUTS
from helpcenter.content.markdown import parser

KEY_MARK = re.compile(r"(?<!\s)\s*+\{(?:#|step:|node:)[^{]*\}\s*\Z")

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_ITEM_MARK = re.compile(r"[ \t>]*(?:[-+*]|[0-9]{1,9}[.)])(?:[ \t]+|\Z)")
_HEADING_MARK = re.compile(r"[^#]*#{1,6}[ \t]+")
_CALLOUT_MARK = re.compile(r".*?:{3,}\s*(?:" + "|".join(CALLOUTS) + r")\s+")
_TAG = re.compile(r"<[^>]*>")
_CALLOUTS = {f"container_{kind}_open" for kind in CALLOUTS}


class Kind(StrEnum):
    """What a slot holds; `ITEM` is a paragraph inside a list, `PICTURE` one that is a picture and nothing else."""

    PARAGRAPH = "paragraph"
    ITEM = "item"
    PICTURE = "picture"
    HEADING = "heading"
    CALLOUT = "callout"
    ROW = "row"
    CODE = "code"
    HTML = "html"


ONE_LINE = frozenset({Kind.HEADING, Kind.CALLOUT, Kind.ROW})


@dataclass(frozen=True)
class Slot:
    """Words in lines `start` (from zero) and following; of each line the characters from `begin` up to `end`.

    `level` is 0 for a block that stands in no other.
    """

    kind: Kind
    start: int
    spans: tuple[tuple[int, int], ...]
    level: int

    def text(self, lines: Sequence[str]) -> str:
        own = lines[self.start : self.start + len(self.spans)]
        return "\n".join(line[begin:end] for line, (begin, end) in zip(own, self.spans, strict=True))


def lines_of(body: str) -> list[str]:
    """The lines with their ends, cut as Markdown cuts them; one more than there are line ends."""
    found = _LINE.findall(body)
    return found[:-1] if len(found) > 1 and not found[-2].endswith(("\r", "\n")) else found


def find(body: str) -> list[Slot]:
    """The slots of a document in their order. No two have a line in common."""
    lines = [line.rstrip("\r\n").replace("\0", "\ufffd") for line in lines_of(body)]
    return [slot for slot in _Finder(lines, parser().parse(body)).slots() if slot.text(lines).strip()]


class _Finder:
    def __init__(self, lines: Sequence[str], tokens: Sequence[Token]) -> None:
        self.lines, self.tokens = lines, tokens
        self.items: list[int] = []  # the lines at which the lists begin that we are in

    def slots(self) -> Iterator[Slot]:
        for index, token in enumerate(self.tokens):
            if token.type == "list_item_open":
                self.items.append(_start(token))
            elif token.type == "list_item_close":
                self.items.pop()
            elif slot := self._slot(token, self.tokens[index + 1 : index + 2]):
                yield slot

    def _slot(self, token: Token, following: Sequence[Token]) -> Slot | None:
        match token.type:
            case "paragraph_open" | "heading_open":
                find = self._paragraph if token.type == "paragraph_open" else self._heading
                return find(token, following[0])
            case "fence" | "code_block":
                return self._verbatim(Kind.CODE, token, _start(token) + (token.type == "fence"))
            case "html_block" if any(letter.isalnum() for letter in _TAG.sub("", token.content)):
                return self._verbatim(Kind.HTML, token, _start(token))
            case "tr_open":
                return self._row(token)
            case kind if kind in _CALLOUTS:
                return self._callout(token)
        return None

    def _paragraph(self, token: Token, inline: Token) -> Slot | None:
        children = inline.children or []
        is_picture = len(children) == 1 and children[0].type == "image"
        kind = Kind.PICTURE if is_picture else Kind.ITEM if self.items else Kind.PARAGRAPH
        return self._flowing(kind, token, inline.content)

    def _heading(self, token: Token, inline: Token) -> Slot | None:
        words = KEY_MARK.sub("", inline.content)
        if not token.markup.startswith("#"):
            return self._flowing(Kind.HEADING, token, inline.content, words)
        line = self.lines[_start(token)]
        mark = _HEADING_MARK.match(line)
        if mark is None or not line.startswith(words, mark.end()):
            return None
        return self._one_line(Kind.HEADING, token, mark.end(), mark.end() + len(words))

    def _row(self, token: Token) -> Slot | None:
        line = self.lines[_start(token)]
        begin = 0
        for _ in range(self.items.count(_start(token))):  # the list that begins in the line of the table's head
            mark = _ITEM_MARK.match(line, begin)
            begin = mark.end() if mark else begin
        return self._one_line(Kind.ROW, token, len(line) - len(line[begin:].lstrip(" \t>")), len(line.rstrip()))

    def _callout(self, token: Token) -> Slot | None:
        line = self.lines[_start(token)]
        mark = _CALLOUT_MARK.match(line)
        return self._one_line(Kind.CALLOUT, token, mark.end(), len(line.rstrip())) if mark else None

    def _one_line(self, kind: Kind, token: Token, begin: int, end: int) -> Slot:
        return Slot(kind, _start(token), ((begin, max(begin, end)),), token.level)

    def _flowing(self, kind: Kind, token: Token, content: str, words: str | None = None) -> Slot | None:
        """A slot of lines that end as those of `content` do; the parser has taken blanks and marks off their
        beginnings. With `words`, which `content` begins with, it ends where they end."""
        wanted = content.split("\n")
        for start in range(_start(token), (token.map or [0, 0])[1] - len(wanted) + 1):
            spans = [self._tail(start + n, text.strip()) for n, text in enumerate(wanted)]
            if all(spans):
                found = [span for span in spans if span]
                return Slot(kind, start, self._ended(start, found, content if words is None else words), token.level)
        return None

    def _tail(self, number: int, text: str) -> tuple[int, int] | None:
        line = self.lines[number].rstrip()
        return (len(line) - len(text), len(line)) if line.endswith(text) else None

    def _ended(self, start: int, spans: list[tuple[int, int]], words: str) -> tuple[tuple[int, int], ...]:
        """Blanks at the end of a line belong to it (two of them break it), but for the last one."""
        kept = spans[: words.count("\n") + 1]
        whole = [(begin, len(self.lines[start + n])) for n, (begin, _) in enumerate(kept[:-1])]
        begin, end = kept[-1]
        last = words.rsplit("\n", 1)[-1].strip()
        return (*whole, (begin, begin + len(last) if len(spans) == len(kept) else end))

    def _verbatim(self, kind: Kind, token: Token, start: int) -> Slot | None:
        """A slot of lines as they are; None where the parser has made blanks of tabs."""
        wanted = token.content.removesuffix("\n").split("\n")
        lines = self.lines[start : start + len(wanted)]
        pairs = list(zip(lines, wanted, strict=False))
        if len(lines) < len(wanted) or not all(line.endswith(text) for line, text in pairs):
            return None
        spans = [(len(line) - len(text), len(line)) for line, text in pairs]
        return Slot(kind, start, tuple(spans), token.level)


def _start(token: Token) -> int:
    return (token.map or [0])[0]


def filled(lines: Sequence[str], slot: Slot, text: str) -> str:
    """The lines of a slot with another text in it. A text with more lines than it had goes on below its beginning."""
    own = lines[slot.start : slot.start + len(slot.spans)]
    before = [line[:begin] for line, (begin, _) in zip(own, slot.spans, strict=True)]
    after = own[-1][slot.spans[-1][1] :]
    is_verbatim = slot.kind in (Kind.CODE, Kind.HTML)
    first = next((mark for mark in before if mark), "") if slot.kind == Kind.CODE else before[0]
    indent = re.sub(r"[^> \t]", " ", first)
    marks = [first, *([] if is_verbatim else before[1:]), *[indent] * text.count("\n")]
    put = [
        f"{mark}{line}" if line.strip(" \t") else indent.rstrip()
        for mark, line in zip(marks, text.split("\n"), strict=False)
    ]
    return _newline(lines).join(put) + after


def _newline(lines: Sequence[str]) -> str:
    """The line end that a document uses."""
    first = lines[0]
    return first[len(first.rstrip("\r\n")) :] or "\n"
