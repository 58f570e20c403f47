"""Lines of a hundred thousand characters. Each was read again from every one of its characters once: a test that does
not come to its end has found such a line."""

import pytest

from helpcenter.content import fact_marks, markdown, sheet, slots

LONG = 100_000
BLANKS = " " * LONG


@pytest.mark.parametrize("words", ["a" * LONG, "a-" * (LONG // 2)])
def test_the_words_of_a_link_may_be_long(words: str) -> None:
    html = markdown.render(f"[{words}](https://example.com/)", language="en").html
    assert '<small class="host">example.com</small>' in html


def test_a_host_in_the_words_of_a_link_is_still_found() -> None:
    html = markdown.render("[see a-b.example.com](https://a-b.example.com/)", language="en").html
    assert "host" not in html


@pytest.mark.parametrize("blank", [" ", "\t"])
def test_a_heading_may_hold_many_blanks(blank: str) -> None:
    heading = f"# One{blank * LONG}two"
    assert [slot.text(slots.lines_of(heading)) for slot in slots.find(heading)] == [f"One{blank * LONG}two"]
    cut = next(cut for cut in sheet.cuts("", "", heading).values() if cut.words.heading)
    assert cut.words.heading == f"One{blank * LONG}two"


def test_the_mark_of_a_heading_is_cut_off_as_ever() -> None:
    heading = "# One {two} three \t {#four}"
    assert [slot.text(slots.lines_of(heading)) for slot in slots.find(heading)] == ["One {two} three"]


@pytest.mark.parametrize("subject", [f"x{BLANKS}y", f"{BLANKS}x", f"x{BLANKS}"])
def test_a_block_of_facts_may_hold_many_blanks(subject: str) -> None:
    found, _kinds = fact_marks.table_of([f"::: facts {subject}"])
    assert found == subject.strip()
