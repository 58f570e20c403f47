"""Texts that come with the product, labelled with the topic that they are about: what triage learns from before a desk
has tickets of its own.

`fixtures/triage/<language>.json` holds lists of [topic, whether it is urgent, text]; `articles.yaml` says which
articles of `fixtures/help` are about which topic: the lines by which people ask for them count too.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from tickets.triage import ALARM, SECURITY
from tickets.wordings import VERSION
from tickets.wordings_training import WAY, Example

WORTH_OF_A_QUESTION = 0.7  # beside a text that was written to be learned from


class BadText(ValueError):
    """A file that cannot be read. Says which."""


class Labelled(NamedTuple):
    """An example with its language and its topic; `is_scored` says that it counts where tables are measured."""

    example: Example
    language: str
    topic: str
    is_scored: bool = True


def label_of(topic: str, *, is_urgent: bool) -> str:
    return ALARM if topic == SECURITY and is_urgent else topic


def read(folder: Path) -> list[Labelled]:
    """All texts of a folder such as `fixtures`. Raises BadText."""
    return [*_texts(folder / "triage"), *_questions(folder)]


def mark_of(texts: list[Labelled]) -> str:
    """Names this state of the texts, and the version of the tables that are made of them, and how."""
    digest = hashlib.sha256(f"{VERSION}.{WAY}".encode())
    for one in texts:
        digest.update(f"{one.example.label}\0{one.example.text}\0".encode())
    return digest.hexdigest()[:16]


def _texts(folder: Path) -> Iterator[Labelled]:
    for file in sorted(folder.glob("*.json")):
        try:
            rows = [
                (str(topic), bool(urgent), str(text)) for topic, urgent, text in json.loads(file.read_text("utf-8"))
            ]
        except (OSError, ValueError, TypeError) as error:
            raise BadText(f"{file.name}: {error}") from error
        for topic, urgent, text in rows:
            yield Labelled(Example(text, label_of(topic, is_urgent=urgent)), file.stem, topic)


def _questions(folder: Path) -> Iterator[Labelled]:
    file = folder / "triage" / "articles.yaml"
    by_label = yaml.safe_load(file.read_text("utf-8")) if file.exists() else {}
    labels = {slug: label for label, slugs in by_label.items() for slug in slugs}
    for article in sorted((folder / "help").glob("*/*.md")):
        label = labels.get(article.stem)
        for line in _head(article).get("questions", ()) if label else ():
            example = Example(str(line), str(label), WORTH_OF_A_QUESTION)
            yield Labelled(example, article.parent.name, str(label).rstrip("!"), is_scored=False)


def _head(article: Path) -> dict[str, Any]:
    parts = article.read_text("utf-8").split("---", 2)
    try:
        return yaml.safe_load(parts[1]) or {}
    except (IndexError, yaml.YAMLError) as error:
        raise BadText(f"{article.name}: {error}") from error
