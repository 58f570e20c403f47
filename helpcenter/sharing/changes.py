"""What changed in a text between two publications, part by part. Pure.

Words that are no longer public are never repeated: a part is named as it is called now, and one that is gone has no
name.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from helpcenter.outline import Change, Part


@dataclass(frozen=True)
class Row:
    """A part that changed: its title and its anchor on the page as it is now, and its number where it is a step.
    Title and introduction have none of these."""

    change: Change
    title: str = ""
    anchor: str = ""
    step: int = 0


@dataclass(frozen=True)
class Publication:
    """A text that became public at a moment (UTC)."""

    at: datetime
    parts: Sequence[Part]


@dataclass(frozen=True)
class Entry:
    """What changed at a moment (UTC)."""

    at: datetime
    rows: Sequence[Row]


GONE = Row(Change.REMOVED)
HEAD = Row(Change.CHANGED)  # the title, the summary or the introduction


def between(then: Sequence[Part], now: Sequence[Part], shown: Sequence[Part]) -> list[Row]:
    """What is different `now` from `then`, in the order of the text, named as in the text that is `shown`.

    A part that merely moved is the same: sections without a key are counted anew where one is put before them.
    """
    keys, texts = {part.key for part in then}, {part.hash for part in then}
    different = [part for part in now if part.hash not in texts]
    rows = [_row(part, Change.CHANGED if part.key in keys else Change.ADDED, shown) for part in different]
    kept, left = {part.key for part in now}, {part.hash for part in now}
    rows += [GONE for part in then if part.key not in kept and part.hash not in left]
    return list(dict.fromkeys(rows))


def history(publications: Sequence[Publication], shown: Sequence[Part]) -> list[Entry]:
    """The changes of a text, newest first as the publications are. A publication that changed nothing is left out."""
    entries = [Entry(new.at, between(old.parts, new.parts, shown)) for new, old in pairwise(publications)]
    return [entry for entry in entries if entry.rows]


def _row(part: Part, change: Change, shown: Iterable[Part]) -> Row:
    listed = list(shown)
    now = next((other for other in listed if other.key == part.key), None)
    if now is None:
        return GONE
    if not now.anchor:
        return HEAD
    steps = [other.key for other in listed if other.is_step]
    return Row(change, now.title, now.anchor, steps.index(now.key) + 1 if now.is_step else 0)
