"""Axe looks at every page of the trader and of the desk that no other browser test opens.

Which pages there are is read from the table of access (`tests/project/access.csv`): each address below a language or
below `desk/` that answers somebody with a page is asked for by the first who may. `STATES` are further pages of the
same addresses: forms that were refused, what a mailed link has become, each act on a ticket. A page that is in none of
the lists below fails the first test.
"""

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal, cast
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.urls import resolve
from django.utils import translation
from playwright.sync_api import Browser, Route

from tests.browser.conftest import Window
from tests.own_site import OwnSite
from tests.project.asking import Row, named
from tests.project.drill_site import ROLES, DrillSite
from tests.project.test_access_matrix import ROWS
from tests.routes import routes
from tickets.workspace.acting import ACTS

OURS = re.compile(r"desk/|en/")
# What answers, but is no page: routes, as patterns of their whole -> what it is
NO_PAGE = {
    r"desk/files/.*|en/tickets/files/.*|.*got\.csv|.*\.md|.*feed/|.*opensearch\.xml|.*pictures/.*": "a file",
    r".*updates/?|.*/sending/|desk/people/|en/suggest/|en/tickets/suggestions/|en/account/menu/": "a part of a page",
    r"desk/tickets/.*/macros/<int:pk>/": "a macro's text, for the script",
    r".*/(draft|uploads|look)/|en/beacon/": "what scripts send",
    r"desk/views/.*|.*/(drop|presence|assign-all|replay|tell|end|undo|send)/|desk/surge/incident/": "goes back",
    r"desk/(surge|incidents/<slug:slug>)/do/<slug:name>/|en/account/tokens/<int:number>/": "goes back",
    r"en/feedback/<slug:slug>/|en/incidents/.*|en/account/(email|exchange/connected)/": "leads on to another page",
    r"en/account/exchange/(signup/)?": "a site that signs in with no exchange has none",
}
# What another file opens with axe: routes, as patterns of their whole -> the file
SEEN = {
    r"en/|en/(announcements|articles)/(<slug:slug>/)?(changes/)?|en/categories/<slug:slug>/": "test_accessibility.py",
    r"en/(glossary|search)/|en/troubleshoot/<slug:slug>/": "test_accessibility.py",
    r"desk/lead/": "test_lead_page.py",
    r"en/account/(login|code|password/reset|password/change|profile|sessions|logout)/": "test_accounts.py",
}

READS = {
    code: f"UPDATE accounts_user SET language = '{code}' WHERE email LIKE '%@drill.example'"  # noqa: S608 - our own codes
    for code in ("en", "ar")
}
TOKEN = "k" * 32  # of the forms that are sent here
QUICKLY = {"resultTypes": ["violations"], "preload": False}  # preloading is for rules about style sheets only


@dataclass(frozen=True)
class Look:
    """A page as somebody (a column of the table, or a session of `states.py`) comes to it; `ends_at` is the route of
    the page that shows itself where it is another one than was asked for."""

    who: str
    row: Row
    ends_at: str = ""

    def __str__(self) -> str:
        return f"{self.who}: {self.row}"


def get(who: str, route: str, asks: str = "", sends: str = "") -> Look:
    return Look(who, Row("GET", route, asks, sends))


def post(who: str, route: str, asks: str = "", sends: str = "", ends_at: str = "") -> Look:
    return Look(who, Row("POST", route, asks, sends), ends_at)


