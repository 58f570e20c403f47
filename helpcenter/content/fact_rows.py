"""The lines of a CSV file of facts. Nothing here touches a database."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from helpcenter import units
from helpcenter.errors import InvalidFact

COLUMNS = ("key", "region", "value", "unit", "effective_from", "effective_until", "source", "note")
REQUIRED = ("key", "value", "effective_from")
LARGEST = 1024 * 1024  # bytes of a file
MOST_LINES = 10_000


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


@dataclass(frozen=True)
class BadRow:
    """A line that cannot be understood, and why."""

    line: int
    key: str
    region: str
    reason: str


def decode(data: bytes) -> str:
    """The text of a file. Raises InvalidFact."""
    if len(data) > LARGEST:
        raise InvalidFact(gettext("The file is larger than 1 MB. Split it."))
    try:
        if b"\0" in data:
            raise InvalidFact(gettext("The file holds a null character: it is no text."))
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InvalidFact(gettext("The file is not UTF-8 text (line %(line)d).") % {"line": line}) from error


def read(text: str) -> tuple[list[Row], list[BadRow]]:
    """The lines that can be understood, and those that cannot. Raises InvalidFact for what is no table of facts."""
    reader = csv.reader(io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n")), strict=True)
    rows: list[Row] = []
    refused: list[BadRow] = []
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        _refuse_header(header)
        for line, cells in _lines(reader):
            found = _row(line, header, cells)
            rows += [found] if isinstance(found, Row) else []
            refused += [found] if isinstance(found, BadRow) else []
    except csv.Error as error:
        message = gettext("Line %(line)d is no CSV: %(problem)s.")
        raise InvalidFact(message % {"line": reader.line_num, "problem": error}) from error
    return rows, refused


def _refuse_header(header: list[str]) -> None:
    missing = [name for name in REQUIRED if name not in header]
    unknown = [name for name in header if name not in COLUMNS]
    if missing or unknown or len(set(header)) != len(header):
        message = gettext("The first line has to name the columns %(columns)s, each once.")
        raise InvalidFact(message % {"columns": ", ".join(COLUMNS)})


def _lines(reader: Any) -> Iterator[tuple[int, list[str]]]:
    """The lines that hold something, each with its number; a cell may go over several lines."""
    start = reader.line_num + 1
    for number, cells in enumerate(reader):
        if number >= MOST_LINES:
            raise InvalidFact(gettext("The file has more than %(most)d lines. Split it.") % {"most": MOST_LINES})
        if any(cell.strip() for cell in cells):
            yield start, cells
        start = reader.line_num + 1


def _row(line: int, header: list[str], cells: list[str]) -> Row | BadRow:
    if len(cells) != len(header):
        message = gettext("The line has %(count)d cells, the first line %(wanted)d.")
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
