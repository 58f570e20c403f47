"""Linked data of public pages: what schema.org and the search engines ask of each type, in every language, and nothing
that the page itself does not show."""

import json
from datetime import UTC, datetime, timedelta
from itertools import product
from urllib.parse import urldefrag

import pytest
from django.contrib.staticfiles import finders
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from helpcenter.actions import drafting, picturing
from helpcenter.content import markdown
from helpcenter.sharing import excerpts, linked_data
from helpcenter.sharing.linked_data import Place
from tests.helpcenter.dom import TAGS, TWELVE, Page, fold, read
from tests.helpcenter.factories import AnnouncementFactory, ArticleFactory, CategoryFactory, publish_text
from tests.helpcenter.samples import drawing, encoded, examples

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

SITE = "http://testserver"
# What each type has to have. Sources: https://schema.org/<type>, and for what search engines require beyond it
# https://developers.google.com/search/docs/appearance/structured-data/breadcrumb, …/faqpage, …/article,
# …/organization, https://developers.google.com/search/docs/appearance/site-names, and the archived pages on HowTo
# (https://web.archive.org/web/2023/https://developers.google.com/search/docs/appearance/structured-data/how-to) and
# on the search box of a site (…/structured-data/sitelinks-searchbox).
REQUIRED = {
    "BreadcrumbList": {"itemListElement": list},
    "ListItem": {"position": int, "name": str, "item": str},
    "FAQPage": {"mainEntity": list, "inLanguage": str},
    "Question": {"name": str, "acceptedAnswer": dict},
    "Answer": {"text": str},
    "HowTo": {"name": str, "step": list, "inLanguage": str},
    "HowToStep": {"name": str, "text": str, "url": str, "position": int},
    "Article": {"headline": str, "author": dict, "dateModified": str, "inLanguage": str},
    "NewsArticle": {"headline": str, "author": dict, "datePublished": str, "dateModified": str, "inLanguage": str},
    "Organization": {"name": str, "url": str},
    "WebSite": {"name": str, "url": str, "potentialAction": dict, "inLanguage": str},
    "SearchAction": {"target": dict, "query-input": str},
    "EntryPoint": {"urlTemplate": str},
}
GUIDE = """Before you start.

## Do it {#do}

### Open the page {step:open}

Choose **Account**.

![The page](pictures/page.png)

### Confirm {step:confirm}

Type `BTCUSDT-PERP`.
"""
ANSWERS = """Fees are charged per trade.

## Who pays? {#who}

Both sides.

## The table {#table}

| a | b |
|---|---|
| 1 | 2 |

## 何时收取？ {#when}

At once.
"""


