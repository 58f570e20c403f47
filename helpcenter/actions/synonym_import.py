"""Synonyms as a table: a group of words per row. A group is known by its language and its words, in any order; so a
group with another word is another group, and the one that it replaces goes only where removing was asked for."""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext
from simple_history.utils import bulk_create_with_history

from helpcenter import freshness
from helpcenter.actions import import_plan, search_words
from helpcenter.actions.access import require
from helpcenter.actions.import_plan import Effect, RowRefused, Step, by_name
from helpcenter.content import tables
from helpcenter.content.tables import Table
from helpcenter.models import Synonym
from helpcenter.models.search_log import sides_of, tidied
from supportdesk.ui.languages import content_languages

COLUMNS = ("language", "words")
LONGEST = 400  # characters of a group

Group = tuple[str, frozenset[str], frozenset[str]]  # language, what people say, what texts may say for it


@dataclass
class Plan(import_plan.Plan):
    added: list[Synonym] = field(default_factory=list)
    removed: list[Synonym] = field(default_factory=list)

    effects = (Effect.ADDED, Effect.REMOVED, Effect.UNCHANGED, Effect.REFUSED)


def plan(table: Table, *, removes: bool = False) -> Plan:
    """What a table would do to the synonyms as they are now. Raises BadTable for what is no table of synonyms.

    With `removes`, what the file does not name goes, unless a row is refused: it may be the one that names it.
    """
    tables.refuse_head(table.head, known=COLUMNS, needed=COLUMNS)
    found = Plan([])
    stored: dict[Group, list[Synonym]] = {}
    for synonym in Synonym.objects.all():
        stored.setdefault(_group(synonym.language, synonym.words), []).append(synonym)
    named: set[Group] = set()
    for line, cells in table.rows:
        found.steps.append(_step(line, cells, table.head, stored, named, found))
    left = [synonym for group, rows in stored.items() if group not in named for synonym in rows]
    if removes and not found.refused:
        found.removed = left
        found.steps += [Step(0, Effect.REMOVED, row.language, "words", before=row.words) for row in left]
    found.kept = len(left) - len(found.removed)
    return found


@transaction.atomic
def apply(table: Table, *, by: Any, digest: str = "", removes: bool = False) -> Plan:
    """Do what a table says. With the `digest` of a plan that somebody has seen, that plan or nothing.

    Raises PermissionDenied, BadTable, and StalePlan where synonyms have changed since the plan was made.
    """
    for right in ("add", "change", *(["delete"] if removes else [])):
        require(by, f"helpcenter.{right}_synonym")
    list(Synonym.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
    found = plan(table, removes=removes)
    found.refuse_stale(digest)
    for synonym in found.removed:
        synonym.delete()
    bulk_create_with_history(found.added, Synonym, batch_size=500, default_user=by)
    if found.changes_something:
        freshness.bump()
    return found


def export(synonyms: Iterable[Synonym]) -> tuple[list[str], Iterator[list[str]]]:
    """The first row and the others, which an import takes back unchanged."""
    return list(COLUMNS), ([synonym.language, synonym.words] for synonym in synonyms)


def _group(language: str, words: str) -> Group:
    said, meant = sides_of(words)
    return language, frozenset(said), frozenset(meant)


def _step(
    line: int, cells: list[str], head: list[str], stored: Container[Group], named: set[Group], found: Plan
) -> Step:
    language = ""
    try:
        row = by_name(head, cells)
        language, words = row["language"], tidied(row["words"])
        group = _group(language, words)
        if group in stored or group in named:
            named.add(group)
            return Step(line, Effect.UNCHANGED, language, after=words)
        _refuse(language, words)
    except RowRefused as error:
        return Step(line, Effect.REFUSED, language[:12], error.column, reason=str(error))
    named.add(group)
    found.added.append(Synonym(language=language, words=words))
    return Step(line, Effect.ADDED, language, "words", after=words)


def _refuse(language: str, words: str) -> None:
    if language and language not in content_languages():
        message = gettext("“%(code)s” is no language of this site. Leave the cell empty for all languages.")
        raise RowRefused("language", message % {"code": language[:20]})
    if fault := search_words.fault_in_synonyms(words):
        raise RowRefused("words", fault)
    if len(words) > LONGEST:
        raise RowRefused("words", gettext("The text is longer than %(limit)d characters.") % {"limit": LONGEST})
