"""Data blocks that nothing runs, links to parts, and what changed since the last visit."""

import json

import pytest

from tests.browser.waiting import until

GUIDE = "articles/lost-2fa-device/"
REPORTS = """
window.reports = [];
addEventListener("securitypolicyviolation", event => window.reports.push(event.effectiveDirective));
"""


@pytest.mark.parametrize("path", ["", GUIDE, "categories/security/", "announcements/fake-refund-emails/"])
def test_linked_data_breaks_no_policy_and_is_read_as_it_was_written(window, path):
    w = window()
    w.context.add_init_script(REPORTS)
    page = w.open(f"/zh-hans/{path}")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("reports") == []
    assert w.troubles == []
    block = page.text_content("script[type='application/ld+json']")
    assert json.loads(block)["@graph"]


def test_a_policy_report_would_have_been_seen(window):
    w = window()
    w.context.add_init_script(REPORTS)
    page = w.open("/en/")
    page.evaluate("document.head.appendChild(Object.assign(document.createElement('script'), {textContent: '1'}))")
    until(page, "reports.length > 0")
    assert "script-src" in page.evaluate("reports")[0]


def test_the_link_to_a_part_is_seen_and_large_enough_where_nothing_hovers(window):
    w = window(has_touch=True, is_mobile=True, viewport={"width": 390, "height": 800})
    page = w.open(f"/en/{GUIDE}")
    link = page.locator(".prose .anc").first
    assert link.evaluate("node => getComputedStyle(node).opacity") == "1"
    boxes = [one.bounding_box() for one in page.locator(".prose .anc").all()]
    assert min(min(box["width"], box["height"]) for box in boxes) >= 44
    assert w.overflow <= 0
    link.tap()
    assert page.url.endswith("#short-answer")


def test_the_link_to_a_part_shows_when_the_keyboard_reaches_it(window):
    page = window().open(f"/ar/{GUIDE}")
    link = page.locator(".prose .anc").first
    assert link.evaluate("node => getComputedStyle(node).opacity") == "0"
    link.focus()
    until(page, "getComputedStyle(document.activeElement).opacity === '1'")
    page.keyboard.press("Enter")
    assert page.url.endswith("#short-answer")


def test_who_was_here_before_a_change_is_told_of_it_once(window):
    w = window()
    page = w.open(f"/ja/{GUIDE}")
    page.wait_for_load_state("networkidle")
    assert page.locator("[role=status].notice").count() == 0
    seen = page.evaluate("JSON.parse(localStorage.reads)['lost-2fa-device']")
    assert seen >= page.evaluate("+document.querySelector('[data-updated]').dataset.updated")
    notice = "<div class='notice' role='status'><p>changed</p></div>"
    page.route("**/changes/?since=*", lambda route: route.fulfill(body=notice, content_type="text/html"))
    page.evaluate("localStorage.reads = JSON.stringify({'lost-2fa-device': 1700000000})")
    with page.expect_request("**/changes/?since=*") as asked:
        page.reload()
    assert asked.value.url.endswith(f"/ja/{GUIDE}changes/?since=2023-11-14T22:13:20Z")
    page.wait_for_selector("main > [role=status].notice")
    page.reload()
    page.wait_for_load_state("networkidle")
    assert page.locator("[role=status].notice").count() == 0
    assert w.context.cookies() == []


@pytest.mark.parametrize("stored", ["nonsense", "5", "null", '{"lost-2fa-device": -1e300}', '{"lost-2fa-device": "x"}'])
def test_what_is_broken_in_the_memory_of_the_browser_breaks_nothing(window, stored):
    w = window()
    page = w.open(f"/en/{GUIDE}")
    page.evaluate("stored => { localStorage.reads = stored }", stored)
    page.reload()
    page.wait_for_load_state("networkidle")
    page.reload()
    assert page.evaluate("typeof JSON.parse(localStorage.reads)") == "object"
    assert w.troubles == []


def test_the_memory_of_the_browser_is_bounded(window):
    page = window().open("/en/")
    page.evaluate(
        "localStorage.reads = JSON.stringify(Object.fromEntries([...Array(300).keys()].map(n => ['a-' + n, 2e9])))"
    )
    page.goto(page.url + GUIDE)
    reads = page.evaluate("Object.keys(JSON.parse(localStorage.reads))")
    assert len(reads) == 100
    assert reads[-1] == "lost-2fa-device"


def test_without_javascript_the_changes_are_a_page_away(window):
    page = window(java_script_enabled=False).open(f"/en/{GUIDE}")
    page.click(".meta a")
    assert page.url.endswith(f"/en/{GUIDE}changes/")
    assert page.locator("main h1").count() == 1
