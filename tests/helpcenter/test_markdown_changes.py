"""A change of a text moves the hash of its own part and of no other."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpcenter.content import markdown
from tests.helpcenter.rendering import GUIDE, page
from tests.helpcenter.samples import examples


def hashes(text, title="", summary=""):
    return {part.key: part.hash for part in markdown.outline(text, title=title, summary=summary)}


def changed(before, after):
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}


@pytest.mark.parametrize(
    ("old", "new", "keys"),
    [
        ("Before you begin.", "Before you start.", {"intro"}),
        ("Do it", "Do this", {"section:do"}),
        ("Click **Account**.", "Click *Account*.", {"step:open"}),
        ("Open the page", "Open a page", {"step:open"}),
        ("On a phone", "On your phone", {"step:open"}),
        ("Tap the row.", "Tap the line.", {"step:open"}),
        ("Enter the code.", "Enter the code!", {"step:confirm"}),
        ("Wait.", "Wait a day.", {"section:after"}),
        ("Click **Account**.", "Click  **Account**.\n", set()),
    ],
)
def test_a_change_moves_the_hash_of_its_part_and_of_no_other(old, new, keys):
    assert changed(hashes(GUIDE), hashes(GUIDE.replace(old, new))) == keys


def test_title_and_summary_are_one_part_beside_the_text():
    assert changed(hashes(GUIDE, "A", "B"), hashes(GUIDE, "A", "C")) == {"title"}
    assert changed(hashes(GUIDE, "A", "B"), hashes(GUIDE, "C", "B")) == {"title"}


def test_text_after_the_end_of_a_step_is_no_part_of_the_step():
    """A heading of the same level ends a step, with a key or without."""
    text = "## Do it {#do}\n\n### Open {step:open}\n\nClick.\n\n### Notes\n\nOld."
    assert "step:open" not in changed(hashes(text), hashes(text.replace("Old.", "New.")))


BLOCK = st.sampled_from(
    [
        "Price 価格.",
        "## 섹션",
        "### Part {{#p{n}}}",
        "## Part {{#s{n}}}",
        "### Step {{step:t{n}}}",
        "#### سعر",
        "- item",
    ]
    + [":::note\nHint\n:::", "| a |\n|---|\n| b |", "```\n## no heading\n```"]
)


@examples(150)
@given(st.lists(BLOCK, max_size=8), st.integers(0, 8))
def test_a_paragraph_that_is_added_anywhere_changes_exactly_one_part(blocks, at):
    blocks = [block.format(n=number) for number, block in enumerate(blocks)]
    before = hashes("\n\n".join(blocks))
    after = hashes("\n\n".join([*blocks[:at], "Something new.", *blocks[at:]]))
    assert len(changed(before, after)) == 1


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_of_other_systems_change_nothing(end):
    other = GUIDE.replace("\n", end)
    assert hashes(other) == hashes(GUIDE)
    assert page(other).words == page(GUIDE).words


def test_decomposed_letters_change_nothing():
    text = "## 보안 café {#why}\n\nがぎぐ"
    assert hashes(unicodedata.normalize("NFD", text)) == hashes(unicodedata.normalize("NFC", text))
