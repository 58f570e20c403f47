"""The code that opens a mailed link on a new device: six digits, ten minutes, five tries, in the browser that asked for
it. Kept as a hash in the shared cache, which refuses rather than forgets."""

import hashlib
import hmac
import secrets

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import translation

from supportdesk.ui import mail_frame
from tickets.models import Ticket
from tickets.portal import limits

LIFE = 600  # seconds
ASKED = "codes_asked"  # in the session: ticket -> the name under which its code lies


def send_code(request: HttpRequest, ticket: Ticket) -> None:
    """Send a fresh code to the customer's mail box; an earlier one of this browser ends. Raises TooMany, and what the
    mail server's client raises."""
    limits.count(request, "code")
    limits.count_name(ticket.public_id, "code_ticket")
    code, name = f"{secrets.randbelow(10**6):06}", secrets.token_urlsafe(16)
    language = ticket.language or translation.get_language()
    mail = mail_frame.compose(
        "tickets/portal/mail/code", {"code": code}, to=ticket.requester.email, language=language
    )  # fmt: skip
    mail.send()
    request.session[ASKED] = {**request.session.get(ASKED, {}), str(ticket.pk): name}
    cache.set(_key(name), _digest(name, code), LIFE)


def was_asked(request: HttpRequest, ticket: Ticket) -> bool:
    return str(ticket.pk) in request.session.get(ASKED, {})


def is_right(request: HttpRequest, ticket: Ticket, typed: str) -> bool:
    """Whether a code is the one that was sent for this browser. A right try uses it up, and so do five wrong ones,
    also where they come at the same moment: the cache reads and writes a number, only the database counts."""
    name = request.session.get(ASKED, {}).get(str(ticket.pk), "")
    if not name:
        return False
    has_tries, kept = limits.is_within(name, "code_try"), cache.get(_key(name))
    digits = "".join(str(int(letter)) for letter in typed if letter.isdecimal())
    right = has_tries and kept is not None and hmac.compare_digest(kept, _digest(name, digits))
    if right or not has_tries:
        cache.delete(_key(name))
        request.session[ASKED] = {pk: one for pk, one in request.session[ASKED].items() if pk != str(ticket.pk)}
    return right


def _key(name: str) -> str:
    return f"ticket-code:{name}"


def _digest(name: str, code: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"{name}/{code}".encode(), hashlib.sha256).hexdigest()
