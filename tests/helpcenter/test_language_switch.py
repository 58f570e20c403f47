"""Switching the language: on every public page of the demo content each line of the language menu leads to the same
thing in that language. One crawl of the whole site with the test client, then one test per promise."""

import gzip
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
import time_machine
from django.conf import settings
from django.core.cache import caches
from django.test import Client

from helpcenter import freshness, tree
from helpcenter.actions import counting, search_words
from tests.helpcenter import searching
from tests.helpcenter.dom import TAGS, TWELVE, Page, path_of

# The tests ask nothing of the database, but the crawl needs it to be there.
pytestmark = [pytest.mark.django_db]

FOLDER = settings.BASE_DIR / "fixtures" / "help"
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)  # between the moments of the demo announcements
CHANGES = {"fees", "lost-2fa-device", "tax-reports", "btcusdt-perp"}
START = ("", "articles/absent/", "search/?q=funding", "search/?q=zzzxqj", "feedback/fees/thanks/")


@dataclass(frozen=True)
class Read:
    """What the crawl keeps of a page."""

    status: int
    page: Page
    packed: int
    headers: dict[str, str]


def forget_everything() -> None:
    freshness.reset()
    tree.forget()
    caches["pages"].clear()


@pytest.fixture(scope="module")
def site(demo: Path, django_db_setup: None, django_db_blocker: Any) -> dict[str, Read]:
    """Every page that links lead to, in all languages, with nothing of it left in the database afterwards."""
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False):
        forget_everything()
        with searching.kept_database(demo / "site.sqlite3"):
            # One question in four languages: each that is offered makes twelve pages.
            search_words.offer_searches([{"en": "funding", "zh-hans": "强平", "ja": "手数料", "ar": "رسوم"}])
            found = crawl(Client())
        forget_everything()
    return found


def crawl(client: Client) -> dict[str, Read]:
    found: dict[str, Read] = {}
    moved: set[str] = set()  # a link in a text leads to a troubleshooter by the address that articles have
    waiting = [f"/{language}/{path}" for language in TWELVE for path in START]
    while waiting:
        path = waiting.pop()
        if path in found or path in moved:
            continue
        response = client.get(path, headers={"Accept-Encoding": "gzip"})
        if response.status_code == 301:
            moved.add(path)
            waiting.append(response["Location"])
            continue
        counting.searches.drop()
        packed = len(response.content)
        body = gzip.decompress(response.content) if "Content-Encoding" in response.headers else response.content
        page = Page(body.decode())
        found[path] = Read(response.status_code, page, packed, dict(response.headers))
        waiting += [address for address in internal(path, page) if address not in found]
    return found


LEFT_OUT = re.compile(r"/feed/|&|^/[a-z-]+/(account|tickets|t)/")


def internal(path: str, page: Page) -> set[str]:
    """Addresses of pages that the page links to, without feeds, accounts, requests, the pseudo-language, and filters of
    a search. Of a troubleshooter the first questions and answers are read, of the lists of changes those of four
    texts: `make crawl` reads them all."""
    hrefs = {urldefrag(urljoin(path, link["href"])).url for link in page.all("a", href=True)}
    own = {href for href in hrefs if href.startswith("/") and href.split("/")[1] in TWELVE}
    return {href for href in own if not LEFT_OUT.search(href) and not is_deep(href)}


def is_deep(href: str) -> bool:
    """Whether an address lies behind the second answer of a troubleshooter, or lists the changes of one text more."""
    return "." in urlsplit(href).query or ("/changes/" in href and href.split("/")[3] not in CHANGES)


def languages_of(path: str) -> str:
    return path.split("/")[1]


def thing(path: str) -> str:
    """The address without its language."""
    return path.split("/", 2)[2]


def menu(read: Read) -> dict[str, str]:
    """Code -> address of the language menu, without the pseudo-language of the tests."""
    codes = {tag: code for code, tag in TAGS.items()}
    return {codes[tag]: link["href"] for tag, link in read.page.menu.items() if tag in codes}


