"""The files of a glossary (docs/glossary.md): a table of terms, definitions by language, and where words are used.

Tables are CSV or XLSX. Reading yields what the files say of each word (`Given`), and a `Problem` with its line for
what cannot be taken; writing gives the table in its full form, which reads back the same.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml
from django.utils.translation import gettext, ngettext

from helpcenter.content import tables, yaml_text
from helpcenter.content.tables import Table
from helpcenter.enums import Subject
from helpcenter.errors import BadTable
from helpcenter.models.glossary import KEY

LONGEST = {"term": 120, "definition": 400, "part_of_speech": 20}
FLAGS = {"page": "is_shown", "link": "is_linked", "search": "is_searched"}
LISTS = {"hidden": "is_shown", "unlinked": "is_linked", "unsearched": "is_searched"}
PLAIN = ("part_of_speech", "subject", "article", "note")
BASE = ("key", "part_of_speech", "definition_en")
REST = ("avoid", "note", "subject", "uses", "article", "position")

_ACCEPTED = re.compile(r"Also accepted: (.*?)\.(?:\s|$)")
_ITEM = re.compile(r"([a-z]{2}(?:-[a-z]+)?) (.+)")
_COMMA = re.compile(r",\s+(?=[a-z]{2}(?:-[a-z]+)? )")
_REMARK = re.compile(r"\s*\([^()]*\)$")


@dataclass(frozen=True)
class Problem:
    """What is wrong in a file, and at which line (from one; 0 where it concerns the whole file)."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        place = gettext("%(file)s, line %(line)d") % {"file": self.file, "line": self.line} if self.line else self.file
        return f"{place}: {self.message}"


@dataclass
class Given:
    """What a file says of a word. `fields` are the same in every language, `texts` go by (name, language);
    `is_new_allowed` where a word that nobody knows yet is meant to be added."""

    key: str
    file: str
    line: int
    fields: dict[str, Any] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    is_new_allowed: bool = False


@dataclass
class Read:
    """The words of a file and what was wrong with it."""

    given: list[Given] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class _Refused(Exception):
    """A row that cannot be taken; its words are for the reader of the report."""


def read(name: str, data: bytes, languages: Iterable[str]) -> Read:
    """Read one file by its name: `*.csv`, `*.xlsx`, `uses.yaml` or `<language>.yaml`."""
    try:
        if name.lower().endswith((".csv", ".xlsx")):
            return _read_table(name, tables.read(name, data), list(languages))
    except BadTable as error:
        return _one_problem(name, 0, str(error))
    return _read_yaml(name, data, list(languages))


def _read_yaml(name: str, data: bytes, languages: list[str]) -> Read:
    try:
        return _read(name, data.decode("utf-8-sig"), languages)
    except UnicodeDecodeError:
        return _one_problem(name, 0, gettext("The file is not in UTF-8. Save it in that encoding."))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        return _one_problem(name, line, gettext("This is no YAML: %(reason)s") % {"reason": error.problem})
    except RecursionError:
        return _one_problem(name, 0, gettext("The file is nested too deeply."))
    except yaml.YAMLError as error:
        return _one_problem(name, 0, gettext("The file cannot be read: %(reason)s") % {"reason": error})


def _read(name: str, text: str, languages: list[str]) -> Read:
    stem, _, ending = name.rpartition(".")
    if "\0" in text:
        return _one_problem(name, text.count("\n", 0, text.index("\0")) + 1, gettext("There is a NUL character."))
    if name == "uses.yaml":
        return _read_uses(name, text)
    if ending == "yaml" and stem in languages:
        return _read_definitions(name, text, stem)
    message = gettext(
        "Give a table “*.csv” or “*.xlsx”, “uses.yaml”, or definitions named after a language of this site: “ja.yaml”."
    )
    return _one_problem(name, 0, message)


def _one_problem(name: str, line: int, message: str) -> Read:
    return Read(problems=[Problem(name, line, message)])


# The table


def _read_table(name: str, table: Table, languages: list[str]) -> Read:
    if missing := [column for column in ("key", "en") if column not in table.head]:
        message = gettext("The table has no column “%(column)s”.") % {"column": missing[0]}
        return _one_problem(name, 1, message)
    result = Read()
    seen: set[str] = set()
    for line, cells in table.rows:
        try:
            result.given.append(_of_row(name, line, dict(_cells(table.head, cells)), seen, languages))
        except _Refused as error:
            result.problems.append(Problem(name, line, str(error)))
    return result


