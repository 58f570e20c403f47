"""Headings of an article whose earlier text was quoted: their words, whatever blanks they hold."""

import pytest

from tickets.workspace import old_answers

BLANKS = " " * 5_000  # each was tried with each and each: this takes hours where it is


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("## Fees", "Fees"),
        ("## Fees {#fees}", "Fees"),
        ("# One {two} three {step:four}  ", "One {two} three"),
        ("Text # no heading", "Text # no heading"),
        (f"# One{BLANKS}two", f"One{BLANKS}two"),
    ],
)
def test_a_heading_is_shown_without_its_marks(line: str, words: str) -> None:
    assert old_answers._HEADING.sub(r"\1", line) == words
