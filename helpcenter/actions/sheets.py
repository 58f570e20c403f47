"""A translation written part by part beside its source: what is to be translated, and saving it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from helpcenter.actions import access, differing, drafting
from helpcenter.content import segments, sheet
from helpcenter.content.sheet import Cut, Row, Status, Words
from helpcenter.enums import Significance
from helpcenter.errors import InvalidText, NotAllowedNow
from helpcenter.models import Article, Revision, TranslationState
from helpcenter.outline import TITLE_KEY

MOST_SEARCHED = 50  # earlier revisions in which the source of a part is looked for


@dataclass(frozen=True)
class Sheet:
    """A translation beside its source. `rows` are those of the newest text; `statuses` tells by the keys of parts how
    they stand, `then` what the source said (by the ids of rows) when a part that has changed was translated."""

    article: Article
    language: str
    source: Revision
    latest: Revision | None
    rows: list[Row]
    statuses: dict[str, Status]
    then: dict[str, Cut]
    dropped: frozenset[str] = frozenset()  # ids of rows that an earlier text had and the newest has not

    @property
    def seen(self) -> int:
        return self.latest.number if self.latest else 0

    def status(self, row: Row) -> Status:
        return self.statuses.get(row.key, Status.OWN)


@dataclass(frozen=True)
class Handed:
    """What a translator hands in. `words` by the ids of rows; `confirmed` are keys of parts that are up to date.

    `source` and `seen` are the numbers of the source's text and of the translation's text that the translator saw,
    `earlier` those of translations that were replaced while the translator wrote."""

    words: Mapping[str, Words]
    confirmed: Collection[str]
    source: int
    seen: int
    earlier: tuple[int, ...] = ()
    unfinished: Collection[str] = ()  # keys of parts that are not up to date, whatever was typed in them
    questions: tuple[str, ...] | None = None  # how readers ask for the page; None where they stay as they are


def read(article: Article, language: str, earlier: Collection[int] = ()) -> Sheet:
    """The sheet of a language. Raises NotAllowedNow where there is nothing to translate."""
    states = _states(article, language)
    found = states.get(article.source_language)
    source = (found.ready or found.published or found.latest) if found else None
    if source is None or language == article.source_language:
        raise NotAllowedNow(gettext("There is no text to translate from: save one in the source language first."))
    state = states.get(language)
    latest = state.latest if state else None
    if latest is not None:
        latest.article = article  # read already
    before = [_cuts(revision) for revision in _revisions(article, language, earlier)]
    own = _cuts(latest) if latest else {}
    found_rows = sheet.rows(_cuts(source), own, *before)
    dropped = frozenset(row.id for row in found_rows if not row.source and row.id not in own)
    statuses = _statuses(source, latest)
    return Sheet(article, language, source, latest, found_rows, statuses, _then(latest, source, statuses), dropped)


def _states(article: Article, language: str) -> dict[str, TranslationState]:
    wanted = TranslationState.objects.of(article).filter(language__in=(language, article.source_language))
    related = ("ready", "published", "latest__based_on", "latest__created_by")
    return {state.language: state for state in wanted.select_related(*related)}


def _revisions(article: Article, language: str, numbers: Collection[int]) -> list[Revision]:
    if not numbers:
        return []
    return list(Revision.objects.of(article, language).filter(number__in=numbers).newest_first())


def _cuts(revision: Revision) -> dict[str, Cut]:
    return sheet.cuts(revision.title, revision.summary, revision.body)


def _statuses(source: Revision, latest: Revision | None) -> dict[str, Status]:
    if latest is None:
        return sheet.statuses(source.parts, None, [])
    then = latest.based_on.parts if latest.based_on else []
    return sheet.statuses(source.parts, latest.parts, then, latest.outdated)


def _then(latest: Revision | None, source: Revision, statuses: Mapping[str, Status]) -> dict[str, Cut]:
    """What the source said when parts were translated that it has changed since."""
    changed = {key for key, status in statuses.items() if status in (Status.CHANGED, Status.REMOVED)}
    if latest is None or not changed:
        return {}
    texts: dict[int, dict[str, Cut]] = {}
    origins = _origins(latest, changed)
    for revision in _sources(latest, set(origins.values())):
        texts[revision.pk] = _cuts(revision)
    return {
        name: cut
        for key, pk in origins.items()
        for name, cut in texts.get(pk, {}).items()
        if cut.key == key and pk != source.pk
    }


def _origins(latest: Revision, keys: Collection[str]) -> dict[str, int]:
    """For each part the number of the source revision that it was last translated from. A part that a translator left
    as it was has lost that; an earlier revision still knows."""
    found = _known(latest, keys)
    if set(keys) - set(found):
        older = Revision.objects.of(latest.article, latest.language).filter(number__lt=latest.number).newest_first()
        for revision in older.only("article_id", "outline", "outdated", "based_on_id")[:MOST_SEARCHED]:
            found = {**_known(revision, keys), **found}
    return found


def _known(revision: Revision, keys: Collection[str]) -> dict[str, int]:
    if revision.based_on_id is None:
        return {}
    named = set(keys) - set(revision.outdated)  # what was left as it was came from an earlier source
    return {part.key: revision.based_on_id for part in revision.parts if part.key in named and part.source_hash}


def _sources(latest: Revision, keys: set[int]) -> list[Revision]:
    if latest.based_on and keys <= {latest.based_on.pk}:
        return [latest.based_on]
    return list(Revision.objects.filter(pk__in=keys))


# Saving


@transaction.atomic
def save(article: Article, language: str, handed: Handed, *, by: Any) -> Revision:
    """Join the parts and save them as the newest text. A part stays out of date until the translator says otherwise,
    and so does one whose source moved on after the translator saw it.

    Raises PermissionDenied, InvalidText, NotAllowedNow, and StaleDraft when somebody saved in between.
    """
    article = Article.objects.select_for_update(of=("self",)).reading([]).get(pk=article.pk)
    access.require_writing(by, article, language)
    now = read(article, language, handed.earlier)
    seen = seen_by(now, handed)
    words = typed(seen, handed)
    _refuse_unfit(seen, words)
    title, summary, body = sheet.joined(seen.rows, words)
    outdated = [*handed.unfinished, *_unfinished(seen, words, handed.confirmed), *_moved(seen.source, now.source)]
    text = drafting.Text(
        title,
        body,
        summary,
        now.latest.extra if now.latest else "",
        outdated=tuple(dict.fromkeys(outdated)),
        is_compared=True,
        questions=handed.questions,
    )
    weight = _significance(seen, text.outdated or ())
    revision = drafting.save_revision(article, language, text, by=by, seen=handed.seen, significance=weight)
    differing.note(article, language)
    return revision


def _significance(seen: Sheet, outdated: Collection[str]) -> Significance:
    """A translation that catches up with its source tells readers something new; where nothing was out of date, its
    words became better."""
    catches_up = any(status.is_open and key not in outdated for key, status in seen.statuses.items())
    return Significance.MAJOR if seen.latest is None or catches_up else Significance.MINOR


def seen_by(now: Sheet, handed: Handed) -> Sheet:
    """The sheet with the source as the translator saw it; what is typed belongs to its rows."""
    if handed.source == now.source.number:
        return now
    source = Revision.objects.of(now.article, now.source.language).filter(number=handed.source).first()
    if source is None:
        raise NotAllowedNow(gettext("The source that you translated from is not there any more. Open the page again."))
    own = {row.id: row.own for row in now.rows if row.own}
    rows = sheet.rows(_cuts(source), own)
    return replace(now, source=source, rows=rows, statuses=_statuses(source, now.latest))


def typed(seen: Sheet, handed: Handed) -> dict[str, Words]:
    """The words of every row. Where nothing was handed in, a part keeps its words; one that is gone stays away."""
    kept = {row.id: Words() if row.id in seen.dropped else row.begins_with for row in seen.rows}
    return {**kept, **{name: words for name, words in handed.words.items() if name in kept}}


def _unfinished(seen: Sheet, words: Mapping[str, Words], confirmed: Collection[str]) -> list[str]:
    """Keys of parts that are older than the source, or that the translation still lacks."""
    done = {row.key for row in seen.rows if words[row.id]}
    open_keys = [key for key, status in seen.statuses.items() if status.is_open]
    return [key for key in open_keys if not _is_finished(key, seen.statuses[key], done, confirmed)]


def _is_finished(key: str, status: Status, done: Collection[str], confirmed: Collection[str]) -> bool:
    if status == Status.REMOVED:
        return key in confirmed or key not in done
    return key in done and (key in confirmed or status == Status.NEW)


def _moved(then: Revision, now: Revision) -> list[str]:
    """Keys of parts of the source that mean something else than the translator saw."""
    known = {part.key: part.says for part in then.parts}
    return [part.key for part in now.parts if known.get(part.key) != part.says] if then.pk != now.pk else []


def _refuse_unfit(seen: Sheet, words: Mapping[str, Words]) -> None:
    for row in seen.rows:
        own = words[row.id]
        if row.key == TITLE_KEY and not own.heading:
            raise InvalidText(gettext("The title is missing."))
        if row.frame.has_heading and own.text and not own.heading and row.frame.words.heading:
            message = gettext("The heading of “%(part)s” is missing.")
            raise InvalidText(message % {"part": row.frame.words.heading})


def lost_parts(revision: Revision, seen: Sheet, words: Mapping[str, Words]) -> list[str]:
    """Headings for which the saved text has no part: something before them that does not end, such as a callout or
    code, has taken them in."""
    have = {part.key for part in revision.parts}
    own = [(row.key, words.get(row.id, row.begins_with)) for row in seen.rows]
    return [typed.heading for key, typed in own if typed.heading and key not in have]


# A text that somebody else saved meanwhile


@dataclass(frozen=True)
class Merged:
    """What a translator typed, put upon what somebody else saved meanwhile. `words` by the ids of rows; `theirs` has
    those that both changed, as the other one left them."""

    sheet: Sheet
    words: dict[str, Words]
    theirs: dict[str, Words]
    questions: tuple[str, ...]


def merge(article: Article, language: str, handed: Handed) -> Merged:
    """Nothing that either of them typed is lost: a part that one of them changed is taken as it is, of a part that
    both changed the translator's words stay, with the other's beside them."""
    now = seen_by(read(article, language, (*handed.earlier, handed.seen)), handed)
    seen = next(iter(_revisions(article, language, [handed.seen])), None)
    base = _cuts(seen) if seen else {}
    words, theirs = {}, {}
    for row in now.rows:
        before = base[row.id].words if row.id in base else Words()
        other = Words() if row.id in now.dropped else row.begins_with
        mine = handed.words.get(row.id, before)
        words[row.id] = other if mine == before else mine
        if mine not in (before, other) and other != before:
            theirs[row.id] = other
    shown = [row for row in now.rows if row.id not in now.dropped or words[row.id]]
    return Merged(replace(now, rows=shown), words, theirs, _merged_questions(handed, seen, now.latest))


def _merged_questions(handed: Handed, seen: Revision | None, latest: Revision | None) -> tuple[str, ...]:
    """Those of either, where both changed them; what one of them took out stays out where the other left it."""
    then = list(seen.questions) if seen else []
    theirs = list(latest.questions) if latest else []
    mine = then if handed.questions is None else list(handed.questions)
    kept = [line for line in mine if line in theirs or line not in then]
    return (*kept, *(line for line in theirs if line not in mine and line not in then))


# Segments in the rows of a sheet


def segments_of_rows(found: Sheet) -> dict[str, list[segments.Segment]]:
    """The segments of the source by the ids of rows; a part whose rows have others than the whole text is left out."""
    whole: dict[str, list[segments.Segment]] = {}
    for segment in segments.split(found.source.title, found.source.summary, found.source.body):
        whole.setdefault(segment.part, []).append(segment)
    rows: dict[str, list[segments.Segment]] = {}
    for row in found.rows:
        if row.source is not None:
            count = len(_inside(row.source)) + _opens(row.source)
            rows[row.id], whole[row.key] = whole.get(row.key, [])[:count], whole.get(row.key, [])[count:]
    cut_otherwise = {key for key, left in whole.items() if left}
    return {row.id: rows[row.id] for row in found.rows if row.id in rows and row.key not in cut_otherwise}


def _inside(cut: Cut) -> list[segments.Segment]:
    """The segments of a piece but for its heading, under keys of their own."""
    if cut.key == TITLE_KEY:
        return [segments.Segment("", TITLE_KEY, cut.words.text)] if cut.words.text.strip() else []
    return segments.split("", "", cut.words.text)


def _opens(cut: Cut) -> int:
    return int(cut.has_heading and bool(cut.words.heading))


def with_texts(cut: Cut, own: Sequence[segments.Segment], texts: Mapping[str, str]) -> Words:
    """The words of a piece of the source with other texts in it, by the keys of its segments (`own`, the heading
    first); a segment without one stays in the words of the source."""
    filled = [texts.get(segment.key, segment.text) for segment in own]
    heading = filled.pop(0) if _opens(cut) and filled else cut.words.heading
    if cut.key == TITLE_KEY:
        return Words(heading, filled[0] if filled else "")
    inside = {segment.key: text for segment, text in zip(_inside(cut), filled, strict=True)}
    return Words(heading, segments.join(_Body(cut.words.text), inside)[2])


def fill_exact(found: Sheet, matches: Mapping[str, str]) -> dict[str, Words]:
    """Words for parts that are not translated yet, where the memory has each of their segments; `matches` by the keys
    of segments."""
    own = segments_of_rows(found)
    return {
        row.id: with_texts(row.source, own[row.id], matches)
        for row in found.rows
        if row.source and not row.begins_with and own.get(row.id)
        if all(segment.key in matches for segment in own[row.id])
    }


@dataclass(frozen=True)
class _Body:
    body: str
    title: str = ""
    summary: str = ""
