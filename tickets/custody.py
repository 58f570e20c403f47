"""What a trader may know of who has the request: the public name, since when, and by when they hear again. Pure."""

from dataclasses import dataclass
from datetime import datetime

from tickets.enums import FAR, Status


@dataclass(frozen=True)
class Custody:
    """`holder` is a department's public name, empty for the support team; times are UTC. No `next_update_by` where
    nothing is promised."""

    holder: str
    since: datetime | None
    next_update_by: datetime | None


def of(ticket: object, asked: tuple[str, datetime] | None, now: datetime) -> Custody:
    """Who has a ticket. `asked` is the public name and the due time of an open question to a department.

    While it waits for the customer nothing is promised; a time that has passed is not shown as one that comes.
    """
    status, department = ticket.status, ticket.department  # type: ignore[attr-defined]
    holder = department.shown_name if department is not None else ""
    since = ticket.department_since if department is not None else ticket.assigned_at  # type: ignore[attr-defined]
    if status not in (Status.NEW, Status.OPEN, Status.ON_HOLD):
        return Custody(holder, since, None)
    times = [ticket.next_due_at]  # type: ignore[attr-defined]
    if status == Status.ON_HOLD:
        times = [ticket.revisit_at or FAR]  # type: ignore[attr-defined]
        holder = asked[0] if asked and not holder else holder
    due = min(times)
    return Custody(holder, since, due if now < due < FAR else None)
