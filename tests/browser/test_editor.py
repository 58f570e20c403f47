"""The editor of the admin in a browser: by keyboard, with a screenshot from the clipboard, without losing a word."""

import base64
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Window
from tests.helpcenter.samples import drawing, encoded, png_claiming

expect.set_options(timeout=20_000)  # a busy machine draws a preview slowly

ARTICLES = "/admin/helpcenter/article/"
SLUG = "lost-2fa-device"
FIELD = "#id_text_body"


@pytest.fixture(scope="module")
def session(chromium: Any, address: str) -> Any:
    """The cookies of an editor who is signed in."""
    one = Window(chromium, address)
    page = one.open("/admin/login/?next=/admin/")
    page.fill("[name=username]", "editor@northgate.example")
    page.fill("[name=password]", "northgate-demo")
    page.click("[type=submit]")
    state = one.context.storage_state()
    one.context.close()
    return state


@pytest.fixture(scope="module")
def form(chromium: Any, address: str, session: Any) -> str:
    """The path of the form of a guide."""
    one = Window(chromium, address, storage_state=session)
    link = one.open(f"{ARTICLES}?q={SLUG}").locator("#result_list tbody th a").first.get_attribute("href")
    one.context.close()
    assert link
    return link.partition("?")[0]


@pytest.fixture
def desk(request: Any, window: Callable[..., Window], session: Any, form: str) -> Iterator[Callable[..., Page]]:
    """Open the form, ready to write; nothing in it may ask another host or be refused by the policy."""
    opened: list[Window] = []

    def at(query: str = "?language=en", **options: Any) -> Page:
        opened.append(window(storage_state=session, **options))
        page = opened[-1].open(f"{form}{query}")
        page.set_default_timeout(20_000)
        expect(page.locator("[data-rows] > li").first).to_be_visible()
        return page

    yield at
    expected = r"400 \(Bad Request\)" + ("|Applying inline style" if "axe" in request.node.name else "")  # axe's own
    for one in opened:
        assert [trouble for trouble in one.troubles if not re.search(expected, trouble)] == []


def text(page: Page) -> str:
    return page.input_value(FIELD)


def write(page: Page, words: str, select: str = "") -> None:
    """Another text in the field; the caret behind it, or a part of it selected."""
    page.fill(FIELD, words)
    start = words.index(select) if select else len(words)
    choose = "(f, [a, b]) => { f.focus(); f.setSelectionRange(a, b); }"
    page.eval_on_selector(FIELD, choose, [start, start + len(select)])


def paste(page: Page, data: bytes, kind: str = "image/png", words: str = "") -> None:
    page.eval_on_selector(
        FIELD,
        """(field, [data, type, words]) => {
          const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0)), clipboardData = new DataTransfer();
          clipboardData.items.add(new File([bytes], "image.png", { type }));
          if (words) clipboardData.setData("text/plain", words);
          field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
        }""",
        [base64.b64encode(data).decode(), kind, words],
    )


def serious(page: Page, part: str | None = None) -> list[Any]:
    found = Axe().run(page, part).response["violations"]
    return [(v["id"], [n["target"] for n in v["nodes"]]) for v in found if v["impact"] in ("serious", "critical")]


# --- The toolbar ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "marked"), [("Control+b", "a **word** here"), ("Control+i", "a *word* here")], ids=["bold", "italic"]
)
def test_a_key_marks_what_is_selected_and_undo_takes_it_back(desk, key, marked):
    page = desk()
    write(page, "a word here", select="word")
    page.keyboard.press(key)
    assert text(page) == marked
    page.keyboard.press("Control+z")
    assert text(page) == "a word here"


@pytest.mark.parametrize(
    ("button", "wanted"),
    [
        ("Bold", "a **word** here"),
        ("Italic", "a *word* here"),
        ("Symbol, amount or key name", "a `word` here"),
        ("Warning", "a \n\n:::warning\nword\n:::\n\n here"),
        ("Note", "a \n\n:::note\nword\n:::\n\n here"),
    ],
)
def test_a_button_of_the_toolbar_changes_the_selection(desk, button, wanted):
    page = desk()
    write(page, "a word here", select="word")
    page.get_by_role("toolbar", name="Text format").get_by_role("button", name=button, exact=True).click()
    assert text(page) == wanted
    assert page.evaluate("document.activeElement.id") == "id_text_body"


def test_lists_and_headings_begin_lines(desk):
    page = desk()
    bar = page.get_by_role("toolbar", name="Text format")
    for button, wanted in (("List", "- one"), ("Numbered list", "1. one"), ("Heading", "## one")):
        write(page, "one", select="one")
        bar.get_by_role("button", name=button, exact=True).click()
        assert text(page).strip() == wanted


def test_the_toolbar_is_one_stop_of_the_tab_key_with_arrows_inside(desk):
    page = desk()
    page.focus("#id_text_summary")
    page.keyboard.press("Tab")
    here = "document.activeElement.getAttribute('aria-label') || document.activeElement.textContent"
    assert page.evaluate(here) == "Bold"
    page.keyboard.press("ArrowRight")
    assert page.evaluate(here) == "Italic"
    page.keyboard.press("End")
    assert page.evaluate(here) == "Danger"
    page.keyboard.press("ArrowRight")
    assert page.evaluate(here) == "Bold"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "id_text_body"


