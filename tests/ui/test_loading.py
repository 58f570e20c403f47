"""The indentation of templates is for their writers: readers do not load it, and nothing else changes."""

import pytest
from django.template import Context, Template
from django.template.loader import get_template

from supportdesk.ui.loading import without_indentation


def test_lines_begin_at_their_first_letter() -> None:
    assert (
        without_indentation("<ul>\n  <li>a b</li>\n\n\n    <li>c</li>\n</ul>\n")
        == "<ul>\n<li>a b</li>\n<li>c</li>\n</ul>\n"
    )


def test_a_text_area_of_one_line_is_no_reason() -> None:
    assert (
        without_indentation("<p>\n  <textarea>{{ words }}</textarea>\n</p>")
        == "<p>\n<textarea>{{ words }}</textarea>\n</p>"
    )


def test_a_line_of_tags_alone_leaves_no_line_and_joins_no_words() -> None:
    source = without_indentation(
        "<p>a\n  {% if no %}\n    b\n  {% endif %}\n  c\n  {% if yes %}\n    d\n  {% endif %}\n</p>"
    )
    assert Template(source).render(Context({"yes": True})).split() == ["<p>a", "c", "d", "</p>"]
    assert "\n\n" not in Template(source).render(Context({"yes": True}))


def test_a_sentence_alone_in_its_line_stays_apart_from_the_next() -> None:
    source = without_indentation(
        "{% load i18n %}<p>\n  {% if yes %}\n    {% translate 'One.' %}\n  {% endif %}\n  {% if yes %}Two.{% endif %}\n"
    )
    assert Template(source).render(Context({"yes": True})).split() == ["<p>", "One.", "Two."]


@pytest.mark.parametrize(
    "source",
    [
        "<pre>\n  a\n</pre>",
        "<div>\n  <textarea>\n  {{ words }}</textarea></div>",
        '<div>\n  <textarea name="a"\n    rows="3">{{ words }}</textarea></div>',
        "{% blocktranslate %}One\n  two{% endblocktranslate %}",
    ],
)
def test_where_lines_mean_something_they_stay(source: str) -> None:
    assert without_indentation(source) == source


def test_what_is_put_into_a_template_is_not_touched() -> None:
    source = without_indentation("<div>\n    {{ words|safe }}\n</div>")
    assert Template(source).render(Context({"words": "<pre>\n    a\n\n    b</pre>"})) == (
        "<div>\n<pre>\n    a\n\n    b</pre>\n</div>"
    )


def test_our_templates_are_loaded_so_and_djangos_are_not() -> None:
    ours, djangos = (get_template(name).template.source for name in ("ui/base.html", "admin/change_list.html"))
    assert "\n  " not in ours
    assert "\n  " in djangos
