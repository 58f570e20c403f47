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


def test_what_is_refused_while_the_form_waits_for_it_is_seen_before_the_form_goes(window):
    own = window()
    page = open_form(own)
    fill_details(page)
    page.fill("#page_subject", "Deposit")
    page.fill("#page_body", WORDS)
    page.fill("#page_email", "gina@example.org")
    page.route("**/uploads/", lambda route: route.fulfill(status=422, json={"message": "It is a program."}))
    page.evaluate(
        """() => {
            const input = document.getElementById("page_attachments"), chosen = new DataTransfer();
            chosen.items.add(new File(["MZ"], "bill.png", { type: "image/png" }));
            input.files = chosen.files;
            input.dispatchEvent(new Event("change"));
            document.querySelector("form[data-request] .btn-primary").click();
        }"""
    )
    page.wait_for_selector(".file.failed button:focus")
    assert "It is a program." in page.inner_text(".file.failed")
    assert page.input_value("#page_body") == WORDS
    page.click("form[data-request] .btn-primary")  # seen, and sent without it
    page.wait_for_url(lambda address: "/new/" not in address)


def test_a_file_that_is_dropped_beside_the_field_is_taken_and_the_form_stays(window):
    page = open_form(window())
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.items.add(new File(["words"], "history.txt", { type: "text/plain" }));
            for (const kind of ["dragover", "drop"]) {
                const event = new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true });
                document.querySelector("h1").dispatchEvent(event);
                if (!event.defaultPrevented) throw new Error(kind);
            }
        }"""
    )
    page.wait_for_selector(".file input[name=uploads]", state="attached")
    assert page.locator(".file").count() == 1
