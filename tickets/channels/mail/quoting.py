"""A person's new words apart from quoted history and signature. Nothing is dropped: each line goes to one of the two,
and where it is not sure, to the words that are shown.

Marked quotes (`>` or a quoting element of HTML) are taken line by line, so what stands between and below them stays
with the new words. History without marks is everything from its introduction to the end, and only where the person
wrote something above it. Each step looks at each line a bounded number of times.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from tickets.channels.mail import phrases
from tickets.channels.mail.phrases import plain

LONGEST_INTRODUCTION = 400  # characters of "On … wrote:", over several lines
MOST_LINES = 4  # of the same
LONGEST_BLOCK = 14  # lines of "From: … Sent: …"
LONGEST_SIGNATURE = 12  # lines
LONGEST_BARE_SIGNATURE = 6  # lines behind two dashes without their blank, which people also type between their words


class Mark(Enum):
    """What the markup of a line says of it."""

    NONE = "none"
    OWN = "the person's, though it begins as a quote does"
    QUOTE = "quote"
    BLOCK = "indented: a quote, or the person's own way to set something off"
    HISTORY = "from here on history, says an element of the program"
    SIGNATURE = "signature"


@dataclass(frozen=True)
class Line:
    text: str
    mark: Mark = Mark.NONE


@dataclass(frozen=True)
class Split:
    """New words and the rest, and whether new words stand below or between quoted ones, so that all of it together may
    be easier to read."""

    text: str
    quoted: str
    is_interleaved: bool = False


@dataclass(frozen=True)
class _Introduction:
    """Lines from `start` up to `end` that introduce history; `sure` where that needs no quoting marks below them."""

    start: int
    end: int
    sure: bool


_QUOTED = re.compile(r"\s{0,3}[>＞]")
_QUOTED_BY_NAME = re.compile(
    r"\s{0,3}([^\W\d_]{1,5})>+(?:\s|$)"
)  # "RT> ", initials before the mark, as The Bat! writes
_RUN_TOGETHER = re.compile(
    rf"(\s{{0,8}}(?:{phrases.STARTS.pattern}).{{0,200}}?<[^\s<>@]{{1,100}}@[^\s<>@]{{1,200}}>\s?(?:{phrases.WROTE})\s?[:：])"
    r"\s{1,8}(\S.*)",
    re.IGNORECASE,
)  # Yahoo's on Android: "On … Ann <ann@example.com> wrote:   Hello"


def of_text(text: str) -> Split:
    """The new words of a plain text with lines ended by a line feed."""
    return split([Line(line) for line in text.split("\n")])


def split(lines: Sequence[Line]) -> Split:
    """The new words of lines that may be marked."""
    return _Splitting(lines).split()


class _Splitting:
    """One text. `rest[i]` is whether line i is no new word; a blank line goes with the line before it."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines = [part for line in lines for part in _apart(line)]
        self.blank = [not line.text.strip() for line in lines]
        self.quote = [_is_quote(line) for line in lines]
        self.rest = list(self.quote)
        self.plain = ["" if quoted else plain(line.text) for line, quoted in zip(lines, self.quote, strict=True)]
        self.ends = [_may_end(text) for text in self.plain]
        self.roles = [phrases.role(text) if text else "" for text in self.plain]

    def split(self) -> Split:
        cut = self._cut(self._introductions())
        self._take(cut, len(self.lines))
        self._take_signatures(cut)
        self._settle_blanks()
        self._show_what_is_handed_on()
        new = [index for index in range(len(self.lines)) if not self.rest[index]]
        old = [index for index in range(len(self.lines)) if self.rest[index]]
        return Split(self._joined(new), self._joined(old), self._is_interleaved(cut))

    def _joined(self, indices: Iterable[int]) -> str:
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self.lines[index].text.rstrip() for index in indices)).strip("\n")

    def _take(self, start: int, end: int) -> None:
        self.rest[start:end] = [True] * max(0, end - start)

    def _next(self, index: int) -> int:
        """The first line from `index` on that has something on it; the number of lines where none has."""
        while index < len(self.lines) and self.blank[index]:
            index += 1
        return index

    # Introductions of history

    def _introductions(self) -> Iterator[_Introduction]:
        """Those not marked as quoted, each with those that follow it directly."""
        index = 0
        while index < len(self.lines):
            found = self._introduction(index)
            if found is None:
                index += 1
                continue
            while following := self._introduction(self._next(found.end)):
                found = _Introduction(found.start, following.end, found.sure or following.sure)
            yield found
            index = found.end

    def _introduction(self, index: int) -> _Introduction | None:
        if index >= len(self.lines) or self.quote[index]:
            return None
        if self.lines[index].mark is Mark.HISTORY:
            return _Introduction(index, index + 1, True)
        if self.blank[index]:
            return None
        return self._block(index) or self._separator(index) or self._attribution(index)

    def _block(self, index: int) -> _Introduction | None:
        end = self._block_end(index) if self.roles[index] else 0
        roles = set(self.roles[index:end])
        if {"from", "subject"} <= roles and roles & {"date", "to"}:
            return _Introduction(index, end, True)
        if {"from", "date", "to"} <= roles and self._names_sender(index, end):
            return _Introduction(index, end, True)
        return None

    def _names_sender(self, start: int, end: int) -> bool:
        """Whether lines name a sender: without a subject line only an address tells the header of a quoted message from
        a list that a person has written."""
        return any("@" in self.lines[place].text for place in range(start, end) if self.roles[place] == "from")

    def _block_end(self, index: int) -> int:
        """Behind the last field of the header block that begins here; long fields may go on over a line or two."""
        end = strangers = 0
        for place in range(index, min(index + LONGEST_BLOCK, len(self.lines))):
            if self.quote[place]:
                break
            if self.roles[place]:
                end, strangers = place + 1, 0
            elif not self.blank[place]:
                strangers += 1
            if strangers > 2:
                break
        return end

    def _separator(self, index: int) -> _Introduction | None:
        """A line of dashes with the words for it, or before the fields of a message."""
        line = self.plain[index]
        following = self._next(index + 1)
        leads = following < len(self.lines) and bool(self.roles[following])
        if phrases.dashed(line) in phrases.ORIGINALS:
            return _Introduction(index, self._block_end(following) if leads else index + 1, True)
        if following < len(self.lines) and self.quote[following] and phrases.begins_forwarded(line):
            return _Introduction(index, index + 1, False)
        if phrases.is_rule(line) or phrases.dashed(line) or phrases.BEGIN_FORWARDED.fullmatch(line[:100]):
            end = self._block_end(following) if leads else 0
            if len(set(filter(None, self.roles[following:end]))) >= 2:
                return _Introduction(index, end, self._block(following) is not None)
        return None

    def _attribution(self, index: int) -> _Introduction | None:
        """The shortest run of lines from here that reads "on that day somebody wrote:"."""
        for end in range(index + 1, min(index + MOST_LINES, len(self.lines)) + 1):
            if self.quote[end - 1] or self.blank[end - 1] or len(self.plain[end - 1]) > LONGEST_INTRODUCTION:
                return None
            if self.ends[end - 1]:
                joined = " ".join(self.plain[index:end])
                found = _attributes(joined) and self._begins_here(index, end)
                return _Introduction(index, end, _is_sure(joined)) if found else None
        return None

    def _begins_here(self, index: int, end: int) -> bool:
        """Not with a line of the person's that only stands above it."""
        if end == index + 1:
            return True
        first, second = self.plain[index : index + 2]
        if "@" in first and phrases.DATE.search(first) and "@" not in second:
            return True
        if phrases.STARTS.match(first) and not phrases.STARTS.match(second):
            return not first.endswith((".", "!", "?", "。", "！", "？"))
        may_begin = phrases.DATE.search(first) or first.endswith("<") or "@" in first
        return bool(may_begin) and not any(self._attribution(later) for later in range(index + 1, end))

    # Where history without marks begins

    def _cut(self, introductions: Iterator[_Introduction]) -> int:
        """Takes the introductions of marked quotes; where history without marks begins, the number of lines if not."""
        for found in introductions:
            following = self._next(found.end)
            if following < len(self.lines) and self._takes_quote(following):
                self._take(found.start, found.end)
            elif found.sure:
                return self._begin(found.start) if self._has_words_above(found.start) else len(self.lines)
        return len(self.lines)

    def _takes_quote(self, index: int) -> bool:
        """Whether a quote begins here; an indented block under an introduction is one."""
        if self.lines[index].mark is Mark.BLOCK:
            while index < len(self.lines) and (self.blank[index] or self.lines[index].mark is Mark.BLOCK):
                self.quote[index] = self.rest[index] = True
                index += 1
            return True
        return self.quote[index] or self._takes_quote_by_name(index)

    def _takes_quote_by_name(self, index: int) -> bool:
        """Only under an introduction: elsewhere "BTC> 60,000" is a person's own line."""
        named = _QUOTED_BY_NAME.match(self.lines[index].text)
        while named and index < len(self.lines):
            again = _QUOTED_BY_NAME.match(self.lines[index].text)
            if not self.blank[index] and (again is None or again[1] != named[1]):
                break
            self.quote[index] = self.rest[index] = True
            index += 1
        return named is not None

    def _has_words_above(self, index: int) -> bool:
        """Without them the person may have written below, or hands on the whole message. Those who say that their
        answers stand inside are believed."""
        own = [text for place, text in enumerate(self.plain[:index]) if self._is_own(place)]
        words = [line for line in own if not phrases.is_sent_from(line) and not phrases.is_rule(line)]
        return bool(words) and not phrases.ANSWERS_INSIDE.search("\n".join(words)[:2000])

    def _is_own(self, index: int) -> bool:
        return not (self.rest[index] or self.blank[index] or self.lines[index].mark is Mark.SIGNATURE)

    def _begin(self, index: int) -> int:
        """Rules and blank lines above history belong to it."""
        while index > 0 and (self.blank[index - 1] or phrases.is_rule(self.plain[index - 1])):
            index -= 1
        return index

    # Signatures

    def _take_signatures(self, cut: int) -> None:
        start = 0
        for end in range(cut + 1):
            if end == cut or self.rest[end]:
                self._take_signature(start, end)
                start = end + 1

    def _take_signature(self, start: int, end: int) -> None:
        """The signature of one run of new words."""
        for index in range(start, end):
            if self.lines[index].mark is Mark.SIGNATURE:
                self.rest[index] = True
        dashes = [index for index in range(start, end) if self.lines[index].text.rstrip() == "--"]
        if dashes and self._is_signature(dashes[-1], end) and any(map(self._is_own, range(dashes[-1]))):
            self._take(dashes[-1], end)
        self._take_sent_from(start, end)

    def _is_signature(self, dashes: int, end: int) -> bool:
        below = [line.text for line in self.lines[dashes + 1 : end] if line.text.strip()]
        if self.lines[dashes].text == "-- ":
            return len(below) <= LONGEST_SIGNATURE and sum(map(len, below)) <= 1000
        is_short = len(below) <= LONGEST_BARE_SIGNATURE and all(len(line) <= 100 for line in below)
        return is_short and not re.search(r"\w{24}", "\n".join(below))

    def _take_sent_from(self, start: int, end: int) -> None:
        for index in range(end - 1, start - 1, -1):
            if self.blank[index] or self.rest[index]:
                continue
            if not phrases.is_sent_from(self.plain[index]):
                return
            self.rest[index] = True

    # The end

    def _show_what_is_handed_on(self) -> None:
        """Who forwards a message without a word wants it to be read."""
        if any(self._is_own(index) for index in range(len(self.lines))):
            return
        if any(phrases.begins_forwarded(plain(line.text).lstrip("> ")) for line in self.lines[:100]):
            self.rest = [False] * len(self.lines)

    def _settle_blanks(self) -> None:
        for index in range(1, len(self.lines)):
            if self.blank[index]:
                self.rest[index] = self.rest[index - 1]

    def _is_interleaved(self, cut: int) -> bool:
        quoted = [index for index in range(cut) if self.quote[index] and not self.blank[index]]
        return bool(quoted) and any(map(self._is_own, range(quoted[0], cut)))


