"""What a PDF would do to whoever opens it, read without opening it. Pure; no file costs more than a few seconds."""

import re
import zlib
from collections.abc import Iterator
from itertools import islice

MEGABYTE = 1024 * 1024
# What acts, and what sends or fetches: a form that goes out, a file of another server, a form with scripts of its own.
_ACTIVE = re.compile(
    rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|Rendition|XFA|SubmitForm|ImportData|GoTo[RE])(?![A-Za-z0-9])"
)
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
# Where an object begins, wherever that is: a table at the end of the file may point into a remark or another stream.
# Words such as “object” are none.
_OBJECT = re.compile(rb"(?<![A-Za-z])obj(?![A-Za-z])")
# What stands in an object up to a string, a remark, or the word that ends what describes it; a stretch of it, as each
# turn of a group is remembered. (A possessive group would not be, but forgets alternatives before Python 3.11.5.)
_PLAIN = re.compile(rb"(?:[^(%/se]++|/[^\0\t\n\f\r ()<>\[\]{}/%]*+|(?!stream|endobj)[se]){1,4096}")
_BRACKET = re.compile(rb"\\.|[()]", re.DOTALL)
_REMARK = re.compile(rb"%[^\r\n]*+")
_STREAM = re.compile(rb"stream[ \t]*+(?:\r\n|\n|\r)")
_FIRST = re.compile(rb"/First(?![A-Za-z0-9])")
_FILTER = re.compile(rb"/(?:F|Filter|DP|DecodeParms)(?![A-Za-z0-9])")  # in short as well, which programs understand
_PLAIN_FILTER = re.compile(rb"/Filter\s*(?:/FlateDecode(?![A-Za-z0-9])|\[\s*/FlateDecode\s*\])")
_NO_PARAMETERS = re.compile(rb"/DecodeParms\s*(?:null(?![A-Za-z0-9])|\[\s*null\s*\])")
_MOST_OBJECTS = 500_000
_MOST_IN_OBJECT = 100_000  # strings and remarks, and brackets in one of them
_MOST_INFLATED = 20 * MEGABYTE  # of object streams, in which a PDF may pack what it holds
_COST_OF_STREAM = 16 * 1024  # bytes, so that very many empty ones come to an end
_PIECE = 64 * 1024  # bytes that are inflated at once


class Unreadable(Exception):
    """A PDF that nobody can look through: packed oddly, or more of it than anybody prints."""


def acts(data: bytes, *, is_encrypted: bool) -> bool:
    """Whether a PDF holds what acts, wherever it is packed and however its name is written. Of an encrypted one, what
    cannot be read is left out. Raises Unreadable."""
    plain = _unescaped(data)
    packed = _object_streams(data, is_encrypted=is_encrypted) if _tells_of_objects(plain) else ()
    return bool(_ACTIVE.search(plain)) or any(_ACTIVE.search(_unescaped(part)) for part in packed)


def _unescaped(part: bytes) -> bytes:
    """With the escapes of names resolved, `#4A` for J (ISO 32000-1, 7.3.5)."""
    return _ESCAPED.sub(lambda code: bytes([int(code.group(1), 16)]), part)


def _tells_of_objects(part: bytes) -> bool:
    """Whether a part may describe an object stream. Some programs look for its second sign alone. Two searches for
    letters cost a third of one for either."""
    return b"ObjStm" in part or _FIRST.search(part) is not None


def _object_streams(data: bytes, *, is_encrypted: bool) -> Iterator[bytes]:
    """What the object streams (ISO 32000-1, 7.5.7) hold. More of them than anybody prints, and those that are packed
    in a way that no program for printing uses, are refused; of an encrypted file what cannot be read is left out."""
    left = _MOST_INFLATED
    for description, start in _streams(data):
        if left <= 0:
            raise Unreadable
        part = _unpacked(description, data, start, left)
        if part is not None:
            left -= len(part) + _COST_OF_STREAM
            yield part
        elif not is_encrypted:
            raise Unreadable


def _streams(data: bytes) -> Iterator[tuple[bytes, int]]:
    """What describes each object stream, and where its word `stream` stands. A file whose objects lie in one another
    again and again, so that they have to be read very often, is refused."""
    left = 2 * len(data) + MEGABYTE
    for number, match in enumerate(_OBJECT.finditer(data)):
        end = _end_of_description(data, match.end())
        left -= end - match.end()
        if left < 0 or number >= _MOST_OBJECTS:
            raise Unreadable
        description = _unescaped(data[match.end() : end])
        if data.startswith(b"stream", end) and _tells_of_objects(description):
            yield description, end


def _end_of_description(data: bytes, position: int) -> int:
    """Where the word `stream` or `endobj` stands that is in no string and in no remark; else the end."""
    for _part in range(_MOST_IN_OBJECT):
        while plain := _PLAIN.match(data, position):
            position = plain.end()
        if data[position : position + 1] == b"(":
            position = _end_of_string(data, position)
        elif data[position : position + 1] == b"%":
            position = _REMARK.match(data, position).end()  # type: ignore[union-attr]
        else:
            return position
    return len(data)


def _end_of_string(data: bytes, start: int) -> int:
    """Behind the bracket that closes the one at `start`; the end where none does."""
    depth = 0
    for match in islice(_BRACKET.finditer(data, start), _MOST_IN_OBJECT):
        depth += {b"(": 1, b")": -1}.get(match.group(), 0)
        if not depth:
            return match.end()
    return len(data)


def _unpacked(description: bytes, data: bytes, start: int, limit: int) -> bytes | None:
    """The content of an object stream; None where it is packed oddly, damaged, or larger than `limit` bytes."""
    begins, filters = _STREAM.match(data, start), len(_PLAIN_FILTER.findall(description))
    if begins is None or len(_FILTER.findall(description)) != filters + len(_NO_PARAMETERS.findall(description)):
        return None
    return _inflated(data, begins.end(), limit) if filters else b""  # what is not packed was read with the file


def _inflated(data: bytes, start: int, limit: int) -> bytes | None:
    unpacking, parts, size = zlib.decompressobj(), [], 0
    for begin in range(start, len(data), _PIECE):
        try:
            parts.append(unpacking.decompress(data[begin : begin + _PIECE], limit - size + 1))
        except zlib.error:
            return None
        size += len(parts[-1])
        if unpacking.eof or size > limit:
            break
    return b"".join(parts) if unpacking.eof and size <= limit else None
