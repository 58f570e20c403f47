"""Categories as a table: what a file would change, exactly that, and the table of what is there.

A row is found by its slug. A column that the file does not have and a category that it does not name stay as they
are; an empty cell empties a text, puts a category at the top, and leaves a position alone.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from helpcenter import freshness
from helpcenter.actions import import_plan
from helpcenter.actions.access import require
from helpcenter.actions.categorising import TEXTS, longest
from helpcenter.actions.import_plan import Effect, RowRefused, Step, by_name, plain
from helpcenter.content import tables
from helpcenter.content.files import SLUG
from helpcenter.content.tables import Table
from helpcenter.models import Category
from helpcenter.models.category import DEEPEST
from supportdesk.ui.languages import column, content_languages

BASE = ("slug", "parent", "position")


def columns() -> list[str]:
    """`slug`, `parent`, `position`, then `name_ja`, `description_ja` and so on."""
    return [*BASE, *texts()]


def texts() -> dict[str, str]:
    """Columns of texts in the file, with the columns of the database."""
    return {f"{name}_{code}": column(name, code) for name in TEXTS for code in content_languages()}


@dataclass
class Row:
    """A category as the file has it: cells by column."""

    line: int
    slug: str
    cells: dict[str, str]
    before: dict[str, str] = field(default_factory=dict)

    @property
    def is_new(self) -> bool:
        return not self.before

    @property
    def changed(self) -> dict[str, str]:
        return {name: cell for name, cell in self.cells.items() if plain(self.before.get(name, "")) != cell}

    @property
    def moves(self) -> bool:
        return self.is_new or "parent" in self.changed


@dataclass
class Plan(import_plan.Plan):
    rows: list[Row] = field(default_factory=list)

    effects = (Effect.ADDED, Effect.CHANGED, Effect.UNCHANGED, Effect.REFUSED)


def plan(table: Table) -> Plan:
    """What a table would do to the categories as they are now. Raises BadTable for what is no table of categories."""
    tables.refuse_head(table.head, known=columns(), needed=("slug",))
    stored = {row[0]: dict(zip(columns(), row, strict=True)) for row in _written(Category.objects.in_order())}
    steps: list[Step] = []
    rows = list(_rows(table, stored, steps))
    rows = _placed(rows, {slug: row["parent"] for slug, row in stored.items()}, steps)
    steps += [step for row in rows for step in _steps(row)]
    named = {row.slug for row in rows} | {step.key for step in steps}
    return Plan(sorted(steps, key=lambda step: step.line), len(set(stored) - named), rows)


@transaction.atomic
def apply(table: Table, *, by: Any, digest: str = "") -> Plan:
    """Do what a table says. With the `digest` of a plan that somebody has seen, that plan or nothing.

    Raises PermissionDenied, BadTable, and StalePlan where categories have changed since the plan was made.
    """
    require(by, "helpcenter.add_category")
    require(by, "helpcenter.change_category")
    list(Category.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
    found = plan(table)
    found.refuse_stale(digest)
    if found.changes_something:
        _save([row for row in found.rows if row.is_new or row.changed])
        freshness.bump()
    return found


def export(categories: Iterable[Category]) -> tuple[list[str], list[list[str]]]:
    """The first row and the others, which an import takes back unchanged."""
    return columns(), list(_written(categories))


def _written(categories: Iterable[Category]) -> Iterator[list[str]]:
    slugs = dict(Category.objects.values_list("pk", "slug"))
    for category in categories:
        own = [getattr(category, name) or "" for name in texts().values()]
        parent = slugs.get(category.parent_id, "") if category.parent_id else ""
        yield [category.slug, parent, str(category.position), *own]


# Reading


def _rows(table: Table, stored: Mapping[str, dict[str, str]], steps: list[Step]) -> Iterator[Row]:
    lines: dict[str, int] = {}
    for line, cells in table.rows:
        slug = ""
        try:
            named = by_name(table.head, cells)
            slug = named["slug"]
            yield _row(line, named, stored.get(slug, {}), lines)
            lines[slug] = line
        except RowRefused as error:
            steps.append(Step(line, Effect.REFUSED, slug[:80], error.column, reason=str(error)))


def _row(line: int, cells: dict[str, str], before: dict[str, str], lines: Mapping[str, int]) -> Row:
    slug = cells["slug"]
    if not SLUG.fullmatch(slug) or len(slug) > longest("slug"):
        message = gettext("“%(slug)s” is no slug: use letters a-z, digits, “-” and “_”.")
        raise RowRefused("slug", message % {"slug": slug[:60]})
    if slug in lines:
        message = gettext("“%(slug)s” stands in line %(line)d already.")
        raise RowRefused("slug", message % {"slug": slug, "line": lines[slug]})
    if not cells.get("position"):
        cells.pop("position", None)
    elif not re.fullmatch(r"[1-9][0-9]{0,6}", cells["position"]):
        message = gettext("“%(text)s” is no position: write a number from 1 to 9999999.")
        raise RowRefused("position", message % {"text": cells["position"][:40]})
    _refuse_texts(cells, before)
    return Row(line, slug, cells, before)


def _refuse_texts(cells: Mapping[str, str], before: Mapping[str, str]) -> None:
    for name in texts():
        most = longest(name.partition("_")[0])
        if len(cells.get(name, "")) > most:
            raise RowRefused(name, gettext("The text is longer than %(limit)d characters.") % {"limit": most})
    had_one = not before or before["name_en"]
    if had_one and not {**before, **cells}.get("name_en"):
        raise RowRefused("name_en", gettext("The English name is missing."))


# The tree that the rows would make


def _placed(rows: list[Row], parents: Mapping[str, str], steps: list[Step]) -> list[Row]:
    """The rows that have a place in the tree; the others go to `steps`, and with them what hangs on them."""
    while refused := _misplaced(rows, parents):
        steps += [Step(row.line, Effect.REFUSED, row.slug, "parent", reason=refused[row.slug]) for row in rows
                  if row.slug in refused]  # fmt: skip
        rows = [row for row in rows if row.slug not in refused]
    return rows


def _misplaced(rows: list[Row], parents: Mapping[str, str]) -> dict[str, str]:
    """Slugs of rows without a place, and why: the lowest row of a branch that hangs wrong is to blame."""
    wanted = {**parents, **{row.slug: row.cells.get("parent", row.before.get("parent", "")) for row in rows}}
    moved = {row.slug for row in rows if row.moves}
    refused = {}
    for slug in wanted:
        branch = _branch(slug, wanted)
        to_blame = next((other for other in branch if other in moved), "")
        if to_blame and (reason := _why_not(branch, wanted)):
            refused[to_blame] = reason
    return refused


def _branch(slug: str, parents: Mapping[str, str]) -> list[str]:
    """A slug and what it hangs on, up to the top, or to one level more than there may be."""
    branch = [slug]
    while parents.get(branch[-1]) and len(branch) <= DEEPEST:
        branch.append(parents[branch[-1]])
    return branch


def _why_not(branch: list[str], parents: Mapping[str, str]) -> str:
    if branch[-1] not in parents:
        return gettext("There is no category “%(slug)s”.") % {"slug": branch[-1][:60]}
    if len(set(branch)) < len(branch):
        return gettext("The category would stand below itself.")
    if len(branch) > DEEPEST:
        message = gettext("Categories go %(levels)d levels deep. Choose a parent further up.")
        return message % {"levels": DEEPEST}
    return ""


# Steps, and doing them


def _steps(row: Row) -> Iterator[Step]:
    if row.is_new:
        after = " · ".join(cell for name, cell in row.cells.items() if name != "slug" and cell)
        yield Step(row.line, Effect.ADDED, row.slug, after=after)
        return
    for name, cell in row.changed.items():
        yield Step(row.line, Effect.CHANGED, row.slug, name, row.before[name], cell)
    if not row.changed:
        yield Step(row.line, Effect.UNCHANGED, row.slug)


def _save(rows: list[Row]) -> None:
    """Parents before what hangs on them."""
    known = {category.slug: category for category in Category.objects.all()}
    waiting = rows
    while waiting:
        new = {row.slug for row in waiting if row.is_new}
        later = [row for row in waiting if row.cells.get("parent") in new]
        for row in waiting:
            if row.cells.get("parent") not in new:
                known[row.slug] = _stored(row, known)
        waiting = later


def _stored(row: Row, known: Mapping[str, Category]) -> Category:
    category = known.get(row.slug) or Category(slug=row.slug)
    for name, cell in row.changed.items():
        if name == "parent":
            category.parent = known[cell] if cell else None
        elif name == "position":
            category.position = int(cell)
        elif name in texts():
            setattr(category, texts()[name], cell)
    category.save()
    return category
