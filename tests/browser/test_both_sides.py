"""One request from both sides, in two windows: a trader asks in Arabic on a phone and gives away more than is good;
an agent answers by the keyboard with what a department knows, and hears in time that the trader wrote meanwhile. It is
answered by page and by mail, joined with what was asked twice, solved, opened again, solved and rated."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Window
from tests.browser.mailed import MailedSite, link_in, text_of
from tests.browser.test_accessibility import violations
from tests.browser.test_trader_journey import PHONE, ask
from tests.browser.test_translator_journey import PASSWORD, signed_in

TRADER, SOMEBODY_ELSE = "karim.haddad@example.com", "trader@northgate.example"
SEED = "legal winner thank year wave sausage worth useful legal winner thank yellow"
SUBJECT, STILL = "لم يصل إيداع USDT عبر TRC-20", "لم يصلني أي رد حتى الآن."
QUESTION, KNOWN = "Where are 2,500 USDT of today?", "Three confirmations are missing, it comes by itself."
ADDED, THANKS, ARRIVED = "أضيف رقم المعاملة.", "شكرًا لكم.", "وصل المبلغ الآن."
CONFIRMED = "لكن الشبكة لم تؤكده"  # of what the macro says
MACRO = re.compile("^Deposit: waiting for confirmations")
GIVE_PASSWORD = """
UPDATE accounts_user SET password = (SELECT password FROM accounts_user WHERE email = ?) WHERE email = ?
"""
LOOK = "document.dispatchEvent(new Event('visibilitychange'))"  # as when somebody comes back to the window


@dataclass
class Both:
    """The trader on a phone, an agent of the security team, a colleague of engineering, another trader. `first` is the
    number of the request, `second` that of the one that asks the same again."""

    trader: Window
    agent: Window
    engineer: Window
    stranger: Window
    mailed: MailedSite
    first: str = ""
    second: str = ""

    @property
    def windows(self) -> list[Window]:
        return [self.trader, self.agent, self.engineer, self.stranger]

    def asked(self) -> Page:
        """The page of the request, as the trader comes to it."""
        return self.trader.open(f"/ar/tickets/{self.first}/")

    def opened(self) -> Page:
        """The request at the desk."""
        return self.agent.open(f"/desk/tickets/{self.first}/")


@pytest.fixture
def both(chromium: Browser, mailed: MailedSite) -> Iterator[Both]:
    mailed.site.sql(GIVE_PASSWORD, SOMEBODY_ELSE, TRADER)
    mailed.site.sql("UPDATE tickets_routingsetup SET is_on = 0")  # who has time depends on how old the demo is

    def window(**options) -> Window:
        return Window(chromium, mailed.address, **options)

    found = Both(
        as_customer(window(locale="ar", timezone_id="Asia/Dubai", **PHONE), TRADER),
        signed_in(window, "agent5"),
        signed_in(window, "agent4"),
        as_customer(window(), SOMEBODY_ELSE),
        mailed,
    )
    yield found
    for one in found.windows:
        one.context.close()


def as_customer(own: Window, email: str) -> Window:
    page = own.open("/ar/account/login/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login/" not in url)
    return own


def test_a_request_from_both_sides(both):
    the_trader_asks_and_is_told_what_was_taken_out(both)
    nobody_else_finds_it(both)
    the_trader_asks_the_same_again(both)
    the_agent_finds_it_in_the_queue_and_takes_it(both)
    a_department_is_asked_and_the_trader_sees_who_has_it(both)
    the_department_answers_and_the_agent_reads_it(both)
    the_agent_answers_with_a_macro_and_hears_that_the_trader_wrote(both)
    it_is_sent_taken_back_and_sent(both)
    the_trader_reads_it_and_answers_by_page_and_by_mail(both)
    what_was_asked_twice_becomes_one(both)
    it_is_solved_and_the_trader_opens_it_again(both)
    it_is_solved_for_good_and_rated(both)
    assert [one.troubles for one in both.windows] == [[], [], [], []]


# The trader asks


def the_trader_asks_and_is_told_what_was_taken_out(both: Both) -> None:
    words = f"أرسلت 2,500 USDT وعبارة الاسترداد هي {SEED} فأرجو المساعدة."
    page = ask(both.trader, "ar", words, subject=SUBJECT, files=["الإيداع.png"])
    both.first = number_of(page)
    expect(page.locator("[data-removed]")).to_have_count(1)
    expect(page.locator(".msg img")).to_have_count(1)
    assert "sausage" not in page.content()
    assert violations(page) == []
    mail = both.mailed.mail_to(TRADER)
    assert mail["Content-Language"] == "ar"
    assert "sausage" not in mail.as_string()


def number_of(page: Page) -> str:
    found = re.search(r"/tickets/([0-9a-z]{15})/", page.url)
    assert found is not None
    return found[1]


def nobody_else_finds_it(both: Both) -> None:
    file = both.trader.page.locator(".file-line a").get_attribute("href")
    page = f"/ar/tickets/{both.first}/"
    asked = [both.stranger.context.request.get(both.trader.address + path) for path in (page, f"{page}updates", file)]
    assert [answer.status for answer in asked] == [404, 404, 404]
    assert not any(SUBJECT in answer.text() for answer in asked)


def the_trader_asks_the_same_again(both: Both) -> None:
    page = both.trader.open("/ar/tickets/new/?topic=deposits")
    assert page.locator(f".notice a[href*='{both.first}']").count() == 1  # what is open is offered, to add to it
    both.second = number_of(ask(both.trader, "ar", STILL, subject="سؤال ثانٍ عن إيداعي"))
    assert both.second != both.first


# The agent and the department


def the_agent_finds_it_in_the_queue_and_takes_it(both: Both) -> None:
    page = both.agent.open("/desk/?view=unassigned&language=ar")
    page.get_by_role("link", name=SUBJECT).click()
    expect(page.locator(".msg .body")).to_contain_text("2,500 USDT")
    expect(page.locator("#desk_side")).to_contain_text("Why this priority")
    assert "sausage" not in page.content()
    with page.expect_navigation():
        page.keyboard.press("a")
    expect(page.locator(".acts")).to_contain_text("Salma Haddad")


def a_department_is_asked_and_the_trader_sees_who_has_it(both: Both) -> None:
    reader = both.asked()
    page = choose_act(both.agent.page, "Ask a department")
    page.get_by_label("Department", exact=True).select_option(label="Engineering")
    page.get_by_label("Subject").fill(QUESTION)
    page.get_by_label("Question").fill("The explorer shows it since noon.")
    page.locator("[name=excerpts]").check()
    page.locator("[name=holds]").check()
    page.click("main form .btn-primary")
    expect(page.locator(".thead .tag").first).to_have_text("On hold")
    reader.evaluate(LOOK)
    expect(reader.locator("[data-entries] .evt").last).to_contain_text("فريق آخر")
    expect(reader.locator("[data-head] .meta")).to_contain_text("فريق مختص")
    assert QUESTION not in reader.content()


def choose_act(page: Page, name: str) -> Page:
    page.locator(".acts details.menu summary").click()
    page.locator(".acts .pop").get_by_role("link", name=name).click()
    return page


def the_department_answers_and_the_agent_reads_it(both: Both) -> None:
    page = both.engineer.open("/desk/questions/")
    page.get_by_role("link", name=QUESTION).click()
    expect(page.locator("blockquote")).to_contain_text("2,500 USDT")
    page.get_by_label("Your answer").fill(KNOWN)
    page.get_by_role("button", name="Answer", exact=True).click()
    page = both.opened()
    page.get_by_role("link", name="Read the question").last.click()
    expect(page.locator(".note-int").last).to_contain_text(KNOWN)
    assert violations(page) == []


def the_agent_answers_with_a_macro_and_hears_that_the_trader_wrote(both: Both) -> None:
    page = both.opened()
    page.keyboard.press("r")
    page.keyboard.press("/")
    page.locator("#desk_dialog").get_by_role("link", name=MACRO).click()
    expect(page.locator("#desk_body")).to_have_value(re.compile(f"كريم حداد.*{CONFIRMED}", re.S))
    reader = both.asked()
    assert KNOWN not in reader.content()
    say(reader, ADDED)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#desk_problem")).to_contain_text("Something new came in")
    expect(page.locator(".msg", has_text=ADDED)).to_be_visible()
    expect(page.locator("#desk_body")).to_be_focused()
    assert CONFIRMED in page.input_value("#desk_body")
    assert violations(page) == []


def say(page: Page, words: str) -> None:
    """Add something on the page of the request."""
    page.fill("#page_body", words)
    page.click("[value=reply]")
    page.wait_for_url(re.compile("#page_message_"))


def it_is_sent_taken_back_and_sent(both: Both) -> None:
    page, written = both.agent.page, both.agent.page.input_value("#desk_body")
    page.keyboard.press("Control+Enter")
    page.locator("[data-countdown]").wait_for()
    page.locator(".held button", has_text="Undo").click()
    expect(page.locator("#desk_body")).to_have_value(written)
    assert CONFIRMED not in both.asked().content()
    page.get_by_role("button", name="Send as pending").first.click()
    page.locator("[data-countdown]").wait_for()
    assert both.mailed.act("send_replies") == 1


# The trader answers


def the_trader_reads_it_and_answers_by_page_and_by_mail(both: Both) -> None:
    mail = both.mailed.mail_to(TRADER)
    assert CONFIRMED in text_of(mail)
    page = both.trader.page
    page.goto(link_in(mail))
    assert page.url.endswith(f"/ar/tickets/{both.first}/")
    expect(page.locator(".msg.staff")).to_contain_text("Salma")
    expect(page.locator(".msg.staff a[href*='/ar/articles/deposit-confirmations/']")).to_be_visible()
    expect(page.locator("[data-head] .notice.warn")).to_be_visible()  # we wait for an answer
    say(page, THANKS)
    both.mailed.answer(mail, f"{ARRIVED}\n\nفي ٣ مايو ٢٠٢٦، الساعة ٣:٠٠ م، كتب Northgate Support:\n> {CONFIRMED}")
    page.evaluate(LOOK)
    expect(page.locator("[data-entries] .msg").last.locator(".body")).to_have_text(ARRIVED)
    page = both.opened()
    expect(page.locator(".msg").last.locator(".body").first).to_have_text(ARRIVED)
    expect(page.locator(".msg").last.locator(".quoted")).to_be_visible()  # what was answered is folded below it


def what_was_asked_twice_becomes_one(both: Both) -> None:
    page = choose_act(both.agent.open(f"/desk/tickets/{both.second}/"), "Merge into another ticket")
    page.locator(".others").get_by_role("link", name=SUBJECT).click()
    page.click("main form .btn-primary")
    expect(page.locator(".notice.warn")).to_contain_text(SUBJECT)  # it shows first what it goes into
    page.click("main form .btn-primary")
    expect(page.locator(".msg", has_text=STILL)).to_be_visible()
    assert both.first in page.url
    assert both.first in both.trader.open(f"/ar/tickets/{both.second}/").url
    expect(both.trader.page.locator(".msg", has_text=STILL)).to_be_visible()


def it_is_solved_and_the_trader_opens_it_again(both: Both) -> None:
    reader = both.trader.page
    solve(both, "أُضيف 2,500 USDT إلى رصيدكم.")
    reader.evaluate(LOOK)
    reader.locator("[data-head] .notice a").click()  # it is solved: what can be done now
    reader.click("[value=reopen]")
    reader.locator("[value=solve]").wait_for()
    expect(both.opened().locator(".thead .tag").first).to_have_text("Open")


def solve(both: Both, words: str) -> None:
    """Answer and solve by one key, and go on to the next ticket."""
    page = both.opened()
    page.keyboard.press("r")
    page.keyboard.type(words)
    page.keyboard.press("Escape")
    with page.expect_navigation():
        page.keyboard.press("e")
    expect(page.locator(".said")).to_contain_text("goes out in a moment")
    assert both.mailed.act("send_replies") == 1


def it_is_solved_for_good_and_rated(both: Both) -> None:
    solve(both, "تحققوا من الرصيد مرة أخرى من فضلكم.")
    page = both.trader.page
    page.goto(link_in(both.mailed.mail_to(TRADER)))
    page.locator("#page_rating [value='5']").check()
    page.locator("#page_rating .btn-primary").click()
    expect(page.locator(".notice.success")).to_be_visible()
    assert violations(page) == []
    expect(both.opened().locator(".thead .tag").first).to_have_text("Solved")
