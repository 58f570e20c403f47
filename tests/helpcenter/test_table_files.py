"""Tables in files: every cell comes back as it was, no cell runs, and no file does harm."""

import csv
import io
import re
import zipfile
from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from helpcenter.admin.table_files import pack, unpack
from helpcenter.content import tables
from helpcenter.content.encodings import looks_chinese
from helpcenter.content.tables import Format
from helpcenter.errors import BadTable
from tests.helpcenter.samples import examples

CELL = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("=+-@'\"; \t\n"), max_size=12)
ROWS = st.lists(st.lists(CELL, min_size=3, max_size=3).filter(lambda row: any(c.strip() for c in row)), max_size=5)
CHINESE = "key,words\na,强平和爆仓是一个意思，保证金不足时发生，手续费另算\nb,资金费率由市场决定，每八小时收取一次\n"


def workbook(*rows, head=("key", "value")):
    book = Workbook()
    for row in (head, *rows):
        book.active.append(row)
    return book


def saved(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def cells(name, data):
    return [row for _line, row in tables.read(name, data).rows]


# There and back


@given(ROWS, st.sampled_from(Format))
@examples(80)
def test_a_table_reads_back_as_it_was_written(rows, form):
    table = tables.read("x", tables.write(["a", "b", "c"], rows, form))
    assert table.head == ["a", "b", "c"]
    assert [row for _line, row in table.rows] == rows


RUNNING = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", "＋1", "－1", "＠a", "'=1", "''-1", "=cmd|' /C calc'!A0"]


@pytest.mark.parametrize("form", Format)
def test_no_cell_begins_as_a_formula_and_each_comes_back(form):
    data = tables.write(["a"], [[text] for text in RUNNING], form)
    assert cells("x", data) == [[text] for text in RUNNING]
    if form == Format.XLSX:
        written = [row[0] for row in load_workbook(io.BytesIO(data)).active.iter_rows(min_row=2)]
        assert {cell.data_type for cell in written} == {"s"}
        texts = [cell.value for cell in written]
    else:
        texts = [line.strip('"') for line in data.decode("utf-8-sig").splitlines()[1:]]
    assert len(texts) == len(RUNNING)
    assert not [text for text in texts if re.match(r"[=+\-@\t＝＋－＠]", text)]


# Where the comma is the decimal mark, spreadsheets part cells at semicolons; some guess, and take tabs as well.
SEEN_AS = (",", ";", "\t")
INNER = [
    "a;=1+1", 'a;"=1+1', 'a;""=1+1;', "a\n=1+1", "a\r\n-1", "a\t@SUM(A1)", "a; =1+1", "a;'=1", "a;;+1;b",
    '"=1+1', " =1+1", "\u3000＝1", "one;\r\ntwo", "one,=1",
]  # fmt: skip


def runs(cell):
    return bool(re.match(r"[=+\-@\t＝＋－＠]", cell.strip(" \u3000")))


@pytest.mark.parametrize("text", INNER)
@pytest.mark.parametrize("form", Format)
def test_no_part_of_a_cell_runs_where_semicolons_or_tabs_part_cells(form, text):
    data = tables.write(["a", "b", "c"], [["x", text, "y"], [text, "x", "y"]], form)
    plain = text.replace("\r\n", "\n")
    assert cells("x", data) == [["x", plain, "y"], [plain, "x", "y"]]
    if form != Format.XLSX:
        for separator in SEEN_AS:
            seen = csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=separator)
            assert not [cell for row in seen for cell in row if runs(cell)]


def test_a_list_in_a_cell_of_a_workbook_is_left_as_it_is():
    text = "Steps:\n- one\n'- two"
    book = load_workbook(io.BytesIO(tables.write(["a"], [[text]], Format.XLSX)))
    assert book.active["A2"].value == text


@given(ROWS)
@examples(80)
def test_no_table_holds_a_cell_that_runs_however_it_is_parted(rows):
    data = tables.write(["a", "b", "c"], rows, Format.CSV)
    for separator in SEEN_AS:
        seen = csv.reader(io.StringIO(data.decode()), delimiter=separator)
        assert not [cell for row in seen for cell in row if runs(cell)]