def _is_quote(line: Line) -> bool:
    return line.mark is Mark.QUOTE or (line.mark is Mark.NONE and bool(_QUOTED.match(line.text)))


def _apart(line: Line) -> Iterator[Line]:
    """Some programs write history on, on the line that introduces it."""
    found = _RUN_TOGETHER.match(line.text) if line.mark is Mark.NONE else None
    if found and phrases.DATE.search(found[1]):
        yield Line(found[1])
        yield Line(found[2])
    else:
        yield line


def _may_end(text: str) -> bool:
    """Whether "on that day somebody wrote:" may end with this line."""
    return text.endswith((":", "：")) or bool(phrases.ENDS_WITH_WROTE.search(text[-30:].rstrip("- ")))


def _attributes(text: str) -> bool:
    """Whether a text says who wrote and when: both by a program's hand."""
    if len(text) > LONGEST_INTRODUCTION or not _ends_with_wrote(text):
        return False
    return "@" in text or bool(phrases.DATE.search(text))


def _ends_with_wrote(text: str) -> bool:
    if text.endswith((":", "：")):
        return bool(phrases.WROTE_AT_END.search(text[-120:]) or phrases.ADDRESS_AT_END.search(text[-240:]))
    return bool(phrases.ENDS_WITH_WROTE.search(text[-30:].rstrip("- ")))


def _is_sure(text: str) -> bool:
    """Whether only a program writes so: with an address and a date, or with the whole date and time in its place. A
    person forgets the colon more easily than a program does."""
    if not text.endswith((":", "：")):
        return "@" in text and bool(phrases.BETWEEN_DASHES.fullmatch(text))
    if "@" in text:
        return bool(phrases.DATE.search(text))
    return bool(phrases.STARTS.match(text) and phrases.YEAR.search(text) and phrases.TIME.search(text))
