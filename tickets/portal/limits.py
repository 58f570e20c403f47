"""How often somebody may use a door in an hour. Counted in a table by a hash of the address, never by a captcha:
whoever has used up theirs is told when to come back, and loses nothing of what they wrote."""

import hashlib
import hmac

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext

from helpcenter.actions.counting import use_address
from supportdesk.ui.requests import address_hash
from tickets.errors import TooMany

# Uses in an hour; settings.TICKET_LIMITS may name others.
LIMITS = {
    "ticket": 60,  # sending requests and messages, by person or address
    "ticket_email": 10,  # asking a guest's mail box for a proof, by mail box
    "upload": 120,
    "solved": 30,
    "code": 20,  # asking for codes, by address
    "code_ticket": 5,  # asking for codes, by ticket
}


def count(request: HttpRequest, door: str) -> None:
    """Count a use of a door by whoever is signed in, else by the address of the request: behind one address of a phone
    network there are thousands. Raises TooMany."""
    if request.user.is_authenticated:
        count_name(f"person {request.user.pk}", door)
    else:
        _count(address_hash(request), door)


def count_name(name: str, door: str) -> None:
    """Count a use of a door for a mail box or a ticket. Raises TooMany."""
    key = f"{settings.SECRET_KEY}/{door}/{timezone.now().date()}".encode()
    _count(hmac.new(key, name.lower().encode(), hashlib.sha256).hexdigest()[:32], door)


def _count(key: str, door: str) -> None:
    most = {**LIMITS, **settings.TICKET_LIMITS}[door]
    if use_address(key, door, timezone.now()) > most:
        raise TooMany(gettext("This was done very often within the last hour. Wait an hour, then try again."))
