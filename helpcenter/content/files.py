"""Documents as text: front matter and body, in and out.

A document that cannot be read raises `BadFile` with the line where it is wrong; nothing here touches a disk or a
database.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any

import yaml
from django.utils.translation import gettext

from helpcenter.content import yaml_text

SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
LONGEST_FRONT = 200  # lines

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
    "questions": [],
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
SENTENCES = {"questions"}  # lists of lines that each stand on their own
MOMENTS = {"published_at", "starts_at", "ends_at"}

_WORD = re.compile(r"[A-Za-z0-9][\w-]*", re.ASCII)
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")  # YAML reads these only where they are escaped
_TEXT = "tag:yaml.org,2002:str"
_NULL = "tag:yaml.org,2002:null"


class BadFile(Exception):
    """A file that is left out: why, and at which line (from one; 0 where no line is to blame)."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class Document:
    """Front matter as values, the lines of the keys that we do not know, the text, and where the text begins.

    Words and moments are as they were written (`no` is a word), lists hold words, and the rest is what YAML says.
    """

    values: dict[str, Any]
    unknown: str
    body: str
    body_line: int
    lines: dict[str, int] = field(default_factory=dict)


def parse(text: str, known: dict[str, Any]) -> Document:
    """Split a document into front matter and text. Raises BadFile."""
    front, body, body_line = _split(text)
    node, values = _read_yaml(front)
    pairs = {key.value: value for key, value in node.value}
    return Document(
        values={key: _value(pairs[key], values[key], known[key]) for key in known if _is_said(pairs.get(key))},
        unknown=_unknown_lines(front, node, known),
        body=body,
        body_line=body_line,
        lines={key.value: key.start_mark.line + 2 for key, _ in node.value},
    )


def _split(text: str) -> tuple[str, str, int]:
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        raise BadFile(gettext("The file does not begin with front matter (a line “---”)."), 1)
    try:
        end = next(i for i, line in enumerate(lines[1:LONGEST_FRONT], 1) if line.rstrip() == "---")
    except StopIteration:
        raise BadFile(gettext("The front matter has no end (a second line “---”)."), 1) from None
    start = end + 1
    if start < len(lines) and not lines[start].strip():
        start += 1
    return "\n".join(lines[1:end]) + "\n", "\n".join(lines[start:]), start + 1


def _read_yaml(front: str) -> tuple[yaml.MappingNode, dict[str, Any]]:
    """The front matter as it is written, and what YAML makes of it."""
    invalid = gettext("The front matter is not valid YAML: %(problem)s.")
    try:
        loader = yaml_text.Values(front)
        node = loader.get_single_node()
        return _checked(node), loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        raise BadFile(invalid % {"problem": error.problem or error}, line) from error
    except yaml.reader.ReaderError as error:
        raise BadFile(invalid % {"problem": error.reason}, front.count("\n", 0, error.position) + 2) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise BadFile(invalid % {"problem": error}, 1) from error


def _checked(node: yaml.Node | None) -> yaml.MappingNode:
    """Keys that are words, one per line, each once; anything else is refused."""
    keys = [key for key, _ in node.value] if isinstance(node, yaml.MappingNode) and not node.flow_style else []
    if not isinstance(node, yaml.MappingNode) or not keys or not all(isinstance(k, yaml.ScalarNode) for k in keys):
        raise BadFile(gettext("The front matter is not a list of keys and values."), 1)
    seen: set[str] = set()
    for key in keys:
        if key.value in seen:
            message = gettext("The key “%(key)s” stands there twice.")
            raise BadFile(message % {"key": key.value[:60]}, key.start_mark.line + 2)
        seen.add(key.value)
    return node


def _is_said(node: yaml.Node | None) -> bool:
    """Whether a key is there with a value: `title:` alone says nothing."""
    return node is not None and not (node.tag == _NULL and not node.value)


def _value(node: yaml.Node, constructed: Any, default: Any) -> Any:
    if isinstance(default, bool):
        return constructed
    if isinstance(node, yaml.ScalarNode):
        return node.value
    if isinstance(node, yaml.SequenceNode) and all(isinstance(item, yaml.ScalarNode) for item in node.value):
        return [item.value for item in node.value]
    return constructed


def _unknown_lines(front: str, node: yaml.MappingNode, known: dict[str, Any]) -> str:
    """The lines of the keys that the product does not know, to be written back as they were."""
    rows = front.split("\n")
    starts = [(key.value, key.start_mark.line) for key, _ in node.value]
    ends = [line for _, line in starts[1:]] + [len(rows)]
    return "\n".join(
        "\n".join(rows[start:end]).rstrip("\n")
        for (key, start), end in zip(starts, ends, strict=True)
        if key not in known
    )


def write(values: dict[str, Any], unknown: str, body: str, known: dict[str, Any]) -> str:
    """A document in canonical form, which `parse` reads."""
    rows = ["---"]
    for key, default in known.items():
        value = values.get(key)
        if value is None or (default is not None and value == default):
            continue
        written = _scalar(key, value)
        rows.append(f"{key}:{written}" if written.startswith("\n") else f"{key}: {written}")
    if unknown:
        rows.append(_readable(unknown))
    return "\n".join([*rows, "---", "", body])


def _readable(unknown: str) -> str:
    """Lines of keys that we do not know, kept by a release that took what `yaml_text` refuses now, such as a tag: a
    value that cannot be read again is quoted whole, as we ask people to do, and lines that are no keys are remarks."""
    if _is_readable(unknown):
        return unknown
    rows = unknown.split("\n")
    try:
        node: Any = yaml.compose(unknown, Loader=yaml.BaseLoader)
        starts = [(key.value, key.start_mark.line) for key, _ in node.value]
        ends = [line for _, line in starts[1:]] + [len(rows)]
        parts = [_part(key, "\n".join(rows[start:end])) for (key, start), end in zip(starts, ends, strict=True)]
    except (yaml.YAMLError, ValueError, OverflowError, AttributeError, TypeError):
        parts = []
    found = "\n".join(parts)
    return found if parts and _is_readable(found) else "\n".join(f"# {row}" for row in rows)


def _part(key: str, written: str) -> str:
    if _is_readable(written):
        return written
    return f"{_word(key)}: {_quoted(written.partition(':')[2].strip())}"


def _is_readable(lines: str) -> bool:
    try:
        _read_yaml(f"{lines}\n")
    except BadFile:
        return False
    return True


def _scalar(key: str, value: Any) -> str:
    if key in QUOTED:
        return _quoted(value)
    if key in SENTENCES:
        return "".join(f"\n  - {_quoted(line)}" for line in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(_word(str(item)) for item in value)}]"
    return str(value) if key in MOMENTS else _word(str(value))


def _word(text: str) -> str:
    """A word, in quotation marks where YAML would read something else."""
    node = yaml.compose(text, Loader=yaml.SafeLoader) if _WORD.fullmatch(text) else None
    is_plain = node is not None and node.tag == _TEXT
    return text if is_plain else _quoted(text)


def _quoted(text: str) -> str:
    return _UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=False))
