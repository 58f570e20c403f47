"""What the translation screen shows of each part: its source with the changed words, its checks, and what helps."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpcenter import glossary
from helpcenter.actions import remembering, sheets
from helpcenter.content import differences, segments
from helpcenter.content.differences import Run
from helpcenter.content.memory import EXACT, Match
from helpcenter.content.parity import Check as Kind
from helpcenter.content.parity import Difference
from helpcenter.content.sheet import Cut, Row, Status, Words
from helpcenter.enums import Display
from helpcenter.outline import INTRO_KEY, TITLE_KEY

STATUS_DISPLAY = {
    Status.CURRENT: Display(_("Up to date"), "ok"),
    Status.CHANGED: Display(_("Changed"), "warn"),
    Status.NEW: Display(_("New"), "info"),
    Status.REMOVED: Display(_("Removed in the source"), "warn"),
    Status.LEFT_OUT: Display(_("Left out in this language")),
    Status.OWN: Display(_("In this language alone")),
}
DIFFERS = Display(_("Differs from the source"), "bad")
_MARKS = {
    differences.Kind.SAME: "{}",
    differences.Kind.ADDED: "<ins>{}</ins>",
    differences.Kind.REMOVED: "<del>{}</del>",
}
# Written alike in all languages; a number may not be, so only the person who sees the field replaces it.
_REPLACEABLE = {Kind.NUMBER, Kind.PERCENTAGE, Kind.LEVERAGE, Kind.TICKER, Kind.FACT, Kind.LINK, Kind.PLACEHOLDER}
_FIGURES = {Kind.NUMBER, Kind.PERCENTAGE, Kind.LEVERAGE}
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
FEWEST_LINES, MOST_LINES, LETTERS_PER_LINE = 2, 30, 48


@dataclass(frozen=True)
class Remembered:
    """An earlier translation of a segment of the part."""

    segment: str
    match: Match

    @property
    def is_exact(self) -> bool:
        return self.match.score == EXACT


def _with_digits(found: str, expected: str) -> str:
    """`45秒` with the digits of `60 seconds`: `60秒`; empty where one of them has not exactly one number in digits."""
    given, wanted = _DIGITS.findall(found), _DIGITS.findall(expected)
    return found.replace(given[0], wanted[0], 1) if len(given) == len(wanted) == 1 else ""


@dataclass(frozen=True)
class Check:
    """A difference from the source, with the reason where somebody accepted it."""

    difference: Difference
    reason: str = ""

    @property
    def replacement(self) -> str:
        """What may stand in place of what the translation has: what the source has, and of a figure its digits, since
        units are words of a language. Empty where that is not to be told."""
        one = self.difference
        if one.check not in _REPLACEABLE or not (one.expected and one.found):
            return ""
        return _with_digits(one.found, one.expected) if one.check in _FIGURES else one.expected


@dataclass(frozen=True)
class ShownRow:
    number: int
    row: Row
    label: str
    status: Status
    words: Words
    heading: Sequence[Run]
    text: Sequence[Run]
    is_confirmed: bool = False
    theirs: Sequence[Run] = ()
    hits: Sequence[glossary.Hit] = ()
    memory: Sequence[Remembered] = ()
    checks: Sequence[Check] = field(default=())

    @property
    def display(self) -> Display:
        return DIFFERS if self.differs else STATUS_DISPLAY[self.status]

    @property
    def differs(self) -> bool:
        """Whether the part would be up to date, did it not say something else than its source."""
        return self.status == Status.CURRENT and bool(self.failing)

    @property
    def shows_heading(self) -> bool:
        """Whether the heading says more than the label above it."""
        return [run.text for run in self.heading] != [self.label]

    @property
    def marked_heading(self) -> SafeString:
        return marked(self.heading)

    @property
    def marked_text(self) -> SafeString:
        return marked(self.text)

    @property
    def marked_theirs(self) -> SafeString:
        return marked(self.theirs)

    @property
    def is_open(self) -> bool:
        """Whether somebody has to do something about it."""
        return (self.status.is_open or self.differs) and not self.row.is_continued

    @property
    def asks_to_confirm(self) -> bool:
        return self.status.is_open and self.status != Status.NEW and not self.row.is_continued

    @property
    def failing(self) -> list[Check]:
        return [check for check in self.checks if not check.reason]

    @property
    def agrees(self) -> bool:
        """Whether the words that are saved say what the source says."""
        return bool(self.row.own and self.row.source) and not self.checks and self.words == self.row.begins_with

    @property
    def lines(self) -> int:
        """How many lines the field has at first."""
        long = max((self.words.text, self.row.source.words.text if self.row.source else ""), key=len)
        needed = sum(1 + len(line) // LETTERS_PER_LINE for line in long.split("\n"))
        return min(max(needed, FEWEST_LINES), MOST_LINES)


def marked(runs: Iterable[Run]) -> SafeString:
    """Runs as HTML, escaped, with what was added and removed marked; Django's templates take ten times as long."""
    return format_html_join("", "{}", ((format_html(_MARKS[run.kind], run.text),) for run in runs))