TICKET, LINK, ACCOUNT = "desk/tickets/<slug:number>/", "en/t/<str:token>/", "en/account/"
STATES = [
    # the trader
    get("owner", "en/tickets/"),
    get("owner", "en/tickets/<slug:public_id>/", "public_id={solved}"),
    get("owner", "en/tickets/<slug:public_id>/", "public_id={rated}"),
    post("owner", "en/tickets/<slug:public_id>/", "", "body="),
    get("anonymous", "en/tickets/new/", "", "topic=deposits"),
    post("anonymous", "en/tickets/new/", "", "topic=deposits&body=abandon abandon abandon&email=nobody"),
    post("anonymous", "en/tickets/solved/", "", "topic=deposits"),
    get("anonymous", LINK, "token=absent"),
    get("anonymous", LINK, "token={link.old}"),
    get("anonymous", LINK, "token={link.status}"),
    post("anonymous", LINK, "token={link.status}"),
    post("anonymous", LINK, "token={link.status}", "action=enter&code=000000"),
    get("anonymous", LINK, "token={link.rate}"),
    post("anonymous", LINK, "token={link.rate}", "score=9"),
    post("anonymous", LINK, "token={link.rate}", "score=5"),
    get("anonymous", "en/tickets/<slug:public_id>/", "public_id=absent"),
    # accounts
    post("anonymous", f"{ACCOUNT}login/", "", "login=nobody@example.com&password=wrong"),
    post("anonymous", f"{ACCOUNT}code/", "", "email=customer-b@drill.example", f"{ACCOUNT}code/confirm/"),
    post(
        "anonymous", f"{ACCOUNT}signup/", "", "email=new@drill.example&password1=a long and odd phrase",
        f"{ACCOUNT}email/confirm/",
    ),
    post(
        "anonymous", f"{ACCOUNT}password/reset/", "", "email=customer-b@drill.example",
        f"{ACCOUNT}password/reset/confirm/",
    ),
    get("after a code", f"{ACCOUNT}password/reset/complete/"),
    get("without a password", f"{ACCOUNT}password/set/"),
    post("owner", f"{ACCOUNT}tokens/", "", "name=Ledger&scopes=tickets:read&days=30"),
    # the desk
    get("agent", "desk/", "", "view=all&q=zqxwv"),
    post("agent", "desk/bulk/", "", "ticket={ticket}&what=assign"),
    get("agent", TICKET, "number={solved}"),
    get("lead", TICKET, "number={spam}"),
    get("agent", TICKET, "number=absent"),
    post("agent", f"{TICKET}write/", "", "kind=reply&body="),
    post("agent", f"{TICKET}write/", "", "kind=reply&body=Hello&seen=1"),
    *(get("agent", f"{TICKET}do/<slug:name>/", f"name={name}") for name, act in ACTS.items() if act.asks),
    post("agent", f"{TICKET}do/<slug:name>/", "name=hold", "soon=exact"),
    post("agent", f"{TICKET}do/<slug:name>/", "name=merge", "number={second}"),
    get("lead", "desk/incidents/<slug:slug>/", "slug={incident}", "show=look"),
    get("lead", "desk/incidents/<slug:slug>/", "slug={incident}", "show=in"),
    get("lead", "desk/incidents/<slug:slug>/answers/<slug:language>/", "slug={incident}&language=ja"),
    post("lead", "desk/incidents/<slug:slug>/sample/<slug:number>/", "slug={incident}&number={sampled}"),
    post("lead", "desk/routing/", "", "language=ja&topic={topic}"),
]  # fmt: skip


def listed(route: str, patterns: dict[str, str]) -> list[str]:
    return [pattern for pattern in patterns if re.fullmatch(pattern, route)]


def looks() -> list[Look]:
    """What the table has, each method of an address once, then the states."""
    found: dict[tuple[str, str], Look] = {}
    for row, cells in ROWS:
        who = next((column for column in ROLES if cells[column] in ("200", "422")), None)
        if who and OURS.match(row.route) and not listed(row.route, NO_PAGE | SEEN):
            found.setdefault((row.method, row.route), Look(who, row))
    return [*found.values(), *STATES]


LOOKS = looks()
# Every third page from right to left on a phone, in one theme and the other by turns.
ARABIC = [look for look in LOOKS if look.row.method == "GET"][::3]


def test_every_page_is_looked_at():
    opened = {look.row.route for look in LOOKS} | {look.ends_at for look in LOOKS}
    ours = [route for route in routes() if OURS.match(route)]
    assert [route for route in ours if route not in opened and not listed(route, NO_PAGE | SEEN)] == []


