"""The whole reading path without JavaScript."""

import pytest


@pytest.fixture
def plain(window):
    return window(java_script_enabled=False)


def test_search_by_the_button(plain):
    page = plain.open("/es/")
    page.fill("#page_q", "retiro")
    page.click("button.go-btn")
    assert page.locator(".results .rows h2 a").count() > 0


def test_languages_and_contents_are_links(plain):
    page = plain.open("/en/articles/api-keys/")
    page.click("details.menu summary")
    page.click("[data-languages] a[hreflang=ko]")
    assert page.get_attribute("html", "lang") == "ko"
    page.click(".toc-d a[href='#leaked']")
    assert page.url.endswith("#leaked")


def test_a_vote_with_a_reason(plain):
    page = plain.open("/ja/articles/funding/")
    page.click("[data-feedback] summary")
    page.check("[data-feedback] input[value=hard]")
    page.click("[data-feedback] details .btn-primary")
    assert page.url.endswith("/ja/feedback/funding/thanks/")
    assert page.locator("a[href='/ja/articles/funding/']").count() == 1


def test_the_theme_follows_the_system(window):
    page = window(java_script_enabled=False, color_scheme="dark").open("/en/")
    assert page.locator("body").evaluate("node => getComputedStyle(node).backgroundColor") == "rgb(17, 23, 29)"
    assert page.is_hidden(".theme")
