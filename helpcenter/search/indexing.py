"""Keeping the indexes in step with what is published: an index is a cache of published text, so it is compared with
the database and never told of single events. Whatever was missed, by a crash or by another node, is found later.
"""

import logging
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import DatabaseError
from django.utils import timezone
from haystack import connections
from haystack.constants import DJANGO_CT, DJANGO_ID, ID
from whoosh.index import Index
from whoosh.query import Term

from helpcenter import factbook, freshness
from helpcenter.content import text as content_text
from helpcenter.enums import Audience
from helpcenter.models import Article, FactUse, TranslationState
from helpcenter.outline import load
from helpcenter.search import analyzers, parallel
from helpcenter.search.backend import DAMAGE, HelpSearchBackend, SearchUnavailable, Storage
from helpcenter.search.folders import IndexBusy
from supportdesk.ui.languages import content_languages

__all__ = ["IndexBusy", "Synced", "aliases", "backend", "lag", "learn", "rebuild", "sync", "wanted", "write"]

logger = logging.getLogger(__name__)

BATCH = 100
WRITER_MEGABYTES = 64


@dataclass(frozen=True)
class Synced:
    """What a comparison changed."""

    alias: str
    written: int = 0
    removed: int = 0
    rebuilt: bool = False

    @property
    def changed(self) -> bool:
        return bool(self.written or self.removed or self.rebuilt)


def aliases(language: str | None = None) -> list[str]:
    """The indexes of one language, or of all: public text, and text for agents in an index of its own."""
    codes = [language] if language else content_languages()
    return [alias for code in codes for alias in (code, f"{code}.agents")]


def backend(alias: str) -> HelpSearchBackend:
    return connections[alias].get_backend()


def wanted(alias: str) -> dict[int, str]:
    """Article -> fingerprint of what the index should hold."""
    columns = ("article_id", "published_id", "published__created_at", "article__kind", "article__category_id")
    values = _values_named(alias.partition(".")[0])
    # The moment tells a revision from another with its number, after a backup was restored.
    return {
        pk: f"{revision}.{saved:%Y%m%d%H%M%S%f}.{kind}.{category}.{analyzers.VERSION}{values.get(pk, '')}"
        for pk, revision, saved, kind, category in _published(alias).values_list(*columns)
    }


def _values_named(language: str) -> dict[int, str]:
    """Article -> what tells the values of its facts from those of another time; texts without facts are left out."""
    uses = FactUse.objects.filter(language=language, article__isnull=False).order_by("article", "fact")
    rows = list(uses.values_list("article_id", "fact__subject", "fact__kind__slug"))
    if not rows:
        return {}
    freshness.forget()  # the values of this moment, not those that a page may still show
    book, now = factbook.book(), timezone.now()
    sums: dict[int, int] = {}
    for pk, subject, kind in rows:
        fact = book.facts.get(f"{subject}.{kind}")
        held = fact.at(now) if fact else None
        sums[pk] = zlib.crc32(f"{subject}.{kind}={held.text if held else ''};".encode(), sums.get(pk, 0))
    return {pk: f".{total:x}" for pk, total in sums.items()}


def _published(alias: str) -> Any:
    language, _, audience = alias.partition(".")
    states = TranslationState.objects.published().filter(language=language, article__archived_at__isnull=True)
    return states.filter(article__audience=Audience.AGENTS if audience else Audience.PUBLIC)


def sync(alias: str, on_progress: Callable[[int], None] = lambda count: None) -> Synced:
    """Make an index equal to what is published; a missing or damaged one is built anew beside the old."""
    engine = backend(alias)
    engine.look_again()
    target = wanted(alias)
    try:
        if engine.folder.is_damaged():
            raise SearchUnavailable(alias)
        present = engine.fingerprints()
    except SearchUnavailable:
        return rebuild(alias, on_progress)
    changed, gone = _differences(present, target)
    if changed or gone:
        try:
            write(engine, documents(alias, changed, target, on_progress), gone)
        except (IndexBusy, DatabaseError):
            raise
        except DAMAGE:
            logger.exception("Index %s cannot be written; it is built anew.", alias)
            return rebuild(alias, on_progress)
    return Synced(alias, len(changed), len(gone))


def rebuild(alias: str, on_progress: Callable[[int], None] = lambda count: None) -> Synced:
    """Build an index beside the old one and let it count when it is complete."""
    target = wanted(alias)

    def meanwhile() -> tuple[list[dict[str, Any]], list[int]]:
        now = wanted(alias)
        changed, gone = _differences(target, now)
        return list(documents(alias, changed, now)), gone

    build(backend(alias), documents(alias, list(target), target, on_progress), meanwhile)
    learn(alias)
    return Synced(alias, written=len(target), rebuilt=True)


def _differences(present: dict[int, str], target: dict[int, str]) -> tuple[list[int], list[int]]:
    """What an index that holds `present` has to write and to forget."""
    changed = [pk for pk, fingerprint in target.items() if present.get(pk) != fingerprint]
    return changed, [pk for pk in present if pk not in target]


def documents(
    alias: str, pks: list[int], fingerprints: dict[int, str], on_progress: Callable[[int], None] = lambda count: None
) -> Iterator[dict[str, Any]]:
    """The documents of these articles, read again now."""
    language = alias.partition(".")[0]
    for start in range(0, len(pks), BATCH):
        chunk = pks[start : start + BATCH]
        articles = Article.objects.reading([language], "title", "html", "outline").filter(pk__in=chunk)
        asked = questions(chunk, language)
        for article in articles.order_by("pk"):
            if article.is_published_in(language):
                yield document(article, language, fingerprints.get(article.pk, ""), asked.get(article.pk, ()))
        on_progress(len(chunk))


