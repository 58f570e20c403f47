"""A reader with a browser: keyboard, theme, languages, no foreign host, no cookie."""

import re

import pytest

GUIDE = "articles/lost-2fa-device/"


def test_pages_ask_nobody_else_set_no_cookie_and_raise_no_error(window):
    w = window()
    for path in (
        "/en/",
        f"/zh-hans/{GUIDE}",
        "/ar/categories/security/",
        "/en/search/?q=withdrawal",
        "/ja/announcements/",
    ):
        w.open(path)
        w.page.wait_for_load_state("networkidle")
    assert w.troubles == []
    assert w.context.cookies() == []


@pytest.mark.parametrize("key", ["/", "Control+k"])
def test_a_key_leads_to_the_search(window, key):
    page = window().open("/en/articles/fees/../../")
    page.keyboard.press(key)
    assert page.evaluate("document.activeElement.id") == "page_q"


def test_slash_stays_a_slash_while_typing(window):
    page = window().open("/en/")
    page.focus("#page_q")
    page.keyboard.type("a/b")
    assert page.input_value("#page_q") == "a/b"


@pytest.mark.parametrize(("language", "typed"), [("zh-hans", "强平"), ("en", "wit"), ("ja", "出金")])
def test_suggestions_come_while_typing_and_obey_the_arrow_keys(window, language, typed):
    page = window().open(f"/{language}/")
    page.focus("#page_q")
    page.keyboard.type(typed)
    page.wait_for_selector("#page_suggestions [role=option]")
    assert page.get_attribute("#page_q", "aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    active = page.get_attribute("#page_q", "aria-activedescendant")
    assert page.get_attribute(f"#{active}", "aria-selected") == "true"
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"/{language}/(articles|troubleshoot)/."))


def test_escape_closes_the_suggestions_and_enter_searches(window):
    page = window().open("/en/")
    page.focus("#page_q")
    page.keyboard.type("liquidation")
    page.wait_for_selector("#page_suggestions [role=option]")
    page.keyboard.press("Escape")
    assert page.is_hidden("#page_suggestions")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/search/?q=liquidation*")


def test_one_character_of_an_alphabet_suggests_nothing(window):
    page = window().open("/en/")
    page.focus("#page_q")
    with page.expect_request("**/suggest/**", timeout=2000) as asked:
        page.keyboard.type("wi")
        page.keyboard.type("t")
    assert asked.value.url.endswith("q=wit")


def test_the_readers_theme_wins_over_the_system_and_stays(window):
    w = window(color_scheme="light")
    page = w.open("/en/")
    background = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(background) == "rgb(255, 255, 255)"
    page.click(".theme")
    assert page.evaluate(background) == "rgb(17, 23, 29)"
    w.open("/en/announcements/")
    assert page.evaluate(background) == "rgb(17, 23, 29)"


def test_the_language_menu_stays_on_the_article_and_on_the_step(window):
    page = window().open(f"/zh-hans/{GUIDE}#step-open-security")
    page.click("details.menu summary")
    page.click("[data-languages] a[hreflang=ar]")
    page.wait_for_url(f"**/ar/{GUIDE}#step-open-security")
    assert page.get_attribute("html", "dir") == "rtl"
    assert page.is_visible("#step-open-security")


def test_a_dismissed_band_stays_away_in_this_session_only(window, address):
    w = window()
    page = w.open("/en/")
    page.click(".band button")
    w.open("/en/announcements/")
    assert page.is_hidden(".band[data-band]")
    assert window().open("/en/").is_visible(".band[data-band]")


def test_feedback_is_given_without_leaving_the_page(window):
    page = window().open("/en/articles/fees/")
    page.click("[data-feedback] summary")
    page.check("[data-feedback] input[value=outdated]")
    page.fill("#page_comment", "The fee of ETH has changed.")
    page.click("[data-feedback] .btn-primary")
    page.wait_for_selector("[data-answer]:not(:empty)")
    assert page.url.endswith("/en/articles/fees/")
    assert page.is_hidden("#page_comment")
    assert page.locator("[data-answer]").bounding_box()["height"] > 10
    assert page.evaluate("document.activeElement.hasAttribute('data-answer')")


def test_the_part_that_is_read_is_marked_in_the_contents(window):
    page = window().open("/en/articles/why-was-i-liquidated/#example")
    page.wait_for_selector(".toc-d a[href='#example'][aria-current]")


def test_printing_leaves_the_article_alone(window):
    page = window().open(f"/en/{GUIDE}")
    page.emulate_media(media="print")
    for gone in (".top", ".foot", ".ask", ".side-nav", ".toc-d"):
        assert page.is_hidden(gone)
    assert page.is_visible("[data-content]")
