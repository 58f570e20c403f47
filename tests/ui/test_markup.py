"""Lines that are written without templates say what `format_html_join` would."""

import html
import re

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


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("See http://testserver/en/articles/fees/.", ["http://testserver/en/articles/fees/"]),
        ("詳しくは：http://testserver/ja/search/?q=BTC&all=1をご覧ください。", ["http://testserver/ja/search/?q=BTC&amp;all=1"]),
        ("(http://testserver/a/) http://testserver/b#c", ["http://testserver/a/", "http://testserver/b#c"]),
        ("انظروا http://testserver/ar/articles/fees/؟", ["http://testserver/ar/articles/fees/"]),
        ("http://testserver", []),
        ("http://testserver.example.net/ and http://testserver@example.net/", []),
        ("https://example.net/?to=http://testserver/en/ is none of ours", []),
        ("northgate-refunds.com, www.example.net, https://example.net/", []),
    ],
)  # fmt: skip
def test_only_addresses_of_this_site_become_links(text, linked):
    found = markup.own_links(text)
    assert re.findall(r'<a href="([^"]*)" dir="ltr">', found) == linked
    assert html.unescape(re.sub("<[^>]*>", "", found)) == text


def test_what_stands_around_links_is_escaped():
    found = markup.own_links('<b> "http://testserver/x"<script>')
    assert (
        found == '&lt;b&gt; &quot;<a href="http://testserver/x" dir="ltr">http://testserver/x</a>&quot;&lt;script&gt;'
    )
