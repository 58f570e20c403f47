"""The first sheet of a workbook (XLSX) as rows of text, and rows of text as a workbook.

A workbook is a ZIP file of XML: the sizes that it declares are added up before anything is unpacked, and Python reads
no more of a part than its declared size. External entities are refused by defusedxml, which openpyxl uses.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from helpcenter.content.table_limits import FARTHEST_ROW, LARGEST_UNPACKED, MOST_COLUMNS, MOST_PARTS, MOST_ROWS
from helpcenter.errors import BadTable

SIGNATURE = b"PK\x03\x04"
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_WIDEST = 60  # characters


def read(data: bytes) -> list[tuple[int, list[str]]]:
    """The rows that hold something, with their numbers. Raises BadTable."""
    from openpyxl import load_workbook  # here: 5 MB that a web process needs when a workbook comes

    _refuse_bomb(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        try:
            return list(_rows(book.worksheets[0]))
        finally:
            book.close()
    except BadTable:
        raise
    except Exception as error:  # the library raises whatever a damaged file leads to
        raise BadTable(gettext("The workbook is damaged. Save it as .xlsx again.")) from error


def _refuse_bomb(data: bytes) -> None:
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise BadTable(gettext("The workbook is damaged. Save it as .xlsx again.")) from error
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise BadTable(_too_much())


def _too_much() -> str:
    return gettext("The workbook would unpack to more than 48 MB. Copy the table into a new one.")


def _rows(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    sheet.reset_dimensions()  # a file may claim any size
    found, left = 0, LARGEST_UNPACKED
    for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS + 1), 1):
        if number > FARTHEST_ROW:
            raise BadTable(gettext("The file has more than %(most)d rows. Split it.") % {"most": MOST_ROWS})
        cells = [_text(cell) for cell in row]
        left -= sum(map(len, cells))
        if left < 0:  # many cells may show one long text
            raise BadTable(_too_much())
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        if len(cells) > MOST_COLUMNS:
            message = gettext("Row %(row)d has more than %(most)d columns.")
            raise BadTable(message % {"row": number, "most": MOST_COLUMNS})
        found += 1
        if found > MOST_ROWS + 1:
            raise BadTable(gettext("The file has more than %(most)d rows. Split it.") % {"most": MOST_ROWS})
        yield number, cells


def _text(cell: Any) -> str:
    """What a cell holds, as somebody would have typed it into a table of text. Raises BadTable."""
    value = cell.value
    if value is None or isinstance(value, str):
        if cell.value is not None and cell.data_type in ("f", "e"):
            raise BadTable(_unclear(cell))
        return (value or "").replace("\r\n", "\n").replace("\r", "\n")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        if "%" in (cell.number_format or ""):
            raise BadTable(_percentage(cell))
        return _number(value)
    return _moment(cell, value)


def _unclear(cell: Any) -> str:
    message = gettext("Cell %(cell)s holds a formula or an error. Put its value there as text.")
    return message % {"cell": cell.coordinate}


def _percentage(cell: Any) -> str:
    message = gettext(
        "Cell %(cell)s is formatted as a percentage, so that the file holds another number than the sheet shows. "
        "Format it as text and type the number again."
    )
    return message % {"cell": cell.coordinate}


def _number(value: int | float) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return format(Decimal(repr(value)), "f")


def _moment(cell: Any, value: Any) -> str:
    if isinstance(value, datetime):
        is_day = value.time() == time()
        return value.strftime("%Y-%m-%d" if is_day else "%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    raise BadTable(_unclear(cell))


def write(rows: Iterable[Sequence[str]]) -> bytes:
    """A workbook of one sheet, all cells text, the first row in bold and always in sight."""
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    table = [[_UNWRITABLE.sub("", cell) for cell in row] for row in rows]
    for number, cells in enumerate(zip(*table[:200], strict=True), 1):
        width = max(len(cell) for cell in cells)
        sheet.column_dimensions[get_column_letter(number)].width = min(max(width, 8), _WIDEST) + 2
    for number, row in enumerate(table):
        sheet.append([_cell(sheet, text, is_head=number == 0) for text in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, text: str, *, is_head: bool) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"  # “=1” would be a formula, “#N/A” an error
    cell.number_format = "@"
    if is_head:
        cell.font = Font(bold=True)
    return cell