def nodes_in(value):
    """Every node of a document, however deep."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    for inner in value if isinstance(value, list) else ():
        yield from nodes_in(inner)


def addresses_in(value):
    """Everything in a document that is an address, as a reader would ask for it."""
    for node in nodes_in(value):
        for text in node.values():
            if isinstance(text, str) and text.startswith("http") and not text.startswith("https://schema.org"):
                yield text.replace("{search_term_string}", "fees")


@pytest.fixture
def content():
    """A guide with a picture, questions with answers, an announcement, each in a few languages."""
    publish_everything("en", "ja", "ar")


def publish_everything(*languages):
    topic = CategoryFactory(slug="topic", parent=CategoryFactory(slug="top"))
    guide = ArticleFactory(slug="guide", guide=True, category=topic)
    answers = ArticleFactory(slug="answers", category=topic)
    picturing.save_picture("page.png", "en", encoded("PNG", drawing(900, 600)), by=None)
    for code in languages:
        publish_text(guide, code, drafting.Text(f"Guide {code}", GUIDE, "Summary."))
        publish_text(answers, code, drafting.Text(f"Fees {code}", ANSWERS, "Summary."))
    titles = {f"title_{code.replace('-', '_')}": f"News {code}" for code in languages}
    published = timezone.now() - timedelta(hours=1)
    AnnouncementFactory(slug="news", published_at=published, **titles)


PAGES = {
    "": {"Organization", "WebSite"},
    "categories/topic/": {"BreadcrumbList"},
    "articles/guide/": {"BreadcrumbList", "HowTo"},
    "articles/answers/": {"BreadcrumbList", "FAQPage"},
    "announcements/": {"BreadcrumbList"},
    "announcements/news/": {"BreadcrumbList", "NewsArticle"},
}


def test_every_node_has_what_its_type_requires_and_every_address_answers_in_every_language(client):
    publish_everything(*TWELVE)
    asked = set()
    for language, (path, expected) in product(TWELVE, PAGES.items()):
        page = read(client, f"/{language}/{path}")
        found = page.linked_data
        assert set(found) == expected
        for node in nodes_in(list(found.values())):
            require(node, f"/{language}/{path}")
            assert node.get("inLanguage", TAGS[language]) == TAGS[language]
        asked |= set(addresses_in(found))
        ids = {element["id"] for element in page.all(id=True)}
        here = [fragment for address, fragment in map(urldefrag, addresses_in(found)) if address.endswith(f"/{path}")]
        assert set(filter(None, here)) <= ids
    for address in {urldefrag(address)[0] for address in asked}:
        assert answers(client, address), address


def require(node, where):
    for name, kind in REQUIRED[node["@type"]].items():
        assert isinstance(node.get(name), kind), f"{where}: {node['@type']}.{name}"
        assert node[name], f"{where}: {node['@type']}.{name} is empty"


def answers(client, address):
    assert address.startswith(f"{SITE}/")
    path = address.removeprefix(SITE)
    if path.startswith("/static/"):
        return finders.find(path.removeprefix("/static/"))
    return client.get(path, follow=True).status_code == 200


def test_bread_crumbs_are_numbered_and_end_with_the_page(client, content):
    page = read(client, "/ja/articles/guide/")
    crumbs = page.linked_data["BreadcrumbList"]["itemListElement"]
    assert [crumb["position"] for crumb in crumbs] == [1, 2, 3, 4]
    visible = [SITE + link["href"] for link in page.one("ol", class_="crumbs").all("a")]
    assert [crumb["item"] for crumb in crumbs] == [*visible, f"{SITE}/ja/articles/guide/"]
    assert crumbs[-1]["name"] == "Guide ja"


def test_a_guide_is_its_steps_with_words_anchors_and_pictures(client, content):
    first, second = read(client, "/en/articles/guide/").linked_data["HowTo"]["step"]
    assert (first["name"], first["text"]) == ("Open the page", "Choose Account.")
    assert first["url"] == f"{SITE}/en/articles/guide/#step-open"
    assert first["image"].startswith(f"{SITE}/en/pictures/")
    assert (second["text"], "image" in second) == ("Type BTCUSDT-PERP.", False)


def test_an_answer_is_its_title_and_the_sections_that_ask(client, content):
    asked = read(client, "/en/articles/answers/").linked_data["FAQPage"]["mainEntity"]
    assert [question["name"] for question in asked] == ["Fees en", "Who pays?", "何时收取？"]
    answers = [question["acceptedAnswer"]["text"] for question in asked]
    assert answers == ["Fees are charged per trade.", "Both sides.", "At once."]


def test_everything_that_is_said_stands_on_the_page(client, content):
    for path in ("articles/guide/", "articles/answers/"):
        page = read(client, f"/ar/{path}")
        shown = fold(page.main.words)
        for node in nodes_in(list(page.linked_data.values())):
            for name in ("name", "text"):
                for sentence in node.get(name, "").split(". "):
                    assert sentence.rstrip("…") in shown


def test_a_text_of_another_language_says_so_and_names_its_own_address(client):
    ArticleFactory(slug="x", guide=True, texts={"en": GUIDE})
    found = read(client, "/ko/articles/x/").linked_data["HowTo"]
    assert (found["inLanguage"], found["url"]) == ("en", f"{SITE}/en/articles/x/")
    assert found["step"][0]["url"] == f"{SITE}/en/articles/x/#step-open"


@pytest.mark.parametrize(("kind", "body"), [("guide", "No steps."), ("faq", ""), ("faq", "## Only a heading")])
def test_where_there_is_neither_step_nor_answer_it_is_an_article(client, kind, body):
    ArticleFactory(slug="x", kind=kind, texts={"en": drafting.Text("Title", body)})
    found = read(client, "/en/articles/x/").linked_data
    assert set(found) == {"BreadcrumbList", "Article"}
    assert found["Article"]["headline"] == "Title"


@pytest.mark.parametrize(
    ("kind", "type_"),
    [("announcement", "NewsArticle"), ("phishing", "NewsArticle"), ("market_risk", "NewsArticle"),
     ("maintenance", "Article"), ("incident", "Article")],
)  # fmt: skip
def test_news_are_news_and_maintenance_is_not(client, kind, type_):
    published = datetime(2026, 11, 1, 8, 30, tzinfo=UTC)
    AnnouncementFactory(slug="n", kind=kind, published_at=published)
    assert read(client, "/en/announcements/n/").linked_data[type_]["datePublished"] == "2026-11-01T08:30:00+00:00"


def test_what_a_swindler_would_write_is_never_given_out_as_our_words(client):
    body = "We never ask.\n\n:::scam-example\nSend 50 USDT to verify.\n:::\n\nReport it."
    ArticleFactory(slug="x", texts={"en": drafting.Text("Is this you?", body)})
    (question,) = read(client, "/en/articles/x/").linked_data["FAQPage"]["mainEntity"]
    assert question["acceptedAnswer"]["text"] == "We never ask. Report it."


@pytest.mark.parametrize(
    "words", ["</script><script>alert(1)</script>", "<!--<script>", "a & b", "\u2028\u2029", '"\\']
)
def test_words_never_end_the_block_that_they_stand_in(client, words):
    ArticleFactory(slug="x", texts={"en": drafting.Text(f"T {words} T", f"Words.\n\n## Why {words}?\n\n`{words}` x")})
    page = read(client, "/en/articles/x/")
    (block,) = page.all("script", type="application/ld+json")
    assert not set("<>&\u2028\u2029") & set(block.children[0])
    assert page.linked_data["FAQPage"]["mainEntity"][0]["name"] == f"T {words} T"


@given(st.lists(st.tuples(st.text(), st.text()), max_size=5))
def test_any_words_come_out_as_they_went_in(places):
    node = linked_data.breadcrumbs([Place(*place) for place in places])
    data = linked_data.written([node])
    assert not set("<>&\u2028\u2029") & set(data)
    assert json.loads(data)["@graph"] == [node]


_LINES = st.sampled_from(
    ["## A {#a}", "## B?", "### C {step:c}", "### D {step:d}", "#### E", "### F {#f}", "## A {#a}", "Words.", "- Item",
     "1. One", "<li id=\"step-c\">", "<h2 id=\"a\">x</h2>", ":::note\nHint.\n:::", "> ## Quoted", "```\n## Code\n```"]
)  # fmt: skip


@given(st.lists(_LINES, max_size=14))
@examples(150)
def test_the_pieces_of_a_text_are_its_parts_in_their_order(lines):
    rendered = markdown.render("\n\n".join(lines), language="en")
    anchors = [piece.anchor for piece in excerpts.cut(rendered.html) if piece.anchor]
    assert anchors == [part.anchor for part in rendered.parts if part.anchor]


@pytest.mark.parametrize(("title", "names"), [("Fees", ["Who?"]), ("Which fees?", ["Which fees?", "Who?"])])
def test_a_title_that_asks_is_answered_by_the_whole_text_where_questions_begin_at_once(client, title, names):
    ArticleFactory(slug="x", texts={"en": drafting.Text(title, "## Who?\n\nBoth sides.")})
    asked = read(client, "/en/articles/x/").linked_data["FAQPage"]["mainEntity"]
    assert [question["name"] for question in asked] == names
    assert {question["acceptedAnswer"]["text"] for question in asked} == {"Both sides."}


@pytest.mark.parametrize("unit", ["word ", "字", "<b>x</b> ", "[link](https://example.com/a/long/address) "])
def test_long_texts_are_cut(unit):
    html = markdown.render(unit * 4000, language="en").html
    (said,) = excerpts.answers("Title", html, [], "https://x/")
    assert len(said.words) <= excerpts.LONGEST_ANSWER
    assert "<" not in said.words
    assert said.words.endswith("…")


def test_pages_that_are_not_for_search_engines_carry_none(client, content):
    for path in ("search/?q=fees", "feedback/guide/thanks/"):
        assert not read(client, f"/en/{path}").all("script", type="application/ld+json")
    assert not Page(client.get("/en/articles/nothing/").content.decode()).all("script", type="application/ld+json")
