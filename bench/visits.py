"""What the crawl visits: every public page in every language, theme and width, and which of the visits axe looks at."""

import random
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations, product

from bench.data import GONE
from bench.measure import Client
from bench.servers import Server

THEMES = ("light", "dark")
WIDTHS = (320, 390, 1280)  # px
_LOCATION = re.compile(r"<loc>([^<]+)</loc>")

Cell = tuple[str, str, int]  # language, theme, width


@dataclass(frozen=True)
class Page:
    """A page of every language: its address below the language, the kind of page, and the status that it has."""

    path: str
    kind: str
    status: int = 200


@dataclass(frozen=True)
class Visit:
    page: Page
    language: str
    theme: str
    width: int  # px

    @property
    def path(self) -> str:
        return f"/{self.language}/{self.page.path}"

    @property
    def cell(self) -> Cell:
        return (self.language, self.theme, self.width)


# Besides those of the sitemap. The query is a word that every language of the demo content uses.
OTHER_PAGES = (
    Page("announcements/", "announcements"),
    Page("search/?q=API", "results"),
    Page("search/?q=qzxjv+wqkzx", "nothing found"),
    Page("search/", "empty search"),
    Page("feedback/api-keys/thanks/", "thanks"),
    Page("articles/no-such-article/", "not found", 404),
    Page(f"articles/{GONE}/", "gone", 410),
)


def public_pages(server: Server, languages: Iterable[str]) -> list[Page]:
    """The pages of the sitemap, and the others. Raises RuntimeError where an address in it is below no language."""
    known = set(languages)
    pages: dict[str, Page] = {}
    with Client(server) as client:
        for address in _sitemap(client, server, "/sitemap.xml"):
            language, _, path = address.removeprefix(f"{server.address}/").partition("/")
            if language not in known:
                raise RuntimeError(f"The sitemap names {address}, which is below no language.")
            pages[path] = Page(path, path.partition("/")[0] or "home")
    return [*pages.values(), *OTHER_PAGES]


def _sitemap(client: Client, server: Server, path: str) -> list[str]:
    """The addresses of a sitemap; of its parts where it is an index."""
    text = client.get(path, {"Accept-Encoding": "identity"}).body.decode()
    found = _LOCATION.findall(text)
    if "<sitemapindex" not in text:
        return found
    return [address for part in found for address in _sitemap(client, server, part.removeprefix(server.address))]


def all_visits(pages: Iterable[Page], languages: Iterable[str]) -> list[Visit]:
    return [Visit(*parts) for parts in product(pages, languages, THEMES, WIDTHS)]


def for_axe(pages: list[Page], languages: list[str], seed: int) -> set[Visit]:
    """Every page in English, light, at 1280 px; and for each kind of page all pairs of language, theme and width, the
    pages of the kind in turn."""
    rng = random.Random(seed)
    chosen = {Visit(page, "en", "light", 1280) for page in pages}
    for kind in dict.fromkeys(page.kind for page in pages):
        members = [page for page in pages if page.kind == kind]
        start = rng.randrange(len(members))
        for place, cell in enumerate(pairwise(languages, rng)):
            chosen.add(Visit(members[(start + place) % len(members)], *cell))
    return chosen


def pairwise(languages: list[str], rng: random.Random) -> list[Cell]:
    """Few cells in which each pair of a language, a theme and a width meets once at least (greedy)."""
    cells: list[Cell] = list(product(languages, THEMES, WIDTHS))
    rng.shuffle(cells)
    missing = {pair for cell in cells for pair in _pairs(cell)}
    chosen = []
    while missing:
        best = max(cells, key=lambda cell: len(missing & _pairs(cell)))
        chosen.append(best)
        missing -= _pairs(best)
    return chosen


def _pairs(cell: Cell) -> set[tuple[object, object]]:
    return set(combinations(cell, 2))


def sample(visits: list[Visit], axe: set[Visit], count: int, seed: int) -> list[Visit]:
    """Some of the visits, half of them among those that axe looks at, in the order of the whole."""
    rng = random.Random(seed)
    looked_at = [visit for visit in visits if visit in axe]
    others = [visit for visit in visits if visit not in axe]
    half = min(len(looked_at), (count + 1) // 2)
    chosen = {*rng.sample(looked_at, half), *rng.sample(others, min(len(others), count - half))}
    return [visit for visit in visits if visit in chosen]
