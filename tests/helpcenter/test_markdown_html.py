"""Harmless HTML in a text is kept, and all other is removed with a warning that names its line."""

import pytest

from tests.helpcenter.rendering import page, warned_lines


@pytest.mark.parametrize("tag", ["b", "kbd", "sub", "sup", "i", "u", "em", "strong", "small", "mark", "q", "code"])
def test_harmless_html_is_kept_without_a_warning(tag):
    text = f"H<{tag}>2</{tag}>O"
    assert page(text).one(tag).words == "2"
    assert warned_lines(text) == []


@pytest.mark.parametrize("text", ["one<br>two", "one<br/>two", "one<br />two", "one<BR>two"])
def test_a_line_break_may_be_html(text):
    assert page(text).one("br")
    assert warned_lines(text) == []


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("<script>x</script>", [1, 1]),
        ("One.\n\n<div>two</div>", [3]),
        ("One\ntwo <iframe src=x> three", [2]),
        ("One  \ntwo <iframe> three", [2]),
        ("`one\ntwo` <iframe> three", [2]),
        ("- one\n- two <iframe> three", [2]),
        ("> one\n> two <iframe> three", [2]),
        ("| a |\n|---|\n| b <iframe> c |", [3]),
        (":::note\none <iframe> two\n:::", [2]),
        ("## Heading <iframe>\n\n### Step <form> {step:a}", [1, 3]),
        ("[words\n<iframe>](fees.md)", [2]),
        ('One <b onclick="x()">two</b>', [1]),
        ("One <a href='https://x.example'>two</a>", [1]),
        ("One <span style='color:red'>two</span>", [1]),
    ],
)
def test_other_html_is_removed_with_a_warning_that_names_the_line(text, lines):
    found = warned_lines(text)
    assert sorted(set(found)) == sorted(set(lines))
    assert not {e.tag for e in page(text).all()} & {"script", "iframe", "form", "span"}


def test_the_words_inside_removed_html_stay_and_a_script_does_not():
    found = page("<div>\nKept\n</div>\n\nText <font color=red>kept</font> <script>gone()</script> end.")
    assert found.words == "Kept Text kept end."
