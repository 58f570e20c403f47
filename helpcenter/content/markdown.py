"""The Markdown dialect of `docs/markdown.md`: from text to safe HTML, an outline, and a list of what was odd.

Rendered HTML is the same for every language of the address: links inside the site start with `/_/`, which `localise`
turns into the reader's language when the page is put together.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache
from typing import Any

import mdit_py_cjk_friendly
from django.utils.html import escape
from django.utils.translation import gettext, override
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, reference
from markdown_it.rules_inline import StateInline, autolink, html_inline, image, link
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin

from helpcenter.content import fact_marks, long_texts, raw_html, regions
from helpcenter.content.drawing import CALLOUTS, SCAM_EXAMPLE, Renderer, draw_callout, draw_region, draw_scam_example
from helpcenter.content.headings import Heading, shape
from helpcenter.content.headings import read as read_headings
from helpcenter.content.rendered import (
    Block,
    FactReference,
    Link,
    Node,
    Pictures,
    Reference,
    Rendered,
    ShownPicture,
    Warned,
)
from helpcenter.content.sanitising import clean_html
from helpcenter.content.targets import ANY_LANGUAGE, REQUESTS, Target
from helpcenter.errors import InvalidText
from helpcenter.outline import TITLE_KEY, Part, text_hash

DEEPEST = 100  # levels of lists, quotations and callouts inside each other; a list and its item are two

LONGEST_DEFINITION = 12  # lines of `[label]: address "title"`

_TAG = re.compile(r'<(?:a|img)(?: [a-z-]+="[^"]*")*>')
_REQUEST = re.compile(rf'<a href="{REQUESTS}([a-z0-9-]+)">(.*?)</a>', re.DOTALL)
_LINE_END = re.compile("\n")
_ADDRESS = re.compile(r' (?:href|src|srcset)="[^"]*"')


def render(
    text: str, *, language: str, title: str = "", summary: str = "", pictures: Pictures | None = None
) -> Rendered:
    """Render a document. `pictures` finds a picture by its file name; one that it does not know becomes its words."""
    env: dict[str, Any] = {"pictures": pictures or (lambda name: None)}
    with override(language):
        shaped, result = _read(text, env)
        result.html = clean_html(parser().renderer.render(shaped, parser().options, env))
    result.parts.insert(0, _title_part(title, summary))
    return result


def outline(text: str, *, title: str = "", summary: str = "") -> list[Part]:
    """The parts of a document, without rendering it. Raises InvalidText where something would be lost."""
    result = _scanned(text)
    if result.lost_line:
        message = gettext("Lists and quotations are nested too deeply; at most %(levels)d levels are read.")
        raise InvalidText(message % {"levels": DEEPEST // 2}, result.lost_line)
    if result.misplaced_fact:
        message = gettext("A heading, and the description or caption of a picture, cannot hold a fact.")
        raise InvalidText(message, result.misplaced_fact)
    return [_title_part(title, summary), *result.parts]


def nodes(text: str) -> list[Node]:
    """The nodes of a troubleshooter, as they stand in a document."""
    return _scanned(text).nodes


def owners(text: str) -> tuple[list[str], dict[str, str]]:
    """The key of the part that each line of a document belongs to, and the titles of the parts by their keys."""
    result = _scanned(text)
    return result.owners, {part.key: part.title for part in result.parts}


def headings(text: str) -> list[Heading]:
    """The headings that cut a document into its parts, in their order."""
    return read_headings(parser().parse(text, {}), Rendered())


def references(text: str) -> list[Reference]:
    """Everything that a document links to or shows, with the lines at which the addresses stand."""
    return _scanned(text).references


def blocks(text: str, *kinds: str) -> list[Block]:
    """The blocks of a document of these kinds, as the parser names them, in their order."""
    tokens = parser().parse(text, {})
    return [Block(t.type, t.map[0], t.map[1], t.content) for t in tokens if t.type in kinds and t.map]


def unused_definitions(text: str) -> list[Block]:
    """`[label]: address` that no link uses, and the second ones of a label: a page shows nothing of them."""
    env: dict[str, Any] = {}
    used = {_defined(token, env) for token in _inline(parser().parse(text, env))}
    found = [*env.get("references", {}).values(), *env.get("duplicate_refs", ())]
    return [Block("definition", row["map"][0], row["map"][1], "") for row in found if row["map"][0] + 1 not in used]


def facts(text: str) -> list[FactReference]:
    """The facts that a document names, with their lines."""
    return _scanned(text).facts if "fact" in text else []


def regions_named(text: str) -> list[tuple[list[str], int]]:
    """The codes of the regions that each regional part of a document names, with its line."""
    return regions.named(parser().parse(text, {})) if regions.KIND in text else []


def links(text: str) -> list[Link]:
    """The links to other hosts, with their lines."""
    found = [(Target.of(reference.href).host, reference.line) for reference in references(text)]
    return [Link(host, line) for host, line in found if host]


def localise(html: str, language: str, request: Callable[[str], str] = lambda topic: "") -> str:
    """Point the links of rendered HTML at the pages of a language. `request` gives the address that takes a request
    about a topic; where there is none, the words of the link stay."""

    def offer(link: re.Match[str]) -> str:
        address = request(link[1])
        return f'<a href="{escape(address)}">{link[2]}</a>' if address else link[2]

    def point(address: re.Match[str]) -> str:
        return address[0].replace(f'"{ANY_LANGUAGE}', f'"/{language}/').replace(f", {ANY_LANGUAGE}", f", /{language}/")

    return _TAG.sub(lambda tag: _ADDRESS.sub(point, tag[0]), _REQUEST.sub(offer, html))


def _title_part(title: str, summary: str) -> Part:
    return Part(TITLE_KEY, "", title, text_hash(f"{title}\n{summary}"))


@lru_cache(maxsize=32)
def _scanned(text: str) -> Rendered:
    """What a document holds, without rendering it; nobody changes it. An import asks for it half a dozen times."""
    return _read(text, {})[1]


def _read(text: str, env: dict[str, Any]) -> tuple[list[Token], Rendered]:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    result = env["result"] = Rendered()
    tokens = parser().parse(text, env)
    _note_lines(tokens)
    result.references, result.facts = _references(tokens, env), fact_marks.references(tokens)
    result.misplaced_fact = fact_marks.misplaced(tokens)
    result.lost_line = next((_line(token) for token in tokens if token.nesting > 0 and token.level >= DEEPEST - 1), 0)
    _disarm_scam_examples(tokens)
    for line, message in regions.settle(tokens):
        result.warn(line, message)
    _drop_empty_headers(tokens)
    raw_html.tidy(tokens, result)
    return shape(tokens, text.split("\n"), result), result


@cache
def parser() -> MarkdownIt:
    """The one parser; its rules are pure, so threads may share it."""
    options = {"html": True, "linkify": False, "store_labels": True, "maxNesting": DEEPEST}
    md = MarkdownIt("commonmark", options, renderer_cls=Renderer)
    md.enable(["table", "strikethrough"])
    md.use(mdit_py_cjk_friendly.cjk_friendly)
    for name, rule in {"link": link, "image": image, "autolink": autolink, "html_inline": html_inline}.items():
        md.inline.ruler.at(name, _placed(rule))
    md.block.ruler.at("reference", _nearby)
    long_texts.use(md)
    fact_marks.use(md, _placed)
    for kind in CALLOUTS:
        md.use(container_plugin, kind, validate=_is_kind(kind), render=draw_callout)
    md.use(container_plugin, SCAM_EXAMPLE, validate=_is_kind(SCAM_EXAMPLE), render=draw_scam_example)
    md.use(container_plugin, regions.KIND, validate=_is_kind(regions.KIND), render=draw_region)
    md.add_render_rule("softbreak", Renderer.softbreak)  # the plugin has put its own there
    return md


def _nearby(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """`[label]: address` within a few lines. Markdown's own rule looks at all lines of the paragraph for each of its
    definitions, which takes hours for a text of nothing else."""
    whole, state.lineMax = state.lineMax, min(state.lineMax, line + LONGEST_DEFINITION)
    try:
        return reference(state, line, end, silent)
    finally:
        state.lineMax = whole


def _is_kind(kind: str) -> Callable[..., bool]:
    return lambda params, *_: params.strip().split(" ", 1)[0] == kind


def _placed(rule: Callable[[StateInline, bool], bool]) -> Callable[[StateInline, bool], bool]:
    """An inline rule that notes where in the text its tokens begin; Markdown's own tokens do not say."""

    def run(state: StateInline, silent: bool) -> bool:
        start, known = state.pos, len(state.tokens)
        found = rule(state, silent)
        for token in state.tokens[known:] if found and not silent else ():
            token.meta.setdefault("at", start)
        return found

    return run


