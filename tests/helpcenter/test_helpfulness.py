"""A share of votes is told with how sure it is, and few votes rank nowhere."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from helpcenter.helpfulness import FEWEST_VOTES, Helped
from helpcenter.models import Feedback
from tests.helpcenter.factories import ArticleFactory
from tests.helpcenter.samples import examples

# Computed by hand from Wilson's formula with z = 1.96
KNOWN = [
    (5, 5, 0.566, 1.0),
    (0, 5, 0.0, 0.435),
    (9, 10, 0.596, 0.982),
    (45, 50, 0.786, 0.957),
    (470, 500, 0.916, 0.958),
    (1, 2, 0.095, 0.905),
]


@pytest.mark.parametrize(("helpful", "votes", "low", "high"), KNOWN)
def test_the_interval_is_that_of_wilson(helpful, votes, low, high):
    assert Helped(helpful, votes).interval == pytest.approx((low, high), abs=0.0006)


def test_without_votes_everything_is_possible():
    assert (Helped(0, 0).interval, Helped(0, 0).percent) == ((0.0, 1.0), 0)


@pytest.mark.parametrize(("helpful", "votes"), [(3, 2), (-1, 5), (1, 0), (0, -1)])
def test_counts_that_cannot_be_are_refused(helpful, votes):
    with pytest.raises(ValueError, match="share"):
        _ = Helped(helpful, votes).interval


@given(votes=st.integers(1, 100_000), share=st.floats(0, 1))
@examples(300)
def test_the_share_lies_within_and_more_votes_make_it_narrower(votes, share):
    helpful = round(share * votes)
    low, high = Helped(helpful, votes).interval
    more_low, more_high = Helped(helpful * 4, votes * 4).interval
    assert 0 <= low <= helpful / votes + 1e-12
    assert helpful / votes - 1e-12 <= high <= 1
    assert more_high - more_low < high - low


@given(votes=st.integers(1, 5000), share=st.floats(0, 1))
@examples(200)
def test_the_other_side_of_a_vote_is_its_mirror(votes, share):
    helpful = round(share * votes)
    low, high = Helped(helpful, votes).interval
    other_low, other_high = Helped(votes - helpful, votes).interval
    assert (1 - other_high, 1 - other_low) == pytest.approx((low, high))


def vote(article, helpful, unhelpful, language="en", **more):
    votes = [True] * helpful + [False] * unhelpful
    Feedback.objects.bulk_create(
        Feedback(article=article, language=language, helpful=good, day=timezone.now().date(), **more) for good in votes
    )


@pytest.mark.django_db
@pytest.mark.both
def test_the_database_ranks_as_the_formula_does():
    counts = [(0, 10), (5, 5), (41, 59), (410, 590), (10, 0), (3, 7), (100, 3)]
    for helpful, unhelpful in counts:
        vote(ArticleFactory(), helpful, unhelpful)
    rows = list(Feedback.objects.least_helpful())
    assert len(rows) == len(counts)
    for row in rows:
        assert row["upper"] == pytest.approx(Helped(row["helpful_votes"], row["votes"]).interval[1])
    assert [row["upper"] for row in rows] == sorted(row["upper"] for row in rows)


@pytest.mark.django_db
def test_few_votes_rank_nowhere_and_languages_are_told_apart():
    article = ArticleFactory()
    vote(article, 0, FEWEST_VOTES - 1)
    vote(article, 1, FEWEST_VOTES - 1, language="ja")
    rows = list(Feedback.objects.least_helpful())
    assert [(row["language"], row["votes"]) for row in rows] == [("ja", FEWEST_VOTES)]


@pytest.mark.django_db
def test_votes_are_counted_with_their_reasons_of_a_time():
    article, now = ArticleFactory(), timezone.now()
    vote(article, 2, 3, reason="steps")
    vote(article, 0, 4, reason="hard", created_at=now - timedelta(days=40))
    (row,) = Feedback.objects.since(now - timedelta(days=28)).counted_by("article")
    assert (row["votes"], row["helpful_votes"], row["reason_steps"], row["reason_hard"]) == (5, 2, 3, 0)
