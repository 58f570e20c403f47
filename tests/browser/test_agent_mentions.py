"""Enter in a note: a name from the list only where the list answers what stands in the box, else a new line."""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.browser.test_agent_journey import agent, tickets  # noqa: F401

NAMES = ["Lin", "Lina Moreau"]


def listed(names):
    return "<ul>" + "".join(f'<li><button type="button" data-person="{name}">{name}</button></li>' for name in names)


@pytest.fixture
def note(agent, tickets):  # noqa: F811
    """The note's box of a ticket, over a desk that knows two colleagues; what begins with “lin s” is never answered."""

    def answer(route):
        asked = re.search(r"q=([^&]*)", route.request.url)[1].replace("%20", " ").lower()
        if not asked.startswith("lin s"):
            route.fulfill(body=listed(name for name in NAMES if name.lower().startswith(asked.rstrip())))

    page = agent.open(tickets[1])
    page.route("**/desk/people/**", answer)
    page.keyboard.press("n")
    expect(page.locator("#desk_note_body")).to_be_focused()
    yield page
    page.unroute_all(behavior="ignoreErrors")
    with page.expect_response(re.compile("/draft/$")):
        page.fill("#desk_note_body", "")


def value(page):
    return page.input_value("#desk_note_body")


def offered(page, *names):
    expect(page.locator("#desk_people [data-person]")).to_have_text(list(names))


def call(page, words):
    """Type words that end with @ and a name, and wait for the answer to its last letter: the list of the letter before
    may hold the same names, but Enter takes nobody of it."""
    name = words.rpartition("@")[2]
    with page.expect_response(lambda answer: answer.url.endswith(f"?q={quote(name)}")):
        page.keyboard.type(words)


def test_enter_takes_the_first_and_after_it_makes_a_new_line(note):
    call(note, "Ask @li")
    offered(note, *NAMES)
    note.keyboard.press("Enter")
    assert value(note) == "Ask @Lin "
    offered(note)
    note.keyboard.press("Enter")
    note.keyboard.type("thanks")
    assert value(note) == "Ask @Lin \nthanks"


def test_the_arrow_leads_to_the_others(note):
    note.keyboard.type("@li")
    offered(note, *NAMES)
    note.keyboard.press("ArrowDown")
    note.keyboard.press("Tab")
    note.keyboard.press("Enter")
    assert value(note) == "@Lina Moreau "


def test_after_a_name_in_full_enter_makes_a_new_line(note):
    note.keyboard.type("@lina moreau")
    offered(note, "Lina Moreau")
    note.keyboard.press("Enter")
    assert value(note) == "@lina moreau\n"
    offered(note)


def test_while_suggestions_still_arrive_enter_takes_none_of_the_last_ones(note):
    note.keyboard.type("@lin")
    offered(note, *NAMES)
    note.keyboard.type(" soon")
    note.keyboard.press("Enter")
    assert value(note) == "@lin soon\n"


def test_a_name_that_was_chosen_can_be_called_again_elsewhere(note):
    call(note, "@li")
    offered(note, *NAMES)
    note.keyboard.press("Enter")
    call(note, "and @li")
    offered(note, *NAMES)
    note.keyboard.press("Enter")
    assert value(note) == "@Lin and @Lin "
