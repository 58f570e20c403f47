"""An agent works through a queue with the keyboard alone: opens, answers with a macro, notes, solves, goes on."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import violations
from tests.browser.test_pasting import PICTURE, paste
from tests.browser.test_translator_journey import PASSWORD, signed_in


@pytest.fixture(scope="module")
def tickets(chromium, address):
    """Two tickets of the demo's agent, written to customers in Chinese and in English."""
    from tests.browser.conftest import Window

    agent = signed_in(lambda **options: Window(chromium, address, **options), "agent")
    made = []
    for number, language in ((1, "zh-hans"), (2, "en")):
        page = agent.open("/desk/new/")
        page.fill("[name=to]", f"customer{number}@example.org")
        page.select_option("[name=topic]", index=2)
        page.select_option("[name=language]", language)
        page.fill("[name=subject]", f"About your deposit {number}")
        page.fill("[name=body]", "Hello, we are looking into your deposit.")
        page.click("main [type=submit], main button.btn-primary")
        page.wait_for_url(re.compile(r"/desk/tickets/\w+/"))
        made.append(page.url.split(address)[1])
    agent.context.close()
    return made


@pytest.fixture
def agent(window, tickets):
    return signed_in(window, "agent")


def focused(page):
    return page.evaluate(
        "document.activeElement.id || document.activeElement.className || document.activeElement.tagName"
    )


def test_from_the_queue_to_solve_and_next_by_the_keyboard_alone(agent, tickets):
    page = agent.open("/desk/?view=mine")
    walk_the_queue(page)
    answer_with_a_macro(page)
    write_a_note(page)
    see_what_else_can_be_done(page)
    solve_and_go_on(page)
    assert agent.troubles == []


def walk_the_queue(page):
    subjects = page.locator(".trow .s").all_inner_texts()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.querySelector('.s').textContent") == subjects[0]
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/desk/tickets/"))
    first = page.url
    page.keyboard.press("j")
    page.wait_for_url(lambda url: url != first)
    page.keyboard.press("k")
    page.wait_for_url(lambda url: url == first)


def answer_with_a_macro(page):
    page.keyboard.press("r")
    assert focused(page) == "desk_body"
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.keyboard.press("/")  # at the beginning of a line it chooses a macro
    page.locator("#desk_dialog .pick-list a").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#desk_body")).to_have_value(re.compile(".{20}", re.S))
    page.keyboard.type(" e?")  # letters of shortcuts are letters here
    assert page.input_value("#desk_body").endswith(" e?")
    page.keyboard.press("Control+Enter")
    page.locator("[data-countdown]").wait_for()
    assert page.locator(".held button", has_text="Undo").count() == 1


def write_a_note(page):
    page.keyboard.press("n")
    page.keyboard.type("Checked with the wallet team.")
    assert page.locator(".comp .btn-note").is_visible()
    assert not page.locator(".comp .btn-primary").first.is_visible()
    page.keyboard.press("Control+Enter")
    page.locator(".note-int", has_text="Checked with the wallet team.").wait_for()


def see_what_else_can_be_done(page):
    page.locator("#desk_flow").focus()
    page.keyboard.press("m")
    assert page.locator("[data-acts]").evaluate("menu => menu.open")
    entries = page.locator("[data-acts] .pop :is(a, button)").all_inner_texts()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.innerText") == entries[1]
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.innerText") == entries[0]
    page.keyboard.press("Escape")


def solve_and_go_on(page):
    page.keyboard.press("?")
    assert page.locator("#desk_keys").is_visible()
    page.keyboard.press("Escape")
    here = page.url.split("?")[0]
    page.keyboard.press("r")
    page.keyboard.type("That was all.")
    page.keyboard.press("Escape")
    page.keyboard.press("e")  # the answer in the box goes along
    page.wait_for_url(lambda url: url.split("?")[0].split("#")[0] != here)
    assert page.locator(".said button", has_text="Undo").count() == 1


def test_several_are_chosen_and_tagged_by_the_keyboard_alone(agent, tickets):
    page = agent.open("/desk/?view=mine")
    for key in "jxjx":
        page.keyboard.press(key)
    chosen = page.locator(".trow :checked")
    assert chosen.count() == 2
    page.keyboard.press("k")
    page.keyboard.press("x")
    page.keyboard.press("x")
    assert chosen.count() == 2
    page.keyboard.press("m")
    assert focused(page) == "id_what"
    page.select_option("#id_what", "tag")
    page.fill("#desk_bulk [name=value]", "by-keyboard")
    page.keyboard.press("Enter")
    expect(page.locator(".results .tag.ok")).to_have_count(2)
    assert agent.troubles == []


