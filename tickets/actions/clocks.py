"""Clock rows of a ticket, kept in step with what happens by the rule in `tickets.sla`."""

from collections.abc import Iterable
from dataclasses import asdict, fields, replace
from typing import Any

from tickets import editions, sla
from tickets.calendars import tzdata_version
from tickets.models import Clock, Ticket
from tickets.policies import Facts

COPIED = [field.name for field in fields(sla.Clock)]


def facts_of(ticket: Ticket) -> Facts:
    """What a policy looks at."""
    return Facts(
        priority=ticket.priority,
        topic=ticket.topic.key,
        language=ticket.language,
        tier=ticket.tier,
        channel=ticket.channel,
    )


def start(ticket: Ticket, happening: sla.Happening) -> tuple[list[Clock], dict[str, Any]]:
    """The clocks of a ticket that is about to be written, which gets its due time, and what the event of its creation
    keeps so that they can be told again; nothing is saved."""
    edition = editions.current()
    standing = sla.after(None, happening, edition.policies)
    ticket.next_due_at, ticket.unanswered_since = standing.next_due_at, standing.unanswered_since
    return [_new(ticket, clock) for clock in standing.clocks], kept(edition, standing.facts)


def kept(edition: editions.Edition, facts: Facts | None = None) -> dict[str, Any]:
    """What an event has to keep: by which edition clocks went on, and the facts where they became others."""
    told: dict[str, Any] = {"edition": edition.number} if edition.number else {}
    return told | ({"facts": asdict(facts)} if facts else {})


def standing_of(ticket: Ticket) -> sla.Standing:
    """Where a ticket stands, for the rule; the clocks themselves are read when something happens."""
    return sla.Standing(
        status=ticket.status,
        facts=facts_of(ticket),
        clocks=(),
        unanswered_since=ticket.unanswered_since,
        created_at=ticket.created_at,
        is_answered=ticket.first_reply_at is not None,
    )


def keep(
    ticket: Ticket, before: sla.Standing, happenings: list[sla.Happening], edition: editions.Edition
) -> None:  # fmt: skip
    """Bring the clocks of a ticket through what happened since `before`; sets its due time and since when an answer is
    owed."""
    rows = {(row.metric, row.cycle): row for row in ticket.clocks.all()}
    standing = replace(before, clocks=tuple(clock_of(row) for row in rows.values()))
    for happening in happenings:
        standing = sla.after(standing, happening, edition.policies)
    write(ticket, rows, standing.clocks)
    ticket.next_due_at, ticket.unanswered_since = standing.next_due_at, standing.unanswered_since


def clock_of(row: Clock) -> sla.Clock:
    """A row as the rule takes it."""
    return sla.Clock(**{name: getattr(row, name) for name in COPIED})


def write(ticket: Ticket, rows: dict[tuple[str, int], Clock], clocks: Iterable[sla.Clock]) -> None:
    """Store clocks over the rows that there are, by metric and cycle."""
    new = []
    for clock in clocks:
        row = rows.get((clock.metric, clock.cycle))
        if row is None:
            new.append(_new(ticket, clock))
        elif clock_of(row) != clock:
            for name in COPIED:
                setattr(row, name, getattr(clock, name))
            row.tzdata, row.notify_at = tzdata_version(), _look_at(clock)
            row.save()
    Clock.objects.bulk_create(new)


def _new(ticket: Ticket, clock: sla.Clock) -> Clock:
    values = {name: getattr(clock, name) for name in COPIED}
    return Clock(ticket=ticket, tzdata=tzdata_version(), notify_at=_look_at(clock), **values)


def _look_at(clock: sla.Clock) -> Any:
    """The next look whether somebody has to be warned is the next one at all, while the clock runs."""
    return clock.running_since if clock.is_running else None
