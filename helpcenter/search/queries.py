"""The query pipeline: all words, else corrected words, then some words; the other languages when nothing was found.

Stages, boosts and floors are data; an engine only has to find what a `Plan` wants.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import NamedTuple

from helpcenter.enums import Stage
from helpcenter.search import grammar, korean, untranslated
from helpcenter.search.analyzers import Word, plain, terms
from helpcenter.search.backend import DESCRIBED, MOST_HITS, HelpSearchBackend, Hit, SearchUnavailable
from helpcenter.search.lexicon import Lexicon
from helpcenter.search.parallel import ENGLISH
from helpcenter.search.plan import PLAIN_WORD, PREFIX, SYNONYM, Plan, Wanted, plan
from helpcenter.search.synonyms import MOST_VARIANTS, Synonyms

ENOUGH = 10  # with fewer hits for all words, documents with some of them follow
# Share of the best possible score that a document with only some of the words must reach, so that nonsense finds
# nothing; measured on seeded nonsense by `evaluate_search`.
FLOOR = 0.09
# Share of a question's words that must be known before a correction, or another language, is believed.
MOSTLY_KNOWN, HALF_KNOWN = 0.66, 0.5
# How much more a document counts that holds all words of the question.
WHOLE = 1.2
# How much more a hit counts whose title or heading holds the question as it was typed, and whose text does.
TITLE_BONUS, HEADING_BONUS, WHOLE_BONUS, TEXT_BONUS = 1.0, 0.8, 0.5, 0.5
# Of the score of the best page, for one that exists in English alone and is as good by its English words.
UNTRANSLATED = 0.6
LAST_PLACE = 10  # of a page that exists in English alone; behind that nobody looks for it
INSIDE = 0.6  # of the bonus, where the heading holds the question but does not begin with it


class Result(NamedTuple):
    """A found article in the language of the index that found it."""

    article: int
    language: str
    kind: str
    category: int
    score: float


@dataclass(frozen=True)
class Answer:
    """What a question found. `asked` is how it was understood, `corrected` the words that replaced mistyped ones,
    `in_english` what it means in English, where pages that exist in English alone were found by that."""

    results: list[Result]
    stage: Stage
    asked: Plan
    corrected: str = ""
    milliseconds: float = 0.0
    languages: tuple[str, ...] = field(default=())
    in_english: Plan | None = None

    def asked_in(self, language: str) -> Plan:
        """How the question was understood for the texts of a language."""
        return self.in_english if self.in_english and language == ENGLISH else self.asked


Engines = Callable[[str], HelpSearchBackend]
Thesaurus = Callable[[str], Synonyms]


class Pipeline:
    """Answers questions in one language with the indexes that `engines` gives out by language."""

    def __init__(self, engines: Engines, thesaurus: Thesaurus) -> None:
        self.engines, self.thesaurus = engines, thesaurus

    def ask(self, text: str, language: str) -> Answer:
        """Own language only. Raises SearchUnavailable."""
        started = time.process_time()
        engine = self.engines(language)
        asked = _without_seams(engine, self.thesaurus(language).apply(plan(text, language)))
        answer = self._ask(engine, asked) if not asked.is_empty else Answer([], Stage.NOTHING, asked)
        return replace(answer, milliseconds=(time.process_time() - started) * 1000, languages=(language,))

    def ask_others(self, text: str, language: str, others: Sequence[str]) -> Answer:
        """The other languages in the order given, each hit labelled with its language. None is corrected.

        Languages whose index cannot be read are left out.
        """
        asked = plan(text, language)
        best: list[Result] = []
        for other in others:
            try:
                engine = self.engines(other)
                there = self.thesaurus(other).apply(asked.in_language(other))
                if self._is_in_language(engine, there):
                    best += self._all_words(engine, there) or self._some_words(engine, there)
            except SearchUnavailable:
                continue
        seen: set[int] = set()
        unique = [hit for hit in best if not (hit.article in seen or seen.add(hit.article))]  # type: ignore[func-returns-value]
        stage = Stage.OTHER_LANGUAGE if unique else Stage.NOTHING
        return Answer(unique[:MOST_HITS], stage, asked, languages=tuple(others))

    def add_untranslated(self, answer: Answer) -> Answer:
        """The answer of one language with pages among it that exist in English alone, as far as the language's own
        articles teach what its words are in English."""
        asked = answer.asked
        try:
            own, english = self.engines(asked.language), self.engines(ENGLISH)
            meant = untranslated.in_english(asked, own.words(), english)
            hits = untranslated.find(meant, own, english) if meant else []
        except SearchUnavailable:
            return answer
        if not hits:
            return answer
        most = UNTRANSLATED * answer.results[0].score
        found = [Result(hit.article, ENGLISH, hit.facts.kind, hit.facts.category, hit.score * most) for hit in hits]
        return replace(answer, results=_placed(answer.results, found), in_english=meant)

    def suggest(self, text: str, language: str, limit: int) -> list[Result]:
        """Articles for a question that is still being typed: its last word is the beginning of a word."""
        engine = self.engines(language)
        asked = self.thesaurus(language).apply(plan(text, language))
        if asked.is_empty:
            return []
        begun = _as_prefix(engine, asked) or asked
        return (self._all_words(engine, begun) or self._some_words(engine, begun))[:limit]

    def _ask(self, engine: HelpSearchBackend, typed: Plan) -> Answer:
        found, asked = self._with_prefix(engine, typed)
        if len(found) < ENOUGH and (core := asked.core):
            found = _append(found, self._all_words(engine, core))
        if found:
            only_said_otherwise = asked.variants and not engine.find(asked, all_words=True, limit=1)
            partly = _rank(asked, _partly(engine, typed, measure=typed))
            weight = SYNONYM if only_said_otherwise else WHOLE
            return Answer(_by_score(found, partly, weight), Stage.ALL_WORDS, asked)
        corrected = self._corrected(engine, asked)
        if corrected is not None:
            found = self._all_words(engine, corrected)
            if found or _known_share(engine, corrected) >= MOSTLY_KNOWN:
                found = _append(found, self._some_words(engine, corrected))
            if found:
                return Answer(found, Stage.CORRECTED, corrected, corrected=_words(corrected))
        found = self._some_words(engine, asked)
        return Answer(found, Stage.SOME_WORDS if found else Stage.NOTHING, asked)

    def _with_prefix(self, engine: HelpSearchBackend, asked: Plan) -> tuple[list[Result], Plan]:
        """Hits for all words; where they are few, the last word may be a beginning."""
        found = self._all_words(engine, asked)
        if len(found) >= ENOUGH:
            return found, asked
        begun = _as_prefix(engine, asked)
        if begun is None:
            return found, asked
        more = self._all_words(engine, begun)
        return (more, begun) if more else (found, asked)

    def _all_words(self, engine: HelpSearchBackend, asked: Plan) -> list[Result]:
        hits = engine.find(asked, all_words=True)
        for variant in _likely_variants(engine, asked):
            hits = _merge(hits, engine.find(variant, all_words=True))
        return _rank(asked, hits)

    def _some_words(self, engine: HelpSearchBackend, asked: Plan) -> list[Result]:
        hits = _partly(engine, asked, measure=asked)
        for variant in asked.variants[: 0 if hits else MOST_VARIANTS]:
            hits = _merge(hits, _partly(engine, variant, measure=variant.core or variant))
        return _rank(asked, hits)

    @staticmethod
    def _is_in_language(engine: HelpSearchBackend, asked: Plan) -> bool:
        """Whether a question makes sense in a language: one word that happens to exist there is an accident."""
        return not asked.is_empty and _known_share(engine, asked) >= HALF_KNOWN

    def _corrected(self, engine: HelpSearchBackend, asked: Plan) -> Plan | None:
        """The question with each unknown word replaced by the nearest known one; None where none is near. A word that
        synonyms are kept for is known, whether a text has it or not: `wife` is not meant to be `wide`."""
        lexicon, synonyms = engine.lexicon(), self.thesaurus(asked.language)
        words = [
            word.text if synonyms.know(word) or _is_known(engine, word, asked.language) else _correct(word, lexicon)
            for word in asked.words
        ]
        if words == [word.text for word in asked.words]:
            return None
        text = " ".join(words)
        return synonyms.apply(plan(text, asked.language))


def _without_seams(engine: HelpSearchBackend, asked: Plan) -> Plan:
    """The plan without pairs of characters that only stand side by side: one of them is grammar, and no text has them
    together. `么比` in `什么比特币` is no word that a text could be without."""
    said = tuple(
        want
        for want in asked.wanted
        if not grammar.is_seam(want.own_term, asked.language) or engine.knows(want.own_term)
    )
    return replace(asked, wanted=said) if 0 < len(said) < len(asked.wanted) else asked


def _partly(engine: HelpSearchBackend, asked: Plan, *, measure: Plan) -> list[Hit]:
    """Documents that hold enough of the question; `measure` says what is enough."""
    floor = FLOOR * engine.best_score(measure)
    if asked.characters and not _reaches(engine, replace(asked, characters=()), floor):
        return []  # single characters may order what words have found, they find nothing by themselves
    return [hit for hit in engine.find(asked, all_words=False) if hit.score >= floor]


def _reaches(engine: HelpSearchBackend, asked: Plan, floor: float) -> bool:
    best = engine.find(asked, all_words=False, limit=1)
    return bool(best) and best[0].score >= floor


def _likely_variants(engine: HelpSearchBackend, asked: Plan) -> list[Plan]:
    """The first variants all of whose terms the index knows."""
    known = (v for v in asked.variants if all(engine.knows(term) for wanted in v.wanted for term in wanted.terms))
    return list(islice(known, MOST_VARIANTS))


def _merge(hits: list[Hit], more: list[Hit]) -> list[Hit]:
    """Both lists by score; a document in both counts with the greater one."""
    best: dict[int, Hit] = {}
    for hit in (*hits, *more):
        if hit.article not in best or best[hit.article].score < hit.score:
            best[hit.article] = hit
    return sorted(best.values(), key=lambda hit: -hit.score)


def _is_known(engine: HelpSearchBackend, word: Word, language: str) -> bool:
    """Whether a text has the word in this or another form; of a Korean one, all that comes before its ending."""
    if word.is_hangul:
        stem = word.text[: korean.stem_length(word.text)]
        return all(engine.knows(stem[place : place + 2]) for place in range(max(len(stem) - 1, 1)))
    return plain(word) in engine.lexicon() or any(engine.knows(term) for term in terms(word, language, asking=True))


def _correct(word: Word, lexicon: Lexicon) -> str:
    """What an unknown word was meant to be; the word itself where nothing is near."""
    if word.is_hangul:
        return lexicon.correct_syllables(word.text) or word.text
    if word.is_run:
        return word.text
    typed = plain(word)
    return lexicon.correct(typed) or " ".join(lexicon.parted(typed) or (word.text,))


def _known_share(engine: HelpSearchBackend, asked: Plan) -> float:
    """The share of the question's words that the index knows; of a run, of its terms."""
    lexicon = engine.lexicon()
    known = [engine.knows(w.own_term) if not w.plain else any(p in lexicon for p in w.plain) for w in asked.wanted]
    return sum(known) / len(known)


