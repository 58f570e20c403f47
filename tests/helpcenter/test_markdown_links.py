"""Links lead to articles, sections, mail and other hosts, which are named; all others are words."""

import pytest

from helpcenter.content import markdown
from helpcenter.content.markdown import Link
from tests.helpcenter.dom import Page
from tests.helpcenter.rendering import FIVE, page, shown, warned_lines


@pytest.mark.parametrize(
    ("target", "href"),
    [
        ("funding.md", "/_/articles/funding/"),
        ("./funding.md", "/_/articles/funding/"),
        ("lost-2fa-device.md#hold", "/_/articles/lost-2fa-device/#hold"),
        ("lost-2fa-device.md#step-open", "/_/articles/lost-2fa-device/#step-open"),
        ("#hold", "#hold"),
        ("mailto:help@northgate.example", "mailto:help@northgate.example"),
    ],
)
def test_a_link_leads_to_articles_sections_and_mail(target, href):
    assert page(f"[words]({target})").one("a")["href"] == href


def test_links_to_articles_are_noted():
    result = markdown.render("[a](fees.md) [b](funding.md#x) [c](https://x.example/y.md)", language="en")
    assert result.articles == {"fees", "funding"}


@pytest.mark.parametrize(
    "text",
    ["[Bitcoin](https://bitcoin.org/)", "[Bitcoin][b]\n\n[b]: https://bitcoin.org/", "[Bitcoin](HTTPS://BITCOIN.ORG/)"],
)
def test_a_link_to_another_host_shows_its_name_and_sends_no_referrer(text):
    found = page(text)
    assert {"noopener", "noreferrer"} <= set(found.one("a")["rel"].split())
    assert found.one("small", class_="host").words == "bitcoin.org"


@pytest.mark.parametrize("text", ["[bitcoin.org](https://bitcoin.org/)", "<https://bitcoin.org/en/faq>"])
def test_the_name_of_the_host_is_not_said_twice(text):
    assert page(text).words.count("bitcoin.org") == 1


@pytest.mark.parametrize(
    ("words", "target", "host"),
    [
        ("northgate.example", "https://gate.example/", "gate.example"),
        ("https://northgate.example/account", "https://e.example/", "e.example"),
        ("northgate.example", "https://northgate.example@evil.example/", "evil.example"),
        ("northgate.example", "https://northgate.example.evil.example/", "northgate.example.evil.example"),
    ],
)
def test_words_that_look_like_another_host_do_not_hide_where_a_link_leads(words, target, host):
    assert page(f"[{words}]({target})").one("small", class_="host").words == host


def test_words_of_one_link_do_not_name_the_host_of_the_next():
    found = page("[bitcoin.org](https://bitcoin.org/), [here](https://bitcoin.org/)")
    assert found.words == "bitcoin.org, here bitcoin.org"


@pytest.mark.parametrize(
    "target", ["/en/account", "//elsewhere.example/", "/", "ftp://x.example/", "account", "../a.md"]
)
def test_a_link_that_leads_nowhere_is_plain_text_with_a_warning(target):
    text = f"One.\n\nTwo [words]({target}) three."
    assert page(text).all("p")[1].words == "Two words three."
    assert not page(text).all("a")
    assert warned_lines(text) == [3]


def test_links_to_other_hosts_are_listed_with_their_lines():
    text = "[a](https://a.example/)\n[b](fees.md)\n\n> [c](http://c.example:8080/x)\n\n<https://d.example>"
    assert markdown.links(text) == [Link("a.example", 1), Link("c.example", 4), Link("d.example", 6)]


@pytest.mark.parametrize("language", FIVE)
def test_inner_links_and_pictures_point_at_the_language_of_the_page(language):
    html = markdown.render("[a](fees.md#x) ![b](pictures/a.png)", language="en", pictures=shown).html
    found = Page(markdown.localise(html, language))
    assert found.one("a")["href"] == f"/{language}/articles/fees/#x"
    assert found.one("img")["src"].startswith(f"/{language}/pictures/")
    assert found.one("img")["srcset"].count(f"/{language}/pictures/") == 2


@pytest.mark.parametrize("words", ['="/_/articles/x/"', "/_/pictures/x"])
def test_words_that_look_like_an_inner_address_stay_as_they_are(words):
    html = markdown.render(f"Write `{words}`.", language="en").html
    assert Page(markdown.localise(html, "ja")).words == f"Write {words}."
