"""The rules of a desk as triage goes by them, prepared once for all texts. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from tickets.enums import RuleKind
from tickets.phrases import Book, Folded, Phrase, parse
from tickets.wordings import Learned
from tickets.wordlists import FORM


@dataclass(frozen=True)
class Line:
    """A phrase of a rule in a language (or `FORM`), with its weight."""

    language: str
    text: str
    weight: float


@dataclass(frozen=True)
class Rule:
    """`needs` is the key of another rule that must be met too. `priority`, `department` and `advice` belong to rules of
    urgency; a topic's score grows by the weight of each phrase."""

    key: str
    kind: RuleKind
    lines: tuple[Line, ...]
    topic: str = ""
    priority: str = ""
    department: str = ""
    needs: str = ""
    order: int = 0


class Signal(NamedTuple):
    """A phrase that was found: of which rule, where in the text (letters, from 0, `end` after the last), with what
    weight. An answer of the form stands nowhere in the text: `field` names it and both places are 0."""

    rule_id: str
    kind: RuleKind
    start: int
    end: int
    weight: float
    field: str = ""
    language: str = ""


class Rules:
    """The rules of a desk, prepared once for all texts, and what it has learned. `generation` names this state of
    them."""

    def __init__(self, rules: Iterable[Rule], generation: str = "", learned: Learned | None = None) -> None:
        self.generation = generation
        self.learned = learned
        self.by_key = {rule.key: rule for rule in sorted(rules, key=lambda rule: (rule.order, rule.key))}

    def alone(self) -> "Rules":
        """The same rules without what was learned."""
        return Rules(self.by_key.values(), self.generation)

    @cached_property
    def _wordings(self) -> dict[Phrase, list[tuple[Rule, Line]]]:
        found: dict[Phrase, list[tuple[Rule, Line]]] = {}
        for rule in self.by_key.values():
            for line in rule.lines:
                if line.language != FORM:
                    found.setdefault(parse(line.text), []).append((rule, line))
        return found

    @cached_property
    def _phrases(self) -> list[Phrase]:
        return list(self._wordings)

    @cached_property
    def _book(self) -> Book:
        return Book(self._phrases)

    @cached_property
    def conditions(self) -> list[tuple[Rule, Line]]:
        rows = self.by_key.values()
        return [(rule, line) for rule in rows for line in rule.lines if line.language == FORM]

    def found_in(self, text: Folded) -> Iterator[tuple[Rule, Line, int, int]]:
        """Each phrase that stands in a text, with its rule and its place in what was written."""
        for number, start, end in self._book.find(text.text):
            for rule, line in self._wordings[self._phrases[number]]:
                yield rule, line, *text.span(start, end)
