"""HTML of a message as lines of text: what a reader would see, with what programs mark as history and signature.

A parser that calls back builds no tree, so depth does no harm. Nothing is fetched; hidden text is dropped; a link that
leads elsewhere than its text says is written out.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import nh3

from tickets.channels.mail.addresses import ascii_domain
from tickets.channels.mail.quoting import Line, Mark

LONGEST_LINK = 500  # characters
MOST_LINES = 20_000
MOST_DEPTH = 200  # open elements that are told apart; deeper ones count as text

_SILENT = frozenset(
    {"script", "style", "head", "title", "template", "svg", "math", "object", "select", "textarea", "xml"}
)
_BLOCKS = frozenset(
    {
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
    }
)
_APART = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "p", "ul", "ol", "pre", "blockquote", "table"})
_VOID = frozenset({"br", "hr", "img", "input", "meta", "link", "area", "base", "col", "wbr", "source", "track"})

_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all"
    r"|(?<![\w-])(?:max-)?height\s*:\s*0(?:px)?\s*(?:;|!|$)[^}]{0,200}overflow\s*:\s*hidden"
    r"|overflow\s*:\s*hidden[^}]{0,200}(?<![\w-])(?:max-)?height\s*:\s*0(?:px)?\s*(?:;|!|$)|opacity\s*:\s*0(?:\.0+)?\s*(?:;|!|$)",
    re.IGNORECASE,
)
_BORDERED = re.compile(r"border-(?:left|inline-start|right)\s*:\s*(?!none|0)", re.IGNORECASE)

# Names that programs give to the elements around what is answered.
_QUOTE_NAMES = frozenset(
    {
        "yahoo_quoted",
        "moz-cite-prefix",
        "protonmail_quote",
        "tutanota_quote",
        "zmail_extra",
        "isreplycontent",
        "reply-intro",
    }
)
_HISTORY_NAMES = frozenset(
    {
        "divrplyfwdmsg",
        "appendonsend",
        "zwchr",
        "mail-editor-reference-message-container",
        "olk_src_body_section",
        "moz-forward-container",
    }
)
_SIGNATURE_NAMES = frozenset(
    {
        "gmail_signature",
        "gmail_signature_prefix",
        "moz-signature",
        "applemailsignature",
        "signature",
        "ms-outlook-mobile-signature",
        "protonmail_signature_block",
        "yahoo-signature",
        "tutanota_signature",
        "mobile_signature",
        "_rc_sig",
    }
)
_EMBEDDED = re.compile(r"data:[a-z]{1,20}/[a-z0-9.+-]{1,60};base64,[A-Za-z0-9+/=\s%]*", re.IGNORECASE)


def page(markup: str) -> tuple[Line, ...]:
    """What a reader of the page sees."""
    from lxml import etree  # 4 MB that a web process does not need: mail is read by another

    markup = _EMBEDDED.sub("", markup)
    reader = _Reader()
    parser = etree.HTMLParser(target=reader, huge_tree=True, recover=True)
    try:
        parser.feed("<html><body>" if not markup.strip() else markup)
        parser.close()
    except (etree.LxmlError, ValueError, AssertionError):
        return tuple(Line(line) for line in stripped(markup).split("\n"))
    return tuple(reader.lines)


def stripped(markup: str) -> str:
    """The words of a page that cannot be read otherwise."""
    return nh3.clean(markup, tags=set()).strip()


@dataclass
class _Element:
    tag: str
    mark: Mark
    is_hidden: bool
    link: str = ""
    count: int = 0  # of list items


@dataclass
class _Reader:
    """Called by the parser for each tag and text, in their order."""

    lines: list[Line] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    open: list[_Element] = field(default_factory=list)
    skipped: int = 0
    link_text: list[str] = field(default_factory=list)
    in_links: int = 0
    in_pre: int = 0

    # Called by lxml

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag not in _VOID and (len(self.open) >= MOST_DEPTH or len(self.lines) > MOST_LINES):
            self.skipped += 1
            return
        element = _element(tag, attributes, self.open[-1] if self.open else None)
        self._begin(tag, attributes, element)
        if tag not in _VOID:
            self.open.append(element)

    def end(self, tag: str) -> None:
        if tag in _VOID:
            return
        if self.skipped:
            self.skipped -= 1
            return
        if self.open:
            self._finish(self.open.pop())

    def data(self, text: str) -> None:
        if (self.open and self.open[-1].is_hidden) or len(self.lines) > MOST_LINES:
            return
        if self.in_pre:
            self._write_lines(text)
            return
        if text.isalnum():
            self._write(text)
            return
        blank = " " if self.pieces and not self.pieces[-1].endswith((" ", "\u00a0")) else ""
        folded = re.sub(r"[ \t\r\n\f]+", " ", text)
        self._write(blank + folded[1:] if folded.startswith(" ") else folded)

    def comment(self, text: str) -> None:
        """Comments are nobody's words, those with conditions for one program neither."""

    def close(self) -> None:
        self._break()

    # The line

    @property
    def mark(self) -> Mark:
        return self.open[-1].mark if self.open else Mark.NONE

    def _write(self, text: str) -> None:
        if text:
            self.pieces.append(text)
            if self.in_links:
                self.link_text.append(text)

    def _write_lines(self, text: str) -> None:
        first, *rest = text.split("\n")
        self._write(first)
        for line in rest:
            self._break()
            self._write(line)

    def _break(self) -> None:
        """End the line, an empty one too."""
        self.lines.append(Line("".join(self.pieces).replace("\u00a0", " ").rstrip(), self.mark))
        self.pieces.clear()

    def _apart(self, blank: bool) -> None:
        """Begin a line of its own, with an empty one above it where the element stands apart."""
        if "".join(self.pieces).strip():
            self._break()
        self.pieces.clear()
        if blank and self.lines and self.lines[-1].text:
            self.lines.append(Line("", self.mark))

    # Elements

    def _begin(self, tag: str, attributes: Mapping[str, str], element: _Element) -> None:
        if element.is_hidden:
            return
        if tag in _BLOCKS or element.mark is not self.mark:
            self._apart(tag in _APART)
        if element.mark is Mark.HISTORY and self.mark is not Mark.HISTORY:
            self.lines.append(Line("", Mark.HISTORY))
        match tag:
            case "br":
                self._break()
            case "img":
                self._picture(attributes)
            case "td" | "th" if "".join(self.pieces).strip():
                self._write(" | ")
            case "li":
                self._item()
            case "a":
                element.link = (attributes.get("href") or "").strip()
                self.in_links += bool(element.link)
                self.link_text.clear()
            case "pre":
                self.in_pre += 1

    def _finish(self, element: _Element) -> None:
        if element.is_hidden:
            return
        if element.tag == "a" and element.link:
            self.in_links -= 1
            self._write(_written_link(element.link, "".join(self.link_text)))
        self.in_pre -= element.tag == "pre"
        if element.tag in _BLOCKS or element.mark is not self.mark:
            self.open.append(element)
            self._apart(element.tag in _APART)
            self.open.pop()

    def _item(self) -> None:
        lists = [element for element in self.open[-6:] if element.tag in ("ol", "ul")]
        if lists and lists[-1].tag == "ol":
            lists[-1].count += 1
            self._write(f"{lists[-1].count}. ")
        else:
            self._write("- ")

    def _picture(self, attributes: Mapping[str, str]) -> None:
        """Its alternative text; pictures from elsewhere are not fetched, so nobody learns that the mail was read."""
        alternative = " ".join((attributes.get("alt") or "").split())[:200]
        if alternative:
            self._write(alternative if len(alternative) <= 8 and not alternative.isascii() else f"[{alternative}]")


