"""The parts of a text: its title, its introduction, its sections, steps and nodes, each with a key and a hash.

An outline is stored as JSON: a list of parts in the order of the text. A translation's part also carries the hash of
the source's part that it was translated from, so that a change of one step makes one step out of date.
"""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

TITLE_KEY = "title"
INTRO_KEY = "intro"
UNKNOWN_SOURCE = ""  # the translation is known to be older than the source's part, but not which one it came from

_BLANKS = re.compile(r"\s+")


class Change(StrEnum):
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Answer:
    """One answer of a troubleshooter's question: the name of the node that it leads to (empty where it leads nowhere),
    its words, and smaller words below them. `is_unsure` marks the one for readers who do not know."""

    target: str
    words: str
    hint: str = ""
    is_unsure: bool = False


@dataclass(frozen=True)
class Part:
    """`key` is the same in every language (`section:why`, `step:open-page`, `node:start`), `anchor` is its id on the
    page. Nodes alone have answers. `meaning` is the hash that the part had when it last changed for translators, empty
    where that is its own; `source_hash` of a translation's part is the meaning that it was translated from."""

    key: str
    anchor: str
    title: str
    hash: str
    source_hash: str | None = None
    answers: tuple[Answer, ...] = ()
    meaning: str = ""

    @property
    def says(self) -> str:
        """What translations are compared with: equal as long as the part means the same."""
        return self.meaning or self.hash

    @property
    def name(self) -> str:
        """The key without its kind: `start` of `node:start`."""
        return self.key.partition(":")[2]

    @property
    def is_step(self) -> bool:
        return self.key.startswith("step:")

    @property
    def is_section(self) -> bool:
        return self.key.startswith("section:")

    @property
    def is_node(self) -> bool:
        return self.key.startswith("node:")


@dataclass(frozen=True)
class Outdated:
    """A part whose source has moved on; `title` is the heading that the reader of the translation sees, if any."""

    key: str
    change: Change
    title: str


def text_hash(text: str) -> str:
    """SHA-256, in hex, of NFC text with runs of white space folded to one space."""
    folded = _BLANKS.sub(" ", unicodedata.normalize("NFC", text)).strip()
    return hashlib.sha256(folded.encode()).hexdigest()


def dump(parts: Iterable[Part]) -> list[dict[str, Any]]:
    """The parts as JSON; a part without answers, or with a meaning of its own, says nothing of them."""
    rows = [asdict(part) for part in parts]
    return [{name: value for name, value in row.items() if name not in ("answers", "meaning") or value} for row in rows]


def load(stored: Sequence[dict[str, Any]] | None) -> list[Part]:
    return [_part(**row) for row in stored or []]


def _part(answers: Sequence[dict[str, Any]] = (), **values: Any) -> Part:
    return Part(**values, answers=tuple(Answer(**answer) for answer in answers))


def translated_from(
    parts: Sequence[Part], source: Sequence[Part], outdated: Iterable[str] = (), before: Sequence[Part] = ()
) -> list[Part]:
    """The parts of a translation, each with the meaning of the source's part of the same key.

    Keys in `outdated` are older than the source: they keep what they were translated from in the text before this one
    (`before`), or are marked as older than any known source. A part that the source lacks keeps None.
    """
    meanings = {part.key: part.says for part in source}
    known = {part.key: part.source_hash for part in before if part.source_hash != meanings.get(part.key)}
    older = {key: known.get(key) or UNKNOWN_SOURCE for key in outdated}
    return [replace(part, source_hash=older.get(part.key, meanings.get(part.key))) for part in parts]


def untouched(keys: Iterable[str], parts: Sequence[Part], before: Sequence[Part]) -> list[str]:
    """Those of the keys whose part is the same in both texts, or in neither."""
    now, then = ({part.key: part.hash for part in text} for text in (parts, before))
    return [key for key in keys if now.get(key) == then.get(key)]


def meaning_the_same(parts: Sequence[Part], before: Sequence[Part]) -> list[Part]:
    """The parts of a text whose change was one of wording: what was there before keeps its meaning."""
    meanings = {part.key: part.says for part in before}
    return [_meaning(part, meanings.get(part.key, part.hash)) for part in parts]


def keeping_meanings(parts: Sequence[Part], before: Sequence[Part]) -> list[Part]:
    """The parts of a text: those that are as they were keep their meaning, the others mean something new."""
    known = {(part.key, part.hash): part.says for part in before}
    return [_meaning(part, known.get((part.key, part.hash), part.hash)) for part in parts]


def as_before(parts: Sequence[Part], before: Sequence[Part]) -> list[Part]:
    """The parts of a text that stood before: each means what it meant then, and was translated from what it was
    translated from then."""
    known = {(part.key, part.hash): part for part in before}
    then = ((part, known.get((part.key, part.hash), part)) for part in parts)
    return [replace(part, meaning=old.meaning, source_hash=old.source_hash) for part, old in then]


def _meaning(part: Part, meaning: str) -> Part:
    return replace(part, meaning="" if meaning == part.hash else meaning)


def compare(
    translation: Sequence[Part], then: Sequence[Part], now: Sequence[Part], missing: Collection[str] = ()
) -> list[Outdated]:
    """What has changed in the source (`then` -> `now`) since the translation was made, in the order of the source.

    A translation may be cut differently from its source: a part that it never had counts only when the source's
    part is new or has changed, or where the translator has said so (`missing`, keys); a part that only the
    translation has is the translator's own. Nodes are the same in every language, so that one which is missing counts.
    """
    mine = {part.key: part for part in translation}
    before = {part.key: part.says for part in then}
    found = []
    for part in now:
        translated = mine.get(part.key)
        if translated is not None and translated.source_hash != part.says:
            found.append(Outdated(part.key, Change.CHANGED, translated.title))
        elif translated is None and (part.is_node or before.get(part.key) != part.says or part.key in missing):
            found.append(Outdated(part.key, Change.ADDED, part.title))
    kept = {part.key for part in now}
    gone = [part for part in translation if part.key in before and part.key not in kept]
    return found + [Outdated(part.key, Change.REMOVED, part.title) for part in gone]


def keys_to_translate(named: Sequence[str], found: Iterable[Outdated]) -> list[str]:
    """Keys of the parts that a translation has to catch up with: those its file names first, then what was found."""
    return list(dict.fromkeys([*named, *(part.key for part in found if part.change != Change.REMOVED)]))
