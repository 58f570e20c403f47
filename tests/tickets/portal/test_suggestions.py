"""Beside the form: articles that may answer at once, counted when they did; what we know to be out of order."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from helpcenter.actions.drafting import Text
from helpcenter.enums import AnnouncementKind
from helpcenter.models import Announcement, Article, SearchLog
from tests.helpcenter.factories import ArticleFactory, index_all
from tickets.models import Deflection, Topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(topic: Topic) -> Article:
    texts = {
        "en": Text(title="My deposit has not arrived", body="Look at the confirmations."),
        "zh-hans": Text(title="我的充值未到账", body="查看确认数。"),
    }
    made = ArticleFactory(slug="deposit-late", texts=texts)
    index_all("en", "zh-hans")
    return made


def suggested(client: Client, words: str, language: str = "en") -> str:
    page = client.get(f"/{language}/tickets/suggestions/", {"q": words, "topic": "deposits"})
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    return page.content.decode()


def test_the_form_begins_with_articles_on_its_topic(client: Client, article: Article) -> None:
    text = client.get("/en/tickets/new/?topic=deposits").content.decode()
    assert 'href="/en/articles/deposit-late/"' in text
    assert "This may answer it now" in text


def test_the_article_from_which_somebody_came_is_not_suggested_again(client: Client, article: Article) -> None:
    text = client.get("/en/tickets/new/?topic=deposits&article=deposit-late").content.decode()
    assert text.count('href="/en/articles/deposit-late/"') == 1  # beside "You come from:"
    again = client.get("/en/tickets/suggestions/", {"q": "deposit arrived", "article": "deposit-late"})
    assert "deposit-late" not in again.content.decode()


def test_articles_while_typing_in_the_language_of_the_page(client: Client, article: Article) -> None:
    assert "/en/articles/deposit-late/" in suggested(client, "deposit arrived")
    text = suggested(client, "充值未到账", "zh-hans")
    assert "/zh-hans/articles/deposit-late/" in text
    assert "我的充值未到账" in text
    assert "<html" not in text
    assert not SearchLog.objects.exists()


@pytest.mark.parametrize("words", ["", " ", "\0", "a" * 10_000, "*a*", "AND " * 1000, "'\"<script>", "%"])
def test_any_words_are_an_answer(client: Client, article: Article, words: str) -> None:
    assert "<script>" not in suggested(client, words)


def test_what_only_agents_read_is_not_suggested(client: Client, article: Article) -> None:
    Article.objects.update(audience="agents")
    assert "deposit-late" not in suggested(client, "deposit arrived")


def test_a_click_on_this_solved_it_is_counted_and_thanked_for(client: Client, article: Article, topic: Topic) -> None:
    page = client.post("/zh-hans/tickets/solved/", {"article": "deposit-late", "topic": "deposits"})
    assert page.status_code == 200
    counted = Deflection.objects.get()
    assert (counted.article, counted.language, counted.topic) == (article, "zh-hans", topic)
    assert {field.name for field in Deflection._meta.get_fields()} == {"id", "article", "language", "topic", "at"}


@pytest.mark.parametrize("slug", ["", "no-such", "\0", "x" * 500])
def test_what_is_no_article_counts_nothing(client: Client, article: Article, slug: str) -> None:
    assert client.post("/en/tickets/solved/", {"article": slug, "topic": "nothing"}).status_code == 200
    assert not Deflection.objects.exists()


def test_one_address_does_not_count_without_end(client: Client, article: Article, settings) -> None:
    settings.TICKET_LIMITS = {"solved": 2}
    for _ in range(4):
        assert client.post("/en/tickets/solved/", {"article": "deposit-late"}).status_code == 200
    assert Deflection.objects.count() == 2


def test_only_a_post_counts(client: Client, article: Article) -> None:
    assert client.get("/en/tickets/solved/").status_code == 405


def announce(kind: AnnouncementKind, slug: str, **values: object) -> None:
    values = {"published_at": timezone.now() - timedelta(hours=1), "title_en": slug.title(), **values}
    Announcement.objects.create(slug=slug, kind=kind, source_language="en", **values)


def test_what_is_out_of_order_now_stands_beside_the_form(client: Client, topic: Topic) -> None:
    now = timezone.now()
    announce(AnnouncementKind.INCIDENT, "late-deposits")
    announce(AnnouncementKind.MAINTENANCE, "wallet-work", ends_at=now + timedelta(hours=1))
    announce(AnnouncementKind.MAINTENANCE, "next-week", starts_at=now + timedelta(days=7))
    announce(AnnouncementKind.INCIDENT, "over", ends_at=now - timedelta(minutes=1))
    announce(AnnouncementKind.INCIDENT, "forgotten", published_at=now - timedelta(days=9))
    announce(AnnouncementKind.ANNOUNCEMENT, "new-coin")
    for path in ("/en/tickets/new/", "/en/tickets/new/?topic=deposits"):
        text = client.get(path).content.decode()
        for slug in ("late-deposits", "wallet-work"):
            assert f"/en/announcements/{slug}/" in text
        for slug in ("next-week", "over", "forgotten", "new-coin"):
            assert f"/en/announcements/{slug}/" not in text


def test_whoever_comes_from_an_article_finds_it_again(client: Client, article: Article) -> None:
    text = client.get("/en/tickets/new/?topic=deposits&article=deposit-late").content.decode()
    assert '<input type="hidden" name="article" value="deposit-late">' in text
    assert "You come from:" in text
