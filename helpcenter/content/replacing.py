"""Find and replace in the words of documents. Pure."""

import re
from dataclasses import dataclass

AROUND = 40  # characters that are shown on either side


@dataclass(frozen=True)
class Occurrence:
    """Where words were found: line (from one; 0 in the title and the summary), and what stands around them."""

    line: int
    before: str
    found: str
    after: str


@dataclass(frozen=True)
class Search:
    """What to look for. Literal text; `is_case_kept` tells `Margin` from `margin`, `is_word` takes whole words only
    (where a language writes blanks between them)."""

    words: str
    is_case_kept: bool = True
    is_word: bool = False

    def pattern(self) -> re.Pattern[str]:
        literal = re.escape(self.words)
        bounded = rf"(?<!\w){literal}(?!\w)" if self.is_word else literal
        return re.compile(bounded, 0 if self.is_case_kept else re.IGNORECASE)

    def occurrences(self, text: str, *, is_body: bool) -> list[Occurrence]:
        return [_occurrence(text, match, is_body=is_body) for match in self.pattern().finditer(text)]

    def replaced(self, text: str, by: str) -> str:
        return self.pattern().sub(lambda match: by, text)


def _occurrence(text: str, match: re.Match[str], *, is_body: bool) -> Occurrence:
    start, end = match.span()
    begin = max(text.rfind("\n", 0, start) + 1, start - AROUND)
    stop = text.find("\n", end)
    stop = min(len(text) if stop < 0 else stop, end + AROUND)
    line = text.count("\n", 0, start) + 1 if is_body else 0
    return Occurrence(line, text[begin:start], text[start:end], text[end:stop])