def test_no_exception_is_left_over():
    known = routes()
    opened = {look.row.route for look in LOOKS if look.row.method == "GET"} - {"en/tickets/new/"}
    assert [one for one in NO_PAGE | SEEN if not any(re.fullmatch(one, route) for route in known)] == []
    assert [route for route in opened if listed(route, NO_PAGE)] == []
    assert [file for file in SEEN.values() if not Path(__file__).with_name(file).exists()] == []


# A browser for all of them


@pytest.fixture(scope="module")
def site(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> OwnSite:
    """A demo of its own: what is sent here would stand on the pages of other tests."""
    folder = shutil.copytree(demo, tmp_path_factory.mktemp("pages") / "site")
    return OwnSite(folder, DJANGO_SETTINGS_MODULE="tests.browser.settings", DEBUG="0")


class Visitor:
    """A window that becomes whoever a page is for."""

    def __init__(self, window: Window, site: OwnSite) -> None:
        self.window, self.page, self.site, self.language = window, window.page, site, "en"
        told = json.loads(site.run("from tests.browser import states; states.tell()").splitlines()[-1])
        self.cookies, self.named = told["cookies"], cast("DrillSite", SimpleNamespace(things=told["things"]))

    def open(self, look: Look, *, language: str = "en", theme: Literal["light", "dark"] = "light", width: int) -> None:
        """Fails where another page shows itself than the look is about."""
        self.page.emulate_media(color_scheme=theme)
        self.page.set_viewport_size({"width": width, "height": 860})
        self._become(look.who, language)
        path = re.sub("^/en/", f"/{language}/", look.row.path(self.named))
        sent = urlencode(parse_qsl(named(look.row.sends, self.named), keep_blank_values=True))
        if look.row.method == "POST":
            self.page.route(self.window.address + path, lambda route: _post(route, sent), times=1)
        self.window.open(path if look.row.method == "POST" or not sent else f"{path}?{sent}")
        with translation.override(language):
            shown = resolve(urlsplit(self.page.url).path).route
        assert re.sub(f"^{language}/", "en/", shown) == (look.ends_at or look.row.route)
        assert self.page.locator("main h1").count() == 1

    def _become(self, who: str, language: str) -> None:
        if language != self.language:
            self.site.sql(READS[language])
            self.language = language
        self.window.context.clear_cookies()
        cookies = {settings.CSRF_COOKIE_NAME: TOKEN, **self.cookies.get(who, {})}
        known = [{"name": name, "value": value, "url": self.window.address} for name, value in cookies.items()]
        self.window.context.add_cookies(known)

    def faults(self, *rules: str) -> list[Any]:
        """What axe finds; with names of rules, by these alone."""
        only = {"runOnly": list(rules)} if rules else {}
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE_SCRIPT)
        found = self.page.evaluate("options => axe.run(document, options)", {**QUICKLY, **only})["violations"]
        return [(one["id"], [node["target"] for node in one["nodes"]][:3]) for one in found]


def _post(route: Route, sent: str) -> None:
    headers = {**route.request.headers, "content-type": "application/x-www-form-urlencoded"}
    route.continue_(method="POST", headers=headers, post_data=f"{sent}&csrfmiddlewaretoken={TOKEN}")


@pytest.fixture(scope="module")
def visitor(chromium: Browser, site: OwnSite) -> Iterator[Visitor]:
    with site.server() as address:
        window = Window(chromium, address, reduced_motion="reduce")  # a colour that still changes has no contrast yet
        yield Visitor(window, site)
        window.context.close()


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_axe_finds_nothing_in_light_and_in_dark(visitor, look):
    """The second theme is asked for its contrast alone: nothing else differs."""
    visitor.open(look, width=1280)
    light = visitor.faults()
    visitor.page.emulate_media(color_scheme="dark")
    assert (light, visitor.faults("color-contrast")) == ([], [])


@pytest.mark.parametrize(("place", "look"), list(enumerate(ARABIC)), ids=str)
def test_from_right_to_left_on_a_phone_axe_finds_nothing_and_nothing_is_too_wide(visitor, place, look):
    visitor.open(look, language="ar", theme=("light", "dark")[place % 2], width=390)
    assert visitor.page.get_attribute("html", "dir") == "rtl"
    assert visitor.window.overflow <= 0
    assert visitor.faults() == []
