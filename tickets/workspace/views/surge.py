"""The state of the desk: for leads, with what they may decide."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from tickets.actions import surging
from tickets.errors import TicketError
from tickets.models import SurgeState
from tickets.workspace import gauge
from tickets.workspace.doors import DeskRequest, desk
from tickets.workspace.views.pages import page

ACTIONS: dict[str, tuple[Callable[..., Any], Any]] = {
    "confirm": (surging.confirm_surge, _("A surge is declared.")),
    "dismiss": (surging.dismiss_watch, _("The watch is dismissed. The same streams stay quiet for a while.")),
    "end": (surging.end_surge, _("Ended. Readers are no longer told of it.")),
}


@require_safe
@desk
def index(request: DeskRequest) -> HttpResponse:
    """State, scores, changes, signals, the notice in every language."""
    _refuse_others(request)
    return page(request, "surge", gauge.shown(SurgeState.objects.filter(pk=1).first() or SurgeState()))


@require_POST
@desk
def decide(request: DeskRequest, name: str) -> HttpResponse:
    """Confirm, dismiss or end."""
    _refuse_others(request)
    if name not in ACTIONS:
        raise Http404
    act, told = ACTIONS[name]
    try:
        act(by=request.access.user)
        messages.success(request, str(told))
    except (TicketError, PermissionDenied) as error:
        messages.error(request, str(error))
    return HttpResponseRedirect(reverse("workspace:surge"))


def _refuse_others(request: DeskRequest) -> None:
    if not request.access.leads:
        raise Http404
