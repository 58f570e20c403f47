"""What is usual, when a stream alarms, when it is calm again, and what the desk makes of it."""

import copy
import json
import math
from collections import Counter
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tickets.arrivals import SCENARIOS, Desk, Event
from tickets import surge
from tickets.arrivals import LEAST, TOTAL, History, by_stream
from tickets.surge import Detector, Reading, Setup, Signal, Standing, State, Watch, Why, detecting

EN = {TOTAL: 2.0, "topic:trading": 2.0, "language:en": 2.0}
MINUTES = st.lists(st.integers(0, 12), max_size=120)


def requests(count: int) -> Mapping[str, int]:
    return by_stream({("trading", "en"): count}) if count else Counter()


def detector(threshold: float = 16.0, **rates: float) -> Detector:
    busier = 1 + surge.SPREAD**2 * detecting.WINDOW * 2  # for a stream of two requests a minute
    found = Detector(Setup(threshold=threshold / busier))
    found.expect(rates or EN)
    return found


def known_watch(days: int = 7, seed: int = 1) -> Watch:
    watch = Watch()
    for minute, cells in Desk(seed).minutes(days):
        watch.take(minute, by_stream(cells))
    return watch


@pytest.fixture(scope="module")
def known() -> Watch:
    """A desk that was watched for a week without anything unusual."""
    return known_watch()


def run(watch: Watch, event: Event, minutes: int, seed: int = 5) -> list[tuple[Reading, surge.Step | None]]:
    watch = copy.deepcopy(watch)
    desk = Desk(seed, first=7 * 1440, events=(event,))
    return [watch.take(minute, by_stream(cells)) for minute, cells in desk.minutes(minutes / 1440)]


# What is usual


def test_nothing_is_expected_of_a_desk_that_nobody_has_counted() -> None:
    assert History().expected(5) == {}


def test_an_hour_is_expected_to_be_as_it_was_on_the_days_before() -> None:
    history = History((day * 24 + hour, {TOTAL: 60 + hour}) for day in range(28) for hour in range(24))
    assert history.expected(28 * 24 + 6)[TOTAL] == pytest.approx(66 / 60, rel=0.02)
    assert history.expected(28 * 24 + 20)[TOTAL] == pytest.approx(80 / 60, rel=0.02)


def test_days_that_are_more_than_four_weeks_ago_are_forgotten() -> None:
    history = History((day * 24, {TOTAL: 600.0}) for day in range(3))
    for day in range(3, 40):
        history.learn(day * 24, {TOTAL: 60.0})
    assert len(history) == 28
    assert history.expected(40 * 24)[TOTAL] == pytest.approx(1.0, rel=0.02)


def test_an_hour_that_is_learned_twice_counts_once() -> None:
    history = History([(3, {TOTAL: 50.0}), (3, {TOTAL: 60.0})])
    assert len(history) == 1
    assert history.expected(27)[TOTAL] == pytest.approx(60 / 60 * 1.35)


def test_an_hour_of_the_first_day_goes_by_the_last_ones_doubled() -> None:
    history = History([(0, {TOTAL: 60.0}), (1, {TOTAL: 120.0}), (2, {TOTAL: 180.0})])
    assert history.expected(3)[TOTAL] == pytest.approx(2 * 2.0)


def test_a_rare_stream_is_never_expected_to_bring_nothing() -> None:
    history = History([(0, {TOTAL: 60.0, "language:fr": 0.0})])
    assert history.expected(24)["language:fr"] == LEAST


def test_a_stream_of_few_days_is_drawn_towards_its_share() -> None:
    """One busy hour of Korean is no reason to expect as many tomorrow."""
    hours = [(hour, {TOTAL: 100.0, "language:ko": 10.0}) for hour in range(24)]
    hours[4] = (4, {TOTAL: 100.0, "language:ko": 40.0})
    expected = History(hours).expected(28)["language:ko"] * 60 / 1.35
    assert 11 < expected < 16


# The score


def test_a_stream_alarms_where_its_score_reaches_the_threshold() -> None:
    found, alarms = detector(), []
    for minute in range(20):
        alarms += found.feed(minute, requests(5)).began
    # five requests where two are usual: 5 ln 3 - 2 * 2 = 1.49 a minute
    assert [alarm.minute for alarm in alarms] == [10, 10, 10]
    assert alarms[0].score == pytest.approx(16.42, abs=0.01)
    assert alarms[0].threshold == pytest.approx(16)


