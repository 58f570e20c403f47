"""The lines of a table of facts. Nothing here touches a database."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext, ngettext

from helpcenter import units
from helpcenter.content import tables
from helpcenter.content.tables import Table
from helpcenter.errors import InvalidFact

COLUMNS = ("key", "region", "value", "unit", "effective_from", "effective_until", "source", "note")
REQUIRED = ("key", "value", "effective_from")


@dataclass(frozen=True)
class Row:
    """A line of the file in the form in which its value would be kept."""

    line: int
    key: str
    region: str
    value: str
    unit: str
    since: datetime
    until: datetime | None
    source: str
    note: str

    def __str__(self) -> str:
        """For the eyes of an editor, and for the digest of a plan: all of it."""
        until = units.write_moment(self.until) if self.until else "…"
        words = [self.value, self.unit, f"{units.write_moment(self.since)} – {until}", self.source]
        words += [f"({self.note})"] if self.note else []
        return " · ".join(word for word in words if word)

    def cells(self) -> list[str]:
        """The cells of COLUMNS."""
        until = units.write_moment(self.until) if self.until else ""
        moments = [units.write_moment(self.since), until]
        return [self.key, self.region, self.value, self.unit, *moments, self.source, self.note]


@dataclass(frozen=True)
class BadRow:
    """A line that cannot be understood, and why."""

    line: int
    key: str
    region: str
    reason: str


def read(given: str | Table) -> tuple[list[Row], list[BadRow]]:
    """The lines that can be understood, and those that cannot. Raises BadTable for what is no table of facts."""
    table = tables.of_text(given) if isinstance(given, str) else given
    head = [name.lower() for name in table.head]
    tables.refuse_head(head, known=COLUMNS, needed=REQUIRED)
    found = [_row(line, head, cells) for line, cells in table.rows]
    return [row for row in found if isinstance(row, Row)], [row for row in found if isinstance(row, BadRow)]


def _row(line: int, header: list[str], cells: list[str]) -> Row | BadRow:
    if len(cells) != len(header):
        message = ngettext(
            "The line has %(count)d cell, the first line %(wanted)d.",
            "The line has %(count)d cells, the first line %(wanted)d.",
            len(cells),
        )
        reason = message % {"count": len(cells), "wanted": len(header)}
        return BadRow(line, cells[0].strip()[:120], "", reason)
    values = dict.fromkeys(COLUMNS, "") | {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
    try:
        since, until = _moment(values["effective_from"]), _moment(values["effective_until"])
        if since is None:
            raise InvalidFact(gettext("effective_from is missing."))
    except InvalidFact as error:
        return BadRow(line, values["key"][:120], values["region"][:20], str(error))
    return Row(
        line=line,
        key=values["key"],
        region=values["region"],
        value=values["value"],
        unit=values["unit"],
        since=since,
        until=until,
        source=values["source"],
        note=values["note"],
    )


def _moment(text: str) -> datetime | None:
    try:
        return units.read_moment(text) if text else None
    except ValueError as error:
        message = gettext("“%(text)s” is no moment. Write it in UTC, as 2026-12-01T00:00:00Z or 2026-12-01.")
        raise InvalidFact(message % {"text": text[:40]}) from error
