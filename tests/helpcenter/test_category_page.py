"""The page of a topic: its sections and articles, what is missing in the reader's language last."""

from datetime import UTC, datetime

import pytest
from django.utils.translation import gettext, ngettext, override
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from helpcenter.actions import drafting, publishing
from tests.helpcenter.dom import TWELVE, read
from tests.helpcenter.factories import ArticleFactory, CategoryFactory, publish_text, save_text
from tests.helpcenter.many import fill

pytestmark = pytest.mark.django_db


def titles(element):
    return [link.words for link in element.all("a", class_="t")]


def article(slug, category, title="", language="en", **fields):
    return ArticleFactory(slug=slug, category=category, texts={language: drafting.Text(title or slug, "T.")}, **fields)


@pytest.fixture
def topic():
    return CategoryFactory(slug="money", name_en="Money", name_ja="お金", name_ar="المال")


def test_the_topic_shows_its_name_description_and_articles_with_summary_and_date(client, topic):
    topic.description_en = "Deposits & withdrawals."
    topic.save()
    item = ArticleFactory(slug="fees", category=topic)
    revision = save_text(item, "en", drafting.Text("All fees", "Text.", "What you pay."))
    publishing.publish(revision, by=None, at=datetime(2026, 11, 14, tzinfo=UTC))
    main = read(client, "/en/categories/money/").main
    assert main.one("h1").words == "Money"
    assert "Deposits & withdrawals." in main.words
    row = main.one("ul", class_="rows")
    assert titles(row) == ["All fees"]
    assert "What you pay." in row.words
    assert "14 November 2026" in row.words


def test_sections_follow_the_order_of_the_tree_each_with_its_own_articles(client, topic):
    second = CategoryFactory(slug="out", name_en="Out", parent=topic, position=20)
    first = CategoryFactory(slug="in", name_en="In", parent=topic, position=10)
    deep = CategoryFactory(slug="in-late", name_en="In, late", parent=first, position=10)
    for slug, category in (("o", second), ("i", first), ("l", deep), ("m", topic)):
        article(slug, category)
    sections = read(client, "/en/categories/money/").main.all("section", class_="blk")
    assert [titles(section) for section in sections] == [["m"], ["i"], ["l"], ["o"]]
    assert [section.one("h2").words for section in sections][1:] == ["In", "In, late", "Out"]


def test_chips_name_the_sections_that_have_something_to_read(client, topic):
    full, empty = CategoryFactory(slug="full", parent=topic), CategoryFactory(slug="empty", parent=topic)
    hidden = CategoryFactory(slug="hidden", parent=topic)
    article("a", CategoryFactory(slug="deep", parent=full))
    article("b", hidden, agents_only=True)
    assert empty.pk
    chips = read(client, "/en/categories/money/").main.all("a", class_="chip")
    assert [chip["href"] for chip in chips] == ["/en/categories/full/"]


def test_what_is_not_translated_comes_last_and_says_its_language(client, topic):
    for slug, language in (("a", "en"), ("b", "ja"), ("c", "en"), ("d", "ja")):
        article(slug, topic, language=language)
    rows = read(client, "/ja/categories/money/").main.one("ul", class_="rows").all("li")
    assert [row.one("a", class_="t").words for row in rows] == ["b", "d", "a", "c"]
    assert [tag.words for row in rows for tag in row.all("span", class_="tag")] == ["English", "English"]
    assert rows[2].one("a", class_="t")["lang"] == "en"
    assert rows[0].one("a", class_="t").get("lang") is None


def test_the_day_below_a_summary_in_another_direction_stays_in_the_order_of_the_page(client, topic):
    article("a", topic, language="en")
    article("b", topic, language="ar")
    own, foreign = read(client, "/ar/categories/money/").main.one("ul", class_="rows").all("li")
    (day,) = foreign.all("bdi")
    assert (day["lang"], day["dir"], day.one("time").words) == ("ar", "rtl", own.one("time").words)
    assert own.all("bdi") == []


def test_a_text_in_none_of_the_readers_languages_is_listed_in_its_own(client, topic):
    article("only-arabic", topic, "مقالة", language="ar")
    row = read(client, "/ko/categories/money/").main.one("ul", class_="rows")
    link = row.one("a", class_="t")
    assert (link.words, link["lang"], link["dir"]) == ("مقالة", "ar", "rtl")
    assert row.one("span", class_="tag").words == "العربية"


def test_a_name_that_is_not_translated_carries_its_language(client, topic):
    article("a", topic, language="ko")
    heading = read(client, "/ko/categories/money/").main.one("h1")
    assert heading.words == "Money"
    assert heading.inherited("lang") == "en"


@pytest.mark.parametrize("hidden", ["agents", "draft", "archived", "unpublished"])
def test_what_readers_may_not_read_is_neither_listed_nor_counted(client, topic, hidden):
    article("seen", topic)
    item = ArticleFactory(slug="unseen", category=topic, agents_only=hidden == "agents")
    revision = save_text(item, "en", "Text.")
    if hidden != "draft":
        publishing.publish(revision, by=None)
    if hidden == "archived":
        publishing.archive(item, by=None)
    if hidden == "unpublished":
        publishing.unpublish(item, "en", by=None)
    page = read(client, "/en/categories/money/")
    assert "unseen" not in page.html
    assert "1 article" in page.main.one("div", class_="sec-h").words


