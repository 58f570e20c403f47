"""The calendar: what changes for readers and what is due, day by day (UTC)."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from helpcenter import calendar
from helpcenter.admin.article_tools import month_of
from helpcenter.calendar import Kind, entries
from helpcenter.models import Article, ContentTask, TranslationState
from tests.helpcenter.admin_forms import html, signed_in
from tests.helpcenter.factories import AnnouncementFactory, ArticleFactory, keep_fact, value

NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)


def at(day, hour=0, month=11):
    return datetime(2026, month, day, hour, tzinfo=UTC)


def found(begin=NOVEMBER, end=DECEMBER):
    return [(entry.day.day, entry.kind, entry.what) for entry in entries(begin, end)]


@pytest.mark.django_db
def test_everything_that_is_planned_or_due_stands_on_its_day():
    article = ArticleFactory(slug="guide", texts={"en": "Text."})
    TranslationState.objects.filter(article=article).update(publish_at=at(5, 8), unpublish_at=at(20))
    Article.objects.filter(pk=article.pk).update(review_by=date(2026, 11, 12))
    AnnouncementFactory(slug="stop", published_at=at(2), starts_at=at(5, 2), ends_at=at(5, 3))
    ContentTask.objects.create(kind="write", query="travel rule", due_on=date(2026, 11, 30))
    keep_fact("btc.fee", value("0.05", since="2026-11-15"))
    assert found() == [
        (2, Kind.ANNOUNCED, "stop"),
        (5, Kind.BEGINS, "stop"),
        (5, Kind.ENDS, "stop"),
        (5, Kind.PUBLISH, "guide"),
        (12, Kind.CHECK, "guide"),
        (15, Kind.FACT, "btc.fee = 0.05"),
        (20, Kind.UNPUBLISH, "guide"),
        (30, Kind.TASK, "travel rule"),
    ]


@pytest.mark.django_db
def test_many_new_values_of_a_kind_on_a_day_are_one_entry(content_editor):
    for number in range(calendar.MOST_INSIDE + 2):
        keep_fact(f"coin{number:02}.fee", value("0.05", since="2026-11-15"))
    keep_fact("btc.limit", value("10", since="2026-11-15"))
    keep_fact("btc.fee", value("0.05", since="2026-11-16"))
    assert [(day, kind) for day, kind, _what in found()] == [(15, Kind.FACT), (15, Kind.FACTS), (16, Kind.FACT)]
    many = next(entry for entry in entries(NOVEMBER, DECEMBER) if entry.kind == Kind.FACTS)
    assert (many.count, len(many.inside), many.more) == (32, 30, 2)
    assert many.inside[0].what == "coin00.fee = 0.05"
    desk = signed_in(content_editor)
    page = html(desk.get(reverse("admin:helpcenter_article_calendar"), {"month": "2026-11"}))
    assert "and 2 more" in page
    assert len(desk.get(many.address).context["cl"].result_list) == 33, "its link leads to the facts of that kind"


@pytest.mark.django_db
def test_a_new_contract_is_one_entry_however_many_facts_it_has():
    for kind in ("fee", "limit", "tick"):
        keep_fact(f"solusdt.{kind}", value("10", since="2026-11-15"))
    keep_fact("btc.lot", value("10", since="2026-11-15"))
    keep_fact("eth.hold", value("10", since="2026-11-16"))
    assert found() == [
        (15, Kind.FACT, "btc.lot = 10"),
        (15, Kind.FACTS, "solusdt"),
        (16, Kind.FACT, "eth.hold = 10"),
    ]
    assert [one.count for one in entries(NOVEMBER, DECEMBER)] == [1, 3, 1]


@pytest.mark.django_db
def test_a_month_ends_before_the_next_one_begins():
    AnnouncementFactory(slug="stop", published_at=at(1, month=12), starts_at=at(30, 23))
    assert found() == [(30, Kind.BEGINS, "stop")]
    assert found(DECEMBER, date(2027, 1, 1)) == [(1, Kind.ANNOUNCED, "stop")]


@pytest.mark.django_db
def test_done_tasks_and_archived_articles_are_not_due():
    ContentTask.objects.create(kind="write", query="x", due_on=date(2026, 11, 3), done_at=at(1))
    article = ArticleFactory(texts={"en": "Text."})
    Article.objects.filter(pk=article.pk).update(review_by=date(2026, 11, 12), archived_at=at(1))
    assert found() == []


@pytest.mark.parametrize("asked", ["", "2026", "2026-13", "2026-00", "x-y", "99999-01", "²026-01"])
def test_what_names_no_month_is_this_one(asked):
    assert month_of(asked, date(2026, 11, 22)) == NOVEMBER


@pytest.mark.django_db
def test_the_screen_shows_a_month_and_leads_to_its_neighbours(content_editor):
    AnnouncementFactory(slug="stop", published_at=at(2, 9))
    desk = signed_in(content_editor)
    page = html(desk.get(reverse("admin:helpcenter_article_calendar"), {"month": "2026-11"}))
    assert "announcement is published" in page
    assert 'href="?month=2026-10"' in page
    assert 'href="?month=2026-12"' in page
    assert "Nothing is planned" in html(desk.get(reverse("admin:helpcenter_article_calendar"), {"month": "2026-10"}))


@pytest.mark.django_db
@pytest.mark.parametrize("count", [3, 30])
def test_the_calendar_costs_the_same_for_any_number_of_entries(content_editor, django_assert_max_num_queries, count):
    for number in range(count):
        article = ArticleFactory(texts={"en": "Text."})
        TranslationState.objects.filter(article=article).update(publish_at=at(1 + number % 28, 8))
    desk = signed_in(content_editor)
    with django_assert_max_num_queries(12):
        desk.get(reverse("admin:helpcenter_article_calendar"), {"month": "2026-11"})
