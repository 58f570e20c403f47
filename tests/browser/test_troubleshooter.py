"""A troubleshooter on a phone: by links alone, in Chinese and for readers of Arabic; with JavaScript its steps are
counted, each once in a session."""

from urllib.parse import parse_qs

import pytest

PHONE = {"width": 390, "height": 844}
SMALLEST = 44  # pixels that a finger needs


@pytest.mark.parametrize("language", ["zh-hans", "ar"])
def test_the_way_to_an_answer_and_back_without_javascript(window, language):
    phone = window(java_script_enabled=False, viewport=PHONE)
    base = f"/{language}/troubleshoot/cannot-sign-in/"
    page = phone.open(f"/{language}/categories/security/")
    page.click(f"main a[href='{base}']")
    for target, path in (("code", "code"), ("clock", "code.clock")):
        answer = page.locator(f".answers a[href$='{target}']")
        assert answer.bounding_box()["height"] >= SMALLEST
        answer.click()
        assert page.url.endswith(f"{base}?path={path}")
    assert page.locator("h1").count() == 1
    assert page.locator(".answers").count() == 0
    assert page.locator(".given dd").count() == 2
    page.click(".back a")
    assert page.url.endswith(f"{base}?path=code")
    page.locator(".answers a[href$='unsure']").last.click()
    assert page.locator("main h1").is_visible()
    page.click(f".given a[href='{base}'] >> nth=-1")
    assert page.url.endswith(base)


def test_the_language_is_changed_on_the_same_question_without_javascript(window):
    page = window(java_script_enabled=False, viewport=PHONE).open("/zh-hans/troubleshoot/cannot-sign-in/?path=code")
    page.click("details.menu summary >> nth=0")
    page.click("[data-languages] a[hreflang=ar]")
    assert page.url.endswith("/ar/troubleshoot/cannot-sign-in/?path=code")
    assert page.get_attribute("html", "dir") == "rtl"


def test_each_step_is_told_once_in_a_session_and_goes_on_from_where_it_came(window):
    told, w = [], window()
    w.page.on("request", lambda sent: told.append(parse_qs(sent.post_data)) if "/beacon/" in sent.url else None)
    page = w.open("/en/troubleshoot/cannot-sign-in/")
    page.click(".answers a[href$='=code']")
    page.reload()
    page.click(".answers a[href$='clock']")
    page.click(".back a")
    page.click(".answers a[href$='backup-code']")
    page.wait_for_load_state("networkidle")
    assert [(row["node"][0], row.get("before", [""])[0]) for row in told] == [
        ("start", ""),
        ("code", "start"),
        ("clock", "code"),
        ("backup-code", "-"),
    ]