def _element(tag: str, attributes: Mapping[str, str], parent: _Element | None) -> _Element:
    outer = parent.mark if parent else Mark.NONE
    own = _mark(tag, attributes) if attributes or tag == "blockquote" else Mark.NONE
    hidden = (
        (parent is not None and parent.is_hidden) or tag in _SILENT or (bool(attributes) and _is_hidden(attributes))
    )
    return _Element(tag, own if outer in (Mark.NONE, Mark.BLOCK) and own is not Mark.NONE else outer, hidden)


def _is_hidden(attributes: Mapping[str, str]) -> bool:
    return "hidden" in attributes or bool(_HIDDEN.search((attributes.get("style") or "")[:2000]))


def _mark(tag: str, attributes: Mapping[str, str]) -> Mark:
    """What the names of an element say of it; those that are not known say nothing."""
    names = {
        re.sub(r"^(?:x_)+", "", name.lower())
        for key in ("id", "class", "name")
        for name in (attributes.get(key) or "")[:500].split()
    }
    for known, mark in ((_HISTORY_NAMES, Mark.HISTORY), (_QUOTE_NAMES, Mark.QUOTE), (_SIGNATURE_NAMES, Mark.SIGNATURE)):
        if names & known:
            return mark
    return _quotation(attributes, names) if tag == "blockquote" else Mark.NONE


def _quotation(attributes: Mapping[str, str], names: set[str]) -> Mark:
    """A blockquote that a program made for a reply; a bare one may be the person's own."""
    style = attributes.get("style") or ""
    by_program = (attributes.get("type") or "").lower() == "cite" or "cite" in attributes or "gmail_quote" in names
    return Mark.QUOTE if by_program or _BORDERED.search(style[:1000]) else Mark.BLOCK


# Links

_HOST = re.compile(r"(?:https?://)?(?:www\.)?([^\s/?#:@]+\.[^\s/?#:@]+)", re.IGNORECASE)


def _written_link(link: str, text: str) -> str:
    """What is written behind the text of a link: where it leads, unless the text is that place."""
    text, link = " ".join(text.split()), "".join(link.split())
    if link.lower().startswith("mailto:"):
        address = link[7:].partition("?")[0]
        return "" if not address or address.lower() in text.lower() else f" ({address[:LONGEST_LINK]})"
    host = _host(link)
    if not host or (_HOST.match(text) and _bare(_HOST.match(text)[1]) == _bare(host)):  # type: ignore[index]
        return ""
    return f" ({link[:LONGEST_LINK]})"


def _host(link: str) -> str:
    """The host of a link that a reader may follow; empty for any other."""
    try:
        parts = urlsplit(link)
        return parts.hostname or "" if parts.scheme.lower() in ("http", "https") else ""
    except ValueError:
        return ""


def _bare(host: str) -> str:
    return ascii_domain(host).removeprefix("www.")
