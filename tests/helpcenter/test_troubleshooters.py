"""A troubleshooter as readers meet it: one question on a page, the answers in the address, in every language."""

from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from helpcenter import freshness, tree
from helpcenter.actions import drafting, publishing
from helpcenter.models import Article, SiteLanguage
from helpcenter.views import troubleshooters
from supportdesk.ui import places
from tests.helpcenter.dom import TWELVE, read
from tests.helpcenter.factories import ArticleFactory, CategoryFactory, index_all, publish_text
from tests.helpcenter.troubleshooting import ENGLISH, TEXTS, lamp

pytestmark = pytest.mark.django_db

BASE = "/en/troubleshoot/lamp/"


def choices(page):
    """Words of the answers -> where they lead."""
    (answers,) = page.main.all("ul", class_="answers") or [None]
    return {link.words: link["href"] for link in answers.all("a")} if answers else {}


def switch_off(*codes):
    SiteLanguage.objects.filter(code__in=codes).update(is_public=False)
    freshness.bump()


def in_a_row(names):
    """Questions that lead from one to the next: `SAB` asks S, then A; B is the end."""
    steps = [f"## {one} {{node:{one.lower()}}}\n\n- [{two}](#node-{two.lower()})" for one, two in pairwise(names)]
    return "\n\n".join([*steps, f"## {names[-1]} {{node:{names[-1].lower()}}}\n\nText."])


@pytest.fixture
def requests_are_taken(monkeypatch):
    """A site on which an app offers a form for requests; the list of announcements stands in for its screen."""
    monkeypatch.setitem(places._NAMES, "new_request", "helpcenter:announcements")


# A question


def test_the_address_shows_the_first_question_with_its_answers(client):
    lamp()
    page = read(client, BASE)
    assert page.one("h1").words == "Which light is on?"
    assert page.one("h1")["tabindex"] == "-1"
    assert list(choices(page)) == ["The red one It blinks", "The green one", "I’m not sure"]
    assert list(choices(page).values()) == [f"{BASE}?path=red", f"{BASE}?path=green", f"{BASE}?path=unsure"]
    assert "Before you begin, breathe. Look at the front." in page.main.words
    assert "Switch it off" not in page.words
    assert "Troubleshooter · The lamp is on" in page.main.words


def test_an_answer_leads_to_the_next_question_which_shows_what_was_answered(client):
    lamp()
    page = read(client, f"{BASE}?path=red")
    assert page.one("h1").words == "Does it blink fast?"
    assert list(choices(page)) == ["Yes", "No", "I cannot tell"]
    assert "breathe" not in page.words
    given = page.main.one("dl")
    assert given.words == "Which light is on? The red one Change Which light is on?"
    assert given.one("a")["href"] == BASE


def test_each_answer_given_leads_back_to_its_question(client):
    lamp()
    given = read(client, f"{BASE}?path=red.fast").main.all("dl")[-1]
    assert [link["href"] for link in given.all("a")] == [BASE, f"{BASE}?path=red"]


def test_back_is_the_path_without_its_last_answer(client):
    lamp()
    for path, before in (("red", BASE), ("red.fast", f"{BASE}?path=red")):
        page = read(client, f"{BASE}?path={path}")
        assert page.main.one("p", class_="back").one("a")["href"] == before
        assert [link["href"] for link in page.main.all("a") if link.words == "Start again"] == [BASE]


def test_the_first_question_has_no_way_back_but_to_its_topic(client):
    lamp(category=CategoryFactory(slug="light"))
    page = read(client, BASE)
    assert page.main.all("p", class_="back") == []
    assert page.main.one("ol", class_="crumbs").all("a")[-1]["href"] == "/en/categories/light/"
    assert "Your answers" not in [heading.words for heading in page.all("h2")]


@pytest.mark.parametrize(
    ("path", "words", "value", "most"),
    [("", "Question 1 At most 1 more", "1", "2"), ("?path=red", "Question 2 This is the last one", "2", "2")],
)
def test_progress_promises_no_more_than_the_graph_holds(client, path, words, value, most):
    lamp()
    page = read(client, BASE + path)
    assert page.main.one("p", class_="meta").words == words
    bar = page.main.one("progress")
    assert (bar["value"], bar["max"], bar["aria-label"]) == (value, most, f"Question {value} of at most {most}")


