"""Markdown for other software: addresses that hold anywhere, and only what the page shows too."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from markdown_it.common.normalize_url import normalizeLink

from helpcenter.content import markdown
from helpcenter.content.drawing import SCAM_EXAMPLE
from helpcenter.content.rendered import Block
from helpcenter.content.targets import ANY_LANGUAGE, Target, picture_name

REACH = 20  # lines that the words of a link may take before its address

_ADDRESS = r'(?:<(?P<angled>[^<>\n]*)>|(?P<bare>[^\s<>()]+))(?P<title>\s+(?:"[^"]*"|\'[^\']*\'))?\s*'
_INLINE = re.compile(rf"(?:(?P<start>!?\[)(?P<words>[^\[\]]*))?\]\(\s*{_ADDRESS}\)")
_DEFINITION = re.compile(rf"^(?P<label>(?:[ \t>]|[-*+] |\d+[.)] )*\[[^\]\n]+\]:[ \t]*){_ADDRESS}$", re.MULTILINE)
_IN_A_PARAGRAPH = r"(?:(?!\n[ \t]*\n).)*?"
_COMMENT = re.compile(
    rf"(?P<code>(?<!`)(?P<mark>`+)(?!`){_IN_A_PARAGRAPH}(?<!`)(?P=mark)(?!`))|<!--{_IN_A_PARAGRAPH}-->", re.DOTALL
)


@dataclass(frozen=True)
class Addresses:
    """Where things of a text are: `page` is its own address, `language` the beginning of all addresses of its language
    (`https://help.example/en/`), `picture` the path below that of a picture by its name, empty for none."""

    page: str
    language: str
    picture: Callable[[str], str]


def document(body: str, addresses: Addresses) -> str:
    """The text with absolute links, without comments. What leads nowhere on the page is words here too."""
    text = "\n".join(_shown(body.replace("\r\n", "\n").replace("\r", "\n")))
    rewriter = _Rewriter(text, addresses)
    return _DEFINITION.sub(rewriter.definition, _INLINE.sub(rewriter.inline, text))


def _shown(body: str) -> Iterator[str]:
    """The text without comments, in pieces of whole lines. In code everything is shown as it is written."""
    lines, at = body.split("\n"), 0
    special = [*markdown.blocks(body, "fence", "code_block", "html_block"), *markdown.unused_definitions(body)]
    for block in sorted(special, key=lambda block: block.start):
        if at < block.start:
            yield _uncommented("\n".join(lines[at : block.start]))
        yield from _kept(block, lines)
        at = max(at, block.end)
    if at < len(lines):
        yield _uncommented("\n".join(lines[at:]))


def _kept(block: Block, lines: list[str]) -> Iterator[str]:
    """What a page shows of a block that is not ordinary text."""
    if block.kind in ("fence", "code_block"):
        yield "\n".join(lines[block.start : block.end])
    elif block.kind == "html_block":
        _, is_comment, rest = block.content.partition("<!--")
        words = rest.rpartition("-->")[2] if is_comment else block.content
        if words.strip():
            yield words.rstrip("\n")


def _uncommented(text: str) -> str:
    return _COMMENT.sub(lambda found: found["code"] or "", text)


class _Rewriter:
    """Puts addresses into the links of one text: only where the parser sees a link too, so that code stays as it is.
    Links of a fraud become words, as they are on the page."""

    def __init__(self, text: str, addresses: Addresses) -> None:
        self.addresses = addresses
        self.references = markdown.references(text)
        self.frauds = markdown.blocks(text, f"container_{SCAM_EXAMPLE}_open")

    def inline(self, found: re.Match[str]) -> str:
        href, line = _href(found), found.string.count("\n", 0, found.end()) + 1
        if not any(r.href == normalizeLink(href) and line - REACH <= r.line <= line for r in self.references):
            return found[0]
        is_fraud = any(block.start < line <= block.end for block in self.frauds)
        address = "" if is_fraud else self._address(href, is_picture=found["start"] == "![")
        if not address and found["start"]:
            return found["words"]
        start = f"{found['start'] or ''}{found['words'] or ''}"
        return f"{start}]({address or self.addresses.page}{found['title'] or ''})"

    def definition(self, found: re.Match[str]) -> str:
        href = _href(found)
        used = [reference for reference in self.references if reference.href == normalizeLink(href)]
        if not used:
            return found[0]
        address = self._address(href, is_picture=any(reference.is_picture for reference in used))
        return f"{found['label']}{address or self.addresses.page}{found['title'] or ''}"

    def _address(self, href: str, *, is_picture: bool) -> str:
        """Where an address of the text leads; empty where it leads nowhere."""
        if is_picture:
            name = picture_name(href)
            path = self.addresses.picture(name) if name else ""
            return f"{self.addresses.language}{path}" if path else ""
        target = Target.of(normalizeLink(href)).href
        if target.startswith("#"):
            return f"{self.addresses.page}{target}"
        return target.replace(ANY_LANGUAGE, self.addresses.language, 1) if target.startswith(ANY_LANGUAGE) else target


def _href(found: re.Match[str]) -> str:
    return found["bare"] if found["angled"] is None else found["angled"]
