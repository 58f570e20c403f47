"""Pages that exist in English alone, for a question in another language: its words are put into English as the
articles of both languages teach it (`parallel.py`), and what is found by them is compared with the English of the pages
that the language has. The same words weigh both, so a page is as good as its score says.
"""

from collections.abc import Iterator

from helpcenter.search import analyzers
from helpcenter.search.backend import HelpSearchBackend, Hit
from helpcenter.search.parallel import ENGLISH, Words
from helpcenter.search.plan import Plan, Wanted

MOST_FOUND = 2
LEAST = 0.9  # of the score of the best page that the language has too; what has less is no better than what is found
MOST = 2.0  # of it: where the language has hardly anything, chance says as much


def in_english(asked: Plan, words: Words, english: HelpSearchBackend) -> Plan | None:
    """A question in English, as far as its words are known there; None where none is, or where no text has taught any.

    Raises SearchUnavailable.
    """
    if not words:
        return None
    terms: dict[str, float] = {}
    for said in _said(asked):
        for term, weight in said.items():
            for meaning, share in words.of(term) or _as_it_is(term):
                terms[meaning] = max(terms.get(meaning, 0.0), weight * share)
    wanted = tuple(Wanted({term: weight}) for term, weight in terms.items() if english.knows(term))
    return Plan(ENGLISH, asked.text, (), wanted, (), "") if wanted else None


def _said(asked: Plan) -> Iterator[dict[str, float]]:
    """The terms of each thing wanted, and where syllables make words, pairs of them."""
    yield from (wanted.terms for wanted in asked.wanted)
    if asked.language in analyzers.TOLD_BY_MARKS:
        yield dict.fromkeys(asked.pairs, 1.0)


def _as_it_is(term: str) -> tuple[tuple[str, float], ...]:
    """A word of no known meaning may be English itself."""
    return ((term, 1.0),) if term.isascii() and " " not in term else ()


def find(meant: Plan, own: HelpSearchBackend, english: HelpSearchBackend) -> list[Hit]:
    """Pages of English that the language does not have; their scores are shares of that of the best page that it has.

    Raises SearchUnavailable.
    """
    hits, best = english.find_lacking(meant, own.articles(), MOST_FOUND)
    shares = (hit._replace(score=min(hit.score / best, MOST) if best else MOST) for hit in hits)
    return [hit for hit in shares if hit.score >= LEAST]
