"""Haystack's Whoosh backend, with one index per language, our own fields, and one searcher per change of the index.

Everything that knows Whoosh is here and in `indexing.py`; `engine.py` hands it to Haystack. Haystack keeps a backend
per thread, and a Whoosh searcher belongs to one thread, so an instance holds its own.
"""

import heapq
import logging
import pickle
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from haystack.backends.whoosh_backend import WhooshSearchBackend
from haystack.constants import DJANGO_CT, DJANGO_ID, ID
from haystack.models import SearchResult
from whoosh import fields, scoring
from whoosh.analysis import Token, Tokenizer
from whoosh.codec.whoosh3 import W3LeafMatcher
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile
from whoosh.matching import Matcher
from whoosh.reading import TermNotFound
from whoosh.searching import Searcher

from helpcenter.search import analyzers
from helpcenter.search.folders import Folder, Generation, folder_of
from helpcenter.search.lexicon import Lexicon
from helpcenter.search.parallel import Words, read
from helpcenter.search.plan import CHARACTER, WHOLE_WORD, Phrase, Plan, Wanted, plan
from helpcenter.search.scores import FIELD_B, K1, TEXTS, B, Found, Kept, Lengths, Part, Scores

logger = logging.getLogger(__name__)

RE_READ = 1.0  # seconds between two looks at GENERATION
MOST_HITS = 200
EVERYTHING = "*"
WEIGHTING = scoring.BM25F(B=B, K1=K1, **{f"{name}_B": b for name, b in FIELD_B.items()})
DESCRIBED = 30  # hits that are compared with the question word by word
MOST_FACTS = 2000  # documents of an index whose stored fields are kept
MOST_LANGUAGES = 24  # of which is kept what they lack
# A damaged index is bytes of any kind, parsed and unpickled: reading it raises anything, Whoosh a bare Exception.
DAMAGE = Exception
# How far a way to say a thing loses the rarity that the commonest has not; 1 would be all the way, but words of one
# group are not always quite the same.
ALIKE = 0.5
NAMELESS = 0.6  # what a page counts that lacks a name of the question
TRIES = 3  # of opening one state of an index: its files may be replaced at the same moment


class SearchUnavailable(Exception):
    """There is no readable index for this language right now."""


class Facts(NamedTuple):
    """What is stored of a document. `heads` are its folded title and headings."""

    article: int
    kind: str
    category: int
    heads: tuple[str, ...]


class Hit(NamedTuple):
    """A document that was found; `is_verbatim` says whether it holds the question word by word."""

    facts: Facts
    score: float
    is_verbatim: bool = False

    @property
    def article(self) -> int:
        return self.facts.article


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
    terms = _Words(analyzers.indexed_terms, language)
    return fields.Schema(
        **{
            ID: fields.ID(stored=True, unique=True),
            DJANGO_CT: fields.ID(stored=True),
            DJANGO_ID: fields.ID(stored=True),
        },
        title=fields.TEXT(terms, phrase=False),
        headings=fields.TEXT(terms, phrase=False),
        body=fields.TEXT(terms, phrase=False),
        questions=fields.TEXT(terms, phrase=False),
        words=fields.TEXT(_Words(analyzers.text_words, language), phrase=False),
        pairs=fields.TEXT(_Words(analyzers.text_pairs, language), phrase=False),
        section=fields.ID,
        kind=fields.STORED,
        category=fields.STORED,
        fingerprint=fields.STORED,
        heads=fields.STORED,
    )


class _Known:
    """What the threads of a process share of one state of an index."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.kept = Kept()
        self.facts: dict[int, Facts] = {}
        self.lexicon: Lexicon | None = None
        self.articles: frozenset[int] | None = None
        self.lacking: dict[frozenset[int], frozenset[int]] = {}


class _Memory:
    """The newest state of each index that this process has read."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.known: dict[Path, tuple[tuple[str, int], _Known]] = {}

    def of(self, path: Path, state: tuple[str, int]) -> _Known:
        with self.lock:
            present = self.known.get(path)
            if present is None or present[0] != state:
                present = self.known[path] = (state, _Known())
            return present[1]


class _Tables:
    """What words are in English, by folder: the newest table that this process has read."""

    def __init__(self) -> None:
        self.known: dict[Path, tuple[tuple[int, int], Words]] = {}

    def of(self, folder: Folder) -> Words:
        stamp = folder.stamp_of_words()
        present = self.known.get(folder.path)
        if present is None or present[0] != stamp:
            present = self.known[folder.path] = (stamp, _words(folder))
        return present[1]


def _words(folder: Folder) -> Words:
    try:
        return read(folder.words.read_bytes())
    except OSError:
        return Words()


_memory, _tables = _Memory(), _Tables()


