"""Files that are too large, with and without a script: what was written is still there, and the page says why."""

import pytest

from tests.browser.test_trader_journey import fill_details, open_form

WORDS = "I sent 2,500 USDT yesterday — お願いします."
FILM = b"\0\0\0\x18ftypmp42"


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    """17 MB, more than the files of one form may have; Playwright sends what is larger than 50 MB from a path alone."""
    path = tmp_path_factory.mktemp("large") / "film.mp4"
    path.write_bytes(FILM + bytes(17 * 1024 * 1024))
    return path


def test_without_a_script_the_words_come_back(window, film):
    page = open_form(window(java_script_enabled=False))
    fill_details(page)
    page.fill("#page_subject", "Deposit")
    page.fill("#page_body", WORDS)
    page.set_input_files("#page_attachments", film)
    page.click("form[data-request] .btn-primary")
    assert page.input_value("#page_body") == WORDS
    assert page.input_value("#page_subject") == "Deposit"
    assert "film.mp4" in page.inner_text("#page_attachments_error")


def test_with_a_script_it_is_said_before_anything_is_sent(window, film):
    own = window()
    page = open_form(own)
    sent = []
    page.on("request", lambda request: sent.append(request.method))
    page.fill("#page_body", WORDS)
    page.set_input_files("#page_attachments", film)
    page.wait_for_selector(".file.failed .err-msg")
    assert "10 MB" in page.inner_text(".file.failed .err-msg")
    assert "POST" not in sent
    assert page.input_value("#page_body") == WORDS
    page.reload()
    assert page.input_value("#page_body") == WORDS, "the draft of this tab"
    assert own.troubles == []
