"""Sentences about mail for the health check, empty where all is well. Neither is a reason to take a node out."""

from supportdesk.outbox.models import Outbox, State
from tickets.channels.models import IncomingMail

TRIES = 3  # until a mail server counts as away


def failed_mail() -> str:
    number = IncomingMail.objects.failed().count()
    return f"{number} mails could not be taken in; see the admin" if number else ""


def mail() -> str:
    """Whether mails wait for the mail server."""
    rows = Outbox.objects.filter(consumer__startswith="mail_")
    waiting = rows.filter(state=State.PENDING, attempts__gte=TRIES).count()
    given_up = rows.filter(state=State.FAILED).count()
    if not waiting and not given_up:
        return ""
    return f"{waiting} mails wait for the mail server, {given_up} were given up"
