"""The nodes of a troubleshooter in a document: which lists are answers, and what they lead to."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from helpcenter.content.drawing import words
from helpcenter.content.rendered import Node
from helpcenter.content.targets import NODE
from helpcenter.outline import Answer

UNSURE = "unsure"  # the title of the link that is for readers who do not know
WITH_TEXT = ("inline", "fence", "code_block")
_HEADING = re.compile(r'<h[2-6] id="node-([a-z0-9-]+)">.*?</h[2-6]>\s*', re.DOTALL)
_ANSWERS = re.compile(r'<ul class="answers">.*?</ul>\s*', re.DOTALL)
_LEVEL = re.compile(r"(?<=<h|/h)([3-6])(?=[ >])")
_MARKS_BEFORE_HINT = " \t\n:–—-"


@dataclass(frozen=True)
class Opening:
    """The heading that opens a node: the index of its token, its line, and its name."""

    index: int
    line: int
    name: str


def read(tokens: Sequence[Token], openings: Sequence[Opening]) -> list[Node]:
    """The nodes with their answers; lists of answers are marked on the way, for drawing."""
    ends = [*(opening.index for opening in openings[1:]), len(tokens)][: len(openings)]
    return [_node(tokens[o.index + 3 : end], o) for o, end in zip(openings, ends, strict=True)]


def cut(html: str, names: Collection[str]) -> dict[str, str]:
    """The texts of nodes out of a rendered document, without their headings and answers; under the empty name what
    stands before the first. Headings inside move up one level: that of the node is the title of its page."""
    headings = [found for found in _HEADING.finditer(html) if found[1] in names]
    ends = [heading.start() for heading in headings] + [len(html)]
    texts = {"": html[: ends[0]]}
    texts |= {heading[1]: html[heading.end() : end] for heading, end in zip(headings, ends[1:], strict=True)}
    return {
        name: _LEVEL.sub(lambda level: str(int(level[1]) - 1), _ANSWERS.sub("", text)) for name, text in texts.items()
    }


def _node(tokens: Sequence[Token], opening: Opening) -> Node:
    answers: list[tuple[Answer, int]] = []
    has_text = False
    for block in _blocks(tokens):
        found = _answers(block)
        answers += found
        has_text = has_text or (not found and any(token.type in WITH_TEXT for token in block))
    return Node(opening.name, opening.line, has_text, tuple(answers))


def _blocks(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """The top level of a piece of a document, block by block."""
    start = 0
    for i, token in enumerate(tokens):
        if token.level == 0 and token.nesting <= 0:
            yield tokens[start : i + 1]
            start = i + 1


def _answers(block: Sequence[Token]) -> list[tuple[Answer, int]]:
    """The answers of a list in which an item begins with a link to a node; none for any other block."""
    if block[0].type != "bullet_list_open":
        return []
    items = list(_items(block))
    if not any(_link(item) for item in items):
        return []
    block[0].attrSet("class", "answers")
    return [(_answer(item), (item[0].map or [0])[0] + 1) for item in items]


def _items(block: Sequence[Token]) -> Iterator[Sequence[Token]]:
    start = 0
    for i, token in enumerate(block):
        if token.type == "list_item_open" and token.level == 1:
            start = i
        elif token.type == "list_item_close" and token.level == 1:
            yield block[start : i + 1]


def _link(item: Sequence[Token]) -> Token | None:
    """The link to a node that an item begins with."""
    children = next((token.children for token in item if token.type == "inline"), None) or []
    first = children[0] if children else None
    is_link = first is not None and first.type == "link_open"
    return first if is_link and first and str(first.attrs.get("href", "")).startswith(NODE) else None


def _answer(item: Sequence[Token]) -> Answer:
    link = _link(item)
    inline = [token for token in item if token.type == "inline"]
    if link is None:
        return Answer("", words(inline).strip())
    link.meta["is_answer"] = True
    children = inline[0].children or []
    end = next(i for i, child in enumerate(children) if child.type == "link_close" and child.level == link.level)
    rest = " ".join([words(children[end + 1 :]), *(words([token]) for token in inline[1:])])
    return Answer(
        target=str(link.attrs["href"]).removeprefix(NODE),
        words=words(children[1:end]).strip(),
        hint=rest.strip(_MARKS_BEFORE_HINT),
        is_unsure=str(link.attrs.get("title", "")).strip().lower() == UNSURE,
    )
