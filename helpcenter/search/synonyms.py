"""Words that mean the same, as editors keep them in the admin, put into a plan as alternatives.

A single word is one more alternative at its place. A phrase of several terms replaces the words that it stands for in a
plan of its own (`variants`): as loose alternatives its commonest part would find everything.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from helpcenter.search import analyzers
from helpcenter.search.analyzers import Word
from helpcenter.search.plan import SYNONYM, Phrase, Plan, Wanted

MOST_VARIANTS = 3

Group = tuple[Sequence[str], Sequence[str]]  # what people say, what texts may say for it


@dataclass(frozen=True, order=True, slots=True)
class Member:
    """One of the words of a group: its terms in order, and how it is written."""

    terms: tuple[str, ...]
    text: str

    @property
    def is_phrase(self) -> bool:
        return len(self.terms) > 1


class Synonyms:
    """The groups of one language, ready to be matched against questions."""

    def __init__(self, groups: Iterable[Group], language: str) -> None:
        self.language = language
        self.groups: dict[tuple[str, ...], tuple[Member, ...]] = {}
        self.alike: dict[tuple[str, ...], frozenset[tuple[str, ...]]] = {}
        for said, meant in groups:
            members = tuple(self._members(meant))
            same = frozenset(member.terms for member in members) if said == meant else frozenset()
            for terms in {member.terms for member in self._members(said)}:
                known = self.groups.get(terms)
                self.groups[terms] = members if known is None else known + members  # nearly all are in one group
                if same:
                    self.alike[terms] = self.alike.get(terms, frozenset()) | same
        self.longest = max(map(len, self.groups), default=0)
        self.said = frozenset(term for terms in self.groups for term in terms)

    def know(self, word: Word) -> bool:
        """Whether people say a word, as far as these groups tell."""
        return any(term in self.said for term in analyzers.terms(word, self.language, asking=True))

    def _members(self, words: Iterable[str]) -> set[Member]:
        return {member for word in words if (member := self._member(word)).terms}

    def _member(self, text: str) -> Member:
        words = list(analyzers.words(text, self.language))
        terms = (term for word in words for term in analyzers.terms(word, self.language, asking=True))
        return Member(tuple(terms), " ".join(word.text for word in words))

    def apply(self, plan: Plan) -> Plan:
        """The plan with alternatives for every word and phrase of it that is in a group."""
        sequence = [wanted.own_term for wanted in plan.wanted]
        widened, variants, also, phrases = list(plan.wanted), [], [], []
        for start, end, others in self._matches(sequence):
            words = {member.terms[0]: SYNONYM / (end - start) for member in sorted(others) if not member.is_phrase}
            alike = self.alike.get(tuple(sequence[start:end]), frozenset())
            widened[start:end] = [wanted.or_terms(words).as_common_as(alike) for wanted in widened[start:end]]
            before, after = _around(sequence, start, end)
            is_cut = (before, after) != (start, end)
            for member in sorted((m for m in others if m.is_phrase or is_cut), key=lambda m: (len(m.terms), m)):
                variants.append(_with_phrase(plan, before, after, member))
                also.append(member.text)
                phrases.append(Phrase(tuple(sequence[before:after]), member.terms, SYNONYM))
        said = replace(plan, also=tuple(also), phrases=tuple(phrases))
        return replace(said, wanted=tuple(widened), variants=tuple(variants))

    def _matches(self, sequence: list[str]) -> Iterable[tuple[int, int, set[Member]]]:
        for start in range(len(sequence)):
            for end in range(start + 1, min(start + self.longest, len(sequence)) + 1):
                if others := self._others(tuple(sequence[start:end])):
                    yield start, end, others

    def _others(self, terms: tuple[str, ...]) -> set[Member]:
        """The members of the groups of these terms that are not said by them."""
        return {member for member in self.groups.get(terms, ()) if member.terms != terms}


def _around(sequence: list[str], start: int, end: int) -> tuple[int, int]:
    """A match with the pairs of characters beside it that hold a part of it: in `我爆仓了` they are `我爆` and `仓了`,
    which mean nothing and go with the word that is replaced."""
    before = start - 1 if start and _overlap(sequence[start - 1], sequence[start]) else start
    after = end + 1 if end < len(sequence) and _overlap(sequence[end - 1], sequence[end]) else end
    return before, after


def _overlap(left: str, right: str) -> bool:
    return len(left) == len(right) == 2 and left[1] == right[0] and analyzers.is_run(left) and analyzers.is_run(right)


def _with_phrase(plan: Plan, start: int, end: int, member: Member) -> Plan:
    said = tuple(Wanted({term: SYNONYM}) for term in member.terms)
    return replace(plan, wanted=(*plan.wanted[:start], *said, *plan.wanted[end:]), pairs=(), characters=(), wholes=())
