"""One form of a text for all detectors, with the way back to the original characters."""

import base64
import binascii
import html
import re
import unicodedata
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

LONGEST_CLUSTER = 30  # characters; ordering the marks of a cluster takes the square of their number

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_BLANKS = str.maketrans("\t\r\f\v", " " * 4)
# What no reader sees: controls, and what Unicode calls default ignorable though its category is not "format".
_CONTROLS = r"\x00-\x08\x0e-\x1b\x7f"
_IGNORABLE = (
    r"\x80-\x84\x86-\x9f\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef"
)
_INVISIBLE = re.compile(f"[{_CONTROLS}{_IGNORABLE}]")
_NEEDS_CARE = re.compile(f"[&{_CONTROLS}]")

_TOKEN = "[A-Za-z0-9+/=_.%-]"  # noqa: S105 - the characters of one
# A line that ends in the middle of something long, as a terminal or a mail program breaks it.
_LONG = "[A-Za-z0-9+/=_.%?&:@-]{24}"
_BROKEN_LINE = re.compile(rf"(?<={_LONG}) {{0,3}}\n[ >]{{0,8}}(?={_TOKEN})")
_PACKED = re.compile(
    r"(?P<percent>(?:%[0-9A-Fa-f]{2})+)"
    r"|(?<!\\)\\++(?P<escape>u[0-9A-Fa-f]{4}|[nrt/\"])"
    r"|(?P<tag></?[A-Za-z][^<>]{0,80}>)"
    r"|(?P<base64>(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{40,}+={0,2})"
)
_ESCAPES = {"n": "\n", "r": "\n", "t": " "}


@dataclass(frozen=True)
class Normalised:
    """A text in the form that detectors read: character i comes from `starts[i]` up to `stops[i]` of the original."""

    text: str
    starts: Sequence[int]
    stops: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original span of `text[start:end]`; invisible characters inside it are part of it."""
        return self.starts[start], self.stops[end - 1]


def normalise(text: str) -> Normalised:
    """Resolve HTML entities, drop format characters (zero-width, bidi marks), compose accents, fold full-width forms,
    and make every blank but a line end one space."""
    if text.isascii() and not _NEEDS_CARE.search(text):  # most texts, and every long one: a log, a list of trades
        return Normalised(text.translate(_BLANKS), range(len(text)), range(1, len(text) + 1))
    characters: list[str] = []
    starts: list[int] = []
    stops: list[int] = []
    for cluster, start, stop in _clusters(text):
        for folded in _fold(cluster):
            characters.append(folded)
            starts.append(start)
            stops.append(stop)
    return Normalised("".join(characters), starts, stops)


def _clusters(text: str) -> Iterator[tuple[str, int, int]]:
    """A character with the combining marks that follow it, and where both stand in the original."""
    cluster, start, stop = "", 0, 0
    for character, begin, end in _visible(text):
        joins = not character.isascii() and unicodedata.combining(character) and len(cluster) < LONGEST_CLUSTER
        if cluster and not joins:
            yield cluster, start, stop
            cluster = ""
        cluster, start, stop = cluster + character, start if cluster else begin, end
    if cluster:
        yield cluster, start, stop


def _visible(text: str) -> Iterator[tuple[str, int, int]]:
    """The characters that a reader sees; one that is invisible must not part a letter from its accent."""
    position = 0
    for entity in _ENTITY.finditer(text):
        yield from _shown(text[position : entity.start()], position)
        for character in html.unescape(entity.group()):
            if not _is_invisible(character):
                yield character, entity.start(), entity.end()
        position = entity.end()
    yield from _shown(text[position:], position)


def _shown(text: str, offset: int) -> Iterator[tuple[str, int, int]]:
    for position, character in enumerate(text, offset):
        if not _is_invisible(character):
            yield character, position, position + 1


def _is_invisible(character: str) -> bool:
    if character.isascii():
        return not character.isprintable() and _INVISIBLE.match(character) is not None
    return unicodedata.category(character) == "Cf" or _INVISIBLE.match(character) is not None


def _fold(cluster: str) -> str:
    if cluster.isascii():
        return cluster.translate(_BLANKS)
    if cluster.isspace():
        return " "
    digit = unicodedata.decimal(cluster, None) if len(cluster) == 1 else None  # of any script
    return unicodedata.normalize("NFKC", cluster) if digit is None else str(digit)


def views(text: str) -> Iterator[Normalised]:
    """The text as it stands, then with broken lines joined, then with what addresses, JSON, web pages and base64 make
    of it undone. Each only where it differs from the one before."""
    view = normalise(text)
    yield view
    for pattern, replace in ((_BROKEN_LINE, _joined), (_PACKED, _unpacked)):
        if pattern.search(view.text):
            rewritten = _rewritten(view, pattern, replace)
            if rewritten.text != view.text:  # what looks like base64 is mostly none
                view = rewritten
                yield view


def _rewritten(view: Normalised, pattern: re.Pattern[str], replace: Callable[[re.Match[str]], str]) -> Normalised:
    """Every match replaced; what stands for it comes from the whole of it."""
    characters: list[str] = []
    starts, stops = array("L"), array("L")
    position = 0
    for match in pattern.finditer(view.text):
        _copy(view, position, match.start(), characters, starts, stops)
        position = match.end()
        for character in replace(match):
            characters.append(character)
            starts.append(view.starts[match.start()])
            stops.append(view.stops[match.end() - 1])
    _copy(view, position, len(view.text), characters, starts, stops)
    return Normalised("".join(characters), starts, stops)


def _copy(
    view: Normalised, start: int, end: int, characters: list[str], starts: "array[int]", stops: "array[int]"
) -> None:
    characters.append(view.text[start:end])
    starts.extend(view.starts[start:end])
    stops.extend(view.stops[start:end])


def _joined(_match: re.Match[str]) -> str:
    return ""


def _unpacked(match: re.Match[str]) -> str:
    if match["percent"]:
        return unquote(match["percent"], errors="replace")
    if escape := match["escape"]:
        return chr(int(escape[1:], 16)) if escape[0] == "u" else _ESCAPES.get(escape, escape)
    return " " if match["tag"] else _decoded(match["base64"])


def _decoded(part: str) -> str:
    """What base64 holds, if it is a text; otherwise the part itself."""
    bare = part.rstrip("=").replace("-", "+").replace("_", "/")
    bare = bare[: len(bare) - (len(bare) % 4 == 1)]  # a letter too many says nothing
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError):
        return part