@pytest.mark.parametrize("text", ["'quoted'", "'", "a=b", " =1", "#N/A", "0012", "1e5", "TRUE", "1.50", "2026-01-01"])
@pytest.mark.parametrize("form", Format)
def test_other_texts_are_written_as_they_are(text, form):
    data = tables.write(["a"], [[text]], form)
    assert cells("x", data) == [[text]]


def test_excel_is_told_the_encoding_by_a_mark_where_that_was_chosen():
    assert tables.write(["a"], [], Format.CSV_FOR_EXCEL).startswith(b"\xef\xbb\xbf")
    assert tables.write(["a"], [], Format.CSV) == b"a\n"


# What spreadsheets save


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk"],
)  # fmt: skip
def test_encodings_are_found_by_themselves(encoding):
    assert tables.read("a.csv", CHINESE.encode(encoding)) == tables.of_text(CHINESE)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("a,b\nc,créé à l’été, Größe, señal, ação\n", "cp1252"), ("a,b\nc,ликвидация позиции, Комиссия\n", "cp1251"),
     ("a,b\nc,証拠金が不足すると清算されます\n", "shift_jis"), ("a,b\nc,証拠金が不足すると清算されます\n", "euc_jp"),
     ("a,b\nc,강제청산은 증거금이 부족할 때 일어납니다\n", "cp949"), ("a,b\nc,強制平倉在保證金不足時發生\n", "big5"),
     ("a,b\nc,tasfiye işlemi ğüşöç\n", "cp1254"), ("a,b\nc,التصفية القسرية\n", "cp1256")],
)  # fmt: skip
def test_an_encoding_that_may_be_mistaken_is_refused_with_advice(text, encoding):
    assert not looks_chinese(text.encode(encoding))
    with pytest.raises(BadTable, match=r"Line 2 is not in UTF-8.*CSV UTF-8"):
        tables.read("a.csv", text.encode(encoding))


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_columns_and_lines_may_be_parted_as_any_system_does(separator, end):
    text = end.join([separator.join(row) for row in (("key", "value"), ("a", "1"), ("", ""), ("b", "2"))])
    assert tables.of_text(text).rows == [(2, ["a", "1"]), (4, ["b", "2"])]


def test_lines_keep_their_numbers_behind_a_cell_of_several_lines():
    assert [line for line, _cells in tables.of_text('a,b\n"one\ntwo",c\nd,e\n').rows] == [2, 4]


@pytest.mark.parametrize(
    ("value", "text"),
    [(5, "5"), (5.0, "5"), (0.1, "0.1"), (1e-7, "0.0000001"), (12345678.25, "12345678.25"), (-3, "-3"), (True, "true"),
     (date(2026, 12, 1), "2026-12-01"), (datetime(2026, 12, 1, 8, 30),  # noqa: DTZ001  # sheets know no zone
      "2026-12-01T08:30:00Z"), ("x\r\ny", "x\ny")],
)  # fmt: skip
def test_cells_of_a_sheet_become_what_somebody_would_type(value, text):
    assert cells("a.xlsx", saved(workbook(["a", value]))) == [["a", text]]


def test_rows_of_a_sheet_keep_their_numbers_and_their_empty_cells():
    assert tables.read("a.xlsx", saved(workbook(["a", "1"], [], ["b"]))).rows == [(2, ["a", "1"]), (4, ["b", ""])]


@pytest.mark.parametrize(
    ("value", "style", "reason"),
    [("=1+1", "General", "Cell B2 holds a formula"), ("#N/A", "General", "Cell B2 holds a formula or an error"),
     (0.0005, "0.00%", "Cell B2 is formatted as a percentage"), (time(8, 30), "h:mm", "Cell B2")],
)  # fmt: skip
def test_a_cell_that_says_something_else_than_it_shows_is_named(value, style, reason):
    book = workbook(["a", value])
    book.active["B2"].number_format = style
    with pytest.raises(BadTable, match=reason):
        tables.read("a.xlsx", saved(book))


