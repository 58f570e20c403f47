"""What happens to a ticket in the tests of its clocks, by hand or by chance, and how its clocks look in the end."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from tickets import sla
from tickets.calendars import ROUND_THE_CLOCK, Calendar
from tickets.enums import Priority
from tickets.policies import DEFAULT, Facts, Policies, Policy
from tickets.sla import Clock, Happening

TEN = datetime(2026, 11, 16, 10, tzinfo=UTC)  # a Monday
HIGH = Facts("high")


def at(minutes: float) -> datetime:
    return TEN + timedelta(minutes=minutes)


def created(facts: Facts = HIGH, by: str = "customer") -> Happening:
    return Happening(TEN, "created", by, facts)


def reply(minutes: float, by: str = "agent", **more: Any) -> Happening:
    return Happening(at(minutes), "public_reply", by, **more)


def message(minutes: float) -> Happening:
    return reply(minutes, "customer")


def status(minutes: float, to: str) -> Happening:
    return Happening(at(minutes), "status", "agent", status=to)


def change(minutes: float, **facts: Any) -> Happening:
    return Happening(at(minutes), "change", "agent", replace(HIGH, **facts))


def clocks(
    *happenings: Happening, policies: Policies = DEFAULT, until: float = 10_000
) -> tuple[sla.Standing, dict[str, Clock]]:
    """The last clock of each metric, as it looks in the end."""
    standing = sla.seen(sla.replay(happenings, policies), at(until), policies)
    return standing, {clock.metric: clock for clock in standing.clocks}


OFFICE = Calendar.from_dict({"tz": "Asia/Seoul", "hours": {str(day): [["09:00", "18:00"]] for day in range(5)}})
MIXED = Policies(
    (
        Policy("office", DEFAULT.policies[0].targets, {"*": "office"}, {"language": frozenset({"ko"})}),
        Policy("pro", {"high": {"first_reply": 600, "next_reply": 1200}}, match={"tier": frozenset({"pro"})}),
        *DEFAULT.policies,
    ),
    {"office": OFFICE, "24x7": ROUND_THE_CLOCK},
)
facts = st.builds(
    Facts, st.sampled_from(Priority.values), language=st.sampled_from(["en", "ko"]), tier=st.sampled_from(["", "pro"])
)
gaps = st.one_of(st.integers(0, 7200), st.integers(0, 200_000))
events = st.one_of(
    st.builds(Happening, st.just(TEN), st.just("public_reply"), st.sampled_from(["customer", "agent"])),
    st.builds(
        Happening, st.just(TEN), st.just("status"), status=st.sampled_from(["open", "pending", "solved", "spam"])
    ),
    st.builds(Happening, st.just(TEN), st.just("change"), facts=facts),
    st.just(Happening(TEN, "received_merge", source_created_at=at(-50), source_unanswered_since=at(-20))),
    st.just(Happening(TEN, "internal_note")),
)


@st.composite
def histories(draw: st.DrawFn) -> list[Happening]:
    """A ticket's creation and some of what may happen to one, in order."""
    moment = draw(st.integers(0, 10 * 86_400).map(lambda seconds: TEN + timedelta(seconds=seconds)))
    history = [Happening(moment, "created", draw(st.sampled_from(["customer", "agent"])), draw(facts))]
    for event in draw(st.lists(events, max_size=8)):
        moment += timedelta(seconds=draw(gaps))
        history.append(replace(event, at=moment))
    return history
