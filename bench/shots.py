"""`python -m bench.shots [--only NAME,…] [--prototype FOLDER]`: pictures of our pages beside the prototype's, in four
languages, two themes and two widths, and a table of what differs (`bench/likeness.py`).

Writes results/shots/index.html with the pictures. Exit code 1 where a page differs in what no `ON_PURPOSE` explains.
Without the prototype's folder, or without its Bootstrap (`make css` brings it), our pages are taken alone.
"""

import argparse
import html
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from bench import likeness, servers, sites
from bench.browser import chromium
from bench.servers import Servers, Unavailable
from bench.sites import DEMO, ROOT
from bench.visits import THEMES

OUT = ROOT / "results" / "shots"
BOOTSTRAP = ROOT / "supportdesk" / "ui" / "styles" / "node_modules" / "bootstrap" / "dist" / "css"
LANGUAGES = {"en": "en", "zh-hans": "zh-Hans", "ja": "ja", "ar": "ar"}  # ours -> its tag
WIDTHS = (390, 1280)  # px
PASSWORD = "northgate-demo"  # noqa: S105 - printed by `manage.py demo`
DRAWN = "http://prototype.invalid/"  # where the browser finds the prototype; nothing leaves this machine


@dataclass(frozen=True)
class Page:
    """A page of ours and its page of the prototype. `who` is the name of a demo account; `then` finds the link on it
    that leads to the page; `widths` are those for which it is drawn."""

    name: str
    path: str
    drawn: str
    who: str = ""
    then: str = ""
    widths: tuple[int, ...] = WIDTHS


PAGES = (
    Page("home", "/{language}/", "home"),
    Page("category", "/{language}/categories/deposits-and-withdrawals/", "category"),
    Page("article", "/{language}/articles/why-was-i-liquidated/", "article-en"),
    Page("contract", "/{language}/articles/btcusdt-perp/", "contract-en"),
    Page("announcement", "/{language}/announcements/fake-refund-emails/", "announce"),
    Page("search", "/{language}/search/?q=USDT", "search"),
    Page("nothing found", "/{language}/search/?q=zqxwv", "search-empty"),
    Page("troubleshooter", "/{language}/troubleshoot/cannot-sign-in/?path=code", "wizard-q"),
    Page("ticket form", "/{language}/tickets/new/?topic=deposits", "ticket-new"),
    Page("sign in", "/{language}/account/login/", "signin"),
    Page("ticket", "/{language}/tickets/", "ticket", "trader", "main .rows a"),
    Page("queue", "/desk/?view=all", "inbox-list", "agent", widths=(390,)),
    Page("thread", "/desk/?view=all", "inbox-thread", "agent", ".trow a", widths=(390,)),
    Page("inbox", "/desk/?view=all", "inbox", "agent", ".trow a", widths=(1280,)),
    Page("lead", "/desk/lead/", "lead", "desk-lead"),
    Page("incident", "/desk/incidents/", "incident", "desk-lead", "main table a, main .rows a"),
    Page("content", "/admin/", "dash", "editor"),
    Page("matrix", "/admin/helpcenter/translationstate/", "matrix", "editor"),
    Page("translation", "/admin/helpcenter/translationstate/", "translate", "editor", ".sd-matrix td:last-child a"),
)  # fmt: skip
# Page and difference, as a pattern -> why it stays
ON_PURPOSE = {
    r"(search|ticket form): second button": "A finger hits it: 44 px on every page for readers.",
    r"sign in: field": "The prototype draws the field of a code, which is larger.",
    r"sign in: text column": "Sessions and tokens, in the same column, are lists.",
    r"lead: h1: size": "Sheets of the desk have headings of 16 px below theirs, which 17 px would not stand out from.",
    r"matrix: h1: size": "It is a page of the admin, whose h1 is that of the drawn article form.",
}

Cell = tuple[str, str, int]  # language, theme, width


