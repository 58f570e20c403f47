"""What the crawl asks of a page that it visits."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from bench.measure import Client
from bench.servers import Server
from bench.visits import Visit

RIGHT_TO_LEFT = frozenset({"ar"})
# Runs before the page's own scripts.
LISTEN = """
window.crawlViolations = [];
addEventListener('securitypolicyviolation', event =>
  window.crawlViolations.push(event.effectiveDirective + ' ' + (event.blockedURI || event.sourceFile)));
"""
LOOK = """() => {
  const root = document.documentElement;
  const name = element => element.tagName.toLowerCase() + (element.className ? '.' + element.className : '');
  const wide = root.scrollWidth > innerWidth ? [...document.querySelectorAll('body *')].filter(element => {
    const box = element.getBoundingClientRect();
    return box.width && (box.right > innerWidth + 1 || box.left < -1);
  }).slice(0, 3).map(name) : [];
  const addresses = selector => [...document.querySelectorAll(selector)].map(link => link.href.split('#')[0]);
  return {
    lang: root.lang, dir: root.dir, scrollWidth: root.scrollWidth, innerWidth, wide,
    violations: window.crawlViolations,
    languages: addresses('[data-languages] a'),
    links: addresses('a[href], link[href]'),
  };
}"""


@dataclass(frozen=True)
class Failure:
    """Something that is wrong on a page; `check` groups failures of a kind."""

    path: str
    theme: str
    width: int
    check: str
    detail: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def __str__(self) -> str:
        return f"{self.check}: {self.path} ({self.theme}, {self.width} px): {self.detail}"


class Links:
    """The status behind each internal address, asked once."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.statuses: dict[str, int] = {}

    def status(self, path: str) -> int:
        if path not in self.statuses:
            with Client(self._server) as client:
                self.statuses[path] = client.get(path).status
        return self.statuses[path]


class Crawler:
    """Visits pages in one tab of a browser; `tab` has the theme of its visits."""

    def __init__(self, tab: Any, server: Server, links: Links, axe: Any) -> None:
        self._tab, self._server, self._links, self._axe = tab, server, links, axe
        self._said: list[str] = []
        tab.add_init_script(LISTEN)
        tab.on("console", self._listen)
        tab.on("pageerror", lambda error: self._said.append(str(error)))

    def visit(self, visit: Visit, *, with_axe: bool) -> list[Failure]:
        """Load the page as a reader would and look at it."""
        self._said.clear()
        self._tab.set_viewport_size({"width": visit.width, "height": 900})
        response = self._tab.goto(self._server.address + visit.path, wait_until="load")
        seen = self._tab.evaluate(LOOK)
        found = [*self._page(visit, response.status, seen), *self._addresses(visit, seen)]
        found += [("console", said) for said in self._said if not _is_the_page_itself(visit, said)]
        if with_axe:
            found += self._violations_of_axe()
        return [self._failure(visit, check, detail) for check, detail in found]

    def _page(self, visit: Visit, status: int, seen: dict[str, Any]) -> Iterator[tuple[str, str]]:
        if status != visit.page.status:
            yield "status", f"{status} instead of {visit.page.status}"
        if seen["lang"].lower() != visit.language:
            yield "lang", f"lang={seen['lang']}"
        if seen["dir"] != ("rtl" if visit.language in RIGHT_TO_LEFT else "ltr"):
            yield "dir", f"dir={seen['dir']}"
        if seen["innerWidth"] != visit.width:
            yield "window", f"{seen['innerWidth']} px wide"
        if seen["scrollWidth"] > seen["innerWidth"]:
            yield "overflow", f"{seen['scrollWidth']} px wide, for example {', '.join(seen['wide'])}"
        for violation in seen["violations"]:
            yield "csp", violation

    def _addresses(self, visit: Visit, seen: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """The language links lead to the same page, so they have its status; everything else has to be there."""
        languages = {self._local(address) for address in seen["languages"]}
        if not languages:
            yield "languages", "there is no language menu"
        links = {self._local(link) for link in seen["links"] if link.startswith(self._server.address)}
        expected = dict.fromkeys(links, 200) | dict.fromkeys(languages, visit.page.status)
        if visit.path in expected:  # a page that is not there still names itself as canonical
            expected[visit.path] = visit.page.status
        for path, status in sorted(expected.items()):
            if (found := self._links.status(path)) != status:
                yield "language link" if path in languages else "link", f"{path} answers {found} instead of {status}"

    def _violations_of_axe(self) -> Iterator[tuple[str, str]]:
        for violation in self._axe.run(self._tab).response["violations"]:
            targets = "; ".join(str(node["target"][0]) for node in violation["nodes"][:3])
            yield "axe", f"{violation['id']} ({violation['impact']}): {violation['help']}: {targets}"

    def _listen(self, message: Any) -> None:
        if message.type == "error":
            self._said.append(f"{message.text} {message.location.get('url', '')}".strip())

    def _local(self, address: str) -> str:
        return address.removeprefix(self._server.address)

    def _failure(self, visit: Visit, check: str, detail: str) -> Failure:
        """Without the address of this run's server, so that runs can be compared."""
        text = detail.replace(self._server.address, "")
        return Failure(visit.path, visit.theme, visit.width, check, text)


def _is_the_page_itself(visit: Visit, said: str) -> bool:
    """Chromium reports a page with status 404 as an error, which here it is not."""
    return visit.page.status != 200 and said.startswith("Failed to load resource") and visit.path in said
