"""The Markdown dialect of `docs/markdown.md`: from text to safe HTML, an outline, and a list of what was odd.

Rendered HTML is the same for every language of the address: links inside the site start with `/_/`, which `localise`
turns into the reader's language when the page is put together.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

import mdit_py_cjk_friendly
from django.utils.translation import gettext, override
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin

from helpcenter.content.drawing import (
    ANY_LANGUAGE,
    CALLOUTS,
    SCAM_EXAMPLE,
    Renderer,
    Target,
    draw_callout,
    draw_scam_example,
)
from helpcenter.content.headings import shape
from helpcenter.content.rendered import Link, Pictures, Rendered, ShownPicture, Warned
from helpcenter.content.sanitising import HIDDEN_CONTENT, clean_html, clean_raw_html, odd_html, tag_name
from helpcenter.outline import TITLE_KEY, Part, text_hash


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
    """The parts of a document, without rendering it."""
    _, result = _read(text, {"pictures": lambda name: None})
    return [_title_part(title, summary), *result.parts]


def links(text: str) -> list[Link]:
    """The links to other hosts, with their lines."""
    tokens, _ = _read(text, {"pictures": lambda name: None})
    found = []
    for line, token in _lines(tokens):
        if token.type == "link_open" and (host := Target.of(str(token.attrs.get("href", ""))).host):
            found.append(Link(host, line))
    return found


def _title_part(title: str, summary: str) -> Part:
    return Part(TITLE_KEY, "", title, text_hash(f"{title}\n{summary}"))


def _read(text: str, env: dict[str, Any]) -> tuple[list[Token], Rendered]:
    result = env["result"] = Rendered()
    tokens = parser().parse(text, env)
    _disarm_scam_examples(tokens)
    _drop_odd_html(tokens, result)
    return shape(tokens, text.split("\n"), result), result


def localise(html: str, language: str) -> str:
    """Point the links of rendered HTML at the pages of a language."""
    links = html.replace(f'="{ANY_LANGUAGE}articles/', f'="/{language}/articles/')
    return links.replace(f"{ANY_LANGUAGE}pictures/", f"/{language}/pictures/")


@cache
def parser() -> MarkdownIt:
    """The one parser; its rules are pure, so threads may share it."""
    md = MarkdownIt("commonmark", {"html": True, "linkify": False}, renderer_cls=Renderer)
    md.enable(["table", "strikethrough"])
    md.use(mdit_py_cjk_friendly.cjk_friendly)
    for kind in CALLOUTS:
        md.use(container_plugin, kind, validate=_is_kind(kind), render=draw_callout)
    md.use(container_plugin, SCAM_EXAMPLE, validate=_is_kind(SCAM_EXAMPLE), render=draw_scam_example)
    md.add_render_rule("softbreak", Renderer.softbreak)  # the plugin has put its own there
    return md


def _is_kind(kind: str) -> Callable[..., bool]:
    return lambda params, *_: params.strip().split(" ", 1)[0] == kind


def _disarm_scam_examples(tokens: Sequence[Token]) -> None:
    """Links of a fraud are shown as words."""
    inside = False
    for token in tokens:
        if token.type == f"container_{SCAM_EXAMPLE}_open":
            inside = True
        elif token.type == f"container_{SCAM_EXAMPLE}_close":
            inside = False
        for child in token.children or []:
            if inside and child.type in ("link_open", "link_close"):
                child.type, child.tag = "text", ""


def _drop_odd_html(tokens: Sequence[Token], result: Rendered) -> None:
    """Reduce raw HTML to harmless tags, and say what went."""
    for line, token in _lines(tokens):
        if token.type == "html_block":
            removed = odd_html(token.content)
            token.content = clean_raw_html(token.content)
        elif token.type == "html_inline":
            removed = odd_html(token.content)
            token.content = "" if removed else token.content
        else:
            continue
        for name in removed:
            result.warnings.append(Warned(line, gettext("The HTML “%(tag)s” was removed.") % {"tag": name}))
    for token in tokens:
        _drop_script_text(token.children or [])


def _drop_script_text(children: list[Token]) -> None:
    """The words between `<script>` and `</script>` are no words for readers."""
    hidden = ""
    for position, child in enumerate(children):
        name = child.meta.get("raw", "")
        if hidden:
            hidden = "" if name == f"/{hidden}" else hidden
            child.type, child.content = "text", ""
        elif name in HIDDEN_CONTENT and any(c.meta.get("raw") == f"/{name}" for c in children[position:]):
            hidden = name


def _lines(tokens: Sequence[Token]) -> Iterator[tuple[int, Token]]:
    """Every token with its line; inline children count the line breaks before them."""
    for token in tokens:
        line = (token.map or [0])[0] + 1
        yield line, token
        for child in token.children or []:
            child.meta["line"] = line
            if child.type == "html_inline":
                child.meta["raw"] = tag_name(child.content)
            yield line, child
            line += child.type in ("softbreak", "hardbreak")


__all__ = ["Link", "Rendered", "ShownPicture", "Warned", "links", "localise", "outline", "render"]
