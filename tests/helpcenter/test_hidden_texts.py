"""Text that is not public is seen nowhere. A word that occurs nowhere else stands in every place of every such text;
a crawl asks for everything that readers can ask for, and looks for these words and for those of public texts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote, urldefrag, urljoin, urlsplit
from urllib.request import urlopen

import pytest
from django.core.cache import caches
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver, resolve
from django.urls.exceptions import Resolver404

from helpcenter import freshness, tree
from helpcenter.actions import counting
from helpcenter.search import asking
from tests.helpcenter import canaries, searching
from tests.helpcenter.canaries import ALIKE, ARCHIVED, COMMON, NEWS, PUBLIC, Canaries, Site
from tests.helpcenter.dom import Page, read
from tests.helpcenter.factories import index_all
from tests.own_site import OwnSite, fetch, status, wait_until
from tests.routes import of_nothing, routes

pytestmark = [pytest.mark.django_db]

FOLLOWED = ("en", "zh-hans", "ar")
LANGUAGES = (*FOLLOWED, "ja", "ko")  # of those that are not followed the addresses alone that are asked for
INDEXED = ("en", "zh-hans", "ja", "ko", "tr")
ADDRESS = re.compile(
    r'(?:href|src|action)="([^"]+)"|srcset="([^" ]+)|content="(http[^"]+)"'  # pages
    r'|<loc>([^<]+)<|"url": "([^"]+)"|\]\(([^)\s]+)\)'  # the sitemap, answers for programs, Markdown
)
OF_ARTICLES = (
    "articles/{}/",
    "articles/{}.md",
    "articles/{}/changes/",
    "articles/{}/changes/?since=TWO_DAYS_AGO",
    "articles/{}/?asof=TOMORROW",
    "articles/{}/?off=ko",
    "articles/{}/?region=eu&preview=1",
    "articles/{}/calculator/",
    "troubleshoot/{}/",
    "troubleshoot/{}/?path=one",
    "feedback/{}/",
    "feedback/{}/thanks/",
)
HAN = "\u9000"  # hidden words of Chinese come after it
OF_TOPICS = ("categories/{}/", f"search/?q={COMMON}&category={{}}")


@dataclass(frozen=True)
class Answer:
    address: str
    status: int
    text: str
    headers: str


# The site, and what readers can get of it


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: Any) -> Iterator[Site]:
    """Everything as it is now; pages and indexes of a time when more was public are still in memory."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setattr(counting, "EVERY", 3600.0)
        forget_everything()
        made = Site()
        canaries.make_public(made)
        index_all(*INDEXED)
        made.tags = {answer.address: tag for answer, tag in crawl(Client(), seeds(made, "en")) if tag}
        canaries.hide(made)
        index_all(*INDEXED)
        freshness.forget()
        yield made
        transaction.set_rollback(True)
    forget_everything()


def forget_everything() -> None:
    searching.clear_indexes()
    freshness.reset()
    tree.forget()
    asking.forget()
    caches["pages"].clear()


@pytest.fixture(scope="module")
def answers(site: Site, django_db_blocker: Any) -> list[Answer]:
    """Everything that links lead to, and what somebody asks for who knows the addresses of what is hidden."""
    with django_db_blocker.unblock():
        asked = [seed for language in LANGUAGES for seed in seeds(site, language)]
        found = [answer for answer, _ in crawl(Client(), [*asked, *without_language(site)])]
        counting.searches.drop()
    return found


