"""What the tests of the dispatcher share: giving out what waits, and who has what."""

from datetime import datetime, timedelta

from supportdesk.accounts.models import User
from tickets.actions.dispatching import dispatch
from tickets.enums import Trigger
from tickets.models import Ticket

HALF_AN_HOUR = timedelta(minutes=30)


def give_out(at: datetime | None = None) -> int:
    return dispatch(trigger=Trigger.TICK, at=at)


def who_has(ticket: Ticket) -> User | None:
    return Ticket.objects.get(pk=ticket.pk).assignee
