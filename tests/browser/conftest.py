"""One site with the demo content and one Chromium for all browser tests; they share one process.

A new window costs more than most pages, so tests that only look at pages share one (`look`).
"""

import shutil
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any, Literal

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Response, sync_playwright

from tests import pseudo
from tests.browser.mailed import MailedSite, mailed_site
from tests.own_site import OwnSite
from tests.services import CHROMIUM, need_chromium


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def address(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real server over the demo content."""
    need_chromium()
    folder = shutil.copytree(demo, tmp_path_factory.mktemp("browser") / "site")
    source = Path(settings.BASE_DIR) / "locale" / "ja" / "LC_MESSAGES" / "django.po"
    pseudo.write_locale(source, folder / "locale" / "xx" / "LC_MESSAGES" / "django.mo")
    site = OwnSite(
        folder, DJANGO_SETTINGS_MODULE="tests.browser.settings", PSEUDO_LOCALE=str(folder / "locale"), DEBUG="0"
    )
    with site.server() as at:
        yield at


@pytest.fixture(scope="package")
def mailed(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailedSite]:
    """A site beside that of the others, with mail that goes out and comes in."""
    need_chromium()
    with mailed_site(demo, tmp_path_factory.mktemp("mailed") / "site") as found:
        yield found


@pytest.fixture(scope="package")  # no longer: while it runs, Django takes this thread for an asynchronous one
def chromium() -> Iterator[Browser]:
    need_chromium()
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", *quiet])
        yield browser
        browser.close()


@pytest.fixture(scope="package", autouse=True)
def what_is_opened_is_read_to_its_end() -> Iterator[None]:
    """A click returns when the next page has begun to arrive; on a busy machine its headings may come later."""
    with pytest.MonkeyPatch.context() as patch:
        for kind in (Page, Locator):
            for act in ("click", "press", "tap"):
                patch.setattr(kind, act, _and_read(getattr(kind, act)))
        yield


def _and_read(act: Callable[..., None]) -> Callable[..., None]:
    @wraps(act)
    def acted(self: Page | Locator, *args: Any, **options: Any) -> None:
        act(self, *args, **options)
        page = self if isinstance(self, Page) else self.page
        if not page.is_closed():
            page.wait_for_load_state("domcontentloaded")

    return acted


class Window:
    """A browser window of its own that notes what a page must not do: errors, refused sources, foreign hosts."""

    def __init__(self, browser: Browser, address: str, **options: Any) -> None:
        options = {"viewport": {"width": 1280, "height": 900}, "locale": "en", **options}
        self.context: BrowserContext = browser.new_context(**options)
        self.page: Page = self.context.new_page()
        self.address = address
        self.troubles: list[str] = []
        self.refused: set[str] = set()  # pages that say what is wrong: a form with errors, a link that is too old
        self.page.on("response", self._refuse)
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("request", lambda request: self._foreign(request.url))

    def _refuse(self, answer: Response) -> None:
        if answer.request.is_navigation_request() and 400 <= answer.status < 500:
            self.refused.add(answer.url)

    def _note(self, message: ConsoleMessage) -> None:
        is_told = "404" in message.text or message.location["url"] in self.refused
        if message.type == "error" and not is_told:
            self.troubles.append(message.text)

    def _foreign(self, url: str) -> None:
        if not url.startswith((self.address, "data:")):
            self.troubles.append(f"asks another host: {url}")

    def open(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page

    @property
    def overflow(self) -> int:
        """Pixels by which the page is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


@pytest.fixture
def window(chromium: Browser, address: str) -> Iterator[Callable[..., Window]]:
    opened: list[Window] = []

    def make(**options: Any) -> Window:
        opened.append(Window(chromium, address, **options))
        return opened[-1]

    yield make
    for one in opened:
        one.context.close()


@pytest.fixture(scope="package")
def shared_window(chromium: Browser, address: str) -> Iterator[Window]:
    one = Window(chromium, address)
    yield one
    one.context.close()


@pytest.fixture
def look(shared_window: Window) -> Callable[..., Page]:
    """Load a page in a theme and a width; whoever clicks, types or stores anything takes a `window` of their own."""

    def at(path: str, *, theme: Literal["light", "dark"] = "light", width: int = 1280) -> Page:
        shared_window.page.set_viewport_size({"width": width, "height": 900})
        shared_window.page.emulate_media(color_scheme=theme)
        return shared_window.open(path)

    return at
