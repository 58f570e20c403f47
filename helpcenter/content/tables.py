"""Tables in files: CSV in several encodings and XLSX in, both out. Nothing here touches a database.

A cell that a spreadsheet would run as a formula is written with an apostrophe before it, which reading takes away
again; so what is written reads back as it was, but that all ends of lines become `\n`. A spreadsheet that takes
semicolons or tabs for the ends of cells in a text, as they do where the comma is the decimal mark, finds cells inside
of ours: what would run there gets one too. A workbook has no such places.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext

from helpcenter.content import encodings, workbooks
from helpcenter.content.table_limits import LARGEST, MOST_COLUMNS, MOST_ROWS
from helpcenter.errors import BadTable

RUNS = "=+\\-@\t＝＋－＠"  # full-width signs run in spreadsheets in Chinese and Japanese
_ANY_CELL = r"(?:\A|(?<=[;\t\n]))"  # where one begins, whatever parts them and however the line is quoted
_RUNNING = rf"(?='*+[^\S\t\n]*+\"*+[{RUNS}])"
_TO_WRITE = re.compile(_ANY_CELL + _RUNNING)
_WRITTEN = re.compile(rf"{_ANY_CELL}'{_RUNNING}")
_TO_WRITE_IN_WORKBOOK = re.compile(rf"\A{_RUNNING}")
_WRITTEN_IN_WORKBOOK = re.compile(rf"\A'{_RUNNING}")


class Format(StrEnum):
    CSV = "csv"
    CSV_FOR_EXCEL = "csv-excel"
    XLSX = "xlsx"


CONTENT_TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.CSV_FOR_EXCEL: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass
class Table:
    """The names in the first row, and the rows that hold something, each with its number in the file (from one)."""

    head: list[str] = field(default_factory=list)
    rows: list[tuple[int, list[str]]] = field(default_factory=list)


def read(name: str, data: bytes) -> Table:
    """The table of a file: a workbook where it begins as one, else text. Raises BadTable."""
    if len(data) > LARGEST:
        raise BadTable(gettext("The file is larger than 5 MB. Split it."))
    if data.startswith(workbooks.OLD):
        raise BadTable(gettext("The workbook is an old one (.xls) or locked by a password. Save it as .xlsx."))
    if data.startswith(workbooks.SIGNATURE):
        return _padded(_table(workbooks.read(data), _WRITTEN_IN_WORKBOOK))
    if name.lower().endswith(".xlsx"):
        raise BadTable(gettext("The file is no workbook, though its name says so. Save it as .xlsx again."))
    return of_text(encodings.decode(data))


def of_text(text: str) -> Table:
    """The table of a text with commas, or the semicolons or tabs that spreadsheets write elsewhere."""
    plain = _with_plain_ends(text.removeprefix("\ufeff"))
    first = plain.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(plain), delimiter=separator, strict=True)
    rows: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for cells in reader:
            rows.append((line, cells))
            line = reader.line_num + 1
            _refuse_excess(rows)
    except csv.Error as error:
        message = gettext("Line %(line)d is no CSV: %(problem)s.")
        raise BadTable(message % {"line": reader.line_num, "problem": error}) from error
    return _table(rows)


def _with_plain_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _refuse_excess(rows: Sequence[tuple[int, list[str]]]) -> None:
    if len(rows) > MOST_ROWS + 1:
        raise BadTable(gettext("The file has more than %(most)d rows. Split it.") % {"most": MOST_ROWS})
    if len(rows[-1][1]) > MOST_COLUMNS:
        message = gettext("Row %(row)d has more than %(most)d columns.")
        raise BadTable(message % {"row": rows[-1][0], "most": MOST_COLUMNS})


def _table(rows: Iterable[tuple[int, list[str]]], written: re.Pattern[str] = _WRITTEN) -> Table:
    plain = [(number, [written.sub("", cell) for cell in cells]) for number, cells in rows]
    head = [name.strip() for name in plain[0][1]] if plain else []
    return Table(head, [(number, cells) for number, cells in plain[1:] if any(cell.strip() for cell in cells)])


def _padded(table: Table) -> Table:
    """Sheets do not keep the empty cells at the end of a row."""
    width = len(table.head)
    return Table(table.head, [(number, cells + [""] * (width - len(cells))) for number, cells in table.rows])


def write(head: Sequence[str], rows: Iterable[Sequence[object]], form: Format) -> bytes:
    """A file of the table. `csv-excel` begins with a mark, without which Excel takes the text for another encoding."""
    to_write = _TO_WRITE_IN_WORKBOOK if form == Format.XLSX else _TO_WRITE
    safe = [[to_write.sub("'", _with_plain_ends(str(cell))) for cell in row] for row in (head, *rows)]
    if form == Format.XLSX:
        return workbooks.write(safe)
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(safe)
    return out.getvalue().encode("utf-8-sig" if form == Format.CSV_FOR_EXCEL else "utf-8")


def refuse_head(head: Sequence[str], *, known: Sequence[str], needed: Sequence[str]) -> None:
    """Raises BadTable for a first row that misses a column, has one twice, or one that is not known."""
    missing = [name for name in needed if name not in head]
    strange = [name for name in head if name not in known]
    twice = [name for name in known if head.count(name) > 1]
    for names, message in (
        (missing, gettext("The first row does not name the column “%(column)s”. It may name: %(columns)s.")),
        (strange, gettext("The column “%(column)s” is not known here. The first row may name: %(columns)s.")),
        (twice, gettext("The column “%(column)s” stands twice in the first row. It may name: %(columns)s.")),
    ):
        if names:
            raise BadTable(message % {"column": names[0][:60], "columns": ", ".join(known)})
