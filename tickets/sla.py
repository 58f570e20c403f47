"""The clocks of a ticket: what was promised, how much of it is used up, and whether it was kept.

`after` takes what stands, what happens and the policies, and gives what stands then; it reads no clock and no database.
The same happenings give the same standing, whether one by one or from the beginning (`replay`), and whenever somebody
looks (`seen`). Moments are cut to whole seconds (UTC), durations are seconds of working time in the clock's calendar.

- First reply: from the customer's ticket to the first public reply of a person.
- Next reply: from the oldest message that is not answered, after the first reply; each time is a cycle.
- Resolution: while the ticket is new, open or on hold; it rests while pending, and after solving until it is reopened.

A clock is met when it stops at its due moment or before. A breach happens at the due moment, is noted by the next
happening or look, and nothing takes it back.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from tickets.enums import FAR, Metric, Role, Status
from tickets.policies import DEFAULT, Facts, Policies

WARN = (3, 4)  # of what is allowed
RESOLVING = (Status.NEW, Status.OPEN, Status.ON_HOLD)  # where the resolution clock runs
DONE = (Status.SOLVED, Status.CLOSED)
GONE = (Status.CLOSED, Status.MERGED, Status.SPAM)  # no message moves a ticket out of here
STAFF = (Role.AGENT, Role.LEAD)


class State(StrEnum):
    """How a clock looks at one moment."""

    RUNNING = "running"
    BREACHED_RUNNING = "breached_running"
    PAUSED = "paused"
    MET = "met"
    BREACHED = "breached"
    VOID = "void"


class Void(StrEnum):
    """Why nothing was promised after all."""

    UNANSWERED = "solved_without_reply"
    SPAM = "spam"
    MERGED = "merged"
    SPLIT = "split"


@dataclass(frozen=True)
class Happening:
    """What moves clocks. `type` is a key of `EFFECTS`, or `created`; a `change` has all facts as they are now."""

    at: datetime
    type: str
    by: str = ""
    facts: Facts | None = None
    status: str = ""
    source_created_at: datetime | None = None
    source_unanswered_since: datetime | None = None
    via: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Clock:
    """One promise. While it runs, `elapsed_s` is what was used up before `running_since`; `calendar` is a key of
    `Policies.calendars`. `due_at` stays when it stops, and is None while it rests; `target_s` is what the policy says,
    `allowed_s` what was promised in the end, `policy` the name of the policy that promised it last."""

    metric: str
    cycle: int
    calendar: str
    started_at: datetime
    target_s: int
    allowed_s: int
    elapsed_s: int
    running_since: datetime | None = None
    due_at: datetime | None = None
    satisfied_at: datetime | None = None
    breached_at: datetime | None = None
    void_reason: str = ""
    via: str = ""
    warn_at: datetime | None = None
    policy: str = ""

    @property
    def is_live(self) -> bool:
        """Whether it runs or rests: not stopped and not void."""
        return self.satisfied_at is None and not self.void_reason

    @property
    def is_running(self) -> bool:
        return self.is_live and self.running_since is not None

    def state(self, at: datetime) -> State:
        if self.void_reason:
            return State.VOID
        if self.satisfied_at is not None:
            return State.BREACHED if self.breached_at else State.MET
        if self.running_since is None:
            return State.PAUSED
        return State.BREACHED_RUNNING if self.breach(at) else State.RUNNING

    def breach(self, at: datetime) -> datetime | None:
        """When it was broken, as known at a moment."""
        late = self.is_running and self.due_at is not None and _whole(at) > self.due_at
        return self.breached_at or (self.due_at if late else None)


@dataclass(frozen=True)
class Standing:
    """Where a ticket stands; clocks are in the order of their beginning."""

    status: str
    facts: Facts
    clocks: tuple[Clock, ...]
    unanswered_since: datetime | None = None
    created_at: datetime | None = None
    is_answered: bool = False

    @property
    def next_due_at(self) -> datetime:
        return min((clock.due_at for clock in self.clocks if clock.is_running and clock.due_at), default=FAR)


def after(standing: Standing | None, happening: Happening, policies: Policies = DEFAULT) -> Standing:
    """Where a ticket stands after something has happened; `standing` is None before it is created.

    Raises `ValueError` for a type that there is not, for what needs a ticket and finds none, and for a second creation.
    """
    happening = replace(happening, at=_whole(happening.at))
    if happening.type == "created":
        if standing is not None:
            raise ValueError("a ticket is created once")
        return _created(happening, policies)
    if happening.type not in EFFECTS:
        raise ValueError(f"nothing of type {happening.type!r} happens to a ticket")
    if standing is None:
        raise ValueError(f"{happening.type!r} needs a ticket that was created")
    clocks = (_warned(clock, policies) for clock in standing.clocks)
    noted = tuple(replace(clock, breached_at=clock.breach(happening.at)) for clock in clocks)
    return EFFECTS[happening.type](replace(standing, clocks=noted), happening, policies)


def replay(happenings: Iterable[Happening], policies: Policies = DEFAULT) -> Standing:
    """Where a ticket stands after all that happened, from its creation on."""
    standing: Standing | None = None
    for happening in happenings:
        standing = after(standing, happening, policies)
    if standing is None:
        raise ValueError("a ticket begins with its creation")
    return standing


def seen(standing: Standing, at: datetime, policies: Policies = DEFAULT) -> Standing:
    """The same standing as it looks at a moment: time used up and breaches are brought up to it."""
    clocks = (_counted(_warned(clock, policies), _whole(at), policies) for clock in standing.clocks)
    return replace(standing, clocks=tuple(clocks))


def reached(clock: Clock, percent: int, policies: Policies = DEFAULT) -> datetime | None:
    """When a running clock has used up so much of what is allowed, if nothing happens until then; None at rest, and
    where no working time comes any more."""
    if not clock.is_running or clock.running_since is None:
        return None
    left = clock.allowed_s * percent // 100 - clock.elapsed_s
    moment = policies.calendar(clock.calendar).add(clock.running_since, left)
    return None if moment == FAR else moment


# What happens


def _created(happening: Happening, policies: Policies) -> Standing:
    """By a customer, or by an agent who writes to one: then nobody waits for a reply."""
    if happening.facts is None:
        raise ValueError("a ticket is created with facts")
    at, by_customer = happening.at, happening.by not in STAFF
    standing = Standing(
        Status.NEW if by_customer else Status.OPEN,
        happening.facts,
        (),
        unanswered_since=at if by_customer else None,
        created_at=at,
        is_answered=not by_customer,
    )
    if by_customer:
        standing = _begun(standing, Metric.FIRST_REPLY, at, policies)
    return _begun(standing, Metric.RESOLUTION, at, policies)


def _replied(standing: Standing, happening: Happening, policies: Policies) -> Standing:
    if happening.by == Role.CUSTOMER:
        return _customer_wrote(standing, happening, policies)
    if happening.by not in STAFF:
        raise ValueError("a public reply is by the customer, an agent or a lead")
    clocks = (_satisfied(clock, happening, policies) if _awaits_reply(clock) else clock for clock in standing.clocks)
    standing = replace(standing, clocks=tuple(clocks), unanswered_since=None, is_answered=True)
    return _moved(standing, Status.OPEN, happening, policies) if standing.status in RESOLVING else standing


def _customer_wrote(standing: Standing, happening: Happening, policies: Policies) -> Standing:
    if standing.status in GONE:
        return _kept(standing, happening.at)
    if standing.status in (Status.PENDING, Status.SOLVED, Status.ON_HOLD):
        standing = _moved(standing, Status.OPEN, happening, policies)
    return _waits(standing, happening.at, happening.at, policies)


def _kept(standing: Standing, since: datetime) -> Standing:
    """Spam may be restored, and then its messages wait; elsewhere another ticket takes them."""
    waits = standing.status == Status.SPAM and standing.unanswered_since is None
    return replace(standing, unanswered_since=since) if waits else standing


def _set_status(standing: Standing, happening: Happening, policies: Policies) -> Standing:
    return _moved(standing, Status(happening.status), happening, policies)


def _merged_into(standing: Standing, happening: Happening, policies: Policies) -> Standing:
    return _moved(standing, Status.MERGED, happening, policies)


def _received_merge(standing: Standing, happening: Happening, policies: Policies) -> Standing:
    """The other ticket's wait counts: a first reply from its creation, a next reply from its oldest message."""
    created, unanswered = happening.source_created_at, happening.source_unanswered_since
    if standing.status in GONE:
        return _kept(standing, _whole(unanswered)) if unanswered else standing
    if created is not None:
        standing = _based(standing, Metric.FIRST_REPLY, _whole(created), happening.at, policies)
    if unanswered is None:
        return standing
    if standing.status in (Status.PENDING, Status.SOLVED):
        standing = _moved(standing, Status.OPEN, happening, policies)
    return _waits(standing, _whole(unanswered), happening.at, policies)