class _State:
    """One state of an index, read by one thread: a Whoosh reader belongs to the thread that opened it."""

    def __init__(self, searcher: Searcher, known: _Known) -> None:
        self.searcher, self.reader, self.known = searcher, searcher.reader(), known
        self.scores = Scores(self.reader.doc_count_all(), self._read, self._lengths, known.kept, self._sections)

    def lexicon(self) -> Lexicon:
        with self.known.lock:
            if self.known.lexicon is None:
                rows = self.reader.iter_field("words")
                self.known.lexicon = Lexicon((text, info.doc_frequency()) for text, info in rows)
            return self.known.lexicon

    def facts(self, place: int) -> Facts:
        known = self.known.facts.get(place)
        if known is None:
            if len(self.known.facts) >= MOST_FACTS:
                self.known.facts = {}
            known = self.known.facts[place] = _facts(self.reader.stored_fields(place))
        return known

    def articles(self) -> frozenset[int]:
        if self.known.articles is None:
            self.known.articles = frozenset(int(row[DJANGO_ID]) for row in self.reader.all_stored_fields())
        return self.known.articles

    def lacking(self, articles: frozenset[int]) -> frozenset[int]:
        """The documents of no such article; the answer for the index of each language is kept."""
        places = self.known.lacking.get(articles)
        if places is None:
            if len(self.known.lacking) >= MOST_LANGUAGES:
                self.known.lacking = {}
            rows = self.reader.iter_docs()
            places = frozenset(place for place, row in rows if int(row[DJANGO_ID]) not in articles)
            self.known.lacking[articles] = places
        return places

    def _read(self, field: str, term: str) -> Found:
        found = Found([], [])
        for leaf, offset in self.reader.leaf_readers():
            try:
                postings = leaf.postings(field, term)
            except TermNotFound:  # to ask first whether the term is there would look for it twice
                continue
            for places, frequencies in _blocks(postings):
                found.places.extend([place + offset for place in places] if offset else places)
                found.frequencies.extend(frequencies)
        return found

    def _sections(self) -> list[list[int]]:
        return [self._read("section", name.decode()).places for name in self.reader.lexicon("section")]

    def _lengths(self, field: str) -> Lengths:
        each = [self.reader.doc_field_length(place, field) or 1 for place in range(self.reader.doc_count_all())]
        return Lengths(each, self.reader.field_length(field) / max(len(each), 1))


def _blocks(postings: Matcher) -> Iterator[tuple[Iterable[int], Iterable[float]]]:
    """Documents of a term, and its frequency in each. Without deleted documents in between, Whoosh has them in blocks
    of 128: to ask for one after the other takes three calls for each."""
    is_plain = isinstance(postings, W3LeafMatcher)
    while postings.is_active():
        row = [postings.id()], [postings.weight()]  # reads the block
        if is_plain:
            yield postings._ids, postings._weights
            postings._next_block()
        else:
            yield row
            postings.next()


class Storage(FileStorage):
    """The files of an index, which may be damaged.

    The unpickler that is written in C makes room for as many things as the bytes claim to hold: of random ones,
    gigabytes. The one that is written in Python keeps them in a dictionary. It reads the list of segments and what a
    segment says of its files; what Whoosh unpickles inside of those files goes its own way."""

    def open_file(self, name: str, **options: Any) -> StructFile:
        file = super().open_file(name, **options)
        file.read_pickle = lambda: pickle._Unpickler(file.file).load()  # the list of segments, of the files of one
        return file


