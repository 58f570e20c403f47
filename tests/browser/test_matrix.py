"""The matrix and its neighbours in a browser: axe, a phone, the keyboard, what stays in sight while it is scrolled."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.waiting import until

PASSWORD = "northgate-demo"
MATRIX = "/admin/helpcenter/translationstate/"
PAGES = (MATRIX, MATRIX + "?language=fr&state=missing", "/admin/helpcenter/teammember/mine/")


def signed_in(window, **options):
    found = window(**options)
    page = found.open(f"/admin/login/?next={MATRIX}")
    page.fill("#id_username", "editor@northgate.example")
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_url(f"**{MATRIX}")
    return found


def serious(page):
    found = Axe().run(page).response["violations"]
    return [(v["id"], v["nodes"][0]["target"]) for v in found if v["impact"] in ("serious", "critical")]


@pytest.mark.parametrize(
    ("width", "theme", "locale"),
    [(1280, "light", "en"), (1280, "dark", "en"), (390, "light", "zh-Hans"), (390, "dark", "ar")],
)
def test_axe_finds_nothing_serious_and_no_page_is_too_wide(window, width, theme, locale):
    own = signed_in(window, viewport={"width": width, "height": 900}, color_scheme=theme, locale=locale)
    found = {}
    work = own.page.locator(".sd-matrix tbody th small a").first.get_attribute("href")
    for path in (*PAGES, work):
        page = own.open(path)
        console = list(own.troubles)
        found[path] = (own.overflow, console, serious(page))
        own.troubles.clear()  # axe itself offends the policy
    assert found == dict.fromkeys(found, (0, [], []))


def test_by_keyboard_the_table_scrolls_and_a_cell_opens_the_text(window):
    page = signed_in(window, viewport={"width": 390, "height": 844}).page
    table = page.locator(".sd-matrix")
    table.focus()
    page.keyboard.press("ArrowRight")
    until(page, "document.querySelector('.sd-matrix').scrollLeft > 0")
    cell = page.locator(".sd-matrix tbody tr").first.locator("td a").last
    cell.focus()
    assert "العربية" in cell.get_attribute("aria-label")
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/helpcenter/article/*/translate/ar/")


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_the_head_and_the_names_stay_in_sight(window, locale):
    page = signed_in(window, viewport={"width": 390, "height": 844}, locale=locale).page
    table = page.locator(".sd-matrix")
    table.evaluate("(box, sign) => box.scrollTo(sign * 300, 400)", -1 if locale == "ar" else 1)
    frame = table.bounding_box()
    name = page.locator(".sd-matrix tbody th").nth(5).bounding_box()
    head = page.locator(".sd-matrix thead th").nth(8).bounding_box()
    near = name["x"] - frame["x"] if locale == "en" else frame["x"] + frame["width"] - name["x"] - name["width"]
    assert abs(near) <= 2
    assert abs(head["y"] - frame["y"]) <= 2


def test_without_javascript_it_is_filtered_and_work_is_taken(window):
    own = signed_in(window, java_script_enabled=False)
    page = own.page
    page.select_option("#matrix_language", "fr")
    page.click(".sd-filters button")
    assert "language=fr" in page.url
    page.locator(".sd-matrix tbody th small a").first.click()
    page.get_by_role("button", name="Take Français").click()
    assert "is the work of Clara Weiss now" in page.locator(".messagelist").inner_text()
    page.get_by_role("button", name="Nobody for Français").click()
    assert "nobody’s work now" in page.locator(".messagelist").inner_text()
    assert own.troubles == []