def seeds(site: Site, language: str) -> list[str]:
    """Addresses that are tried in a language, whether or not anything links to them."""
    states = (
        site.articles if language == "en" else (*PUBLIC[:2], "with a public translation", "unpublished", "archived")
    )
    paths = ["", "announcements/", "announcements/feed/", "glossary/", "contracts/", "opensearch.xml", "beacon/"]
    paths += [f"search/?q={COMMON}{more}" for more in ("", "&all=1", "&format=json", "&all=1&format=json", "&page=2")]
    paths += [f"suggest/?q={COMMON[:length]}" for length in (3, 5, len(COMMON))]
    paths += [f"tickets/suggestions/?q={COMMON}", "tickets/new/", "tickets/", "tickets/solved/", "tickets/uploads/"]
    paths += [f"tickets/{end}" for end in ("pending/absent/", "files/absent/", "absent/", "absent/updates")]
    paths += ["t/absent/"]
    api = [f"/api/v1/help/{what}?language={language}" for what in ("articles", "categories", "announcements")]
    api += [f"/api/v1/help/search?q={COMMON}&language={language}", f"/api/v1/help/search?q={COMMON}"]
    paths += [f"glossary/?q={site.shown('word', 'term')[:5]}", "glossary/?q=lode", "articles/absent/"]
    for state in states:
        slug, old = site.slugs(state)
        paths += [form.format(slug) for form in (OF_ARTICLES if language == "en" else OF_ARTICLES[:4])]
        paths += [form.format(old) for form in OF_ARTICLES[:3]]
        paths += [f"tickets/new/?article={slug}"] if language == "en" else []
        api += [f"/api/v1/help/articles/{address}?language={language}" for address in (slug, old)]
    paths += [form.format(site.topic.slug) for form in OF_TOPICS]
    if language == "en":
        topics = [site.hidden(state, "slug of the topic") for state in ALIKE + ARCHIVED]
        paths += [form.format(slug) for slug in topics for form in OF_TOPICS]
    paths += [f"announcements/{own(state, 'slug')}/" for state, own in news(site)]
    api += [f"/api/v1/help/announcements/{own(state, 'slug')}?language={language}" for state, own in news(site)]
    paths += [path for pictures in site.pictures.values() for path in pictures]
    return [*(at_moment(f"/{language}/{path}") for path in paths), *api]


def at_moment(address: str) -> str:
    """An address with the moments that it names; tests are called by the address without them."""
    now = datetime.now(UTC)
    since = (now - timedelta(days=2)).strftime("%Y-%m-%dT00:00:00Z")
    return address.replace("TWO_DAYS_AGO", since).replace("TOMORROW", (now + timedelta(days=1)).strftime("%Y-%m-%d"))


def news(site: Site) -> Iterator[tuple[str, Canaries]]:
    yield from (("news", site.shown), ("alert", site.shown))
    yield from ((state, site.hidden) for state in NEWS)


def without_language(site: Site) -> list[str]:
    slug, picture = site.articles["draft"].slug, site.pictures["draft"][0].rpartition("/")[2]
    sections = ("front", "articles", "categories", "announcements", "glossary")
    files = (f"/media/{site.hidden('draft', 'picture name')}.png", f"/media/pictures/{picture[:2]}/{picture}")
    return [
        *(
            "/",
            "/api/absent",
            "/sitemap.xml",
            "/robots.txt",
            "/.well-known/security.txt",
            "/health/live",
            "/health/ready",
        ),
        *(f"/sitemap-{section}.xml" for section in sections),
        *(of_nothing(route) for route in routes() if is_plain(route)),
        *(f"/articles/{slug}/", f"/articles/{slug}.md", "/media/", "/search/MAIN_1.toc", "/static/", *files),
    ]


def is_plain(route: str) -> bool:
    """Whether a route is none of the admin's and has an address that can be made up."""
    return not route.startswith("admin/") and not set("^?\\") & set(route)


def crawl(client: Client, waiting: list[str]) -> Iterator[tuple[Answer, str]]:
    """What answers to these addresses and to all that are found on the way, each with its ETag."""
    seen: set[str] = set()
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        response = client.get(address)
        headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
        answer = Answer(address, response.status_code, response.content.decode("latin-1"), headers)
        if "image" not in response["Content-Type"]:
            answer = Answer(address, response.status_code, response.content.decode(), headers)
        if response.status_code in (200, 301, 302):  # what is absent offers the same way on everywhere
            waiting += [link for link in links(answer, response.headers.get("Location", "")) if link not in seen]
        yield answer, response.headers.get("ETag", "")


