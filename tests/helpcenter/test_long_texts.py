"""Long texts of marks are read as Markdown's own parser reads them, in a time that grows with the text alone."""

import random
import sys

import pytest
from markdown_it import MarkdownIt

from helpcenter.content import long_texts, markdown

PIECES = ["[", "[", "]", "]", "(", ")", "!", "a", "b c", "`", "*", "**", "_", "\\", "<x>", "[r]", "](/u)", "\n", "]["]


def parsers():
    own, ours = MarkdownIt("commonmark"), MarkdownIt("commonmark")
    long_texts.use(ours)
    return own, ours


@pytest.mark.parametrize("seed", range(40))
def test_what_is_a_link_is_what_markdown_says(seed):
    own, ours = parsers()
    rng = random.Random(seed)
    for _ in range(25):
        text = "".join(rng.choices(PIECES, k=rng.randint(1, 40))) + "\n\n[r]: /somewhere"
        assert ours.render(text) == own.render(text), text


@pytest.mark.parametrize("text", ["[" * 300 + "a" + "](/u)" * 300, "![" * 150 + "a" + "](/u)" * 150, "[![" * 60 + "]"])
def test_nesting_beyond_what_is_read_is_taken_as_markdown_takes_it(text):
    own, ours = parsers()
    assert ours.render(text) == own.render(text)


def steps_of(text):
    """Calls of functions while a text is drawn."""
    count = 0

    def tick(_frame, event, _value):
        nonlocal count
        count += event == "call"

    sys.setprofile(tick)
    try:
        markdown.render(text, language="en")
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("unit", ["[", "![", "[a][", "[[]", "![[", "[a](", "[`", "*a ", "*a_ ", "[x]\n", "[x](/u)\n"])
def test_a_text_of_nothing_but_brackets_costs_little_more_than_words(unit):
    size = 1200
    few, many = steps_of(unit * size), steps_of(unit * 2 * size)
    assert many < 2.3 * few
    assert many < 100 * len(unit) * 2 * size  # Markdown's own way takes some 600