def test_the_title_says_the_question_and_the_troubleshooter(client):
    lamp()
    assert read(client, f"{BASE}?path=red").one("title").words.startswith("Does it blink fast? – The lamp is on")


# Ends


def test_an_end_shows_its_text_and_asks_whether_it_helped(client):
    lamp()
    ArticleFactory(slug="guide", texts={"en": "## One {step:one}\n\nText."})
    page = read(client, f"{BASE}?path=green")
    assert page.one("h1").words == "Everything works"
    assert choices(page) == {}
    assert page.main.all("progress") == []
    assert page.main.one("div", class_="prose").one("a")["href"] == "/en/articles/guide/#step-one"
    assert page.main.one("section", data_feedback=True).all("form")[0]["action"] == "/en/feedback/lamp/"


def test_headings_of_a_text_follow_the_title_of_its_page(client):
    lamp()
    prose = read(client, f"{BASE}?path=red.fast").main.one("div", class_="prose")
    assert [heading.words for heading in prose.all("h2")] == ["Why"]
    assert prose.all("h3") == []


@pytest.fixture
def nobody_takes_requests(monkeypatch):
    for place in ("contact", "new_request", "my_requests"):
        monkeypatch.delitem(places._NAMES, place)


def test_where_nobody_takes_requests_the_words_of_the_link_stay(client, nobody_takes_requests):
    lamp()
    page = read(client, f"{BASE}?path=red.fast")
    assert "Pull the plug, then write to us." in page.main.words
    assert not [link for link in page.links() if "request" in link]
    assert "Send a request" not in page.words


def test_where_there_is_a_contact_page_alone_the_link_leads_there(client, nobody_takes_requests, monkeypatch):
    monkeypatch.setitem(places._NAMES, "contact", "helpcenter:announcements")
    lamp()
    page = read(client, f"{BASE}?path=red.fast")
    assert page.main.one("div", class_="prose").one("a", href="/en/announcements/").words == "write to us"
    assert page.main.one("aside", class_="contact").words.startswith("Still stuck?")


def test_a_request_carries_the_troubleshooter_the_topic_and_the_answers(client, requests_are_taken):
    lamp()
    page = read(client, f"{BASE}?path=red.fast")
    (link,) = [link for link in page.main.all("a") if link.words == "write to us"]
    assert link["href"].startswith("/en/announcements/?")
    assert parse_qs(urlsplit(link["href"]).query) == {"article": ["lamp"], "topic": ["plug"], "path": ["red.fast"]}
    card = page.main.one("section", class_="stuck")
    assert parse_qs(urlsplit(card.one("a")["href"]).query) == {"article": ["lamp"], "path": ["red.fast"]}
    assert "Which light is on? The red one Does it blink fast? Yes" in card.words


def test_a_request_from_an_ordinary_article_carries_the_article(client, requests_are_taken):
    ArticleFactory(slug="plain", texts={"en": "Then [write to us](request:plug)."})
    (link,) = [link for link in read(client, "/en/articles/plain/").main.all("a") if link.words == "write to us"]
    assert parse_qs(urlsplit(link["href"]).query) == {"article": ["plain"], "topic": ["plug"]}


def test_who_is_not_sure_is_led_to_somebody(client, requests_are_taken):
    lamp()
    page = read(client, f"{BASE}?path=unsure")
    assert page.one("h1").words == "Let us look at it together"
    assert "Which light is on? I’m not sure" in page.main.one("section", class_="stuck").words
    assert choices(page) == {}


def test_the_nodes_own_answer_for_those_who_are_not_sure_leads_to_its_node(client):
    lamp()
    assert read(client, f"{BASE}?path=red.call").one("h1").words == "Call somebody"


def test_an_end_names_what_else_to_read(client):
    item, other = lamp(), ArticleFactory(slug="other", texts={"en": "Text."})
    item.related_rows.create(to=other)
    freshness.bump()
    assert "/en/articles/other/" in read(client, f"{BASE}?path=green").links()
    assert "/en/articles/other/" not in read(client, BASE).links()


# Impossible paths


