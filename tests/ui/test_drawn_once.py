"""What is drawn once in a process is the same for every reader, and is in the language of the page."""

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation
from django.utils.safestring import SafeString

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


def test_what_was_drawn_can_be_forgotten():
    page = template("{{ number }}")
    drawn_with(page, number=1)
    drawn.forget()
    assert drawn_with(page, number=2) == "2"


@pytest.mark.parametrize("condition", ["unless", "if x", "unless a b"])
def test_another_condition_is_refused(condition):
    with pytest.raises(TemplateSyntaxError, match="drawn_once"):
        template("", condition)


class TestAPageThatIsFilled:
    """`fill`, with a template of the test's own."""

    @pytest.fixture(autouse=True)
    def page(self, monkeypatch):
        self.drawings = []

        def render(name, context):
            self.drawings.append(name)
            return Template(self.markup).render(Context(context))

        monkeypatch.setattr(drawn, "render_to_string", render)

    def fill(self, markup, words, **shape):
        self.markup = f"{{% load i18n ui %}}{markup}"
        return drawn.fill("page.html", shape, words)

    def test_each_page_has_its_own_words(self):
        found = [self.fill("<p>{{ title }}|{{ title }}</p>", {"title": title}) for title in ("a", "b")]
        assert found == ["<p>a|a</p>", "<p>b|b</p>"]
        assert len(self.drawings) == 1

    def test_words_are_escaped_unless_they_are_safe(self):
        words = {"title": "<b>&\"'", "text": SafeString("<i>")}
        assert self.fill("{{ title }}{{ text }}", words) == "&lt;b&gt;&amp;&quot;&#x27;<i>"

    def test_what_stands_in_a_word_is_no_place_for_another(self):
        first = self.fill("{{ a }}{{ b }}", {"a": "x", "b": "y"})
        stand_in = f"{drawn._MARK}1e"
        assert (first, self.fill("{{ a }}{{ b }}", {"a": stand_in, "b": "y"})) == ("xy", f"{stand_in}y")

    def test_a_template_knows_whether_a_word_is_empty(self):
        markup = "{% if title %}<h1>{{ title }}</h1>{% endif %}"
        assert [self.fill(markup, {"title": title}) for title in ("a", "", "b")] == ["<h1>a</h1>", "", "<h1>b</h1>"]

    def test_what_decides_how_it_looks_is_drawn_anew(self):
        markup = "{% if is_new %}new {% endif %}{{ title }}"
        found = [self.fill(markup, {"title": "a"}, is_new=is_new) for is_new in (True, False, True)]
        assert found == ["new a", "a", "new a"]
        assert len(self.drawings) == 2

    def test_names_with_dots_are_parts_of_one_thing(self):
        words = {"card.title": "t", "card.image.url": "u"}
        assert self.fill("{{ card.title }}{{ card.image.url }}{{ card.kind }}", words, **{"card.kind": "k"}) == "tuk"

    def test_each_language_is_drawn_for_itself(self):
        found = []
        for language in ("en", "ja"):
            with translation.override(language):
                found.append(self.fill("{% translate 'Search' %} {{ title }}", {"title": "a"}))
        assert found[0] == "Search a"
        assert found[0] != found[1]

    def test_a_word_stands_in_sentences_and_addresses_too(self):
        markup = (
            "{% blocktranslate with date=day %}Updated {{ date }}{% endblocktranslate %}"
            " {% url 'helpcenter:article' slug %}"
        )
        with translation.override("en"):
            assert self.fill(markup, {"day": "1 < 2", "slug": "fees"}) == "Updated 1 &lt; 2 /en/articles/fees/"

    def test_only_so_many_are_kept(self, monkeypatch):
        monkeypatch.setattr(drawn, "MOST", 2)
        for number in (1, 2, 3, 3, 1):
            self.fill("{{ number }}", {}, number=number)
        assert len(self.drawings) == 4
        assert len(drawn._pages) == 2

    def test_what_is_used_again_and_again_stays(self, monkeypatch):
        monkeypatch.setattr(drawn, "MOST", 2)
        for number in (1, 2, 1, 3, 1, 4, 1):
            self.fill("{{ number }}", {}, number=number)
        assert len(self.drawings) == 4
