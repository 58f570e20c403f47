"""The parts of a document in another order, and a new step among them. Pure.

A part is a heading with everything below it, up to the next heading of its own level or of a higher one. Parts trade
places with their siblings only: those of the same level below the same heading. What stands before the first heading
stays there, and every part keeps its words, its key and its deeper parts.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.text import slugify
from django.utils.translation import gettext

from helpcenter.content import markdown
from helpcenter.content.headings import Heading
from helpcenter.errors import InvalidText

LONGEST_KEY = 60  # characters of a key that is made of a title
STEP_LEVEL = 2  # of the first step of a text without headings


@dataclass(frozen=True)
class Movable:
    """A part as a list of parts shows it. `line` and `end` are its first line and the one after its last, counted from
    one; `parent` is the index of the part that it stands in, -1 for none; `siblings` are the indices of all parts that
    it can trade places with, itself among them."""

    index: int
    parent: int
    depth: int
    line: int
    end: int
    key: str
    title: str
    siblings: tuple[int, ...]

    @property
    def place(self) -> int:
        """Its place among its siblings, from zero."""
        return self.siblings.index(self.index)

    @property
    def is_step(self) -> bool:
        return self.key.startswith("step:")


def parts(text: str) -> list[Movable]:
    """The parts of a document in their order, deeper ones after the one that they stand in."""
    found = markdown.headings(text)
    last = text.count("\n") + 2
    parents = _parents(found)
    siblings = _siblings(found, parents)
    return [
        Movable(number, parents[number], heading.depth, heading.line, end, heading.key, heading.title, siblings[number])
        for number, (heading, end) in enumerate(zip(found, _ends(found, last), strict=True))
    ]


def move(text: str, index: int, place: int) -> str:
    """The document with the part of an index at another place among its siblings (from zero; bounded by their number).

    Raises InvalidText where there is no such part, or where something in a part that is not closed would swallow what
    comes after it.
    """
    found = parts(text)
    if not 0 <= index < len(found):
        raise InvalidText(gettext("This part is no longer in the text. Look at the list again."))
    own = found[index]
    order = [number for number in own.siblings if number != index]
    order.insert(max(0, min(place, len(order))), index)
    if order == list(own.siblings):
        return text
    moved = _laid_out(text, [found[number] for number in own.siblings], [found[number] for number in order])
    if _outlined(moved) != _outlined(text):
        message = gettext("“%(title)s” cannot be moved: something in it, such as a block of code, is not closed.")
        raise InvalidText(message % {"title": own.title}, own.line)
    return moved


def add_step(text: str, title: str, after: int = -1) -> tuple[str, int]:
    """The document with a new step behind the part of an index (by default behind the last step, else at the end), and
    the line of its heading, counted from one. Its key is made of the title and stands once in the text.

    Raises InvalidText for a step without a title, and where something that is not closed would swallow it.
    """
    title = " ".join(title.split())
    if not title:
        raise InvalidText(gettext("Give the step a title."))
    found = parts(text)
    steps = [part for part in found if part.is_step]
    before = found[after] if 0 <= after < len(found) else (steps[-1] if steps else None)
    depth = steps[-1].depth if steps else _depth_of_a_first_step(found)
    key = f"step:{_free_key(title, [part.key for part in found])}"
    heading = f"{'#' * depth} {title} {{{key}}}"
    lines = text.split("\n")
    at = before.end - 1 if before else len(lines)
    head, tail = _without_blank_end(lines[:at]), lines[at:]
    above = [*head, ""] if head else []
    below = ["", *tail] if any(line.strip() for line in tail) else [""]
    longer = "\n".join([*above, heading, *below])
    if key not in {part.key for part in parts(longer)}:
        message = gettext("The step cannot be added: something above it, such as a block of code, is not closed.")
        raise InvalidText(message, len(above))
    return longer, len(above) + 1


def _parents(headings: Sequence[Heading]) -> list[int]:
    above: list[int] = []
    parents = []
    for number, heading in enumerate(headings):
        while above and headings[above[-1]].depth >= heading.depth:
            above.pop()
        parents.append(above[-1] if above else -1)
        above.append(number)
    return parents


def _siblings(headings: Sequence[Heading], parents: Sequence[int]) -> list[tuple[int, ...]]:
    families: dict[tuple[int, int], list[int]] = {}
    for number, heading in enumerate(headings):
        families.setdefault((parents[number], heading.depth), []).append(number)
    return [tuple(families[parents[number], heading.depth]) for number, heading in enumerate(headings)]


def _ends(headings: Sequence[Heading], last: int) -> list[int]:
    """For each heading the line after its part."""
    return [
        next((later.line for later in headings[number + 1 :] if later.depth <= heading.depth), last)
        for number, heading in enumerate(headings)
    ]


def _laid_out(text: str, before: Sequence[Movable], after: Sequence[Movable]) -> str:
    """The lines with parts in another order. Empty lines between them belong to the place, not to the part."""
    lines = text.split("\n")
    laid = lines[: before[0].line - 1]
    for position, (place, part) in enumerate(zip(before, after, strict=True)):
        laid += _without_blank_end(lines[part.line - 1 : part.end - 1])
        gap = _blank_end(lines[place.line - 1 : place.end - 1])
        laid += gap if gap or position == len(before) - 1 else [""]
    return "\n".join(laid + lines[before[-1].end - 1 :])


def _blank_end(lines: Sequence[str]) -> list[str]:
    return list(lines[len(_without_blank_end(lines)) :])


def _without_blank_end(lines: Sequence[str]) -> list[str]:
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    return list(lines[:end])


def _outlined(text: str) -> list[tuple[int, str]]:
    """What has to be the same after a move: every part with its level, and its lines down to the next part."""
    lines = text.split("\n")
    found = markdown.headings(text)
    starts = [heading.line - 1 for heading in found]
    own = [_without_blank_end(lines[start:end]) for start, end in zip(starts, [*starts[1:], len(lines)], strict=False)]
    return sorted((heading.depth, "\n".join(text)) for heading, text in zip(found, own, strict=True))


def _depth_of_a_first_step(found: Sequence[Movable]) -> int:
    """One level below the text's sections, or that of a section where there is none."""
    tops = [part.depth for part in found if part.parent < 0]
    return min(min(tops) + 1, 6) if tops else STEP_LEVEL


def _free_key(title: str, taken: Sequence[str]) -> str:
    names = {key.partition(":")[2] for key in taken}
    stem = slugify(title)[:LONGEST_KEY].strip("-_").replace("_", "-") or "step"
    candidates = (stem if number == 1 else f"{stem}-{number}" for number in range(1, len(names) + 3))
    return next(name for name in candidates if name not in names)
