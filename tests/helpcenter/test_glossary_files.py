"""Files of the glossary: what is read of them, what is refused and where."""

import csv
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from helpcenter.actions.shipped_glossary import Glossary
from helpcenter.content import glossary_files, tables
from helpcenter.content.glossary_files import accepted, read
from tests.helpcenter.dom import TWELVE

HEAD = "key,part_of_speech,definition_en,en,ja,avoid,note\n"
FIXTURES = Path(settings.BASE_DIR) / "fixtures"


def table(*rows, head=HEAD):
    return read("words.csv", (head + "".join(f"{row}\n" for row in rows)).encode(), TWELVE)


def yaml_of(text, name="ja.yaml"):
    return read(name, text.encode(), TWELVE)


def lines(result):
    return [problem.line for problem in result.problems]


def test_a_row_gives_a_word_with_its_texts():
    [word] = table(
        'margin,noun,"Funds, set aside.",margin,証拠金,ja:マージン (loanword); ru:поле,Also accepted: ja 委託証拠金.'
    ).given
    assert (word.key, word.line, word.fields) == (
        "margin",
        2,
        {"part_of_speech": "noun", "note": "Also accepted: ja 委託証拠金."},
    )
    assert word.texts["definition", "en"] == "Funds, set aside."
    assert word.texts["term", "ja"] == "証拠金"
    assert word.texts["rejected", "ja"] == "マージン (loanword)"
    assert word.texts["rejected", "ru"] == "поле"
    assert word.texts["rejected", "ko"] == ""


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("margin,noun,Funds.,margin,証拠金,", "6 cells"),
        ("Margin,noun,Funds.,margin,証拠金,,", "no key"),
        ("mark-price,noun,Funds.,margin,証拠金,,", "no key"),
        (f"{'m' * 61},noun,Funds.,margin,証拠金,,", "no key"),
        ("margin,noun,Funds.,,証拠金,,", "English term"),
        ("margin,noun,Funds.,margin,証拠金,マージン,", "does not begin with a language"),
        ("margin,noun,Funds.,margin,証拠金,ja:,", "does not begin with a language"),
        (f"margin,noun,{'x' * 401},margin,証拠金,,", "longer than 400"),
        (f"margin,noun,Funds.,{'x' * 121},証拠金,,", "longer than 120"),
        (f"margin,{'x' * 21},Funds.,margin,証拠金,,", "longer than 20"),
        ("good,noun,Again.,good,良い,,", "twice"),
    ],
)
def test_a_bad_row_is_named_with_its_line_and_the_others_are_read(row, what):
    result = table("good,noun,Fine.,good,良い,,", row, "last,noun,Fine.,last,最後,,")
    assert lines(result) == [3]
    assert what in str(result.problems[0])
    assert str(result.problems[0]).startswith("words.csv, line 3: ")
    assert [word.key for word in result.given] == ["good", "last"]


def test_lines_are_counted_through_cells_of_several_lines():
    result = table('a,noun,"One\ntwo",a,a,,', "B,noun,x,b,b,,")
    assert lines(result) == [4]


def test_the_full_form_has_subjects_uses_and_places():
    head = "key,en,subject,uses,article,position,also_ja\n"
    [word] = table("margin,margin,margin,page search,margin-modes,7,証拠; 担保", head=head).given
    assert word.fields == {
        "subject": "margin",
        "article": "margin-modes",
        "is_shown": True,
        "is_linked": False,
        "is_searched": True,
        "position": 7,
    }
    assert word.texts["also", "ja"] == "証拠\n担保"


@pytest.mark.parametrize(
    "row", ["margin,margin,nothing,page,,1,", "margin,margin,margin,print,,1,", "margin,margin,margin,page,,-1,"]
)
def test_an_unknown_subject_use_or_place_is_refused(row):
    assert lines(table(row, head="key,en,subject,uses,article,position,also_ja\n")) == [2]


@pytest.mark.parametrize("head", ["", "key,part_of_speech\n", "en,ja\n"])
def test_a_table_without_its_columns_is_refused_whole(head):
    result = table("a,b", head=head)
    assert len(result.problems) == 1
    assert not result.given


