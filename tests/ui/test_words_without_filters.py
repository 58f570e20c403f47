"""Templates that `drawn.fill` fills put no filter on a word: the word comes after the filter."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.template.loader import get_template

ROOT = Path(settings.BASE_DIR)
FILLED = re.compile(r"\b(?:drawn\.fill|fill_page|filled)\(\s*(?:request,\s*)?f?\"([^\"]+)\"")
WITHIN = re.compile(r'{% (?:extends|include) "([^"]+)"')
FILTERED = re.compile(r"([A-Za-z_][\w.]*)\s*\|\s*\w+")


def sources() -> Iterator[str]:
    for app in ("supportdesk", "helpcenter", "tickets"):
        yield from (file.read_text() for file in (ROOT / app).rglob("*.py"))


def template_name(written: str) -> str:
    """The desk names its templates by their last part, or below a folder that is named once."""
    known = written.replace("{_PARTS}", "tickets/workspace/parts")
    return known if known.endswith(".html") else f"tickets/workspace/{known}.html"


def filled_templates() -> set[str]:
    """Those that are filled, with all that they extend or include."""
    found: set[str] = set()
    waiting = [template_name(name) for text in sources() for name in FILLED.findall(text) if "{template}" not in name]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += WITHIN.findall(markup(name))
    return found


def markup(name: str) -> str:
    return Path(get_template(name).origin.name).read_text()


def words() -> set[str]:
    """Names that modules give to what is filled: keys of their dictionaries but for those that are called a shape."""
    return {name for text in sources() if "drawn" in text or "fill" in text for name in _keys(ast.parse(text))}


def _keys(node: ast.AST) -> Iterator[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    if any(isinstance(target, ast.Name) and target.id == "shape" for target in targets):
        return
    if isinstance(node, ast.Dict):
        yield from (key.value for key in node.keys if isinstance(key, ast.Constant) and isinstance(key.value, str))
    for child in ast.iter_child_nodes(node):
        yield from _keys(child)


def test_what_is_looked_at_is_what_is_filled():
    assert {"helpcenter/search.html", "helpcenter/parts/found.html", "tickets/workspace/base.html"} < filled_templates()
    assert {"filters.query", "line.body", "said", "usual_reply", "card.title"} < words()
    assert FILTERED.findall("{{ filters.query|urlencode }}") == ["filters.query"]


def test_no_word_has_a_filter():
    known = words()
    found = {(name, word) for name in filled_templates() for word in FILTERED.findall(markup(name)) if word in known}
    assert found == set()