# What is refused


def bomb(size):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/sharedStrings.xml", "w") as part:
        for _part in range(size // 2**20):
            part.write(b" " * 2**20)
    return out.getvalue()


def with_entity():
    data, out = saved(workbook(["a", "&x;"])), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name.endswith("sheet1.xml"):
                text = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + text.replace(b"&amp;x;", b"&x;")
            new.writestr(name, text)
    return out.getvalue()


def with_sheet(rows, shared):
    """A workbook whose sheet and whose shared texts are written by hand."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts = {
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{main}"><si><t>{shared}</t></si></sst>',
    }
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    override = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(saved(workbook(["a", "b"])))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in {*old.namelist(), *parts}:
            data = parts[name] if name in parts else old.read(name).decode()
            is_list = name == "[Content_Types].xml" and kind not in data
            new.writestr(name, data.replace("</Types>", override) if is_list else data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("rows", "shared", "reason"),
    [
        ('<row r="1048576"><c t="s"><v>0</v></c></row>', "x", "more than 20000 rows"),
        (("<row>" + '<c t="s"><v>0</v></c>' * 100 + "</row>") * 5, "x" * 1_000_000, "unpack to more than 48 MB"),
    ],
    ids=["a row far away", "one long text in many cells"],
)
def test_a_small_workbook_that_stands_for_very_much_is_refused(rows, shared, reason):
    with pytest.raises(BadTable, match=reason):
        tables.read("rows.xlsx", with_sheet(rows, shared))


@pytest.mark.parametrize(
    ("data", "reason"),
    [(lambda: b"x" * (5 * 2**20 + 1), "larger than 5 MB"), (lambda: bomb(50 * 2**20), "unpack to more than 48 MB"),
     (lambda: b"PK\x03\x04 nothing", "damaged"), (lambda: saved(workbook())[:-400], "damaged"),
     (with_entity, "damaged"),
     (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old one"), (lambda: b"key,value\n", "no workbook"),
     (lambda: saved(workbook(["a"] * 201)), "more than 200 columns"), (lambda: bomb(2**20), "damaged")],
    ids=["large", "bomb", "no zip", "cut short", "entity", "xls", "csv", "wide", "no book"],
)  # fmt: skip
def test_a_workbook_that_cannot_be_taken_is_refused(data, reason):
    with pytest.raises(BadTable, match=reason):
        tables.read("a.xlsx", data())


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"a,b\nx,\0\n", "null character"), (b'a,b\n"x', "Line 2 is no CSV"), (b"a\n" + b"x\n" * 20_001, "20000 rows"),
     (b"a\n" + b"," * 200, "Row 2 has more than 200"), (b"a,b\n\xff,c\n", "Line 2 is not in UTF-8")],
    ids=["null", "quote", "long", "wide", "bytes"],
)  # fmt: skip
def test_a_text_that_cannot_be_taken_is_refused(data, reason):
    with pytest.raises(BadTable, match=reason):
        tables.read("a.csv", data)


@given(st.binary(max_size=60), st.sampled_from([b"", b"PK\x03\x04", b"\xff\xfe", b"\xfe\xff", b"a,b\n"]))
@examples(200)
def test_no_bytes_break_the_reading(data, start):
    try:
        tables.read("x", start + data)
    except BadTable as error:
        assert str(error)  # noqa: PT017  # both outcomes are fine, another error is none


# Between the comparison and its application


def test_files_travel_whole():
    files = [("a.csv", b"x\ny"), ("ü.yaml", b""), ("b", bytes(range(256)))]
    assert unpack(pack(files)) == files


@given(st.text(max_size=40))
@examples(100)
def test_what_did_not_travel_whole_is_refused(text):
    for packed in (text, pack([("a", b"b")])[:-4] + text):
        try:
            unpack(packed)
        except BadTable as error:
            assert "again" in str(error)  # noqa: PT017
