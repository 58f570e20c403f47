"""After a guest has sent the form: which mail box to look into, and what was taken out. Nothing of what they wrote."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext

from tickets.identifiers import from_typed
from tickets.models import PendingRequest
from tickets.portal import doors, removed
from tickets.portal.frame import draw, private_page
from tickets.portal.sending import address_of


@private_page("GET")
def pending(request: HttpRequest, public_id: str) -> HttpResponse:
    """The same page for every number that nobody has proven yet, in the session that sent it."""
    found = PendingRequest.objects.filter(public_id=from_typed(public_id)[:16].replace("\0", "")).select_related(
        "ticket", "topic"
    )
    held = found.first()
    if held is None or held.public_id not in request.session.get("pending", ()):
        raise doors.NotSeen
    if held.ticket is not None and held.ticket_id in doors.access_of(request).ticket_ids:
        return HttpResponseRedirect(address_of(held.ticket))
    is_open = held.ticket is not None
    context = {
        "title": gettext("Your request has reached us") if is_open else gettext("One more step: open our e-mail"),
        "is_open": is_open,
        "topic": held.topic,
        "email": masked(held.email),
        "advice": removed.advice(held.removed),
    }
    return draw(request, "pending", context)


def masked(email: str) -> str:
    """An address in which its owner finds a slip of the keys, most of which are behind the @: `t…@example.com`."""
    name, _, host = email.partition("@")
    return f"{name[:1]}…@{host}"
