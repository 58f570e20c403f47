"""Figures of the last days in a language: what the address asks for, and what a page offers to choose from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from django.http import HttpRequest
from django.utils.http import urlencode

from supportdesk.ui import languages
from supportdesk.ui.languages import content_languages


@dataclass(frozen=True)
class AskedPeriod:
    """A language (empty for all) and the last `days` days, one of `periods`."""

    language: str
    days: int
    periods: Sequence[int]

    @classmethod
    def of(cls, request: HttpRequest, periods: Sequence[int], *, usual: int) -> Self:
        language, days = request.GET.get("language", ""), request.GET.get("days", "")
        return cls(
            language=language if language in content_languages() else "",
            days=int(days) if days in [str(period) for period in periods] else usual,
            periods=periods,
        )

    def query(self, **changed: Any) -> str:
        values = {"language": self.language, "days": self.days, **changed}
        return "?" + urlencode({name: value for name, value in values.items() if value})

    def choices(self) -> dict[str, Any]:
        """The languages and the periods, and the table of the same figures, each with its address."""
        spoken = [(languages.language(code).name, self.query(language=code), code) for code in content_languages()]
        return {
            "languages": [(name, query, code == self.language) for name, query, code in spoken],
            "all_languages": (self.query(language=""), not self.language),
            "periods": [(days, self.query(days=days), days == self.days) for days in self.periods],
            "csv": self.query(format="csv"),
        }
