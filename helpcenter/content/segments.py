"""A document as segments for translators, and back; and cut into the parts of its outline. Pure.

A segment is one block of words (`slots.py` says which there are). Whatever stands around the words is the frame, which
a translation takes over from its source: putting segments into a source gives a text with the same headings, keys,
lists, tables and callouts.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

from helpcenter.content import markdown
from helpcenter.content.slots import ONE_LINE, Kind, Slot, filled, find, lines_of
from helpcenter.outline import INTRO_KEY, TITLE_KEY

SUMMARY_KEY = "summary"
HEADING = "heading"

_LINE_BREAK = re.compile(r"[ \t]*\n[ \t\n]*")


class Document(Protocol):
    @property
    def title(self) -> str: ...
    @property
    def summary(self) -> str: ...
    @property
    def body(self) -> str: ...


@dataclass(frozen=True)
class Segment:
    """`key` is `title`, `summary`, `PART/heading` for the words of the heading that opens a part, and `PART/0`,
    `PART/1` … for its blocks; `part` is the key of a part of the outline; `text` is Markdown, its lines end with LF."""

    key: str
    part: str
    text: str
    kind: str = Kind.PARAGRAPH


@dataclass(frozen=True)
class PartText:
    """A piece of a document: `text` is its Markdown with the heading, `line` its first line (from one). The first
    piece has the title and, as its text, the summary; its line is 0."""

    key: str
    title: str
    text: str
    line: int


def split(title: str, summary: str, body: str) -> list[Segment]:
    """The segments of a document, in its order."""
    lines = lines_of(body)
    head = [Segment(TITLE_KEY, TITLE_KEY, title, Kind.HEADING), Segment(SUMMARY_KEY, TITLE_KEY, summary)]
    return [segment for segment in head if segment.text.strip()] + [
        Segment(key, part, slot.text(lines), slot.kind) for key, part, slot in _keyed(body)
    ]


def join(source: Document, texts: Mapping[str, str]) -> tuple[str, str, str]:
    """Title, summary and body of the source with other texts in it, by the keys of `split`.

    A key that is missing, and a text of blanks, leave the source's text. Where texts are the source's, the result is
    the source byte for byte.
    """
    lines = lines_of(source.body)
    made, at = [], 0
    for key, _, slot in _keyed(source.body):
        own = slot.text(lines)
        text = _tidied(texts.get(key, own), own, slot.kind)
        end = slot.start + len(slot.spans)
        made += lines[at : slot.start]
        made += lines[slot.start : end] if text == own else [filled(lines, slot, text)]
        at = end
    body = "".join([*made, *lines[at:]])
    return (
        _tidied(texts.get(TITLE_KEY, source.title), source.title, Kind.HEADING),
        _tidied(texts.get(SUMMARY_KEY, source.summary), source.summary, Kind.PARAGRAPH),
        body,
    )


def keeps_frame(kind: str, text: str) -> bool:
    """Whether a text is one block of its kind, so that a document with it in place of another has the same segments:
    no heading, list or empty line in a paragraph, no line break in a heading."""
    text = text.strip()
    if kind in ONE_LINE:
        return bool(text) and "\n" not in text
    if kind == Kind.CODE:
        return not any(line.lstrip().startswith(("```", "~~~")) for line in text.split("\n"))
    found = find(text)
    kinds = {Kind.PARAGRAPH, Kind.PICTURE} if kind == Kind.ITEM else {kind}
    return len(found) == 1 and found[0].kind in kinds and not found[0].level and found[0].text(lines_of(text)) == text


def parts(title: str, summary: str, body: str) -> list[PartText]:
    """The document cut into the parts of its outline. The texts behind the first are the body, joined.

    A part that goes on behind a part inside it (a section behind its last step) has two pieces with the same key.
    Blanks in front of the first heading belong to it.
    """
    owners, titles = markdown.owners(body)
    lines = lines_of(body)
    pieces, at = [], 0
    for key, group in groupby(owners):
        end = at + len(list(group))
        pieces.append(PartText(key, titles.get(key, ""), "".join(lines[at:end]), at + 1))
        at = end
    return [PartText(TITLE_KEY, title, summary, 0), *_without_blank_start([p for p in pieces if p.text])]


def align(source: Sequence[Segment], translation: Sequence[Segment]) -> list[tuple[Segment, Segment | None]]:
    """Each segment of a source with that of its translation.

    Title, summary and headings of parts stand for themselves. The blocks of a part are matched by their place where
    both texts have as many of the same kinds in the same order; else none of that part is.
    """
    named = {segment.key: segment for segment in translation}
    wanted, found = _shapes(source), _shapes(translation)

    def is_matched(segment: Segment) -> bool:
        return _is_named(segment) or found.get(segment.part) == wanted[segment.part]

    return [(segment, named.get(segment.key) if is_matched(segment) else None) for segment in source]


def _is_named(segment: Segment) -> bool:
    return segment.part == TITLE_KEY or segment.key.endswith(f"/{HEADING}")


def _shapes(segments: Sequence[Segment]) -> dict[str, list[str]]:
    shapes: dict[str, list[str]] = {}
    for segment in segments:
        shape = shapes.setdefault(segment.part, [])
        if not _is_named(segment):
            shape.append(segment.kind)
    return shapes


def _keyed(body: str) -> Iterator[tuple[str, str, Slot]]:
    """The slots of a body with their keys and parts."""
    owners, _ = markdown.owners(body)
    counts: dict[str, int] = {}
    for slot in find(body):
        part = owners[slot.start]
        opens = part not in counts and part != INTRO_KEY and slot.kind == Kind.HEADING and not slot.level
        counts[part] = counts.get(part, 0) + (not opens)
        yield f"{part}/{HEADING if opens else counts[part] - 1}", part, slot


def _tidied(text: str, own: str, kind: str) -> str:
    """A text as it may be put in place of `own`."""
    if text == own or not text.strip():
        return own
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if kind in ONE_LINE:
        return _LINE_BREAK.sub(" ", text.strip())
    if kind in (Kind.CODE, Kind.HTML):
        return text if own.endswith("\n") else text.rstrip("\n")
    return text.strip()


def _without_blank_start(pieces: list[PartText]) -> list[PartText]:
    if len(pieces) < 2 or pieces[0].text.strip():
        return pieces
    blank, first, *rest = pieces
    return [PartText(first.key, first.title, blank.text + first.text, 1), *rest]
