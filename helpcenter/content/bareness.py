"""Whether the file of a picture holds its pixels and nothing else: no note, no colour profile, nothing behind its end.

Such a file is kept byte by byte, so that an export gives back what came in; any other is encoded again.
"""

import math
import struct
import zlib
from collections.abc import Iterator

_PNG_CHUNKS = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS"}
_PNG_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by colour type; PNG specification, 11.2.2
_WEBP_CHUNKS = {b"VP8 ", b"VP8L", b"ALPH", b"VP8X"}
_JPEG_FRAMES = {0xC0, 0xC1, 0xC2}
_JPEG_TABLES = {0xC4, 0xDB, 0xDD}  # Huffman, quantisation, restart interval
_JFIF_HEAD = b"JFIF\0"


def is_bare(data: bytes, kind: str) -> bool:
    """`kind` is png, webp, jpg or gif; a GIF is never kept as it is."""
    tests = {"png": _is_bare_png, "webp": _is_bare_webp, "jpg": _is_bare_jpeg}
    try:
        return kind in tests and tests[kind](data)
    except (struct.error, zlib.error, IndexError):
        return False


def _is_bare_png(data: bytes) -> bool:
    chunks = list(_png_chunks(data))
    names = [name for name, _ in chunks]
    whole = sum(len(content) + 12 for _, content in chunks) + 8 == len(data)
    if not whole or not set(names) <= _PNG_CHUNKS or names[-1:] != [b"IEND"] or chunks[-1][1]:
        return False
    return _holds_rows_only(chunks[0][1], b"".join(content for name, content in chunks if name == b"IDAT"))


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = 8
    while position + 12 <= len(data):
        length, name = struct.unpack(">I4s", data[position : position + 8])
        yield name, data[position + 8 : position + 8 + length]
        position += 12 + length


def _holds_rows_only(header: bytes, packed: bytes) -> bool:
    """Whether the packed rows are as many as the header says, and end where the data ends."""
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", header)
    if interlaced or colour not in _PNG_CHANNELS:
        return False
    expected = height * (1 + math.ceil(width * depth * _PNG_CHANNELS[colour] / 8))
    reader = zlib.decompressobj()
    rows = reader.decompress(packed, expected + 1)
    return len(rows) == expected and reader.eof and not reader.unused_data


def _is_bare_webp(data: bytes) -> bool:
    found, position = set(), 12
    while position + 8 <= len(data):
        name, length = struct.unpack("<4sI", data[position : position + 8])
        found.add(name)
        position += 8 + length + length % 2
    whole = position == len(data) and struct.unpack("<I", data[4:8])[0] == len(data) - 8
    return whole and found <= _WEBP_CHUNKS


def _is_bare_jpeg(data: bytes) -> bool:
    """Start, a JFIF head without a thumbnail, tables, one frame, scans, end (ITU T.81, annex B)."""
    position = 2
    while data[position] == 0xFF:
        marker = data[position + 1]
        if marker == 0xD9:
            return position + 2 == len(data)
        (length,) = struct.unpack(">H", data[position + 2 : position + 4])
        content = data[position + 4 : position + 2 + length]
        if not _is_bare_segment(marker, content):
            return False
        position += 2 + length
        if marker == 0xDA:
            position = _end_of_scan(data, position)
    return False


def _is_bare_segment(marker: int, content: bytes) -> bool:
    if marker == 0xE0:
        return content.startswith(_JFIF_HEAD) and len(content) == 14 and content[-2:] == b"\0\0"
    return marker in _JPEG_FRAMES | _JPEG_TABLES | {0xDA}


def _end_of_scan(data: bytes, position: int) -> int:
    """Where the next marker stands; in a scan 0xFF is followed by 0 or a restart marker."""
    while True:
        found = data.find(b"\xff", position)
        following = data[found + 1] if found >= 0 else 0xD9
        if following and not 0xD0 <= following <= 0xD7:
            return found if found >= 0 else len(data)
        position = found + 2
