"""Files that a trader pastes into a request, and into what they add to one; words stay words."""

import base64

import pytest

from tests.browser.test_trader_journey import ask, open_form, picture, signed_in
from tests.browser.waiting import until

PASTE = """
([files, words, field]) => {
  const clipboardData = new DataTransfer();
  for (const [name, type, data] of files) {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    clipboardData.items.add(new File([bytes], name, { type }));
  }
  if (words) clipboardData.setData("text/plain", words);
  const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
  document.querySelector(field).dispatchEvent(event);
  return event.defaultPrevented;
}
"""
PICTURE = ("image.png", "image/png", picture())
HISTORY = ("history.csv", "text/csv", b"time;amount\n12:00;2500")


def paste(page, *files, words="", field="#page_body"):
    """Paste into a field; whether the browser's own pasting was held back."""
    coded = [[name, kind, base64.b64encode(data).decode()] for name, kind, data in files]
    return page.evaluate(PASTE, [coded, words, field])


def names(page, many):
    """The files of the form, once all of them have arrived."""
    until(page, f"document.querySelectorAll('.file input[name=uploads]').length === {many}")
    return page.locator(".file bdi").all_inner_texts()


@pytest.fixture
def request_page(window):
    """The page of a request of the trader's own."""
    own = signed_in(window)
    yield ask(own, body="Please look at the picture that I add.")
    assert own.troubles == []


def test_a_picture_and_a_file_are_taken_into_the_form_and_sent(window):
    own = signed_in(window)
    page = open_form(own)
    page.fill("#page_body", "See the picture.")
    assert paste(page, PICTURE)
    assert paste(page, HISTORY, field="#page_subject")
    assert names(page, 2) == ["image.png", "history.csv"]
    assert page.input_value("#page_body") == "See the picture."
    assert own.troubles == []


def test_two_files_pasted_at_once_are_sent_with_a_reply(request_page):
    page = request_page
    page.fill("#page_body", "Here they are.")
    assert paste(page, PICTURE, HISTORY)
    assert names(page, 2) == ["image.png", "history.csv"]
    page.click("[value=reply]")
    page.wait_for_url("**#page_message_*")
    added = page.locator(".msg").last
    assert added.locator("img").count() == 1
    assert "history.csv" in added.inner_text()


def test_words_that_come_with_a_picture_of_them_are_pasted_as_words(window):
    page = open_form(window())
    assert not paste(page, PICTURE, words="12:00\t2,500\n13:00\t1,200")
    assert not paste(page, words="only words")
    assert page.locator(".file").count() == 0


def test_the_name_that_comes_with_a_file_is_not_taken_for_words(window):
    page = open_form(window())
    assert paste(page, HISTORY, words="history.csv\n")
    assert names(page, 1) == ["history.csv"]


def test_a_picture_that_is_pasted_beside_the_fields_is_taken(window):
    page = open_form(window())
    assert paste(page, PICTURE, words="12:00", field="h1")
    assert names(page, 1) == ["image.png"]


def test_what_is_no_picture_is_refused_beside_the_field_and_the_words_stay(window):
    page = open_form(window())
    page.fill("#page_body", "My words")
    assert paste(page, ("bill.png", "image/png", b"MZ" + bytes(100)))
    page.wait_for_selector(".file.failed .err-msg")
    assert page.input_value("#page_body") == "My words"
