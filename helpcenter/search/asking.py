"""The search as screens and commands use it: this process's engines and thesaurus behind one function each."""

import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import replace

from helpcenter import freshness, glossary
from helpcenter.localization import COMMON, VARIANTS
from helpcenter.models import Synonym
from helpcenter.search import indexing
from helpcenter.search.backend import HelpSearchBackend
from helpcenter.search.queries import Answer, Pipeline, Result
from helpcenter.search.synonyms import Group, Synonyms
from supportdesk.ui.languages import content_languages

KEEP_OTHERS = 60.0  # seconds an answer from other languages is remembered
MOST_KEPT = 500


class _Thesaurus:
    """The synonyms of this process, of editors and of the glossary, read again when the content generation changes."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.generation = -1
        self.groups: list[tuple[str, Group]] = []
        self.by_language: dict[str, Synonyms] = {}

    def get(self, language: str) -> Synonyms:
        generation = freshness.current().generation
        with self.lock:
            if generation != self.generation:
                self.groups = [(row.language, row.sides()) for row in Synonym.objects.all()]
                self.by_language, self.generation = {}, generation
            if language not in self.by_language:
                groups = [sides for code, sides in self.groups if code in ("", language)]
                same = [(words, words) for words in glossary.synonym_groups(language)]
                self.by_language[language] = Synonyms([*groups, *same], language)
            return self.by_language[language]


class _Remembered:
    """Answers from other languages, for a minute: many people ask the same in a crash."""

    def __init__(self) -> None:
        self.answers: dict[Hashable, tuple[float, Answer]] = {}

    def get(self, key: Hashable, make: Callable[[], Answer]) -> Answer:
        kept = self.answers.get(key)
        if kept is not None and time.monotonic() - kept[0] < KEEP_OTHERS:
            return kept[1]
        answer = make()
        if len(self.answers) >= MOST_KEPT:
            self.answers.clear()
        self.answers[key] = (time.monotonic(), answer)
        return answer


def forget() -> None:
    """Forget synonyms and answers, as a process does that has just started."""
    _thesaurus.generation = -1
    _remembered.answers.clear()


_thesaurus = _Thesaurus()
_remembered = _Remembered()


def _engine(language: str) -> HelpSearchBackend:
    return indexing.backend(language)


def _agents_engine(language: str) -> HelpSearchBackend:
    return indexing.backend(f"{language}.agents")


_public = Pipeline(_engine, _thesaurus.get)
_for_agents = Pipeline(_agents_engine, _thesaurus.get)


def ask(text: str, language: str, *, everywhere: bool = False, for_agents: bool = False) -> Answer:
    """Answer a question from the language's own index, and from the others when that finds nothing or `everywhere`.

    `for_agents` adds what only agents may read. Raises SearchUnavailable when the own index cannot be read.
    """
    answer = _public.ask(text, language)
    if answer.results and COMMON in other_languages(language, freshness.current().public):
        answer = _public.add_untranslated(answer)
    if for_agents:
        inside = _for_agents.ask(text, language)
        stage = answer.stage if answer.results else inside.stage
        answer = replace(answer, results=[*inside.results, *answer.results], stage=stage)
    if answer.results and not everywhere:
        return answer
    elsewhere = ask_elsewhere(text, language)
    if not answer.results:
        return replace(elsewhere, asked=answer.asked)
    own = {result.article for result in answer.results}
    more = [result for result in elsewhere.results if result.article not in own]
    return replace(answer, results=[*answer.results, *more], languages=(language, *elsewhere.languages))


def suggest(text: str, language: str, limit: int) -> list[Result]:
    """Articles for a question that is still being typed. Raises SearchUnavailable."""
    return _public.suggest(text, language, limit)


def ask_elsewhere(text: str, language: str) -> Answer:
    """Answer a question from the other languages alone. An answer counts until one of their indexes changes."""
    snapshot = freshness.current()
    others = other_languages(language, snapshot.public)
    key = (language, text, snapshot.generation, *(_engine(code).version() for code in others))
    return _remembered.get(key, lambda: _public.ask_others(text, language, others))


def other_languages(language: str, public: tuple[str, ...]) -> tuple[str, ...]:
    """Where else to look: the language's variant, English, then the rest in menu order."""
    order = [VARIANTS.get(language), COMMON, *public]
    known = set(content_languages())
    return tuple(dict.fromkeys(code for code in order if code in known and code != language and code in public))