def _split_off(standing: Standing, happening: Happening, policies: Policies) -> Standing:
    """The message that waited is a ticket of its own, with clocks of its own. While another one waits, what was
    promised stays as it is: taking the oldest out wins no time. Where none does, no reply is owed."""
    since = happening.source_unanswered_since
    if standing.unanswered_since is None:
        return standing
    if since is not None:
        return replace(standing, unanswered_since=max(_whole(since), standing.unanswered_since))
    clocks = (
        replace(_paused(clock, happening.at, policies), void_reason=Void.SPLIT) if _awaits_reply(clock) else clock
        for clock in standing.clocks
    )
    return replace(standing, clocks=tuple(clocks), unanswered_since=None)


def _changed(standing: Standing, happening: Happening, policies: Policies) -> Standing:
    """Live clocks get their new promise, and one begins where nothing was promised before."""
    if happening.facts is None:
        raise ValueError("a change comes with the facts as they are now")
    standing = replace(standing, facts=happening.facts)
    clocks = (_retargeted(clock, standing.facts, happening.at, policies) for clock in standing.clocks)
    standing = replace(standing, clocks=tuple(clocks))
    for metric in _missing(standing):
        standing = _begun(standing, metric, happening.at, policies)
    return standing


def _nothing(standing: Standing, happening: Happening, policies: Policies) -> Standing:
    """What is sent by itself or read by staff alone answers nobody."""
    return standing


