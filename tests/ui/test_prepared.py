"""A query whose SQL is written once finds what the queryset finds, whatever is asked for later."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from helpcenter.models import Article, Category
from supportdesk.outbox.models import Outbox
from supportdesk.ui.prepared import Prepared, PreparedCounts, PreparedRows, PreparedTuples
from tests.helpcenter import factories

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@Prepared
def by_slug(*, slug):
    return Article.objects.filter(slug=slug).values("pk", "slug", "cards", "created_at", "is_promoted")


@Prepared
def page(start, stop, *, categories, but):
    articles = Article.objects.filter(category__in=categories).exclude(slug=but)
    return articles.order_by("slug").values("slug", "category__slug")[start:stop]


@Prepared
def between(*, least, most):
    return Article.objects.filter(slug__gte=least, slug__lte=most).order_by("slug").values("slug")


@Prepared
def forgetful(*, slug):
    return Article.objects.filter(slug__startswith=slug).values("pk")


@Prepared
def cut(*, slug):
    return Article.objects.filter(slug=slug[1:2]).values("pk")


@PreparedTuples
def due_since(*, moment, but=""):
    owed = Outbox.objects.filter(next_at__gte=moment).order_by("consumer")
    return (owed.exclude(consumer=but) if but else owed).values_list("consumer", "next_at")


@PreparedTuples
def in_an_order_of_their_own(*, slug):
    return Article.objects.filter(slug=slug).values_list("slug", "created_at")


@Prepared
def numbered(number, *, other):
    return Article.objects.filter(pk=number, category=other).values("pk")


@Prepared
def anything(*, slug, language):
    return Article.objects.filter(slug=slug).values("pk")


@PreparedCounts
def how_many(most, *, categories, slug):
    articles = Article.objects.values("pk")
    return [articles.filter(category=categories[0])[:most], articles.filter(pk__in=[]), articles.filter(slug=slug)]


@PreparedCounts
def counts_of_nothing(*, slug):
    return []


@PreparedRows
def beside_their_category(*, slug):
    return Article.objects.filter(slug=slug).select_related("category").only("slug", "cards", "category__slug")


@pytest.fixture
def articles():
    topics = [factories.CategoryFactory(slug=slug) for slug in ("a", "b", "c")]
    return [
        factories.ArticleFactory(slug=f"{topic.slug}-{number}", category=topic)
        for topic in topics
        for number in range(3)
    ]


def test_values_are_told_apart_by_their_names_and_not_by_their_order(articles):
    found = [row["slug"] for row in between(least="a-1", most="b-0")]
    assert found == ["a-1", "a-2", "b-0"]
    assert [row["slug"] for row in between(most="b-0", least="a-1")] == found


def test_each_answer_is_what_the_queryset_finds(articles):
    for article in articles:
        names = ("pk", "slug", "cards", "created_at", "is_promoted")
        assert by_slug(slug=article.slug) == list(Article.objects.filter(slug=article.slug).values(*names))


def test_columns_are_what_python_calls_them(articles):
    (row,) = by_slug(slug="a-0")
    assert isinstance(row["created_at"], datetime)
    assert row["created_at"].tzinfo == UTC
    assert isinstance(row["cards"], dict)
    assert row["is_promoted"] is False


@pytest.mark.parametrize("slugs", [["a"], ["b", "c"], ["c", "b"], ["a", "b", "c"], []])
@pytest.mark.parametrize(("start", "stop"), [(0, 2), (2, 5), (0, 0)])
def test_lists_and_slices(articles, slugs, start, stop):
    numbers = [Category.objects.get(slug=slug).pk for slug in slugs]
    wanted = [f"{slug}-{number}" for slug in sorted(slugs) for number in range(3) if (slug, number) != ("b", 1)]
    assert [row["slug"] for row in page(start, stop, categories=numbers, but="b-1")] == wanted[start:stop]


@pytest.mark.parametrize("slug", ["'; DROP TABLE x; --", "%s", "a%", "\x020\x02", ""])
def test_words_stay_words(articles, slug):
    assert by_slug(slug=slug) == []


def test_django_writes_no_sql_the_second_time(articles, monkeypatch):
    by_slug(slug="a-0")
    monkeypatch.setattr(by_slug, "_build", None)
    with CaptureQueriesContext(connection) as captured:
        assert [row["slug"] for row in by_slug(slug="b-2")] == ["b-2"]
    assert len(captured) == 1


def test_a_value_that_does_not_arrive_as_it_is_is_refused(articles):
    with pytest.raises(TypeError, match="forgetful: a value that is asked for"):
        forgetful(slug="a-0")


def test_a_part_of_a_value_is_refused(articles):
    with pytest.raises(TypeError, match="cut: a value that is asked for"):
        cut(slug="a-0")


def test_a_value_that_the_query_does_not_ask_for_is_passed_over(articles):
    assert anything(slug="a-0", language="en") == anything(slug="a-0", language="ja") == by_number("a-0")


def by_number(slug):
    return list(Article.objects.filter(slug=slug).values("pk"))


@pytest.mark.parametrize("large", [2_000_000_000, 2_100_000_000])
def test_what_looks_like_a_stand_in_is_what_it_is(articles, large):
    """It decides how the SQL reads, so it is in the query when that is written."""
    article = factories.ArticleFactory(pk=large, category=articles[0].category)
    assert numbered(large, other=article.category_id) == [{"pk": large}]
    assert numbered(large, other=article.category_id + 1) == []


# Moments


def test_moments_are_asked_for_as_they_are_stored():
    now = datetime(2026, 3, 4, 5, 6, 7, 8, tzinfo=UTC)
    for hours in range(3):
        at = now + timedelta(hours=hours)
        Outbox.objects.create(event_kind="test", event_id=hours, consumer=f"number {hours}", next_at=at)
    one = timedelta(microseconds=1)
    assert [name for name, _ in due_since(moment=now + timedelta(hours=1))] == ["number 1", "number 2"]
    assert [name for name, _ in due_since(moment=now + timedelta(hours=1) + one)] == ["number 2"]
    elsewhere = (now + timedelta(hours=2)).astimezone(timezone(timedelta(hours=9)))
    assert due_since(moment=elsewhere, but="x") == [("number 2", elsewhere)]
    assert due_since(moment=elsewhere, but="number 2") == []


def test_tuples_in_an_order_of_their_own_are_refused(articles):
    with pytest.raises(TypeError, match="in_an_order_of_their_own: Article"):
        in_an_order_of_their_own(slug="a-0")


# Several counts


def test_several_are_counted_with_one_question(articles, django_assert_num_queries):
    topics = [article.category_id for article in articles[::3]]
    assert how_many(2, categories=topics, slug="b-1") == [2, 0, 1]
    with django_assert_num_queries(1):
        assert how_many(2, categories=topics[::-1], slug="nothing") == [2, 0, 0]
    assert how_many(5, categories=[topics[0] + 999], slug="b-1") == [0, 0, 1]
    assert counts_of_nothing(slug="a-0") == []


# Rows as objects


def test_rows_are_objects_with_what_they_name(articles, django_assert_num_queries):
    for article in articles:
        with django_assert_num_queries(1):
            (found,) = beside_their_category(slug=article.slug)
            assert found == article
            assert (found.slug, found.cards) == (article.slug, article.cards)
            assert found.category.slug == article.category.slug


def test_what_was_not_asked_for_is_read_when_somebody_wants_it(articles, django_assert_num_queries):
    (found,) = beside_their_category(slug="a-0")
    with django_assert_num_queries(1):
        assert found.created_at == articles[0].created_at
