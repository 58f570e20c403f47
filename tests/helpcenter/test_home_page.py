"""The first page: the way to it by the browser's language, and what it offers there."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone
from django.utils.translation import gettext, ngettext, override

from helpcenter import freshness
from helpcenter.actions import drafting, publishing, search_words
from helpcenter.models import Article, SiteLanguage
from supportdesk.ui import places
from tests.helpcenter.dom import TAGS, TWELVE, fold, read
from tests.helpcenter.factories import AnnouncementFactory, ArticleFactory, CategoryFactory, publish_text, save_text
from tests.helpcenter.many import fill

pytestmark = pytest.mark.django_db


def switch_off(*codes):
    SiteLanguage.objects.filter(code__in=codes).update(is_public=False)
    freshness.bump()


def article(slug, category, **fields):
    return ArticleFactory(slug=slug, category=category, texts={"en": drafting.Text(slug, "Text.")}, **fields)


def cards(page):
    return page.main.all("div", class_="card-q")


@pytest.mark.parametrize(
    ("wanted", "language"),
    [("ko", "ko"), ("zh-CN", "zh-hans"), ("zh-Hans-SG", "zh-hans"), ("zh-TW", "zh-hant"), ("zh-HK", "zh-hant"),
     ("pt-BR,pt;q=0.9", "pt-br"), ("pt", "pt-br"), ("ar-EG", "ar"), ("ja-JP,ja;q=0.9,en;q=0.8", "ja"),
     ("de-AT,fr;q=0.5", "fr"), ("en-GB", "en"), ("de", "en"), ("", "en"), ("*", "en"), ("ko;q=0,ja", "ja"),
     ("ja;q=0.1,vi;q=0.9", "vi"), ("\u00e9;q=1", "en"), ("ko" * 400, "en"), (";;;,,,q=", "en")],
)  # fmt: skip
def test_the_bare_address_leads_to_the_language_of_the_browser(client, wanted, language):
    response = client.get("/", headers={"Accept-Language": wanted})
    assert (response.status_code, response["Location"]) == (302, f"/{language}/")


def test_the_answer_at_the_bare_address_varies_by_language_and_by_nothing_else(client):
    response = client.get("/", headers={"Accept-Language": "ko"})
    assert response["Vary"] == "Accept-Language"
    assert not response.cookies


@pytest.mark.parametrize(
    ("off", "wanted", "language"),
    [(["ko"], "ko", "en"), (["ko"], "ko,ja;q=0.8", "ja"), (["zh-hans"], "zh-CN", "zh-hant"),
     (["en"], "de", "zh-hans"), (["ko", "en"], "ko,en;q=0.5,ar;q=0.3", "ar")],
)  # fmt: skip
def test_the_bare_address_leads_to_the_best_language_that_is_switched_on(client, off, wanted, language):
    switch_off(*off)
    assert client.get("/", headers={"Accept-Language": wanted})["Location"] == f"/{language}/"


@pytest.mark.parametrize("language", TWELVE)
def test_an_empty_help_centre_says_so_in_every_language(client, language):
    page = read(client, f"/{language}/")
    assert (page.one("html")["lang"], page.one("html")["dir"]) == (TAGS[language], "rtl" if language == "ar" else "ltr")
    with override(language):
        assert gettext("There are no articles yet. They appear here as soon as the first one is published.") in (
            page.main.words
        )
        assert page.one("h1").words == fold(gettext("How can we help?"))
    assert page.main.one("form", role="search")["action"] == f"/{language}/search/"


def test_a_topic_shows_its_name_the_number_of_its_articles_and_the_first_three(client):
    topic = CategoryFactory(slug="money", name_en="Money")
    below = CategoryFactory(slug="in", parent=topic)
    for slug in ("a", "b", "c"):
        article(slug, topic)
    article("d", below)
    card = cards(read(client, "/en/"))[0]
    assert card.one("h3").words == "Money"
    assert card.one("h3").one("a")["href"] == "/en/categories/money/"
    assert "4 articles" in card.words
    assert [link.words for link in card.one("ul").all("a")] == ["a", "b", "c"]


def test_a_topic_whose_articles_lie_in_its_sections_shows_those(client):
    topic = CategoryFactory(slug="money")
    article("deep", CategoryFactory(parent=CategoryFactory(parent=topic)))
    card = cards(read(client, "/en/"))[0]
    assert card.one("h3").one("a")["href"] == "/en/categories/money/"
    assert [link.words for link in card.one("ul").all("a")] == ["deep"]


def test_topics_stand_in_their_order(client):
    for position, slug in ((30, "c"), (10, "a"), (20, "b")):
        article(f"in-{slug}", CategoryFactory(slug=slug, position=position))
    assert [card.one("h3").one("a")["href"][-2] for card in cards(read(client, "/en/"))] == ["a", "b", "c"]


@pytest.mark.parametrize("hidden", ["agents", "draft", "archived"])
def test_a_topic_with_nothing_to_read_is_not_shown(client, hidden):
    item = ArticleFactory(slug="unseen", agents_only=hidden == "agents", is_promoted=True)
    revision = save_text(item, "en", "Text.")
    if hidden != "draft":
        publishing.publish(revision, by=None)
    if hidden == "archived":
        publishing.archive(item, by=None)
    page = read(client, "/en/")
    assert not cards(page)
    assert "unseen" not in page.html.lower()


def test_promoted_articles_are_four_at_most(client):
    topic = CategoryFactory()
    for number in range(6):
        article(f"p{number}", topic, is_promoted=True)
    article("plain", topic)
    links = read(client, "/en/").main.all("a", class_="go")
    assert len(links) == 4
    assert all(link.words.startswith("p") and link.words != "plain" for link in links)


def test_what_is_not_translated_carries_its_language(client):
    topic = CategoryFactory(slug="money", name_en="Money")
    article("fees", topic, is_promoted=True)
    page = read(client, "/ko/")
    for link in (page.main.one("a", class_="go"), cards(page)[0].one("ul").one("a")):
        assert next(e for e in [link, *link.below()] if e.words == "fees" and "lang" in e.attrs)["lang"] == "en"


def test_the_name_of_a_topic_that_is_not_translated_carries_its_language(client):
    article("fees", CategoryFactory(slug="money", name_en="Money"))
    link = cards(read(client, "/ko/"))[0].one("h3").one("a")
    assert (link.words, link.inherited("lang")) == ("Money", "en")


@pytest.mark.parametrize("language", ["en", "ru", "ar"])
def test_counts_are_counted_as_the_language_counts(client, language):
    topic = CategoryFactory()
    for number in range(3):
        article(f"a{number}", topic)
    with override(language):
        expected = ngettext("%(count)s article", "%(count)s articles", 3) % {"count": 3}
    assert expected in cards(read(client, f"/{language}/"))[0].words


def test_the_newest_three_announcements_stand_on_the_page_with_their_kind(client):
    now = timezone.now()
    for number in range(5):
        AnnouncementFactory(slug=f"n{number}", published_at=now - timedelta(days=number), kind="phishing")
    AnnouncementFactory(slug="later", published_at=now + timedelta(days=1))
    AnnouncementFactory(slug="draft", published_at=None)
    sections = read(client, "/en/").main.all("section")
    section = next(section for section in sections if section.all("a", href="/en/announcements/"))
    assert [link["href"] for link in section.all("a", class_="t")] == [f"/en/announcements/n{n}/" for n in range(3)]
    assert {tag.words for tag in section.all("span", class_="tag")} == {"Phishing alert"}


@pytest.mark.parametrize("query", ["强平", "C++ & fees?", 'say "no"', "100% #1", "<b>x</b>"])
def test_offered_searches_search_for_exactly_their_words(client, query):
    search_words.offer_searches([{"zh-hans": query, "en": "other"}])
    chip = read(client, "/zh-hans/").main.one("a", class_="chip")
    address = urlsplit(chip["href"])
    assert chip.words == query
    assert address.path == "/zh-hans/search/"
    assert parse_qs(address.query) == {"q": [query]}


def test_searches_are_offered_in_the_readers_own_language_only(client):
    search_words.offer_searches([{"en": "funding"}, {"ja": "手数料"}])
    assert [chip.words for chip in read(client, "/ja/").main.all("a", class_="chip")] == ["手数料"]
    assert not read(client, "/ko/").main.all("a", class_="chip")


def test_screens_that_no_app_offers_are_not_linked(client, monkeypatch):
    monkeypatch.setattr(places, "_NAMES", {"home": "helpcenter:home"})
    page = read(client, "/en/")
    assert "Contact support" not in page.words
    assert all(link.strip() for link in page.links())


def test_a_new_article_appears_at_once(client):
    item = ArticleFactory(slug="x")
    assert not cards(read(client, "/en/"))
    publish_text(item, "en", "Text.")
    assert cards(read(client, "/en/"))


def test_the_home_page_of_a_large_site_stays_small(client):
    fill(CategoryFactory(), 40)
    small = len(client.get("/en/").content)
    Article.objects.update(is_promoted=True)
    freshness.bump()
    assert len(client.get("/en/").content) < small + 2000


def test_hostile_words_stay_words(client):
    words = "</h3><script>alert(1)</script>\"'"
    topic = CategoryFactory(name_en=words)
    ArticleFactory(category=topic, is_promoted=True, texts={"en": drafting.Text(words, "Text.")})
    AnnouncementFactory(title_en=words, summary_en=words, published_at=timezone.now(), is_band=True)
    page = read(client, "/en/")
    assert len(page.scripts) == 2
    assert cards(page)[0].one("h3").words == words


@pytest.mark.parametrize("language", ["de", "zh", "zh-cn", "en-us", "..", "xyz", "e" * 600])
def test_a_language_that_the_site_does_not_have_has_no_home(client, language):
    assert client.get(f"/{language}/").status_code == 404
