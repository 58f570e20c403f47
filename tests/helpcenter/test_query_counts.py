"""What a page costs in questions to the database when nothing is remembered, and in bytes; however much there is."""

import gzip
from datetime import timedelta
from random import Random

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from helpcenter import freshness, tree
from helpcenter.actions import drafting, search_words
from helpcenter.models import Article, ArticleTag, RelatedArticle, Tag
from helpcenter.search import asking
from supportdesk.accounts.models import User
from tests.helpcenter.factories import (
    AnnouncementFactory,
    ArticleFactory,
    CategoryFactory,
    index_all,
    publish_text,
)
from tests.helpcenter.many import fill

pytestmark = pytest.mark.django_db

PACKED_PAGE = 15 * 1024  # bytes, for texts of up to 30 KB


def forget_everything():
    freshness.reset()
    tree.forget()
    asking.forget()
    caches["pages"].clear()


def cold(client, path):
    """The queries of a page when this process remembers nothing."""
    forget_everything()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return [query["sql"] for query in queries]


def warm(client, path):
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return [query["sql"] for query in queries]


@pytest.fixture
def topic():
    return CategoryFactory(slug="topic", name_en="Topic")


# An article


@pytest.mark.parametrize("language", ["en", "zh-hant", "ja", "ko", "ar"])
def test_a_cold_article_costs_five_queries(client, topic, language):
    top = CategoryFactory(slug="top")
    deep = CategoryFactory(slug="deep", parent=CategoryFactory(slug="mid", parent=top))
    texts = dict.fromkeys(("en", "zh-hans", "ja", "ko", "ar"), "Text.")
    ArticleFactory(slug="x", category=deep, texts=texts)
    fill(deep, 20)
    AnnouncementFactory(is_band=True, published_at=timezone.now() - timedelta(hours=1))
    assert len(cold(client, f"/{language}/articles/x/")) <= 5


def test_a_cold_article_shown_in_a_language_outside_of_the_chain_costs_five_queries(client, topic):
    ArticleFactory(slug="x", category=topic, source_language="tr", texts={"tr": "Metin.", "vi": "Bài."})
    assert len(cold(client, "/ko/articles/x/")) <= 5


def test_a_cold_article_beside_one_in_a_language_outside_of_the_chain_costs_five_queries(client, topic):
    ArticleFactory(slug="x", category=topic, texts={"en": "Text."})
    ArticleFactory(slug="y", category=topic, source_language="ko", texts={"ko": "글."})
    assert len(cold(client, "/en/articles/x/")) <= 5


def test_related_articles_tags_and_neighbours_cost_an_article_nothing_more(client, topic):
    item = fill(topic, 3)
    few = cold(client, "/en/articles/a-0000/")
    fill(topic, 60, prefix="b")
    for position, other in enumerate(Article.objects.reading([]).filter(slug__startswith="b-")[:30]):
        RelatedArticle.objects.create(article=item, to=other, position=position)
        ArticleTag.objects.create(article=other, tag=Tag.objects.get_or_create(slug="t")[0])
    ArticleTag.objects.create(article=item, tag=Tag.objects.get(slug="t"))
    assert len(cold(client, "/en/articles/a-0000/")) == len(few) <= 5


def test_an_article_loads_texts_of_its_chain_only(client, topic):
    ArticleFactory(slug="x", category=topic, texts=dict.fromkeys(("en", "zh-hans", "ja", "ar"), "Text."))
    loaded = " ".join(cold(client, "/zh-hant/articles/x/"))
    assert '"html_zh_hant"' in loaded
    assert '"html_zh_hans"' in loaded
    assert not any(f'"html_{code}"' in loaded for code in ("ja", "ar", "ko", "ru"))
    assert '"body_' not in loaded, "the Markdown is for writers"


def test_a_warm_article_costs_nothing(client, topic):
    fill(topic, 3)
    assert warm(client, "/en/articles/a-0000/") == []


# A topic


@pytest.mark.parametrize("language", ["en", "zh-hant", "ko"])
def test_a_cold_topic_costs_the_same_five_queries_at_three_and_at_thirty_articles(client, topic, language):
    fill(topic, 3)
    three = len(cold(client, f"/{language}/categories/topic/"))
    fill(topic, 27, prefix="b")
    assert len(cold(client, f"/{language}/categories/topic/")) == three <= 5


def test_three_hundred_articles_elsewhere_cost_a_topic_nothing(client, topic):
    fill(topic, 3)
    before = cold(client, "/en/categories/topic/")
    for number in range(6):
        fill(CategoryFactory(slug=f"other-{number}", parent=CategoryFactory()), 50, prefix=f"o{number}")
    after = cold(client, "/en/categories/topic/")
    assert len(after) == len(before) <= 5


def test_sections_cost_a_topic_nothing(client, topic):
    fill(topic, 3)
    before = len(cold(client, "/en/categories/topic/"))
    for number in range(8):
        fill(CategoryFactory(slug=f"s{number}", parent=topic), 4, prefix=f"s{number}")
    assert len(cold(client, "/en/categories/topic/")) == before


def test_a_topic_with_texts_outside_of_the_chain_costs_five_queries(client, topic):
    fill(topic, 3)
    ArticleFactory(slug="vi", category=topic, source_language="vi", texts={"vi": "Bài."})
    assert len(cold(client, "/en/categories/topic/")) <= 5


