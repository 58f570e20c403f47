"""Two steps of the Markdown parser in a time that grows with the text alone; what they find is the same.

From each `[` the parser's own walks on as deep as lists may go: a text of 400,000 brackets took 17 seconds. What is
found for one `[` holds for those around it: it is kept with the paragraph. And it joins pieces of text one by one,
copying what it has: as many stars took two minutes.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from types import SimpleNamespace
from typing import Any

from markdown_it import helpers
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token


def parse_link_label(state: StateInline, start: int, disableNested: bool = False) -> int:
    """The place of the `]` that belongs to the `[` at `start`, -1 where there is none; where `disableNested`, also
    where a link lies inside. The same as `markdown_it.helpers.parseLinkLabel`, which this is read beside."""
    known: dict[Any, int] = state.cache  # of this paragraph; the parser itself asks by number alone
    if (start, disableNested) not in known:
        known[start, disableNested] = _found(state, start, disableNested, known)
    return known[start, disableNested]


def _found(state: StateInline, start: int, is_strict: bool, known: dict[Any, int]) -> int:
    before, state.pos = state.pos, start + 1
    try:
        return _end(state, is_strict, known)
    finally:
        state.pos = before


def _end(state: StateInline, is_strict: bool, known: dict[Any, int]) -> int:
    level = 1
    while state.pos < state.posMax:
        here, mark = state.pos, state.src[state.pos]
        if mark == "]":
            level -= 1
            if level == 0:
                return here
        state.md.inline.skipToken(state)
        if mark != "[":
            continue
        if state.pos != here + 1:  # a link
            if is_strict:
                return -1
        elif (end := known.get((here, is_strict))) is None:
            level += 1
        elif end < 0:  # what has no end inside has none around it
            return -1
        else:
            state.pos = end + 1
    return -1


def join_texts(state: StateInline) -> None:
    """Make one text of those that follow one another, and say how deep each token lies. The same as
    `markdown_it.rules_inline.fragments_join`."""
    joined: list[Token] = []
    for is_text, run in groupby(_levelled(state.tokens), key=lambda token: token.type == "text"):
        texts = list(run)
        if is_text:
            texts[-1].content = "".join(token.content for token in texts)
        joined += texts[-1:] if is_text else texts
    state.tokens[:] = joined


def _levelled(tokens: Iterable[Token]) -> Iterator[Token]:
    level = 0
    for token in tokens:
        level += min(token.nesting, 0)
        token.level = level
        level += max(token.nesting, 0)
        yield token


def use(md: Any) -> None:
    """Let a parser ask here."""
    md.inline.ruler2.at("fragments_join", join_texts)
    own = {name: getattr(helpers, name) for name in helpers.__all__}
    md.helpers = SimpleNamespace(**{**own, "parseLinkLabel": parse_link_label})