def links(answer: Answer, location: str) -> set[str]:
    """Addresses of the site in an answer, in the languages of the crawl; of filters of the search one at a time."""
    written = {unescape(next(filter(None, groups))) for groups in ADDRESS.findall(answer.text)} | {location}
    found = {urldefrag(urljoin(f"http://testserver{answer.address}", link)).url for link in written - {""}}
    own = {link.removeprefix("http://testserver") for link in found if link.startswith("http://testserver/")}
    return {link for link in own if link.split("/")[1] in FOLLOWED and link.count("&") < 2}


# Nothing hidden, everything public


def test_no_word_of_a_text_that_is_not_public_is_seen_anywhere(site: Site, answers: list[Answer]) -> None:
    seen = {answer.address: places for answer in answers if (places := leaks(site, answer))}
    assert seen == {}


def leaks(site: Site, answer: Answer) -> set[str]:
    """The places of hidden words in an answer. A change of a fact is announced to those who ask for its day
    (docs/facts.md); a topic is no text: who knows the address of an empty one is told what it is called."""
    found = site.hidden.inside(f"{answer.text}\n{answer.headers}", asked=answer.address)
    if "asof=" in answer.address:
        found.discard("fact, value of tomorrow")
    if "/categories/" in answer.address:
        found = {place for place in found if not place.endswith("of the topic")}
    return found


def test_every_address_of_the_site_was_asked(answers: list[Answer]) -> None:
    asked = {resolve(path).view_name for answer in answers if is_known(path := urlsplit(answer.address).path)}
    names = {*_names(get_resolver()), "translations"}
    assert names - asked == {"translations"}, "but for the one that leads to the admin"


def _names(resolver: Any, space: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}"
        elif pattern.app_name != "admin":
            yield from _names(pattern, f"{pattern.namespace}:" if pattern.namespace else space)


def is_known(path: str) -> bool:
    try:
        return bool(resolve(path))
    except Resolver404:
        return False


# Surface -> its address, and the words of public texts that stand there.
OF_THE_TEXT = ("title", "summary", "body", "step", "words of a step", "section", "callout", "caption", "cell")
SURFACES = {
    "home": ("", ("public, title", "topic, name", "news, title")),
    "topic": ("categories/{topic}/", ("topic, name", "public, title", "public, summary", "its neighbour, title")),
    "article": ("articles/{slug}/", tuple(f"public, {place}" for place in (*OF_THE_TEXT, "alternative text"))),
    "picture in it": ("articles/{slug}/", ("public, digest of a picture",)),
    "related": ("articles/{slug}/", ("its neighbour, title", "its neighbour, slug")),
    "words explained in it": ("articles/{slug}/", ("word, term", "word, definition")),
    "fact in it": ("articles/{slug}/", ("fact, value",)),
    "band": ("articles/{slug}/", ("news, title", "alert, title")),
    "Markdown": ("articles/{slug}.md", tuple(f"public, {place}" for place in (*OF_THE_TEXT, "tag", "key of a step"))),
    "changes": ("articles/{slug}/changes/", ("public, title", "public, step")),
    "what is new": ("articles/{slug}/changes/?since=TWO_DAYS_AGO", ("public, step", "public, section")),
    "questions": ("troubleshoot/{questions}/", ("questions, question", "questions, answer", "questions, title")),
    "an end of them": ("troubleshoot/{questions}/?path=one", ("questions, end", "questions, words")),
    "contract": ("articles/btcusdt-perp/", ("contract, title", "contract, body")),
    "announcements": ("announcements/", ("news, title", "news, summary", "alert, title")),
    "announcement": ("announcements/{news}/", ("news, title", "news, body")),
    "feed": ("announcements/feed/", ("news, title", "news, summary", "alert, slug")),
    "glossary": ("glossary/", ("word, term", "word, definition", "word, other name")),
    "search": (f"search/?q={COMMON}", ("public, title", "its neighbour, title")),
    "search of programs": (f"search/?q={COMMON}&format=json", ("public, slug", "public, title")),
    "suggestions": (f"suggest/?q={COMMON[:5]}", ()),
    "successor of what is retired": ("articles/{succeeded}/", ("public, title", "public, slug")),
    "another way": ("articles/{old}/", ("public, slug",)),
    "sitemap": ("/sitemap.xml", ("public, slug", "topic, slug", "news, slug", "questions, slug")),
    "a day ahead": ("articles/{slug}/?asof=TOMORROW", ("public, title",)),
}


