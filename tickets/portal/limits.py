"""Rate limits of the portal: how often somebody may use a door (a form, an upload, a code) in an hour.
Counted in a table by a hash of the address, never by a captcha: whoever has used up theirs is told when to come back,
and loses nothing of what they wrote."""

import hashlib
import hmac
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from helpcenter.actions.counting import use_address
from supportdesk.accounts.addresses import mailbox_of
from supportdesk.ui import zones
from supportdesk.ui.requests import address_hash
from tickets.errors import TooMany

# Uses in an hour; `settings.TICKET_LIMITS` (from the environment) may name other numbers.
LIMITS = {
    "ticket": 60,  # sending requests and messages, by person or address
    "ticket_email": 10,  # asking a guest's mail box for a proof, by mail box
    "ticket_stranger": 5,  # the same in a day, by mail box and address
    "proof_again": 3,  # having a proof sent once more in a day, by mail box
    "upload": 120,
    "solved": 30,
    "code": 20,  # asking for codes, by address
    "code_ticket": 5,  # asking for codes, by ticket
    "code_try": 5,  # entering a code, by its name, in a day
}


def count(request: HttpRequest, door: str) -> None:
    """Count one use, for the person who is signed in, else for the client's address (behind one address of a phone
    network there are thousands). Raises TooMany."""
    if request.user.is_authenticated:
        count_name(f"person {request.user.pk}", door)
    else:
        _count(address_hash(request), door)


def count_name(name: str, door: str) -> None:
    """Count a use of a door for a mail box or a ticket. Raises TooMany."""
    _count(_hash(name, door), door)


def is_within(name: str, door: str) -> bool:
    """Count a use of a door of a day (of UTC); whether it is none too many, of any number at the same moment."""
    return not _uses(_hash(name, door), door, timezone.now().replace(hour=0))


def count_mailbox(request: HttpRequest, email: str) -> None:
    """Count that somebody whom the mail box does not know asks it for a proof. One stranger alone can neither bombard
    it nor use up what its owner may send. Raises TooMany."""
    midnight, box = timezone.now().replace(hour=0), mailbox_of(email)
    if _uses(_hash(f"{address_hash(request)} {box}", "ticket_stranger"), "ticket_stranger", midnight):
        raise _used_up_today()
    count_name(box, "ticket_email")


def count_again(email: str) -> None:
    """Count that a mail box is asked once more for what it was asked before, by whomever. Raises TooMany."""
    if not is_within(mailbox_of(email), "proof_again"):
        raise _used_up_today()


def _used_up_today() -> TooMany:
    """The day is that of UTC; its end is named as the active time zone shows it."""
    again_at = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    shown = date_format(timezone.localtime(again_at), "DATETIME_FORMAT")
    message = gettext(
        "From here, no more can be sent today for this e-mail address: it was not confirmed in this browser yet. You"
        " can send this from %(time)s (%(zone)s) on, or now after you sign in with the address. Your text is kept."
    )
    return TooMany(message % {"time": shown, "zone": zones.called(again_at)}, again_at=again_at)


def _hash(name: str, door: str) -> str:
    key = f"{settings.SECRET_KEY}/{door}/{timezone.now().date()}".encode()
    return hmac.new(key, name.lower().encode(), hashlib.sha256).hexdigest()[:32]


def _count(key: str, door: str) -> None:
    if _uses(key, door, timezone.now()):
        raise TooMany(gettext("This was done very often within the last hour. Wait an hour, then try again."))


def _uses(key: str, door: str, at: datetime) -> bool:
    """Count a use in the hour of `at`; whether it is one too many."""
    most = {**LIMITS, **settings.TICKET_LIMITS}[door]
    return use_address(key, door, at) > most