def _words(asked: Plan) -> str:
    return " ".join(word.text for word in asked.words)


def _as_prefix(engine: HelpSearchBackend, asked: Plan) -> Plan | None:
    """The plan with the likely continuations of its last word as alternatives; None for runs, which have no words."""
    last, wanted = asked.last_word, asked.last_wanted
    if last is None or wanted is None:
        return None
    continuations = engine.lexicon().expand(plain(last))
    if not continuations:
        return None
    stems = {
        term: PREFIX for word in continuations for begun in plan(word, asked.language).wanted for term in begun.terms
    }
    words = dict.fromkeys(continuations, PLAIN_WORD * PREFIX)
    return asked.with_other(wanted, wanted.or_terms(stems, words))


def _rank(asked: Plan, hits: list[Hit]) -> list[Result]:
    """Reorder the first hits by how closely their headings and text hold the question as it was typed."""
    if not hits:
        return []
    head = [(hit.score * (1 + _bonus(hit, asked)), hit) for hit in hits[:DESCRIBED]]
    head.sort(key=lambda pair: -pair[0])
    ordered = [(score, hit) for score, hit in head] + [(hit.score, hit) for hit in hits[DESCRIBED:]]
    return [Result(hit.article, asked.language, hit.facts.kind, hit.facts.category, score) for score, hit in ordered]


