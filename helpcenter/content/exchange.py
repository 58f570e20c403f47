"""One article in one language as translators take it away and bring it back, whatever the format of the file. Pure.

A unit carries the source that was translated and a hash of the translation that there was, so that on its way back it
is known which of the two has changed in the meantime.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpcenter.content import markdown
from helpcenter.content.files import SLUG
from helpcenter.content.segments import Segment, keeps_frame
from helpcenter.content.slots import Kind
from helpcenter.errors import InvalidText
from helpcenter.outline import text_hash

LARGEST_FILE = 5_000_000  # bytes
MOST_UNITS = 20_000
LONGEST_KEY = 200  # characters

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*")
_HASH = re.compile(r"[0-9a-f]{64}|")
_UNFIT = re.compile("[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML, lines of PO
_NAME_IN_CODE = re.compile(r"`([^`\s]*[A-Za-z][^`\s]*)`")  # a symbol, an address; a formula follows the language
_CELL_END = re.compile(r"(?<!\\)\|")


class State(StrEnum):
    """How far the translation of a unit is; the values are XLIFF 1.2's."""

    NEW = "new"
    NEEDS_TRANSLATION = "needs-translation"
    TRANSLATED = "translated"
    FINAL = "final"


@dataclass(frozen=True)
class Unit:
    """A segment with its translation; `note` is for the translator, `base` the `text_hash` of the translation that
    there was when the unit was given out (empty for none)."""

    key: str
    source: str
    target: str = ""
    state: State = State.NEW
    note: str = ""
    base: str = ""


@dataclass(frozen=True)
class Exchange:
    """`source_number` is the number of the source's revision that was given out, from one."""

    slug: str
    source_language: str
    language: str
    source_number: int
    units: tuple[Unit, ...]


class ConflictKind(StrEnum):
    UNKNOWN_SEGMENT = "unknown_segment"
    SOURCE_CHANGED = "source_changed"
    TARGET_CHANGED = "target_changed"
    EMPTY = "empty"
    LOST_MARKUP = "lost_markup"
    OTHER_FRAME = "other_frame"
    MISSING_UNIT = "missing_unit"


MESSAGES: dict[ConflictKind, str | Promise] = {
    ConflictKind.UNKNOWN_SEGMENT: _("The source no longer has this segment; its translation is not taken over."),
    ConflictKind.SOURCE_CHANGED: _("The source has changed since the file was given out: translate it again."),
    ConflictKind.TARGET_CHANGED: _("Somebody else has translated this segment in the meantime: choose one of both."),
    ConflictKind.EMPTY: _("The segment is not translated in the file."),
    ConflictKind.LOST_MARKUP: _("The translation differs from the source in: %(detail)s."),
    ConflictKind.OTHER_FRAME: _("The translation is not one block as its source is: take out empty lines and marks."),
    ConflictKind.MISSING_UNIT: _("The file does not hold this segment of the source."),
}


@dataclass(frozen=True)
class Conflict:
    """Something that a person has to look at before a unit is taken over."""

    key: str
    kind: ConflictKind
    detail: str = ""

    def __str__(self) -> str:
        return str(MESSAGES[self.kind]) % {"detail": self.detail}


def units_of(
    pairs: Iterable[tuple[Segment, Segment | None]],
    outdated: Collection[str] = (),
    notes: Mapping[str, str] | None = None,
) -> tuple[Unit, ...]:
    """The units of aligned segments. `outdated` are keys of parts whose source has changed since, `notes` words for
    the translator by the keys of segments."""
    return tuple(_unit(source, target, outdated, (notes or {}).get(source.key, "")) for source, target in pairs)


def checked(exchange: Exchange) -> Exchange:
    """The exchange if it can be written and read back, its notes in one line each. Raises InvalidText."""
    if not SLUG.fullmatch(exchange.slug):
        raise InvalidText(gettext("The file does not name the article that it translates."))
    for language in (exchange.source_language, exchange.language):
        if not _LANGUAGE.fullmatch(language):
            raise InvalidText(gettext("The file does not name the languages that it translates from and to."))
    if exchange.source_language == exchange.language:
        raise InvalidText(gettext("The file translates a language into itself."))
    if exchange.source_number < 1:
        raise InvalidText(gettext("The file does not say which revision of the source it translates."))
    if not 0 < len(exchange.units) <= MOST_UNITS:
        raise InvalidText(gettext("The file holds no segments, or more than %(limit)d.") % {"limit": MOST_UNITS})
    if twice := [key for key, count in Counter(unit.key for unit in exchange.units).items() if count > 1]:
        raise InvalidText(gettext("The file holds the segment “%(key)s” twice.") % {"key": twice[0][:80]})
    return replace(exchange, units=tuple(_checked(unit) for unit in exchange.units))


