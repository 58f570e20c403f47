"""A trader asks, adds, sees it move and rates it: with and without JavaScript, on a phone, right to left."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.test_accessibility import violations
from tests.browser.test_translator_journey import PASSWORD
from tests.browser.waiting import until

PHONE = {"viewport": {"width": 390, "height": 844}}


def signed_in(window, **options):
    """A window of the demo's trader, who is nobody of the staff."""
    own = window(**options)
    page = own.open("/en/account/login/")
    page.fill("#page_login", "trader@northgate.example")
    page.fill("#page_password", PASSWORD)
    page.click("main .btn-primary")
    page.wait_for_url("**/en/tickets/")
    return own


def picture() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(target, "PNG")
    return target.getvalue()


def fill_details(page) -> None:
    """Answer what the topic insists on."""
    for select in page.locator("form[data-request] select[name^=detail_]").all():
        select.select_option(index=1)


def open_form(w, language="en"):
    page = w.open(f"/{language}/tickets/new/")
    page.click("a.go[href*='topic=deposits']")
    return page


def ask(w, language="en", body="I sent 2,500 USDT yesterday.", *, subject="USDT 充值未到账", files=()):
    """Ask about a deposit, with pictures by name; returns the page of the request."""
    page = open_form(w, language)
    fill_details(page)
    page.fill("#page_subject", subject)
    page.fill("#page_body", body)
    page.set_input_files(
        "#page_attachments", [{"name": name, "mimeType": "image/png", "buffer": picture()} for name in files]
    )  # fmt: skip
    expect(page.locator(".file button")).to_have_count(len(files))
    page.click("form[data-request] .btn-primary")
    page.wait_for_url(re.compile(r"/tickets/[0-9a-z]{15}/"))
    return page


def test_a_trader_asks_with_files_adds_to_it_solves_and_rates(window):
    w = signed_in(window)
    page = w.open("/en/")
    page.click("header nav a[href='/en/tickets/new/']")
    assert violations(page) == []
    page.click("a.go[href*='topic=deposits']")
    assert page.locator("[data-suggestions] li").count() > 0
    assert violations(page) == []
    fill_details(page)
    page.fill("#page_subject", "Deposit on another network")
    with page.expect_response(lambda answer: "/tickets/suggestions/" in answer.url):
        page.fill("#page_body", "I sent it to the wrong network by mistake.")
    chosen = [{"name": name, "mimeType": "image/png", "buffer": picture()} for name in ("one.png", "two.png")]
    page.set_input_files("#page_attachments", chosen)
    page.locator(".file button").nth(1).wait_for()
    page.locator(".file button").nth(1).click()
    assert page.locator(".file").count() == 1
    page.click("form[data-request] .btn-primary")
    page.wait_for_url(re.compile(r"/en/tickets/[0-9a-z]{15}/"))
    assert page.locator(".msg img").count() == 1
    until(page, "document.querySelector('.msg img').naturalWidth > 0")  # pictures of a conversation load lazily
    assert violations(page) == []
    page.fill("#page_body", "One more thing.")
    page.click("[value=reply]")
    page.wait_for_url(re.compile("#page_message_"))
    page.click("[value=solve]")
    page.click("text=Very good")
    page.click("text=Send rating")
    assert page.locator(".notice.success").count() == 1
    assert violations(page) == []
    assert w.troubles == []


def test_what_is_wrong_is_read_first_and_nothing_is_lost(window):
    w = window()
    page = open_form(w)
    page.fill("#page_body", "My words")
    page.set_input_files("#page_attachments", [{"name": "one.png", "mimeType": "image/png", "buffer": picture()}])
    page.locator(".file button").wait_for()
    page.click("form[data-request] .btn-primary")
    page.locator("[data-error-summary]").wait_for()
    assert page.title().startswith("Error: ")
    assert page.evaluate("document.activeElement.hasAttribute('data-error-summary')")
    assert page.input_value("#page_body") == "My words"
    assert page.locator("[name=uploads]:checked").count() == 1
    page.click(".errsum a[href='#page_subject']")
    assert page.evaluate("document.activeElement.id") == "page_subject"
    assert violations(page) == []


def test_a_draft_is_there_again_until_it_has_arrived(window):
    w = signed_in(window)
    page = open_form(w)
    page.fill("#page_body", "Half a sentence")
    page.reload()
    assert page.input_value("#page_body") == "Half a sentence"
    fill_details(page)
    page.fill("#page_subject", "Draft")
    page.click("form[data-request] .btn-primary")
    page.wait_for_url(re.compile(r"/tickets/[0-9a-z]{15}/"))
    assert open_form(w).input_value("#page_body") == ""