def _cells(head: list[str], cells: list[str]) -> Iterator[tuple[str, str]]:
    if len(cells) != len(head):
        message = ngettext(
            "The row has %(found)d cell, the first row has %(wanted)d.",
            "The row has %(found)d cells, the first row has %(wanted)d.",
            len(cells),
        )
        raise _Refused(message % {"found": len(cells), "wanted": len(head)})
    yield from zip(head, (cell.strip() for cell in cells), strict=True)


def _of_row(name: str, line: int, row: dict[str, str], seen: set[str], languages: list[str]) -> Given:
    key = _checked_key(row["key"])
    if key in seen:
        raise _Refused(gettext("The key “%(key)s” stands twice.") % {"key": key})
    if not row["en"]:
        raise _Refused(gettext("The English term of “%(key)s” is missing.") % {"key": key})
    given = Given(key, name, line, _fields(row), is_new_allowed=True)
    for code in languages:
        for field_name, column in (("term", code), ("definition", f"definition_{code}"), ("also", f"also_{code}")):
            if column in row:
                given.texts[field_name, code] = _checked(field_name, _lines(row[column], field_name))
    if "avoid" in row:
        for code, words in _avoided(row["avoid"], languages).items():
            given.texts["rejected", code] = "\n".join(words)
    seen.add(key)
    return given


def _lines(cell: str, field_name: str) -> str:
    return "\n".join(word.strip() for word in cell.split(";") if word.strip()) if field_name == "also" else cell


def _fields(row: dict[str, str]) -> dict[str, Any]:
    fields: dict[str, Any] = {column: _checked(column, row[column]) for column in PLAIN if column in row}
    if "subject" in row and row["subject"] not in Subject.values:
        message = gettext("“%(subject)s” is no subject; there are %(subjects)s.")
        raise _Refused(message % {"subject": row["subject"], "subjects": ", ".join(Subject.values)})
    if "uses" in row:
        named = row["uses"].split()
        if unknown := [use for use in named if use not in FLAGS]:
            raise _Refused(gettext("“%(use)s” is no use; there are page, link and search.") % {"use": unknown[0]})
        fields |= {flag: use in named for use, flag in FLAGS.items()}
    if "position" in row:
        fields["position"] = _number(row["position"])
    return fields


def _number(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text):
        raise _Refused(gettext("The position “%(text)s” is not a number from 0 to 9999.") % {"text": text})
    return int(text)


def _avoided(cell: str, languages: list[str]) -> dict[str, list[str]]:
    """`ja:預金 (bank); ru:депозит (bank)` by language; each language of the site has its list, empty or not."""
    found: dict[str, list[str]] = {code: [] for code in languages}
    for entry in cell.split(";"):
        code, colon, word = entry.strip().partition(":")
        if entry.strip() and not (colon and word.strip() and re.fullmatch(r"[a-z]{2}(-[a-z]+)?", code)):
            message = gettext("“%(entry)s” does not begin with a language, as “ja:預金” does.")
            raise _Refused(message % {"entry": entry.strip()[:60]})
        if code in found:
            found[code].append(word.strip())
    return found


def _checked_key(key: str) -> str:
    if not KEY.fullmatch(key) or len(key) > 60:
        raise _Refused(gettext("“%(key)s” is no key; write small letters, digits and “_”.") % {"key": key[:60]})
    return key


def _checked(field_name: str, text: str) -> str:
    longest = LONGEST.get(field_name, 2000)
    if len(text) > longest:
        message = gettext("“%(text)s…” is longer than %(longest)d characters.")
        raise _Refused(message % {"text": text[:40], "longest": longest})
    return text


def accepted(note: str, language: str) -> list[str]:
    """The words of a language that a note accepts: `Also accepted: es funding, ja ロット (short form).`"""
    found = []
    for sentence in _ACCEPTED.finditer(note):
        for item in _COMMA.split(sentence[1]):
            match = _ITEM.fullmatch(item.strip())
            if match and match[1] == language:
                found.append(_REMARK.sub("", match[2]).strip())
    return found


# Definitions of one language, and uses


def _read_definitions(name: str, text: str, language: str) -> Read:
    result, seen = Read(), set()
    for key, line, node in _entries(name, text, result):
        try:
            if key in seen:
                raise _Refused(gettext("The key “%(key)s” stands twice.") % {"key": key})
            seen.add(key)
            result.given.append(Given(_checked_key(key), name, line, texts=_texts(node, language)))
        except _Refused as error:
            result.problems.append(Problem(name, line, str(error)))
    return result