def pages(site: dict[str, Read]) -> dict[str, Read]:
    return {path: read for path, read in site.items() if read.status == 200}


def texts(site: dict[str, Read]) -> dict[str, Read]:
    """The pages that search engines may know: not searches, not thanks."""
    return {path: read for path, read in pages(site).items() if not thing(path).startswith(("search/", "feedback/"))}


def test_the_crawl_has_seen_every_kind_of_page_in_every_language(site):
    for language in TWELVE:
        own = [thing(path) for path in pages(site) if languages_of(path) == language]
        assert len([path for path in own if path.startswith("articles/")]) >= 12
        assert len([path for path in own if path.startswith("categories/")]) >= 8
        assert len([path for path in own if path.startswith("announcements/")]) == 4
        assert "" in own


def test_every_link_of_every_page_answers(site):
    broken = {path: read.status for path, read in site.items() if read.status != 200 and "articles/absent/" not in path}
    assert broken == {}


def test_every_page_offers_every_language_once(site):
    for path, read in site.items():
        assert tuple(menu(read)) == TWELVE, path


def test_every_language_link_answers_with_a_page_in_that_language(site):
    for path, read in pages(site).items():
        for code, address in menu(read).items():
            there = site[address]
            html = there.page.one("html")
            assert there.status == 200, f"{path} -> {address}"
            assert (html["lang"], html["dir"]) == (TAGS[code], "rtl" if code == "ar" else "ltr"), address


def test_every_language_link_leads_to_the_same_address_in_that_language(site):
    for path, read in pages(site).items():
        for code, address in menu(read).items():
            assert urlsplit(address).path == f"/{code}/{urlsplit(thing(path)).path}", path


def test_every_language_link_keeps_what_was_asked(site):
    """On a search the same thing in another language is the same search."""
    for path, read in pages(site).items():
        if "search/?q=" in path:
            kept = urlsplit(path).query
            assert {urlsplit(address).query for address in menu(read).values()} == {kept}, path


def test_every_language_link_leads_to_the_same_article(site):
    for path, read in pages(site).items():
        if "data-article" in read.page.main.attrs:
            slugs = {site[address].page.main["data-article"] for address in menu(read).values()}
            assert slugs == {read.page.main["data-article"]}, path


def test_every_language_link_leads_to_the_same_list(site):
    def listed(read: Read) -> set[str]:
        links = [link["href"] for link in read.page.main.all("a", class_="t")]
        return {thing(link) for link in links}

    for path, read in pages(site).items():
        if thing(path).startswith(("categories/", "announcements/")):
            for address in menu(read).values():
                assert listed(site[address]) == listed(read), f"{path} -> {address}"


def test_the_menu_marks_the_language_of_the_page_alone(site):
    for path, read in site.items():
        marked = [link["hreflang"] for link in read.page.menu.values() if "aria-current" in link.attrs]
        assert marked == [TAGS[languages_of(path)]], path


def test_languages_are_named_by_their_own_names_in_their_own_direction(site):
    names = ("English", "简体中文", "繁體中文", "日本語", "한국어", "Русский", "Español", "Français",
             "Português (Brasil)", "Türkçe", "Tiếng Việt", "العربية")  # fmt: skip
    for path, read in site.items():
        links = {code: read.page.menu[TAGS[code]] for code in TWELVE}
        assert [link.one("span").words for link in links.values()] == list(names), path
        assert all(link["lang"] == TAGS[code] for code, link in links.items())
        assert [code for code, link in links.items() if link["dir"] == "rtl"] == ["ar"]


def test_a_missing_page_offers_the_languages_too(site):
    missing = {path: read for path, read in site.items() if read.status == 404}
    assert len(missing) == 12
    for read in missing.values():
        assert {site[address].status for address in menu(read).values()} == {404}