def shown(
    found: sheets.Sheet,
    words: Mapping[str, Words],
    *,
    confirmed: Collection[str] = (),
    theirs: Mapping[str, Words] | None = None,
    checks: Iterable[Check] = (),
) -> list[ShownRow]:
    """The rows of a sheet, with what is typed in them."""
    labels = _labels(found)
    by_part: dict[str, list[Check]] = {}
    for check in checks:
        by_part.setdefault(check.difference.part, []).append(check)
    rows = [
        replace(
            _row(number, row, found, words.get(row.id, row.begins_with), labels),
            is_confirmed=row.key in confirmed,
            checks=[] if row.is_continued else by_part.get(row.key, []),
            theirs=_beside((theirs or {}).get(row.id), words.get(row.id, Words())),
        )
        for number, row in enumerate(found.rows, 1)
    ]
    return _with_memory(found, _with_glossary(found, rows))


def _row(number: int, row: Row, found: sheets.Sheet, words: Words, labels: Mapping[str, str]) -> ShownRow:
    status = found.status(row)
    heading, text = _runs(row, status, found.then.get(row.id))
    return ShownRow(number, row, labels.get(row.key, row.key), status, words, heading, text)


def _runs(row: Row, status: Status, then: Cut | None) -> tuple[list[Run], list[Run]]:
    """The heading and the text of a source's part, with what changed since it was translated."""
    now = row.source.words if row.source else Words()
    if status == Status.NEW:
        return differences.words("", now.heading), differences.words("", now.text)
    before = then.words if then else now
    return differences.words(before.heading, now.heading), differences.words(before.text, now.text)


def _beside(theirs: Words | None, mine: Words) -> list[Run]:
    """From what somebody else saved to what is typed."""
    if theirs is None:
        return []
    return differences.words(f"{theirs.heading}\n{theirs.text}".strip(), f"{mine.heading}\n{mine.text}".strip())


def _labels(found: sheets.Sheet) -> dict[str, str]:
    """What people call the parts: `Step 2`, else the words of the heading."""
    labels = {TITLE_KEY: gettext("Title and summary"), INTRO_KEY: gettext("Introduction")}
    steps = 0
    for part in found.source.parts:
        steps += part.is_step
        if part.is_step:
            labels[part.key] = gettext("Step %(number)d") % {"number": steps}
        elif part.title and part.key not in labels:
            labels[part.key] = part.title
    for part in found.latest.parts if found.latest else ():
        labels.setdefault(part.key, part.title or part.key)
    return labels


def _with_glossary(found: sheets.Sheet, rows: list[ShownRow]) -> list[ShownRow]:
    pairs = glossary.Pairs(found.article.source_language, found.language)
    return [replace(row, hits=pairs.hits(_plain(row.row.source.words), _plain(row.words))) if row.row.source else row
            for row in rows]  # fmt: skip


def _plain(words: Words) -> str:
    return f"{words.heading}\n{words.text}"


def _with_memory(found: sheets.Sheet, rows: list[ShownRow]) -> list[ShownRow]:
    """Earlier translations of what has to be translated: new words of the parts that are out of date."""
    open_keys = {row.row.key for row in rows if row.status.is_open}
    parts = {row.row.key: row for row in rows if not row.row.is_continued}
    known = {cut.key: _plain(cut.words) for cut in found.then.values()}
    wanted = [
        remembering.Wanted(segment, is_fuzzy=True)
        for segment in segments.split(found.source.title, found.source.summary, found.source.body)
        if segment.part in open_keys and segment.text not in known.get(segment.part, "")
    ]
    offers = remembering.offers(found.article, found.language, wanted)
    by_part: dict[str, list[Remembered]] = {}
    for one in wanted:
        own = _plain(parts[one.segment.part].words) if one.segment.part in parts else ""
        found_here = [Remembered(one.segment.text, match) for match in offers[one.segment.key]]
        by_part.setdefault(one.segment.part, []).extend(r for r in found_here if r.match.entry.target not in own)
    return [replace(row, memory=[] if row.row.is_continued else by_part.get(row.row.key, [])) for row in rows]