@pytest.mark.parametrize(
    ("path", "heading"),
    [("blue", "Which light is on?"), ("red.blue", "Does it blink fast?"), ("red.green.red", "Everything works"),
     ("fast", "Which light is on?"), ("red.", "Does it blink fast?"), (".", "Which light is on?"),
     ("RED", "Which light is on?"), ("red~2", "Which light is on?"), ("%00", "Which light is on?"),
     ("é强平", "Which light is on?"), ("%ff%fe", "Which light is on?"), ("red" * 5000, "Which light is on?"),
     ("red." * 2000, "Does it blink fast?"), ("<script>", "Which light is on?"), ("..%2f..", "Which light is on?"),
     ("red.call.unsure", "Call somebody"), ("unsure.unsure", "Let us look at it together")],
    ids=lambda value: value[:20],
)  # fmt: skip
def test_an_impossible_path_shows_its_longest_possible_beginning_with_a_notice(client, path, heading):
    lamp()
    page = read(client, f"{BASE}?path={path}")
    assert page.one("h1").words == heading
    assert "does not lead any further" in page.main.words


def test_a_possible_path_has_no_such_notice(client):
    lamp()
    for path in ("", "red", "red.fast", "unsure"):
        assert "does not lead any further" not in read(client, f"{BASE}?path={path}").words


# Languages


@pytest.mark.parametrize("language", TWELVE)
def test_the_switch_stays_on_the_question_in_every_language(client, language):
    lamp("en", "zh-hans", "ar")
    page = read(client, f"/{language}/troubleshoot/lamp/?path=red")
    assert {path.split("/", 2)[2] for path in (link["href"] for link in page.menu.values())} == {
        "troubleshoot/lamp/?path=red"
    }
    shown = {"zh-hant": "zh-hans"}.get(language, language)
    expected = {"zh-hans": "闪得快吗？", "ar": "هل يومض بسرعة؟"}.get(shown, "Does it blink fast?")
    assert page.one("h1").words == expected
    foreign = shown not in ("en", "zh-hans", "ar") or shown != language
    assert (page.one("h1").inherited("lang") != page.one("html")["lang"]) == foreign
    assert bool(page.main.all("div", class_="warn")) == foreign


def test_search_engines_hear_of_the_start_alone(client):
    lamp("en", "zh-hans")
    page = read(client, f"{BASE}?path=red")
    assert page.canonical == BASE
    assert page.alternates["zh-Hans"] == "/zh-hans/troubleshoot/lamp/"
    assert client.get(f"{BASE}?path=red")["X-Robots-Tag"] == "noindex"
    assert "X-Robots-Tag" not in client.get(BASE)


def test_a_node_that_a_translation_lacks_is_shown_in_the_next_language_with_a_notice(client):
    item = lamp("en")
    start = TEXTS["zh-hans"].body.index("## 闪得快吗")
    end = TEXTS["zh-hans"].body.index("## 一切正常")
    body = TEXTS["zh-hans"].body[:start] + TEXTS["zh-hans"].body[end:]
    publish_text(item, "zh-hans", drafting.Text("灯亮了", body))
    base = "/zh-hans/troubleshoot/lamp/"
    page = read(client, f"{base}?path=red")
    assert page.one("h1").words == "Does it blink fast?"
    assert page.one("h1").inherited("lang") == "en"
    assert page.main.one("div", class_="warn").words.count("English") == 1
    assert choices(page)["Yes"] == f"{base}?path=red.fast"
    assert read(client, f"{base}?path=red.fast").one("h1").words == "请关机"
    assert read(client, base).main.all("div", class_="warn") == []


def test_a_stale_translation_keeps_its_own_questions_and_says_which_has_changed(client):
    item = lamp("en", "zh-hans")
    publish_text(
        item, "en", drafting.Text("The lamp is on", ENGLISH.replace("Look at the front.", "Look at the back."))
    )
    page = read(client, "/zh-hans/troubleshoot/lamp/")
    assert page.one("h1").words == "哪个灯亮着？"
    assert page.main.one("div", class_="warn").all("a")[-1]["href"] == BASE
    assert read(client, "/zh-hans/troubleshoot/lamp/?path=red").main.all("div", class_="warn") == []


def test_a_stale_translation_keeps_its_own_way_when_the_source_has_got_a_new_one(client):
    item = lamp("en", "zh-hans")
    more = ENGLISH.replace("(#node-green)\n\n## Does", "(#node-green)\n- [Both](#node-both)\n\n## Does", 1)
    publish_text(item, "en", drafting.Text("The lamp is on", f"{more}\n## Look again {{node:both}}\n\nText."))
    base = "/zh-hans/troubleshoot/lamp/"
    assert list(choices(read(client, base)).values()) == [f"{base}?path={path}" for path in ("red", "green", "unsure")]
    assert read(client, f"{base}?path=red").one("h1").words == "闪得快吗？"
    page = read(client, f"{base}?path=both")
    assert page.one("h1").words == "哪个灯亮着？"
    assert page.menu["en"]["href"] == BASE
    assert read(client, f"{BASE}?path=both").one("h1").words == "Look again"