def test_a_high_wave_reaches_the_sharp_threshold_first() -> None:
    found, alarms = detector(), []
    for minute in range(10):
        alarms += found.feed(minute, requests(10)).began
    # ten requests where two are usual: 10 ln 4 - 3 * 2 = 7.86 a minute
    assert [alarm.minute for alarm in alarms] == [1, 1, 1]
    assert alarms[0].score == pytest.approx(15.73, abs=0.01)
    assert alarms[0].threshold < 15.73


def test_the_rarer_a_stream_the_lower_its_sharp_threshold_down_to_a_least_part() -> None:
    found = detector(threshold=20)
    bars = [found.sharp_threshold(usual) for usual in (1e-6, 0.02, 0.035, 0.1, 0.25)]
    assert bars == sorted(set(bars))
    assert bars[0] == pytest.approx(found.setup.threshold * detecting.LEAST_PART, rel=0.01)
    assert bars[-1] < found.threshold(0.25)


def test_on_a_small_desk_a_stream_is_rare_only_beside_the_others() -> None:
    """Of a quarter of the requests, every stream would be rare, and all thresholds low."""
    large, small = Detector(Setup()), Detector(Setup())
    large.expect(EN)
    small.expect({stream: rate / 4 for stream, rate in EN.items()})
    large.spread = small.spread = 0
    lower = large.sharp_threshold(0.2) - small.sharp_threshold(0.05)
    assert lower == pytest.approx(math.log(4))  # a quarter of the requests, and as many false alarms
    assert small.sharp_threshold(0.02) > large.sharp_threshold(0.02)


def test_where_hours_differ_much_more_is_taken_for_usual() -> None:
    calm, lively = Detector(Setup()), Detector(Setup())
    calm.expect(EN, spread=0.1)
    lively.expect(EN, spread=0.3)
    assert calm.allowance == 1
    assert lively.allowance == pytest.approx(1.4)
    assert lively.threshold(2) > calm.threshold(2) == Detector(Setup()).threshold(2)


