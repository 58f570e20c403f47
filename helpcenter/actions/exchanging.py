"""Articles for translators as files, and back: first a report of what each file would do, then exactly that.

A file that comes back makes one draft per article. What stands against a segment (its source or its translation has
changed since, a figure differs) keeps that segment as it is and is told with the reason.
"""

import hashlib
import io
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from types import ModuleType
from typing import Any

from django.db import transaction
from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpcenter.actions import access, sheets
from helpcenter.actions.sheets import Handed, Sheet
from helpcenter.content import exchange, parity, segments
from helpcenter.content.exchange import LARGEST_FILE, ConflictKind, Exchange, State, Unit
from helpcenter.content.segments import Segment
from helpcenter.content.sheet import Words
from helpcenter.errors import ContentError, InvalidText, StalePlan
from helpcenter.models import Article, Revision
from helpcenter.outline import TITLE_KEY
from supportdesk.ui.languages import content_languages

MOST_FILES = 200
LARGEST_UNPACKED = 40_000_000  # bytes of all files of an archive together
FEWEST_SEGMENTS = 4  # segments; with fewer nobody can tell to which article a file belongs
STRANGE = 5  # with less than one known segment in so many, the file is that of another article


class Format(TextChoices):
    XLIFF = "xliff", "XLIFF 1.2"
    PO = "po", "PO (gettext)"

    @property
    def ending(self) -> str:
        """Of the name of a file."""
        return {"xliff": "xlf", "po": "po"}[self.value]

    @property
    def files(self) -> ModuleType:
        """What reads and writes such files. Asked for late: lxml and polib take 4 MB that few processes need."""
        return import_module(f"helpcenter.content.{self.value}")


class Effect(TextChoices):
    NEW = "new", _("new")
    CHANGED = "changed", _("changed")
    SAME = "same", _("same")
    CONFLICT = "conflict", _("conflict")
    LEFT = "left", _("not translated")


@dataclass(frozen=True)
class Step:
    """What becomes of a segment of a file, and why it is not taken over where it is not."""

    key: str
    effect: Effect
    source: str
    before: str
    after: str
    reason: str = ""


@dataclass(frozen=True)
class FilePlan:
    """What becomes of one file; `problem` says why nothing of it is taken."""

    name: str
    problem: str = ""
    sheet: Sheet | None = None
    steps: tuple[Step, ...] = ()
    finished: frozenset[str] = frozenset()  # keys of segments that translators have done

    @property
    def counts(self) -> dict[Effect, int]:
        return {effect: sum(step.effect == effect for step in self.steps) for effect in Effect}

    @property
    def changes_something(self) -> bool:
        return any(step.effect in (Effect.NEW, Effect.CHANGED) for step in self.steps)

    @property
    def told(self) -> list[Step]:
        """The steps that a person wants to see."""
        return [step for step in self.steps if step.effect in (Effect.NEW, Effect.CHANGED, Effect.CONFLICT)]


@dataclass(frozen=True)
class Plan:
    files: list[FilePlan] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """Tells this plan from any other: the same files on other texts give another one."""
        found = [(f.name, f.problem, f.steps, f.sheet and (f.sheet.seen, f.sheet.source.number)) for f in self.files]
        return hashlib.sha256(repr(found).encode()).hexdigest()

    @property
    def changes_something(self) -> bool:
        return any(file.changes_something for file in self.files)


# Out


def export(articles: Iterable[Article], language: str, kind: Format, *, is_all: bool, by: Any) -> bytes:
    """A ZIP with a file per article: all of it, or what is missing or out of date. Raises PermissionDenied, and
    InvalidText where there is nothing to translate."""
    out = io.BytesIO()
    count = 0
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for article in articles:
            access.require_writing(by, article, language)
            given_out = _exchange(article, language, is_all=is_all)
            if given_out is not None:
                archive.writestr(f"{article.slug}.{language}.{kind.ending}", kind.files.write(given_out))
                count += 1
    if not count:
        raise InvalidText(gettext("There is nothing to translate in these articles."))
    return out.getvalue()