def questions(pks: Collection[int], language: str) -> dict[int, list[str]]:
    """Article -> how readers ask for it, as it was published; articles without such lines are left out."""
    states = TranslationState.objects.published().filter(article__in=pks, language=language)
    rows = states.exclude(published__questions=[]).values_list("article", "published__questions")
    return dict(rows)


def document(article: Article, language: str, fingerprint: str, asked: Sequence[str] = ()) -> dict[str, Any]:
    """What the index holds of a published text, and of the questions that lead to it (`asked`)."""
    title = article.published_text("title", language)
    headings = [part.title for part in load(article.published_text("outline", language) or None) if part.title]
    body = content_text.plain(factbook.fill(article.published_text("html", language), language))
    heads = [title, *(heading for heading in headings if heading != title)]
    said = "\n".join(asked)
    return {
        ID: f"helpcenter.article.{article.pk}",
        DJANGO_CT: "helpcenter.article",
        DJANGO_ID: str(article.pk),
        "title": title,
        "headings": "\n".join(heads[1:]),
        "body": body,
        "questions": said,
        "words": f"{title}\n{body}\n{said}",
        "pairs": f"{title}\n{body}\n{said}",
        "section": str(article.category_id),
        "kind": article.kind,
        "category": article.category_id,
        "fingerprint": fingerprint,
        "heads": [" ".join(analyzers.text_words(head, language)) for head in heads],
    }


def write(engine: HelpSearchBackend, added: Iterable[dict[str, Any]], removed: list[int]) -> None:
    """Change the build that counts, as the only writer. Raises IndexBusy."""
    with engine.folder.writing():
        generation = engine.folder.generation()
        path = engine.folder.build(generation) if generation else engine.folder.new_build()
        index = _open(engine, path, create=generation is None)
        _apply(index, added, removed, update=True)
        engine.folder.announce(path)
    engine.look_again()


def _nothing() -> tuple[list[dict[str, Any]], list[int]]:
    return [], []


def build(
    engine: HelpSearchBackend,
    added: Iterable[dict[str, Any]],
    meanwhile: Callable[[], tuple[list[dict[str, Any]], list[int]]] = _nothing,
) -> None:
    """Write a new build and swap it in. `meanwhile` says, when it is written, what has changed since.

    Raises IndexBusy.
    """
    with engine.folder.writing():
        path = engine.folder.new_build()
        index = _open(engine, path, create=True)
        _apply(index, added, [], update=False)
        late, gone = meanwhile()
        if late or gone:
            _apply(index, late, gone, update=True)
        engine.folder.announce(path)
        engine.folder.forget_other_builds()
    engine.look_again()


def _open(engine: HelpSearchBackend, path: Path, *, create: bool) -> Index:
    storage = Storage(str(path))
    return storage.create_index(engine.schema) if create else storage.open_index(schema=engine.schema)


def _apply(index: Index, added: Iterable[dict[str, Any]], removed: list[int], *, update: bool) -> None:
    writer = index.writer(limitmb=WRITER_MEGABYTES)
    try:
        for pk in removed:
            writer.delete_by_query(Term(DJANGO_ID, str(pk)))
        for row in added:
            # A new build holds nothing to replace, and looking for it would cost as much as writing.
            (writer.update_document if update else writer.add_document)(**row)
    except BaseException:
        writer.cancel()
        raise
    writer.commit()


def learn(alias: str) -> bool:
    """Learn what words are in English from the public articles that exist in both languages; whether these are others
    than last time."""
    language, _, audience = alias.partition(".")
    if language == parallel.ENGLISH or audience or parallel.ENGLISH not in content_languages():
        return False
    own, english = wanted(alias), wanted(parallel.ENGLISH)
    both = sorted(own.keys() & english.keys())
    told = "\n".join(f"{pk}={own[pk]}={english[pk]}" for pk in both)
    taught_by, engine = f"{zlib.crc32(told.encode()):x}.{len(both)}", backend(alias)
    if engine.words().taught_by == taught_by:
        return False
    table = parallel.learn(_said(both, language), language)
    engine.folder.keep_words(parallel.written(table, taught_by))
    return True


def _said(pks: Sequence[int], language: str) -> Iterator[tuple[str, str]]:
    """Pieces of published texts that say the same in a language and in English."""
    for start in range(0, len(pks), BATCH):
        articles = Article.objects.reading([language, parallel.ENGLISH], "title", "html")
        for article in articles.filter(pk__in=pks[start : start + BATCH]).order_by("pk"):
            own, english = (_text(article, code) for code in (language, parallel.ENGLISH))
            yield from parallel.pairs(own, english)


def _text(article: Article, language: str) -> parallel.Text:
    return parallel.Text(article.published_text("title", language), article.published_text("html", language))


def lag(alias: str) -> int:
    """How many texts the index of this node still has to learn or forget."""
    target = wanted(alias)
    engine = backend(alias)
    engine.look_again()
    try:
        present = engine.fingerprints()
    except SearchUnavailable:
        return max(len(target), 1)
    changed, gone = _differences(present, target)
    return len(changed) + len(gone)
