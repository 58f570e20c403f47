"""An editor writes, a reviewer reads what would change and decides, readers see it; in Chromium, as people do it."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from supportdesk.management.commands.demo import PASSWORD

FORM = "/admin/helpcenter/article/add/?language=en"
TEXT = "## Where it stands {#where}\n\nOpen **Orders**. A closed order is under History."
CHANGED = TEXT.replace("History", "Order history")


@pytest.fixture
def person(window: Callable[..., Any]) -> Callable[..., Any]:
    """A window in which somebody of the demo's cast has signed in."""

    def sign_in(name: str, **options: Any) -> Any:
        own = window(**options)
        page = own.open("/admin/login/")
        page.fill("#id_username", f"{name}@northgate.example")
        page.fill("#id_password", PASSWORD)
        page.click("input[type=submit]")
        return own

    return sign_in


def serious(page: Page) -> list[Any]:
    """What axe calls serious, the library's own lists of rows aside."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}, context={"exclude": [[".inline-group"]]})
    bad = [v for v in found.response["violations"] if v["impact"] in ("serious", "critical")]
    return [(v["id"], [node["target"] for node in v["nodes"]][:3]) for v in bad]


def write(page: Page, slug: str, text: str = TEXT) -> None:
    page.fill("#id_text_title", f"Where is my order ({slug})")
    page.fill("#id_text_body", text)
    page.fill("#id_slug", slug)
    page.evaluate(
        "const field = document.getElementById('id_category');"
        "field.add(new Option('x', '1', true, true)); field.dispatchEvent(new Event('change', {bubbles: true}))"
    )


def press(page: Page, name: str) -> None:
    page.click(f"[name={name}]")
    page.wait_for_load_state()


def test_from_a_draft_to_readers_and_back(person):
    clara = person("editor")
    page = clara.open(FORM)
    write(page, "journey-order")
    page.fill("#id_review_note", "Is History the right word?")
    press(page, "_submit")
    expect(page.locator(".messagelist")).to_contain_text("Sent for review")
    expect(page.locator(".sd-track [aria-current=step]")).to_have_text("In review")

    lena = person("lead")
    review = lena.open("/admin/helpcenter/article/waiting/")
    review.click("text=Where is my order (journey-order)")
    expect(review.locator("main, #content").first).to_contain_text("Is History the right word?")
    assert serious(review) == []
    review.fill("#id_text", "Call it Order history, as the app does.")
    press(review, "_comment")
    expect(review.locator(".sd-threads")).to_contain_text("Call it Order history")
    review.fill("#id_decision_note", "See my comment.")
    press(review, "_changes")

    page.reload()
    expect(page.locator(".sd-panel")).to_contain_text("Read what the reviewer says")
    page.fill("#id_text_body", CHANGED)
    page.fill("#id_note", "The app's own words")
    press(page, "_submit")

    review.reload()
    review.click(".sd-when summary")
    press(review, "_publish")
    expect(review.locator(".messagelist")).to_contain_text("Approved and published")
    assert "Order history" in (lena.open("/en/articles/journey-order/").text_content("main") or "")

    clara.open("/admin/")  # who leaves the form lets go of the text
    lena.open("/admin/helpcenter/article/?q=journey-order")
    lena.page.click("#result_list tbody th a")
    lena.page.click(".object-tools >> text=History")
    lena.page.click("text=Compare the two")
    expect(lena.page.locator("#rendered")).to_contain_text("Order")
    assert lena.page.locator("#rendered ins").count() >= 1
    assert serious(lena.page) == []
    lena.page.click("text=Bring text 1 back")
    expect(lena.page.locator(".messagelist")).to_contain_text("Text 1 is on top again, as text 3")
    press(lena.page, "_publish")
    assert "under History" in (lena.open("/en/articles/journey-order/").text_content("main") or "")
    assert clara.troubles == []


def test_what_is_typed_is_kept_and_a_second_person_sees_who_edits(person):
    lena = person("lead")
    page = lena.open(FORM)
    write(page, "journey-lock")
    press(page, "_continue")
    form = page.url
    page.fill("#id_text_body", "Half a sen")
    page.locator("#id_text_body").press_sequentially("tence")
    expect(page.locator("#sd-desk")).to_contain_text("Only you can see it", timeout=15_000)
    clara = person("editor")
    other = clara.open(form.removeprefix(clara.address))
    expect(other.locator(".sd-note.warn")).to_contain_text("Lena Brandt has been editing")
    assert "Half a sentence" not in other.content()
    page.goto(form)
    expect(page.locator(".sd-note").first).to_contain_text("You typed something")
    page.click("text=Continue with it")
    expect(page.locator("#id_text_body")).to_have_value("Half a sentence")
    assert clara.troubles == []


def test_a_time_is_set_and_taken_back(person):
    lena = person("lead")
    page = lena.open(FORM)
    write(page, "journey-time")
    page.fill("#id_publish_on", "2099-01-02")
    page.fill("#id_publish_time", "08:00")
    press(page, "_schedule")
    expect(page.locator(".sd-stands")).to_contain_text("To be published at 2 Jan 2099, 08:00 UTC")
    press(page, "_unschedule")
    expect(page.locator(".messagelist")).to_contain_text("The schedule is taken back")
    assert lena.troubles == []


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 390)])
def test_the_screens_pass_axe_and_fit(person, theme, width):
    lena = person("lead", color_scheme=theme, viewport={"width": width, "height": 900})
    lena.open("/admin/helpcenter/article/?q=lost-2fa-device")
    lena.page.click("#result_list tbody th a")
    form = lena.page.url.split("change/")[0].removeprefix(lena.address)
    for path in ("change/?language=en", "change/?language=ar", "review/ar/", "texts/en/?first=1&second=1"):
        page = lena.open(form + path)
        assert (path, serious(page), lena.overflow) == (path, [], 0)
