"""What is said of a text that is held against its source, and what is to be done first."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpcenter.enums import Standing
from helpcenter.localization import (
    DONE,
    NEED,
    OVERDUE_AFTER,
    Cell,
    Progress,
    SourceChange,
    SourceText,
    TextFacts,
    cell,
    need,
    percent,
    priority,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def ago(days: int) -> datetime:
    return NOW - timedelta(days=days)


def translation(text: TextFacts, source: SourceText | None = None) -> Cell:
    return cell(text, source or SourceText(public=1, ready=1), is_source=False, now=NOW)


PUBLIC = TextFacts(latest=5, public=5, based_on=1, standing=Standing.PUBLISHED)
BEHIND = TextFacts(latest=5, public=5, based_on=1, standing=Standing.PUBLISHED, is_outdated=True)


@pytest.mark.parametrize(
    ("text", "progress"),
    [
        (TextFacts(), Progress.MISSING),
        (PUBLIC, Progress.UP_TO_DATE),
        (BEHIND, Progress.OUTDATED),
        (TextFacts(latest=5), Progress.DRAFT),
        (TextFacts(latest=6, public=5), Progress.DRAFT),
        (TextFacts(latest=6, public=5, is_outdated=True, based_on=1), Progress.DRAFT),
        (TextFacts(latest=5, standing=Standing.IN_REVIEW), Progress.IN_REVIEW),
        (TextFacts(latest=5, public=5, standing=Standing.IN_REVIEW), Progress.IN_REVIEW),
        (TextFacts(latest=5, standing=Standing.CHANGES_ASKED), Progress.CHANGES_ASKED),
        (TextFacts(latest=5, standing=Standing.REJECTED), Progress.REJECTED),
        (TextFacts(latest=5, standing=Standing.APPROVED), Progress.APPROVED),
        (TextFacts(latest=5, standing=Standing.APPROVED, is_scheduled=True), Progress.SCHEDULED),
        (TextFacts(latest=5, public=5, is_scheduled=True), Progress.SCHEDULED),
    ],
)
def test_what_is_to_be_done_about_a_translation(text, progress):
    assert translation(text, SourceText(public=2, ready=2)).progress == progress


def test_the_source_is_not_held_against_anything():
    source = SourceText(public=5, ready=1)
    assert cell(PUBLIC, source, is_source=True, now=NOW) == Cell(Progress.SOURCE)
    assert cell(TextFacts(), SourceText(), is_source=True, now=NOW).progress == Progress.MISSING
    assert cell(TextFacts(latest=6, public=5), source, is_source=True, now=NOW).progress == Progress.DRAFT


@pytest.mark.parametrize(
    ("days", "is_major", "progress"),
    [
        (0, True, Progress.OUTDATED),
        (OVERDUE_AFTER, True, Progress.OUTDATED),
        (OVERDUE_AFTER + 1, True, Progress.OVERDUE),
        (OVERDUE_AFTER + 1, False, Progress.OUTDATED),
    ],
)
def test_a_major_change_turns_red_after_twenty_days(days, is_major, progress):
    found = translation(BEHIND, SourceText(2, 2, changes=[SourceChange(2, ago(days), is_major)]))
    assert (found.progress, found.days, found.is_major) == (progress, days, is_major)


def test_days_count_from_the_first_major_change_after_what_was_translated():
    changes = [
        SourceChange(1, ago(90), True),
        SourceChange(2, ago(40), False),
        SourceChange(3, ago(9), True),
        SourceChange(4, ago(2), True),
    ]
    assert translation(BEHIND, SourceText(4, 4, changes=changes)).days == 9
    assert translation(BEHIND, SourceText(2, 2, changes=changes[:2])).days == 40


def test_days_count_from_the_public_text_where_no_event_tells():
    assert translation(BEHIND, SourceText(4, 4, ago(3))).days == 3
    assert translation(BEHIND, SourceText(4, 4)).days is None


def test_days_are_told_while_somebody_is_at_work():
    text = TextFacts(latest=6, public=5, based_on=1, is_outdated=True, standing=Standing.IN_REVIEW)
    found = translation(text, SourceText(2, 2, ago(30)))
    assert (found.progress, found.days) == (Progress.IN_REVIEW, 30)


def test_a_translation_waits_while_it_follows_what_translators_were_handed():
    handed = SourceText(public=3, ready=1)
    assert translation(BEHIND, handed).progress == Progress.WAITING
    assert translation(BEHIND, SourceText(public=3, ready=2)).progress == Progress.OUTDATED  # one was handed since
    assert translation(TextFacts(), SourceText(public=3)).progress == Progress.WAITING
    assert translation(TextFacts(), handed).progress == Progress.MISSING


def test_what_says_something_else_than_its_source_is_not_up_to_date():
    wrong = replace(PUBLIC, is_differing=True)
    assert translation(wrong).progress == Progress.DIFFERS
    assert not translation(wrong).is_done
    assert translation(replace(wrong, latest=6)).progress == Progress.DIFFERS
    assert translation(replace(wrong, latest=6, standing=Standing.IN_REVIEW)).progress == Progress.IN_REVIEW
    assert translation(replace(BEHIND, is_differing=True)).progress == Progress.OUTDATED


def test_each_progress_has_its_need():
    assert set(NEED) == set(Progress)
    assert {progress for progress in DONE if NEED[progress]} == set()
    assert max(NEED, key=lambda one: NEED[one]) == Progress.OVERDUE


CELLS = st.lists(st.sampled_from(Progress).map(Cell), max_size=12)


@given(CELLS, st.integers(0, 10**6), st.integers(0, 10**6))
def test_more_reads_are_never_less_urgent(cells, fewer, more):
    fewer, more = sorted((fewer, more))
    assert priority(fewer, cells) <= priority(more, cells)


@given(CELLS, st.integers(0, 10**6))
def test_what_needs_nothing_comes_last_and_what_needs_something_never_does(cells, reads):
    assert (priority(reads, cells) == 0) == (need(cells) == 0)


@given(CELLS, CELLS, st.integers(1, 10**6))
def test_an_article_that_nobody_reads_stands_below_every_one_that_is_read_and_needs_something(unread, read, reads):
    if need(read):
        assert priority(0, unread) < priority(reads, read)


@given(CELLS, CELLS)
def test_of_two_that_nobody_reads_the_needier_comes_first(one, other):
    assert (need(one) < need(other)) == (priority(0, one) < priority(0, other))


@given(CELLS, st.sampled_from([one for one, weight in NEED.items() if weight >= NEED[Progress.OUTDATED]]))
def test_three_readers_of_one_wrong_language_weigh_more_than_one_of_many(many, wrong):
    assert priority(1, many) < priority(3, [Cell(wrong)])


def test_what_needs_more_in_one_language_or_in_more_of_them_needs_more():
    one = [Cell(Progress.OUTDATED)]
    assert need(one) < need(one * 2) < need([Cell(Progress.OVERDUE)])
    assert need([Cell(Progress.UP_TO_DATE)] * 12) == 0


@given(st.integers(0, 5000), st.integers(0, 5000))
def test_a_hundred_percent_is_all_of_it(done, total):
    done, total = sorted((done, total))
    assert 0 <= percent(done, total) <= 100
    assert (percent(done, total) == 100) == (done == total)