def test_without_javascript_the_field_alone_is_there_and_saves(window, session, form):
    page = window(storage_state=session, java_script_enabled=False).open(f"{form}?language=en")
    assert page.locator("markdown-toolbar button").first.is_hidden()
    assert page.locator("[data-preview]").is_hidden()
    assert "{step:" in text(page)


# --- Screenshots ----------------------------------------------------------------------------------------------------


def test_a_screenshot_from_the_clipboard_is_described_and_put_where_the_caret_was(desk):
    page = desk()
    write(page, "Before.\n\nAfter.", select="\n\nAfter.")
    page.eval_on_selector(FIELD, "f => f.setSelectionRange(7, 7)")
    paste(page, encoded("PNG", drawing(320, 200)))
    dialog = page.get_by_role("dialog", name="Insert a picture")
    expect(dialog.get_by_role("img")).to_be_visible()
    assert page.evaluate("document.activeElement.id") == "sd_description"
    page.keyboard.type("Four colours")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    assert re.fullmatch(r"Before\.\n\n!\[Four colours\]\(pictures/four-colours[\d-]*\.png\)\n\nAfter\.", text(page))
    page.keyboard.press("Control+z")
    assert text(page) == "Before.\n\nAfter."


def test_what_is_refused_is_told_in_the_dialog_and_nothing_typed_is_lost(desk):
    page = desk()
    write(page, "Words.")
    paste(page, png_claiming(20_000, 20_000))
    page.fill("#sd_description", "A bomb")
    page.click("dialog [data-send]")
    expect(page.locator("[data-error]")).to_contain_text("40 million")
    assert page.input_value("#sd_description") == "A bomb"
    page.keyboard.press("Escape")
    assert text(page) == "Words."
    assert page.evaluate("document.activeElement.id") == "id_text_body"


def test_words_that_come_with_a_picture_are_pasted_as_words(desk):
    page = desk()
    write(page, "Words.")
    paste(page, encoded("PNG"), words="from an office program")
    assert page.locator("dialog[open]").count() == 0


def test_a_dropped_file_opens_the_same_dialog(desk):
    page = desk()
    drop = """(field, data) => {
      const dataTransfer = new DataTransfer();
      const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
      dataTransfer.items.add(new File([bytes], "a.png", { type: "image/png" }));
      field.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
    }"""
    page.eval_on_selector(FIELD, drop, base64.b64encode(encoded("PNG")).decode())
    expect(page.get_by_role("dialog", name="Insert a picture")).to_be_visible()


# --- Pickers --------------------------------------------------------------------------------------------------------


def test_a_link_is_picked_by_keyboard_down_to_a_step(desk):
    page = desk()
    write(page, "See here.", select="here")
    page.keyboard.press("Control+k")
    page.keyboard.type(SLUG)
    expect(page.locator("#sd_link_list [role=option]")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("option", name="The whole article")).to_be_visible()
    page.keyboard.type("backup code")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.locator("dialog[open]")).to_have_count(0)
    assert re.fullmatch(rf"See \[here\]\({SLUG}\.md#step-[a-z-]+\)\.", text(page))


def test_an_address_of_another_host_becomes_a_link(desk):
    page = desk()
    write(page, "")
    page.keyboard.press("Control+k")
    page.keyboard.type("https://bitcoin.org/")
    expect(page.locator("#sd_link_list [role=option]")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("dialog[open]")).to_have_count(0)
    assert text(page) == "[https://bitcoin.org/](https://bitcoin.org/)"


def test_a_fact_is_picked_by_keyboard_and_escape_changes_nothing(desk):
    page = desk()
    write(page, "You pay .", select="")
    page.eval_on_selector(FIELD, "f => f.setSelectionRange(8, 8)")
    page.get_by_role("button", name="Fact", exact=True).press("Enter")
    page.keyboard.type("btc")
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    assert text(page) == "You pay ."
    page.get_by_role("button", name="Fact", exact=True).press("Enter")
    page.keyboard.type("btcusdt taker")
    expect(page.locator("#sd_fact_list [role=option]")).to_have_count(1)
    expect(page.locator("#sd_fact_list [role=option]")).to_contain_text("%")
    page.keyboard.press("Enter")
    expect(page.locator("dialog[open]")).to_have_count(0)
    assert text(page) == "You pay {fact:btcusdt-perp.taker-fee}."


def test_a_search_without_results_says_so(desk):
    page = desk()
    page.focus(FIELD)
    page.keyboard.press("Control+k")
    page.keyboard.type("zqxwv")
    expect(page.locator("dialog[open] [data-none]")).to_contain_text("Nothing has these words")


# --- The preview ----------------------------------------------------------------------------------------------------


def inside(page: Page) -> Any:
    return page.frame_locator("[data-frame]")


