"""The lead's page: how the desk stands, what will be late, who is there."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tickets.actions import alerting, leading
from tickets.errors import TicketError
from tickets.models import Agent, CrashReplay
from tickets.workspace import listing
from tickets.workspace.display import staff_name
from tickets.workspace.doors import DeskRequest, desk, lead_desk
from tickets.workspace.lead.board import board
from tickets.workspace.lead.day import DayForm, values_of
from tickets.workspace.lead.replays import ReplayForm
from tickets.workspace.lead.risks import risks
from tickets.workspace.lead.standing import incidents, standing
from tickets.workspace.lead.team import team
from tickets.workspace.views.incidents import refuse
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
    response.headers["X-Poll-After"] = str(_poll_after())
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@lead_desk
def day(request: DeskRequest, pk: int) -> HttpResponse:
    """Presence and capacity of a colleague, by the number of the person."""
    colleague = get_object_or_404(Agent.objects.select_related("person"), person=pk, person__is_active=True)
    form = DayForm(request.POST or None, initial=values_of(colleague))
    if request.method == "POST" and form.is_valid():
        try:
            form.save(colleague, by=request.access.user)
            messages.success(request, gettext("Saved."))
            return HttpResponseRedirect(f"{reverse('workspace:lead')}#lead_team")
        except (TicketError, PermissionDenied) as error:
            refuse(form, error)
    context = {"form": form, "name": staff_name(colleague.person), "colleague": colleague}
    return page(request, "lead_day", context, 422 if form.errors else 200)


@require_POST
@desk
def assign_all(request: DeskRequest) -> HttpResponse:
    """Have the dispatcher give out what waits, by language, certificate and capacity."""
    if not request.access.leads:
        raise Http404
    try:
        number = leading.assign_all(by=request.access.user)
        messages.success(request, _given(number))
    except (TicketError, PermissionDenied) as error:
        messages.error(request, str(error))
    listing.forget_rail(request.access)
    return HttpResponseRedirect(reverse("workspace:lead"))


def _given(number: int) -> str:
    if not number:
        return gettext(
            "Nothing could be given out: nobody who is available has the language, the certificate and the time."
        )
    text = ngettext("%(number)d ticket has an agent now.", "%(number)d tickets have an agent now.", number)
    return text % {"number": number}


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
        "standing": standing(shown),
        "incidents": incidents(),
        "replay": CrashReplay.offered(),
        "replay_form": ReplayForm(),
        "poll_after": _poll_after(),
    }


def _poll_after() -> int:
    """Seconds; more in a surge, as on all pages."""
    return max(POLL_AFTER, alerting.poll_after())