def check_size(data: bytes) -> None:
    if len(data) > LARGEST_FILE:
        message = gettext("The file is larger than %(limit)d MB.")
        raise InvalidText(message % {"limit": LARGEST_FILE // 1_000_000})


def conflicts(exchange: Exchange, source: Sequence[Segment], target: Sequence[Segment]) -> list[Conflict]:
    """What stands against taking over a file: in its order, then the segments of the source that it lacks.

    `source` and `target` are the segments of both texts as they are now. A file that has lost the hashes of its
    translations counts every segment that is translated in other words as changed.
    """
    now = {segment.key: segment for segment in source}
    mine = {segment.key: segment.text for segment in target}
    found = [
        Conflict(unit.key, kind, detail)
        for unit in exchange.units
        for kind, detail in _of_unit(unit, now.get(unit.key), mine.get(unit.key, ""))
    ]
    held = {unit.key for unit in exchange.units}
    return found + [Conflict(key, ConflictKind.MISSING_UNIT) for key in now if key not in held]


def _unit(source: Segment, target: Segment | None, outdated: Collection[str], note: str) -> Unit:
    if target is None:
        return Unit(source.key, source.text, note=note)
    state = State.NEEDS_TRANSLATION if source.part in outdated else State.TRANSLATED
    return Unit(source.key, source.text, target.text, state, note, text_hash(target.text))


def _checked(unit: Unit) -> Unit:
    if not unit.key.strip() or len(unit.key) > LONGEST_KEY or _UNFIT.search(unit.key) or "\n" in unit.key:
        raise InvalidText(gettext("A segment of the file has no key, or one that cannot be."))
    if not unit.source.strip():
        raise InvalidText(gettext("The segment “%(key)s” has no source text.") % {"key": unit.key})
    note = " ".join(unit.note.split())
    if _UNFIT.search(unit.source + unit.target + note):
        message = gettext("The segment “%(key)s” holds a control character, which files for translators cannot carry.")
        raise InvalidText(message % {"key": unit.key})
    return replace(unit, note=note, base=unit.base if _HASH.fullmatch(unit.base) else "")


def _of_unit(unit: Unit, source: Segment | None, mine: str) -> Iterator[tuple[ConflictKind, str]]:
    if source is None:
        yield ConflictKind.UNKNOWN_SEGMENT, ""
        return
    if text_hash(unit.source) != text_hash(source.text):
        yield ConflictKind.SOURCE_CHANGED, ""
    if not unit.target.strip():
        yield ConflictKind.EMPTY, ""
        return
    if mine and text_hash(mine) not in (unit.base, text_hash(unit.target)):
        yield ConflictKind.TARGET_CHANGED, ""
    if keeps_frame(source.kind, source.text) and not keeps_frame(source.kind, unit.target):
        yield ConflictKind.OTHER_FRAME, ""
    if source.kind != Kind.CODE and (lost := _lost(source, unit.target)):
        yield ConflictKind.LOST_MARKUP, ", ".join(lost)


def _lost(source: Segment, text: str) -> list[str]:
    """Names of what the source has and the text has not, or not as often, and of what only the text has."""
    own, other = Counter(_marks(source.kind, source.text)), Counter(_marks(source.kind, text))
    return list(dict.fromkeys([*(own - other), *(other - own)]))


def _marks(kind: str, text: str) -> Iterator[str]:
    """What a translation keeps as it is: facts, addresses of links and pictures, names in code, columns of a table."""
    yield from (f"{{fact:{fact.key}}}" for fact in markdown.facts(text))
    yield from (reference.href for reference in markdown.references(text))
    yield from (f"`{code}`" for code in _NAME_IN_CODE.findall(text))
    if kind == Kind.ROW:
        yield from _CELL_END.findall(text)
