"""Translation memory: what public translations say beside the text that they were translated from.

It follows what readers see: a text that is taken back or archived is offered to nobody.
"""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import transaction

from helpcenter.content import memory, segments
from helpcenter.content.memory import Entry, Match
from helpcenter.models import Article, ContentEvent, MemorySegment, Revision, TranslationState
from helpcenter.outline import UNKNOWN_SOURCE

MOST_OFFERED_FROM = 20_000  # segments per pair of languages that are compared, the newest
MOST_COMPARISONS = 400_000  # comparisons for one screen, about a second
BEST = 3


@dataclass(frozen=True)
class Wanted:
    """A segment that somebody translates; `is_fuzzy` asks for what is like it too."""

    segment: segments.Segment
    is_fuzzy: bool


def remember(event_id: int) -> None:
    """Something became public, or is public no more (consumer of the outbox). Doing it twice changes nothing."""
    event = ContentEvent.objects.get(pk=event_id)
    if event.article_id is not None:
        remember_article(event.article_id, [event.language] if event.language else None)


@transaction.atomic
def remember_article(pk: int, languages: Collection[str] | None = None) -> int:
    """Bring the memory of an article in step with its public translations, in all languages or in some; returns how
    many segments there are."""
    article = Article.objects.select_for_update(of=("self",)).reading([]).get(pk=pk)
    states = TranslationState.objects.of(article).published().exclude(language=article.source_language)
    known = MemorySegment.objects.filter(article=article)
    if languages is not None:
        states, known = states.filter(language__in=languages), known.filter(language__in=languages)
    rows = [] if article.archived_at else [row for state in _read(states) for row in _rows(article, state)]
    known.delete()
    MemorySegment.objects.bulk_create(rows, batch_size=500)
    return len(rows)


def _read(states: Iterable[TranslationState]) -> Iterable[TranslationState]:
    return states.select_related("published__based_on")  # type: ignore[attr-defined]


def _rows(article: Article, state: TranslationState) -> Iterable[MemorySegment]:
    revision = state.published
    if revision is None or revision.based_on is None:
        return []
    return [
        MemorySegment(
            article=article,
            source_language=article.source_language,
            language=state.language,
            source_hash=source_hash(source.text),
            source=source.text,
            target=target.text,
            key=source.key[:200],
            used_at=state.published_at or revision.created_at,
        )
        for source, target in _pairs(revision, revision.based_on)
    ]


def _pairs(revision: Revision, source: Revision) -> Iterable[tuple[segments.Segment, segments.Segment]]:
    """Segments beside those that they translate. A part that is older than the source translates another text."""
    older = {part.key for part in revision.parts if part.source_hash == UNKNOWN_SOURCE} | set(revision.outdated)
    theirs = segments.split(revision.title, revision.summary, revision.body)
    for wanted, found in segments.align(segments.split(source.title, source.summary, source.body), theirs):
        if found is not None and wanted.part not in older and says_something(wanted.text):
            yield wanted, found


def says_something(text: str) -> bool:
    """Whether a segment has words; a bare figure is the same in every language."""
    return any(letter.isalpha() for letter in text)


def source_hash(text: str) -> str:
    """What the same text has, but for white space."""
    return hashlib.sha256(memory.fold(text).encode()).hexdigest()


def offers(article: Article, language: str, wanted: Iterable[Wanted]) -> dict[str, list[Match]]:
    """For the keys of segments, what their texts were translated to earlier, the best first; one query."""
    asked = list(wanted)
    entries = _entries(article.source_language, language) if asked else []
    exact: dict[str, list[Entry]] = {}
    for entry in entries:
        exact.setdefault(entry.folded, []).append(entry)
    left = MOST_COMPARISONS
    found = {}
    for one in asked:
        near = one.is_fuzzy and left >= len(entries)
        left -= len(entries) if near else 0
        among = entries if near else exact.get(memory.fold(one.segment.text), [])
        found[one.segment.key] = memory.matches(one.segment.text, among, limit=BEST)
    return found


def _entries(source_language: str, language: str) -> list[Entry]:
    rows = MemorySegment.objects.filter(source_language=source_language, language=language)
    values = rows.values_list("source", "target", "article__slug")[:MOST_OFFERED_FROM]
    return [Entry(source, target, slug) for source, target, slug in values]
