"""Documents as files: front matter and text, in and out, and which files of a folder are documents.

A document that cannot be read raises `BadFile` with the line where it is wrong; nothing here writes to the database.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext

LARGEST_FILE = 2 * 1024 * 1024  # bytes; the longest document of the corpus has 80 kB
SLUG = re.compile(r"[a-z0-9][a-z0-9_-]*", re.IGNORECASE)
LANGUAGE_FOLDER = re.compile(r"[a-z]{2,3}(-[a-z]{2,4})?")
ANNOUNCEMENTS = "announcements"
CATEGORIES = "categories.yaml"
PICTURES = "pictures"

# Order of the keys in canonical form, with the value that is left out.
ARTICLE_KEYS: dict[str, Any] = {
    "title": None,
    "slug": None,
    "lang": None,
    "category": None,
    "type": "faq",
    "summary": "",
    "audience": "public",
    "source_lang": "en",
    "tags": [],
    "related": [],
    "promoted": False,
    "outdated": [],
}
ANNOUNCEMENT_KEYS: dict[str, Any] = {
    "title": None,
    "slug": None,
    "lang": None,
    "kind": "announcement",
    "summary": "",
    "source_lang": "en",
    "published_at": None,
    "starts_at": None,
    "ends_at": None,
    "band": False,
}
QUOTED = {"title", "summary"}


class BadFile(Exception):
    """A file that is left out: why, and at which line (from one; 0 where no line is to blame)."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class Document:
    """Front matter as values, the lines of keys that we do not know, the text, and where the text begins."""

    values: dict[str, Any]
    unknown: dict[str, str]
    body: str
    body_line: int
    lines: dict[str, int] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        return str(self.values["slug"])

    @property
    def language(self) -> str:
        return str(self.values["lang"])


@dataclass(frozen=True)
class Folder:
    """The documents of a folder by path, and what at its top is not read."""

    documents: list[Path]
    announcements: list[Path]
    ignored: list[str]


def list_folder(root: Path, languages: set[str]) -> Folder:
    """The files `<lang>/*.md` and `announcements/<lang>/*.md`; everything else at the top is listed as ignored."""
    documents: list[Path] = []
    announcements: list[Path] = []
    ignored: list[str] = []
    for entry in sorted(root.iterdir()):
        if entry.is_dir() and entry.name == ANNOUNCEMENTS:
            announcements += [path for folder in sorted(entry.iterdir()) if folder.is_dir() for path in _texts(folder)]
        elif entry.is_dir() and (entry.name in languages or LANGUAGE_FOLDER.fullmatch(entry.name)):
            documents += _texts(entry)
        elif entry.name != CATEGORIES:
            ignored.append(entry.name)
    return Folder(documents, announcements, ignored)


def _texts(folder: Path) -> Iterator[Path]:
    yield from sorted(path for path in folder.iterdir() if path.suffix == ".md")


def read_text(path: Path, root: Path) -> str:
    """The text of a file inside `root`. Raises BadFile for a link, a file outside, a huge one, and not UTF-8."""
    if path.is_symlink() or path.parent.is_symlink():
        raise BadFile(gettext("The file is a symbolic link; links are not followed."))
    if not path.resolve().is_relative_to(root.resolve()):
        raise BadFile(gettext("The file lies outside the folder."))
    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise BadFile(gettext("The file has %(size)d MB; at most 2 MB are taken.") % {"size": size // 1048576})
    data = path.read_bytes()
    try:
        return data.decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise BadFile(gettext("The text is not UTF-8."), line) from error


def parse(text: str, known: dict[str, Any]) -> Document:
    """Split a document into front matter and text. Raises BadFile."""
    front, body, body_line = _split(text)
    try:
        node = yaml.compose(front, Loader=yaml.SafeLoader)
        values = yaml.safe_load(front) or {}
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        message = gettext("The front matter is not valid YAML: %(problem)s.")
        raise BadFile(message % {"problem": error.problem or error}, line) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise BadFile(gettext("The front matter is not valid YAML: %(problem)s.") % {"problem": error}, 1) from error
    if not isinstance(values, dict) or not isinstance(node, yaml.MappingNode):
        raise BadFile(gettext("The front matter is not a list of keys and values."), 1)
    lines = {key.value: key.start_mark.line + 2 for key, _ in node.value}
    return Document(
        values={key: value for key, value in values.items() if key in known},
        unknown=_unknown_lines(front, node, known),
        body=body,
        body_line=body_line,
        lines=lines,
    )


def _split(text: str) -> tuple[str, str, int]:
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        raise BadFile(gettext("The file does not begin with front matter (a line “---”)."), 1)
    try:
        end = next(i for i, line in enumerate(lines[1:200], 1) if line.rstrip() == "---")
    except StopIteration:
        raise BadFile(gettext("The front matter has no end (a second line “---”)."), 1) from None
    start = end + 1
    if start < len(lines) and not lines[start].strip():
        start += 1
    return "\n".join(lines[1:end]) + "\n", "\n".join(lines[start:]), start + 1


def _unknown_lines(front: str, node: yaml.MappingNode, known: dict[str, Any]) -> dict[str, str]:
    """The lines of each key that the product does not know, to be written back as they were."""
    rows = front.split("\n")
    starts = [(key.value, key.start_mark.line) for key, _ in node.value]
    ends = [line for _, line in starts[1:]] + [len(rows)]
    return {
        key: "\n".join(rows[start:end]).rstrip("\n")
        for (key, start), end in zip(starts, ends, strict=True)
        if key not in known
    }


def write(values: dict[str, Any], unknown: dict[str, str], body: str, known: dict[str, Any]) -> str:
    """A document in canonical form."""
    rows = ["---"]
    for key, default in known.items():
        value = values.get(key)
        if value is None or (default is not None and value == default):
            continue
        rows.append(f"{key}: {_scalar(key, value)}")
    rows += unknown.values()
    return "\n".join([*rows, "---", "", body])


def _scalar(key: str, value: Any) -> str:
    if key in QUOTED:
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(_item(item) for item in value)}]"
    return str(value)


def _item(value: Any) -> str:
    text = str(value)
    return text if re.fullmatch(r"[\w][\w-]*", text) and not text.isdigit() else json.dumps(text, ensure_ascii=False)
