"""What readers say of an article, or of all: by language and month, with reasons and comments, as a table or CSV."""

import csv
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from helpcenter.models import Feedback
from tests.helpcenter.admin_forms import HOSTILE, html, signed_in
from tests.helpcenter.factories import ArticleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel("2026-11-22T12:00:00+00:00", tick=False):
        yield


def vote(article, helpful=False, language="en", days=1, **more):
    at = timezone.now() - timedelta(days=days)
    return Feedback.objects.create(
        article=article, language=language, helpful=helpful, day=at.date(), created_at=at, **more
    )


def asked(client, article=None, **query):
    own = [article.pk] if article else []
    name = "helpcenter_article_feedback" if article else "helpcenter_articles_feedback"
    return client.get(reverse(f"admin:{name}", args=own), query)


def table(rows):
    return [(row.name, row.helped.helpful, row.helped.votes) for row in rows]


def test_votes_are_counted_by_language_and_month(editor):
    article = ArticleFactory()
    vote(article, True)
    vote(article, False, reason="hard")
    vote(article, False, "ja", days=30, reason="steps")
    vote(ArticleFactory(), True)
    page = asked(editor, article).context
    assert table(page["by_language"]) == [("English", 1, 2), ("日本語", 0, 1)]
    assert table(page["by_month"]) == [("2026-11", 1, 2), ("2026-10", 0, 1)]
    assert (page["whole"].helpful, page["whole"].votes) == (1, 3)


def test_of_all_articles_together(editor):
    vote(ArticleFactory(), True)
    vote(ArticleFactory(), False)
    assert table(asked(editor).context["by_language"]) == [("English", 1, 2)]


def test_reasons_are_those_of_readers_who_were_not_helped(editor):
    article = ArticleFactory()
    for reason in ("hard", "hard", "outdated", ""):
        vote(article, reason=reason)
    (row,) = asked(editor, article).context["by_language"]
    assert [count for _, count in row.reasons] == [2, 0, 1, 0]


@pytest.mark.parametrize(("days", "votes"), [("28", 1), ("90", 2), ("365", 3), ("", 2), ("7", 2), ("x", 2)])
def test_a_period_ends_and_an_unknown_one_is_the_usual(editor, days, votes):
    article = ArticleFactory()
    for ago in (1, 60, 200):
        vote(article, days=ago)
    assert asked(editor, article, days=days).context["whole"].votes == votes


def test_one_language_alone(editor):
    article = ArticleFactory()
    vote(article)
    vote(article, language="ko")
    assert table(asked(editor, article, language="ko").context["by_language"]) == [("한국어", 0, 1)]
    assert asked(editor, article, language="nonsense").context["whole"].votes == 2


def test_comments_are_paged_newest_first(editor):
    article = ArticleFactory()
    for number in range(60):
        vote(article, days=number / 100, comment=f"comment {number:02}")
    page = asked(editor, article)
    assert page.context["page"].items[0].comment == "comment 00"
    assert page.context["page"].total == 60
    assert "?days=90&amp;page=2" in html(page)


def test_comments_are_harmless(editor):
    article = ArticleFactory()
    vote(article, comment=HOSTILE)
    assert "<script>alert" not in html(asked(editor, article))


def test_an_article_without_votes_says_so(editor):
    assert "Nobody has voted" in html(asked(editor, ArticleFactory()))


def lines(answer):
    return list(csv.reader(answer.content.decode().splitlines()))


def test_the_same_as_csv(editor):
    article = ArticleFactory(slug="fees")
    vote(article, True)
    vote(article, reason="hard")
    vote(article, language="ja", reason="steps")
    answer = asked(editor, article, format="csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert 'filename="feedback-fees-all-90.csv"' in answer.headers["Content-Disposition"]
    assert lines(answer) == [
        [
            "month",
            "language",
            "votes",
            "helpful",
            "percent",
            "low",
            "high",
            "hard",
            "steps",
            "outdated",
            "other_question",
        ],
        ["2026-11", "en", "2", "1", "50", "9", "91", "1", "0", "0", "0"],
        ["2026-11", "ja", "1", "0", "0", "0", "79", "0", "1", "0", "0"],
    ]


def test_a_formula_of_a_forged_language_is_no_formula(editor):
    article = ArticleFactory()
    vote(article, language="=1+1")
    assert lines(asked(editor, article, format="csv"))[1][1] == "'=1+1"


@pytest.mark.parametrize("name", ["translator", "agent"])
def test_people_without_the_right_are_refused(request, name):
    client = signed_in(request.getfixturevalue(name))
    assert asked(client).status_code == 403
    assert asked(client, ArticleFactory()).status_code == 403


def test_an_article_that_is_not_there(editor):
    assert editor.get(reverse("admin:helpcenter_article_feedback", args=[999])).status_code == 404


@pytest.mark.parametrize("language", ["en", "zh-hans", "ja", "ko", "ar"])
def test_the_page_opens_in_every_language(editor, language):
    vote(ArticleFactory(), comment="?")
    url = reverse("admin:helpcenter_articles_feedback")
    assert editor.get(url, headers={"Accept-Language": language}).status_code == 200


def test_the_months_are_those_of_utc(editor):
    article = ArticleFactory()
    Feedback.objects.create(
        article=article,
        language="en",
        helpful=True,
        day="2026-10-31",
        created_at=datetime.fromisoformat("2026-10-31T23:59:59+00:00"),
    )
    assert table(asked(editor, article).context["by_month"]) == [("2026-10", 1, 1)]


def test_the_page_costs_the_same_at_three_and_at_thirty(editor):
    def cost():
        asked(editor)
        with CaptureQueriesContext(connection) as queries:
            asked(editor)
        return len(queries)

    for _ in range(3):
        vote(ArticleFactory(), comment="?")
    few = cost()
    for _ in range(27):
        vote(ArticleFactory(), comment="?")
    assert cost() == few <= 12
