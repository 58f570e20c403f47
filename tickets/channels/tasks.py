"""What time does to mail; the scheduler starts these."""

from datetime import datetime, timedelta

from django.utils import timezone
from django_tasks import task

from tickets.actions import alerting, rating
from tickets.channels.enums import REMEMBERED, Kept, Sent
from tickets.channels.models import IncomingMail, OutgoingMail
from tickets.enums import Status
from tickets.models import Ticket

AFTER = timedelta(hours=1)  # a customer looks first whether it is solved
NOT_AFTER = timedelta(days=2)


@task()
def ask_ratings() -> int:
    """Ask for a rating an hour after a ticket was solved, once."""
    return ask_ratings_due()


def ask_ratings_due(at: datetime | None = None) -> int:
    if alerting.is_surge():  # not now: who waited long is asked when the surge is over
        return 0
    now = at or timezone.now()
    solved = Ticket.objects.filter(status=Status.SOLVED, solved_at__lte=now - AFTER, solved_at__gt=now - NOT_AFTER)
    return sum(rating.ask_rating(ticket) is not None for ticket in solved.filter(rating=None)[:500])


@task()
def forget_mail() -> int:
    """Destroy sealed mails whose time is over, and forget mails of long ago."""
    now = timezone.now()
    due = IncomingMail.objects.sealed().filter(purge_at__lte=now).update(sealed=None, kept=Kept.GONE)
    IncomingMail.objects.filter(received_at__lt=now - REMEMBERED).delete()
    OutgoingMail.objects.filter(created_at__lt=now - REMEMBERED).exclude(state=Sent.WAITING).delete()
    return due
