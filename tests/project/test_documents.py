"""What the documents name is there: a link leads somewhere, a module of a README lies in its room, and what the map of
the architecture tells a newcomer to look for stands in the file that it names."""

import ast
import re
from functools import cache
from pathlib import Path

from tests.project.test_consistency import PRODUCT, ROOT, text, tracked

MAP = ("Where does it happen?", "How do I add …?")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#([^)\s]+))?\)")
CODE = re.compile(r"`([^`\n]+)`")
EXAMPLES = ROOT / "docs" / "markdown.md"  # shows links of articles


def documents() -> list[Path]:
    return [file for file in tracked() if file.suffix == ".md" and "fixtures" not in file.parts]


def leads_nowhere(file: Path, target: str) -> bool:
    return "://" not in target and not target.startswith("mailto:") and not (file.parent / target).exists()


def test_every_link_of_the_documents_leads_somewhere():
    found = {(file, target) for file in documents() if file != EXAMPLES for target, _ in LINK.findall(text(file))}
    assert len(found) > 100
    assert {(str(file), target) for file, target in found if leads_nowhere(file, target)} == set()


def anchors(file: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", text(file), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_link_to_a_part_of_a_document_finds_its_heading():
    found = {
        (file, file.parent / target, anchor)
        for file in documents()
        for target, anchor in LINK.findall(text(file))
        if anchor and target.endswith(".md") and (file.parent / target).exists()
    }
    assert found
    assert {(str(file), anchor) for file, target, anchor in found if anchor not in anchors(target)} == set()


def test_every_module_that_a_readme_names_lies_in_its_room():
    """A name without a folder may stand behind the name of one; a path is below the room or below the root."""
    missing = []
    for readme in (
        file for file in documents() if file.name == "README.md" and file.relative_to(ROOT).parts[0] in PRODUCT
    ):
        names = {path.name for path in readme.parent.rglob("*.py")}
        for path in (found for found in CODE.findall(text(readme)) if re.fullmatch(r"[\w/]+\.py", found)):
            is_there = path in names or (ROOT / path).exists() or any(readme.parent.rglob(path))
            missing += [] if is_there else [f"{readme.relative_to(ROOT)}: {path}"]
    assert missing == []


@cache
def names_in(file: Path) -> set[str]:
    """Functions, methods, classes and constants of a module."""
    found = set()
    for node in ast.walk(ast.parse(text(file))):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
    return found


def rows_of_the_map() -> list[str]:
    page = text(ROOT / "docs" / "architecture.md")
    parts = [page.split(f"\n## {name}\n", 1)[1].split("\n## ", 1)[0] for name in MAP]
    return [line for part in parts for line in part.splitlines() if line.startswith("| ")][2:]


def test_what_the_map_says_to_look_for_stands_in_the_file_that_it_names():
    looked_for, wrong = 0, []
    for row in rows_of_the_map():
        file: Path | None = None
        for is_after, name in re.findall(r"(: |, )?`([^`]+)`", row):
            if "/" in name:
                file = ROOT / name
                wrong += [] if file.exists() else [name]
            elif is_after and file is not None and file.suffix == ".py":
                looked_for += 1
                wrong += [] if name in names_in(file) else [f"{file.relative_to(ROOT)}: {name}"]
    assert looked_for > 50
    assert wrong == []