def _exchange(article: Article, language: str, *, is_all: bool) -> Exchange | None:
    if language == article.source_language:
        return None
    found = sheets.read(article, language)
    outdated = {key for key, status in found.statuses.items() if status.is_open}
    units = exchange.units_of(_pairs(found), outdated)
    if not is_all:
        units = tuple(unit for unit in units if unit.state in (State.NEW, State.NEEDS_TRANSLATION))
    if not units:
        return None
    return Exchange(article.slug, article.source_language, language, found.source.number, units)


def _pairs(found: Sheet) -> list[tuple[Segment, Segment | None]]:
    return segments.align(_split(found.source), _split(found.latest) if found.latest else [])


def _split(revision: Revision) -> list[Segment]:
    return segments.split(revision.title, revision.summary, revision.body)


# In: the report


def plan(name: str, data: bytes, *, by: Any) -> Plan:
    """What a file, or an archive of files, would do. Raises InvalidText for an archive that is not taken."""
    files = [_planned(file, content, by) for file, content in _files(name, data)]
    seen: set[tuple[int, str]] = set()
    return Plan([_once(file, seen) for file in files])


def _files(name: str, data: bytes) -> list[tuple[str, bytes]]:
    if len(data) > LARGEST_FILE:
        raise InvalidText(gettext("The file is larger than %(limit)d MB.") % {"limit": LARGEST_FILE // 1_000_000})
    if not data.startswith(b"PK"):
        return [(name, data)]
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return list(_unpacked(archive))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise InvalidText(gettext("The archive is damaged, encrypted, or cut short.")) from error


def _unpacked(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    """The files of an archive; their stated sizes are not trusted."""
    entries = [entry for entry in archive.infolist() if not entry.is_dir() and not _is_litter(entry.filename)]
    if len(entries) > MOST_FILES:
        message = gettext("The archive holds %(count)d files; at most %(limit)d are taken at once.")
        raise InvalidText(message % {"count": len(entries), "limit": MOST_FILES})
    left = LARGEST_UNPACKED
    for entry in entries:
        if entry.filename.startswith("/") or "\\" in entry.filename or ".." in entry.filename.split("/"):
            raise InvalidText(
                gettext("The archive names a file outside of itself: %(name)s") % {"name": entry.filename}
            )
        with archive.open(entry) as file:
            content = file.read(LARGEST_FILE + 1)
        left -= len(content)
        if len(content) > LARGEST_FILE or left < 0:
            raise InvalidText(gettext("The archive holds more than can be taken at once: %(name)s") % {
                "name": entry.filename})  # fmt: skip
        yield entry.filename, content


def _is_litter(name: str) -> bool:
    """What a file manager packs beside the files that were chosen: `__MACOSX/._a.xlf`, `.DS_Store`, `Thumbs.db`."""
    *folders, last = name.split("/")
    return "__MACOSX" in folders or last.startswith(".") or last.lower() in ("thumbs.db", "desktop.ini")


def _once(file: FilePlan, seen: set[tuple[int, str]]) -> FilePlan:
    """Of several files for one text the first is taken."""
    if file.sheet is None:
        return file
    own = (file.sheet.article.pk, file.sheet.language)
    if own in seen:
        return FilePlan(file.name, gettext("Another file of the archive is for the same article and language."))
    seen.add(own)
    return file


def _planned(name: str, data: bytes, by: Any) -> FilePlan:
    try:
        given = _read(data)
        found = _sheet(given, by)
    except ContentError as error:
        return FilePlan(name, str(error))
    steps = tuple(_steps(given, found))
    known = {segment.key for segment in _split(found.source)}
    taken = {step.key for step in steps if step.effect in (Effect.NEW, Effect.CHANGED, Effect.SAME)}
    done = {unit.key for unit in given.units if unit.state in (State.TRANSLATED, State.FINAL)}
    return FilePlan(name, "", found, steps, frozenset(known & taken & done))


def _read(data: bytes) -> Exchange:
    is_markup = data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    found: Exchange = (Format.XLIFF if is_markup else Format.PO).files.read(data)
    return found


def _sheet(given: Exchange, by: Any) -> Sheet:
    """The text that a file is for. Raises InvalidText, NotAllowedNow."""
    article = Article.objects.reading([]).filter(slug=given.slug).first()
    if article is None:
        raise InvalidText(gettext("There is no article “%(slug)s”.") % {"slug": given.slug})
    if given.source_language != article.source_language or given.language not in content_languages():
        raise InvalidText(gettext("The file is for other languages than the article has."))
    if not access.may_write(by, article, given.language):
        raise InvalidText(gettext("You do not write in the language of this file."))
    found = sheets.read(article, given.language)
    _refuse_strange(given, found)
    return found


def _refuse_strange(given: Exchange, found: Sheet) -> None:
    """A file of another article, under the name of this one, is refused as a whole: segment by segment it would look
    as if the source had changed. Raises InvalidText."""
    sources = [unit.source for unit in given.units if any(letter.isalpha() for letter in unit.source)]
    known = {_folded(segment.text) for revision in _sources_of(given, found) for segment in _split(revision)}
    own = sum(_folded(source) in known for source in sources)
    if len(sources) >= FEWEST_SEGMENTS and own * STRANGE < len(sources):
        message = gettext(
            "%(strange)d of %(all)d segments of this file were never in the source of “%(slug)s”: it seems to be the "
            "file of another article. Give the files out again, and do not change their names or “original”."
        )
        raise InvalidText(message % {"strange": len(sources) - own, "all": len(sources), "slug": given.slug})


def _sources_of(given: Exchange, found: Sheet) -> list[Revision]:
    """The source as it is, and as it was when the file was given out."""
    own = Revision.objects.of(found.article, found.source.language).filter(number=given.source_number)
    return [found.source, *own]


def _folded(text: str) -> str:
    return " ".join(text.split())


BLOCKING = {
    ConflictKind.UNKNOWN_SEGMENT,
    ConflictKind.SOURCE_CHANGED,
    ConflictKind.TARGET_CHANGED,
    ConflictKind.LOST_MARKUP,
    ConflictKind.OTHER_FRAME,
}


def _steps(given: Exchange, found: Sheet) -> Iterable[Step]:
    source = _split(found.source)
    pairs = {wanted.key: own for wanted, own in _pairs(found)}
    conflicts: dict[str, list[exchange.Conflict]] = {}
    for conflict in exchange.conflicts(given, source, [_renamed(key, own) for key, own in pairs.items() if own]):
        conflicts.setdefault(conflict.key, []).append(conflict)
    steps = []
    for unit in given.units:
        own = pairs.get(unit.key)
        steps.append(_step(unit, own.text if own else "", conflicts.get(unit.key, []), given))
    return _without_other_cuts(steps, found, {key for key, own in pairs.items() if own})


def _without_other_cuts(steps: list[Step], found: Sheet, aligned: Collection[str]) -> Iterator[Step]:
    """A part whose paragraphs differ between translation and source is taken as a whole, or not at all."""
    taken = {step.key for step in steps if step.effect in (Effect.NEW, Effect.CHANGED, Effect.SAME)} | set(aligned)
    rows = sheets.segments_of_rows(found)
    fits = {segment.key for own in rows.values() for segment in own}
    for row in found.rows:
        own = [segment.key for segment in rows.get(row.id, ())]
        if row.own and not taken.issuperset(own):
            fits -= set(own)
    for step in steps:
        is_taken = step.effect in (Effect.NEW, Effect.CHANGED)
        if is_taken and step.key not in fits:
            reason = gettext("The translation of this part has other paragraphs than its source. Work on it by hand.")
            yield replace(step, effect=Effect.CONFLICT, reason=reason)
        else:
            yield step


def _renamed(key: str, own: Segment) -> Segment:
    """A segment of a translation under the key of the source's segment that it translates."""
    return Segment(key, own.part, own.text, own.kind)


def _step(unit: Unit, before: str, conflicts: Sequence[exchange.Conflict], given: Exchange) -> Step:
    blocking = [str(conflict) for conflict in conflicts if conflict.kind in BLOCKING]
    if unit.target.strip() == before.strip() and before:
        return Step(unit.key, Effect.SAME, unit.source, before, unit.target)
    if not unit.target.strip() and not blocking:
        return Step(unit.key, Effect.LEFT, unit.source, before, "")
    if not blocking:
        blocking = [str(one.message) for one in _figures(unit, given)]
    effect = Effect.CONFLICT if blocking else Effect.CHANGED if before else Effect.NEW
    return Step(unit.key, effect, unit.source, before, unit.target, " ".join(blocking))


FIGURES = {
    parity.Check.NUMBER,
    parity.Check.PERCENTAGE,
    parity.Check.LEVERAGE,
    parity.Check.DATE,
    parity.Check.TIME,
    parity.Check.UNIT,
    parity.Check.TICKER,
}


def _figures(unit: Unit, given: Exchange) -> list[parity.Difference]:
    """Figures that a translated segment has otherwise than its source."""
    source = parity.Document(given.source_language, "", "", unit.source)
    target = parity.Document(given.language, "", "", unit.target)
    return [one for one in parity.differences(source, target) if one.check in FIGURES]


# In: doing it


def apply(name: str, data: bytes, *, by: Any, digest: str) -> list[Revision]:
    """Do what a report said: one draft per article. Raises StalePlan where the report would be another one now, and
    what saving raises; nothing is stored then."""
    with transaction.atomic():
        found = plan(name, data, by=by)
        if found.digest != digest:
            raise StalePlan(gettext("The texts have changed since this report. Look at the new one."))
        return [_save(file, by) for file in found.files if file.changes_something]


def _save(file: FilePlan, by: Any) -> Revision:
    found = file.sheet
    assert found is not None  # noqa: S101 - a file without one changes nothing
    texts = {step.key: step.after for step in file.steps if step.effect in (Effect.NEW, Effect.CHANGED)}
    words = _words(found, texts)
    confirmed = _confirmed(found, file.finished)
    head = next(row for row in found.rows if row.key == TITLE_KEY)
    if found.latest is None and head.source:
        words.setdefault(head.id, head.source.words)  # a text needs a title, be it that of the source
    unfinished = {row.key for row in found.rows if row.id in words} - confirmed
    handed = Handed(words, confirmed, found.source.number, found.seen, unfinished=unfinished)
    return sheets.save(found.article, found.language, handed, by=by)


def _confirmed(found: Sheet, finished: Collection[str]) -> set[str]:
    """Keys of parts of which every segment is translated, or that were up to date before."""
    parts: dict[str, bool] = {}
    for segment in _split(found.source):
        parts[segment.part] = parts.get(segment.part, True) and segment.key in finished
    current = {row.key for row in found.rows if row.own and not found.status(row).is_open}
    return {key for key, is_done in parts.items() if is_done} | current


def _words(found: Sheet, texts: Mapping[str, str]) -> dict[str, Words]:
    """The words of the rows that a file has something for, with its segments in them."""
    whole = {**{wanted.key: mine.text for wanted, mine in _pairs(found) if mine}, **texts}
    own = sheets.segments_of_rows(found)
    return {
        row.id: sheets.with_texts(row.source, own[row.id], whole)
        for row in found.rows
        if row.source and any(segment.key in texts for segment in own.get(row.id, ()))
    }
