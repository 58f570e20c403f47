"""Working time by the local wall clock of an office."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tickets import offices
from tickets.calendars import ROUND_THE_CLOCK, Calendar
from tickets.enums import FAR
from tickets.errors import InvalidInput

NINE_TO_FIVE = {str(day): [["09:00", "17:00"]] for day in range(5)}
HOUR = 3600


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def daily(tz, *intervals):
    return Calendar.from_dict({"tz": tz, "hours": {str(day): list(intervals) for day in range(7)}})


@given(offices.calendars, st.lists(offices.moments, min_size=3, max_size=3).map(sorted))
def test_time_in_parts_is_as_long_as_the_whole(calendar, moments):
    start, middle, end = moments
    assert calendar.elapsed(start, middle) + calendar.elapsed(middle, end) == calendar.elapsed(start, end)


@given(offices.calendars, st.lists(offices.moments, min_size=2, max_size=2).map(sorted))
def test_time_added_back_ends_no_later(calendar, moments):
    start, end = moments
    elapsed = calendar.elapsed(start, end)
    again = calendar.add(start, elapsed)
    assert again <= end
    assert calendar.elapsed(start, again) == elapsed


@given(offices.calendars, offices.moments, st.integers(1, 400_000))
def test_the_end_is_the_earliest_moment(calendar, start, seconds):
    end = calendar.add(start, seconds)
    if end != FAR:
        assert calendar.elapsed(start, end) == seconds
        assert calendar.elapsed(start, end - timedelta(seconds=1)) == seconds - 1


@given(offices.calendars, offices.moments, st.integers(0, 400_000), st.integers(0, 400_000))
def test_more_time_ends_no_earlier(calendar, start, seconds, more):
    assert calendar.add(start, seconds) <= calendar.add(start, seconds + more)


@settings(max_examples=50)
@given(offices.calendars, offices.moments, st.integers(0, 400_000), st.integers(-1, 9))
def test_a_day_off_ends_nothing_earlier(calendar, start, seconds, days):
    day = (start + timedelta(days=days)).date()
    special = {other: of for other, of in calendar.special.items() if other != day}
    closed = replace(calendar, special=special, holidays=calendar.holidays | {day})
    assert calendar.add(start, seconds) <= closed.add(start, seconds)


def test_an_hour_that_is_skipped_does_not_count():
    night = daily("America/New_York", ["01:00", "04:00"])
    assert night.elapsed(utc("2026-03-08T05:00"), utc("2026-03-08T12:00")) == 2 * HOUR


def test_an_hour_that_is_repeated_counts_twice():
    night = daily("America/New_York", ["01:00", "04:00"])
    assert night.elapsed(utc("2026-11-01T04:00"), utc("2026-11-01T12:00")) == 4 * HOUR


def test_half_an_hour_is_repeated_on_lord_howe():
    assert (
        daily("Australia/Lord_Howe", ["01:00", "03:00"]).elapsed(utc("2026-04-04T12:00"), utc("2026-04-04T20:00"))
        == 2.5 * HOUR
    )


def test_a_date_that_a_country_left_out_has_no_working_time():
    assert (
        daily("Pacific/Apia", ["00:00", "24:00"]).elapsed(
            datetime.fromisoformat("2011-12-29T00:00-10:00"), datetime.fromisoformat("2012-01-01T00:00+14:00")
        )
        == 2 * 24 * HOUR
    )


def test_special_hours_go_before_a_day_off():
    calendar = Calendar.from_dict(
        {
            "hours": NINE_TO_FIVE,
            "tz": "UTC",
            "holidays": ["2026-12-24"],
            "special": {"2026-12-24": [["09:00", "11:00"]]},
        }
    )
    assert calendar.elapsed(utc("2026-12-24T00:00"), utc("2026-12-25T00:00")) == 2 * HOUR


def test_moments_of_any_zone_are_taken_and_given_back_in_utc():
    kst = timezone(timedelta(hours=9))
    end = daily("Asia/Seoul", ["09:00", "18:00"]).add(datetime(2026, 11, 20, 17, 30, tzinfo=kst), HOUR)
    assert (end, end.tzinfo) == (utc("2026-11-21T00:30"), UTC)


def test_parts_of_a_second_are_cut():
    start = utc("2026-11-20T10:00:00.900000")
    assert ROUND_THE_CLOCK.elapsed(start, utc("2026-11-20T10:00:01.100000")) == 1
    assert ROUND_THE_CLOCK.add(start, 1) == utc("2026-11-20T10:00:01")


@pytest.mark.parametrize("calendar", [ROUND_THE_CLOCK, daily("Europe/Berlin", ["09:00", "17:00"])])
def test_nothing_passes_backwards_and_nothing_left_ends_at_once(calendar):
    start = utc("2026-11-20T10:00")
    assert calendar.elapsed(start, start - timedelta(hours=1)) == 0
    assert calendar.add(start, -5) == start


def test_where_nobody_ever_works_nothing_is_due():
    assert Calendar.from_dict({"tz": "Asia/Seoul"}).add(utc("2026-11-20T10:00"), 1) == FAR


def test_after_the_last_special_day_nothing_is_due():
    calendar = Calendar(special={date(2026, 11, 21): ((0, HOUR),)})
    assert calendar.add(utc("2026-11-20T10:00"), HOUR) == utc("2026-11-21T01:00")
    assert calendar.add(utc("2026-11-20T10:00"), HOUR + 1) == FAR


def test_a_long_wait_may_take_years():
    weekly = Calendar.from_dict({"tz": "UTC", "hours": {"0": [["09:00", "10:00"]]}})
    assert weekly.add(utc("2026-01-05T09:00"), 168 * HOUR) == utc("2029-03-19T10:00")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"tz": "Asia/Soul"}, "tz"),
        ({"tz": "../etc/passwd"}, "tz"),
        ({"tz": ""}, "tz"),
        ({"hours": {"7": []}}, "hours"),
        ({"hours": {"0": [["9:00", "17:00"]]}}, "hours"),
        ({"hours": {"0": [["09:00", "24:30"]]}}, "hours"),
        ({"hours": {"0": [["22:00", "06:00"]]}}, "hours"),
        ({"hours": {"0": [["09:00", "09:00"]]}}, "hours"),
        ({"hours": {"0": [["09:00", "12:00"], ["11:00", "13:00"]]}}, "hours"),
        ({"hours": {"0": [["09:00"]]}}, "hours"),
        ({"hours": {"0": [9, 17]}}, "hours"),
        ({"holidays": ["24.12.2026"]}, "holidays"),
        ({"special": {"2026-13-01": []}}, "special"),
    ],
)
def test_what_is_no_calendar_is_refused_with_the_part_that_is_wrong(wrong, field):
    with pytest.raises(InvalidInput) as refused:
        Calendar.from_dict({"tz": "UTC", **wrong})
    assert refused.value.field == field


def test_intervals_may_touch_and_stand_in_any_order():
    calendar = daily("UTC", ["12:00", "14:00"], ["09:00", "12:00"])
    assert calendar.intervals(date(2026, 11, 20)) == ((9 * HOUR, 12 * HOUR), (12 * HOUR, 14 * HOUR))
