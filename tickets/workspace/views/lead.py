"""The lead's page: how the desk stands, what will be late, who is there."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from tickets.errors import TicketError
from tickets.models import CrashReplay
from tickets.workspace import listing
from tickets.workspace.doors import DeskRequest, desk
from tickets.workspace.lead.board import board
from tickets.workspace.lead.replays import ReplayForm
from tickets.workspace.lead.risks import risks
from tickets.workspace.lead.team import team
from tickets.workspace.views.pages import page, part

POLL_AFTER = 20  # seconds


@require_safe
@desk
def show(request: DeskRequest) -> HttpResponse:
    """The figures of the newest count, and what is due first just now."""
    return page(request, "lead", _context(request))


@require_safe
@desk
def updates(request: DeskRequest) -> HttpResponse:
    """The same, in parts that take the places of those in the window."""
    response = part(request, "lead/updates", _context(request))
    response.headers["X-Poll-After"] = str(POLL_AFTER)
    return response


@require_POST
@desk
def replay(request: DeskRequest) -> HttpResponse:
    """Begin, stop or take back the replay of a crash, on a site with the demo's content."""
    if not request.access.leads:
        raise Http404
    form = ReplayForm(request.POST)
    try:
        if form.is_valid():
            messages.success(request, form.run(by=request.access.user))
        else:
            messages.error(request, " ".join(str(error) for found in form.errors.values() for error in found))
    except (TicketError, PermissionDenied) as error:
        messages.error(request, str(error))
    return HttpResponseRedirect(reverse("workspace:lead"))


def _context(request: DeskRequest) -> dict[str, Any]:
    if not request.access.leads:
        raise Http404
    now = timezone.now()
    shown = board(now, dict(listing.names().topics))
    return {
        "board": shown,
        "team": team(shown.loads, now),
        "risks": risks(request.access, now),
        "replay": CrashReplay.offered(),
        "replay_form": ReplayForm(),
        "poll_after": POLL_AFTER,
    }