def test_a_reply_that_is_taken_back_is_in_the_box_again(agent, tickets):
    page = agent.open(tickets[1])
    page.fill("#desk_body", "We are on it.")
    page.press("#desk_body", "Control+Enter")
    page.click(".held button")
    expect(page.locator("#desk_body")).to_have_value("We are on it.")
    with page.expect_response(re.compile("/draft/$")):  # what was begun is let go of
        page.fill("#desk_body", "")
    assert agent.troubles == []


def test_files_wait_beside_the_box_until_it_is_sent_and_when_it_is_taken_back(agent, tickets):
    page = agent.open(tickets[1])
    chosen = page.locator(".for-reply .chips bdi")
    steps = {"name": "steps.txt", "mimeType": "text/plain", "buffer": b"1. Wait for it"}
    page.set_input_files("#desk_files", [steps, {**steps, "name": "more.txt"}])
    expect(chosen).to_have_text(["steps.txt", "more.txt"])
    page.get_by_role("button", name="Remove more.txt").click()
    expect(chosen).to_have_text(["steps.txt"])
    page.press("[name=kind]:checked", "Enter")  # a choice is no button; the cross of a file stays untouched
    expect(chosen).to_have_text(["steps.txt"])
    page.fill("#desk_body", "See the steps.")
    page.press("#desk_body", "Control+Enter")
    page.click(".held button")
    expect(page.locator("#desk_body")).to_have_value("See the steps.")
    expect(chosen).to_have_text(["steps.txt"])
    page.get_by_role("button", name="Remove steps.txt").click()
    expect(chosen).to_have_count(0)
    with page.expect_response(re.compile("/draft/$")):
        page.fill("#desk_body", "")
    assert agent.troubles == []


def test_what_is_typed_before_the_scripts_have_come_is_kept_as_well(agent, tickets):
    page = agent.open(tickets[1])

    def types(route):
        page.fill("#desk_body", "Typed while it loads")
        route.continue_()

    page.route(re.compile(r"/workspace[^/]*\.js"), types, times=1)
    with page.expect_response(re.compile("/draft/$")):
        page.reload()
    page.reload()
    expect(page.locator("#desk_body")).to_have_value("Typed while it loads")
    with page.expect_response(re.compile("/draft/$")):
        page.fill("#desk_body", "")
    assert agent.troubles == []


def test_a_picture_is_pasted_as_a_file_and_words_with_a_picture_of_them_as_words(agent, tickets):
    page = agent.open(tickets[1])
    assert not paste(page, PICTURE, words="12:00\t2,500", field="#desk_body")
    assert paste(page, PICTURE, field="#desk_body")
    expect(page.locator(".for-reply .chips bdi")).to_have_text(["image.png"])
    page.get_by_role("button", name="Remove image.png").click()
    expect(page.locator(".for-reply .chips bdi")).to_have_count(0)
    assert agent.troubles == []


def test_a_reply_that_was_begun_stays_one_when_a_note_is_written(agent, tickets):
    page = agent.open(tickets[1])
    page.fill("#desk_body", "Dear customer")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    assert focused(page) == "desk_note_body"
    page.keyboard.type("For colleagues alone.")
    page.keyboard.press("Control+Enter")
    page.locator(".note-int", has_text="For colleagues alone.").wait_for()
    assert page.locator(".msg", has_text="Dear customer").count() == 0
    page.keyboard.press("r")
    assert page.input_value("#desk_body") == "Dear customer"
    with page.expect_response(re.compile("/draft/$")):
        page.fill("#desk_body", "")
    assert agent.troubles == []


def test_the_last_words_before_a_page_is_loaded_anew_or_the_session_ends_are_there_again(agent, tickets):
    page = agent.open(tickets[1])
    page.fill("#desk_body", "Typed a moment ago")
    page.reload()
    expect(page.locator("#desk_body")).to_have_value("Typed a moment ago")
    page.keyboard.press("n")
    page.keyboard.type("And for us")
    agent.context.clear_cookies()
    with page.expect_navigation(url=re.compile("/login/")):
        page.reload()
    page.fill("[name=login]", "agent@northgate.example")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/desk/tickets/"))
    expect(page.locator("#desk_note_body")).to_have_value("And for us")
    assert page.input_value("#desk_body") == "Typed a moment ago"
    for name in ("#desk_note_body", "#desk_body"):
        page.keyboard.press("Escape")
        page.keyboard.press("n" if "note" in name else "r")
        with page.expect_response(re.compile("/draft/$")):
            page.fill(name, "")


