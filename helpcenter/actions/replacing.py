"""Find and replace over many texts: a plan that people look at, then one new revision for each text that they chose."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from helpcenter.actions import access, drafting
from helpcenter.content.replacing import Occurrence, Search
from helpcenter.enums import Significance
from helpcenter.errors import ContentError, InvalidText, StalePlan
from helpcenter.models import Revision, TranslationState
from helpcenter.models.article import published_columns

SHORTEST = 2  # characters; one would match nearly everything
MOST = 500  # texts at a time


@dataclass(frozen=True)
class Hit:
    """A text that would change: its newest revision, and where. `waits` says that a draft stands behind the public
    text: replacing goes on from the draft."""

    revision: Revision
    occurrences: tuple[Occurrence, ...]
    waits: bool

    @property
    def key(self) -> str:
        return f"{self.revision.article_id}:{self.revision.language}"


@dataclass(frozen=True)
class Plan:
    search: Search
    by: str
    hits: tuple[Hit, ...] = ()
    is_cut: bool = False

    @property
    def count(self) -> int:
        return sum(len(hit.occurrences) for hit in self.hits)

    @property
    def fingerprint(self) -> str:
        """Names what was previewed: the words, and the revision of each text."""
        rows = [f"{hit.key}:{hit.revision.number}" for hit in self.hits]
        said = "\0".join([self.search.words, self.by, *rows])
        return hashlib.sha256(said.encode()).hexdigest()[:32]


@dataclass
class Outcome:
    """What became of a plan: revisions that were saved, and texts that were refused with the reason."""

    saved: list[Revision] = field(default_factory=list)
    refused: list[tuple[Revision, str]] = field(default_factory=list)


def plan(search: Search, by: str, *, languages: Collection[str], person: Any) -> Plan:
    """What replacing would change in the newest texts of articles that are not archived, in the languages that the
    person writes. Raises PermissionDenied, InvalidText for words that are too short or stay the same."""
    access.require(person, "helpcenter.change_article")
    if len(search.words.strip()) < SHORTEST:
        raise InvalidText(gettext("Look for at least %(count)d characters.") % {"count": SHORTEST})
    if search.words == by:
        raise InvalidText(gettext("The new words are the old ones."))
    hits: list[Hit] = []
    for state in _states(languages).iterator():
        if len(hits) == MOST:
            return Plan(search, by, tuple(hits), is_cut=True)
        found = _occurrences(search, state.latest)
        if found and state.latest and access.may_write(person, state.article, state.language):
            hits.append(Hit(state.latest, tuple(found), waits=state.has_draft and state.is_published))
    return Plan(search, by, tuple(hits))


def _states(languages: Collection[str]) -> Any:
    rows = TranslationState.objects.filter(language__in=list(languages), article__archived_at__isnull=True)
    hidden = [f"{path}__{name}" for path in ("article", "latest__article") for name in published_columns()]
    related = rows.filter(latest__isnull=False).select_related("article", "latest__article")
    return related.defer(*hidden).order_by("article__slug", "language")


def _occurrences(search: Search, revision: Revision | None) -> Iterable[Occurrence]:
    if revision is None:
        return []
    texts = ((revision.title, False), (revision.summary, False), (revision.body, True))
    return [found for text, is_body in texts for found in search.occurrences(text, is_body=is_body)]


@transaction.atomic
def apply(
    chosen: Plan, keys: Collection[str], *, fingerprint: str, by: Any, note: str, significance: Significance
) -> Outcome:
    """Save a new draft of each chosen text. What the checks refuse is left out and named; nothing is published.

    Raises StalePlan where a text changed since the preview.
    """
    if chosen.fingerprint != fingerprint:
        raise StalePlan(gettext("A text was changed since the preview. Look at the new preview, then replace again."))
    outcome = Outcome()
    for hit in chosen.hits:
        if hit.key in keys:
            _replace(chosen, hit, outcome, by=by, note=note, significance=significance)
    return outcome


def _replace(chosen: Plan, hit: Hit, outcome: Outcome, **options: Any) -> None:
    old, replaced = hit.revision, chosen.search.replaced
    text = drafting.Text(
        title=replaced(old.title, chosen.by),
        body=replaced(old.body, chosen.by),
        summary=replaced(old.summary, chosen.by),
        extra=old.extra,
        outdated=tuple(_outdated(old)),
    )
    try:
        with transaction.atomic():
            outcome.saved.append(drafting.save_revision(old.article, old.language, text, seen=old.number, **options))
    except ContentError as error:
        outcome.refused.append((old, str(error)))


def _outdated(revision: Revision) -> list[str]:
    """Parts that stay older than the source: other words make none up to date."""
    return drafting.outdated_keys(revision, drafting.source_revision(revision.article))
