"""Accounts in a real browser: axe, narrow windows, the mark of whoever is signed in, and everything without scripts."""

import pytest

from supportdesk.settings.languages import SHIPPED
from tests.browser.test_accessibility import violations
from tests.browser.test_translator_journey import signed_in
from tests.browser.waiting import until

EMAIL, PASSWORD = "agent@northgate.example", "northgate-demo"
PAGES = ("login", "signup", "code", "password/reset")
LANGUAGES = [code for code, _ in SHIPPED]
THEMES = [("light", 1280), ("dark", 390), ("light", 390), ("dark", 1280)]


def sign_in(page, address):
    page.goto(f"{address}/en/account/login/")
    page.fill("#page_login", EMAIL)
    page.fill("#page_password", PASSWORD)
    page.click("main .btn-primary")


@pytest.mark.parametrize(("number", "language"), list(enumerate(LANGUAGES)))
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(look, shared_window, number, language):
    theme, width = THEMES[number % 4]
    page = look(f"/{language}/account/{PAGES[number % 4]}/", theme=theme, width=width)
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 800})
    assert shared_window.overflow <= 0


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("ar", "dark")])
def test_a_form_with_errors_passes_axe_and_its_summary_is_read_first(window, address, language, theme):
    one = window(color_scheme=theme, viewport={"width": 390, "height": 800})
    page = one.open(f"/{language}/account/signup/")
    page.fill("#page_email", "no address")
    page.click("main .btn-primary")
    assert page.evaluate("document.activeElement.hasAttribute('data-error-summary')")
    page.eval_on_selector("[data-languages] [lang=xx]", "node => node.remove()")  # the pseudo-locale has no real tag
    assert violations(page) == []
    page.click(".errsum a >> nth=0")
    assert page.evaluate("document.activeElement.id") == "page_email"
    assert page.input_value("#page_email") == "no address"
    assert (one.overflow, one.troubles) == (0, [])


def test_own_pages_pass_axe(window, address):
    one = window()
    sign_in(one.page, address)
    for path in ("profile", "sessions", "password/change", "logout"):
        page = one.open(f"/en/account/{path}/")
        assert page.url.endswith(f"/en/account/{path}/")
        page.eval_on_selector("[data-languages] [lang=xx]", "node => node.remove()")
        assert violations(page) == []
    assert one.troubles == []


def test_a_help_page_asks_who_is_in_only_where_somebody_is(window, address):
    one = window()
    asked = []
    one.page.on("request", lambda request: asked.append(request.url))
    page = one.open("/en/")
    page.wait_for_load_state("networkidle")
    assert page.inner_text("nav [data-account]") == "Sign in"
    assert [url for url in asked if "/account/" in url] == []
    sign_in(page, address)
    page = one.open("/ar/")
    until(page, "document.querySelector('nav [data-account]').textContent === 'Rui'")
    assert page.get_attribute("nav [data-account]", "href") == "/ar/account/profile/"
    page = one.open("/en/account/logout/")
    page.click("main .btn-primary")
    page.wait_for_load_state("networkidle")
    assert page.inner_text("nav [data-account]") == "Sign in"
    assert one.troubles == []


def test_a_new_account_takes_the_browsers_time_zone(window):
    page = window(timezone_id="Asia/Tokyo").open("/ja/account/signup/")
    assert page.input_value("[data-zone]") == "Asia/Tokyo"


def test_everything_works_without_scripts(window, address):
    one = window(java_script_enabled=False)
    sign_in(one.page, address)
    assert one.page.url.endswith("/desk/")
    one.page.goto(f"{address}/en/account/profile/")
    assert one.page.inner_text("header nav").endswith("Rui")
    one.page.click("text=Sign out")
    one.page.click("main .btn-primary")
    assert one.page.url == f"{address}/en/"


def test_the_profile_offers_the_zone_of_the_browser(window):
    visitor = signed_in(window, "agent", timezone_id="Asia/Saigon")
    page = visitor.open("/en/account/profile/")
    offer = page.get_by_role("button", name="Use the time zone of this browser: ")
    page.select_option("[name=time_zone]", "UTC")
    offer.click()
    assert page.input_value("[name=time_zone]") in ("Asia/Saigon", "Asia/Ho_Chi_Minh")
    assert offer.count() == 0
    assert visitor.troubles == []
