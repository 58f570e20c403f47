"""A document cut into blocks: headings, paragraphs, cells, items, pictures, each with what it says and the part that it
stands in. A translation that is built like its source is compared block by block.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from markdown_it.token import Token

from helpcenter.content import fact_marks, headings, markdown, regions
from helpcenter.content.headings import Heading
from helpcenter.content.parity.kinds import Document
from helpcenter.content.rendered import Rendered
from helpcenter.outline import INTRO_KEY, TITLE_KEY

HOLE = "\ufffc"  # stands in a text for a piece of code, a fact or a picture: neither letter nor digit
HARMLESS = (
    "<br",
    "<b>",
    "<i>",
    "<kbd",
    "<sub",
    "<sup",
    "<em",
    "<strong",
    "<small",
    "<wbr",
    "<mark",
    "<q>",
    "<s>",
    "</",
)
_LEAVES = {"inline", "fence", "code_block", "html_block", "hr", fact_marks.BLOCK}
_SILENT = {"thead_open", "tbody_open", "table_open", "paragraph_open"}


@dataclass(frozen=True)
class Block:
    """`path` is what the block is and stands in (`warning li`), `texts` are its words, then the words of its pictures.

    `facts`, `links`, `pictures`, `codes` and `tags` are in the order of the text. `line` counts from one; 0 in title
    and summary.
    """

    part: str
    path: str
    line: int
    texts: tuple[str, ...]
    facts: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass
class _Words:
    """What the inline tokens of a block hold."""

    text: list[str] = field(default_factory=list)
    more: list[str] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)


def of(document: Document) -> list[Block]:
    """The blocks of a document in their order, title and summary first."""
    tokens = markdown.parser().parse(document.body.replace("\r\n", "\n").replace("\r", "\n"), {})
    found = headings.read(tokens, Rendered())
    return [_plain("title", document.title), _plain("summary", document.summary), *_blocks(tokens, found)]


def _plain(path: str, text: str) -> Block:
    words, facts = _without_facts(text)
    return Block(TITLE_KEY, path, 0, (words,), facts)


def _without_facts(text: str) -> tuple[str, tuple[str, ...]]:
    return fact_marks.replace_marks(text, lambda key: HOLE), tuple(fact_marks.keys_in(text))


def _blocks(tokens: list[Token], found: Sequence[Heading]) -> Iterator[Block]:
    path: list[str] = []  # the names of the containers around a token
    for token, part in zip(tokens, _parts(len(tokens), found), strict=True):
        if token.nesting > 0:
            path.append(_name(token))
            yield from _titled(token, part, _joined([*path, "title"]))
        elif token.nesting < 0:
            path.pop()
        elif token.type in _LEAVES:
            yield _block(token, part, _joined([*path, _leaf(token)]))


def _parts(count: int, found: Sequence[Heading]) -> Iterator[str]:
    """The part that each of so many tokens stands in: the key of the innermost heading above it that has one."""
    openings = {heading.index: heading for heading in found}
    under: list[Heading] = []
    for index in range(count):
        if opening := openings.get(index):
            under = [heading for heading in under if heading.depth < opening.depth]
            under += [opening] if opening.key else []
        yield under[-1].key if under else INTRO_KEY


def _joined(path: Sequence[str]) -> str:
    return " ".join(name for name in path if name)


def _name(token: Token) -> str:
    if token.type in _SILENT:
        return ""
    if token.type == regions.OPEN:
        return f"{regions.KIND}:{'+'.join(regions.codes_of(token.info))}"
    return token.type.removesuffix("_open").removeprefix("container_").removesuffix("_list")


def _leaf(token: Token) -> str:
    return "" if token.type == "inline" else token.type


def _line(token: Token) -> int:
    return (token.map or [0])[0] + 1


def _titled(token: Token, part: str, path: str) -> Iterator[Block]:
    """What a container says itself: a callout its title; one for regions no words, its codes are a part of the path."""
    if token.type == regions.OPEN:
        yield Block(part, path, _line(token), ())
    elif token.type.startswith("container_"):
        words, facts = _without_facts(token.info.strip().partition(" ")[2])
        yield Block(part, path, _line(token), (words,), facts)


def _block(token: Token, part: str, path: str) -> Block:
    if token.type == fact_marks.BLOCK:
        facts = [token.meta["subject"], *token.meta["kinds"]]
        return Block(part, path, _line(token), (), tuple(facts))
    if token.type in ("fence", "code_block"):
        return Block(part, path, _line(token), (), codes=tuple(token.content.split("\n")))
    if token.type == "html_block":
        return Block(part, path, _line(token), (token.content,))
    words = _Words()
    _read(token.children or [], words)
    return Block(
        part,
        path,
        _line(token),
        ("".join(words.text), *words.more),
        tuple(words.facts),
        tuple(words.links),
        tuple(words.pictures),
        tuple(words.codes),
        tuple(words.tags),
    )


def _read(children: Sequence[Token], words: _Words) -> None:
    for child in children:
        match child.type:
            case "softbreak" | "hardbreak":
                words.text.append("\n")
            case fact_marks.INLINE:
                words.facts.append(child.meta["key"])
                words.text.append(HOLE)
            case "code_inline":
                words.codes.append(child.content)
                words.text.append(HOLE)
            case "image":
                _read_picture(child, words)
            case "link_open":
                words.links.append(str(child.attrs.get("href", "")))
            case "html_inline":
                words.tags += [] if child.content.casefold().startswith(HARMLESS) else [child.content]
            case _:
                words.text.append(child.content)


def _read_picture(picture: Token, words: _Words) -> None:
    inside = _Words()
    _read(picture.children or [], inside)
    words.pictures.append(unquote(str(picture.attrs.get("src", ""))))
    words.more += ["".join(inside.text), str(picture.attrs.get("title", ""))]
    words.text.append(HOLE)
