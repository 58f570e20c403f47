"""Row 12: what a reading page costs over a slow line, in Chromium."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from bench.figures import Figure
from bench.measure import Client, Request
from bench.rows import Plan
from bench.servers import Server, Servers, Unavailable
from bench.sites import DEMO, ROOT

# The whole browser where it is installed, as before: its shell without windows gives figures of its own.
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-headless-shell") or ""
LANGUAGES = ("en", "zh-hans", "ar")
ENGLISH = ROOT / "fixtures" / "help" / "en"
WIDTH, HEIGHT = 390, 844  # of a plain window: mobile emulation reports a layout shift of 0 where there is one
CPU_SLOWED = 4
SETTLE = 1500  # milliseconds after `load` in which pictures and late shifts may still come
KB = 1000  # bytes

# Runs before the page's own scripts. A scroll ends the measurement of LCP, so it is read before scrolling.
OBSERVE = """(() => {
window.benchLcp = 0; window.benchShift = 0;
const watch = (type, note) => new PerformanceObserver(list => list.getEntries().forEach(note))
  .observe({type, buffered: true});
watch('largest-contentful-paint', entry => { window.benchLcp = entry.startTime; });
watch('layout-shift', entry => { if (!entry.hadRecentInput) window.benchShift += entry.value; });
})();"""
SCROLL = """async () => {
  for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight / 2) {
    scrollTo(0, y); await new Promise(done => setTimeout(done, 60));
  }
}"""


@dataclass(frozen=True)
class Line:
    """A network: kilobits per second down and up, milliseconds of latency."""

    name: str
    down: int
    up: int
    latency: int


FAST = Line("1.6 Mbps/150 ms", 1600, 750, 150)
SLOW = Line("400 kbps/400 ms", 400, 400, 400)


@dataclass(frozen=True)
class Load:
    """One load of a page: seconds to the largest paint, the sum of layout shifts, the requests (kind and URL)."""

    lcp: float
    shift: float
    requests: tuple[tuple[str, str], ...]


@contextmanager
def chromium(*arguments: str) -> Iterator[Any]:
    """Debian's Chromium, driven by Playwright. Raises Unavailable where it is not installed."""
    if not Path(CHROMIUM).is_file():
        raise Unavailable(f"Chromium is not installed{f' at {CHROMIUM}' if CHROMIUM else ''}")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-gpu", *arguments]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        try:
            yield browser
        finally:
            browser.close()


def wire(plan: Plan, servers: Servers) -> Iterator[Figure]:
    """Reading pages over a slow line"""
    server = servers.site(DEMO, threads=4)
    times = 2 if plan.is_quick else 5
    with Client(server) as client:
        kinds = ("", f"articles/{longest_guide()}/", f"articles/{largest_table(client)}/")
        pages = [f"/{code}/{page}" for page in kinds for code in LANGUAGES]
        client.send(iter([Request(page) for page in pages]), len(pages))  # warm: the server's part is rows 1 to 4
    with chromium(f"--window-size={WIDTH},{HEIGHT}") as browser:
        loads = {page: [_load(browser, server, page, FAST) for _ in range(times)] for page in pages}
        slow = {page: [_load(browser, server, page, SLOW) for _ in range(times)] for page in pages}
    requests = {page: of_page[0].requests for page, of_page in loads.items()}
    yield from _sizes(server, requests)
    yield _worst("requests besides article images", {p: _counted(asked) for p, asked in requests.items()}, "", 6)
    yield _worst("fonts", {p: _of_kind(asked, "font") for p, asked in requests.items()}, "", 0)
    shifts = {page: median(load.shift for load in of_page) for page, of_page in loads.items()}
    yield _worst("layout shift (CLS), 390 px window", shifts, "", 0.02)
    yield _worst(f"LCP at {FAST.name}, CPU {CPU_SLOWED}x slower", _lcp(loads), "s", 2.0)
    yield _worst(f"LCP at {SLOW.name}, CPU {CPU_SLOWED}x slower", _lcp(slow), "s", note="information; UX.md: <= 3.0")


