"""`python -m bench.crawl [--sample N] [--seed S]`: every public page of the demo content in every language, theme and
width, in Chromium. Prints every failure and a summary, writes results/crawl.json; exit code 1 on failures."""

import argparse
import json
import os
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench import servers, sites, visits
from bench.browser import chromium
from bench.checks import Crawler, Failure, Links
from bench.servers import Server, Servers, Unavailable
from bench.sites import DEMO
from bench.visits import THEMES, Visit
from supportdesk.settings.languages import SHIPPED

RESULTS = sites.ROOT / "results" / "crawl.json"
LANGUAGES = [code for code, _ in SHIPPED]
SAY_EVERY = 15.0  # seconds


def main() -> int:
    options = _options()
    servers.end_with_the_terminal()
    servers.require_free(options.port)
    started = time.monotonic()
    sites.prepare(DEMO)
    with Servers(options.port) as running:
        try:
            summary, failures = _crawl(running.site(DEMO, threads=4), options)
        except Unavailable as missing:
            print(f"The crawl was skipped: {missing}")
            return 1 if os.environ.get("REQUIRE_SERVICES") == "1" else 0
    summary["seconds"] = round(time.monotonic() - started)
    _write(options.output, summary, failures)
    print(", ".join(f"{name.replace('_', ' ')}: {value}" for name, value in summary.items()))
    return 1 if failures else 0


def _crawl(server: Server, options: argparse.Namespace) -> tuple[dict[str, Any], list[Failure]]:
    pages = visits.public_pages(server, LANGUAGES)
    planned = visits.all_visits(pages, LANGUAGES)
    axe = visits.for_axe(pages, LANGUAGES, options.seed)
    if options.sample:
        planned = visits.sample(planned, axe, options.sample, options.seed)
    links = Links(server)
    failures: list[Failure] = []
    for failure in _visit_all(server, planned, axe, links):
        print(f"FAILED {failure}", flush=True)
        failures.append(failure)
    summary = {
        "pages": len(pages),
        "languages": len(LANGUAGES),
        "visits": len(planned),
        "looked_at_by_axe": len(axe & set(planned)),
        "links": len(links.statuses),
        "failures": len(failures),
        "by_check": dict(Counter(failure.check for failure in failures)),
    }
    return summary, failures


def _visit_all(server: Server, planned: list[Visit], axe: set[Visit], links: Links) -> Iterator[Failure]:
    said, done = time.monotonic(), 0
    with chromium() as browser:
        for theme in THEMES:
            with _crawler(browser, theme, server, links) as crawler:
                for visit in (visit for visit in planned if visit.theme == theme):
                    yield from crawler.visit(visit, with_axe=visit in axe)
                    done += 1
                    if time.monotonic() - said > SAY_EVERY:
                        said = time.monotonic()
                        print(f"  {done} of {len(planned)} visits", flush=True)


@contextmanager
def _crawler(browser: Any, theme: str, server: Server, links: Links) -> Iterator[Crawler]:
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(color_scheme=theme)
    try:
        yield Crawler(context.new_page(), server, links, Axe())
    finally:
        context.close()


def _write(path: Path, summary: dict[str, Any], failures: list[Failure]) -> None:
    """Write what was found as JSON; nothing in it names the machine."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {**summary, "found": [failure.as_dict() for failure in failures]}
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.crawl", description=__doc__)
    parser.add_argument("--sample", type=int, default=0, help="visit only so many (page, language, theme, width)")
    parser.add_argument("--seed", type=int, default=1, help="of the sample and of the visits that axe looks at")
    parser.add_argument("--port", type=int, default=servers.FIRST_PORT, help=f"the first of {servers.PORTS} ports")
    parser.add_argument("--output", type=Path, default=RESULTS, help="where the findings go as JSON")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
