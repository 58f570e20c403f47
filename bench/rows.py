"""Rows 1 to 4: reading and searching, in milliseconds of server CPU beside the yardstick."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle
from statistics import median
from urllib.parse import urlencode

from bench import queries, texts
from bench.figures import Figure
from bench.measure import Client, Costs, Request, Work, alternate
from bench.servers import Server, Servers
from bench.sites import ROOT, Site, generated

SHOWN = 60  # articles and categories that a mix visits, by language


@dataclass(frozen=True)
class Plan:
    """How much is measured: the two generated sites, the rounds, and the seconds of CPU per work and round."""

    small: Site
    large: Site
    rounds: int
    seconds: float
    searches: int  # per round, of each site
    is_quick: bool = False
    tickets: int = 50_000  # of the large desk
    database: str = ""  # the address of a PostgreSQL server for the desks; empty: SQLite

    @classmethod
    def full(cls) -> "Plan":
        return cls(generated(1_000, "en", "zh-hans", "ja"), generated(10_000, "en"), 9, 1.0, 2 * queries.MIX)

    @classmethod
    def quick(cls) -> "Plan":
        return cls(generated(100, "en", "zh-hans", "ja"), generated(1_000, "en"), 3, 0.3, queries.MIX, is_quick=True)


def article(plan: Plan, servers: Servers) -> Iterator[Figure]:
    """Row 1: an article with nothing kept."""
    work = _rotating("article", servers.site(plan.small, page_cache=False), _article_paths(plan.small))
    costs = _beside_hello(plan, servers, work)
    yield from _times_hello(1, "article page, nothing cached", costs, "article", 5.0)
    yield _statements(1, plan.small, "article", "article page, nothing cached: queries", 5)


def warm(plan: Plan, servers: Servers) -> Iterator[Figure]:
    """Row 2: an article that the process remembers, and one that the reader has."""
    server = servers.site(plan.small)
    paths = _article_paths(plan.small)
    requests = [Request(path, {"If-None-Match": etag}, 304) for path, etag in _etags(server, paths)]
    known = Work("304", server, lambda _: cycle(requests), unit=len(requests))
    costs = _beside_hello(plan, servers, _rotating("warm", server, paths), known)
    yield from _times_hello(2, "article page, warm in-process cache", costs, "warm", 1.6)
    yield _statements(2, plan.small, "warm", "article page, warm: queries", 0)
    yield from _times_hello(2, "article page, If-None-Match -> 304", costs, "304", 2.0)
    yield _statements(2, plan.small, "304", "article page, 304: queries", 1)


def category(plan: Plan, servers: Servers) -> Iterator[Figure]:
    """Row 3: a category with nothing kept, and the same on the large site."""
    paths = [f"/en/categories/{slug}/" for slug in texts.category_slugs()]
    works = [
        _rotating(name, servers.site(site, page_cache=False), paths)
        for name, site in (("category", plan.small), ("large", plan.large))
    ]
    costs = _beside_hello(plan, servers, *works)
    yield from _times_hello(3, "category page, nothing cached", costs, "category", 5.0)
    yield _statements(3, plan.small, "category", "category page: queries", 5)
    yield _statements(3, plan.large, "category", f"category page: queries at {plan.large.articles:,} articles", 5)
    growth = costs.ratio("large", to="category")
    yield Figure(3, f"category page: t({_growth(plan)})", growth, "x", note="information")


def search(plan: Plan, servers: Servers) -> Iterator[Figure]:
    """Row 4: the help search, on both sites with the same questions."""
    works = [
        Work(name, servers.site(site, page_cache=False), _searches(plan.small.articles), count=plan.searches)
        for name, site in (("search", plan.small), ("large", plan.large))
    ]
    for work in works:
        with Client(work.server) as client:
            client.send(work.requests(-1), queries.MIX)  # warm: the lexicon, the pages of the index
    costs = _beside_hello(plan, servers, *works)
    yield from _times_hello(4, f"help search at {plan.small.articles:,} articles", costs, "search", 10.0)
    yield _statements(4, plan.small, "search", "help search: queries", 4)
    yield _statements(4, plan.small, "first", "help search: queries, the first after a publish", None)
    name = f"help search: t({_growth(plan)})"
    yield Figure(4, name, costs.ratio("large", to="search"), "x", 3.0, detail=_spread(costs, "large", "search"))


def _beside_hello(plan: Plan, servers: Servers, *works: Work) -> Costs:
    hello = _rotating("hello", servers.hello(), ["/"])
    return alternate([hello, *works], plan.rounds, plan.seconds)


def _times_hello(row: int, name: str, costs: Costs, work: str, goal: float) -> Iterator[Figure]:
    detail = {
        "ms": round(costs.of(work), 3),
        "hello_ms": round(costs.of("hello"), 3),
        **_spread(costs, work, "hello"),
    }
    yield Figure(row, name, costs.ratio(work, to="hello"), "x hello", goal, note=f"{detail['ms']} ms", detail=detail)


def _spread(costs: Costs, work: str, to: str) -> dict[str, float | int]:
    """The smallest and the greatest ratio of a round: how much the machine disturbed."""
    ratios = costs.ratios(work, to)
    return {"rounds": len(ratios), "least": round(min(ratios), 2), "most": round(max(ratios), 2)}


def _growth(plan: Plan) -> str:
    return f"{plan.large.articles:,} articles)/t({plan.small.articles:,}"


def _rotating(name: str, server: Server, paths: list[str]) -> Work:
    requests = [Request(path) for path in paths]
    return Work(name, server, lambda _: cycle(requests), unit=len(requests))


def _article_paths(site: Site) -> list[str]:
    numbers = range(0, site.articles, max(1, site.articles // SHOWN))
    return [f"/{code}/articles/{texts.slug(number)}/" for number in numbers for code in site.languages]


def _etags(server: Server, paths: list[str]) -> Iterator[tuple[str, str]]:
    with Client(server) as client:
        for path in paths:
            yield path, client.get(path).headers["etag"]


def _searches(articles: int) -> Callable[[int], Iterator[Request]]:
    """New questions in every round: nobody's answer is remembered from the round before."""

    def requests(round_number: int) -> Iterator[Request]:
        for query in queries.stream(articles, round_number):
            yield Request(f"/{queries.LANGUAGE}/search/?{urlencode({'q': query})}")

    return requests


def _statements(row: int, site: Site, work: str, name: str, goal: int | None) -> Figure:
    """The largest number of SQL statements of a work's pages, counted in a process of its own; no goal: information."""
    command = [sys.executable, "-m", "bench.statements", str(site.articles), *site.languages]
    done = subprocess.run(command, env=site.environment(port=0), cwd=ROOT, check=True, stdout=subprocess.PIPE)
    counts = json.loads(done.stdout)[work]
    detail = {"least": min(counts), "median": median(counts), "pages": len(counts)}
    note = "" if goal is not None else "information"
    return Figure(row, name, max(counts), "SQL", goal, note=note, detail=detail)
