"""The glossary in one language: what readers see of it, what the search takes for the same, what articles link to."""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from helpcenter import freshness, localization
from helpcenter.content import inflection, terms
from helpcenter.models import GlossaryTerm
from helpcenter.models.glossary import TRANSLATED
from supportdesk.ui.languages import column, content_languages


@dataclass(frozen=True)
class Entry:
    """A word as a reader gets it. Where it is missing in the reader's language, `language` and `told_in` name the
    languages of the term and of its definition."""

    pk: int
    key: str
    subject: str
    article: int | None
    term: str
    language: str
    definition: str
    told_in: str
    also: tuple[str, ...]
    english: str
    other: tuple[str, ...]

    def answers(self, query: str) -> bool:
        """Whether a question is nothing but this word."""
        return query in {same(word) for word in self._words()}

    def holds(self, part: str) -> bool:
        """Whether the word, one of its other names or its definition holds a piece of text."""
        return any(part in same(text) for text in (*self._words(), self.definition))

    def _words(self) -> list[str]:
        written = (self.term, self.english, *self.also, *self.other)
        return [self.term, self.english, *(spelling for word in written for spelling in terms.spellings(word))]


def same(text: str) -> str:
    """Text as it is compared with what somebody typed."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def lines(text: str | None) -> tuple[str, ...]:
    """The words of a field that holds one per line."""
    return tuple(dict.fromkeys(line.strip() for line in (text or "").splitlines() if line.strip()))


def entries(language: str) -> list[Entry]:
    """The words that readers see, in the order of the glossary."""
    return freshness.remembered(f"glossary:{language}", lambda: _entries(language))


def answer(query: str, language: str) -> Entry | None:
    """The glossary entry of a search that consists of exactly one of its words, else None."""
    asked = same(query)
    return next((entry for entry in entries(language) if asked and entry.answers(asked)), None)


def _entries(language: str) -> list[Entry]:
    order = _order(language)
    found = [_entry(row, order) for row in _rows(language) if row["is_shown"]]
    return [entry for entry in found if entry.term]


def _order(language: str) -> list[str]:
    """The languages in which a reader takes a word, the best first."""
    chain = localization.chain(language, freshness.current().fallbacks)
    return [code for code in chain if code in content_languages()]


def _rows(language: str) -> list[dict[str, Any]]:
    """All words with their texts in the languages of `_order`; one query for each generation of the content."""
    return freshness.remembered(f"glossary rows:{language}", lambda: _read_rows(language))


def _read_rows(language: str) -> list[dict[str, Any]]:
    columns = [column(name, code) for name in TRANSLATED for code in _order(language)]
    own = ("pk", "key", "subject", "article_id", "is_shown", "is_searched")
    return list(GlossaryTerm.objects.rewrite(False).values(*own, *columns))


def _entry(row: dict[str, Any], order: Sequence[str]) -> Entry:
    language = _first(row, "term", order)
    told_in = _first(row, "definition", order)
    english = row[column("term", localization.COMMON)] or ""
    term = row[column("term", language)] if language else ""
    also = lines(row[column("also", language)]) if language else ()
    return Entry(
        pk=row["pk"],
        key=row["key"],
        subject=row["subject"],
        article=row["article_id"],
        term=term,
        language=language,
        definition=row[column("definition", told_in)] if told_in else "",
        told_in=told_in,
        also=tuple(word for word in also if word not in terms.spellings(term)),
        english="" if english == term else terms.without_remark(english),
        other=tuple(terms.without_remark(word) for word in lines(row[column("rejected", order[0])])),
    )


def _first(row: dict[str, Any], name: str, order: Iterable[str]) -> str:
    return next((code for code in order if row[column(name, code)]), "")


# What the search takes for the same


def synonym_groups(language: str) -> list[list[str]]:
    """For each word: how it may be written in the language, its other and its rejected words, and its English name.

    A rejected word that is the right one for another thing of the glossary is left out, and so is one that is rejected
    only where it stands `(alone)`: both are said in their own sense far more often.
    """
    rows = _rows(language)
    taken = {same(word) for row in rows for word in _accepted(row, language)}
    groups = []
    for row in rows:
        own = _accepted(row, language)
        if own and row["is_searched"]:
            tried = [word for word in _rejected(row, language) if same(word) not in taken]
            common = _accepted(row, localization.COMMON) if language != localization.COMMON else []
            groups.append(list(dict.fromkeys([*own, *tried, *common])))
    return [group for group in groups if len(group) > 1]


def _accepted(row: dict[str, Any], language: str) -> list[str]:
    written = [row[column("term", language)] or "", *lines(row[column("also", language)])]
    return [spelling for word in written for spelling in terms.spellings(word)]


def _rejected(row: dict[str, Any], language: str) -> list[str]:
    words = lines(row[column("rejected", language)])
    return [terms.without_remark(word) for word in words if "(alone" not in word]


# What translators are shown


@dataclass(frozen=True)
class Hit:
    """A word of a source's text: its term, the words that a translation may use for it, the first of them the term,
    and rejected ones. `is_used` says whether the translation has one, `found` which rejected one it has."""

    key: str
    term: str
    accepted: tuple[str, ...]
    is_used: bool = False
    found: str = ""


class Pairs:
    """The words of the glossary in the language of a source and in that of its translation, but for those that have an
    everyday meaning too."""

    def __init__(self, source: str, language: str) -> None:
        names = [column(name, code) for code in (source, language) for name in ("term", "also", "rejected")]
        read = GlossaryTerm.objects.rewrite(False).filter(is_linked=True).values("key", *names)
        self.rows = freshness.remembered(f"pairs:{source}:{language}", lambda: {row["key"]: row for row in read})
        self.source, self.language = source, language
        self._in_source = _finder(source, self._words(source, _accepted))
        self._in_target = _finder(language, self._words(language, _accepted))
        self._avoided = _finder(language, self._words(language, _rejected))

    def hits(self, source: str, translation: str) -> list[Hit]:
        """The words in a part of the source that have a translation, and what the translation does with each."""
        used = set(self._in_target.keys_in(translation))
        avoided = set(self._avoided.keys_in(translation)) - used
        found = [key for key in self._in_source.keys_in(source) if self.rows[key][column("term", self.language)]]
        return [self._hit(key, key in used, key in avoided) for key in found]

    def _hit(self, key: str, is_used: bool, is_avoided: bool) -> Hit:
        row = self.rows[key]
        term, own = column("term", self.source), column("term", self.language)
        accepted = (row[own], *lines(row[column("also", self.language)]))
        found = ", ".join(_rejected(row, self.language)) if is_avoided else ""
        return Hit(key, row[term], accepted, is_used, found)

    def _words(self, language: str, choose: Callable[[dict[str, Any], str], list[str]]) -> tuple[tuple[str, ...], ...]:
        return tuple((key, *choose(row, language)) for key, row in self.rows.items())


@lru_cache(maxsize=80)
def _finder(language: str, words: tuple[tuple[str, ...], ...]) -> terms.Linker:
    return terms.Linker([terms.Word(key, tuple(found)) for key, *found in words], inflection.fold(language))


# What articles link to


def linker(language: str) -> terms.Linker:
    """The words that articles of a language link to, as the database has them now."""
    names = [column(name, language) for name in ("term", "definition", "also")]
    rows = GlossaryTerm.objects.rewrite(False).filter(is_shown=True, is_linked=True)
    return _linker(language, tuple(rows.values_list("key", *names)))


@lru_cache(maxsize=40)
def _linker(language: str, rows: tuple[tuple[str, ...], ...]) -> terms.Linker:
    words = [
        terms.Word(key, tuple(s for word in (term, *lines(also)) for s in terms.spellings(word)), definition or "")
        for key, term, definition, also in rows
        if term
    ]
    return terms.Linker(words, inflection.fold(language))
