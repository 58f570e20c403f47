"""A picture of the library is shown with its words and its size; any other is replaced by its words."""

import pytest

from tests.helpcenter.rendering import DIGEST, page, shown, warned_lines


def test_a_picture_alone_is_a_figure_with_its_caption_and_says_its_size():
    found = page('![The row “2FA”](pictures/security.webp "Account › Security")')
    figure = found.one("figure")
    assert figure.parent.tag == ""
    assert figure.one("figcaption").words == "Account › Security"
    image = figure.one("img")
    assert (image["alt"], image["width"], image["height"]) == ("The row “2FA”", "960", "540")
    assert image["srcset"] == f"/_/pictures/{DIGEST}-480.webp 480w, /_/pictures/{DIGEST}-960.webp 960w"


def test_a_picture_among_words_stays_in_its_line():
    found = page("Press ![the gear](pictures/gear.png) twice.")
    assert not found.all("figure")
    assert found.one("p").one("img")["alt"] == "the gear"


def test_the_alternative_text_is_words_without_marks():
    assert page("![The *row* `2FA` <b>x</b>](pictures/a.png)").one("img")["alt"] == "The row 2FA x"


NAMES = [
    "a.png",
    "mark-and-last.webp",
    "截图.png",
    "스크린샷.png",
    "لقطة.png",
    "shot(1).png",
    "my%20shot.png",
    "a+b.png",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_is_found_under_the_name_of_its_file(name):
    asked = []
    page(f"![words](pictures/{name})", pictures=lambda known: asked.append(known) or shown(known))
    assert asked == [name.replace("%20", " ")]


@pytest.mark.parametrize(
    "target",
    ["https://elsewhere.example/a.png", "//elsewhere.example/a.png", "/img/a.png", "img/a.png", "../en/pictures/a.png"]
    + ["data:image/png;base64,iVBORw0KGgo=", "pictures/../a.png", "http://[broken"],
)
def test_a_picture_from_anywhere_else_is_replaced_by_its_words_with_a_warning(target):
    text = f"One.\n\n![what it shows](<{target}>)"
    assert page(text).words == "One. what it shows"
    assert not page(text).all("img")
    assert warned_lines(text) == [3]


def test_a_picture_that_is_missing_is_replaced_by_its_words_with_a_warning():
    text = "![what it shows](pictures/none.png)"
    assert page(text, pictures=lambda name: None).words == "what it shows"
    assert warned_lines(text, pictures=lambda name: None) == [1]


def test_a_picture_without_an_alternative_text_is_warned_of():
    assert warned_lines("One.\n\n![](pictures/a.png)") == [3]
