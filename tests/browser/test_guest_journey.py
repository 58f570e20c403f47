"""Somebody without an account asks in Chinese on a phone: the form, the mail box, the request, another device, links
that are too old, broken, or in somebody else's hands. With scripts and without."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from playwright.sync_api import Page, expect

from tests.browser.conftest import Window
from tests.browser.mailed import MailedSite, link_in, text_of
from tests.browser.test_accessibility import violations
from tests.browser.test_trader_journey import fill_details
from tickets import links

PHONE = {"viewport": {"width": 390, "height": 844}, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
SUBJECT, BODY, ADDED = "充值 2,500 USDT 未到账", "昨天转了 2,500 USDT，一直没有到账。", "补充：网络是 TRC-20。"
OVER_A_WEEK = timedelta(days=7, hours=1)


@dataclass
class Guest:
    """`another()` is a browser that knows nothing of them; `pending` and `number` are those of the request, before and
    after the address is confirmed."""

    own: Window
    email: str
    mailed: MailedSite
    another: Callable[[], Window]
    has_scripts: bool
    pending: str = ""
    number: str = ""

    @property
    def page(self) -> Page:
        return self.own.page

    def held(self) -> int:
        """How many requests are kept in the name of the address."""
        rows = self.mailed.site.sql("SELECT count(*) FROM tickets_pendingrequest WHERE email = ?", self.email)
        return int(rows[0][0])


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def guest(request, chromium, mailed):
    opened: list[Window] = []

    def window() -> Window:
        opened.append(Window(chromium, mailed.address, java_script_enabled=request.param, **PHONE))
        return opened[-1]

    email = "wei.scripted@example.com" if request.param else "wei.plain@example.com"
    yield Guest(window(), email, mailed, window, request.param)
    assert [one.troubles for one in opened] == [[]] * len(opened)
    for one in opened:
        one.context.close()


def test_a_guest_asks_confirms_answers_and_rates(guest):
    they_find_the_form_and_send_it(guest)
    the_way_back_and_the_button_again_keep_one_request(guest)
    an_old_link_and_a_broken_one_say_what_to_do(guest)
    the_link_of_the_mail_makes_it_a_request(guest)
    on_another_device_it_takes_a_code(guest)
    somebody_with_the_address_alone_sees_nothing(guest)
    they_add_something_solve_and_rate(guest)


def fine(guest: Guest) -> None:
    """Nothing is wider than the phone, and axe finds nothing."""
    assert guest.own.overflow <= 0
    if guest.has_scripts:
        assert violations(guest.page) == []


def they_find_the_form_and_send_it(guest: Guest) -> None:
    page = guest.own.open("/zh-hans/")
    page.locator("main a[href='/zh-hans/tickets/new/']").first.click()
    page.click("a.go[href*='topic=deposits']")
    fill_in(guest, page)
    page.click("form[data-request] > .btn-primary")
    page.wait_for_url(re.compile(r"/zh-hans/tickets/pending/\w+/"))
    guest.pending = page.url.split("/")[-2]
    expect(page.locator("main")).to_contain_text("w…@example.com")
    assert BODY not in page.content()
    fine(guest)


def fill_in(guest: Guest, page: Page) -> None:
    fill_details(page)
    page.fill("#page_subject", SUBJECT)
    page.fill("#page_body", BODY)
    page.fill("#page_email", guest.email)


def the_way_back_and_the_button_again_keep_one_request(guest: Guest) -> None:
    page = guest.page
    page.go_back()
    fill_in(guest, page)
    page.click("form[data-request] > .btn-primary")
    page.wait_for_url(re.compile(f"/zh-hans/tickets/pending/{guest.pending}/"))
    assert guest.held() == 1


def an_old_link_and_a_broken_one_say_what_to_do(guest: Guest) -> None:
    with time_machine.travel(datetime.now(UTC) - OVER_A_WEEK):
        old = links.make(links.PROVE, guest.pending)
    page = guest.page
    assert page.goto(f"{guest.mailed.address}/zh-hans/t/{old}/").status == 410
    expect(page.locator("main")).to_contain_text("此链接已超过七天")
    page.locator("main a[href='/zh-hans/tickets/new/']").click()
    assert page.locator("a.go").count() > 3
    assert page.goto(f"{guest.mailed.address}/zh-hans/t/{old[:-3]}/").status == 404
    assert page.locator("main a[href*='/account/login/']").count() == 1


def the_link_of_the_mail_makes_it_a_request(guest: Guest) -> None:
    mail = guest.mailed.mail_to(guest.email)
    assert mail["Content-Language"] == "zh-Hans"
    assert SUBJECT not in mail.as_string()
    page = guest.page
    page.goto(link_in(mail))
    assert SUBJECT not in page.content()  # whoever only opens it sees nothing, and changes nothing
    page.click("main .btn-primary")
    page.wait_for_url(re.compile(r"/zh-hans/tickets/[0-9a-z]{15}/"))
    guest.number = page.url.split("/")[5]
    expect(page.locator("h1")).to_have_text(SUBJECT)
    expect(page.locator(".msg .body")).to_have_text(BODY)
    fine(guest)


def on_another_device_it_takes_a_code(guest: Guest) -> None:
    """The link of the next mail, in a browser that was not there."""
    other = guest.another()
    page = other.page
    page.goto(link_in(guest.mailed.mail_to(guest.email)))
    page.click("main .btn-primary")
    assert SUBJECT not in page.content()  # where it stands, and no words
    page.click("[value=code]")
    code = code_in(guest)
    page.fill("#page_code", "000000" if code != "000000" else "111111")
    page.click("[value=enter]")
    expect(page.locator("#page_code_error")).to_be_visible()
    page.fill("#page_code", code)
    page.click("[value=enter]")
    page.wait_for_url(re.compile(f"/zh-hans/tickets/{guest.number}/"))
    expect(page.locator(".msg .body")).to_have_text(BODY)


def code_in(guest: Guest) -> str:
    found = re.search(r"\b\d{6}\b", text_of(guest.mailed.mail_to(guest.email)))
    assert found is not None
    return found[0]


def somebody_with_the_address_alone_sees_nothing(guest: Guest) -> None:
    page = guest.another().page
    answer = page.goto(f"{guest.mailed.address}/zh-hans/tickets/{guest.number}/")
    assert answer.status == 404
    assert SUBJECT not in page.content()
    assert page.locator("main a[href*='/account/login/']").count() == 1


def they_add_something_solve_and_rate(guest: Guest) -> None:
    page = guest.page
    page.goto(f"{guest.mailed.address}/zh-hans/tickets/{guest.number}/")
    page.fill("#page_body", ADDED)
    page.click("[value=reply]")
    page.wait_for_url(re.compile("#page_message_"))
    expect(page.locator(".msg .body").last).to_have_text(ADDED)
    page.click("[value=solve]")
    page.locator("[value=reopen]").wait_for()
    page.locator("#page_rating [value='5']").check()
    page.locator("#page_rating .btn-primary").click()
    expect(page.locator(".notice.success")).to_be_visible()
    fine(guest)
