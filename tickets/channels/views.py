"""The page behind the question whether a held mail is theirs: opening it shows nothing of the mail and changes nothing,
a post decides."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from tickets import sealing
from tickets.channels.actions import receiving
from tickets.channels.enums import Outcome
from tickets.channels.models import IncomingMail
from tickets.errors import AlreadyDone
from tickets.links import Link


@never_cache
def was_it_you(request: HttpRequest, link: Link) -> HttpResponse:
    """Called by the page of mailed links."""
    row = IncomingMail.objects.light().filter(public_id=link.ids[0]).first() if link.ids else None
    if row is None:
        raise Http404
    if request.method == "POST":
        return _page(request, row, told=_decide(row, request.POST.get("answer", "")))
    return _page(request, row)


def _decide(row: IncomingMail, answer: str) -> str:
    try:
        if answer == "yes":
            return _released(receiving.release(row))
        if answer == "no":
            receiving.destroy(row)
            return gettext("Thank you. We have destroyed this e-mail; nothing of it was added to your request.")
    except (AlreadyDone, sealing.Broken):
        return gettext("This was decided before, or more than 7 days ago. Nothing has changed now.")
    return ""


def _released(row: IncomingMail) -> str:
    if row.outcome == Outcome.APPENDED:
        return gettext("Thank you. We have added your e-mail to the request.")
    return gettext("Thank you. A member of our team looks at your e-mail before it is added.")


def _page(request: HttpRequest, row: IncomingMail, told: str = "") -> HttpResponse:
    if not told and row.outcome != Outcome.HELD:
        told = gettext("This was decided before, or more than 7 days ago. Nothing has changed now.")
    return render(request, "tickets_channels/was_it_you.html", {"received_at": row.received_at, "told": told})
