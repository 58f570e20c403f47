"""Headings: the keys that they carry, the parts that they open, the list of steps, the nodes."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext
from markdown_it.token import Token

from helpcenter.content import nodes
from helpcenter.content.drawing import words
from helpcenter.content.rendered import Rendered
from helpcenter.outline import INTRO_KEY, Part, text_hash

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
_MARKS = {"#": "section:", "step:": "step:", "node:": "node:"}
_ANCHORS = {"step": "step-", "node": "node-"}


@dataclass(frozen=True)
class Heading:
    """A heading of the top level of a document: where it stands and what it opens.

    `depth` is its level as written, `level` the one that it is drawn with (2 to 6).
    """

    index: int
    depth: int
    level: int
    line: int
    key: str
    anchor: str
    title: str

    @property
    def is_step(self) -> bool:
        return self.key.startswith("step:")

    @property
    def is_node(self) -> bool:
        return self.key.startswith("node:")


def shape(tokens: list[Token], lines: list[str], result: Rendered) -> list[Token]:
    """Give headings their keys and levels, note the parts and the nodes, and wrap steps into one ordered list."""
    headings = read(tokens, result)
    openings = [nodes.Opening(h.index, h.line, h.key.partition(":")[2]) for h in headings if h.is_node]
    result.nodes = nodes.read(tokens, openings)
    answers = {f"node:{node.name}": tuple(answer for answer, _ in node.answers) for node in result.nodes}
    result.owners = _owners(headings, lines)
    parts = _parts(headings, lines, result.owners)
    result.parts += [replace(part, answers=answers.get(part.key, ())) for part in parts]
    return list(_with_steps(tokens, {heading.index: heading for heading in headings}))


def read(tokens: list[Token], result: Rendered) -> list[Heading]:
    """The headings, those of the highest level numbered where they have no key."""
    indices = [i for i, token in enumerate(tokens) if token.type == "heading_open" and token.level == 0]
    found = _unique(_closed_up([_heading(tokens, index, result) for index in indices]), result)
    top = min((heading.depth for heading in found), default=0)
    taken = {heading.anchor for heading in found} | {heading.key for heading in found}
    number = 0
    for position, heading in enumerate(found):
        if heading.depth == top and not heading.key and not heading.anchor:
            number = next(n for n in range(number + 1, len(found) * 3 + 2) if not _names(n) & taken)
            found[position] = replace(heading, key=f"section:{number}", anchor=f"section-{number}")
    return [replace(heading, anchor="") if not heading.key else heading for heading in found]


def _names(number: int) -> set[str]:
    return {f"section:{number}", f"section-{number}"}


def _heading(tokens: list[Token], index: int, result: Rendered) -> Heading:
    opening, inline = tokens[index], tokens[index + 1]
    line = (opening.map or [0])[0] + 1
    key = _take_key(inline, line, result)
    kind, _, name = key.partition(":")
    anchor = _ANCHORS.get(kind, "") + name
    return Heading(index, int(opening.tag[1]), 0, line, key, anchor, words(inline.children or []).strip())


def _take_key(inline: Token, line: int, result: Rendered) -> str:
    """Take `{#name}`, `{step:name}` or `{node:name}` off the end of a heading; empty where there is none, or none that
    can be one."""
    last = inline.children[-1] if inline.children else None
    text = last.content.rstrip() if last is not None and last.type == "text" else ""
    start = text.rfind("{") if text.endswith("}") else -1
    mark = next((mark for mark in _MARKS if start >= 0 and text.startswith(mark, start + 1)), "")
    if last is None or not mark:
        return ""
    last.content = text[:start].rstrip()
    name = text[start + 1 + len(mark) : -1]
    if not _NAME.fullmatch(name):
        result.warn(line, gettext("The key of the heading is not made of a-z, 0-9 and “-”."))
        return ""
    return _MARKS[mark] + name


def _closed_up(headings: Sequence[Heading]) -> list[Heading]:
    """Levels from 2 on, none left out on the way down, whatever the writer began with."""
    above: list[int] = []
    closed = []
    for heading in headings:
        while above and above[-1] >= heading.depth:
            above.pop()
        closed.append(replace(heading, level=min(2 + len(above), 6)))
        above.append(heading.depth)
    return closed


def _unique(headings: list[Heading], result: Rendered) -> list[Heading]:
    """A key that was used before is dropped; its anchor stays as a sign that the heading is not to be numbered."""
    seen: set[str] = set()
    unique = []
    for heading in headings:
        if heading.key and heading.anchor in seen:
            message = gettext("The key “%(key)s” is used twice; the second heading has none.") % {"key": heading.key}
            result.warn(heading.line, message)
            heading = replace(heading, key="")
        seen.add(heading.anchor)
        unique.append(heading)
    return unique


def _owners(headings: Sequence[Heading], lines: list[str]) -> list[str]:
    """The key of the part that each line belongs to: the keyed heading that it stands under, or the introduction.

    A heading, with a key or without, ends the parts of its own level and of those below.
    """
    under: list[Heading] = []
    starts = {heading.line - 1: heading for heading in headings}
    owners = []
    for number in range(len(lines)):
        if heading := starts.get(number):
            while under and under[-1].depth >= heading.depth:
                under.pop()
            if heading.key:
                under.append(heading)
        owners.append(under[-1].key if under else INTRO_KEY)
    return owners


def _parts(headings: Sequence[Heading], lines: list[str], owners: list[str]) -> list[Part]:
    """Cut the text: each line goes to the part that owns it."""
    texts: dict[str, list[str]] = {INTRO_KEY: []}
    for owner, line in zip(owners, lines, strict=True):
        texts.setdefault(owner, []).append(line)
    keyed = {heading.key: heading for heading in headings if heading.key}
    intro = "\n".join(texts.pop(INTRO_KEY)).strip()
    parts = [Part(INTRO_KEY, "", "", text_hash(intro))] if intro else []
    return parts + [
        Part(key, keyed[key].anchor, keyed[key].title, text_hash("\n".join(text))) for key, text in texts.items()
    ]


def _with_steps(tokens: list[Token], headings: dict[int, Heading]) -> Iterator[Token]:
    """The tokens with `<ol class="steps"><li>` around the steps."""
    level = 0  # of the steps of the list that is open; 0: none is
    for index, token in enumerate(tokens):
        if heading := headings.get(index):
            if level and (heading.is_node or heading.level <= level):
                is_last = not (heading.is_step and heading.level == level)
                yield from _end_of_step(is_last)
                level = 0 if is_last else level
            if heading.is_step:
                yield from _beginning_of_step(heading, is_first=not level)
                level = level or heading.level
            _mark(token, tokens[index + 1], heading)
        elif token.type == "heading_close" and token.level == 0:
            token.tag = f"h{headings[index - 2].level}"
        yield token
    if level:
        yield from _end_of_step(is_last=True)


def _beginning_of_step(heading: Heading, is_first: bool) -> Iterator[Token]:
    if is_first:
        yield Token("steps_open", "ol", 1, attrs={"class": "steps"}, block=True)
    yield Token("step_open", "li", 1, attrs={"id": heading.anchor}, block=True)


def _end_of_step(is_last: bool) -> Iterator[Token]:
    yield Token("step_close", "li", -1, block=True)
    if is_last:
        yield Token("steps_close", "ol", -1, block=True)


def _mark(opening: Token, inline: Token, heading: Heading) -> None:
    opening.tag = f"h{heading.level}"
    if not heading.key:
        return
    if not heading.is_step:
        opening.attrSet("id", heading.anchor)
    anchor = Token("anchor", "", 0, meta={"anchor": heading.anchor})
    inline.children = [*(inline.children or []), anchor]