def _texts(node: yaml.Node, language: str) -> dict[tuple[str, str], str]:
    value = yaml.BaseLoader("").construct_object(node, deep=True)
    if not isinstance(value, dict) or set(value) - {"definition", "also"}:
        raise _Refused(gettext("Write “definition:” and, where there are other words, “also:” below the key."))
    texts = {}
    if "definition" in value:
        if not isinstance(value["definition"], str) or not value["definition"].strip():
            raise _Refused(gettext("The definition is not a sentence. Put it in quotes if it holds a colon."))
        texts["definition", language] = _checked("definition", " ".join(value["definition"].split()))
    if "also" in value:
        words = value["also"]
        if not isinstance(words, list) or not all(isinstance(word, str) and word.strip() for word in words):
            raise _Refused(gettext("“also” is not a list of words; write [one, two]."))
        texts["also", language] = _checked("also", "\n".join(" ".join(word.split()) for word in words))
    return texts


def _entries(name: str, text: str, result: Read) -> Iterator[tuple[str, int, yaml.Node]]:
    """Keys of a YAML mapping with their lines and what stands below."""
    root = yaml.compose(text, Loader=yaml_text.Words)
    if root is None:
        return
    if not isinstance(root, yaml.MappingNode):
        result.problems.append(Problem(name, 1, gettext("The file is not a list of keys with what belongs to each.")))
        return
    for key, value in root.value:
        yield str(key.value), key.start_mark.line + 1, value


def _read_uses(name: str, text: str) -> Read:
    """Subjects with their words in order, words that are not shown, linked or searched, and articles that explain."""
    result = Read()
    given: dict[str, Given] = {}
    parts = {
        part: (line, yaml.BaseLoader("").construct_object(node, deep=True))
        for part, line, node in _entries(name, text, result)
    }
    for part, (line, value) in parts.items():
        take = _PARTS.get(part)
        if take is None or not isinstance(value, dict if part in ("subjects", "articles") else list):
            message = gettext("“%(part)s” is not known here, or does not hold what belongs there.")
            result.problems.append(Problem(name, line, message % {"part": part}))
            continue
        try:
            for key, fields in take(value):
                given.setdefault(_checked_key(str(key)), Given(str(key), name, line)).fields.update(fields)
        except _Refused as error:
            result.problems.append(Problem(name, line, str(error)))
    for one in given.values() if "subjects" in parts else ():
        one.fields = dict.fromkeys(LISTS.values(), True) | {"article": ""} | one.fields
    result.given = list(given.values())
    return result


def _subjects(value: Mapping[Any, Any]) -> Iterator[tuple[Any, dict[str, Any]]]:
    position = 0
    for subject, keys in value.items():
        if subject not in Subject.values or not isinstance(keys, list):
            message = gettext("“%(subject)s” is no subject; there are %(subjects)s.")
            raise _Refused(message % {"subject": subject, "subjects": ", ".join(Subject.values)})
        for key in keys:
            position += 1
            yield key, {"subject": subject, "position": position}


def _without(flag: str) -> Callable[[Any], Iterator[tuple[Any, dict[str, Any]]]]:
    return lambda keys: ((key, {flag: False}) for key in keys)


_PARTS: dict[str, Callable[[Any], Iterator[tuple[Any, dict[str, Any]]]]] = {
    "subjects": _subjects,
    "articles": lambda value: ((key, {"article": str(slug)}) for key, slug in value.items()),
    **{name: _without(flag) for name, flag in LISTS.items()},
}


# Writing


def table_of(rows: Iterable[Mapping[str, Any]], languages: Iterable[str]) -> tuple[list[str], Iterator[list[str]]]:
    """The first row of the table in its full form, and the others. A row holds the fields of `Given`, and texts by
    (name, language)."""
    codes = list(languages)
    more = [f"definition_{code}" for code in codes if code != "en"] + [f"also_{code}" for code in codes]
    head = [*BASE, *codes, *REST, *more]
    written = (_row(row, codes) for row in rows)
    return head, ([str(cells[name]) for name in head] for cells in written)


def _row(row: Mapping[str, Any], codes: list[str]) -> dict[str, Any]:
    texts: Mapping[tuple[str, str], str] = row["texts"]
    cells: dict[str, Any] = {name: row[name] for name in ("key", *PLAIN, "position")}
    cells["uses"] = " ".join(use for use, flag in FLAGS.items() if row[flag])
    cells["avoid"] = "; ".join(f"{code}:{word}" for code in codes for word in texts["rejected", code].splitlines())
    for code in codes:
        cells[code] = texts["term", code]
        cells[f"definition_{code}"] = texts["definition", code]
        cells[f"also_{code}"] = "; ".join(texts["also", code].splitlines())
    return cells
