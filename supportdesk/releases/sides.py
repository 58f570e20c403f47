"""A row in two wordings, side by side: as the desk has it and as a release has it."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

from django.utils.translation import gettext

from supportdesk.releases.kinds import Kind
from supportdesk.releases.merging import Content, differing
from supportdesk.ui import languages
from supportdesk.ui.languages import content_languages


@dataclass(frozen=True)
class Line:
    """A line of both wordings; None where one of them does not have it."""

    mine: str | None
    theirs: str | None

    @property
    def is_same(self) -> bool:
        return self.mine == self.theirs


@dataclass(frozen=True)
class Part:
    """A part in which two wordings of a row differ. `language` is set where the part is a text of one language."""

    label: str
    lines: list[Line]
    language: languages.Language | None = None


def parts(kind: Kind, mine: Content, new: Content) -> list[Part]:
    """The parts that differ, in the order of the row."""
    return [
        Part(kind.part_label(name), list(_lines(_told(mine.get(name, "")), _told(new.get(name, "")))), _language(name))
        for name in differing(mine, new)
    ]


def _lines(mine: str, theirs: str) -> Iterator[Line]:
    """Lines that differ face each other; of a run of lines that are the same, the first and the last."""
    own, other = mine.splitlines(), theirs.splitlines()
    for tag, a, b, c, d in SequenceMatcher(None, own, other, autojunk=False).get_opcodes():
        pairs = [Line(left, right) for left, right in zip_longest(own[a:b], other[c:d])]
        yield from pairs if tag != "equal" or len(pairs) < 4 else (pairs[0], Line("…", "…"), pairs[-1])


def _told(value: Any) -> str:
    """A value as people read it; a list of choices has one on each line."""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, list):
        return "\n".join(" · ".join(map(str, choice.values())) for choice in value)
    return str(value)


def _language(name: str) -> languages.Language | None:
    code = name.partition(".")[2]
    return languages.language(code) if code in content_languages() else None