def test_the_last_page_of_a_large_topic_costs_what_the_first_costs(client, topic):
    fill(topic, 300)
    first = cold(client, "/en/categories/topic/")
    assert len(cold(client, "/en/categories/topic/?page=10")) == len(first) <= 5


# The home page, announcements, the search


def test_the_home_page_costs_the_same_at_three_and_at_thirty_of_everything(client):
    def grow(count, prefix):
        for number in range(count):
            fill(CategoryFactory(slug=f"{prefix}{number}"), 2, prefix=f"{prefix}{number}")
            AnnouncementFactory(published_at=timezone.now() - timedelta(hours=1), is_band=True)

    grow(3, "c")
    search_words.offer_searches([{"en": "one"}])
    three = len(cold(client, "/en/"))
    grow(27, "d")
    search_words.offer_searches([{"en": f"query {number}"} for number in range(30)])
    assert len(cold(client, "/en/")) == three <= 8


@pytest.mark.parametrize("path", ["announcements/", "announcements/feed/", "announcements/n-0/"])
def test_announcements_cost_the_same_at_three_and_at_thirty(client, path):
    now = timezone.now()
    for number in range(3):
        AnnouncementFactory(slug=f"n-{number}", published_at=now - timedelta(hours=number))
    three = len(cold(client, f"/en/{path}"))
    for number in range(3, 30):
        AnnouncementFactory(slug=f"n-{number}", published_at=now - timedelta(hours=number))
    assert len(cold(client, f"/en/{path}")) == three <= 5


@pytest.mark.parametrize("asked", ["text", "text first", "zzzxq", ""])
def test_a_search_costs_four_queries(client, topic, asked):
    fill(topic, 30)
    index_all("en")
    client.get("/en/search/?q=warm")
    assert len(warm(client, f"/en/search/?q={asked}")) <= 4


def test_the_first_search_of_a_process_costs_no_more_than_a_few_queries_more_and_the_same_at_any_size(client, topic):
    fill(topic, 3)
    index_all("en")
    three = len(cold(client, "/en/search/?q=text"))
    fill(topic, 27, prefix="b")
    index_all("en")
    assert len(cold(client, "/en/search/?q=text")) == three <= 7


def test_suggestions_cost_four_queries(client, topic):
    fill(topic, 30)
    index_all("en")
    client.get("/en/suggest/?q=warm")
    assert len(warm(client, "/en/suggest/?q=tex")) <= 4


def test_ten_thousand_people_cost_a_page_nothing(client, topic):
    fill(topic, 3)
    before = {path: client.get(path).content for path in ("/en/", "/en/articles/a-0000/")}
    counted = {path: len(cold(client, path)) for path in before}
    User.objects.bulk_create(User(email=f"p{number}@example.com") for number in range(10_000))
    for path, body in before.items():
        assert len(cold(client, path)) == counted[path]
        assert client.get(path).content == body


# Bytes


def packed(client, path):
    response = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert response.status_code == 200
    assert response["Content-Encoding"] == "gzip"
    return len(response.content)


def prose(seed, size):
    """Text with the variety of real text: words of the demo articles in an order of their own."""
    folder = settings.BASE_DIR / "fixtures" / "help" / "en"
    bodies = (path.read_text("utf-8").split("\n---\n", 1)[1] for path in sorted(folder.glob("*.md")))
    lines_of = (body.splitlines() for body in bodies)
    sentences = [line for lines in lines_of for line in lines if line and not line.startswith(":::")]
    random, lines, length = Random(seed), [], 0
    while length < size:
        line = random.choice(sentences).lstrip("#|-> ").split("{")[0]
        lines.append(line)
        length += len(line) + 2
    return "\n\n".join(lines)[:size]


def test_an_article_of_thirty_kilobytes_is_sent_in_fifteen(client, topic):
    fill(topic, 12)
    item = ArticleFactory(slug="long", category=topic)
    sections = "\n\n".join(f"## Part {number}\n\n{prose(number, 2900)}" for number in range(10))
    publish_text(item, "en", drafting.Text("A long article", sections[:30_000]))
    assert packed(client, "/en/articles/long/") <= PACKED_PAGE


def test_a_guide_of_forty_steps_and_thirty_kilobytes_is_sent_in_fifteen(client, topic):
    fill(topic, 12)
    item = ArticleFactory(slug="long", category=topic, guide=True)
    steps = "\n\n".join(f"### Step {number} {{step:s{number}}}\n\n{prose(number, 700)}" for number in range(40))
    publish_text(item, "en", drafting.Text("A long guide", steps[:30_000]))
    assert packed(client, "/en/articles/long/") <= PACKED_PAGE


def test_a_full_topic_and_the_home_page_of_a_large_site_are_sent_in_fifteen_kilobytes(client):
    for number in range(12):
        fill(CategoryFactory(slug=f"c{number}"), 40, prefix=f"c{number}")
    for path in ("/en/", "/en/categories/c0/", "/en/articles/c0-0000/"):
        assert packed(client, path) <= PACKED_PAGE


def test_style_sheets_and_scripts_keep_to_their_budget():
    static = settings.BASE_DIR / "supportdesk" / "ui" / "static" / "ui"
    for sheet in ("site.ltr.css", "site.rtl.css"):
        assert len(gzip.compress((static / "css" / sheet).read_bytes())) <= 15 * 1024
    assert len(gzip.compress((static / "js" / "help.js").read_bytes())) <= 5 * 1024
    assert len((static / "js" / "theme.js").read_bytes()) < 400
