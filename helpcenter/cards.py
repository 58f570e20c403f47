"""What lists and links say of an article: a card for each language in which it is published.

`publish` keeps the cards beside the text, so that a line of a list costs one short column, however many languages there
are, and nobody who draws lists touches texts or their states. Stored as JSON: language -> card.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from helpcenter.outline import Change, Outdated


@dataclass(frozen=True)
class Card:
    """`published_at` is UTC; `minutes` is the time that reading takes, `steps` how many steps a guide has, `outdated`
    what of a translation is older than its source."""

    title: str
    summary: str
    published_at: datetime | None
    minutes: int = 1
    steps: int = 0
    outdated: tuple[Outdated, ...] = ()

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Card":
        return cls(
            title=stored["title"],
            summary=stored["summary"],
            published_at=datetime.fromisoformat(stored["published_at"]) if stored["published_at"] else None,
            minutes=stored["minutes"],
            steps=stored["steps"],
            outdated=tuple(Outdated(key, Change(change), title) for key, change, title in stored["outdated"]),
        )

    def as_json(self) -> dict[str, Any]:
        """What `of` reads."""
        return {
            "title": self.title,
            "summary": self.summary,
            "published_at": self.published_at.isoformat() if self.published_at else "",
            "minutes": self.minutes,
            "steps": self.steps,
            "outdated": [[part.key, part.change.value, part.title] for part in self.outdated],
        }