def _line(token: Token) -> int:
    return (token.map or [0])[0] + 1


def _note_lines(tokens: Sequence[Token]) -> None:
    """Give the tokens inside paragraphs the lines at which they stand."""
    for token in tokens:
        ends = [end.start() for end in _LINE_END.finditer(token.content)] if token.children else []
        for child in token.children or []:
            child.meta["line"] = _line(token) + bisect_left(ends, child.meta.get("at", 0))


def _references(tokens: Sequence[Token], env: dict[str, Any]) -> list[Reference]:
    """Addresses in the text, and those of `[label]: address` where the text uses them."""
    return [
        Reference(
            href=str(token.attrs.get("src" if token.type == "image" else "href", "")),
            line=_defined(token, env) or token.meta["line"],
            is_picture=token.type == "image",
        )
        for token in _inline(tokens)
        if token.type in ("image", "link_open")
    ]


def _defined(token: Token, env: dict[str, Any]) -> int:
    """The line of the definition that a reference uses; 0 for an address in its place."""
    definition = env.get("references", {}).get(token.meta.get("label"))
    return definition["map"][0] + 1 if definition else 0


def _inline(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield from token.children or []


def _drop_empty_headers(tokens: Sequence[Token]) -> None:
    """The corner of a table heads nothing: without words it is a cell like any other."""
    for opening, content, closing in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if opening.type == "th_open" and not content.content.strip():
            opening.type, opening.tag = "td_open", "td"
            closing.type, closing.tag = "td_close", "td"


def _disarm_scam_examples(tokens: Sequence[Token]) -> None:
    """Links of a fraud are shown as words."""
    depth = 0
    for token in tokens:
        if token.type in (f"container_{SCAM_EXAMPLE}_open", f"container_{SCAM_EXAMPLE}_close"):
            depth += token.nesting
        for child in (token.children or []) if depth else ():
            if child.type in ("link_open", "link_close"):
                child.type, child.tag, child.nesting = "text", "", 0


__all__ = [
    "FactReference",
    "Link",
    "Node",
    "Reference",
    "Rendered",
    "ShownPicture",
    "Warned",
    "facts",
    "headings",
    "links",
    "localise",
    "nodes",
    "outline",
    "owners",
    "regions_named",
    "render",
]
