"""What a translation memory finds, and in which order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpcenter.content.memory import Entry, Match, matches
from tests.helpcenter.samples import examples

SOURCE = "You can withdraw up to 10,000 USDT a day."
KNOWN = Entry(SOURCE, "每天最多可提取 10,000 USDT。", "withdraw-funds, section:limits")


def scores(text, *entries, **options):
    return [(match.score, match.entry.source) for match in matches(text, entries, **options)]


def test_the_same_text_scores_100_and_says_where_it_comes_from():
    assert matches(SOURCE, [KNOWN]) == [Match(100, KNOWN)]


@pytest.mark.parametrize("text", [f"  {SOURCE}\n", SOURCE.replace(" ", "\n"), SOURCE.replace(" ", "\u00a0 ")])
def test_other_white_space_is_the_same_text(text):
    assert scores(text, KNOWN) == [(100, SOURCE)]


def test_composed_and_decomposed_letters_are_the_same_text():
    assert scores("Ví của bạn", Entry("Vi\u0301 cu\u0309a ba\u0323n", "…"))[0][0] == 100


@pytest.mark.parametrize("text", [SOURCE.replace("10,000", "20,000"), SOURCE.replace("USDT", "usdt"), SOURCE[:-1]])
def test_a_small_difference_scores_high_but_never_100(text):
    [(score, _)] = scores(text, KNOWN)
    assert 90 <= score < 100


def test_one_other_digit_in_a_very_long_text_is_not_the_same():
    long = "word " * 900
    assert scores(f"{long}1", Entry(f"{long}2", "…")) == [(99, f"{long}2")]


def test_the_same_text_comes_first_then_the_nearer():
    near, far = Entry(SOURCE.replace("a day", "each day"), "b"), Entry("You can withdraw 10,000 USDT now.", "c")
    found = matches(SOURCE, [far, near, KNOWN], floor=50)
    assert [match.entry for match in found] == [KNOWN, near, far]


def test_entries_of_one_score_keep_their_order_and_two_translations_of_one_text_both_count():
    other = Entry(SOURCE, "每日上限为 10,000 USDT。", "fees")
    assert [match.entry for match in matches(SOURCE, [other, KNOWN])] == [other, KNOWN]


def test_the_same_pair_from_two_places_is_shown_once_with_its_first_place():
    assert matches(SOURCE, [KNOWN, Entry(SOURCE, KNOWN.target, "elsewhere")]) == [Match(100, KNOWN)]


def test_what_is_too_far_away_is_left_out():
    assert scores("Set the clock of your phone.", KNOWN) == []
    assert scores("Set the clock of your phone.", KNOWN, floor=1)


def test_no_more_than_asked_for_are_given():
    entries = [Entry(f"{SOURCE} {n}", str(n)) for n in range(30)]
    assert len(matches(SOURCE, entries)) == 5
    assert len(matches(SOURCE, [KNOWN, *entries], limit=2)) == 2
    assert matches(SOURCE, entries, limit=0) == []


@pytest.mark.parametrize("text", ["", " \n"])
def test_no_words_have_no_translation(text):
    assert matches(text, [KNOWN, Entry("", "nothing")]) == []


def test_of_a_text_that_is_longer_than_a_paragraph_only_the_same_is_found():
    long = Entry("word " * 2000, "…")
    assert scores(long.source, long) == [(100, long.source)]
    assert scores(f"{long.source} more", long) == []


TEXTS = st.text("ab1 強平é\n", max_size=14)


@examples(100)
@given(TEXTS, st.lists(st.builds(Entry, TEXTS, st.sampled_from("xy")), max_size=8), st.integers(0, 100))
def test_scores_fall_stay_above_the_floor_and_100_means_the_same(text, entries, floor):
    found = matches(text, entries, limit=8, floor=floor)
    assert [m.score for m in found] == sorted((m.score for m in found), reverse=True)
    for match in found:
        assert match.score >= min(floor, 99)
        assert (match.score == 100) == (match.entry.source.split() == text.split())