def test_how_much_hours_differ_is_measured_beyond_chance() -> None:
    """Every second day brings half as much again as the others: a deviation of a fifth of the mean."""
    hours = [(hour, {TOTAL: 8000.0 if hour // 24 % 2 else 12000.0}) for hour in range(28 * 24)]
    assert History(hours).spread() == pytest.approx(0.2, abs=0.01)
    assert History(hours[: 13 * 24]).spread() == 0


def test_hours_that_differ_by_chance_alone_do_not_differ() -> None:
    desk = Desk(4, day_cv=0, hour_cv=0, swing=0)
    history = History((hour, {TOTAL: float(desk.poisson(115))}) for hour in range(28 * 24))
    assert history.spread() < 0.04


def test_a_busy_day_that_alarms_is_followed_and_a_wave_is_not() -> None:
    busy, wave = detector(threshold=8), detector(threshold=8)
    for minute in range(240):
        busy.feed(minute, requests(4 + minute % 2))
        wave.feed(minute, requests(9))
    assert busy.level > 1.4
    assert wave.level < 1.1


def test_what_is_usual_never_alarms() -> None:
    found = detector()
    assert not any(found.feed(minute, requests(2)).alarms for minute in range(3000))


def test_an_alarm_is_told_once_and_lasts_an_hour_at_least() -> None:
    found = detector()
    readings = [found.feed(minute, requests(10 if minute < 5 else 2)) for minute in range(200)]
    began = [alarm.minute for reading in readings for alarm in reading.began if alarm.stream == TOTAL]
    over = next(reading.minute for reading in readings[5:] if TOTAL not in reading.alarms)
    assert began == [1]
    assert over >= 61


def test_a_rare_language_is_calm_again_an_hour_after_its_wave() -> None:
    """Its score alone would stand above the threshold for most of a day."""
    found = detector(**{**EN, "language:vi": 0.05})
    readings = []
    for minute in range(400):
        cells = {("trading", "vi"): 1} if minute < 100 and minute % 2 == 0 else {}
        readings.append(found.feed(minute, by_stream(cells)))
    assert any("language:vi" in reading.alarms for reading in readings[:100])
    assert "language:vi" not in readings[260].alarms


def test_a_stream_that_nobody_has_seen_before_is_watched_too() -> None:
    found, began = detector(), []
    for minute in range(60):
        began += found.feed(minute, by_stream({("new-coin", "en"): 1})).began
    assert "topic:new-coin" in {alarm.stream for alarm in began}


def test_the_slow_level_follows_a_busy_day_half_an_hour_later_and_within_bounds() -> None:
    found = detector(threshold=1e9)
    for minute in range(29):
        found.feed(minute, requests(6))
    assert found.level == pytest.approx(1.0)
    for minute in range(30, 2000):
        found.feed(minute, requests(6))
    assert found.level == 1.6


def test_the_slow_level_stands_still_while_everything_alarms() -> None:
    found = detector()
    for minute in range(240):
        found.feed(minute, requests(12))
    assert found.level < 1.1


def test_a_signal_of_level_two_halves_the_threshold() -> None:
    calm, warned = detector(), detector()
    before = [calm.feed(minute, requests(6)).alarms for minute in range(4)]
    after = [warned.feed(minute, requests(6), level=2).alarms for minute in range(4)]
    assert not any(before)
    assert any(after)


@given(MINUTES, MINUTES)
@settings(max_examples=50)
def test_more_requests_never_lower_a_score(first: list[int], more: list[int]) -> None:
    low, high = detector(threshold=1e9), detector(threshold=1e9)
    low._follow_level = high._follow_level = lambda count: None  # type: ignore[method-assign]
    for minute, count in enumerate(first):
        low.feed(minute, requests(count))
        high.feed(minute, requests(count + (more[minute] if minute < len(more) else 0)))
    scores = {stream: track.score for stream, track in low.tracks.items()}
    assert all(high.tracks[stream].score >= score for stream, score in scores.items())


@given(MINUTES, st.integers(0, 119))
@settings(max_examples=50)
def test_a_detector_that_is_stored_and_loaded_goes_on_as_one_that_never_stopped(counts: list[int], cut: int) -> None:
    whole, parts = detector(threshold=6), detector(threshold=6)
    for minute, count in enumerate(counts):
        if minute == cut:
            parts = Detector(parts.setup, json.loads(json.dumps(parts.keep())))
        assert parts.feed(minute, requests(count)) == whole.feed(minute, requests(count))


@given(st.lists(st.integers(0, 60), max_size=200))
@settings(max_examples=50)
def test_scores_stay_between_nothing_and_their_bound(counts: list[int]) -> None:
    found = detector()
    for minute, count in enumerate(counts):
        found.feed(minute, requests(count))
        assert all(0 <= track.score <= surge.MOST * track.bar for track in found.tracks.values())


# Signals


def test_a_signal_counts_for_half_an_hour_and_no_longer_than_it_says() -> None:
    long, short = Signal(2, at=1000, until=9000), Signal(2, at=1000, until=1300)
    assert surge.level_of([long], 1000 + 1799) == 2
    assert surge.level_of([long], 1000 + 1800) == 0
    assert surge.level_of([short], 1300) == 0
    assert surge.level_of([short, Signal(1, 1200, 2000)], 1250) == 2


# States


def reading(minute: int, *alarms: str, level: int = 0, growing: tuple[str, ...] = ()) -> Reading:
    return Reading(minute, level, alarms, (), growing)


def walk(*readings: Reading, setup: Setup | None = None, start: Standing | None = None) -> list[tuple[State, Why]]:
    standing, taken = start or Standing(), []
    for one in readings:
        standing, step = surge.step(standing, one, setup or Setup())
        taken += [(step.to, step.why)] if step else []
    return taken


def test_an_alarm_opens_a_watch_which_ends_when_all_is_calm() -> None:
    assert walk(reading(1, TOTAL), reading(2)) == [(State.WATCH, Why.ALARM), (State.NORMAL, Why.CALM)]


def test_a_watch_becomes_a_surge_where_it_grows() -> None:
    found = walk(reading(1, TOTAL), reading(12, TOTAL, growing=(TOTAL,)))
    assert found[-1] == (State.SURGE, Why.GROWING)


def test_nothing_becomes_a_surge_by_itself_where_an_operator_has_switched_that_off() -> None:
    setup = Setup(is_automatic=False)
    assert walk(reading(1, TOTAL), reading(12, TOTAL, growing=(TOTAL,)), setup=setup) == [(State.WATCH, Why.ALARM)]


@given(st.lists(st.integers(0, 3), max_size=60))
@settings(max_examples=50)
def test_signals_alone_never_declare_a_surge(levels: list[int]) -> None:
    steps = walk(*(reading(minute, level=level) for minute, level in enumerate(levels)))
    assert {to for to, _ in steps} <= {State.WATCH, State.NORMAL}


def test_a_signal_of_level_three_opens_a_watch_at_once() -> None:
    assert walk(reading(1, level=3), reading(40)) == [(State.WATCH, Why.SIGNAL), (State.NORMAL, Why.CALM)]


def test_a_surge_passes_through_recovery() -> None:
    start = Standing(State.SURGE, since=0, streams=(TOTAL,))
    steps = walk(reading(10), reading(60), reading(61), reading(119), reading(120), start=start)
    assert steps == [(State.RECOVERY, Why.CALM), (State.NORMAL, Why.RECOVERED)]


def test_a_recovery_in_which_it_grows_again_is_a_surge() -> None:
    start = Standing(State.RECOVERY, since=0)
    assert walk(reading(5, TOTAL, growing=(TOTAL,)), start=start) == [(State.SURGE, Why.GROWING)]


def test_streams_that_a_lead_has_dismissed_are_not_heard_for_an_hour() -> None:
    watching = Standing(State.WATCH, 0, (TOTAL,))
    dismissed, _ = surge.move(watching, State.NORMAL, Why.DISMISSED, minute=10, mute=60)
    assert walk(reading(11, TOTAL, growing=(TOTAL,)), start=dismissed) == []
    assert walk(reading(11, TOTAL, "topic:api"), start=dismissed) == [(State.WATCH, Why.ALARM)]
    assert walk(reading(70, TOTAL), start=dismissed) == [(State.WATCH, Why.ALARM)]


# All together


@pytest.mark.parametrize(
    ("name", "goal"),
    [(name, goal) for name, (_, goal) in SCENARIOS.items() if name in ("everything x10", "everything x5")],
)
def test_a_crash_is_found_in_time(known: Watch, name: str, goal: float) -> None:
    start = 7 * 1440 + 60
    readings = run(known, SCENARIOS[name][0](start), 120)
    first = next(reading for reading, _ in readings if reading.began)
    assert 0 <= first.minute - start < goal


def test_a_crash_goes_through_all_states_and_ends(known: Watch) -> None:
    event = Event(7 * 1440 + 60, 10, plateau=60)
    steps = [step for _, step in run(known, event, 900) if step]
    assert [step.to for step in steps] == [State.WATCH, State.SURGE, State.RECOVERY, State.NORMAL]
    assert steps[1].why == Why.GROWING


def test_a_surge_does_not_become_usual(known: Watch) -> None:
    watch = copy.deepcopy(known)
    event = Event(7 * 1440 + 120, 10, plateau=60)
    for minute, cells in Desk(5, first=7 * 1440, events=(event,)).minutes(0.25):
        watch.take(minute, by_stream(cells))
    surged = (event.start + 30) // 60 + 24
    assert watch.history.expected(surged)[TOTAL] < known.history.expected(surged)[TOTAL] * 1.5


def test_three_calm_weeks_bring_no_surge() -> None:
    watch, states = known_watch(days=3, seed=77), []
    for minute, cells in Desk(77, first=3 * 1440).minutes(18):
        _, step = watch.take(minute, by_stream(cells))
        states += [step.to] if step else []
    assert State.SURGE not in states


def test_hours_that_were_not_counted_teach_nothing(known: Watch) -> None:
    watch = copy.deepcopy(known)
    for minute in range(7 * 1440, 7 * 1440 + 180):
        watch.take(minute, Counter())
    assert watch.history.expected(8 * 24 + 1)[TOTAL] == pytest.approx(known.history.expected(8 * 24 + 1)[TOTAL])


def test_a_day_without_history_is_watched_after_three_hours_and_says_so() -> None:
    watch, began = Watch(), []
    event = Event(14 * 60, 10)
    for minute, cells in Desk(3, events=(event,)).minutes(15 / 24):
        began += watch.take(minute, by_stream(cells))[0].began
    assert began
    assert began[0].is_warming_up
    assert event.start <= began[0].minute < event.start + 10
