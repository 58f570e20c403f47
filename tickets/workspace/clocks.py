"""The page that explains a ticket's clocks: sentences and rows made of `tickets.explanation`."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from supportdesk.ui import languages
from tickets import explanation, sla
from tickets.actions import rebuilding_clocks
from tickets.calendars import Calendar as Hours
from tickets.enums import Channel, EventKind, Metric, Priority, Role, Status
from tickets.models import Calendar, ClockNotice, Ticket, Topic
from tickets.models.policy import DAYS
from tickets.policies import ALWAYS, Policies
from tickets.workspace.display import staff_name, topic_name

MOST_WINDOWS = 60  # working days that are listed one by one


@dataclass(frozen=True)
class StretchLine:
    since: datetime
    until: datetime | None
    counted: str
    words: str
    windows: tuple[tuple[datetime, datetime], ...] = ()
    further: int = 0


@dataclass(frozen=True)
class PromiseLine:
    """What was promised since when, because of what, and why no policy before it decided."""

    at: datetime
    who: str
    words: str
    target: str
    allowed: str
    policy: str
    passed: list[str]


@dataclass(frozen=True)
class ClockPage:
    """One clock in words; `hours` are the days of its calendar."""

    label: str
    tone: str
    state: str
    clock: sla.Clock
    used: str
    allowed: str
    calendar: str
    hours: list[tuple[str, str]] = field(default_factory=list)
    promises: list[PromiseLine] = field(default_factory=list)
    stretches: list[StretchLine] = field(default_factory=list)
    told: list[ClockNotice] = field(default_factory=list)
    tzdata: str = ""
    zone: str = ""


@dataclass(frozen=True)
class Names:
    """How what rows name by a key is called."""

    topics: Mapping[str, str]
    calendars: Mapping[str, str]

    @classmethod
    def of_all(cls) -> "Names":
        return cls({topic.key: topic_name(topic) for topic in Topic.objects.all()}, dict(_calendar_names()))

    def calendar(self, versioned: str) -> str:
        key, _at, version = versioned.rpartition("@")
        if not key:
            return gettext("round the clock")
        return gettext("%(name)s, version %(number)s") % {"name": self.calendars.get(key, key), "number": version}

    def value(self, fact: str, value: str) -> str:
        """A fact as people say it."""
        if not value:
            return gettext("none")
        if fact == "topic":
            return self.topics.get(value, value)
        if fact == "language" and languages.is_known(value):
            return str(languages.language(value).name)
        return str(Channel(value).label) if fact == "channel" and value in Channel.values else value


def _calendar_names() -> Iterator[tuple[str, str]]:
    yield from Calendar.objects.values_list("key", "name")


@dataclass(frozen=True)
class Explained:
    """All clocks of a ticket, and where there is none, why."""

    clocks: list[ClockPage]
    nothing: str


def explained(ticket: Ticket, now: datetime) -> Explained:
    """Raises `rebuilding_clocks.CannotRebuild`."""
    steps = rebuilding_clocks.life_of(ticket)
    pages = _pages(ticket, steps, now)
    return Explained(pages, "" if pages else _nothing(steps[-1]))


def _nothing(step: rebuilding_clocks.Step) -> str:
    """Why no clock was ever promised."""
    facts = step.standing.facts
    name = step.edition.policies.name(facts)
    if not name:
        return gettext("No policy fits this ticket, so nothing is promised.")
    text = gettext("The policy %(policy)s decides, and it promises nothing for the priority “%(priority)s”.")
    return text % {"policy": policy_name(name), "priority": Priority(facts.priority).label}


def _pages(ticket: Ticket, steps: list[rebuilding_clocks.Step], now: datetime) -> list[ClockPage]:
    moments = [explanation.Moment(s.happening.at, s.standing, s.edition.policies, s) for s in steps]
    names, policies = Names.of_all(), steps[-1].edition.policies
    rows = {(row.metric, row.cycle): row for row in ticket.clocks.prefetch_related("told")}
    return [
        _page(story, rows.get((story.clock.metric, story.clock.cycle)), policies, names, now)
        for story in explanation.explain(moments, now)
    ]


def _page(
    story: explanation.Story, row: Any, policies: Policies, names: Names, now: datetime
) -> ClockPage:  # fmt: skip
    clock = story.clock
    label = Metric(clock.metric).label
    numbered = clock.metric == Metric.NEXT_REPLY and clock.cycle > 1
    return ClockPage(
        gettext("%(clock)s, %(number)s. time") % {"clock": label, "number": clock.cycle} if numbered else str(label),
        *_state(story, now),
        clock,
        length(clock.elapsed_s),
        length(clock.allowed_s),
        names.calendar(clock.calendar),
        list(_hours(policies.calendar(clock.calendar))),
        [_promise(promise, names) for promise in story.promises],
        [_stretch(stretch, names) for stretch in story.stretches],
        sorted(row.told.all(), key=lambda told: told.percent) if row else [],
        row.tzdata if row else "",
        "" if policies.calendar(clock.calendar).always else policies.calendar(clock.calendar).tz,
    )


_VOID: dict[str, str | Lazy] = {
    sla.Void.UNANSWERED: _("Does not count: the ticket was solved without a reply."),
    sla.Void.SPAM: _("Does not count: the ticket is spam."),
    sla.Void.MERGED: _("Does not count: the ticket was merged into another."),
    sla.Void.SPLIT: _("Does not count: the message became a ticket of its own."),
}


def _state(story: explanation.Story, now: datetime) -> tuple[str, str]:
    """The tone and a sentence of how it stands."""
    clock = story.clock
    late = {"time": length((now - clock.due_at) // timedelta(seconds=1)) if clock.due_at else ""}
    left = {"time": length(clock.allowed_s - clock.elapsed_s)}
    match story.state:
        case sla.State.VOID:
            return "", str(_VOID.get(clock.void_reason, _("Does not count.")))
        case sla.State.MET:
            return "ok", gettext("Kept: it stopped in time.")
        case sla.State.BREACHED:
            return "bad", gettext("Missed: it stopped after it was due.")
        case sla.State.BREACHED_RUNNING:
            return "bad", gettext("Missed and still running: overdue by %(time)s.") % late
        case sla.State.PAUSED:
            return "", gettext("Rests: %(time)s of working time are left.") % left
    return "", gettext("Runs: %(time)s of working time are left.") % left


def _hours(calendar: Hours) -> Iterator[tuple[str, str]]:
    """The days of the week with their hours; none for what never closes."""
    if calendar.always:
        return
    for day, intervals in zip(DAYS, calendar.hours, strict=True):
        column: Any = Calendar._meta.get_field(day)
        yield str(column.verbose_name), ", ".join(f"{_time(a)}-{_time(b)}" for a, b in intervals) or gettext("closed")


def _time(second: int) -> str:
    return f"{second // 3600:02}:{second % 3600 // 60:02}"


def _promise(promise: explanation.Promise, names: Names) -> PromiseLine:
    step, clock = promise.moment.mark, promise.clock
    return PromiseLine(
        clock.started_at if step.happening.type == "created" else step.happening.at,
        _who(step.event),
        _cause(step),
        length(clock.target_s),
        length(clock.allowed_s),
        policy_name(clock.policy),
        [_passed(passed, names) for passed in promise.passed],
    )


def policy_name(versioned: str) -> str:
    """A policy as people know it, with its version."""
    name, _at, number = versioned.rpartition("@")
    if not name:
        return gettext("The targets that are built in")
    return gettext("“%(name)s”, version %(number)s") % {"name": name, "number": number}


def _who(event: Any) -> str:
    if event.role == Role.CUSTOMER:
        return gettext("The customer")
    return staff_name(event.by) if event.by is not None else gettext("The system")


def _cause(step: rebuilding_clocks.Step) -> str:
    if step.happening.type == "change":
        if step.event.kind == EventKind.RETIMED:
            return gettext("The policies became others.")
        priority = step.happening.facts.priority if step.happening.facts else ""
        label = Priority(priority).label if priority in Priority.values else priority
        return gettext("The details were changed; the priority is “%(priority)s”.") % {"priority": label}
    if step.happening.type == "created":
        label = Priority(step.standing.facts.priority).label
        return gettext("The ticket began with the priority “%(priority)s”.") % {"priority": label}
    if step.happening.type == "received_merge":
        return gettext("Another ticket was merged into this one.")
    if step.event.kind == EventKind.CUSTOMER_WROTE:
        return gettext("The customer wrote.")
    return gettext("The status became “%(status)s”.") % {"status": Status(step.standing.status).label}


_FACTS: dict[str, str | Lazy] = {
    "topic": _("“%(policy)s” is for the topics %(wanted)s; this ticket: %(value)s."),
    "language": _("“%(policy)s” is for the languages %(wanted)s; this ticket: %(value)s."),
    "tier": _("“%(policy)s” is for the tiers %(wanted)s; this ticket: %(value)s."),
    "channel": _("“%(policy)s” is for the channels %(wanted)s; this ticket: %(value)s."),
}


def _passed(passed: explanation.Passed, names: Names) -> str:
    """Why a policy did not decide."""
    return str(_FACTS[passed.fact]) % {
        "policy": passed.policy.rpartition("@")[0] or passed.policy,
        "wanted": ", ".join(names.value(passed.fact, value) for value in passed.wanted),
        "value": names.value(passed.fact, passed.value),
    }


def _stretch(stretch: explanation.Stretch, names: Names) -> StretchLine:
    until = None if stretch.is_open else stretch.until
    if stretch.rested is not None:
        words = gettext("Rested: the ticket was “%(status)s”.") % {"status": stretch.rested.label}
        return StretchLine(stretch.since, until, length(0), words)
    listed = stretch.windows if stretch.calendar != ALWAYS else ()
    words = gettext("Counted: %(calendar)s.") % {"calendar": names.calendar(stretch.calendar)}
    further = max(0, len(listed) - MOST_WINDOWS)
    return StretchLine(stretch.since, until, length(stretch.seconds), words, listed[:MOST_WINDOWS], further)


_UNITS = ((86_400, _("%(number)d d")), (3600, _("%(number)d h")), (60, _("%(number)d min")), (1, _("%(number)d s")))


def length(seconds: int) -> str:
    """A length of time to the second, in as many words as it needs."""
    parts = list(_parts(max(0, seconds)))
    return pgettext("between parts of a length of time", " ").join(parts) or str(_UNITS[-1][1]) % {"number": 0}


def _parts(seconds: int) -> Iterable[str]:
    for size, words in _UNITS:
        number, seconds = divmod(seconds, size)
        if number:
            yield str(words) % {"number": number}
