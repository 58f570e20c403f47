"""Callouts and examples of scams stand out under a name in the language of the text, and a lure leads nowhere."""

import pytest

from tests.helpcenter.rendering import FIVE, page


@pytest.mark.parametrize("kind", ["note", "tip", "warning", "danger"])
def test_a_callout_has_its_kind_its_title_and_its_text(kind):
    found = page(f":::{kind} Withdrawals are paused\nWait **24 hours**.\n\n- really\n:::\n\nAfter.")
    notice = found.one("div", class_=kind)
    assert notice.one("p", class_="notice-t").words == "Withdrawals are paused"
    assert notice.one("strong").words == "24 hours"
    assert found.all("p")[-1].parent.tag == ""


@pytest.mark.parametrize("kind", ["note", "tip", "warning", "danger"])
@pytest.mark.parametrize("language", FIVE)
def test_a_callout_without_a_title_is_named_in_the_language_of_the_text(kind, language):
    titles = {code: page(f":::{kind}\nText\n:::", code).one("p", class_="notice-t").words for code in FIVE}
    assert titles[language]
    assert language == "en" or titles[language] != titles["en"]


@pytest.mark.parametrize("language", FIVE)
def test_a_scam_example_is_a_quotation_under_a_label_of_the_language(language):
    text = ":::scam-example\nDear trader, send 50 USDT.\n:::\n\nAfter."
    figures = {code: page(text, code).one("figure", class_="scam") for code in FIVE}
    assert figures[language].one("blockquote").words == "Dear trader, send 50 USDT."
    label = figures[language].one("figcaption").words
    assert label
    assert language == "en" or label != figures["en"].one("figcaption").words


LURES = [
    "[Verify now](https://verify.example/)",
    "<https://verify.example/>",
    "[Verify][now]\n\n[now]: https://verify.example/",
    "[**Verify** `now`](https://verify.example/)",
    "- > [Verify](https://verify.example/)",
    "[our article](fees.md)",
    "[mail us](mailto:help@verify.example)",
    ":::note\n[Verify](https://verify.example/)\n:::",
    "::::scam-example\nx\n::::\n\n[Verify](https://verify.example/)",
    "| a |\n|---|\n| [Verify](https://verify.example/) |",
]


@pytest.mark.parametrize("lure", LURES)
def test_links_in_a_scam_example_are_words(lure):
    found = page(f":::::scam-example\n{lure}\n:::::\n\n[Real](fees.md)")
    assert [link["href"] for link in found.all("a")] == ["/_/articles/fees/"]
    assert found.all("a")[0].parent.parent.tag == ""


def test_an_unknown_kind_of_callout_stays_text():
    assert page(":::joke\nHa.\n:::").words == ":::joke Ha. :::"
