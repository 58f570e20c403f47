"""Haystack's Whoosh backend, with one index per language, our own fields, and one searcher per change of the index.

Everything that knows Whoosh is here and in `indexing.py`. Haystack keeps a backend per thread, and a Whoosh searcher
belongs to one thread, so an instance holds its own.
"""

import struct
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from haystack.backends import BaseEngine
from haystack.backends.whoosh_backend import WhooshSearchBackend, WhooshSearchQuery
from haystack.constants import DJANGO_CT, DJANGO_ID, ID
from haystack.models import SearchResult
from haystack.routers import BaseRouter
from whoosh import fields, query, scoring
from whoosh.analysis import Token, Tokenizer
from whoosh.filedb.filestore import FileStorage
from whoosh.index import EmptyIndexError
from whoosh.searching import Searcher

from helpcenter.search import analyzers
from helpcenter.search.folders import Folder, Generation, folder_of
from helpcenter.search.lexicon import Lexicon
from helpcenter.search.plan import BOOSTS, CHARACTER, PAIR, Plan, Wanted, plan

RE_READ = 1.0  # seconds between two looks at GENERATION
MOST_HITS = 200
WEIGHTING = scoring.BM25F(B=0.75, K1=1.2, title_B=0.3)
# What reading a damaged index has been seen to raise.
DAMAGE = (EmptyIndexError, EOFError, OSError, struct.error, ValueError, KeyError, IndexError, TypeError, AttributeError)


class SearchUnavailable(Exception):
    """There is no readable index for this language right now."""


@dataclass(frozen=True)
class Hit:
    """A document that was found. `heads` are its folded title and headings."""

    article: int
    kind: str
    category: int
    score: float
    heads: tuple[str, ...]


class _Words(Tokenizer):
    """A tokenizer around one of the functions of `analyzers`."""

    def __init__(self, tokens: Callable[[str, str], Iterator[str]], language: str) -> None:
        self.tokens, self.language = tokens, language

    def __call__(self, value: str, positions: bool = False, **options: Any) -> Iterator[Token]:
        token = Token(positions, removestops=False, mode=options.get("mode", ""))
        for position, text in enumerate(self.tokens(value, self.language)):
            token.text, token.boost, token.stopped = text, 1.0, False
            if positions:
                token.pos = position
            yield token


def schema_for(language: str) -> fields.Schema:
    terms = _Words(analyzers.text_terms, language)
    return fields.Schema(
        **{
            ID: fields.ID(stored=True, unique=True),
            DJANGO_CT: fields.ID(stored=True),
            DJANGO_ID: fields.ID(stored=True),
        },
        title=fields.TEXT(terms, phrase=False),
        headings=fields.TEXT(terms, phrase=False),
        body=fields.TEXT(terms, phrase=False),
        words=fields.TEXT(_Words(analyzers.text_words, language), phrase=False),
        pairs=fields.TEXT(_Words(analyzers.text_pairs, language), phrase=False),
        kind=fields.STORED,
        category=fields.STORED,
        fingerprint=fields.STORED,
        heads=fields.STORED,
    )