def test_a_draft_keeps_what_was_chosen_and_goes_along_to_another_topic(window):
    w = signed_in(window)
    page = open_form(w)
    fill_details(page)
    page.fill("#page_body", "Half a sentence")
    chosen = page.eval_on_selector_all("form[data-request] select", "all => all.map((one) => one.value)")
    page.reload()
    assert page.eval_on_selector_all("form[data-request] select", "all => all.map((one) => one.value)") == chosen
    page.click(".back a")
    page.click("a.go[href*='topic=withdrawals']")
    assert page.input_value("#page_body") == "Half a sentence"


def test_the_way_back_and_the_button_again_make_one_request(window):
    w = signed_in(window)
    page = ask(w, body="Once, please.")
    first = page.url
    page.go_back()
    fill_details(page)
    page.fill("#page_subject", "USDT 充值未到账")
    page.fill("#page_body", "Once, please.")
    page.click("form[data-request] .btn-primary")
    page.wait_for_url(re.compile(r"/tickets/[0-9a-z]{15}/"))
    assert page.url == first


def test_what_comes_meanwhile_appears_by_itself(window):
    w = signed_in(window)
    page = ask(w, body="Please look.")
    other = w.context.new_page()
    other.goto(page.url)
    other.fill("#page_body", "From another window.")
    other.click("[value=reply]")
    other.wait_for_url(re.compile("#page_message_"))
    page.fill("#page_body", "Being typed")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.locator(".msg", has_text="From another window.").wait_for()
    assert page.input_value("#page_body") == "Being typed"
    assert page.locator(".msg").count() == 2
    assert violations(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_on_a_phone_in_arabic_without_javascript(window, theme):
    w = signed_in(window, java_script_enabled=False, color_scheme=theme, **PHONE)
    page = open_form(w, "ar")
    assert page.get_attribute("html", "dir") == "rtl"
    fill_details(page)
    page.fill("#page_subject", "لم يصل الإيداع 2,500 USDT")
    page.fill("#page_body", "أرسلت المبلغ أمس.")
    page.set_input_files("#page_attachments", [{"name": "لقطة.png", "mimeType": "image/png", "buffer": picture()}])
    page.click("form[data-request] .btn-primary")
    assert re.search(r"/ar/tickets/[0-9a-z]{15}/$", page.url)
    assert page.locator(".msg img").count() == 1
    page.fill("#page_body", "شيء آخر.")
    page.click("[value=reply]")
    assert page.locator(".msg").count() == 2
    page.click("[value=solve]")
    page.click("[value=reopen]")
    page.goto(f"{w.address}/ar/tickets/")
    assert page.locator("[data-user-text]").count() >= 1


def test_a_guest_without_javascript_is_led_to_the_mail_box(window):
    page = open_form(window(java_script_enabled=False))
    fill_details(page)
    page.fill("#page_subject", "Deposit")
    page.fill("#page_body", "It has not arrived.")
    page.fill("#page_email", "guest@example.org")
    page.click("form[data-request] .btn-primary")
    assert "/en/tickets/pending/" in page.url
    assert "g…@example.org" in page.inner_text("main")


@pytest.mark.parametrize("language", ["en", "ar", "zh-hans", "xx"])
def test_no_page_is_wider_than_a_phone_and_axe_finds_nothing(window, language):
    w = signed_in(window, **PHONE)
    page = ask(w, language, body="https://example.com/" + "x" * 300)
    paths = [
        page.url.removeprefix(w.address),
        *(f"/{language}/tickets/{end}" for end in ("", "new/", "new/?topic=deposits")),
    ]
    found = {}
    for path in paths:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            w.open(path)
            if w.overflow > 0:
                found[path, "overflow"] = w.overflow
            if language != "xx" and violations(page):
                found[path, scheme] = violations(page)
    assert found == {}


@pytest.mark.parametrize("width", [390, 1280])
def test_suggestions_stand_by_the_text_and_leave_it_where_it_is(window, width):
    w = window(viewport={"width": width, "height": 900})
    page = open_form(w, "en")
    page.locator("#page_body").scroll_into_view_if_needed()
    place = page.locator("#page_body").bounding_box()
    with page.expect_response(lambda answer: "/tickets/suggestions/" in answer.url):
        page.fill("#page_body", "I sent it to the wrong network by mistake.")
    page.wait_for_selector("[data-suggestions] li")
    assert page.locator("#page_body").bounding_box() == place
    box, button = (page.locator(one).bounding_box() for one in ("[data-suggestions]", "form[data-request] > .btn"))
    is_beside = box["x"] >= place["x"] + place["width"]
    assert is_beside if width == 1280 else place["y"] + place["height"] <= box["y"] < button["y"]
    assert w.overflow <= 0
