"""Kinds of rows that releases bring: what their files say, what stands here, how one is written."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.module_loading import import_string

from supportdesk.releases.merging import Content
from supportdesk.settings.languages import SHIPPED
from supportdesk.ui.languages import content_languages

REASON = "release"  # in the history of a row that a release changed


@dataclass(frozen=True)
class Shipped:
    """A row as a release has it. `place` says where it stands in its file, for messages; `order` is its number."""

    key: str
    content: Content
    place: str = ""
    order: int = 0


class Kind:
    """Rows of one table. `permission` is what a person needs who chooses between two wordings. `lists`: parts that hold
    an entry on each line. `removes`: what a release no longer has goes, unless staff changed it. `in_bulk`: many rows
    are written at once."""

    name: str
    label: Any
    permission: str
    lists: Collection[str] = ()
    removes = False
    in_bulk = False
    refusals: tuple[type[Exception], ...] = ()  # what `write` raises for a content that cannot be stored

    def is_taken(self) -> bool:
        """Whether this site has such rows from us at all."""
        return True

    def shipped(self) -> Iterable[Shipped]:
        raise NotImplementedError

    def present(self) -> dict[str, Content]:
        """What stands here, by key, locked until the transaction ends."""
        raise NotImplementedError

    def once_here(self) -> Collection[str]:
        """Keys of all rows that ever existed, from the history. A row in it that is missing now was removed by staff,
        even where no record says that it was shipped."""
        raise NotImplementedError

    def is_as_added(self, key: str) -> bool:
        """Whether the history shows a row that the product added and that nobody has changed since."""
        return False

    def is_possible(self, row: Shipped) -> bool:
        """Whether what a row points to is still there."""
        return True

    def was_refused(self, row: Shipped, gone: Collection[Content]) -> bool:
        """Whether a new row only says in other words what staff took away; `gone` is what this release lacks, too."""
        return False

    def add(self, rows: Collection[Shipped]) -> None:
        """Store many new rows at once, where the kind is written `in_bulk`."""
        raise NotImplementedError

    def write(self, row: Shipped, *, by: Any = None) -> None:
        """Store a row, new or changed. Nobody in `by`: the release itself."""
        raise NotImplementedError

    def write_all(self, rows: Collection[Shipped], *, by: Any = None) -> None:
        """The same for many rows."""
        for row in rows:
            self.write(row, by=by)

    def remove(self, key: str) -> bool:
        """Take a row away; False where another one needs it."""
        raise NotImplementedError

    def changed(self) -> None:
        """After any change: let those know who remember these rows."""

    def part_label(self, name: str) -> str:
        """A part of a content as people call it."""
        return name


_READERS: dict[str, None] = {}


def register(reader: str) -> None:
    """Make kinds known by the dotted path of what returns a list of them, in the order in which they are brought;
    called from `AppConfig.ready()`."""
    _READERS[reader] = None


@cache
def known() -> dict[str, Kind]:
    return {kind.name: kind for reader in _READERS for kind in import_string(reader)()}


def shipped_languages() -> tuple[str, ...]:
    """Texts in other languages are the site's own."""
    return tuple(code for code in content_languages() if code in dict(SHIPPED))
