"""Why a clock shows what it shows: which policy decided, which stretches counted, when the promise became another.

Made of the same happenings as the clock itself, so the seconds of the stretches add up to what it shows. Moments are
aware datetimes (UTC).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from tickets import sla
from tickets.enums import Status
from tickets.policies import Policies


@dataclass(frozen=True)
class Moment:
    """One thing that moved clocks, where the ticket stood after it, and by which policies; `mark` is the caller's."""

    at: datetime
    standing: sla.Standing
    policies: Policies
    mark: Any = None


@dataclass(frozen=True)
class Passed:
    """A policy that was asked before the deciding one, and the first fact of the ticket that does not fit it."""

    policy: str
    fact: str
    value: str
    wanted: tuple[str, ...]


@dataclass(frozen=True)
class Promise:
    """What was promised from a moment on."""

    moment: Moment
    clock: sla.Clock
    passed: tuple[Passed, ...]


@dataclass(frozen=True)
class Stretch:
    """A period in which the clock ran or rested. `seconds` were counted in the `windows` of its calendar; a period of
    rest names the status that caused it."""

    since: datetime
    until: datetime
    seconds: int = 0
    calendar: str = ""
    windows: tuple[tuple[datetime, datetime], ...] = ()
    rested: Status | None = None
    is_open: bool = False


class Rest(NamedTuple):
    """A clock that does not run: since when, and in which status of the ticket."""

    since: datetime
    status: Status


@dataclass
class Story:
    """One clock as it looks now, and how it came to that."""

    clock: sla.Clock
    state: sla.State
    promises: list[Promise] = field(default_factory=list)
    stretches: list[Stretch] = field(default_factory=list)


def explain(moments: Sequence[Moment], now: datetime) -> list[Story]:
    """The story of each clock of a ticket, in the order in which they began."""
    last = moments[-1]
    seen = sla.seen(last.standing, now, last.policies)
    return [_story(moments, clock, now) for clock in seen.clocks]


def _story(moments: Sequence[Moment], seen: sla.Clock, now: datetime) -> Story:
    story = Story(seen, seen.state(now))
    before: sla.Clock | None = None
    rests: Rest | None = None
    for moment in moments:
        clock = _of(moment.standing, seen)
        if clock is None:
            continue
        if before is None or _terms(before) != _terms(clock):
            story.promises.append(Promise(moment, clock, tuple(_passed(moment))))
        rests = _go_on(story, before, clock, moment, rests)
        before = clock
    if before is not None:
        _end(story, before, moments[-1], rests, now)
    return story


def _of(standing: sla.Standing, wanted: sla.Clock) -> sla.Clock | None:
    key = (wanted.metric, wanted.cycle)
    return next((clock for clock in standing.clocks if (clock.metric, clock.cycle) == key), None)


def _terms(clock: sla.Clock) -> tuple[int, int, str, str]:
    return clock.target_s, clock.allowed_s, clock.calendar, clock.policy


def _passed(moment: Moment) -> Iterator[Passed]:
    """The policies before the one that decides, each with what does not fit."""
    facts = moment.standing.facts
    for policy in moment.policies.policies:
        refused = next((n for n, values in policy.match.items() if values and getattr(facts, n) not in values), "")
        if not refused:
            return
        yield Passed(policy.name, refused, getattr(facts, refused), tuple(sorted(policy.match[refused])))


def _go_on(
    story: Story,
    before: sla.Clock | None,
    clock: sla.Clock,
    moment: Moment,
    rests: Rest | None,
) -> Rest | None:
    """Write down the stretch that a moment ended; since when the clock rests after it."""
    if before is not None and clock.started_at < before.started_at:
        story.stretches.clear()  # it counts from an earlier moment now, as if it had run since
        return None
    if before is not None and before.is_running and clock.running_since != before.running_since:
        story.stretches.append(_ran(before, clock.elapsed_s - before.elapsed_s, moment.at, moment.policies))
    if clock.is_running:
        if rests is not None and rests.since < moment.at:
            story.stretches.append(Stretch(rests.since, moment.at, rested=rests.status))
        return None
    return rests or Rest(moment.at, Status(moment.standing.status))


def _ran(before: sla.Clock, seconds: int, until: datetime, policies: Policies, is_open: bool = False) -> Stretch:
    since = before.running_since or before.started_at
    windows = tuple(policies.calendar(before.calendar).windows(since, until))
    return Stretch(since, until, seconds, before.calendar, windows, is_open=is_open)


def _end(
    story: Story, clock: sla.Clock, last: Moment, rests: Rest | None, now: datetime
) -> None:  # fmt: skip
    """The stretch that goes on; what has ended for good does not rest."""
    if clock.is_running:
        story.stretches.append(_ran(clock, story.clock.elapsed_s - clock.elapsed_s, now, last.policies, is_open=True))
    elif clock.is_live and rests is not None:
        story.stretches.append(Stretch(rests.since, now, rested=rests.status, is_open=True))
