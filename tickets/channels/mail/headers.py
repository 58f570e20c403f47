"""The fields of a header block: where they end, what their encoded words and parameters say. Linear in their length."""

import base64
import binascii
import re
import string
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from urllib.parse import unquote_to_bytes

from tickets.channels.mail import charsets
from tickets.channels.mail.errors import Reason, Unreadable

LONGEST_DECODED = 16384  # bytes of one field that are searched for encoded words

_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:(.*)", re.DOTALL)
# RFC 2047, and what broken programs make of it: blanks and question marks inside, no end.
_WORD = re.compile(rb"=\?([^?\s*]{1,40})(?:\*[^?\s]{0,20})?\?([bBqQ])\?((?:[^?]|\?(?!=)){0,2000}?)(?:\?=|\Z)")
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_NOT_BASE64 = bytes(set(range(256)) - set(string.ascii_letters.encode() + string.digits.encode() + b"+/=-_"))
_LINE_END = re.compile(r"[ \t]*\r?\n[ \t]*")

# Control characters, marks and overrides of direction, separators of lines, stray halves of pairs.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)


@dataclass(frozen=True)
class Fields:
    """The fields of a header block in their order, names in lower case, values as raw bytes without their line ends."""

    pairs: tuple[tuple[str, bytes], ...]

    @cached_property
    def _by_name(self) -> Mapping[str, tuple[bytes, ...]]:
        found: dict[str, tuple[bytes, ...]] = {}
        for name, value in self.pairs:
            found[name] = (*found.get(name, ()), value) if len(found.get(name, ())) < 200 else found[name]
        return found

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a field, unfolded, its bytes read as text; encoded words stay encoded."""
        return tuple(unfolded(value) for value in self._by_name.get(name, ()))

    def first(self, name: str) -> str:
        """The first value of a field; empty where there is none."""
        values = self._by_name.get(name, ())
        return unfolded(values[0]).strip() if values else ""

    def words(self, name: str, limit: int) -> str:
        """The first value of a field as a person reads it: decoded, on one line, at most `limit` characters."""
        values = self._by_name.get(name, ())
        return one_line(decoded(values[0]), limit) if values else ""

    def has(self, *names: str) -> bool:
        return any(name in self._by_name for name in names)


def split(raw: bytes, start: int, stop: int, limit: int) -> tuple[Fields, int]:
    """Header block of `raw[start:stop]`, and where its body begins. A line that is no field ends the block and belongs
    to the body, as nobody's words may be lost. Raises Unreadable where the block has more than `limit` bytes."""
    pairs: list[tuple[str, list[bytes]]] = []
    position = start
    while position < stop:
        end = raw.find(b"\n", position, stop) + 1 or stop
        line = raw[position : min(end, position + limit + 1)].rstrip(b"\r\n")
        if not _take(line, pairs):
            position = end if not line else position
            break
        position = end
        if position - start > limit:
            raise Unreadable(Reason.LONG_HEADERS)
    return Fields(tuple((name, b"\n".join(lines)) for name, lines in pairs)), position


def _take(line: bytes, pairs: list[tuple[str, list[bytes]]]) -> bool:
    """Add a line to the fields; whether it was a part of the block."""
    if line[:1] in (b" ", b"\t") and pairs:
        pairs[-1][1].append(line)
        return True
    field = _FIELD.fullmatch(line)
    if field:
        pairs.append((field[1].decode().lower(), [field[2].strip()]))
        return True
    return not pairs and line.startswith((b"From ", b">From "))  # the first line of a mailbox file


def unfolded(value: bytes) -> str:
    """A value on one line; bytes above ASCII as UTF-8 or what they look like."""
    return _LINE_END.sub(" ", charsets.guess(value))


def decoded(value: bytes | str) -> str:
    """A value with its encoded words decoded, the broken ones too; not yet safe to show: see `one_line`."""
    raw = value.encode("utf-8", "replace") if isinstance(value, str) else value
    return charsets.composed("".join(_pieces(re.sub(rb"\r?\n", b"", raw)[:LONGEST_DECODED])))


