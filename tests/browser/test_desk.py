"""The content team's desk in a browser: it passes axe, fits a phone, and the bell hears of what is new."""

import pytest
from axe_playwright_python.sync_playwright import Axe

PASSWORD = "northgate-demo"
PAGES = {
    "desk": "/admin/",
    "mine": "/admin/helpcenter/article/desk/mine/",
    "review": "/admin/helpcenter/article/desk/review/",
    "due": "/admin/helpcenter/article/desk/due/",
    "missed": "/admin/helpcenter/article/desk/missed/",
    "unhelpful": "/admin/helpcenter/article/desk/unhelpful/",
    "figures": "/admin/helpcenter/article/feedback/",
    "notices": "/admin/notices/",
}


def signed_in(window, **options):
    found = window(**options)
    page = found.open("/admin/login/?next=/admin/notices/")
    page.fill("#id_username", "editor@northgate.example")
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_url("**/admin/notices/")
    return found


def looked_at(own):
    """What axe finds, by how much the page is too wide, and what the console says; axe itself offends the policy."""
    console, overflow = list(own.troubles), own.overflow
    found = Axe().run(own.page).response["violations"]
    own.troubles.clear()
    serious = [(v["id"], v["nodes"][0]["target"]) for v in found if v["impact"] in ("serious", "critical")]
    return serious, overflow, console


@pytest.mark.parametrize(
    ("width", "theme", "locale"), [(1280, "light", "en"), (390, "dark", "zh-Hans"), (390, "light", "ar")]
)
def test_the_desk_passes_axe_and_fits(window, width, theme, locale):
    own = signed_in(window, viewport={"width": width, "height": 900}, color_scheme=theme, locale=locale)
    found = {}
    for name, path in PAGES.items():
        page = own.open(path)
        found[name] = looked_at(own)
    page.click(".sd-bell summary")
    found["bell"] = looked_at(own)
    assert found == dict.fromkeys(found, ([], 0, []))


def test_the_bell_opens_by_keyboard_and_closes_with_escape(window):
    own = signed_in(window)
    page = own.open("/admin/")
    page.focus(".sd-bell summary")
    page.keyboard.press("Enter")
    assert page.is_visible(".sd-pop")
    page.keyboard.press("Escape")
    assert page.is_hidden(".sd-pop")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_the_bell_asks_when_the_window_is_seen_again_and_takes_what_is_new(window):
    own = signed_in(window)
    page = own.open("/admin/")
    page.eval_on_selector(".sd-bell details", "node => { node.dataset.version = 'older' }")
    with page.expect_response("**/admin/notices/bell/?since=older") as answer:
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert answer.value.status == 200
    page.wait_for_selector(".sd-bell details:not([data-version='older'])")
    with page.expect_response("**/admin/notices/bell/*") as answer:
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert answer.value.status == 204
    assert own.troubles == []
