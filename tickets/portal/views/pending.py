"""After a guest has sent the form: which mail box to look into, and what was taken out. Nothing of what they wrote."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext

from tickets.actions import opening
from tickets.errors import TooMany
from tickets.identifiers import from_typed
from tickets.models import PendingRequest
from tickets.portal import doors, limits, removed
from tickets.portal.frame import draw, private_page, zone
from tickets.portal.sending import address_of


@private_page("GET", "POST")
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
    if request.method == "POST":
        return _again(request, held)
    is_open = held.ticket is not None
    context = {
        "title": gettext("Your request has reached us") if is_open else gettext("One more step: open our e-mail"),
        "is_open": is_open,
        "topic": held.topic,
        "email": masked(held.email),
        "advice": removed.advice(held.removed),
    }
    return draw(request, "pending", context)


def _again(request: HttpRequest, held: PendingRequest) -> HttpResponse:
    """The mail was lost: send it once more, a few times a day."""
    try:
        with timezone.override(zone(held.time_zone)):
            limits.count(request, "ticket")
            limits.count_again(held.email)
    except TooMany as error:
        messages.error(request, str(error))
    else:
        opening.ask_again(held)
        messages.success(request, gettext("We have sent the e-mail once more."))
    return HttpResponseRedirect(request.path)


def masked(email: str) -> str:
    """An address in which its owner finds a slip of the keys, most of which are behind the @: `t…@example.com`."""
    name, _, host = email.partition("@")
    return f"{name[:1]}…@{host}"