class Studio:
    """A browser that goes to our pages as somebody, and to the prototype's in any language and theme."""

    def __init__(self, browser: Any, address: str, prototype: Path) -> None:
        self.browser, self.address, self.prototype = browser, address, prototype
        self.measured: dict[tuple[str, Cell], dict[str, Any]] = {}

    def ours(self, tab: Any, page: Page, language: str) -> None:
        tab.goto(self.address + page.path.format(language=language))
        if page.then:
            tab.goto(tab.locator(page.then).first.evaluate("link => link.href"))
        tab.evaluate("for (const one of document.querySelectorAll('img[loading]')) one.loading = 'eager';")
        tab.wait_for_load_state("networkidle")  # pictures, and what scripts fetch and draw

    def theirs(self, page: Page, cell: Cell) -> dict[str, Any]:
        """Measured, and photographed once in each theme and width."""
        language, theme, width = cell
        if (page.drawn, cell) not in self.measured:
            tab = self.browser.new_page(viewport={"width": width, "height": 900})
            tab.route(f"{DRAWN}**", lambda route: self._answer(route, language, theme))
            tab.goto(f"{DRAWN}{page.drawn}.html")
            self.measured[page.drawn, cell] = tab.evaluate(likeness.MEASURE, likeness.ROLES)
            if language == "en":
                tab.screenshot(path=OUT / f"drawn {page.name} {theme} {width}.png", full_page=True)
            tab.close()
        return self.measured[page.drawn, cell]

    def _answer(self, route: Any, language: str, theme: str) -> None:
        """A file of the prototype; its pages are put into our language and theme, its Bootstrap is ours."""
        direction = "rtl" if language == "ar" else "ltr"
        path = route.request.url.removeprefix(DRAWN).partition("?")[0]
        if path.startswith("vendor/"):
            route.fulfill(path=BOOTSTRAP / ("bootstrap.rtl.min.css" if direction == "rtl" else "bootstrap.min.css"))
        elif path.endswith(".html"):
            text = (self.prototype / path).read_text(encoding="utf-8")
            root = f'<html lang="{LANGUAGES[language]}" dir="{direction}" data-bs-theme="{theme}"'
            route.fulfill(body=re.sub(r"<html[^>]*", root, text, count=1), content_type="text/html; charset=utf-8")
        elif (self.prototype / path).is_file() and path != "js/theme.js":
            route.fulfill(path=self.prototype / path)
        else:
            route.abort()

    def signed_in(self, who: str, language: str) -> Any:
        """A tab of somebody of the demo's cast, who reads this language."""
        with closing(sqlite3.connect(DEMO.folder / "site.sqlite3", timeout=20)) as database, database:
            database.execute("UPDATE accounts_user SET language = ? WHERE email LIKE ?", (language, f"{who}@%"))
        context = self.browser.new_context(locale=LANGUAGES[language], reduced_motion="reduce")
        tab = context.new_page()
        if who:
            tab.goto(f"{self.address}/{language}/account/login/")
            tab.fill("#page_login", f"{who}@northgate.example")
            tab.fill("#page_password", PASSWORD)
            tab.click("main .btn-primary")
        return tab


def main() -> int:
    options = _options()
    servers.end_with_the_terminal()
    servers.require_free(options.port)
    sites.prepare(DEMO)
    OUT.mkdir(parents=True, exist_ok=True)
    chosen = [page for page in PAGES if not options.only or page.name in options.only]
    missing = _missing(options.prototype)
    found: dict[str, dict[Cell, list[str]]] = {}
    with Servers(options.port) as running:
        try:
            with chromium() as browser:
                studio = Studio(browser, running.site(DEMO, threads=4).address, options.prototype)
                for page, cell, said in _taken(studio, chosen, compares=not missing):
                    found.setdefault(page.name, {})[cell] = said
        except Unavailable as why:
            print(f"No pictures were taken: {why}")
            return 1 if os.environ.get("REQUIRE_SERVICES") == "1" else 0
    (OUT / "index.html").write_text(_sheet(found), encoding="utf-8")
    print(missing or "", _table(found), f"\nThe pictures: {(OUT / 'index.html').relative_to(ROOT)}", sep="\n")
    return 1 if any(said for cells in found.values() for said in cells.values()) else 0