class _Lexicons:
    """One lexicon per index and change, shared by the threads of a process."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.known: dict[Path, tuple[Generation, Lexicon]] = {}

    def get(self, path: Path, generation: Generation, searcher: Searcher) -> Lexicon:
        with self.lock:
            known = self.known.get(path)
            if known is None or known[0] != generation:
                rows = searcher.reader().iter_field("words")
                known = (generation, Lexicon({text.decode(): info.doc_frequency() for text, info in rows}))
                self.known[path] = known
            return known[1]


_lexicons = _Lexicons()


class HelpSearchBackend(WhooshSearchBackend):
    """`path` is the folder of the alias (see `folders.py`); the alias is a language, or a language and `.agents`."""

    def __init__(self, connection_alias: str, **options: Any) -> None:
        super().__init__(connection_alias, **options)
        alias = settings.LANGUAGE_CODE if connection_alias == "default" else connection_alias
        self.language = alias.removesuffix(".agents")
        self.folder: Folder = folder_of(self.path)
        self.schema = schema_for(self.language)
        self._searcher: Searcher | None = None
        self._generation: Generation | None = None
        self._stamp = (0, 0)
        self._looked_at = float("-inf")

    def setup(self) -> None:
        """Haystack's hook: nothing is created by looking."""
        self.content_field_name = "body"
        self.setup_complete = True

    # Reading

    def searcher(self) -> Searcher:
        """A searcher over the build that counts. Raises SearchUnavailable."""
        if time.monotonic() - self._looked_at >= RE_READ:
            self._looked_at = time.monotonic()
            stamp = self.folder.stamp()
            if stamp != self._stamp or self._searcher is None:
                self._open(stamp)
        if self._searcher is None:
            raise SearchUnavailable(self.connection_alias)
        return self._searcher

    def look_again(self) -> None:
        """Notice a change of the index at once, and not within a second: for writers and tests."""
        self._looked_at = float("-inf")

    def lexicon(self) -> Lexicon:
        """Raises SearchUnavailable."""
        searcher = self.searcher()
        assert self._generation is not None  # noqa: S101 - a searcher has one
        try:
            return _lexicons.get(self.folder.path, self._generation, searcher)
        except DAMAGE as error:
            raise self._damaged() from error

    def find(self, asked: Plan, *, all_words: bool, limit: int = MOST_HITS) -> list[Hit]:
        """Documents that hold everything wanted, or (`all_words` false) some of it; best first.

        Raises SearchUnavailable.
        """
        searcher = self.searcher()
        try:
            found = searcher.search(compile_plan(asked, all_words=all_words), limit=limit)
            return [_hit(row.fields(), row.score) for row in found]
        except DAMAGE as error:
            raise self._damaged() from error

    def holding_phrase(self, asked: Plan, limit: int = 10) -> set[int]:
        """Articles whose text holds the question word by word."""
        if len(asked.pairs) < 2:
            return set()
        searcher = self.searcher()
        try:
            found = searcher.search(query.And([query.Term("pairs", pair) for pair in asked.pairs]), limit=limit)
            return {int(row[DJANGO_ID]) for row in found}
        except DAMAGE as error:
            raise self._damaged() from error

    def coverage(self, asked: Plan, hits: list[Hit]) -> dict[int, float]:
        """Article -> the share of the question's weight that its text holds, between 0 and 1."""
        searcher = self.searcher()
        try:
            places = {searcher.document_number(**{DJANGO_ID: str(hit.article)}): hit.article for hit in hits}
            weights = {want: _idf(searcher, want.own_term) * want.weight for want in asked.wanted}
            held = dict.fromkeys(places.values(), 0.0)
            for want, weight in weights.items():
                for place in _documents_with(searcher, want, sorted(places)):
                    held[places[place]] += weight
        except DAMAGE as error:
            raise self._damaged() from error
        whole = sum(weights.values()) or 1.0
        return {article: weight / whole for article, weight in held.items()}

    def best_score(self, asked: Plan) -> float:
        """About the score of a document that holds everything wanted: what a floor is measured against."""
        searcher = self.searcher()
        try:
            return sum(max(_idf(searcher, term) for term in wanted.terms) for wanted in asked.wanted)
        except DAMAGE as error:
            raise self._damaged() from error

    def knows(self, term: str) -> bool:
        """Whether any text holds a term. Raises SearchUnavailable."""
        searcher = self.searcher()
        try:
            return ("body", term) in searcher.reader() or ("title", term) in searcher.reader()
        except DAMAGE as error:
            raise self._damaged() from error

    def fingerprints(self) -> dict[int, str]:
        """Article -> what of it is indexed. Raises SearchUnavailable."""
        searcher = self.searcher()
        try:
            return {int(row[DJANGO_ID]): row["fingerprint"] for row in searcher.reader().all_stored_fields()}
        except DAMAGE as error:
            raise self._damaged() from error

    def search(self, query_string: str, **options: Any) -> dict[str, Any]:
        """Haystack's own entrance, for `SearchQuerySet`: all words, else some."""
        asked = plan(str(query_string), self.language)
        if asked.is_empty:
            return {"results": [], "hits": 0}
        hits = self.find(asked, all_words=True) or self.find(asked, all_words=False)
        chosen = hits[options.get("start_offset") or 0 : options.get("end_offset")]
        result_class = options.get("result_class") or SearchResult
        rows = [result_class("helpcenter", "article", str(hit.article), hit.score) for hit in chosen]
        return {"results": rows, "hits": len(hits), "spelling_suggestion": None}

    def _open(self, stamp: tuple[int, int]) -> None:
        self.close()
        generation = self.folder.generation()
        if generation is None:
            self._stamp = stamp
            return
        try:
            index = FileStorage(str(self.folder.build(generation))).open_index(schema=self.schema)
            self._searcher = index.searcher(weighting=WEIGHTING)
        except DAMAGE as error:
            raise self._damaged() from error
        self._generation, self._stamp = generation, stamp

    def _damaged(self) -> SearchUnavailable:
        self.folder.report_damage()
        self.close()
        return SearchUnavailable(self.connection_alias)

    def close(self) -> None:
        if self._searcher is not None:
            self._searcher.close()
        self._searcher, self._generation, self._stamp = None, None, (0, 0)

    # Writing: `indexing.py` decides what, these say how. Haystack's own commands work too.

    def update(self, index: Any, iterable: Iterable[Any], commit: bool = True) -> None:
        from helpcenter.search import indexing

        indexing.write(self, [index.full_prepare(obj) for obj in iterable], [])

    def remove(self, obj_or_string: Any, commit: bool = True) -> None:
        from helpcenter.search import indexing

        pk = obj_or_string.rsplit(".", 1)[-1] if isinstance(obj_or_string, str) else obj_or_string.pk
        indexing.write(self, [], [int(pk)])

    def clear(self, models: Any = None, commit: bool = True) -> None:
        from helpcenter.search import indexing

        indexing.build(self, [])