@pytest.mark.parametrize("surface", SURFACES)
def test_words_of_public_texts_are_seen_where_they_belong(site: Site, answers: list[Answer], surface: str) -> None:
    form, places = SURFACES[surface]
    slugs = {"topic": site.topic.slug, "slug": site.articles["public"].slug, "old": site.shown("public", "old slug")}
    slugs |= {"questions": site.articles["questions"].slug, "succeeded": site.articles["succeeded"].slug}
    path = form.format(news=site.shown("news", "slug"), **slugs)
    address = at_moment(path if path.startswith("/") else f"/en/{path}")
    answer = next(answer for answer in answers if answer.address == address)
    assert set(places) - site.shown.inside(f"{answer.text}\n{answer.headers}") == set()


def test_what_other_software_reads_is_looked_at_too(site: Site, answers: list[Answer]) -> None:
    page = Page(next(a.text for a in answers if a.address == f"/en/articles/{site.articles['public'].slug}/"))
    data = " ".join(script.words for script in page.all("script", type="application/ld+json"))
    card = " ".join(meta["content"] for meta in page.all("meta", property=True))
    assert {"public, title", "public, step", "public, words of a step"} <= site.shown.inside(data)
    assert {"public, title", "public, summary", "public, digest of a picture"} <= site.shown.inside(card)


@pytest.mark.parametrize("place", ["name of a picture", "digest", "header", "percent-encoded", "Chinese", "marked"])
def test_the_crawl_recognises_a_hidden_word(site: Site, place: str) -> None:
    title, chinese = site.hidden("draft", "title"), site.hidden("unpublished", "title", language="zh-hans")
    texts = {
        "name of a picture": f"/pictures/{title.upper()}.png",
        "digest": site.pictures["draft"][0],
        "header": f"Location: /en/articles/x{title}/",
        "percent-encoded": quote(chinese),
        "Chinese": f"“{chinese}”",
        "marked": f"<mark>{title[:4]}</mark>{title[4:12]}…",
    }
    assert site.hidden.inside(texts[place])
    assert not site.hidden.inside("Only known words stand here, und 常见的词语。")


# What is hidden answers as what is absent


@pytest.mark.parametrize("form", [*OF_ARTICLES, "announcements/{}/"])
@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_what_is_hidden_answers_as_what_is_absent(client: Client, site: Site, form: str, method: str) -> None:
    hidden = [slug for state in ALIKE for slug in site.slugs(state)]
    if form.startswith("announcements"):
        hidden = [site.hidden(state, "slug") for state in NEWS]
    ask(client, method, form.format("absent"))  # what a process remembers after the first question
    absent = ask(client, method, form.format("absent"))
    unlike = {slug for slug in hidden if ask(client, method, form.format(slug), slug) != absent}
    assert {site.hidden.places[slug] for slug in unlike} == set()


def ask(client: Client, method: str, path: str, slug: str = "absent") -> tuple[Any, ...]:
    """An answer in the words that it would have for `absent`: status, text, headers, number of questions."""
    freshness.current()  # a process looks every two seconds whether anything is new; not in the middle of this
    with CaptureQueriesContext(connection) as queries:
        headers = {"Sec-Fetch-Site": "same-origin"}
        response = getattr(client, method)(
            f"/en/{path}", {"helpful": "1"} if method == "post" else None, headers=headers
        )
    text = response.content.decode().replace(slug, "absent")
    return response.status_code, text, headers_of(response), len(queries)