def _bonus(hit: Hit, asked: Plan) -> float:
    best = TEXT_BONUS if hit.is_verbatim else 0.0
    for place, text in enumerate(hit.facts.heads):
        weight = TITLE_BONUS if place == 0 else HEADING_BONUS
        best = max(best, weight * _likeness(text, asked.phrase))
    return best


def _likeness(text: str, phrase: str) -> float:
    """How well a heading matches the question: as its beginning, inside it at the start of a word, or whole."""
    at = text.find(phrase)
    if at < 0:
        return 0.0
    whole = WHOLE_BONUS if len(text) == len(phrase) else 0.0
    if at == 0:
        return 1.0 + whole
    return INSIDE if not phrase.isascii() or text[at - 1] == " " else 0.0


def _by_score(whole: list[Result], partly: list[Result], weight: float) -> list[Result]:
    """What holds all of the question, its score times `weight`, among what holds a part of it: a page that happens to
    have all of its words somewhere is not always the one that is about them."""
    best = {result.article: result for result in partly}
    for result in whole:
        weighed = result._replace(score=result.score * weight)
        if result.article not in best or best[result.article].score < weighed.score:
            best[result.article] = weighed
    return sorted(best.values(), key=lambda result: -result.score)


def _placed(own: list[Result], english: list[Result]) -> list[Result]:
    """Pages of English before what scores less, but behind the best of the language's own."""
    placed = list(own)
    for result in english:
        place = next((at for at, other in enumerate(placed) if at and other.score < result.score), len(placed))
        if place < LAST_PLACE:
            placed.insert(place, result)
    return placed


def _append(first: list[Result], more: list[Result]) -> list[Result]:
    present = {result.article for result in first}
    return first + [result for result in more if result.article not in present]


__all__ = ["Answer", "Pipeline", "Result", "Wanted"]
