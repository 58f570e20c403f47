"""Pages that exist in English alone, for a question in another language: its words are put into English as the
articles of both languages teach it (`parallel.py`), and what is found by them is compared with the English of the pages
that the language has. The same words weigh both, so a page is as good as its score says.
"""

from collections.abc import Mapping

from helpcenter.search import analyzers
from helpcenter.search.backend import HelpSearchBackend, Hit
from helpcenter.search.parallel import ENGLISH, Words
from helpcenter.search.plan import Plan, Wanted

SURE = 0.5  # power of a meaning's share: half as likely is not half as good
LOOKED_AT = 50  # pages of English, the best first
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
    for wanted in asked.wanted:
        _add(terms, _known(wanted.terms, words, english))
    for pair in asked.pairs if asked.language in analyzers.TOLD_BY_MARKS else ():  # two syllables, mostly a word
        _add(terms, _known({pair: 1.0}, words, english))
    said = tuple(Wanted({term: weight}) for term, weight in terms.items())
    return Plan(ENGLISH, asked.text, (), said, (), "") if said else None


def _known(said: Mapping[str, float], words: Words, english: HelpSearchBackend) -> dict[str, float]:
    """The English terms of one thing wanted that texts hold, each with its weight; a word of no known meaning may be
    English itself."""
    found: dict[str, float] = {}
    for term, weight in said.items():
        meanings = words.of(term)
        if (not meanings or term.isdigit()) and term.isascii() and " " not in term:
            meanings = [*meanings, (term, 1.0)]
        _add(found, {meaning: weight * share**SURE for meaning, share in meanings})
    return {term: weight for term, weight in found.items() if english.knows(term)}


def _add(terms: dict[str, float], more: Mapping[str, float]) -> None:
    for term, weight in more.items():
        terms[term] = max(terms.get(term, 0.0), weight)


def find(meant: Plan, own: HelpSearchBackend, english: HelpSearchBackend) -> list[Hit]:
    """Pages of English that the language does not have; their scores are shares of that of the best page that it has.

    Raises SearchUnavailable.
    """
    present = own.articles()
    hits = english.find(meant, all_words=False, limit=LOOKED_AT)
    best = next((hit.score for hit in hits if hit.article in present), 0.0)
    missing = [hit for hit in hits if hit.article not in present][:MOST_FOUND]
    shares = (hit._replace(score=min(hit.score / best, MOST) if best else MOST) for hit in missing)
    return [hit for hit in shares if hit.score >= LEAST]
