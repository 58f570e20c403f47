"""Lines that are written without templates say what `format_html_join` would."""

import pytest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from supportdesk.ui import markup

ROWS = [("<b>", SafeString("<i>"), 3), ("&'\"", SafeString(""), None)]


@pytest.mark.parametrize("between", ["", "\n"])
def test_lines_are_escaped_as_django_escapes_them(between):
    line = '<li class="{}">{}{}</li>'
    found = markup.lines(line, ROWS, between)
    assert found == format_html_join(between, line, ROWS)
    assert isinstance(found, SafeString)


def test_braces_in_words_are_words():
    assert markup.lines("<li>{}</li>", [("{0} {x}",)]) == "<li>{0} {x}</li>"


def test_a_sentence_escapes_its_values_and_nothing_else():
    assert markup.sentence("d'accord: %(query)s", query="<b>") == "d'accord: &lt;b&gt;"


@pytest.mark.parametrize(
    ("code", "expected"),
    [("en", ""), ("", ""), ("ar", ' lang="ar" dir="rtl"'), ("zh-hans", ' lang="zh-Hans" dir="ltr"')],
)
def test_words_of_another_language_say_so(code, expected):
    assert markup.spoken(code, "en") == expected