def test_texts_that_no_longer_fit_together_give_way_to_the_source(client):
    """The translation lacks B; in the source B has come to lead to A since, so that together they would circle."""
    source, turned = in_a_row("SABC"), in_a_row("SBAC")
    item = ArticleFactory(slug="lamp", kind="troubleshooter", texts={"en": source})
    lacking = source.replace("## B {node:b}\n\n- [C](#node-c)\n\n", "").replace("## S", "## エス")
    assert "node:b" not in lacking
    publish_text(item, "ja", lacking)
    base = "/ja/troubleshoot/lamp/"
    assert read(client, f"{base}?path=a").one("h1").words == "A"
    assert read(client, base).one("h1").words == "エス"
    publish_text(item, "en", turned)
    assert [read(client, base + path).one("h1").words for path in ("", "?path=b", "?path=b.a", "?path=b.a.c")] == [
        *"SBAC"
    ]


def test_an_article_that_has_become_one_without_nodes_is_shown_whole(client):
    item = ArticleFactory(slug="lamp", texts={"en": "Only text."})
    Article.objects.filter(pk=item.pk).update(kind="troubleshooter")
    freshness.bump()
    assert "Only text." in read(client, BASE).main.words
    response = client.get(f"{BASE}?path=anything")
    assert (response.status_code, response["Cache-Control"]) == (200, "no-store")


def test_a_language_that_is_switched_off_leads_to_the_same_question(client):
    lamp("en", "ar")
    switch_off("ar")
    response = client.get("/ar/troubleshoot/lamp/?path=red", follow=True)
    assert response.redirect_chain == [("/en/troubleshoot/lamp/?path=red&off=ar", 302)]
    assert "Does it blink fast?" in response.content.decode()


# Where it is found


@pytest.mark.parametrize("query", ["", "?path=red", "?path=red&off=x"])
def test_the_other_address_leads_to_the_right_one_for_good_and_is_asked_again(client, query):
    lamp()
    ArticleFactory(slug="plain", texts={"en": "Text."})
    moves = {
        f"/en/articles/lamp/{query}": BASE + query,
        f"/en/troubleshoot/plain/{query}": f"/en/articles/plain/{query}",
    }
    for asked, there in moves.items():
        response = client.get(asked)
        assert (response.status_code, response["Location"]) == (301, there)
        assert response["Cache-Control"] == "no-cache"


def test_what_readers_may_not_see_has_no_other_address_either(client, trader, agent):
    lamp(agents_only=True)
    draft = ArticleFactory(slug="draft", kind="troubleshooter")
    for path in (BASE, "/en/articles/lamp/", f"/en/troubleshoot/{draft.slug}/", f"/en/articles/{draft.slug}/"):
        assert client.get(path).status_code == 404
    client.force_login(trader)
    assert client.get(BASE).status_code == 404
    client.force_login(agent)
    assert client.get("/en/articles/lamp/").status_code == 301
    response = client.get(f"{BASE}?path=red")
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


def test_a_retired_one_says_so_under_both_addresses(client):
    publishing.archive(lamp(), by=None)
    for path in (BASE, "/en/articles/lamp/"):
        assert client.get(path).status_code == 410


def test_lists_label_it_and_lead_to_its_address(client):
    topic = CategoryFactory(slug="light")
    lamp(category=topic)
    neighbour = ArticleFactory(slug="plain", category=topic, texts={"en": "[See](lamp.md)"})
    assert neighbour.category == topic
    listed = read(client, "/en/categories/light/")
    assert BASE in listed.links()
    assert "Troubleshooter" in [tag.words for tag in listed.main.all("span", class_="tag")]
    for path in ("/en/", "/en/articles/plain/"):
        assert BASE in read(client, path).links()
    assert client.get("/sitemap-articles.xml").content.decode().count(f"{BASE}</loc>") == 1