class HelpSearchBackend(WhooshSearchBackend):
    """`path` is the folder of the alias (see `folders.py`); the alias is a language, or a language and `.agents`."""

    def __init__(self, connection_alias: str, **options: Any) -> None:
        super().__init__(connection_alias, **options)
        alias = settings.LANGUAGE_CODE if connection_alias == "default" else connection_alias
        self.language = alias.removesuffix(".agents")
        self.folder: Folder = folder_of(self.path)
        self.schema = schema_for(self.language)
        self._state: _State | None = None
        self._generation: Generation | None = None
        self._stamp = (0, 0)
        self._looked_at = float("-inf")

    def setup(self) -> None:
        """Haystack's hook: nothing is created by looking."""
        self.content_field_name = "body"
        self.setup_complete = True

    # Reading

    def state(self) -> _State:
        """The index as it was at most a second ago. Raises SearchUnavailable."""
        if time.monotonic() - self._looked_at >= RE_READ:
            self._looked_at = time.monotonic()
            stamp = self.folder.stamp()
            if stamp != self._stamp:  # what was damaged or missing stays so until somebody writes
                self._open(stamp)
        if self._state is None:
            raise SearchUnavailable(self.connection_alias)
        return self._state

    def look_again(self) -> None:
        """Notice a change of the index at once, and not within a second: for writers and tests."""
        self._looked_at = float("-inf")

    def version(self) -> Generation | None:
        """Which change of the index answers; None where none can be read."""
        try:
            self.state()
        except SearchUnavailable:
            return None
        return self._generation

    def lexicon(self) -> Lexicon:
        """Raises SearchUnavailable."""
        state = self.state()
        try:
            return state.lexicon()
        except DAMAGE as error:
            raise self._damaged() from error

    def searcher(self) -> Searcher:
        """Whoosh's own view of the index, for Haystack's ways of asking. Raises SearchUnavailable."""
        return self.state().searcher

    def find(self, asked: Plan, *, all_words: bool, limit: int = MOST_HITS) -> list[Hit]:
        """Documents that hold everything wanted, or (`all_words` false) some of it; best first.

        Raises SearchUnavailable.
        """
        state = self.state()
        try:
            total = _with_all(state.scores, asked) if all_words else _with_some(state.scores, asked)
            best = heapq.nsmallest(limit, ((-score, place) for place, score in total.items()))
            return _described(state, asked, best)
        except DAMAGE as error:
            raise self._damaged() from error

    def find_lacking(self, asked: Plan, articles: frozenset[int], limit: int) -> tuple[list[Hit], float]:
        """Documents of none of these articles that hold some of what is wanted, best first; and the best score of those
        that are of one.

        Raises SearchUnavailable.
        """
        state = self.state()
        try:
            places = state.lacking(articles)
            total = _with_some(state.scores, asked) if places else {}
            best = heapq.nsmallest(limit, ((-score, place) for place, score in total.items() if place in places))
            present = max((score for place, score in total.items() if place not in places), default=0.0)
            return [Hit(state.facts(place), -lacking) for lacking, place in best], present
        except DAMAGE as error:
            raise self._damaged() from error

    def best_score(self, asked: Plan) -> float:
        """About the score of a document that holds everything wanted: what a floor is measured against."""
        scores = self.state().scores
        try:
            return sum(max(scores.idf(scores.spread(term)) for term in wanted.terms) for wanted in asked.wanted)
        except DAMAGE as error:
            raise self._damaged() from error

    def knows(self, term: str) -> bool:
        """Whether any text holds a term. Raises SearchUnavailable."""
        scores = self.state().scores
        try:
            return bool(scores.spread(term))
        except DAMAGE as error:
            raise self._damaged() from error

    def words(self) -> Words:
        """What words of this language are in English, as far as texts have taught it."""
        return _tables.of(self.folder)

    def articles(self) -> frozenset[int]:
        """The articles of the index. Raises SearchUnavailable."""
        state = self.state()
        try:
            return state.articles()
        except DAMAGE as error:
            raise self._damaged() from error

    def fingerprints(self) -> dict[int, str]:
        """Article -> what of it is indexed. Raises SearchUnavailable."""
        state = self.state()
        try:
            return {int(row[DJANGO_ID]): row["fingerprint"] for row in state.reader.all_stored_fields()}
        except DAMAGE as error:
            raise self._damaged() from error

    def search(self, query_string: str, **options: Any) -> dict[str, Any]:
        """Haystack's own entrance, for `SearchQuerySet`: all words, else some."""
        if query_string == EVERYTHING:
            hits = self._everything()
        else:
            asked = plan(str(query_string), self.language)
            hits = self.find(asked, all_words=True) or self.find(asked, all_words=False)
        chosen = hits[options.get("start_offset") or 0 : options.get("end_offset")]
        result_class = options.get("result_class") or SearchResult
        rows = [result_class("helpcenter", "article", str(hit.article), hit.score) for hit in chosen]
        return {"results": rows, "hits": len(hits), "spelling_suggestion": None}

    def _everything(self) -> list[Hit]:
        state = self.state()
        return [Hit(state.facts(place), 0.0) for place in state.reader.all_doc_ids()]

    def _open(self, stamp: tuple[int, int]) -> None:
        self.close()
        self._stamp = stamp
        tried: list[Generation] = []
        while self._state is None and (generation := self.folder.generation()) is not None:
            try:
                self._state, self._generation = self._read(generation), generation
            except DAMAGE as error:
                tried.append(generation)
                if tried.count(generation) == TRIES:
                    raise self._damaged() from error

    def _read(self, generation: Generation) -> _State:
        # Mapped into memory, a file that is cut short would kill the process.
        storage = Storage(str(self.folder.build(generation)), supports_mmap=False)
        searcher = storage.open_index(schema=self.schema).searcher(weighting=WEIGHTING)
        return _State(searcher, _memory.of(self.folder.path, (generation.build, searcher.reader().generation())))

    def _damaged(self) -> SearchUnavailable:
        if not self.folder.is_damaged():
            logger.warning("Index %s cannot be read.", self.connection_alias, exc_info=True)
        self.folder.report_damage()
        self.close()
        self._stamp = self.folder.stamp()
        return SearchUnavailable(self.connection_alias)

    def close(self) -> None:
        if self._state is not None:
            self._state.searcher.close()
        self._state, self._generation, self._stamp = None, None, (0, 0)

    def __del__(self) -> None:
        """A thread ends and its backend with it: its files close now, not when somebody collects the garbage."""
        if getattr(self, "_state", None) is not None:
            with suppress(Exception):  # at the end of the process parts of Whoosh may be gone already
                self.close()


