"""What stands around a value: the sentence before it and behind it, in the languages it may be in."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from supportdesk.guard.folding import fold, lowered
from supportdesk.guard.phrases import Phrases
from supportdesk.guard.spans import Asked
from supportdesk.guard.told import SIGNS, languages_of

WIDEST = 72  # characters before a value
BEHIND = 48
EARLIER = 160  # characters before a value, whatever sentences they are in
LATER = 100  # characters behind it
MOST_KNOWN = 300
MOST_LOOKS = 60  # different ones in one text

_BREAK = re.compile(r"[.!?。！？;；؟](?![^\W_])|\n")
_BEGINS_LINE = re.compile(r"\n[\s>|*•·–—-]*(?:\d{1,2}[.):]\s?)?[\"'“«「『`]?$")


@dataclass(frozen=True)
class Around:
    """Folded: the words of the sentence before a value and behind it. A value that begins its line belongs to the line
    above."""

    before: str
    behind: str
    may_name: bool = False  # whether a name of what is looked for may stand in it at all

    @cached_property
    def languages(self) -> list[Phrases]:
        return languages_of(f"{self.before} {self.behind}")

    @cached_property
    def _ends(self) -> dict[tuple[str, str], bool]:
        """What was asked before: lines of a long text are alike."""
        return {}

    def names_before(self, kind: Asked, *, with_harmless: bool = False) -> Iterator[tuple[str, str]]:
        """Each name of a kind before the value, and what stands between. Not the names of something else of which it
        is a part ("password manager"), unless `with_harmless`."""
        for language in self.languages if self.may_name else ():
            harmless = [match.span() for match in language.harmless.finditer(self.before)]
            for match in language.names.finditer(self.before):
                is_part = any(start < match.end() and match.start() < end for start, end in harmless)
                if match.lastgroup == kind and (with_harmless or not is_part):
                    yield match.group(), self.before[match.end() :]

    def harmless_before(self) -> Iterator[str]:
        """What names something else before the value: "error code"."""
        for language in self.languages:
            yield from (match.group() for match in language.harmless.finditer(self.before))

    def names_behind(self, kind: Asked) -> Iterator[tuple[str, str, str]]:
        """Each name of a kind behind the value, what stands between, and what follows it."""
        for language in self.languages if self.may_name else ():
            harmless = [match.span() for match in language.harmless.finditer(self.behind)]
            for match in language.names.finditer(self.behind):
                is_part = any(start < match.end() and match.start() < end for start, end in harmless)
                if match.lastgroup == kind and not is_part:
                    yield match.group(), self.behind[: match.start()], self.behind[match.end() :]

    def has(self, which: str, part: str) -> bool:
        """Whether an entry of a list stands in a part of a sentence."""
        return any(getattr(language, which).search(part) for language in self.languages)

    def last_end(self, *lists: str) -> int:
        """Where the last entry of any of the lists ends before the value; -1 where there is none."""
        return max((match.end() for match in self._found(self.before, lists)), default=-1)

    def first_start(self, *lists: str) -> int:
        """Where the first entry of any of the lists begins behind the value; far behind it where there is none."""
        return min((match.start() for match in self._found(self.behind, lists)), default=BEHIND * 2)

    def _found(self, part: str, lists: tuple[str, ...]) -> Iterator[re.Match[str]]:
        for language in self.languages:
            for name in lists:
                yield from getattr(language, name).finditer(part)

    def ends_with(self, which: str, part: str) -> bool:
        """Whether a part ends with an entry of a list, but for signs."""
        if (which, part) not in self._ends:
            bare = part.rstrip(SIGNS)
            patterns = (_at_end(getattr(language, which)) for language in self.languages)
            self._ends[which, part] = any(pattern.search(bare) for pattern in patterns)
        return self._ends[which, part]

    def ends_with_aside(self, part: str) -> bool:
        """Whether a part ends with a word for what else people tell ("user name is"), so that the value is that."""
        bare = part.rstrip(f"{SIGNS},、")
        return self.ends_with("aside", bare) or self.ends_with("aside", self.without_end("being", bare))

    def without_end(self, which: str, part: str) -> str:
        """A part without the entry of a list that it ends with."""
        bare = part.rstrip(SIGNS)
        begins = [
            match.start() for language in self.languages if (match := _at_end(getattr(language, which)).search(bare))
        ]
        return bare[: min(begins)] if begins else bare


@cache
def _at_end(pattern: re.Pattern[str]) -> re.Pattern[str]:
    return re.compile(f"(?:{pattern.pattern})$")


class Surroundings:
    """What stands around the values of one text, a bounded number of times."""

    def __init__(self, text: str, stems: re.Pattern[str]) -> None:
        self.text = text
        self.stems = stems  # of what is looked for: windows without one need no closer look
        self.known: dict[tuple[str, str], Around] = {}
        self.looks = 0

    @cached_property
    def places(self) -> list[int]:
        """Where parts of names stand in the text."""
        return [match.start() for match in self.stems.finditer(lowered(self.text))]

    def may_be_named(self, start: int, end: int) -> bool:
        """Whether a part of a name stands as near to a value as names are looked for."""
        first = bisect_left(self.places, start - EARLIER)
        return first < len(self.places) and self.places[first] < end + LATER

    def of(self, start: int, end: int) -> Around:
        before, behind = self._before(start), _BREAK.split(self.text[end : end + BEHIND], maxsplit=1)[0]
        if (before, behind) not in self.known:
            may_name = bool(self.stems.search(before.lower()) or self.stems.search(behind.lower()))
            self.looks += may_name
            if self.looks > MOST_LOOKS or len(self.known) >= MOST_KNOWN:
                return Around("", "")
            self.known[before, behind] = Around(fold(before)[0], fold(behind)[0], may_name)
        return self.known[before, behind]

    def earlier(self, place: int) -> Around:
        """What stands before a value, in whatever sentence."""
        window = self.text[max(place - EARLIER, 0) : place]
        if self.looks >= MOST_LOOKS or not self.stems.search(window.lower()):
            return Around("", "")
        self.looks += 1
        return Around(fold(window)[0], "", may_name=True)

    def later(self, place: int) -> Around:
        """What stands behind a value, in whatever sentence."""
        window = self.text[place : place + LATER]
        if self.looks >= MOST_LOOKS or not self.stems.search(window):
            return Around("", "")
        self.looks += 1
        return Around("", fold(window)[0], may_name=True)

    def _before(self, place: int) -> str:
        window = self.text[max(place - WIDEST, 0) : place]
        line = _BEGINS_LINE.search(window)
        rest = window[: line.start()].rstrip() if line else window
        ends = [match.end() for match in _BREAK.finditer(rest)]
        return rest[ends[-1] :] if ends else rest
