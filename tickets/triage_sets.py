"""Labelled texts, and how well rules of triage do on them. Pure but for reading the file."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tickets.enums import Priority
from tickets.triage import SECURITY, classify
from tickets.triage_rules import Rules

FORM_LANGUAGE = "en"  # what a mail without any mark of its language is taken for at first


class BadSet(ValueError):
    """A file that cannot be read as labelled texts."""


@dataclass(frozen=True)
class Example:
    """A text with what a person says of it."""

    id: str
    language: str
    topic: str
    text: str
    urgent: bool


@dataclass(frozen=True)
class Wrong:
    """A text that was taken for another topic than its own."""

    id: str
    language: str
    topic: str
    taken_for: str
    margin: float


@dataclass
class Evaluation:
    """Counts of texts, by topic and by language; shares are 0 to 1."""

    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)  # (labelled, taken for)
    by_language: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    urgent: Counter[tuple[bool, bool]] = field(default_factory=Counter)  # (labelled, found)
    wrong: list[Wrong] = field(default_factory=list)

    @property
    def topics(self) -> list[str]:
        return sorted({labelled for labelled, _ in self.pairs})

    @property
    def count(self) -> int:
        return self.pairs.total()

    def recall(self, topic: str) -> float:
        return _share(self.pairs[topic, topic], sum(n for (own, _), n in self.pairs.items() if own == topic))

    def precision(self, topic: str) -> float:
        return _share(self.pairs[topic, topic], sum(n for (_, taken), n in self.pairs.items() if taken == topic))

    def f1(self, topic: str) -> float:
        precision, recall = self.precision(topic), self.recall(topic)
        return _share(2 * precision * recall, precision + recall)

    @property
    def macro_f1(self) -> float:
        """The mean of the F1 of all topics that a text was labelled with."""
        return _share(sum(map(self.f1, self.topics)), len(self.topics))

    def as_json(self) -> dict[str, Any]:
        return {
            "texts": self.count,
            "macro_f1": round(self.macro_f1, 4),
            "security_recall": round(self.recall(SECURITY), 4),
            "topics": {
                topic: {
                    "precision": round(self.precision(topic), 4),
                    "recall": round(self.recall(topic), 4),
                    "f1": round(self.f1(topic), 4),
                }
                for topic in self.topics
            },
            "languages": {
                code: {
                    "texts": counts["texts"],
                    "topic": round(counts["topic"] / counts["texts"], 4),
                    "language": round(counts["language"] / counts["texts"], 4),
                }
                for code, counts in sorted(self.by_language.items())
            },
            "urgent": {"recall": round(self.urgent_recall, 4), "precision": round(self.urgent_precision, 4)},
        }

    @property
    def urgent_recall(self) -> float:
        return _share(self.urgent[True, True], self.urgent[True, True] + self.urgent[True, False])

    @property
    def urgent_precision(self) -> float:
        return _share(self.urgent[True, True], self.urgent[True, True] + self.urgent[False, True])

    def lines(self, *, with_wrong: bool = False) -> Iterator[str]:
        """A report for people: figures alone, never a text."""
        yield f"{self.count} texts  macro-F1 {self.macro_f1:.3f}  security recall {self.recall(SECURITY):.3f}"
        yield f"urgent: recall {self.urgent_recall:.3f}  precision {self.urgent_precision:.3f}"
        for topic in self.topics:
            figures = f"{self.precision(topic):.2f} {self.recall(topic):.2f} {self.f1(topic):.2f}"
            yield f"{topic:<16} precision, recall, F1: {figures}"
        for code, counts in sorted(self.by_language.items()):
            share, spoken = counts["topic"] / counts["texts"], counts["language"] / counts["texts"]
            yield f"{code:<8} {counts['texts']:>3} texts  topic {share:.2f}  language {spoken:.2f}"
        for one in self.wrong if with_wrong else ():
            yield f"{one.id} {one.language} {one.topic} -> {one.taken_for} (margin {one.margin:.2f})"


def read(path: Path) -> list[Example]:
    """The examples of a file. Raises BadSet, which says what is to be mended."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        examples = [_example(row) for row in rows]
    except (OSError, ValueError, LookupError, TypeError) as error:
        message = f"{path.name} cannot be read: {error!r}. Give a JSON list of texts with id, language, topic, text."
        raise BadSet(message) from error
    if not examples:
        raise BadSet(f"{path.name} has no texts.")
    return examples


def _example(row: Any) -> Example:
    return Example(str(row["id"]), row["language"], row["topic"], str(row["text"]), bool(row.get("urgent")))


def evaluate(examples: Sequence[Example], rules: Rules) -> Evaluation:
    """What the rules say of each text alone: no topic was chosen, no answer given."""
    found = Evaluation()
    for example in examples:
        taken = classify(example.text, FORM_LANGUAGE, {}, rules)
        found.pairs[example.topic, taken.topic] += 1
        found.urgent[example.urgent, taken.urgency == Priority.URGENT] += 1
        found.by_language[example.language] += Counter(
            texts=1, topic=int(taken.topic == example.topic), language=int(taken.language == example.language)
        )
        if taken.topic != example.topic:
            found.wrong.append(Wrong(example.id, example.language, example.topic, taken.topic, taken.margin))
    return found


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
