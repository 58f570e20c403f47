"""The state of the desk that follows what alarms: calm, watched, in a surge, or recovering. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from tickets.arrivals import TOTAL
from tickets.surge.detecting import Reading, Setup


class State(StrEnum):
    NORMAL = "normal"
    WATCH = "watch"
    SURGE = "surge"
    RECOVERY = "recovery"


class Why(StrEnum):
    """What brought the desk from one state to another."""

    ALARM = "alarm"
    SIGNAL = "signal"
    GROWING = "growing"
    CALM = "calm"
    RECOVERED = "recovered"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
    ENDED = "ended"


@dataclass(frozen=True)
class Standing:
    """The state of the desk. `since` and `muted_until` are minutes: until then the streams in `muted`, which a lead has
    called no surge, do not open a watch again. `streams` are those that brought the desk here."""

    state: State = State.NORMAL
    since: int = 0
    streams: tuple[str, ...] = ()
    muted: tuple[str, ...] = ()
    muted_until: int = 0


@dataclass(frozen=True)
class Step:
    """The desk went from one state to another, and why."""

    minute: int
    came_from: State
    to: State
    why: Why
    streams: tuple[str, ...] = ()


def is_about(streams: Iterable[str], topic: str) -> bool:
    """Whether what alarms concerns requests of a topic; without one, whether it concerns all requests."""
    return bool({TOTAL, f"topic:{topic}"} & set(streams)) if topic else TOTAL in streams


def step(standing: Standing, reading: Reading, setup: Setup) -> tuple[Standing, Step | None]:
    """What a minute makes of the state of the desk. A signal alone opens a watch and never declares a surge."""
    alarms = _heard(standing, reading.alarms, reading.minute)
    found = _next(standing, reading, alarms, setup)
    if found is None:
        grown = tuple(dict.fromkeys((*standing.streams, *alarms)))
        return replace(standing, streams=grown if standing.state != State.NORMAL else ()), None
    return move(standing, *found, minute=reading.minute, streams=alarms)


def move(
    standing: Standing, to: State, why: Why, *, minute: int, streams: tuple[str, ...] = (), mute: int = 0
) -> tuple[Standing, Step]:
    """Bring the desk to another state. `mute`: for so many minutes, the streams of now do not open a watch again."""
    after = Standing(to, minute, () if to == State.NORMAL else streams or standing.streams)
    if mute:
        after = replace(after, muted=standing.streams, muted_until=minute + mute)
    return after, Step(minute, standing.state, to, why, streams or standing.streams)


def _heard(standing: Standing, streams: tuple[str, ...], minute: int) -> tuple[str, ...]:
    if minute >= standing.muted_until:
        return streams
    return tuple(stream for stream in streams if stream not in standing.muted)


def _next(standing: Standing, reading: Reading, alarms: tuple[str, ...], setup: Setup) -> tuple[State, Why] | None:
    if standing.state == State.NORMAL:
        return _from_normal(standing, reading, alarms)
    if standing.state != State.SURGE and setup.is_automatic and any(stream in alarms for stream in reading.growing):
        return State.SURGE, Why.GROWING
    return None if alarms else _from_calm(standing, reading, setup)


def _from_normal(standing: Standing, reading: Reading, alarms: tuple[str, ...]) -> tuple[State, Why] | None:
    if alarms:
        return State.WATCH, Why.ALARM
    is_warned = reading.level >= 3 and reading.minute >= standing.muted_until
    return (State.WATCH, Why.SIGNAL) if is_warned else None


def _from_calm(standing: Standing, reading: Reading, setup: Setup) -> tuple[State, Why] | None:
    lasted = reading.minute - standing.since
    if standing.state == State.WATCH and reading.level < 3:
        return State.NORMAL, Why.CALM
    if standing.state == State.SURGE and lasted >= setup.latch:
        return State.RECOVERY, Why.CALM
    if standing.state == State.RECOVERY and lasted >= setup.recovery:
        return State.NORMAL, Why.RECOVERED
    return None
