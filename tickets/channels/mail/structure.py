"""The MIME tree of a message (RFC 2045, 2046), built with bounds and without trust: no message makes it recurse far,
look at more than its share, or raise anything but Unreadable.
"""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from tickets.channels.mail import charsets
from tickets.channels.mail.errors import Reason, Unreadable
from tickets.channels.mail.headers import Fields, lenient_base64, parameters, split

MESSAGES = frozenset({"message/rfc822", "message/global"})
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,100}")
_META = re.compile(rb"<meta[^>]{1,200}charset\s*=\s*[\"']?([A-Za-z0-9_-]{2,40})", re.IGNORECASE)
_TAIL = re.compile(rb"(--)?[ \t]*(?:\r?\n|\r?\Z)")
_BEGINS_LIKE_BOUNDARY = re.compile(rb"(?m)^--([^\r\n]{1,70}?)[ \t]*\r?\n(?:[!-9;-~]+:|\r?\n)")


@dataclass(frozen=True)
class Limits:
    """What is refused, so that nothing hostile holds up the mail. Sizes in bytes."""

    size: int = 25 * 1024 * 1024
    parts: int = 200
    depth: int = 30
    headers: int = 256 * 1024


@dataclass(frozen=True)
class Node:
    """One entity: its fields, where its body stands in the message, and the entities inside it."""

    fields: Fields
    source: bytes
    start: int
    stop: int
    default_type: str = "text/plain"
    children: tuple["Node", ...] = ()

    @property
    def body(self) -> bytes:
        """As it came, in its transfer encoding."""
        return self.source[self.start : self.stop]

    @cached_property
    def _content_type(self) -> tuple[str, dict[str, str]]:
        return parameters(self.fields.first("content-type"))

    @cached_property
    def _disposition(self) -> tuple[str, dict[str, str]]:
        return parameters(self.fields.first("content-disposition"))

    @property
    def type(self) -> str:
        """`text/plain`; a missing or senseless one is the default, as RFC 2045 has it."""
        name = self._content_type[0].replace(" ", "")
        if _TYPE.fullmatch(name):
            return name
        return "application/octet-stream" if "/" in name else self.default_type

    @property
    def charset(self) -> str | None:
        return self._content_type[1].get("charset")

    def parameter(self, name: str) -> str:
        """A parameter of the content type."""
        return self._content_type[1].get(name, "")

    @property
    def disposition(self) -> str:
        """`attachment`, `inline`, or empty where nothing is said."""
        return self._disposition[0]

    @property
    def name(self) -> str:
        """The file's name as somebody gave it: not yet safe."""
        return self._disposition[1].get("filename") or self._content_type[1].get("name") or ""

    @property
    def content_id(self) -> str:
        return self.fields.first("content-id").strip("<> ")

    @cached_property
    def data(self) -> bytes:
        """The body without its transfer encoding."""
        return transferred(self.body, self.fields.first("content-transfer-encoding"))

    def text(self, limit: int) -> str:
        """The text of the first `limit` bytes."""
        data = self.data[:limit]
        return charsets.decode(data, self.charset or self._charset_of_page(data))

    def _charset_of_page(self, data: bytes) -> str | None:
        found = _META.search(data[:2048]) if self.type == "text/html" else None
        return found[1].decode() if found else None

    def walk(self) -> Iterator["Node"]:
        """This entity and those inside it, in their order; forwarded messages are not entered."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            if node.type not in MESSAGES:
                waiting.extend(reversed(node.children))


@dataclass
class _Builder:
    limits: Limits
    parts: int = 0

    def build(self, raw: bytes, start: int, stop: int, depth: int, default_type: str = "text/plain") -> Node:
        self.parts += 1
        if self.parts > self.limits.parts:
            raise Unreadable(Reason.MANY_PARTS)
        if depth > self.limits.depth:
            raise Unreadable(Reason.TOO_DEEP)
        fields, body = split(raw, start, stop, self.limits.headers)
        node = Node(fields, raw, body, stop, default_type)
        return replace(node, children=tuple(self._children(node, depth + 1)))

    def _children(self, node: Node, depth: int) -> Iterator[Node]:
        if node.type in MESSAGES:
            message = node.data.lstrip(b"\r\n")
            yield self.build(message, 0, len(message), depth)
        elif node.type.startswith("multipart/"):
            default = "message/rfc822" if node.type == "multipart/digest" else "text/plain"
            for start, stop in _pieces(node, self.limits.parts):
                yield self.build(node.source, start, stop, depth, default)


def tree(raw: bytes, limits: Limits) -> Node:
    """The root entity. Raises Unreadable where a limit is passed or there is nothing."""
    if len(raw) > limits.size:
        raise Unreadable(Reason.TOO_LARGE)
    if not raw.strip(b"\0 \t\r\n"):
        raise Unreadable(Reason.EMPTY)
    begun = _begun(raw)
    return _Builder(limits).build(begun, 0, len(begun), 0)


def _begun(raw: bytes) -> bytes:
    """Without a byte order mark and empty lines before the first field; old line ends made new."""
    raw = raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    return raw if b"\n" in raw[:65536] or b"\r" not in raw[:65536] else raw.replace(b"\r", b"\n")


def _pieces(node: Node, most: int) -> Iterator[tuple[int, int]]:
    """Where the entities between the boundaries start and stop. Where boundaries are missing the whole body is one, so
    that no word is lost."""
    boundary = _boundary(node)
    marks = _marks(node, boundary, most) if boundary else []
    if not marks:
        yield node.start, node.stop
        return
    ends = [begin for begin, _, _ in marks[1:]] + [node.stop]
    for (_, start, closes), stop in zip(marks, ends, strict=True):
        if not closes:
            yield start, max(start, _before_line_end(node.source, stop))


def _marks(node: Node, boundary: bytes, most: int) -> list[tuple[int, int, bool]]:
    """Start and end of each boundary line, and whether it is the last one."""
    marks: list[tuple[int, int, bool]] = []
    for begin in _lines_with(b"--" + boundary, node):
        tail = _TAIL.match(node.source, begin + 2 + len(boundary), node.stop)
        if tail:
            marks.append((begin, tail.end(), bool(tail[1])))
        if tail and tail[1]:
            break
        if len(marks) > most:
            raise Unreadable(Reason.MANY_PARTS)
    return marks


def _lines_with(beginning: bytes, node: Node) -> Iterator[int]:
    position = node.source.find(beginning, node.start, node.stop)
    while position >= 0:
        if position == node.start or node.source[position - 1 : position] == b"\n":
            yield position
        position = node.source.find(beginning, position + 1, node.stop)


def _boundary(node: Node) -> bytes:
    """The declared boundary; where none is declared, the first line that looks like one."""
    declared = node.parameter("boundary").rstrip()[:200]
    if declared:
        return declared.encode("utf-8", "replace")
    guessed = _BEGINS_LIKE_BOUNDARY.search(node.source, node.start, min(node.stop, node.start + 65536))
    return guessed[1] if guessed else b""


def _before_line_end(source: bytes, position: int) -> int:
    """The line end before a boundary belongs to the boundary."""
    position -= source[position - 1 : position] == b"\n"
    return position - (source[position - 1 : position] == b"\r")


# Transfer encodings

_UUENCODED = re.compile(rb"(?m)^begin [0-7]{3,4} [^\r\n]*\r?\n")


def transferred(body: bytes, encoding: str) -> bytes:
    """The bytes behind a transfer encoding; what is broken is read as far as it goes."""
    name = re.split(r"[\s;(]", encoding.strip(" \"'").lower())[0].strip("\"'")
    if name == "base64":
        return _base64(body)
    if name == "quoted-printable":
        return binascii.a2b_qp(body)
    if name in ("x-uuencode", "uuencode", "x-uue"):
        return _uudecoded(body)
    return body


def _base64(body: bytes) -> bytes:
    """Base64 where it is; plain text that is only called so stays, and so do lines that a list puts behind the end."""
    if not re.match(rb"\s*(?:[A-Za-z0-9+/=_-]+[ \t]*(?:[\r\n]|\Z)|\Z)", body):
        return body
    coded, _, rest = body.partition(b"=\n") if b"=\n" in body else body.partition(b"=\r\n")
    return lenient_base64(coded) + (b"\n\n" + rest.strip() if b" " in rest.strip() else b"")


def _uudecoded(body: bytes) -> bytes:
    begin = _UUENCODED.search(body)
    lines = body[begin.end() if begin else 0 :].splitlines()
    return b"".join(_uudecoded_line(line) for line in lines)


def _uudecoded_line(line: bytes) -> bytes:
    if not line.strip() or line.strip() == b"end":
        return b""
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        size = (((line[0] - 32) & 63) * 4 + 5) // 3
        try:
            return binascii.a2b_uu(line[:size])
        except binascii.Error:
            return b""