@pytest.mark.parametrize("language", ["en", "ru", "ar", "ja"])
@pytest.mark.parametrize("count", [1, 2, 5, 11, 21])
def test_counts_are_counted_as_the_language_counts(client, topic, language, count):
    fill(topic, count, language)
    with override(language):
        expected = ngettext("%(count)s article", "%(count)s articles", count) % {"count": count}
    assert expected in read(client, f"/{language}/categories/money/").main.one("div", class_="sec-h").words


@pytest.mark.parametrize("language", TWELVE)
def test_an_empty_topic_says_so_and_offers_the_search(client, topic, language):
    main = read(client, f"/{language}/categories/money/").main
    with override(language):
        assert gettext("There are no articles on this topic yet. The search looks through all topics.") in main.words
    assert main.one("form", role="search")["action"] == f"/{language}/search/"
    assert not main.all("input", name="category"), "a search inside an empty topic would find nothing"


def test_the_search_of_a_topic_looks_inside_it(client, topic):
    article("a", topic)
    assert read(client, "/en/categories/money/").main.one("input", name="category")["value"] == "money"


def test_the_side_names_the_topics_of_the_top_level_and_marks_the_current_one(client, topic):
    article("a", CategoryFactory(slug="api", name_en="API", position=topic.position + 10))
    article("b", CategoryFactory(slug="below", parent=topic))
    side = read(client, "/en/categories/money/").one("nav", class_="side-nav")
    assert [link["href"] for link in side.all("a")] == ["/en/categories/money/", "/en/categories/api/"]
    assert side.one("a", aria_current="page").words == "Money"


def test_topics_with_nothing_to_read_are_not_offered_but_have_their_page(client, topic):
    article("a", topic)
    article("b", CategoryFactory(slug="inside"), agents_only=True)
    side = read(client, "/en/categories/inside/").one("nav", class_="side-nav")
    assert [link["href"] for link in side.all("a")] == ["/en/categories/money/"]


def test_a_section_leads_back_to_its_parents(client, topic):
    deep = CategoryFactory(slug="deep", parent=CategoryFactory(slug="mid", name_en="Mid", parent=topic))
    crumbs = read(client, f"/en/categories/{deep.slug}/").one("ol", class_="crumbs").all("a")
    assert [link.words for link in crumbs][1:] == ["Money", "Mid"]


def test_pages_lose_nothing_and_repeat_nothing(client, topic):
    section = CategoryFactory(slug="s", parent=topic)
    for category, count, language in ((topic, 20, "en"), (topic, 14, "ja"), (section, 13, "ja"), (section, 20, "en")):
        fill(category, count, language, prefix=f"{category.slug}-{language}")
    seen, address = [], "/ja/categories/money/"
    while address:
        page = read(client, address)
        seen += [link["href"] for link in page.main.all("a", class_="t")]
        following = page.main.all("a", rel="next")
        address = "/ja/categories/money/" + following[0]["href"] if following else ""
    assert len(seen) == 67
    assert len(set(seen)) == 67


@pytest.mark.parametrize("page", ["0", "-1", "abc", "99999999999", "1e3", "１", "", "2%00", "%ED%A0%80", "1&page=2"])
def test_a_page_number_that_is_none_still_shows_a_page(client, topic, page):
    article("a", topic)
    assert titles(read(client, f"/en/categories/money/?page={page}").main) == ["a"]


@pytest.fixture
def three(topic):
    for number in range(3):
        article(f"a{number}", topic)


@given(page=st.text(max_size=400))
@example(page="x" * 400)
@settings(
    max_examples=30,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_page_number_breaks_the_page(client, three, page):
    assert client.get("/en/categories/money/", {"page": page}).status_code == 200


def test_a_topic_that_nobody_knows_is_not_found(client, topic):
    for slug in ("nothing", "MONEY", "x" * 200, "%E9%92%B1"):
        assert client.get(f"/en/categories/{slug}/").status_code == 404


def test_hostile_names_stay_words(client):
    words = "</h1><script>alert(1)</script>\"'{{ x }}"
    topic = CategoryFactory(slug="c", name_en=words, description_en=words)
    article("a", CategoryFactory(slug="d", name_en=words, parent=topic), words)
    page = read(client, "/en/categories/c/")
    assert page.one("h1").words == words
    assert len(page.scripts) == 2
    assert titles(page.main) == [words]


def test_a_renamed_topic_is_renamed_at_once(client, topic, administrator):
    article("a", topic)
    assert read(client, "/ja/categories/money/").one("h1").words == "お金"
    client.force_login(administrator)
    form = {"slug": "money", "position": "10", "parent": "", "name_en": "Money", "name_ja": "資金"}
    form |= {f"{name}_{code.replace('-', '_')}": "" for code in TWELVE for name in ("name", "description")} | form
    response = client.post(f"/admin/helpcenter/category/{topic.pk}/change/", form)
    assert response.status_code == 302, response.context["errors"]
    client.logout()
    assert read(client, "/ja/categories/money/").one("h1").words == "資金"


def test_a_guide_says_how_many_steps_it_has_in_the_language_that_is_shown(client, topic):
    guide = ArticleFactory(slug="g", category=topic, guide=True)
    publish_text(guide, "en", "## Do {#do}\n\n### A {step:a}\n\na\n\n### B {step:b}\n\nb")
    publish_text(guide, "ja", "## やる {#do}\n\n### あ {step:a}\n\na")
    for language, steps in (("en", 2), ("ja", 1)):
        row = read(client, f"/{language}/categories/money/").main.one("ul", class_="rows")
        with override(language):
            expected = ngettext("Guide, %(steps)s step", "Guide, %(steps)s steps", steps) % {"steps": steps}
        assert row.one("span", class_="tag").words == expected