def headers_of(response: Any) -> str:
    return "\n".join(
        f"{name}: {value}" for name, value in response.headers.items() if name not in ("Content-Length", "Expires")
    )


@pytest.mark.parametrize("accepted", ["application/json", "text/markdown", "image/webp,*/*;q=0.1", "application/xml"])
def test_other_kinds_of_answers_show_nothing_either(client: Client, site: Site, accepted: str) -> None:
    for path in ("", f"search/?q={COMMON}", *(f"articles/{slug}/" for slug in site.slugs(*ALIKE, *ARCHIVED))):
        response = client.get(f"/en/{path}", headers={"Accept": accepted, "Accept-Language": "ja"})
        answer = Answer(f"/en/{path}", response.status_code, response.content.decode(), headers_of(response))
        assert leaks(site, answer) == set(), path


# What was public before


def test_what_a_reader_has_kept_is_answered_anew(client: Client, site: Site) -> None:
    """Every page of the time before, with the ETag that it had."""
    kept = {a: client.get(a, headers={"If-None-Match": tag}).status_code for a, tag in site.tags.items()}
    gone = [f"/en/articles/{slug}/" for state in ("unpublished", "for agents") for slug in [site.articles[state].slug]]
    assert 304 not in kept.values()
    assert [kept[address] for address in gone] == [404, 404]
    assert kept[f"/en/articles/{site.articles['archived'].slug}/"] == 410
    assert kept[f"/en/articles/{site.articles['public'].slug}/"] == 200


def test_pictures_of_hidden_texts_are_gone_at_every_width(client: Client, site: Site) -> None:
    hidden = {path for state, paths in site.pictures.items() if state not in PUBLIC for path in paths}
    assert {client.get(f"/en/{path}").status_code for path in hidden} == {404}
    assert {client.get(f"/en/{path}").status_code for path in site.pictures["public"]} == {200}


# The search


def test_a_hidden_word_is_as_unknown_to_the_search_as_one_that_does_not_exist(client: Client, site: Site) -> None:
    """But for words of the glossary that help people find a public text: these are no text (docs/search.md)."""
    for word, place in list(site.hidden.places.items()):
        if place not in ("word, rejected", "hidden word that texts use, other name"):
            unknown = "".join(chr(ord(letter) - 0x800) for letter in word) if word > HAN else Canaries("nothing")(place)
            assert search(client, word) == search(client, unknown), place


def search(client: Client, word: str) -> str:
    address = "/zh-hans/search/" if word[0] > "\u8000" else "/en/search/"
    return client.get(address, {"q": word, "format": "json", "all": "1"}).content.decode().replace(word, "…")


@pytest.mark.parametrize("path", ["search/?q={}", "search/?q={}&format=json&all=1", "suggest/?q={}", "glossary/?q={}"])
def test_words_like_a_hidden_one_do_not_lead_to_it(client: Client, site: Site, path: str) -> None:
    """The beginning of a word, and the word mistyped: neither is completed nor put right."""
    words = [word for word, place in site.hidden.places.items() if place.endswith(("title", "body", "term", "step"))]
    for word in words:
        typed = [word[:3], word[:2]] if word > HAN else [word[:5], word[:3] + word[4:], word[1:]]
        for query in typed:
            address = f"/{'zh-hans' if word > HAN else 'en'}/{path.format(query)}"
            response = client.get(address)
            answer = Answer(
                "", response.status_code, response.content.decode().replace(query, ""), headers_of(response)
            )
            assert leaks(site, answer) == set(), site.hidden.places[word]


