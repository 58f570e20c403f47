"""One block of a translation beside the block of the source that it translates. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import lru_cache

from helpcenter.content.parity import codes, figures, matching, moments, opposites, placeholders
from helpcenter.content.parity.blocks import Block
from helpcenter.content.parity.figures import Reading
from helpcenter.content.parity.kinds import Check, Difference
from helpcenter.content.parity.page import Figure
from helpcenter.content.parity.terms import Glossary
from helpcenter.content.text import clipped

Blocks = Sequence[Block]
FEWEST_WORDS = 4
_SMALL_WORD = re.compile(r"\b[^\W\d_A-Z]{2,}\b")
_END = re.compile(r"(?<=[.!?؟:;])\s+|(?<=[。！？：；])|\n")
_read = lru_cache(maxsize=4096)(figures.read)


class Comparison:
    """Blocks that say the same thing in two languages: usually one and one, more where a text is cut differently."""

    def __init__(
        self, glossary: Glossary, source: Blocks, translation: Blocks, spoken_of: Collection[str] = ()
    ) -> None:
        self.spoken_of = spoken_of
        self.glossary, self.languages = glossary, glossary.languages
        self.source, self.translation = source, translation
        self.part = (source or translation)[0].part

    def differences(self) -> Iterator[Difference]:
        yield from self._listed(Check.FACT, lambda block: block.facts)
        yield from self._listed(Check.LINK, lambda block: block.links, in_order=self._is_answer())
        yield from self._listed(Check.PICTURE, lambda block: block.pictures)
        yield from self._codes()
        yield from self._listed(Check.PLACEHOLDER, lambda block: placeholders.of(block))
        for source, translation in self._texts():
            yield from self._said(source, translation)
            yield from self._spoken_of(source, translation)
            yield from self._left_alone(source, translation)

    def _is_answer(self) -> bool:
        return any(link.startswith("#node-") for block in self.source for link in block.links)

    def _listed(
        self, check: Check, of: Callable[[Block], Sequence[str]], in_order: bool = False
    ) -> Iterator[Difference]:
        wanted = [item for block in self.source for item in of(block)]
        given = [item for block in self.translation for item in of(block)]
        for missing, added in left_over(wanted, given):
            yield self._difference(check, missing, added, self._line_of(added, of))

    def _codes(self) -> Iterator[Difference]:
        """Differences in code: compared by what has to be the same in both languages, named as it is written."""
        one, other = (
            {codes.skeleton(code, language): code for block in blocks for code in block.codes}
            for blocks, language in zip((self.source, self.translation), self.languages, strict=True)
        )
        wanted, given = (
            [codes.skeleton(code, language) for block in blocks for code in block.codes]
            for blocks, language in zip((self.source, self.translation), self.languages, strict=True)
        )
        for missing, added in left_over(wanted, given):
            written = other.get(added, "")
            yield self._difference(
                Check.CODE, one.get(missing, ""), written, self._line_of(written, lambda block: block.codes)
            )

    def _texts(self) -> list[tuple[str, str]]:
        """Texts side by side; all together where one side has more of them than the other."""
        wanted = [text for block in self.source for text in block.texts]
        given = [text for block in self.translation for text in block.texts]
        if len(wanted) == len(given):
            return list(zip(wanted, given, strict=True))
        return [("\n".join(wanted), "\n".join(given))]

    def _said(self, source: str, translation: str) -> Iterator[Difference]:
        wanted, given = _read(source, self.languages[0]), _read(translation, self.languages[1])
        found = matching.figures(wanted, given, self.languages)
        for one, other in found:
            yield self._figure(one, other, translation)
        for missing, added in matching.tokens(wanted, given):
            yield self._difference(Check.TICKER, missing, added, self._line(translation, self._place(given, added)))
        for missing, added in moments.other_zones(wanted.zones, given.zones):
            yield self._difference(Check.TIME, missing, added, self._line(translation, max(translation.find(added), 0)))
        if not found and (changed := matching.ordinals(wanted, given)):
            yield self._difference(Check.NUMBER, *changed, self._line(translation, 0))
        if not found and (swapped := matching.units(wanted, given)):
            yield self._difference(Check.UNIT, *swapped, self._line(translation, 0))

    def _spoken_of(self, source: str, translation: str) -> Iterator[Difference]:
        swaps = list(self.glossary.differences(source, translation, self.spoken_of))
        if not swaps and self.glossary.is_mixed(source, translation):
            swaps = [s for one, other in sentences(source, translation) for s in self.glossary.exchanged(one, other)]
        for swap in swaps:
            check = Check.REJECTED_TERM if swap.is_rejected else Check.TERM
            line = self._line(translation, max(translation.find(swap.found), 0))
            yield self._difference(check, swap.expected, swap.found, line)
        for one, other in opposites.swapped(source, translation, self.languages) if not swaps else ():
            yield self._difference(Check.TERM, one, other, self._line(translation, max(translation.find(other), 0)))

    def _left_alone(self, source: str, translation: str) -> Iterator[Difference]:
        """Words that were copied and not translated; names and menus are as short."""
        is_same = source.strip() == translation.strip() and self.languages[0] != self.languages[1]
        if is_same and len(_SMALL_WORD.findall(source)) >= FEWEST_WORDS:
            shown = clipped(" ".join(source.split()), 80)
            yield self._difference(Check.UNTRANSLATED, shown, shown, self._line(translation, 0))

    def _figure(self, one: Figure | None, other: Figure | None, translation: str) -> Difference:
        check = _check(one, other)
        line = self._line(translation, other.at if other else 0)
        return self._difference(check, one.written if one else "", other.written if other else "", line)

    def _place(self, reading: Reading, token: str) -> int:
        return next((figure.at for figure in reading.tokens if figure.value == token), 0)

    def _line(self, text: str, at: int) -> int:
        block = next((block for block in self.translation if text in block.texts), None)
        if block is None or not block.line:
            return self.translation[0].line if self.translation else 0
        return block.line + text.count("\n", 0, at)

    def _line_of(self, item: str, of: Callable[[Block], Sequence[str]]) -> int:
        holders = [block.line for block in self.translation if item and item in of(block)]
        return holders[0] if holders else self.translation[0].line if self.translation else 0

    def _difference(self, check: Check, expected: str, found: str, line: int) -> Difference:
        return Difference(check, self.part, line, expected, found)


def sentences(source: str, translation: str) -> list[tuple[str, str]]:
    """The sentences of two texts side by side, where both have as many, and more than one."""
    wanted, given = ([s for s in _END.split(text) if s.strip()] for text in (source, translation))
    return list(zip(wanted, given, strict=True)) if len(wanted) == len(given) > 1 else []


def left_over(wanted: Sequence[str], given: Sequence[str]) -> list[tuple[str, str]]:
    """What only one of two lists has, side by side."""
    if list(wanted) == list(given):
        return []
    missing, added = Counter(wanted) - Counter(given), Counter(given) - Counter(wanted)
    return matching.side_by_side(list(missing.elements()), list(added.elements()))


def _check(one: Figure | None, other: Figure | None) -> Check:
    """Units that differ for the same value are about the unit; else it is about what the source says."""
    if one and other and one.value == other.value and one.unit != other.unit:
        return Check.UNIT if Check.PERCENTAGE not in (one.check, other.check) else Check.PERCENTAGE
    checked = one or other
    check = checked.check if checked else Check.NUMBER
    return Check.NUMBER if check == Check.UNIT else check
