"""Parts of a text trade places: they move, and nothing else changes."""

from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from helpcenter.content import markdown
from helpcenter.content.reordering import add_step, move, parts
from helpcenter.errors import InvalidText

GUIDE = """Before anything else.

## Prepare {#prepare}

Have the phone at hand.

### Open the page {step:open}

Choose **Security**.

#### On a phone

Tap your picture.

### Scan the code {step:scan}

```
## no heading
```

### Confirm {step:confirm}

Type the code.

## Afterwards {#afterwards}

Done."""


def titles(text):
    return [part.title for part in parts(text)]


def index_of(text, title):
    return titles(text).index(title)


def words(text):
    """The lines that say something, in no order."""
    return sorted(line for line in text.split("\n") if line.strip())


def test_parts_tell_their_place_among_their_siblings():
    found = {part.title: part for part in parts(GUIDE)}
    assert [(title, part.depth, part.place, len(part.siblings)) for title, part in found.items()] == [
        ("Prepare", 2, 0, 2),
        ("Open the page", 3, 0, 3),
        ("On a phone", 4, 0, 1),
        ("Scan the code", 3, 1, 3),
        ("Confirm", 3, 2, 3),
        ("Afterwards", 2, 1, 2),
    ]
    assert (found["Scan the code"].key, found["Scan the code"].is_step) == ("step:scan", True)
    assert GUIDE.split("\n")[found["Confirm"].line - 1] == "### Confirm {step:confirm}"


def test_a_step_moves_with_everything_below_it():
    moved = move(GUIDE, index_of(GUIDE, "Open the page"), 1)
    assert titles(moved) == ["Prepare", "Scan the code", "Open the page", "On a phone", "Confirm", "Afterwards"]
    assert words(moved) == words(GUIDE)


def test_a_section_moves_with_its_steps_and_the_introduction_stays():
    moved = move(GUIDE, index_of(GUIDE, "Afterwards"), 0)
    assert titles(moved)[:2] == ["Afterwards", "Prepare"]
    assert moved.startswith("Before anything else.\n\n## Afterwards {#afterwards}\n\nDone.\n\n## Prepare")
    assert moved.endswith("### Confirm {step:confirm}\n\nType the code.")


@pytest.mark.parametrize("place", [-5, 0])
def test_a_place_before_the_first_is_the_first(place):
    assert titles(move(GUIDE, index_of(GUIDE, "Confirm"), place))[1] == "Confirm"


def test_a_place_that_it_has_already_changes_nothing():
    assert move(GUIDE, 3, 1) == GUIDE


def test_there_and_back_again_is_the_same_text():
    assert move(move(GUIDE, index_of(GUIDE, "Open the page"), 2), 3, 0) == GUIDE


def test_parts_without_an_empty_line_between_them_get_one():
    assert move("## A\ntext\n## B\nmore", 1, 0) == "## B\nmore\n\n## A\ntext"
    assert titles(move("## A\ntext\n\nB\n---\nmore\n## C", 2, 1)) == ["A", "C", "B"]


@pytest.mark.parametrize("index", [-1, 6, 999])
def test_a_part_that_is_not_there_is_refused(index):
    with pytest.raises(InvalidText, match="no longer"):
        move(GUIDE, index, 0)


@pytest.mark.parametrize("opening", ["```", "~~~~", "<!-- not closed"])
def test_a_part_that_would_swallow_the_next_one_is_refused_with_its_line(opening):
    text = f"## A\n\none\n\n## B\n\n{opening}\nopen"
    with pytest.raises(InvalidText, match="not closed") as refused:
        move(text, 1, 0)
    assert refused.value.line == 5


def test_a_key_that_stands_twice_does_not_keep_its_part_from_moving():
    assert titles(move("## A {#x}\n\n1\n\n## B {#x}\n\n2", 1, 0)) == ["B", "A"]


def test_keys_and_hashes_of_all_parts_are_the_same_after_a_move():
    """So no translation of a part becomes outdated by a new order."""
    before = {part.key: part.hash for part in markdown.outline(GUIDE)}
    after = {part.key: part.hash for part in markdown.outline(move(GUIDE, index_of(GUIDE, "Confirm"), 0))}
    assert after == before


line = st.sampled_from(
    ["## A", "## B {#b}", "### C {step:c}", "### D {step:d}", "#### E", "", "", "text", "- item", "    code", "> said"]
)


@given(st.lists(line, max_size=14).map("\n".join), st.integers(0, 8), st.integers(-1, 8))
def test_parts_move_and_nothing_else_changes(text, index, place):
    found = parts(text)
    if index < len(found):
        moved = move(text, index, place)
        assert words(moved) == words(text)
        assert sorted(titles(moved)) == sorted(titles(text))
        assert len(parts(moved)[index].siblings) >= 1


@pytest.mark.parametrize(
    "file", sorted(Path(settings.BASE_DIR).glob("fixtures/help/*/lost-2fa-device.md")), ids=lambda f: f.parent.name
)
def test_the_guides_of_the_demo_content_survive_every_move(file):
    text = file.read_text(encoding="utf-8").split("---\n", 2)[2]
    for part in parts(text):
        assert words(move(text, part.index, part.place + 1)) == words(text)


# --- A new step -----------------------------------------------------------------------------------------------------


def test_a_step_is_added_behind_the_last_one_with_a_key_of_its_own():
    longer, at = add_step(GUIDE, "Scan the  code\n")
    assert titles(longer) == [*titles(GUIDE)[:5], "Scan the code", "Afterwards"]
    assert longer.split("\n")[at - 1] == "### Scan the code {step:scan-the-code}"
    assert longer.split("\n")[at - 2] == longer.split("\n")[at] == ""
    assert words(longer) == sorted([*words(GUIDE), "### Scan the code {step:scan-the-code}"])


def test_a_step_is_added_behind_the_part_that_is_named():
    assert titles(add_step(GUIDE, "New", after=index_of(GUIDE, "Open the page"))[0])[3] == "New"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", "## New {step:new}\n"),
        ("Words.", "Words.\n\n## New {step:new}\n"),
        ("# A", "# A\n\n## New {step:new}\n"),
        ("## A {step:new}\n\nx\n\n", "## A {step:new}\n\nx\n\n## New {step:new-2}\n"),
        ("## A {#new}", "## A {#new}\n\n### New {step:new-2}\n"),
    ],
)
def test_the_first_step_finds_its_place(text, wanted):
    assert add_step(text, "New")[0] == wanted


@pytest.mark.parametrize("title", ["扫描代码", "امسح الرمز", "!!!", "{step:x}", "a" * 300])
def test_a_title_in_any_script_gets_a_key_that_is_one(title):
    text = add_step(add_step("", title)[0], title)[0]
    keys = [part.key for part in parts(text)]
    assert len(set(keys)) == 2
    assert all(key.startswith("step:") for key in keys)


def test_a_step_without_a_title_is_refused():
    with pytest.raises(InvalidText, match="title"):
        add_step(GUIDE, " \n")


def test_a_step_that_a_block_of_code_would_swallow_is_refused():
    with pytest.raises(InvalidText, match="not closed"):
        add_step("## A\n\n```\nopen", "New")