def longest_guide() -> str:
    """The slug of the guide with the longest English source among the demo content."""
    files = [path for path in ENGLISH.glob("*.md") if "\ntype: guide\n" in path.read_text()]
    return max(files, key=lambda path: path.stat().st_size).stem


def largest_table(client: Client) -> str:
    """The slug of the demo article whose English page has the most rows of tables, those made of facts among them."""
    plain = {"Accept-Encoding": "identity"}
    slugs = [path.stem for path in ENGLISH.glob("*.md")]
    return max(slugs, key=lambda slug: client.get(f"/en/articles/{slug}/", plain).body.count(b"<tr"))


def _load(browser: Any, server: Server, page: str, line: Line) -> Load:
    """A first visit: nothing cached, in a window of our width."""
    context = browser.new_context(no_viewport=True)
    try:
        tab = context.new_page()
        _narrow(context, tab)
        _slow_down(context, tab, line)
        asked: list[tuple[str, str]] = []
        tab.on("request", lambda request: asked.append((request.resource_type, request.url)))
        tab.add_init_script(OBSERVE)
        tab.goto(server.address + page, wait_until="load")
        tab.wait_for_timeout(SETTLE)
        lcp = tab.evaluate("window.benchLcp") / 1000
        tab.evaluate(SCROLL)
        tab.wait_for_timeout(300)
        return Load(lcp, tab.evaluate("window.benchShift"), tuple(asked))
    finally:
        context.close()


def _narrow(context: Any, tab: Any) -> None:
    """Give the real window our width. Raises RuntimeError where the browser refuses."""
    session = context.new_cdp_session(tab)
    window = session.send("Browser.getWindowForTarget")["windowId"]
    session.send("Browser.setWindowBounds", {"windowId": window, "bounds": {"width": WIDTH, "height": HEIGHT}})
    tab.wait_for_timeout(100)
    width = tab.evaluate("innerWidth")
    if width != WIDTH:
        raise RuntimeError(f"The window is {width} px wide instead of {WIDTH}.")


def _slow_down(context: Any, tab: Any, line: Line) -> None:
    session = context.new_cdp_session(tab)
    session.send("Network.enable")
    conditions = {
        "offline": False,
        "latency": line.latency,
        "downloadThroughput": line.down * 1000 / 8,  # bytes per second
        "uploadThroughput": line.up * 1000 / 8,
    }
    session.send("Network.emulateNetworkConditions", conditions)
    session.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWED})


def _sizes(server: Server, requests: dict[str, tuple[tuple[str, str], ...]]) -> Iterator[Figure]:
    """Bytes as sent, compressed, of each page and what it loads."""
    kinds = (("HTML", "document", 15), ("CSS", "stylesheet", 15), ("JS", "script", 5))
    with Client(server) as client:
        for name, kind, goal in kinds:
            sizes = {
                page: sum(len(client.get(urlsplit(url).path).body) for asked, url in of_page if asked == kind) / KB
                for page, of_page in requests.items()
            }
            yield _worst(f"{name} as sent (gzip)", sizes, "KB", goal)


def _counted(asked: tuple[tuple[str, str], ...]) -> int:
    """Requests without article images, and one for the icon: browsers fetch it, the driver does not show it."""
    shown = [url for _, url in asked if not re.search(r"/pictures/[0-9a-f]{32}-", url)]
    return len(shown) + (not any("favicon" in url for url in shown))


def _of_kind(asked: tuple[tuple[str, str], ...], kind: str) -> int:
    return sum(resource == kind for resource, _ in asked)


def _lcp(loads: dict[str, list[Load]]) -> dict[str, float]:
    return {page: median(load.lcp for load in of_page) for page, of_page in loads.items()}


def _worst(name: str, by_page: dict[str, float], unit: str, goal: float | None = None, note: str = "") -> Figure:
    """The worst page stands for all of them; the detail has each."""
    page = max(by_page, key=lambda key: by_page[key])
    detail = {key: round(value, 3) for key, value in by_page.items()}
    return Figure(12, name, by_page[page], unit, goal, note=note or page, detail=detail)
