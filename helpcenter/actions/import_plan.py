"""What an import would do, line by line, before it does it; and that exactly this is done, or nothing."""

import hashlib
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import ClassVar

from django.db.models import TextChoices
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from helpcenter.errors import StalePlan


class Effect(TextChoices):
    ADDED = "added", _("added")
    CHANGED = "changed", _("changed")
    ENDED = "ended", _("ended")
    REMOVED = "removed", _("removed")
    UNCHANGED = "unchanged", _("unchanged")
    REFUSED = "refused", _("refused")


@dataclass(frozen=True)
class Step:
    """What a line does: the value before and after, or why it is refused. `line` counts from one, 0 is no line;
    `where` is the column or, of a fact, the region."""

    line: int
    effect: Effect
    key: str
    where: str = ""
    before: str = ""
    after: str = ""
    reason: str = ""
    file: str = ""


@dataclass
class Plan:
    """All steps in the order of the file; `kept` counts what is stored and not named by the file."""

    steps: list[Step]
    kept: int = 0

    effects: ClassVar[tuple[Effect, ...]] = tuple(Effect)

    @property
    def digest(self) -> str:
        """Tells this plan from any other: the same file on other rows gives another one."""
        return hashlib.sha256(repr([astuple(step) for step in self.steps]).encode()).hexdigest()

    @property
    def counts(self) -> dict[Effect, int]:
        """Lines by what they do; a line that changes several columns counts once."""
        lines = {(step.effect, step.file, step.line, step.key) for step in self.steps}
        return {effect: sum(found == effect for found, *_line in lines) for effect in self.effects}

    @property
    def refused(self) -> list[Step]:
        return [step for step in self.steps if step.effect == Effect.REFUSED]

    @property
    def changes(self) -> list[Step]:
        return [step for step in self.steps if step.effect not in (Effect.REFUSED, Effect.UNCHANGED)]

    @property
    def changes_something(self) -> bool:
        return bool(self.changes)

    def refuse_stale(self, digest: str) -> None:
        """Raises StalePlan where the plan that somebody has seen was another one; an empty digest is none."""
        if digest and self.digest != digest:
            raise StalePlan(
                gettext("The site has changed since this was shown. Look at the new comparison, then apply it.")
            )


class RowRefused(Exception):
    """A row that cannot be taken, and the column to blame."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column


def by_name(head: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """The cells of a row by the names of their columns. Raises RowRefused where there are more or fewer."""
    if len(cells) != len(head):
        message = ngettext(
            "The row has %(found)d cell, the first row has %(wanted)d.",
            "The row has %(found)d cells, the first row has %(wanted)d.",
            len(cells),
        )
        raise RowRefused("", message % {"found": len(cells), "wanted": len(head)})
    return {name: plain(cell) for name, cell in zip(head, cells, strict=True)}


def plain(text: str) -> str:
    """A text without what tables lose: how its lines end, and the space around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