EFFECTS: dict[str, Callable[[Standing, Happening, Policies], Standing]] = {
    "public_reply": _replied,
    "auto_ack": _nothing,
    "bot_reply": _nothing,
    "internal_note": _nothing,
    "status": _set_status,
    "change": _changed,
    "merged_into": _merged_into,
    "received_merge": _received_merge,
    "split_off": _split_off,
}


# What it does to all clocks of a ticket


def _moved(standing: Standing, status: Status, happening: Happening, policies: Policies) -> Standing:
    at = happening.at
    if status in (Status.SPAM, Status.MERGED):
        reason = Void.SPAM if status == Status.SPAM else Void.MERGED
        return replace(standing, status=status, clocks=_all_void(standing.clocks, reason, at, policies))
    restored = standing.status == Status.SPAM
    clocks = _restored(standing, at, policies) if restored else standing.clocks
    clocks = tuple(_resolution_in(clock, status, happening, standing.facts, policies) for clock in clocks)
    if status in DONE:
        clocks = _all_void(clocks, Void.UNANSWERED, at, policies)
        return replace(standing, status=status, clocks=clocks, unanswered_since=None)
    standing = replace(standing, status=status, clocks=clocks)
    return _waits(standing, at, at, policies) if restored and standing.unanswered_since else standing


def _resolution_in(clock: Clock, status: Status, happening: Happening, facts: Facts, policies: Policies) -> Clock:
    if clock.metric != Metric.RESOLUTION or clock.void_reason:
        return clock
    if status in RESOLVING:
        return clock if clock.is_running else _resumed(clock, facts, happening.at, policies)
    if not clock.is_live:
        return clock
    if status in DONE:
        return _satisfied(clock, happening, policies)
    return _paused(clock, happening.at, policies)


def _all_void(clocks: tuple[Clock, ...], reason: Void, at: datetime, policies: Policies) -> tuple[Clock, ...]:
    """What is over stays as it ended."""
    return tuple(
        replace(_paused(clock, at, policies), void_reason=reason) if clock.is_live else clock for clock in clocks
    )


def _restored(standing: Standing, at: datetime, policies: Policies) -> tuple[Clock, ...]:
    """What spam had made void, with the time that was used up before. A reply is owed again if somebody waits for one;
    the resolution runs if the status says so."""
    return tuple(
        _restored_clock(clock, standing, at, policies) if clock.void_reason == Void.SPAM else clock
        for clock in standing.clocks
    )


def _restored_clock(clock: Clock, standing: Standing, at: datetime, policies: Policies) -> Clock:
    again, since = replace(clock, void_reason=""), standing.unanswered_since
    if clock.metric == Metric.RESOLUTION:
        return again
    first = clock.metric == Metric.FIRST_REPLY
    waits = since is not None and (not standing.is_answered if first else since <= clock.started_at)
    return _resumed(again, standing.facts, at, policies) if waits else clock


def _waits(standing: Standing, since: datetime, at: datetime, policies: Policies) -> Standing:
    """The customer waits for an answer to a message of the moment `since`."""
    since = min(since, standing.unanswered_since or since)
    waiting = replace(standing, unanswered_since=since)
    if _awaits_first_reply(standing):
        return waiting
    if any(clock.metric == Metric.NEXT_REPLY and clock.is_live for clock in standing.clocks):
        return _based(waiting, Metric.NEXT_REPLY, since, at, policies)
    return _begun(waiting, Metric.NEXT_REPLY, since, policies)


def _awaits_first_reply(standing: Standing) -> bool:
    """Not any more when the ticket was solved without one, or what it asked went to another ticket: what is written
    then is a new question."""
    dropped = any(
        clock.metric == Metric.FIRST_REPLY and clock.void_reason in (Void.UNANSWERED, Void.SPLIT)
        for clock in standing.clocks
    )
    return not standing.is_answered and not dropped