def compile_plan(asked: Plan, *, all_words: bool) -> query.Query:
    """The plan as a Whoosh query with at most two levels of Or: deeper ones are ranked wrongly by Whoosh."""
    groups = [_terms(wanted) for wanted in asked.wanted]
    pairs = [query.Term("pairs", pair, boost=PAIR) for pair in asked.pairs]
    if not all_words:
        hints = [_boosted(character, CHARACTER) for character in asked.characters]
        return query.Or([*(term for group in [*groups, *hints] for term in group), *pairs])
    everything = query.And([query.Or(group) for group in groups])
    return query.AndMaybe(everything, query.Or(pairs)) if pairs else everything


def _boosted(term: str, weight: float) -> list[query.Term]:
    return [query.Term(name, term, boost=boost * weight) for name, boost in BOOSTS.items()]


def _terms(wanted: Wanted) -> list[query.Term]:
    stemmed = [part for term, weight in wanted.terms.items() for part in _boosted(term, weight)]
    return stemmed + [query.Term("words", word, boost=weight) for word, weight in wanted.plain.items()]


def _documents_with(searcher: Searcher, want: Wanted, places: list[int]) -> set[int]:
    """Those of the documents (by ascending number) that hold one of the wanted terms."""
    reader, found = searcher.reader(), set()
    for name, term in product(BOOSTS, want.terms):
        if (name, term) not in reader:
            continue
        postings = reader.postings(name, term)
        for place in places:
            if postings.is_active() and postings.id() < place:
                postings.skip_to(place)
            if postings.is_active() and postings.id() == place:
                found.add(place)
    return found


def _idf(searcher: Searcher, term: str) -> float:
    return searcher.idf("body", term)


def _hit(row: dict[str, Any], score: float) -> Hit:
    return Hit(int(row[DJANGO_ID]), row["kind"], int(row["category"]), score, tuple(row["heads"]))


class HelpSearchEngine(BaseEngine):
    backend = HelpSearchBackend
    query = WhooshSearchQuery


class LanguageRouter(BaseRouter):
    """Searches go to the index of the active language."""

    def for_read(self, **hints: Any) -> str:
        return get_language() if get_language() in settings.HAYSTACK_CONNECTIONS else "default"

    def for_write(self, **hints: Any) -> str:
        return self.for_read(**hints)
