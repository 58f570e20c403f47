"""The state of the desk: for leads, with what they may decide."""

import re
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from tickets.actions import incidents, pinning, surge_rules, surging
from tickets.errors import TicketError, TransitionNotAllowed
from tickets.models import Incident, SurgeRule, SurgeState
from tickets.workspace import surge_state
from tickets.workspace.doors import DeskRequest, desk, lead_desk
from tickets.workspace.forms import number_of
from tickets.workspace.views.pages import page


@require_safe
@lead_desk
def index(request: DeskRequest) -> HttpResponse:
    """State, scores, changes, signals, what readers see, the notice in every language."""
    return page(request, "surge", surge_state.shown(SurgeState.objects.filter(pk=1).first() or SurgeState()))


@require_POST
@desk
def decide(request: DeskRequest, name: str) -> HttpResponse:
    """Confirm, dismiss or end; pin an article; undo a rule."""
    if not request.access.leads or name not in ACTIONS:
        raise Http404
    try:
        messages.success(request, ACTIONS[name](request))
    except (TicketError, PermissionDenied) as error:
        messages.error(request, str(error))
    return HttpResponseRedirect(reverse("workspace:surge"))


@require_POST
@lead_desk
def open_incident(request: DeskRequest) -> HttpResponse:
    """Open an incident for the current surge, with its topics, languages and time; a second press leads to the same
    one."""
    try:
        incident = _incident_of_surge(request)
    except (TicketError, PermissionDenied) as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("workspace:surge"))
    return HttpResponseRedirect(reverse("workspace:incident", args=[incident.slug]))


@transaction.atomic
def _incident_of_surge(request: DeskRequest) -> Incident:
    """Open the incident of a surge once, however many leads ask at the same moment: the surge is identified by its
    beginning. Raises TransitionNotAllowed, PermissionDenied, InvalidInput."""
    known = surge_state.as_incident(SurgeState.objects.select_for_update().filter(pk=1).first() or SurgeState())
    if not known:
        message = gettext("The desk is calm again. Open an incident by hand where one is needed.")
        raise TransitionNotAllowed(message)
    found = Incident.objects.running().filter(started_at=known["started_at"]).order_by("pk").first()
    return found or _opened(request, known)


def _opened(request: DeskRequest, known: dict[str, Any]) -> Incident:
    values = {name: value for name, value in known.items() if name not in ("title", "keywords")}
    incident = incidents.open_incident(known["title"], by=request.access.user, **values)
    messages.success(request, gettext("The incident is open. Tickets that may belong to it are listed below."))
    return incident


# What a button of the page does; returns what is said of it.


def _confirm(request: DeskRequest) -> str:
    surging.confirm_surge(by=request.access.user)
    return gettext("A surge is declared.")


def _dismiss(request: DeskRequest) -> str:
    surging.dismiss_watch(by=request.access.user)
    return gettext("The watch is dismissed. The same streams stay quiet for a while.")


def _end(request: DeskRequest) -> str:
    surging.end_surge(by=request.access.user)
    return gettext("Ended. Readers are no longer told of it.")


def _pin(request: DeskRequest) -> str:
    topic = request.POST.get("topic", "").replace("\0", "")[:40]
    chosen = request.POST.get("other", "").strip() or request.POST.get("article", "")
    words = re.split("[,，、،]", request.POST.get("words", "")[:1000])
    made = pinning.pin_article(chosen, by=request.access.user, topic=topic, words=words)
    return gettext("“%(article)s” is pinned until the surge ends.") % {"article": made.article}


def _take_down(request: DeskRequest) -> str:
    topic = request.POST.get("topic", "").replace("\0", "")[:40]
    if not pinning.take_down(topic, by=request.access.user):
        return gettext("Nothing was pinned there any more.")
    return gettext("Taken down. Readers see it no longer.")


def _set_aside(request: DeskRequest) -> str:
    rule = _rule(request)
    surge_rules.set_aside(rule, by=request.access.user)
    return gettext("The rule is undone until the desk is calm again. What it has raised goes back.")


def _use_again(request: DeskRequest) -> str:
    surge_rules.use_again(_rule(request), by=request.access.user)
    return gettext("The rule holds again for requests that come in from now on.")


def _rule(request: DeskRequest) -> SurgeRule:
    return get_object_or_404(SurgeRule.objects.active(), pk=number_of(request.POST.get("rule", "")) or 0)


ACTIONS: dict[str, Callable[[DeskRequest], str]] = {
    "confirm": _confirm,
    "dismiss": _dismiss,
    "end": _end,
    "pin": _pin,
    "take-down": _take_down,
    "set-aside": _set_aside,
    "use-again": _use_again,
}
