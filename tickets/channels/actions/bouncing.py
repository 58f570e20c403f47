"""Reports that a mail of ours did not arrive. Only one that names a mail of ours, to whom it went, is believed."""

from django.utils import timezone

from tickets.channels.actions import reaching
from tickets.channels.enums import Sent
from tickets.channels.mail.addresses import normalised
from tickets.channels.mail.machine import Bounce
from tickets.channels.models import OutgoingMail


def note(report: Bounce) -> OutgoingMail | None:
    """Mark the mail that came back; after a failure for good nothing more is sent to its address. None for a report of
    a delay, or of a mail that we did not send there: anybody can write reports."""
    mail = OutgoingMail.objects.filter(message_id=report.message_id).first() if report.message_id else None
    if mail is None or report.action not in ("", "failed") or report.status.startswith(("2", "4")):
        return None
    if report.recipient and report.recipient.lower() != normalised(mail.to).lower():
        return None
    mail.state, mail.bounced_at, mail.is_open = Sent.BOUNCED, mail.bounced_at or timezone.now(), False
    mail.save(update_fields=["state", "bounced_at", "is_open"])
    if report.permanent:
        reaching.lose(mail.to, report.status)
    return mail