def test_every_text_exists_in_all_twelve_languages_but_those_that_the_demo_leaves_out(site):
    for path, read in texts(site).items():
        missing = unwritten(thing(urlsplit(path).path))
        assert {TAGS[code] for code in TWELVE if code not in missing} <= read.page.alternates.keys(), path
        assert (read.page.canonical == urlsplit(path).path) is (languages_of(path) not in missing), path


def unwritten(address: str) -> set[str]:
    """The languages that a text of the demo is not written in."""
    folder, slug, *_ = [*address.split("/"), ""]
    if folder not in ("articles", "troubleshoot"):
        return set()
    return {code for code in TWELVE if not (FOLDER / code / f"{slug}.md").is_file()}


def test_canonical_and_alternates_are_reciprocal(site):
    def alternates(path: str) -> dict[str, str]:
        return {tag: there for tag, there in site[path].page.alternates.items() if tag in TAGS.values()}

    for path, read in texts(site).items():
        own = alternates(path)
        assert read.page.canonical in own.values(), path
        for address in own.values():
            assert alternates(address) == own, f"{path} -> {address}"


def test_every_page_has_one_heading_of_the_first_level_a_title_and_no_empty_link(site):
    for path, read in site.items():
        assert read.page.one("h1").words, path
        assert read.page.one("title").words, path
        for link in read.page.all("a"):
            assert link.words or link.get("aria-label"), f"{path}: {link.attrs}"


def test_ids_are_unique_and_links_inside_a_page_lead_somewhere(site):
    for path, read in site.items():
        ids = [element["id"] for element in read.page.all(id=True)]
        assert len(ids) == len(set(ids)), path
        inside = {link["href"][1:] for link in read.page.all("a", href=True) if link["href"].startswith("#")}
        assert inside <= set(ids), path


def test_links_to_a_part_of_another_article_lead_to_that_part(site):
    for path, read in pages(site).items():
        for link in read.page.main.all("a", href=True):
            address, fragment = urldefrag(link["href"])
            if fragment and address in site:
                assert site[address].page.all(id=fragment), f"{path} -> {link['href']}"


def test_no_page_shows_the_words_of_another_language_as_its_own(site):
    english = {"Skip to content", "Announcements", "Search help", "Related articles", "Help centre", "Search"}
    for path, read in site.items():
        if languages_of(path) != "en":
            spoken = {e.words for e in read.page.root.below() if e.inherited("lang") == TAGS[languages_of(path)]}
            assert not spoken & english, path


def test_no_page_has_a_placeholder_left_in_it(site):
    forgotten = re.compile(r'%\(\w+\)[sd]|\{\{|\{%|/_/(?:articles|pictures)|="None"|&amp;(?:amp|lt|#)')
    for path, read in site.items():
        assert not forgotten.search(read.page.html), path


def test_pictures_are_described_in_the_language_of_the_page_and_keep_their_place(site):
    seen = 0
    for path, read in pages(site).items():
        for picture in read.page.all("img"):
            seen += 1
            assert picture["alt"].strip(), path
            assert int(picture["width"]) > 0
            assert int(picture["height"]) > 0
            assert picture["loading"] == "lazy"
            assert picture["src"].startswith(f"/{languages_of(path)}/pictures/"), path
    assert seen > 100


def test_pages_are_small(site):
    for path, read in pages(site).items():
        if "Content-Encoding" in read.headers:
            assert read.packed <= 15 * 1024, f"{path}: {read.packed}"


def test_searches_are_not_for_search_engines_and_everything_else_is(site):
    known = texts(site)
    for path, read in pages(site).items():
        robots = [meta["content"] for meta in read.page.all("meta", name="robots")]
        assert robots == ([] if path in known else ["noindex"]), path


def test_what_the_head_names_lies_on_this_site(site):
    for path, read in site.items():
        for link in read.page.one("head").all("link", href=True):
            assert link["href"].startswith("/") or path_of(link["href"]), path
        for script in read.page.scripts:
            assert script["src"].startswith("/static/"), path