def _pieces(raw: bytes) -> Iterator[str]:
    """Words of one charset that follow one another are joined before they are decoded: some programs cut inside a
    character. Blanks between two words belong to neither."""
    position, charset, waiting = 0, "", b""
    for word in _WORD.finditer(raw):
        between = raw[position : word.start()]
        if between.strip() or word[1].lower() != charset.encode() or (between and not waiting):
            yield charsets.decode(waiting, charset) if waiting else ""
            yield charsets.guess(between) if between.strip() or not waiting else ""
            waiting = b""
        charset, position = word[1].decode("ascii", "replace").lower(), word.end()
        waiting += _word_bytes(word[2], word[3])
    yield charsets.decode(waiting, charset) if waiting else ""
    yield charsets.guess(raw[position:])


def _word_bytes(encoding: bytes, content: bytes) -> bytes:
    if encoding in b"bB":
        return lenient_base64(content)
    spaced = content.replace(b"_", b" ")
    return re.sub(rb"=([0-9A-Fa-f]{2})", lambda match: bytes([int(match[1], 16)]), spaced)


def lenient_base64(content: bytes) -> bytes:
    """What base64 holds, up to its first end; strange characters and missing ends do no harm."""
    letters = content.translate(_URL_SAFE, _NOT_BASE64)
    whole = letters.partition(b"=")[0]
    whole = whole[:-1] if len(whole) % 4 == 1 else whole
    try:
        return base64.b64decode(whole + b"=" * (-len(whole) % 4))
    except binascii.Error:
        return b""


def one_line(text: str, limit: int) -> str:
    """A text for one line: without control characters, line ends and marks of direction, blanks folded, cut."""
    return " ".join(_UNSAFE.sub(" ", text).split())[:limit].strip()


# Parameters (RFC 2045, RFC 2231)

_PARAMETER = re.compile(r';\s*([^\s=;"]{1,60})\s*=\s*("(?:[^"\\]|\\.){0,4000}(?:"|$)|[^;]*)', re.DOTALL)
_CONTINUED = re.compile(r"([^*]+)(?:\*(\d{1,3}))?(\*)?")


def parameters(value: str) -> tuple[str, dict[str, str]]:
    """The value before the first semicolon, in lower case, and the parameters, each decoded."""
    value = _without_comments(value[:8192])
    head = value.partition(";")[0].strip().lower()
    parts: dict[str, list[tuple[int, bool, str]]] = {}
    for match in _PARAMETER.finditer(value):
        name = _CONTINUED.fullmatch(match[1].lower())
        if name:
            parts.setdefault(name[1], []).append((_place(name), bool(name[3]), _unquoted(match[2])))
    return head, {name: _joined(pieces) for name, pieces in parts.items()}


def _place(name: re.Match[str]) -> int:
    """Of a piece among its like; -1 is the plain value."""
    return int(name[2] or 0) if name[2] or name[3] else -1


def _without_comments(value: str) -> str:
    return value if '"' in value or "'" in value else re.sub(r"\([^()]*\)", "", value)


def _unquoted(value: str) -> str:
    value = value.strip()
    if value.startswith('"'):
        return re.sub(r"\\(.)", r"\1", value[1:].removesuffix('"'))
    return value


def _joined(pieces: Iterable[tuple[int, bool, str]]) -> str:
    """The pieces of RFC 2231 in their order, which count for more than the plain value that old programs get beside
    them; a plain value may hold encoded words, though it must not. Outlook cuts inside a `%E2`."""
    ordered = sorted(pieces, key=lambda piece: piece[0])
    ordered = [piece for piece in ordered if piece[0] >= 0] or ordered[:1]
    if not any(encoded for _, encoded, _ in ordered):
        return decoded("".join(text for _, _, text in ordered))
    charset, quoted = _charset_of(ordered[0][2])
    texts = [(encoded, quoted if place == 0 else text) for place, (_, encoded, text) in enumerate(ordered)]
    runs = [(encoded, "".join(text for _, text in run)) for encoded, run in groupby(texts, key=itemgetter(0))]
    return charsets.decode(
        b"".join(unquote_to_bytes(text) if encoded else text.encode("utf-8", "replace") for encoded, text in runs),
        charset,
    )


def _charset_of(first: str) -> tuple[str, str]:
    """`utf-8'en'%e2%82%ac` -> charset and what is encoded."""
    charset, found, rest = first.partition("'")
    return (charset, rest.partition("'")[2]) if found and "'" in rest else ("", first)
