"""axe finds nothing, and nothing is wider than the window, in any language, theme and width of the sample."""

from itertools import product

import pytest
from axe_playwright_python.sync_playwright import Axe

from supportdesk.settings.languages import SHIPPED

LANGUAGES = [code for code, _ in SHIPPED]
PAGES = {
    "home": "",
    "category": "categories/deposits-and-withdrawals/",
    "guide": "articles/lost-2fa-device/",
    "changes": "articles/lost-2fa-device/changes/",
    "answer": "articles/why-was-i-liquidated/",
    "fallback": "articles/tax-reports/",
    "question": "troubleshoot/cannot-sign-in/?path=code",
    "end": "troubleshoot/cannot-sign-in/?path=code.clock",
    "glossary": "glossary/",
    "announcements": "announcements/",
    "announcement": "announcements/fake-refund-emails/",
    "search": "search/?q=BTC",
    "everywhere": "search/?q=BTC&all=1",
    "nothing": "search/?q=zqxwv",
    "missing": "articles/no-such-article/",
}
# Each language meets each theme and width with a few pages: pairs, not the whole product.
SAMPLE = [
    (language, list(PAGES)[(number * 5 + step * 3) % len(PAGES)], theme, width)
    for number, language in enumerate(LANGUAGES)
    for step, (theme, width) in enumerate(product(("light", "dark"), (390, 1280)))
]


def violations(page):
    found = Axe().run(page).response["violations"]
    return [(v["id"], [node["target"] for node in v["nodes"]][:3]) for v in found]


@pytest.mark.parametrize("name", PAGES)
def test_axe_in_english(look, name):
    assert violations(look(f"/en/{PAGES[name]}")) == []


@pytest.mark.parametrize(("language", "name", "theme", "width"), SAMPLE)
def test_axe_over_languages_themes_and_widths(look, language, name, theme, width):
    assert violations(look(f"/{language}/{PAGES[name]}", theme=theme, width=width)) == []


@pytest.mark.parametrize("language", [*LANGUAGES, "xx"])
def test_no_page_is_wider_than_a_phone(look, shared_window, language):
    """A page is loaded on one phone and turned into the other, which is quicker than loading it twice."""
    wide = {}
    for name, path in PAGES.items():
        page = look(f"/{language}/{path}", width=390)
        for width in (390, 320):
            page.set_viewport_size({"width": width, "height": 800})
            if shared_window.overflow > 0:
                wide[name, width] = shared_window.overflow
    assert wide == {}


def test_open_menus_and_forms_pass_axe_too(window):
    page = window(viewport={"width": 390, "height": 900}).open("/en/articles/fees/")
    page.click("[data-feedback] summary")
    page.locator("details.menu").first.locator("summary").click()
    page.eval_on_selector("[data-languages] [lang=xx]", "node => node.remove()")  # the pseudo-locale has no real tag
    assert violations(page) == []


def test_the_skip_link_is_the_first_stop_and_works(window):
    page = window().open("/ar/articles/fees/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.url.endswith("#page_main")
