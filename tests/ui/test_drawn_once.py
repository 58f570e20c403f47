"""What is drawn once in a process is the same for every reader, and is in the language of the page."""

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation

from supportdesk.ui import drawn


def template(inside, condition=""):
    return Template(f"{{% load i18n ui %}}{{% drawn_once {condition} %}}{inside}{{% enddrawn_once %}}")


def drawn_with(page, **context):
    return page.render(Context({"site_name": "Northgate", **context}))


def test_a_piece_is_drawn_for_the_first_page_and_kept():
    page = template("{{ number }}")
    assert [drawn_with(page, number=number) for number in (1, 2)] == ["1", "1"]


def test_pieces_that_read_alike_are_not_mixed_up():
    pages = [template("{{ number }}"), template("{{ number }}")]
    assert [drawn_with(page, number=number) for number, page in enumerate(pages)] == ["0", "1"]


def test_each_language_has_its_own():
    page = template("{% translate 'Search' %}")
    found = {}
    for language in ("en", "ja", "ar", "en", "ja"):
        with translation.override(language):
            found.setdefault(language, set()).add(drawn_with(page))
    assert found["en"] == {"Search"}
    assert len(set.union(*found.values())) == 3


def test_what_a_reader_decides_is_drawn_for_them():
    page = template("{{ name }}", "unless name")
    assert [drawn_with(page, name=name) for name in ("Ann", "", "Bob", "")] == ["Ann", "", "Bob", ""]


def test_what_it_is_made_from_may_change():
    page = template("{{ names.0 }} {{ word }}", "from names")
    found = [drawn_with(page, names=names, word=word) for word, names in enumerate((["a"], ["a"], ["b"]))]
    assert found == ["a 0", "a 0", "b 2"]


def test_a_page_that_knows_nothing_of_the_site_leaves_nothing_behind():
    page = template("{{ site_name }}")
    assert page.render(Context({})) == ""
    assert drawn_with(page) == "Northgate"


def test_what_is_put_into_a_piece_is_escaped_once():
    assert drawn_with(template("{{ name }}"), name="<b>&") == "&lt;b&gt;&amp;"


def test_it_can_be_forgotten():
    page = template("{{ number }}")
    drawn_with(page, number=1)
    drawn.forget()
    assert drawn_with(page, number=2) == "2"


@pytest.mark.parametrize("condition", ["unless", "if x", "unless a b"])
def test_another_condition_is_refused(condition):
    with pytest.raises(TemplateSyntaxError, match="drawn_once"):
        template("", condition)