def test_definitions_are_read_with_their_other_words():
    [word] = yaml_of("margin:\n  definition: 資金。\n  also: [担保, 証拠]\n").given
    assert word.texts == {("definition", "ja"): "資金。", ("also", "ja"): "担保\n証拠"}
    assert not word.is_new_allowed


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("good:\n  definition: x\nMargin:\n  definition: x\n", 3),
        ("good:\n  definition: x\nmargin: words\n", 3),
        ("good:\n  definition: x\nmargin:\n  definition: [1]\n", 3),
        ("good:\n  definition: x\nmargin:\n  definition: ''\n", 3),
        ("good:\n  definition: x\nmargin:\n  meaning: x\n", 3),
        ("good:\n  definition: x\nmargin:\n  also: one\n", 3),
        ("good:\n  definition: x\nmargin:\n  also: [[1]]\n", 3),
        ("good:\n  definition: x\nmargin:\n  also: ['']\n", 3),
        (f"good:\n  definition: x\nmargin:\n  definition: {'x' * 401}\n", 3),
        ("good:\n  definition: x\ngood:\n  definition: y\n", 3),
    ],
)
def test_a_bad_definition_is_named_with_its_line(text, line):
    result = yaml_of(text)
    assert lines(result) == [line]
    assert [word.key for word in result.given] == ["good"]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("ja.yaml", b"a: [b\n"),
        ("ja.yaml", b"- a\n- b\n"),
        ("ja.yaml", b"a: !!python/object/apply:os.system [ls]\n"),
        ("ja.yaml", "a: ä".encode("latin-1")),
        ("ja.yaml", b"[" * 5000),
        ("ja.yaml", b"a: {? [b] : c}\n"),
        ("words.csv", b"key,en\na,b\0\n"),
        ("words.csv", b'key,en\n"a,b\n'),
        ("words.csv", b"\xff\xfe"),
        ("xx.yaml", b"a: {definition: b}"),
        ("words.txt", b"key,en\n"),
        ("uses.yaml", b"subjects: [a]\n"),
        ("uses.yaml", b"colours: [a]\n"),
        ("uses.yaml", b"subjects: {cheese: [margin]}\n"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(name, data):
    result = read(name, data, TWELVE)
    assert [problem.file for problem in result.problems] == [name]
    assert not result.given


def test_words_are_taken_as_they_are_written():
    [word] = yaml_of("margin:\n  definition: 2026-13-45\n  also: [no, 1.0]\n").given
    assert word.texts == {("definition", "ja"): "2026-13-45", ("also", "ja"): "no\n1.0"}


def test_an_empty_file_of_definitions_says_nothing():
    assert read("ja.yaml", b"# later\n", TWELVE) == glossary_files.Read()


def test_uses_say_where_words_stand_and_what_they_are_not_used_for():
    result = yaml_of(
        "subjects:\n  trading: [fill, order]\n  margin: [margin]\nunlinked: [fill]\narticles: {margin: modes}\n",
        "uses.yaml",
    )
    found = {word.key: word.fields for word in result.given}
    assert [found[key]["position"] for key in ("fill", "order", "margin")] == [1, 2, 3]
    assert (found["fill"]["is_linked"], found["order"]["is_linked"]) == (False, True)
    assert (found["margin"]["article"], found["margin"]["subject"]) == ("modes", "margin")


def test_a_note_accepts_words_by_language():
    note = "Keep it. Also accepted: ko 펀딩비율, ko 펀딩, es funding (in text), fr marge, de base (x). unsure:es"
    assert accepted(note, "ko") == ["펀딩비율", "펀딩"]
    assert accepted(note, "es") == ["funding"]
    assert accepted(note, "ja") == []


CELL = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=20).map(
    lambda t: " ".join(t.split())
)
WORDS = st.lists(CELL.filter(lambda t: t and ";" not in t), max_size=3, unique=True).map("\n".join)


@given(
    note=CELL,
    term=CELL.filter(bool),
    definition=CELL,
    also=WORDS,
    rejected=WORDS,
    position=st.integers(0, 9999),
    shown=st.booleans(),
    form=st.sampled_from(tables.Format),
)
def test_what_is_written_reads_back_the_same(note, term, definition, also, rejected, position, shown, form):
    texts = {(name, code): "" for name in ("term", "definition", "also", "rejected") for code in TWELVE}
    texts |= {
        ("term", "en"): term,
        ("definition", "ja"): definition,
        ("also", "ja"): also,
        ("rejected", "ru"): rejected,
    }
    fields = {"part_of_speech": "noun", "subject": "money", "article": "", "note": note, "position": position}
    fields |= {"is_shown": shown, "is_linked": not shown, "is_searched": True}
    result = read(
        "w.csv", tables.write(*glossary_files.table_of([{"key": "a", **fields, "texts": texts}], TWELVE), form), TWELVE
    )
    assert result.problems == []
    assert result.given[0].fields == fields
    assert result.given[0].texts == texts


# What ships


def shipped_rows():
    return list(csv.DictReader((FIXTURES / "glossary.csv").read_text(encoding="utf-8").splitlines()))


def test_what_ships_is_read_without_a_problem():
    for path in Glossary().files():
        assert read(path.name, path.read_bytes(), TWELVE).problems == []


def test_at_least_120_words_are_there_for_readers_in_every_language():
    rows = shipped_rows()
    uses = yaml.safe_load((FIXTURES / "glossary" / "uses.yaml").read_text(encoding="utf-8"))
    placed = [key for keys in uses["subjects"].values() for key in keys]
    assert sorted(placed) == sorted(row["key"] for row in rows)
    for code in TWELVE:
        assert sum(bool(row[code]) and row["key"] not in uses["hidden"] for row in rows) >= 120, code


@pytest.mark.parametrize("path", sorted((FIXTURES / "glossary").glob("*-*.yaml")), ids=lambda path: path.stem)
def test_a_language_defines_every_word_once_and_shortly(path):
    words = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert list(words) == [row["key"] for row in shipped_rows()]
    assert max(len(word["definition"]) for word in words.values()) <= 160