def _missing(prototype: Path) -> str:
    if not (prototype / "css" / "tokens.css").is_file():
        return "Nothing was compared: the prototype is not there (--prototype)."
    return "" if BOOTSTRAP.is_dir() else "Nothing was compared: the prototype needs Bootstrap, which `make css` brings."


def _taken(studio: Studio, pages: list[Page], *, compares: bool) -> Iterator[tuple[Page, Cell, list[str]]]:
    tokens = likeness.palette(studio.prototype / "css" / "tokens.css") if compares else {}
    for language, who in product(LANGUAGES, dict.fromkeys(page.who for page in pages)):
        tab = studio.signed_in(who, language)
        for page in (page for page in pages if page.who == who):
            for theme, width in product(THEMES, page.widths):
                cell = (language, theme, width)
                tab.set_viewport_size({"width": width, "height": 900})
                tab.emulate_media(color_scheme=theme)
                studio.ours(tab, page, language)
                tab.screenshot(path=OUT / f"{page.name} {language} {theme} {width}.png", full_page=True)
                said = likeness.faults(tab.evaluate(likeness.LOOK), tokens[theme]) if compares else []
                if compares:
                    own = tab.evaluate(likeness.MEASURE, likeness.ROLES)
                    said += likeness.differences(own, studio.theirs(page, cell), tokens[theme])
                yield page, cell, [one for one in said if not _reason(page, one)]
        tab.context.close()
    studio.signed_in("%", "en").context.close()


def _reason(page: Page, difference: str) -> str:
    return next((why for known, why in ON_PURPOSE.items() if re.match(known, f"{page.name}: {difference}")), "")


def _table(found: dict[str, dict[Cell, list[str]]]) -> str:
    """Each difference of a page once, with where it was seen."""
    lines = []
    for name, cells in found.items():
        places: dict[str, list[str]] = {}
        for cell, said in cells.items():
            for one in said:
                places.setdefault(one, []).append(" ".join(map(str, cell)))
        lines.append(f"{name}: {len(places)} differences in {len(cells)} pictures")
        for one, where in places.items():
            lines.append(f"  {one}   [{'everywhere' if len(where) == len(cells) else ', '.join(where)}]")
    return "\n".join(lines)


def _sheet(found: dict[str, dict[Cell, list[str]]]) -> str:
    """Ours beside the prototype's, with what differs below."""
    rows = []
    for name, cells in found.items():
        for (language, theme, width), said in cells.items():
            pictures = (f"{name} {language} {theme} {width}.png", f"drawn {name} {theme} {width}.png")
            images = "".join(f'<img src="{html.escape(file)}" alt="" loading="lazy">' for file in pictures)
            told = "".join(f"<li>{html.escape(one)}</li>" for one in said)
            rows.append(f"<h2>{name}, {language}, {theme}, {width} px</h2><div>{images}</div><ul>{told}</ul>")
    style = "body{font:14px sans-serif}div{display:flex;gap:1rem;align-items:start}img{width:48%;border:1px solid #999}"
    return f'<!doctype html><meta charset="utf-8"><title>Shots</title><style>{style}</style>{"".join(rows)}'


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.shots", description=__doc__)
    parser.add_argument("--only", type=lambda text: text.split(","), default=[], help="names of pages, with commas")
    parser.add_argument("--prototype", type=Path, default=ROOT.parent / "shared" / "prototype", help="its folder")
    parser.add_argument("--port", type=int, default=servers.FIRST_PORT, help=f"the first of {servers.PORTS} ports")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
