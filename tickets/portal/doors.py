"""Who looks at a page of the portal: somebody who has signed in, and what a mailed link and a code have opened in this
session. Everything that a page shows comes through `Ticket.objects.visible_to`."""

from typing import Any

from django.http import Http404, HttpRequest
from django.utils.crypto import get_random_string

from tickets.access import Access
from tickets.identifiers import from_typed
from tickets.models import Attachment, Ticket

OPENED, UPLOADER = "opened_tickets", "uploader"  # what the session holds
MOST_OPENED = 50


class NotSeen(Http404):
    """Not there for whoever looks; somebody who has not signed in is told how they get to what is theirs."""


def access_of(request: HttpRequest) -> Access:
    """What somebody may see as a customer; what staff see as staff is seen at the desk alone."""
    return Access.of_trader(request.user, frozenset(request.session.get(OPENED, ())))


def open_in_session(request: HttpRequest, ticket: Ticket) -> None:
    """From now on this session sees a ticket: its customer has shown that the address is theirs. A session that was
    known before is not the one that goes on."""
    opened = [pk for pk in request.session.get(OPENED, ()) if pk != ticket.pk]
    if not opened and not request.user.is_authenticated:
        request.session.cycle_key()
    request.session[OPENED] = [*opened, ticket.pk][-MOST_OPENED:]


def find_ticket(request: HttpRequest, public_id: str) -> Ticket:
    """A ticket of the current visitor. Raises NotSeen, alike for a ticket of somebody else and for none at all."""
    rows = Ticket.objects.visible_to(access_of(request)).select_related("topic", "department", "requester")
    ticket = rows.filter(public_id=from_typed(public_id)[:16].replace("\0", "")).first()
    if ticket is None:
        raise NotSeen
    return ticket


def find_file(request: HttpRequest, public_id: str) -> Attachment:
    """A file of a ticket of whoever looks. Raises Http404."""
    rows = Attachment.objects.visible_to(access_of(request))
    attachment = rows.filter(public_id=public_id[:16].replace("\0", "")).first()
    if attachment is None:
        raise Http404
    return attachment


def customer_of(ticket: Ticket, request: HttpRequest) -> Any:
    """The person in whose name a visitor acts on a ticket: always its customer. Only the customer, or whoever has their
    mail box, sees it here."""
    return request.user if request.user.pk == ticket.requester_id else ticket.requester


def zone_of(request: HttpRequest, ticket: Ticket | None = None) -> str:
    """The time zone of whoever reads: their own, else the one that came with the request."""
    if request.user.is_authenticated:
        return str(request.user.time_zone)
    return str(ticket.requester.time_zone) if ticket is not None else "UTC"


def uploader_of(request: HttpRequest, *, make: bool = False) -> str:
    """The random name under which this session's files wait for their form; empty where it has none."""
    if make and UPLOADER not in request.session:
        request.session[UPLOADER] = get_random_string(32)
    return str(request.session.get(UPLOADER, ""))
