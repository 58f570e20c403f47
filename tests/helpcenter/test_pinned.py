"""A text that is pinned stands above the results of searches that mean it, until it is taken down."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone, translation

from helpcenter import freshness
from helpcenter.actions import pinning, publishing
from helpcenter.enums import EventKind, PinReason
from helpcenter.errors import NotAllowedNow
from helpcenter.models import Announcement, Article, ContentEvent, Pin
from helpcenter.views import pinned
from supportdesk.accounts.models import User
from tests.helpcenter import searching
from tests.helpcenter.factories import AnnouncementFactory, ArticleFactory
from tests.helpcenter.searching import refresh, write

pytestmark = pytest.mark.django_db
BUSY = "Pinned because many people are asking about this right now."


@pytest.fixture(autouse=True)
def _empty_index() -> None:
    searching.clear_indexes()


@pytest.fixture
def liquidation() -> Article:
    made = write(
        "why-liquidated",
        en="Why was my position liquidated?\nThe mark price reached your liquidation price.",
        zh_hans="为什么我的仓位被强平？\n标记价格达到了强平价格。",
    )
    write("fees", en="What fees do I pay?\nMaker and taker fees.", zh_hans="手续费是多少？\n挂单和吃单手续费。")
    return made


@pytest.fixture
def found(liquidation: Article) -> Article:
    """The same, where searches find it."""
    refresh("en", "zh-hans")
    return liquidation


def pin(text: Article | Announcement, **values: Any) -> Pin:
    return pinning.pin(text, **{"why": PinReason.BUSY, "source": "surge", "by": None, **values})


def searched(client: Client, question: str, language: str = "en") -> str:
    return client.get(f"/{language}/search/", {"q": question}).content.decode()


def test_a_search_that_finds_the_article_shows_it_first(found: Article, client: Client) -> None:
    pin(found)
    page = searched(client, "liquidated")
    assert page.index(BUSY) < page.index("result for")
    assert BUSY not in searched(client, "maker fees")


def test_readers_get_it_in_their_language_or_the_one_that_there_is(liquidation: Article, client: Client) -> None:
    pin(liquidation, words=["Liquidation"])
    assert "为什么我的仓位被强平" in searched(client, "强平", "zh-hans").split("<h1")[0]
    above = searched(client, "liquidation", "ko").split("<h1")[0]
    assert 'lang="en"' in above.split('class="notice warn pinned')[1]


@pytest.mark.parametrize(
    ("question", "language", "is_meant"),
    [
        ("my margin call", "en", True),
        ("margin calls", "en", True),
        ("call me", "en", False),
        ("爆仓了怎么办", "zh-hans", True),
        ("", "en", False),
    ],
)
def test_words_say_which_searches_mean_it(
    question: str, language: str, is_meant: bool, liquidation: Article, client: Client
) -> None:
    pin(liquidation, words=["margin call", "爆仓"])
    assert ("notice warn pinned" in searched(client, question, language)) is is_meant


def test_a_pinned_text_stands_on_the_first_page_of_results_alone(liquidation: Article, client: Client) -> None:
    for number in range(11):
        write(f"more-{number}", en=f"More on liquidation {number}\nYour liquidation.")
    refresh("en")
    pin(liquidation, words=["liquidation"])
    assert BUSY in searched(client, "liquidation")
    assert BUSY not in client.get("/en/search/", {"q": "liquidation", "page": 2}).content.decode()


def test_programs_get_it_apart_from_the_results(found: Article, client: Client) -> None:
    pin(found)
    found = client.get("/en/search/", {"q": "liquidated", "format": "json"}).json()
    assert [(one["title"], one["why"]) for one in found["pinned"]] == [("Why was my position liquidated?", BUSY)]
    assert found["total"] == 1


def test_a_pinned_text_goes_when_it_is_taken_down_and_the_log_keeps_both(
    liquidation: Article, client: Client, person: Callable[..., User]
) -> None:
    lead = person("Team leads")
    pin(liquidation, by=lead)
    assert pinning.unpin("surge", by=lead) == 1
    assert BUSY not in searched(client, "liquidated")
    kinds = (EventKind.PINNED, EventKind.UNPINNED)
    rows = ContentEvent.objects.filter(kind__in=kinds, article=liquidation).order_by("pk")
    assert [(row.kind, row.by) for row in rows] == [("pinned", lead), ("unpinned", lead)]
    assert pinning.unpin("surge", by=lead) == 0


def test_every_change_makes_pages_anew_and_the_same_again_does_not(liquidation: Article) -> None:
    numbers = [freshness.stored_number()]
    for act in (lambda: pin(liquidation), lambda: pin(liquidation), lambda: pinning.unpin("surge", by=None)):
        act()
        numbers.append(freshness.stored_number())
    assert [b - a for a, b in zip(numbers, numbers[1:], strict=False)] == [1, 0, 1]


def test_another_takes_the_place_of_the_one_before(liquidation: Article) -> None:
    other = write("other", en="Another\nText.")
    pin(liquidation, topic="liquidation")
    pin(other, topic="liquidation")
    pin(liquidation, topic="api")
    assert {(one.topic, one.article) for one in Pin.objects.current()} == {("liquidation", other), ("api", liquidation)}
    assert pinning.unpin("surge", topic="api", by=None) == 1
    assert Pin.objects.count() == 3


def test_of_a_topic_come_its_own_before_those_of_all(liquidation: Article) -> None:
    everybody = write("all", en="For all\nText.")
    pin(liquidation, topic="liquidation")
    pin(everybody, source="other")
    assert [one.title for one in pinned.of_topic("liquidation")] == ["Why was my position liquidated?", "For all"]
    assert [one.title for one in pinned.of_topic("fees")] == ["For all"]


def test_a_text_that_is_pinned_for_several_topics_stands_there_once(liquidation: Article, client: Client) -> None:
    pin(liquidation, topic="liquidation")
    pin(liquidation, topic="trading")
    assert searched(client, "liquidated").count(BUSY) == 1


def test_what_was_pinned_last_stands_first_though_it_was_pinned_before(liquidation: Article) -> None:
    for number in range(3):
        pin(write(f"other-{number}", en=f"Other {number}\nText."), topic=f"topic-{number}")
    pin(liquidation, topic="trading")
    assert pinned.newest()[0].title == "Why was my position liquidated?"
    pin(liquidation, source="other", topic="fees")
    assert [one.title for one in pinned.newest()][:2] == ["Why was my position liquidated?", "Other 2"]


def test_an_announcement_can_be_pinned_too(client: Client) -> None:
    notice = AnnouncementFactory(title_en="Withdrawals are late", published_at=timezone.now())
    pin(notice, why=PinReason.INCIDENT, words=["withdrawal late"])
    page = searched(client, "why are withdrawals late")
    assert "Pinned because of a problem that we are working on right now." in page
    assert f"/en/announcements/{notice.slug}/" in page


def test_what_readers_cannot_open_is_refused(client: Client) -> None:
    hidden = [ArticleFactory(), ArticleFactory(agents_only=True, texts={"en": "Text"})]
    for text in (*hidden, AnnouncementFactory(published_at=None)):
        with pytest.raises(NotAllowedNow, match="Publish it first"):
            pin(text)
    assert not Pin.objects.exists()


def test_an_article_that_is_unpublished_is_no_longer_shown(liquidation: Article) -> None:
    pin(liquidation)
    with translation.override("en"):
        assert len(pinned.everything()) == 1
        for language in ("en", "zh-hans"):
            publishing.unpublish(liquidation, language, by=None)
        assert pinned.everything() == []


def test_two_at_once_for_one_topic_cannot_be(liquidation: Article) -> None:
    pin(liquidation)
    with pytest.raises(IntegrityError):
        Pin.objects.create(article=liquidation, why="busy", source="surge")


def test_without_a_pin_nothing_is_asked_of_the_database(django_assert_num_queries: Any) -> None:
    freshness.current()
    with django_assert_num_queries(0):
        assert pinned.of_topic("any") == []


def test_pins_are_read_once_for_a_snapshot(liquidation: Article, django_assert_max_num_queries: Any) -> None:
    pin(liquidation)
    freshness.current()
    with django_assert_max_num_queries(2):
        for _ in range(5):
            pinned.of_topic("any")
