"""A lead on the day that the market falls: the replay, watch, surge and band, an incident from its candidates to its
report, one answer in two languages to more than a hundred people, taken back once, and the desk calm again."""

import csv
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from supportdesk.ui.templatetags.ui import language_tag
from tests.browser.conftest import Window
from tests.browser.test_accessibility import violations
from tests.browser.test_translator_journey import signed_in
from tests.browser.worker import worker_of
from tests.own_site import OwnSite, wait_until

# Who writes of the same trouble, by language: two languages get a text of their own, the third has none.
CROWD = {"en": 58, "zh-hans": 43, "ko": 3}
LATE = {"en": 2, "zh-hans": 1}
ALL, GETTING, LATECOMERS = sum(CROWD.values()), CROWD["en"] + CROWD["zh-hans"], sum(LATE.values())
HOURS_LATER = 100_000  # seconds of the trace: no replay comes there by itself while the test runs
TITLE = "USDT deposits over TRC-20 are not credited since the drop"
WORDS = "I sent USDT over TRC-20. It is confirmed on the network but not in my account."
KEYWORDS = "en: TRC20, Tron, not credited\nzh-hans: TRC-20, 波场, 没有入账, 没到账\nko: TRC-20, 트론, 반영되지"
ANSWERS = {
    "en": "Deposits of USDT on Tron are credited late. Your coins are safe and arrive by themselves.",
    "zh-hans": "波场网络的USDT充值目前入账延迟。您的资产是安全的，会自动到账，无需再次联系我们。",
}
BAND = {"en": "Many people are writing", "zh-hans": "咨询量很大", "ar": "نتلقى طلبات كثيرة"}
FIGURES = "rows => Object.fromEntries(rows.map(row => [...row.children].map(cell => cell.innerText)))"
SEND = "form[action$='/do/send/'] .btn-primary"
DRY_RUN = "form[action$='/do/dry-run/'] button"


