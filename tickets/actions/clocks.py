"""Clock rows of a ticket, kept in step with what happens by the rule in `tickets.sla`."""

from collections.abc import Iterable
from dataclasses import asdict, fields, replace

from tickets import sla
from tickets.models import Clock, Ticket

_COPIED = [field.name for field in fields(sla.Clock)]


def facts_of(ticket: Ticket) -> sla.Facts:
    """What a policy looks at."""
    return sla.Facts(
        priority=ticket.priority,
        topic=ticket.topic.key,
        language=ticket.language,
        tier=ticket.tier,
        channel=ticket.channel,
    )


def start(ticket: Ticket, happenings: Iterable[sla.Happening]) -> list[Clock]:
    """The clocks of a ticket that is about to be written, which gets its due time; neither is saved."""
    standing = sla.replay(happenings)
    ticket.next_due_at, ticket.unanswered_since = standing.next_due_at, standing.unanswered_since
    return [Clock(**asdict(clock)) for clock in standing.clocks]


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


def keep(ticket: Ticket, before: sla.Standing, happenings: list[sla.Happening]) -> None:
    """Bring the clocks of a ticket through what happened since `before`; sets its due time and since when an answer is
    owed."""
    if not happenings:
        return
    rows = {(row.metric, row.cycle): row for row in ticket.clocks.all()}
    stored = (sla.Clock(**{name: getattr(row, name) for name in _COPIED}) for row in rows.values())
    standing = replace(before, clocks=tuple(stored))
    for happening in happenings:
        standing = sla.after(standing, happening)
    _write(ticket, rows, standing.clocks)
    ticket.next_due_at, ticket.unanswered_since = standing.next_due_at, standing.unanswered_since


def _write(ticket: Ticket, rows: dict[tuple[str, int], Clock], clocks: Iterable[sla.Clock]) -> None:
    new = []
    for clock in clocks:
        row = rows.get((clock.metric, clock.cycle))
        if row is None:
            new.append(Clock(ticket=ticket, **asdict(clock)))
        elif any(getattr(row, name) != getattr(clock, name) for name in _COPIED):
            for name in _COPIED:
                setattr(row, name, getattr(clock, name))
            row.save()
    Clock.objects.bulk_create(new)
