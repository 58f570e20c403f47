"""How people ask for a page: short lines in their own words, kept with a text, for the search alone."""

from collections.abc import Iterable

MOST = 20
LONGEST = 150  # characters


def tidied(lines: Iterable[str]) -> tuple[str, ...]:
    """Each line once, with single blanks; empty ones are left out."""
    joined = (" ".join(line.split()) for line in lines)
    return tuple(dict.fromkeys(line for line in joined if line))


def of_text(text: str) -> tuple[str, ...]:
    """The lines of a field, one question each."""
    return tidied(text.splitlines())


def as_text(lines: Iterable[str]) -> str:
    """The lines as a field shows them."""
    return "\n".join(lines)