def test_home_offers_four_problems_and_keeps_what_people_ask_most(client):
    topic = CategoryFactory()
    for number in range(5):
        lamp(slug=f"lamp-{number}", category=topic, is_promoted=number == 4)
    for number in range(5):
        ArticleFactory(slug=f"asked-{number}", category=topic, is_promoted=True, texts={"en": "Text."})
    sections = [section for section in read(client, "/en/").main.all("section") if section.all("a", class_="go")]
    assert {s.one("h2").words: [link["href"] for link in s.all("a", class_="go")] for s in sections} == {
        "Fix a problem step by step": [f"/en/troubleshoot/lamp-{n}/" for n in (4, 0, 1, 2)],
        "What people ask most": [f"/en/articles/asked-{n}/" for n in range(4)],
    }


def test_home_without_any_says_nothing_of_them(client):
    ArticleFactory(texts={"en": "Text."})
    assert "Fix a problem" not in read(client, "/en/").words


def test_the_search_finds_any_of_its_nodes_and_leads_to_its_address(client):
    lamp("en", "zh-hans")
    index_all("en", "zh-hans")
    for language, query in (("en", "plug"), ("zh-hans", "插头")):
        base = f"/{language}/troubleshoot/lamp/"
        assert base in read(client, f"/{language}/search/?q={query}").links()
        found = client.get(f"/{language}/search/?q={query}&format=json").json()["results"]
        assert [row["url"] for row in found] == [base]
    assert client.get("/en/suggest/?q=lamp").json()["results"][0]["url"] == BASE


def test_feedback_on_it_leads_back_to_it(client):
    lamp()
    stamp = read(client, f"{BASE}?path=green").main["data-stamp"]
    data = {"stamp": stamp, "helpful": "1"}
    response = client.post("/en/feedback/lamp/", data, headers={"Sec-Fetch-Site": "same-origin"}, follow=True)
    assert BASE in response.content.decode()


# Keeping


def cold_queries(client, path):
    freshness.reset()
    tree.forget()
    caches["pages"].clear()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


@pytest.mark.parametrize("path", ["", "?path=red", "?path=red.fast", "?path=unsure", "?path=nonsense"])
def test_a_cold_page_costs_five_queries(client, path):
    lamp("en", "zh-hans", "ar")
    for language in ("en", "zh-hant", "ar", "ko"):
        assert cold_queries(client, f"/{language}/troubleshoot/lamp/{path}") <= 5


def test_one_in_a_language_outside_of_the_chain_costs_one_more(client):
    ArticleFactory(slug="lamp", kind="troubleshooter", source_language="ar", texts={"ar": TEXTS["ar"]})
    assert cold_queries(client, "/ko/troubleshoot/lamp/?path=red.fast") <= 6


def test_a_warm_page_costs_nothing_and_is_answered_with_304(client, django_assert_num_queries):
    lamp()
    for path in (BASE, f"{BASE}?path=red", f"{BASE}?path=red.fast"):
        etag = client.get(path)["ETag"]
        with django_assert_num_queries(0):
            assert client.get(path, headers={"If-None-Match": etag}).status_code == 304


def test_each_path_is_a_page_of_its_own(client):
    lamp()
    tags = {client.get(f"{BASE}?path={path}")["ETag"] for path in ("", "red", "green", "red.fast", "red.green")}
    assert len(tags) == 5
    assert client.get(f"{BASE}?path=red&utm=x")["ETag"] == client.get(f"{BASE}?path=red")["ETag"]


def test_only_possible_paths_are_kept(client, monkeypatch):
    lamp()
    kept = []
    monkeypatch.setattr(caches["pages"], "set", lambda key, *args: kept.append(key))
    for number in range(10):
        response = client.get(f"{BASE}?path=red.{number}")
        assert response["Cache-Control"] == "no-store"
    assert kept == []
    client.get(f"{BASE}?path=red")
    assert len(kept) == 1


def test_of_one_with_very_many_ways_the_start_alone_is_kept(client, monkeypatch):
    monkeypatch.setattr(troubleshooters, "MOST_KEPT", 3)
    lamp()
    assert "ETag" in client.get(BASE)
    assert client.get(f"{BASE}?path=red")["Cache-Control"] == "no-store"


def test_a_troubleshooter_sets_no_cookie_and_has_no_inline_script(client):
    lamp()
    response = client.get(f"{BASE}?path=red")
    assert not response.cookies
    assert "style=" not in response.content.decode()
    assert "onclick" not in response.content.decode()
