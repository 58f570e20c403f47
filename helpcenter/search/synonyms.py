"""Words that mean the same, as editors keep them in the admin, put into a plan as alternatives."""

from collections.abc import Iterable
from dataclasses import replace

from helpcenter.search import analyzers
from helpcenter.search.plan import SYNONYM, Plan, Wanted

Key = tuple[str, ...]


class Synonyms:
    """The groups of one language, ready to be matched against questions. A member is the sequence of its terms."""

    def __init__(self, groups: Iterable[list[str]], language: str) -> None:
        self.language = language
        self.members: dict[Key, set[Key]] = {}
        for group in groups:
            keys = {key for word in group if (key := self._key(word))}
            for key in keys:
                self.members.setdefault(key, set()).update(keys - {key})
        self.longest = max((len(key) for key in self.members), default=0)

    def _key(self, text: str) -> Key:
        return tuple(
            term
            for word in analyzers.words(text, self.language)
            for term in analyzers.terms(word, self.language, asking=True)
        )

    def apply(self, plan: Plan) -> Plan:
        """Add, to everything wanted that is part of a known word or phrase, the terms of what means the same."""
        sequence = [next(iter(wanted.terms)) for wanted in plan.wanted]
        widened = list(plan.wanted)
        for start in range(len(sequence)):
            for end in range(start + 1, min(start + self.longest, len(sequence)) + 1):
                others = self.members.get(tuple(sequence[start:end]))
                if others:
                    widened[start:end] = [self._widen(wanted, others) for wanted in widened[start:end]]
        return replace(plan, wanted=tuple(widened))

    @staticmethod
    def _widen(wanted: Wanted, others: set[Key]) -> Wanted:
        # A phrase of two words as an alternative counts half for each: together they weigh as one.
        alternatives: dict[str, float] = {}
        for key in others:
            for term in key:
                alternatives[term] = max(alternatives.get(term, 0.0), SYNONYM / len(key))
        return wanted.or_terms(dict(sorted(alternatives.items())))
