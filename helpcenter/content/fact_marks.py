"""Facts in Markdown: `{fact:KEY}` in a line, `:::facts SUBJECT` as a table.

What they become in stored HTML is a place without a value; `fact_filling` puts the values in when a page is put
together. `{fact:` begins a reference whatever follows it up to the brace, so that a key with a typing mistake is found
and never shown.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from html import escape

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from helpcenter.content.rendered import FactReference
from helpcenter.facts import ALL_KINDS

INLINE = "fact"
BLOCK = "facts"
LONGEST_REFERENCE = 200  # characters

_MARK = re.compile(rf"\{{fact:(?P<key>[^{{}}\n]{{0,{LONGEST_REFERENCE}}})\}}")
_OPENING = re.compile(r"(?P<colons>:{3,})\s*facts(?:\s++(?P<subject>\S(?:.*\S)?))?\s*")
_PLACE = re.compile(r'<data class="fact" data-fact="([^"]*)"></data>')


def mark(key: str) -> str:
    """A reference as writers type it."""
    return f"{{fact:{key}}}"


def has_mark(text: str) -> bool:
    return "{fact:" in text


def keys_in(text: str) -> list[str]:
    """The keys that words outside of Markdown name: a summary, the title of a callout."""
    return [match["key"].strip() for match in _MARK.finditer(text)]


def replace_marks(text: str, value: Callable[[str], str]) -> str:
    """Words with each reference replaced by what `value` gives for its key."""
    return _MARK.sub(lambda match: value(match["key"].strip()), text)


def place(key: str) -> str:
    """The element of stored HTML that a value is put into."""
    return f'<data class="fact" data-fact="{escape(key)}"></data>'


def table_place(subject: str, kinds: Sequence[str], number: int) -> str:
    """The element of stored HTML that a table is put into; `number` counts the tables of the text."""
    names = escape(" ".join(kinds))
    return f'<div class="facts" data-facts="{escape(subject)}" data-kinds="{names}" data-table="{number}"></div>\n'


def with_marks(markup: str) -> str:
    """Stored HTML with references in the place of its places, for words that are kept as words."""
    return _PLACE.sub(lambda match: mark(match[1]), markup)


def table_of(lines: Sequence[str]) -> tuple[str, list[str]]:
    """Subject and kinds of a block of facts, from the lines that it stands in."""
    opening = _OPENING.fullmatch(lines[0].strip(" \t>"))
    kinds = [kind for line in lines[1:] for kind in line.strip(" \t>").split() if set(kind) != {":"}]
    return (opening["subject"] or "") if opening else "", kinds


def use(md: MarkdownIt, placed: Callable[[Callable[[StateInline, bool], bool]], Callable[..., bool]]) -> None:
    """Teach a parser both constructs; `placed` makes an inline rule note where its tokens stand."""
    md.inline.ruler.before("escape", INLINE, placed(_inline_rule))
    md.block.ruler.before("fence", BLOCK, _block_rule, {"alt": ["paragraph", "reference", "blockquote", "list"]})


def references(tokens: Sequence[Token]) -> list[FactReference]:
    """The facts that a text names, with their lines, in order."""
    return list(_references(tokens))


def misplaced(tokens: Sequence[Token]) -> int:
    """The line of the first fact that stands where it can have no value: in a heading, or in the words of a picture;
    0 where there is none."""
    for token, following in zip(tokens, tokens[1:], strict=False):
        if token.type == "heading_open" and _names_fact(following.children or []):
            return _line(token)
    for token in tokens:
        for child in token.children or []:
            if child.type == "image" and (_names_fact(child.children or []) or has_mark(str(child.attrs.get("title")))):
                return int(child.meta["line"])
    return 0


def _inline_rule(state: StateInline, silent: bool) -> bool:
    match = _MARK.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        token = state.push(INLINE, "data", 0)
        token.meta["key"] = match["key"].strip()
    state.pos = match.end()
    return True


def _block_rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    opening = _OPENING.fullmatch(_text_of(state, start))
    if opening is None or state.is_code_block(start):
        return False
    if silent:
        return True
    last, is_closed = _end_of_block(state, start, end, len(opening["colons"]))
    kinds = [kind for line in range(start + 1, last) for kind in _text_of(state, line).split()]
    token = state.push(BLOCK, "div", 0)
    token.map = [start, last + is_closed]
    token.meta = {"subject": opening["subject"] or "", "kinds": kinds}
    state.line = last + is_closed
    return True


def _end_of_block(state: StateBlock, start: int, end: int, colons: int) -> tuple[int, bool]:
    """The line behind the kinds, and whether it closes the block; a block that nobody closes ends at an empty line."""
    for line in range(start + 1, end):
        text = _text_of(state, line)
        if len(text) >= colons and set(text) == {":"}:
            return line, True
        if not text or state.sCount[line] < state.blkIndent:
            return line, False
    return end, False


def _text_of(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].strip()


def _references(tokens: Sequence[Token]) -> Iterator[FactReference]:
    for token in tokens:
        if token.type == BLOCK:
            line, subject = _line(token), token.meta["subject"]
            yield from (FactReference(f"{subject}.{kind}", line) for kind in token.meta["kinds"] or [ALL_KINDS])
        elif token.type.startswith("container_"):
            yield from (FactReference(key, _line(token)) for key in keys_in(token.info))
        for child in token.children or []:
            if child.type == INLINE:
                yield FactReference(child.meta["key"], child.meta["line"])


def _names_fact(children: Sequence[Token]) -> bool:
    return any(child.type == INLINE or _names_fact(child.children or []) for child in children)


def _line(token: Token) -> int:
    return (token.map or [0])[0] + 1