def test_the_preview_follows_the_text_and_shows_devices_darkness_and_direction(desk):
    page = desk()
    write(page, "## New words {#new}\n\nYou pay {fact:btcusdt-perp.taker-fee}.")
    expect(inside(page).get_by_role("heading", name="New words")).to_be_visible()
    expect(inside(page).locator("data.fact")).to_contain_text("%")
    assert page.eval_on_selector("[data-frame]", "f => f.contentWindow.innerWidth") == 390
    page.get_by_role("button", name="Desktop").click()
    assert page.eval_on_selector("[data-frame]", "f => f.contentWindow.innerWidth") == 1280
    page.get_by_role("button", name="Dark").click()
    expect(inside(page).locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.get_by_role("button", name="Right to left").click()
    expect(inside(page).locator("html")).to_have_attribute("dir", "rtl")
    expect(inside(page).locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_a_warning_leads_to_its_line(desk):
    page = desk()
    write(page, "one\n\ntwo {fact:no.such}\n\nthree")
    page.get_by_role("button", name="Line 3").click()
    assert page.eval_on_selector(FIELD, "f => f.value.slice(f.selectionStart, f.selectionEnd)") == "two {fact:no.such}"


def test_nothing_in_a_preview_runs_or_leads_the_frame_away(desk):
    page = desk()
    attacks = "<script>top.alive = 1</script><img src=x onerror='top.alive=2'>\n\n[x](javascript:top.alive=3)"
    write(page, f"{attacks} [fees](fees.md)")
    expect(inside(page).get_by_role("link", name="fees")).to_be_visible()
    assert page.evaluate("window.alive") is None
    with page.context.expect_page() as away:
        inside(page).get_by_role("link", name="fees").click()
    assert away.value.url.endswith("/articles/fees/")
    expect(inside(page).get_by_role("link", name="fees")).to_be_visible()


# --- Parts ----------------------------------------------------------------------------------------------------------

STEPS = "Intro.\n\n### One {step:one}\n\nFirst.\n\n### Two {step:two}\n\nSecond.\n\n### Three {step:three}\n\nThird."


def ordered(page: Page, *titles: str) -> None:
    """Wait until the text has its steps in this order."""
    expect(page.locator(FIELD)).to_have_value(re.compile(r" \{step:\w+\}[^#]*### ".join(titles)))


def listed(page: Page, *titles: str) -> None:
    expect(page.locator("[data-rows] [data-go]")).to_have_text(list(titles))


def test_a_step_moves_by_keyboard_keeps_the_focus_and_can_be_undone(desk):
    page = desk()
    write(page, STEPS)
    listed(page, "One", "Two", "Three")
    page.get_by_role("button", name="Move down: One").press("Enter")
    listed(page, "Two", "One", "Three")
    ordered(page, "Two", "One", "Three")
    expect(page.locator("[data-told]")).to_have_text("“One” is now 2 of 3.")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Move down: One"
    page.focus(FIELD)
    page.keyboard.press("Control+z")
    assert text(page) == STEPS


def test_a_step_moves_by_dragging(desk):
    page = desk(viewport={"width": 1280, "height": 1600}, reduced_motion="reduce")
    write(page, STEPS)
    listed(page, "One", "Two", "Three")
    places = [page.locator("[data-grip]").nth(number).bounding_box() for number in range(3)]
    page.mouse.move(places[0]["x"] + 5, places[0]["y"] + 5)
    page.mouse.down()
    page.mouse.move(places[1]["x"] + 5, places[1]["y"] + 5, steps=5)
    listed(page, "Two", "One", "Three")
    page.mouse.move(places[2]["x"] + 5, places[2]["y"] + 5, steps=5)
    listed(page, "Two", "Three", "One")
    page.mouse.up()
    ordered(page, "Two", "Three", "One")


def test_a_step_is_added_with_a_key_and_the_caret_goes_there(desk):
    page = desk()
    write(page, STEPS)
    listed(page, "One", "Two", "Three")
    page.get_by_role("button", name="Step", exact=True).click()
    page.keyboard.type("Sign in again")
    page.keyboard.press("Enter")
    listed(page, "One", "Two", "Three", "Sign in again")
    assert text(page).endswith("\n\n### Sign in again {step:sign-in-again}\n")
    assert page.url.endswith("?language=en")  # the form was not saved


# --- Everybody ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "options"),
    [
        ("?language=en", {}),
        ("?language=en", {"color_scheme": "dark"}),
        ("?language=en", {"viewport": {"width": 390, "height": 900}}),
        ("?language=zh-hans", {"locale": "zh-CN"}),
        ("?language=ar", {"locale": "ar"}),
    ],
    ids=["light", "dark", "phone", "zh-hans", "ar"],
)
def test_the_form_has_nothing_serious_for_axe_and_fits(desk, query, options):
    page = desk(query, **options)
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


@pytest.mark.parametrize("name", ["Link", "Fact", "Picture"])
def test_the_dialogs_have_nothing_serious_for_axe(desk, name):
    page = desk(viewport={"width": 390, "height": 900})
    page.get_by_role("button", name=name, exact=True).click()
    expect(page.locator("dialog[open]")).to_be_visible()
    if name != "Picture":
        expect(page.locator("dialog[open] [role=option]").first).to_be_visible()
    assert serious(page, "dialog[open]") == []