def test_an_article_is_put_where_the_cursor_is(agent, tickets):
    page = agent.open(tickets[1])
    page.fill("#desk_body", "")
    page.keyboard.press("[")
    page.locator("#desk_dialog .pick-list a").first.wait_for()
    page.locator("#desk_dialog .pick-list a").first.click()
    expect(page.locator("#desk_body")).to_have_value(re.compile("/en/"))


def test_what_a_colleague_writes_comes_in_by_itself_and_the_box_stays(agent, tickets, window):
    page = agent.open(tickets[1])
    page.fill("#desk_body", "Half a")
    other = signed_in(window, "admin")
    beside = other.open(tickets[1])
    beside.keyboard.press("n")
    beside.keyboard.type("From the other window.")
    beside.keyboard.press("Control+Enter")
    page.locator("#desk_new .note-int", has_text="From the other window.").wait_for(timeout=15_000)
    assert page.input_value("#desk_body") == "Half a"


def test_shortcuts_that_are_switched_off_rest(agent, tickets):
    page = agent.open("/desk/me/")
    page.uncheck("[name=has_shortcuts]")
    page.click("main form:not(.row) .btn-primary")
    page.wait_for_load_state()
    page = agent.open(tickets[1])
    page.keyboard.press("r")
    assert focused(page) != "desk_body"
    page = agent.open("/desk/me/")
    page.check("[name=has_shortcuts]")
    page.click("main form:not(.row) .btn-primary")
    page.wait_for_load_state()


def test_on_a_phone_one_sees_what_one_looks_for(window, tickets):
    own = signed_in(window, "agent", viewport={"width": 390, "height": 860})
    page = own.open("/desk/")
    page.focus("#desk_find")
    assert page.locator("#desk_find").bounding_box()["width"] > 300
    assert own.overflow <= 0


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 390)])
def test_axe_finds_nothing_serious(window, tickets, theme, width):
    own = signed_in(window, "agent", viewport={"width": width, "height": 860}, color_scheme=theme)
    number = re.search(r"tickets/(\w+)/", tickets[1])[1]
    pages = ["/desk/?view=all", tickets[1], f"/desk/tickets/{number}/side/", f"/desk/tickets/{number}/do/hold/"]
    pages += ["/desk/me/", "/desk/questions/", "/desk/new/", f"/desk/tickets/{number}/macros/"]
    for path in pages:
        page = own.open(path)
        page.wait_for_load_state("networkidle")
        assert own.overflow <= 0, path
        assert violations(page) == [], path
    assert own.troubles == []


def test_everything_works_without_a_script(window, tickets):
    own = signed_in(window, "agent", java_script_enabled=False)
    page = own.open(tickets[1])
    page.click(".tools a[href*=macros]")
    page.locator(".pick-list a").first.click()
    assert page.input_value("#desk_body") != ""
    page.check("[name=kind][value=note]")
    page.fill("#desk_note_body", "Written without a script.")
    page.click(".btn-note")
    assert page.locator(".note-int", has_text="Written without a script.").count() == 1
    page.click("text=Customer and details")
    assert page.locator("h1").count() == 1


def test_presence_changes_in_place_and_what_is_typed_stays(agent, tickets):
    page = agent.open(tickets[0])
    page.fill("#desk_body", "Half a sentence")
    page.click(".presence summary")
    page.click(".presence button[value=available]")
    expect(page.locator(".presence summary")).to_be_focused()
    expect(page.locator(".presence summary .word")).to_have_text("Available")
    assert page.input_value("#desk_body") == "Half a sentence"
    assert agent.troubles == []


def test_a_printed_conversation_is_as_wide_as_its_paper(agent, tickets):
    page = agent.open(f"{tickets[0].split('?')[0]}print/")
    page.emulate_media(media="print")
    words, sheet = (page.locator(part).first.bounding_box()["width"] for part in (".msg .body", "main"))
    assert words > 0.8 * sheet


def test_the_arrows_choose_values_in_the_filter_of_the_queue(agent):
    page = agent.open("/desk/?view=mine")
    page.click("details.narrow > summary")
    field = page.locator("details.narrow select").first
    field.focus()
    before = field.input_value()
    page.keyboard.press("ArrowDown")
    expect(field).to_be_focused()
    assert field.input_value() != before
    page.keyboard.press("ArrowUp")
    assert field.input_value() == before