def test_counts_are_those_of_public_texts(client: Client, site: Site) -> None:
    public = {site.articles[state].slug for state in PUBLIC}
    rows = searching.search_json(client, "en", COMMON, all="1")
    assert {row["slug"] for row in rows["results"]} == public
    assert searching.search_json(client, "en", COMMON)["total"] == len(public) - 1, "one has no English text"
    assert set(searching.suggested(client, "en", COMMON)) <= public
    assert tree.tree("en").by_slug[site.topic.slug].count == len(public)
    main = read(client, f"/en/categories/{site.topic.slug}/").main
    assert f"{len(public)} articles" in main.words
    assert main.words.count("articles") == 1, "the topics below hold nothing that could be counted"


# Real processes


CONTENT = """
from django.utils import timezone
from tests.helpcenter.factories import *
topic = CategoryFactory(slug="topic")
ArticleFactory(slug="stays", category=topic, texts={"en": "About lodestar."})
ArticleFactory(slug="leaving", category=topic, texts={"en": "About lodestar.", "ja": "lodestar"})
AnnouncementFactory(slug="leaving-news", published_at=timezone.now(), is_band=True)
"""
PLAN = """
from datetime import timedelta
from django.utils import timezone
from helpcenter.actions import announcing, scheduling
from helpcenter.models import *
soon = timezone.now() + timedelta(seconds=1)
for language in ("en", "ja"):
    scheduling.schedule_unpublishing(Article.objects.reading([]).get(slug="leaving"), language, by=None, at=soon)
news = Announcement.objects.rewrite(False).get(slug="leaving-news")
news.published_at = None
announcing.save_announcement(news, {}, by=None)
"""
DELIVER = "from supportdesk.outbox import delivery\nprint(delivery.deliver_due())"
NAMING = (
    "/en/",
    "/en/categories/topic/",
    "/en/articles/leaving/",
    "/ja/articles/leaving/",
    "/en/articles/leaving.md",
    "/en/articles/stays/",
    "/en/search/?q=lodestar",
    "/en/search/?q=lodestar&format=json",
    "/en/suggest/?q=lodest",
    "/sitemap.xml",
    "/en/announcements/",
    "/en/announcements/feed/",
)


def test_what_is_taken_back_by_the_worker_is_gone_everywhere_within_five_seconds(tmp_path: Path) -> None:
    """Two web servers and the follower of the index; the worker's run is a process of its own."""
    own = OwnSite(tmp_path)
    own.run(CONTENT)
    with own.server() as one, own.server() as other, own.process("follow_index", "--verbosity", "0"):
        addresses = [f"{server}{path}" for server in (one, other) for path in NAMING]
        wait_until("all name it", lambda: all("leaving" in fetch(address)[1] for address in addresses), seconds=30)
        tags = {address: tag for address in addresses if (tag := etag(address))}
        own.run(PLAN)
        wait_until("the worker took both texts back", lambda: own.run(DELIVER) and is_gone(own), seconds=30)
        wait_until("nobody names it", lambda: not naming(addresses), seconds=5)
        known = {address: fetch(address, {"If-None-Match": tag})[0] for address, tag in tags.items()}
        assert set(known.values()) == {200, 404}, "an old ETag is answered anew"
        assert {status(f"{server}/en/articles/leaving/") for server in (one, other)} == {404}


def etag(address: str) -> str:
    with urlopen(address, timeout=20) as answer:  # noqa: S310 - loopback only
        return answer.headers.get("ETag", "")


def is_gone(own: OwnSite) -> bool:
    return own.sql("SELECT languages_published FROM helpcenter_article WHERE slug = 'leaving'") == [(0,)]


def naming(addresses: list[str]) -> list[str]:
    """Addresses whose answers still name what is gone; a page that is absent names its own address alone."""
    answers = {address: fetch(address) for address in addresses}
    return [a for a, (code, text) in answers.items() if "leaving" in (text if code == 200 else absent(text))]


def absent(text: str) -> str:
    return re.sub(r"/articles/leaving\b", "", text)