def _described(state: _State, asked: Plan, best: list[tuple[float, int]]) -> list[Hit]:
    verbatim = _holding_phrase(state.scores, asked)
    return [Hit(state.facts(place), -lacking, place in verbatim) for lacking, place in best]


def _with_all(scores: Scores, asked: Plan) -> dict[int, float]:
    """Document -> score of those that hold everything wanted."""
    total = scores.total_of_all(_parts(scores, wanted) for wanted in asked.wanted)
    scores.add(total, _pairs(asked))
    return total


def _with_some(scores: Scores, asked: Plan) -> dict[int, float]:
    """Document -> score of those that hold anything wanted."""
    characters = (Part(TEXTS, character, CHARACTER) for character in asked.characters)
    wholes = (Part(TEXTS, whole, WHOLE_WORD) for whole in asked.wholes)
    wanted = (part for wanted in asked.wanted for part in _parts(scores, wanted))
    total = scores.total([*wanted, *characters, *wholes, *_pairs(asked)])
    _add_phrases(total, scores, asked)
    _prefer_named(total, scores, asked)
    return total


def _prefer_named(total: dict[int, float], scores: Scores, asked: Plan) -> None:
    """A page that does not hold a name of the question is hardly about it, whatever else of the question it holds."""
    for wanted in asked.wanted:
        if holders := scores.named(tuple(wanted.terms)):
            for place in total.keys() - holders:
                total[place] *= NAMELESS


def _add_phrases(total: dict[int, float], scores: Scores, asked: Plan) -> None:
    """Where a document says a part of the question otherwise, and that weighs more, it counts instead."""
    parts: dict[tuple[str, ...], list[Phrase]] = {}
    for phrase in asked.phrases:
        parts.setdefault(phrase.instead, []).append(phrase)
    for instead, phrases in parts.items():
        own = scores.total(
            part for wanted in asked.wanted if wanted.own_term in instead for part in _parts(scores, wanted)
        )
        for place, score in _best_phrase(scores, phrases).items():
            total[place] = total.get(place, 0.0) + max(score - own.get(place, 0.0), 0.0)


def _best_phrase(scores: Scores, phrases: Iterable[Phrase]) -> dict[int, float]:
    """Document -> score of the phrase that says the most in it, of those that it holds whole."""
    best: dict[int, float] = {}
    for phrase in phrases:
        # Said in more words than the question, it weighs no more than those.
        weight = phrase.weight * min(1.0, len(phrase.instead) / len(phrase.terms))
        groups = [scores.total([Part(TEXTS, term, weight)]) for term in phrase.terms]
        for place in set.intersection(*(set(group) for group in groups)):
            best[place] = max(best.get(place, 0.0), sum(group[place] for group in groups))
    return best


def _parts(scores: Scores, wanted: Wanted) -> list[Part]:
    shares = _shares(scores, wanted)
    stemmed = [Part(TEXTS, term, weight * shares.get(term, 1.0)) for term, weight in wanted.terms.items()]
    own = shares.get(wanted.own_term, 1.0)
    return stemmed + [Part("words", word, weight * own) for word, weight in wanted.plain.items()]


def _shares(scores: Scores, wanted: Wanted) -> dict[str, float]:
    """Of terms that are one way to say a thing among others, what is left of their weight: `btc` says hardly more than
    `bitcoin`, however few texts hold it."""
    if not wanted.alike or not scores.documents:
        return {}
    holders = max(min(map(scores.spread, terms)) for terms in wanted.alike)
    alone = (terms[0] for terms in wanted.alike if len(terms) == 1)
    return {term: min(1.0, scores.idf(holders) / scores.idf(scores.spread(term))) ** ALIKE for term in alone}


def _pairs(asked: Plan) -> list[Part]:
    return [Part("pairs", pair, asked.pair_weight) for pair in asked.pairs]


def _holding_phrase(scores: Scores, asked: Plan) -> set[int]:
    """Documents that hold the question word by word."""
    if len(asked.pairs) < 2:
        return set()
    return set.intersection(*(set(scores.of("pairs", pair).places) for pair in asked.pairs))


def _facts(row: dict[str, Any]) -> Facts:
    return Facts(int(row[DJANGO_ID]), row["kind"], int(row["category"]), tuple(row["heads"]))
