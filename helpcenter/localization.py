"""Which text a reader gets when the one in their language is missing, and how far a translation is. Pure."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from helpcenter.enums import Standing

# Scripts of one language: readers of one read the other more easily than English.
VARIANTS = {"zh-hans": "zh-hant", "zh-hant": "zh-hans"}
COMMON = "en"


@dataclass(frozen=True)
class Shown:
    """The language that a reader asked for and the one that is shown."""

    asked: str
    language: str

    @property
    def is_fallback(self) -> bool:
        return self.asked != self.language


def chain(language: str, fallbacks: Mapping[str, Sequence[str]], source: str = COMMON) -> tuple[str, ...]:
    """The languages to try in order: the reader's, its variant, the site's fallbacks, English, the source language."""
    tried = [language, VARIANTS.get(language), *fallbacks.get(language, ()), COMMON, source]
    return tuple(dict.fromkeys(code for code in tried if code))


def preference(first: Iterable[str], source: str, public: Sequence[str], written: Sequence[str]) -> list[str]:
    """All languages that content is written in, as a reader takes them: those of the chain (`first`), the source
    language, the others. One that is switched off comes after all that are on: its own pages lead elsewhere."""
    tried = [code for code in dict.fromkeys([*first, source, *public, *written]) if code in written]
    return sorted(tried, key=lambda code: code not in public)


def choose(asked: str, order: Iterable[str], published: Collection[str]) -> Shown | None:
    """The first language of `order` that is published, else any that is, else None."""
    for code in order:
        if code in published:
            return Shown(asked, code)
    return Shown(asked, min(published)) if published else None


def first_with(languages: Iterable[str], has: Callable[[str], bool]) -> str | None:
    """The first of the languages for which `has` holds."""
    return next((code for code in languages if has(code)), None)


# How far a text is


class Progress(StrEnum):
    """What is to be done about an article in a language, in one word."""

    SOURCE = "source"
    UP_TO_DATE = "up_to_date"
    OUTDATED = "outdated"
    OVERDUE = "overdue"
    DIFFERS = "differs"
    WAITING = "waiting"
    MISSING = "missing"
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    CHANGES_ASKED = "changes_asked"
    REJECTED = "rejected"
    APPROVED = "approved"
    SCHEDULED = "scheduled"


DONE = frozenset({Progress.SOURCE, Progress.UP_TO_DATE})
OVERDUE_AFTER = 20  # days since a major change of the source

# How much a language needs work, from none to most. Readers of a text that has been wrong for weeks are worse off than
# those of one that is missing, who get another language and are told so; what is being worked on needs others less.
NEED: dict[Progress, int] = {
    Progress.SOURCE: 0,
    Progress.UP_TO_DATE: 0,
    Progress.SCHEDULED: 0,
    Progress.WAITING: 1,
    Progress.APPROVED: 1,
    Progress.IN_REVIEW: 1,
    Progress.DRAFT: 2,
    Progress.CHANGES_ASKED: 2,
    Progress.REJECTED: 2,
    Progress.OUTDATED: 3,
    Progress.DIFFERS: 3,
    Progress.MISSING: 4,
    Progress.OVERDUE: 5,
}

_AT_WORK = {
    Standing.IN_REVIEW: Progress.IN_REVIEW,
    Standing.CHANGES_ASKED: Progress.CHANGES_ASKED,
    Standing.REJECTED: Progress.REJECTED,
    Standing.APPROVED: Progress.APPROVED,
}


@dataclass(frozen=True, slots=True)
class SourceChange:
    """A publication of the source: the row of its revision (later ones have higher numbers), its moment (UTC), and
    whether readers may have acted on the text before."""

    revision: int
    at: datetime
    is_major: bool


@dataclass(frozen=True, slots=True)
class SourceText:
    """What translations are held against. `public` and `ready` are rows of revisions: what readers see, and what
    translators were handed; `changes` are its publications, oldest first."""

    public: int | None = None
    ready: int | None = None
    public_since: datetime | None = None
    changes: Sequence[SourceChange] = ()


@dataclass(frozen=True, slots=True)
class TextFacts:
    """An article in one language, as it is stored. `latest`, `public` and `based_on` are rows of revisions."""

    latest: int | None = None
    public: int | None = None
    based_on: int | None = None
    standing: str = Standing.DRAFT
    is_outdated: bool = False
    is_scheduled: bool = False
    assignee: str = ""
    assignee_id: int | None = None
    is_differing: bool = False  # the newest text says something else than its source


@dataclass(frozen=True, slots=True)
class Cell:
    """Where an article stands in a language. `days` counts from the change of the source that the public translation
    has not followed; None where it is up to date, or not public."""

    progress: Progress
    days: int | None = None
    is_major: bool = False
    assignee: str = ""
    assignee_id: int | None = None

    @property
    def is_done(self) -> bool:
        return self.progress in DONE


def cell(text: TextFacts, source: SourceText, *, is_source: bool, now: datetime) -> Cell:
    """What is to be done about a text. Work on the newest text comes before what is wrong with the public one."""
    days, is_major = (None, False) if is_source else _behind(text, source, now)
    progress = _at_work(text) or (Progress.SOURCE if is_source else _of_translation(text, source, days, is_major))
    if text.latest is None:
        progress = Progress.MISSING if is_source or source.ready else Progress.WAITING
    return Cell(progress, days, is_major, text.assignee, text.assignee_id)


def _at_work(text: TextFacts) -> Progress | None:
    if text.latest is None:
        return None
    if text.is_scheduled:
        return Progress.SCHEDULED
    at_work = _AT_WORK.get(Standing(text.standing))
    if text.latest == text.public:
        return at_work if at_work == Progress.IN_REVIEW else None
    return at_work or (Progress.DIFFERS if text.is_differing else Progress.DRAFT)


def _of_translation(text: TextFacts, source: SourceText, days: int | None, is_major: bool) -> Progress:
    if not text.is_outdated:
        return Progress.DIFFERS if text.is_differing else Progress.UP_TO_DATE
    if source.ready != source.public and (text.based_on or 0) >= (source.ready or 0):
        return Progress.WAITING  # up to date with everything that was handed to translators
    return Progress.OVERDUE if is_major and (days or 0) > OVERDUE_AFTER else Progress.OUTDATED


def _behind(text: TextFacts, source: SourceText, now: datetime) -> tuple[int | None, bool]:
    """Whole days since the source said something else than the public translation, and whether that was major."""
    if text.public is None or not text.is_outdated:
        return None, False
    later = [change for change in source.changes if change.revision > (text.based_on or 0)]
    major = [change for change in later if change.is_major]
    since = next((change.at for change in major or later), source.public_since)
    return max(0, (now - since).days) if since else None, bool(major)


def need(cells: Iterable[Cell]) -> int:
    """How much work an article needs: a hundred for each degree (see NEED) of the language that needs most, and what
    all its languages need together, at most 99 of that.

    So one language that is wrong weighs nearly as much as many: reads, not the number of languages, decide what comes
    first, and the languages decide between articles that are read alike.
    """
    weights = [NEED[one.progress] for one in cells]
    return 100 * max(weights, default=0) + min(sum(weights), 99)


def priority(reads: int, cells: Iterable[Cell]) -> int:
    """What to translate first: need times reads of thirty days. An article that nobody read counts as a tenth of a
    reader: it stands below every one that is read and needs anything (101 is the least need of these, 599 the most),
    and above those that need nothing, which are 0."""
    return need(cells) * (10 * reads + 1)


def percent(done: int, total: int) -> int:
    """How much is done, never more than is true: 199 of 200 are 99."""
    return done * 100 // total if total else 100