@pytest.fixture(scope="module")
def site(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> OwnSite:
    """A demo of its own, with a small trace: a surge would stand on every page of the others'."""
    folder = shutil.copytree(demo, tmp_path_factory.mktemp("lead") / "site")
    (folder / "locale").mkdir()
    made = OwnSite(
        folder,
        DJANGO_SETTINGS_MODULE="tests.browser.settings",
        PSEUDO_LOCALE=str(folder / "locale"),
        CRASH_TRACE=str(write_trace(folder / "crash.csv")),
        DEBUG="0",
    )
    leave_behind(made)
    return made


def leave_behind(site: OwnSite) -> None:
    """What the demo's desk had before is not of this day: its tickets, its incident, what its content still owes."""
    site.sql("UPDATE tickets_ticket SET created_at = datetime(created_at, '-1 day')")
    site.sql("UPDATE tickets_incident SET state = 'closed', closed_at = started_at")
    site.sql("DELETE FROM outbox_outbox")


def write_trace(file: Path) -> Path:
    people = [
        (at, code) for at, crowd in ((0, CROWD), (HOURS_LATER, LATE)) for code in crowd for _ in range(crowd[code])
    ]
    with file.open("w", encoding="utf-8", newline="") as target:
        rows = csv.writer(target)
        rows.writerow(["id", "t", "lang", "topic", "tier", "incident"])
        rows.writerows([number, at + number, code, "deposits", "normal", 1] for number, (at, code) in enumerate(people))
    return file


@dataclass
class Day:
    """The lead, somebody else who may let things go, a reader on a phone; and what the worker does meanwhile."""

    lead: Window
    second: Window
    reader: Window
    act: Callable[..., int]
    site: OwnSite
    incident: str = ""
    answered_late: int = 0

    def is_told(self, language: str) -> bool:
        """Whether the notice stands on top of a reader's page, where the demo has another one."""
        return self.reader.open(f"/{language}/").locator(".band", has_text=BAND[language]).count() == 1


@pytest.fixture
def day(chromium: Browser, site: OwnSite) -> Iterator[Day]:
    with site.server() as address, worker_of(site) as act:
        staff = [signed_in(lambda **more: Window(chromium, address, **more), who) for who in ("desk-lead", "admin")]
        reader = Window(chromium, address, viewport={"width": 390, "height": 844})
        yield Day(*staff, reader, act, site)
        for one in (*staff, reader):
            one.context.close()


def test_the_day_that_the_market_falls(day):
    the_crash_is_played_and_noticed(day)
    the_surge_is_declared_and_told(day)
    an_incident_is_opened_from_it(day)
    its_candidates_are_confirmed_in_chinese(day)
    two_languages_are_answered_and_one_is_missing(day)
    a_dry_run_is_not_enough_for_one_person(day)
    it_is_taken_back_and_sent_again(day)
    who_comes_late_is_answered(day)
    it_closes_with_a_report(day)
    the_desk_is_calm_again(day)
    assert [one.troubles for one in (day.lead, day.second, day.reader)] == [[], [], []]


def the_crash_is_played_and_noticed(day: Day) -> None:
    page = day.lead.open("/desk/lead/")
    page.locator("#lead_replay [value=start]").click()
    day.act("play", ALL)
    day.act("watch")
    day.act("count")
    page = day.lead.open("/desk/lead/")
    expect(page.locator("#lead_standing .notice.warn")).to_contain_text("Watch")
    assert int(page.locator("#lead_figures b").first.inner_text()) >= ALL


def the_surge_is_declared_and_told(day: Day) -> None:
    """What readers will be told is shown in their languages before it is."""
    page = day.lead.page
    page.locator("#lead_standing .notice a").click()
    for language, words in BAND.items():
        expect(page.locator(f"summary [lang={language_tag(language)}]")).to_contain_text(words)
    assert not day.is_told("zh-hans")
    page.get_by_role("button", name="Declare a surge").click()
    expect(page.locator("main .tag.bad").first).to_have_text("Surge")
    for language in BAND:
        wait_until(f"readers are told in {language}", lambda code=language: day.is_told(code))


def an_incident_is_opened_from_it(day: Day) -> None:
    page = day.lead.page
    page.locator("a[href*='from=surge']").click()
    assert page.locator("[name=topics]:checked").count() == 1  # the surge knows its topic
    for name, text in (("title", TITLE), ("reference", WORDS), ("keywords", KEYWORDS)):
        page.fill(f"[name={name}]", text)
    page.locator("main form .btn-primary").click()
    page.wait_for_url(re.compile("/desk/incidents/usdt-deposits"))
    day.incident = page.url.removeprefix(day.lead.address)
    assert violations(page) == []


def its_candidates_are_confirmed_in_chinese(day: Day) -> None:
    day.site.sql("UPDATE accounts_user SET language = 'zh-hans' WHERE email LIKE 'desk-lead@%'")
    page = day.lead.open(day.incident)
    assert page.evaluate("document.documentElement.lang") == "zh-Hans"
    expect(page.locator(".cands .ev").first).to_contain_text("TRC20")
    assert page.locator(".cands input:checked").count() > 1
    for tab in ("certain", "look"):
        page = day.lead.open(f"{day.incident}?show={tab}")
        while page.locator(".cands input").count():
            page.evaluate("document.querySelectorAll('.cands input').forEach(box => { box.checked = true; })")
            page.locator("form:has(.cands) .btn-primary").click()
    page = day.lead.open(f"{day.incident}?show=in")
    assert page.locator(".chips [aria-current]").inner_text().split()[-1] == str(ALL)


def two_languages_are_answered_and_one_is_missing(day: Day) -> None:
    for language, text in ANSWERS.items():
        page = day.lead.open(f"{day.incident}answers/{language}/")
        page.fill("[name=body]", text)
        page.locator("form[novalidate] .btn-primary").click()
        day.second.open(f"{day.incident}answers/{language}/").locator("form.notice .btn-primary").click()
    page = day.lead.open(day.incident)
    expect(page.locator(".miss-box")).to_contain_text("한국어")
    assert page.locator("[aria-labelledby=page_texts] .tag.ok").count() == len(ANSWERS)


def a_dry_run_is_not_enough_for_one_person(day: Day) -> None:
    page = day.lead.page
    page.locator(DRY_RUN).click()
    figures = page.locator(".dry > div").evaluate_all(FIGURES)
    assert list(figures.values()) == [str(ALL), f"−{CROWD['ko']}", str(GETTING)]
    assert page.locator(SEND).is_disabled()
    open_sample(page)
    page.locator(SEND).click()
    assert page.locator("#inc_sending").count() == 0


def open_sample(page: Page) -> None:
    """Read every message of the sample, as the page asks."""
    while (left := page.locator("li:has(.tag.warn) form[action*='/sample/'] button")).count():
        left.first.click()
        assert page.locator("blockquote").inner_text() in ANSWERS.values()
        page.locator("main .btn-primary").click()


def it_is_taken_back_and_sent_again(day: Day) -> None:
    page = day.second.open(day.incident)
    page.locator(SEND).click()
    expect(page.locator("#inc_sending")).to_contain_text(f"Sending to {GETTING} people")
    page.reload()
    assert int(page.locator("[data-left]").inner_text()) < 60
    page.locator("#inc_sending button").click()
    assert day.act("let_go") == 0
    page.locator(DRY_RUN).click()
    open_sample(page)
    page.get_by_role("button", name="Approve, for somebody else").click()
    page = day.lead.open(day.incident)
    page.locator(SEND).click()
    assert page.locator("#inc_sending button").count() == 1
    assert [day.act("let_go"), day.act("let_go")] == [GETTING, 0]


def who_comes_late_is_answered(day: Day) -> None:
    day.act("play", ALL + LATECOMERS)
    day.answered_late = day.act("let_go")
    assert 1 <= day.answered_late <= LATECOMERS  # the others wait for a person
    page = day.lead.open(f"{day.incident}got/")
    late = page.locator("tbody tr:has(.tag:nth-of-type(2))")
    assert late.count() == day.answered_late


def it_closes_with_a_report(day: Day) -> None:
    page = day.lead.open(day.incident)
    page.locator("details:has(form[action$='/do/close/']) summary").click()
    page.locator("form[action$='/do/close/'] button").click()
    whole = page.locator("[aria-labelledby=page_report] tbody tr").first.locator("td")
    assert whole.all_inner_texts()[:2] == [str(number + day.answered_late) for number in (ALL, GETTING)]
    assert violations(page) == []


def the_desk_is_calm_again(day: Day) -> None:
    for _ in ("surge", "recovery"):
        day.lead.open("/desk/surge/").locator("form[action$='/do/end/'] button").click()
    wait_until("readers are no longer told", lambda: not day.is_told("zh-hans"))
    page = day.lead.open("/desk/lead/")
    assert page.locator("#lead_standing .notice").count() == 0
