"""Headings: the keys that they carry, the parts that they open, the list that steps make."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from django.utils.translation import gettext
from markdown_it.token import Token

from helpcenter.content.rendered import Rendered, Warned
from helpcenter.outline import INTRO_KEY, Part, text_hash

_KEY = re.compile(r"\s*\{(?:#|(?P<step>step:))(?P<name>[a-z0-9][a-z0-9-]{0,79})\}\s*$")
_MALFORMED_KEY = re.compile(r"\s*\{(?:#|step:)[^}]*\}\s*$")


@dataclass(frozen=True)
class Heading:
    """A heading of the top level of a document: where it stands and what it opens."""

    index: int
    level: int
    line: int
    key: str
    title: str

    @property
    def is_step(self) -> bool:
        return self.key.startswith("step:")

    @property
    def anchor(self) -> str:
        name = self.key.partition(":")[2]
        if self.is_step:
            return f"step-{name}"
        return f"section-{name}" if name.isdigit() else name


def shape(tokens: list[Token], lines: list[str], result: Rendered) -> list[Token]:
    """Give headings their keys and levels, note the parts, and wrap steps into one ordered list."""
    headings = _headings(tokens, result)
    _note_parts(headings, lines, result)
    return list(_with_steps(tokens, {heading.index: heading for heading in headings}))


def _headings(tokens: list[Token], result: Rendered) -> list[Heading]:
    """The headings, sections numbered where they have no key, levels closed up to 2, 3, 4 …"""
    indices = [i for i, token in enumerate(tokens) if token.type == "heading_open" and token.level == 0]
    found = [_heading(tokens, index, result) for index in indices]
    ranks = {level: 2 + rank for rank, level in enumerate(sorted({max(h.level, 2) for h in found}))}
    headings, unkeyed = [], 0
    for heading in found:
        level = ranks[max(heading.level, 2)]
        if level == 2 and not heading.key:
            unkeyed += 1
            heading = replace(heading, key=f"section:{unkeyed}")
        headings.append(replace(heading, level=min(level, 6)))
    return _unique(headings, result)


def _heading(tokens: list[Token], index: int, result: Rendered) -> Heading:
    opening, inline = tokens[index], tokens[index + 1]
    line = (opening.map or [0])[0] + 1
    key = ""
    last = inline.children[-1] if inline.children else None
    if last is not None and last.type == "text":
        if match := _KEY.search(last.content):
            key = ("step:" if match["step"] else "section:") + match["name"]
        elif _MALFORMED_KEY.search(last.content):
            result.warnings.append(Warned(line, gettext("The key of the heading is not made of a-z, 0-9 and “-”.")))
        last.content = _MALFORMED_KEY.sub("", last.content)
    return Heading(index, int(opening.tag[1]), line, key, _words(inline))


def _unique(headings: list[Heading], result: Rendered) -> list[Heading]:
    seen: set[str] = set()
    unique = []
    for heading in headings:
        if heading.key and heading.anchor in seen:
            message = gettext("The key “%(key)s” is used twice; the second heading has none.") % {"key": heading.key}
            result.warnings.append(Warned(heading.line, message))
            heading = replace(heading, key="")
        seen.add(heading.anchor)
        unique.append(heading)
    return unique


def _words(inline: Token) -> str:
    """The words of an inline token, without marks."""
    kinds = {"softbreak": " ", "hardbreak": " "}
    return "".join(
        kinds.get(t.type, t.content if t.type in ("text", "code_inline") else "") for t in inline.children or []
    )


def _note_parts(headings: list[Heading], lines: list[str], result: Rendered) -> None:
    """Cut the text at keyed headings: a step ends where the next heading of its level or higher begins."""
    keyed = [heading for heading in headings if heading.key]
    cuts = [heading.line - 1 for heading in keyed] + [len(lines)]
    if intro := "\n".join(lines[: cuts[0]]).strip():
        result.parts.append(Part(INTRO_KEY, "", "", text_hash(intro)))
    for heading, (start, end) in zip(keyed, pairwise(cuts), strict=True):
        text = "\n".join(lines[start:end])
        result.parts.append(Part(heading.key, heading.anchor, heading.title.strip(), text_hash(text)))


def _with_steps(tokens: list[Token], headings: dict[int, Heading]) -> Iterator[Token]:
    """The tokens with `<ol class="steps"><li>` around the steps."""
    step_level = 0
    for index, token in enumerate(tokens):
        heading = headings.get(index)
        if heading:
            if step_level and heading.level <= step_level:
                yield Token("step_close", "li", -1, block=True)
                if not (heading.is_step and heading.level == step_level):
                    yield Token("steps_close", "ol", -1, block=True)
                    step_level = 0
            if heading.is_step:
                if not step_level:
                    yield Token("steps_open", "ol", 1, attrs={"class": "steps"}, block=True)
                    step_level = heading.level
                yield Token("step_open", "li", 1, attrs={"id": heading.anchor}, block=True)
            _mark(token, tokens[index + 1], heading)
        elif token.type == "heading_close" and token.level == 0:
            token.tag = f"h{headings[index - 2].level}"
        yield token
    if step_level:
        yield Token("step_close", "li", -1, block=True)
        yield Token("steps_close", "ol", -1, block=True)


def _mark(opening: Token, inline: Token, heading: Heading) -> None:
    opening.tag = f"h{heading.level}"
    if not heading.key:
        return
    if not heading.is_step:
        opening.attrSet("id", heading.anchor)
    anchor = Token("anchor", "", 0, meta={"anchor": heading.anchor})
    inline.children = [*(inline.children or []), anchor]
