"""Headings with a key open sections and steps, which the outline of a text names in order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpcenter.content import markdown
from tests.helpcenter.rendering import FIVE, GUIDE, page, warned_lines, words_of
from tests.helpcenter.samples import examples

# --- Sections -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", FIVE)
def test_a_section_has_its_key_as_anchor_and_the_key_is_not_shown(language):
    heading = page("## 価格 Mark price {#mark-price}\n\nText", language).one("h2")
    assert heading["id"] == "mark-price"
    assert heading.words == "価格 Mark price#"
    link = heading.one("a")
    assert link["href"] == "#mark-price"
    assert link["aria-label"]


@pytest.mark.parametrize("key", ["why", "2fa", "a", "26mar27-expiry", "2026", "x" * 80])
def test_the_anchor_of_a_section_is_its_key(key):
    (part,) = markdown.outline(f"## Heading {{#{key}}}")[1:]
    assert (part.key, part.anchor) == (f"section:{key}", key)


@pytest.mark.parametrize("text", ["## Why {#why}", "Why {#why}\n---", "## Why {#why} ##", "## **Why** {#why}"])
def test_every_kind_of_heading_may_have_a_key(text):
    assert page(text).one("h2")["id"] == "why"


def test_sections_without_a_key_are_counted_in_the_outline():
    parts = markdown.outline("## A\n\n## B {#b}\n\n## C")
    assert [part.key for part in parts] == ["title", "section:1", "section:b", "section:2"]
    assert len({part.anchor for part in parts}) == 4


def test_a_key_made_of_digits_takes_no_other_section_its_place():
    result = markdown.render("## A {#1}\n\n## B\n\n## C {#2}\n\n## D", language="en")
    keys = [part.key for part in result.parts]
    assert len(set(keys)) == 5
    assert result.warnings == []


@pytest.mark.parametrize("text", ["## Type {#key} at the end", "## The code `{#key}`", "## Braces {like} these"])
def test_braces_that_are_no_key_stay_words(text):
    heading = page(text).one("h2")
    assert "{" in heading.words
    assert heading["id"] == "section-1"


@pytest.mark.parametrize("mark", ["{#Großes}", "{#two words}", "{#-a}", "{step:清算}", "{step:}", "{#}"])
def test_a_malformed_key_is_not_shown_and_its_line_is_named(mark):
    text = f"Intro\n\n## Heading {mark}\n\nText"
    assert "{" not in page(text).one("h2").words
    assert warned_lines(text) == [3]


@pytest.mark.parametrize(
    "text",
    [
        "## A {#x}\n\n## B {#x}",
        "## A {step:x}\n\n## B {step:x}",
        "## A {step:x}\n\n## B {#step-x}",
        "## A {#x}\n\n### B {#x}",
    ],
)
def test_a_key_used_twice_belongs_to_the_first_heading_and_the_second_line_is_named(text):
    ids = [e["id"] for e in page(text).all(id=True)]
    assert len(ids) == len(set(ids)) == 1
    assert warned_lines(text) == [3]


@pytest.mark.parametrize(
    "text",
    [
        "# A\n\n## B\n\n# C",
        "## A\n\n### B\n\n## C",
        "### A\n\n#### B\n\n### C",
        "A\n===\n\nB\n---\n\nC\n===",
    ],
)
def test_headings_of_the_highest_level_in_the_text_open_sections(text):
    assert [part.title for part in markdown.outline(text) if part.is_section] == ["A", "C"]


@examples(120)
@given(st.lists(st.integers(1, 6), min_size=1, max_size=8))
def test_heading_levels_follow_the_title_of_the_page_without_a_gap(levels):
    """Whoever listens to a page walks through its headings: h1, h2, h3, never one left out on the way down."""
    text = "\n\n".join(f"{'#' * level} Heading" for level in levels)
    before = 1
    for heading in page(text).all():
        if heading.tag[1:].isdigit():
            assert 2 <= int(heading.tag[1]) <= before + 1
            before = int(heading.tag[1])


def test_headings_inside_quotations_lists_and_callouts_are_no_parts_of_the_text():
    text = "## A {#a}\n\n> ## B\n\n- ## C\n\n:::note\n## D\n:::"
    assert words_of(page(text).all("h2")) == ["A#"]
    assert [part.key for part in markdown.outline(text)] == ["title", "section:a"]


# --- Steps ----------------------------------------------------------------------------------------------------------


def test_steps_that_follow_one_another_are_one_numbered_list():
    steps = page(GUIDE).one("ol", class_="steps")
    assert [step.attrs.get("id") for step in steps.children if not isinstance(step, str)] == [
        "step-open",
        "step-confirm",
    ]


def test_a_step_holds_its_heading_its_text_and_lower_headings():
    assert page(GUIDE).one("li", id="step-open").words == "Open the page# Click Account. On a phone Tap the row."
    assert page(GUIDE).one("li", id="step-open").one("a", class_="anc")["href"] == "#step-open"


def test_a_section_after_steps_is_not_inside_them():
    assert page(GUIDE).one("h2", id="after").parent.tag == ""


def test_a_heading_of_the_same_level_ends_a_step():
    found = page("### A {step:a}\n\none\n\n### Notes\n\ntwo")
    assert found.one("li", id="step-a").words == "A# one"
    assert found.one("ol", class_="steps").words == "A# one"


def test_steps_of_another_section_are_a_list_of_their_own():
    found = page(GUIDE + "\n### Check {step:check}\n\nLook.\n")
    assert [len(ol.all("li")) for ol in found.all("ol", class_="steps")] == [2, 1]


@pytest.mark.parametrize("level", ["#", "##", "###", "####"])
def test_steps_may_be_headings_of_any_level(level):
    found = page(f"{level} A {{step:a}}\n\none\n\n{level} B {{step:b}}\n\ntwo")
    assert words_of(found.one("ol", class_="steps").all("li")) == ["A# one", "B# two"]


def test_a_step_may_hold_lists_callouts_pictures_and_code():
    body = '- x\n\n1. y\n\n:::tip\nz\n:::\n\n![w](pictures/a.png "c")\n\n```\nv\n```'
    step = page(f"### A {{step:a}}\n\n{body}\n\n### B {{step:b}}\n\nend").one("li", id="step-a")
    assert {"ul", "ol", "figure", "pre", "div"} <= {e.tag for e in step.below()}


def test_the_outline_names_sections_and_steps_in_order_with_their_anchors():
    assert [(part.key, part.anchor, part.title) for part in markdown.outline(GUIDE, title="Title")] == [
        ("title", "", "Title"),
        ("intro", "", ""),
        ("section:do", "do", "Do it"),
        ("step:open", "step-open", "Open the page"),
        ("step:confirm", "step-confirm", "Confirm"),
        ("section:after", "after", "Afterwards"),
    ]


@pytest.mark.parametrize("language", FIVE)
def test_the_outline_is_the_same_in_every_language_of_the_renderer(language):
    assert markdown.render(GUIDE, language=language, title="T").parts == markdown.outline(GUIDE, title="T")


def test_the_title_of_a_part_is_its_words_without_marks():
    (part,) = markdown.outline("## Why **is** `BTC` [low](fees.md) & <kbd>x</kbd>? {#why}")[1:]
    assert part.title == "Why is BTC low & x?"
