"""Figures of the desk as JSON and as tables: what goes in comes out, and nothing is lost in the columns."""

import json
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tickets.overview import OTHER, STEP, STEPS, Cell, Overview, matrix, per_step, steps_before

LANGUAGES = st.sampled_from(["en", "ja", "ko", "ru", "es", "tr", "ar", "zh-hans"])
COUNTS = st.integers(0, 500)
CELLS = st.lists(
    st.builds(Cell, st.integers(1, 6), LANGUAGES, st.integers(1, 500), COUNTS, COUNTS),
    unique_by=lambda cell: (cell.topic, cell.language),
)
MOMENTS = st.integers(0, 10**9).map(lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds))


@given(CELLS, st.none() | MOMENTS, st.dictionaries(st.integers(1, 99), COUNTS))
@settings(max_examples=60)
def test_what_was_kept_as_json_comes_back(cells, moment, loads):
    figures = Overview(oldest=moment, arrivals_from=moment, arrivals=(1, 2), cells=tuple(cells), loads=loads, soon=3)
    assert Overview.of_json(json.loads(json.dumps(figures.as_json()))) == figures


def test_figures_of_another_release_are_read_as_far_as_they_go():
    assert Overview.of_json({"soon": 4, "weather": "fine"}) == Overview(soon=4)


@given(CELLS)
@settings(max_examples=100)
def test_nobody_is_lost_in_the_table(cells):
    table = matrix(cells)
    shown = [cell for _, row in table.rows for cell in row]
    for name in ("count", "late", "soon"):
        assert sum(getattr(cell, name) for cell in shown) == sum(getattr(cell, name) for cell in cells)


def test_the_largest_languages_have_columns_of_their_own():
    counts = {"en": 9, "ja": 8, "ko": 7, "ru": 6, "es": 5, "tr": 4, "ar": 3}
    table = matrix([Cell(1, language, count) for language, count in counts.items()])
    assert table.languages == ["en", "ja", "ko", "ru", "es", OTHER]
    assert [cell.count for cell in table.rows[0][1]] == [9, 8, 7, 6, 5, 7]


def test_topics_are_ordered_by_how_many_wait():
    assert [topic for topic, _ in matrix([Cell(1, "en", 2), Cell(2, "en", 3), Cell(1, "ja", 4)]).rows] == [1, 2]


@given(MOMENTS)
@settings(max_examples=60)
def test_the_last_step_holds_the_moment(moment):
    begin = steps_before(moment)
    assert begin + STEP * (STEPS - 1) <= moment < begin + STEP * STEPS
    assert begin.minute % 5 == begin.second == begin.microsecond == 0


def test_moments_are_counted_in_their_steps():
    begin = datetime(2026, 11, 22, 9, tzinfo=UTC)
    moments = [begin - timedelta(seconds=1), begin, begin + STEP - timedelta(seconds=1), begin + STEP]
    assert per_step(moments, begin)[:3] == (2, 1, 0)
    assert len(per_step(moments, begin)) == STEPS


def test_shares_of_nothing_are_none():
    assert Overview().kept is None
    assert Overview().by_article is None
    assert Overview(replied=4, replied_kept=3, solved_by_article=1, opened=3).kept == 0.75
    assert Overview(solved_by_article=1, opened=3).by_article == 0.25