def _missing(standing: Standing) -> list[Metric]:
    """Clocks that would be there, had something been promised."""
    there = {clock.metric for clock in standing.clocks if clock.is_live or clock.metric != Metric.NEXT_REPLY}
    reply = Metric.FIRST_REPLY if _awaits_first_reply(standing) else Metric.NEXT_REPLY
    wanted = [reply] if standing.unanswered_since and standing.status not in GONE else []
    wanted += [Metric.RESOLUTION] if standing.status in RESOLVING else []
    return [metric for metric in wanted if metric not in there]


def _begun(standing: Standing, metric: Metric, since: datetime, policies: Policies) -> Standing:
    """A new clock, if something is promised."""
    promise = policies.promise(standing.facts, metric)
    if promise is None:
        return standing
    target, calendar = promise
    cycle = 1 + sum(clock.metric == metric for clock in standing.clocks)
    name = policies.name(standing.facts)
    clock = Clock(metric, cycle, calendar, since, target, target, 0, policy=name)
    return replace(standing, clocks=(*standing.clocks, _running(clock, since, policies)))


def _based(standing: Standing, metric: Metric, since: datetime, at: datetime, policies: Policies) -> Standing:
    """A running clock counts from an earlier moment."""
    clocks = (
        _begun_earlier(clock, since, at, policies)
        if clock.metric == metric and clock.is_running and since < clock.started_at
        else clock
        for clock in standing.clocks
    )
    return replace(standing, clocks=tuple(clocks))


# What it does to one clock


def _awaits_reply(clock: Clock) -> bool:
    return clock.is_live and clock.metric != Metric.RESOLUTION


def _counted(clock: Clock, at: datetime, policies: Policies) -> Clock:
    """With the time used up until `at`, from when on it runs."""
    if not clock.is_running or clock.running_since is None:
        return clock
    elapsed = clock.elapsed_s + policies.calendar(clock.calendar).elapsed(clock.running_since, at)
    return replace(clock, elapsed_s=elapsed, running_since=max(at, clock.running_since), breached_at=clock.breach(at))


def _begun_earlier(clock: Clock, since: datetime, at: datetime, policies: Policies) -> Clock:
    """As if it had run since; so it may have been broken before it was."""
    earlier = replace(clock, started_at=since, elapsed_s=0, breached_at=None)
    running = _running(earlier, since, policies)
    breaches = [breach for breach in (clock.breached_at, running.breach(at)) if breach]
    return replace(running, breached_at=min(breaches, default=None))


def _running(clock: Clock, at: datetime, policies: Policies) -> Clock:
    """Running since `at`. When nothing is left, it was due when it was first broken."""
    left = clock.allowed_s - clock.elapsed_s
    due = clock.breached_at if clock.breached_at and left <= 0 else policies.calendar(clock.calendar).add(at, left)
    return _warned(replace(clock, running_since=at, due_at=due, warn_at=None), policies)


def _warned(clock: Clock, policies: Policies) -> Clock:
    """With the moment of its warning, where it runs and has none."""
    if not clock.is_running or clock.warn_at or clock.running_since is None or clock.due_at is None:
        return clock
    left = clock.allowed_s * WARN[0] // WARN[1] - clock.elapsed_s
    return replace(clock, warn_at=min(clock.due_at, policies.calendar(clock.calendar).add(clock.running_since, left)))


def _paused(clock: Clock, at: datetime, policies: Policies) -> Clock:
    return replace(_counted(clock, at, policies), running_since=None, due_at=None, warn_at=None)


def _satisfied(clock: Clock, happening: Happening, policies: Policies) -> Clock:
    stopped = replace(_counted(clock, happening.at, policies), running_since=None, warn_at=None)
    return replace(stopped, satisfied_at=happening.at, via=happening.via)


def _resumed(clock: Clock, facts: Facts, at: datetime, policies: Policies) -> Clock:
    """Runs again with what is left, by the promise for the facts as they are now."""
    rested = replace(clock, satisfied_at=None, via="", running_since=None, due_at=None)
    return _running(_retargeted(rested, facts, at, policies), at, policies)


def _retargeted(clock: Clock, facts: Facts, at: datetime, policies: Policies) -> Clock:
    """The promise for other facts. A shorter one counts from now and is never later than the old one; a longer one
    counts from the beginning and takes nothing back. Where none is made, the old one stands."""
    promise = policies.promise(facts, clock.metric)
    if not clock.is_live or promise is None:
        return clock
    clock = replace(clock, policy=policies.name(facts))
    if promise == (clock.target_s, clock.calendar):
        return clock
    target, calendar = promise
    counted = _counted(clock, at, policies)
    allowed = counted.allowed_s
    if target < clock.target_s:
        allowed = min(allowed, counted.elapsed_s + target)
    elif target > clock.target_s:
        allowed = max(allowed, target)
    changed = replace(counted, target_s=target, allowed_s=allowed, calendar=calendar)
    return _running(changed, at, policies) if clock.is_running else changed


def _whole(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
