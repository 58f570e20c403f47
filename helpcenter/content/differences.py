"""What has changed between two texts: by words, and by lines with the words inside them. Pure.

Words are letters and figures between blanks; in Chinese and Japanese each character is one. A mark of Markdown, the
address of a link, a fact and a piece of code stand whole, so that what is drawn stays readable.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from rapidfuzz import fuzz

from helpcenter.content.matching import Step, steps

CONTEXT = 3  # lines that are shown before and behind a change
ALIKE = 50  # percent that two lines have in common at least, to be two versions of one line
LONGEST_COMPARED = 2_000  # characters of a line that are compared to tell whether two lines are alike
MOST_VERSIONS = 5_000  # lines whose words are told apart; behind them a changed line is removed and added whole
NEAR = 5  # lines further down in which the other version of a line is looked for

_CJK = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_MARKS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"  # accents, vowels
_TOKEN = re.compile(
    rf"""
    \{{fact:[^{{}}\n]*\}}                        # a fact
    | \{{(?:\#|step:|node:)[a-z0-9-]*\}}           # the key of a heading
    | \]\([^()\s]*\)?                            # the address of a link
    | `[^`\n]+`                                  # code
    | \d+(?:[.,:\u00a0\u202f\u066b\u066c]\d+)*   # a number, a time
    | [{_CJK}]
    | [^\W\d_{_CJK}](?:[^\W_{_CJK}]|[{_MARKS}]|['’](?=\w))*
    | \n | [^\S\n]+
    | \*+ | _+ | \#+ | ~+ | :::+ | -+
    | .
    """,
    re.VERBOSE | re.DOTALL,
)
_WORD = re.compile(r"[^\W_]")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


class Kind(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"
    FOLDED = "folded"  # lines alone: some that are the same and are not shown


@dataclass(frozen=True)
class Run:
    kind: Kind
    text: str


@dataclass(frozen=True)
class Line:
    """A line of one text or of both, with its numbers in them (from one; None where it is not in that text). `runs`
    are its words without the line's end. A folded one stands for `hidden` lines and has the numbers of the first."""

    kind: Kind
    before_number: int | None
    after_number: int | None
    runs: tuple[Run, ...] = ()
    hidden: int = 0


def words(before: str, after: str) -> list[Run]:
    """From one text to the other. The runs that are not added are the first text, those not removed the second; in a
    change what was removed comes first."""
    old, new = _LINE.findall(before), _LINE.findall(after)
    runs: list[Run] = []
    for step in steps(old, new):
        was, now = "".join(old[step.b1 : step.b2]), "".join(new[step.a1 : step.a2])
        runs += [Run(Kind.SAME, now)] if step.is_same else word_runs(tokens(was), tokens(now))
    return _merged(runs)


def lines(before: str, after: str, context: int | None = CONTEXT) -> list[Line]:
    """From one text to the other, line by line; `context` None shows all lines that are the same."""
    old, new = _split(before), _split(after)
    found: list[Line] = []
    left = MOST_VERSIONS
    for step in steps(old, new):
        versions = [] if step.is_same else list(islice(_versions(old, new, step), left))
        left -= len(versions)
        found += _same(new, step) if step.is_same else _changed(old, new, step, versions)
    return found if context is None else _folded(found, context)


def tokens(text: str) -> list[str]:
    """A text cut into words, blanks and marks; joined, they are the text."""
    return _TOKEN.findall(text)


def is_word(token: str) -> bool:
    return bool(_WORD.search(token))


def word_runs(before: Sequence[str], after: Sequence[str]) -> list[Run]:
    """The runs between two rows of tokens."""
    return [
        Run(kind, text)
        for step in readable(before, steps(before, after))
        for kind, text in _texts(before, after, step)
        if text
    ]


def readable(before: Sequence[str], found: Sequence[Step]) -> list[Step]:
    """Steps that people can read: blanks and marks, or a single character, that stay the same between two changes
    belong to the change."""
    kept: list[Step] = []
    for at, step in enumerate(found):
        is_between = 0 < at < len(found) - 1
        if step.is_same and not (is_between and _is_slight(before[step.b1 : step.b2], found[at - 1], found[at + 1])):
            kept.append(step)
        elif kept and not kept[-1].is_same:
            kept[-1] = Step(False, kept[-1].b1, step.b2, kept[-1].a1, step.a2)
        else:
            kept.append(Step(False, step.b1, step.b2, step.a1, step.a2))
    return kept


def _is_slight(same: Sequence[str], last: Step, following: Step) -> bool:
    if "\n" in same:
        return False
    named = [token for token in same if is_word(token)]
    changed = min(max(step.b2 - step.b1, step.a2 - step.a1) for step in (last, following))
    return not named or (len(named) == 1 and len(named[0]) == 1 and changed >= 3)


def _texts(before: Sequence[str], after: Sequence[str], step: Step) -> Iterable[tuple[Kind, str]]:
    was, now = "".join(before[step.b1 : step.b2]), "".join(after[step.a1 : step.a2])
    return [(Kind.SAME, now)] if step.is_same else [(Kind.REMOVED, was), (Kind.ADDED, now)]


def _merged(runs: Iterable[Run]) -> list[Run]:
    """Neighbouring runs of the same kind become one; in each change the removed words come before the added ones."""
    merged: list[Run] = []
    was = now = ""
    for run in [*runs, Run(Kind.SAME, "")]:
        if run.kind == Kind.REMOVED:
            was += run.text
        elif run.kind == Kind.ADDED:
            now += run.text
        else:
            merged += [Run(kind, text) for kind, text in ((Kind.REMOVED, was), (Kind.ADDED, now)) if text]
            was = now = ""
            if merged and merged[-1].kind == Kind.SAME:
                merged[-1] = Run(Kind.SAME, merged[-1].text + run.text)
            elif run.text:
                merged.append(run)
    return merged


def _split(text: str) -> list[str]:
    """Lines without their ends; the end of the text is no line."""
    found = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return found[:-1] if not found[-1] else found


def _same(new: Sequence[str], step: Step) -> Iterator[Line]:
    for n in range(step.b2 - step.b1):
        runs = _runs(Kind.SAME, new[step.a1 + n])
        yield Line(Kind.SAME, step.b1 + n + 1, step.a1 + n + 1, runs)


def _changed(old: Sequence[str], new: Sequence[str], step: Step, versions: Iterable[tuple[int, int]]) -> list[Line]:
    """First what was removed, then what was added; in lines that are two versions of one, the words are told apart."""
    removed = {n: _runs(Kind.REMOVED, old[n]) for n in range(step.b1, step.b2)}
    added = {n: _runs(Kind.ADDED, new[n]) for n in range(step.a1, step.a2)}
    for b, a in versions:
        runs = words(old[b], new[a])
        removed[b] = tuple(run for run in runs if run.kind != Kind.ADDED)
        added[a] = tuple(run for run in runs if run.kind != Kind.REMOVED)
    return [
        *(Line(Kind.REMOVED, n + 1, None, runs) for n, runs in removed.items()),
        *(Line(Kind.ADDED, None, n + 1, runs) for n, runs in added.items()),
    ]


def _versions(old: Sequence[str], new: Sequence[str], step: Step) -> Iterator[tuple[int, int]]:
    """Pairs of lines that are alike, each line once, in order."""
    at = step.a1
    for b in range(step.b1, step.b2):
        near = range(at, min(at + NEAR, step.a2))
        score, place = max(((likeness(old[b], new[a]), -a) for a in near), default=(0.0, 0))
        if score >= ALIKE:
            yield b, -place
            at = 1 - place


def likeness(one: str, other: str) -> float:
    """How much two texts have in common, 0 to 100; of long texts their beginnings count."""
    return fuzz.ratio(one[:LONGEST_COMPARED], other[:LONGEST_COMPARED], score_cutoff=ALIKE)


def _runs(kind: Kind, text: str) -> tuple[Run, ...]:
    return (Run(kind, text),) if text else ()


def _folded(found: Sequence[Line], context: int) -> list[Line]:
    """Lines that are the same and not near to a change, as one each; a single one stays."""
    changed = [n for n, line in enumerate(found) if line.kind != Kind.SAME]
    shown = {n for at in changed for n in range(at - context, at + context + 1)}
    folded: list[Line] = []
    start = 0
    for n in range(len(found) + 1):
        if n < len(found) and n not in shown:
            continue
        folded += _fold(found[start:n])
        folded += found[n : n + 1]
        start = n + 1
    return folded


def _fold(hidden: Sequence[Line]) -> Sequence[Line]:
    if len(hidden) < 2:
        return hidden
    return [Line(Kind.FOLDED, hidden[0].before_number, hidden[0].after_number, hidden=len(hidden))]
