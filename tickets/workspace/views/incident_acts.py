"""What is done on the page of an incident: one table of acts, each a button or a form of that page."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from tickets.actions import bulk_planning, bulk_sending, incident_texts, joining
from tickets.actions import incidents as acts
from tickets.enums import SendState, Status
from tickets.errors import TicketError
from tickets.models import BulkRecipient, BulkSend, Incident, Ticket
from tickets.workspace.doors import DeskRequest, lead_desk
from tickets.workspace.forms import number_of
from tickets.workspace.views.incidents import back_to, incident_for
from tickets.workspace.views.pages import page

MOST_AT_ONCE = 500


@require_POST
@lead_desk
def act(request: DeskRequest, slug: str, name: str) -> HttpResponse:
    """Do something; what was refused is said on the page of the incident."""
    if name not in ACTS:
        raise Http404
    incident = incident_for(slug)
    try:
        messages.success(request, ACTS[name](incident, request))
    except (TicketError, PermissionDenied) as error:
        messages.error(request, str(error))
    return _back(request, incident)


def _back(request: DeskRequest, incident: Incident) -> HttpResponseRedirect:
    """To the list of the page that was open."""
    shown = request.POST.get("show", "")
    known = f"?show={shown}" if shown in ("look", "certain", "in", "out") else ""
    return HttpResponseRedirect(f"{reverse('workspace:incident', args=[incident.slug])}{known}")


@require_POST
@lead_desk
def sample(request: DeskRequest, slug: str, number: str) -> HttpResponse:
    """One message of the sample, as its customer would get it. Opening it is recorded: sending needs it."""
    incident = incident_for(slug)
    ticket = get_object_or_404(Ticket.objects.visible_to(request.access), public_id=number)
    try:
        send = _planned(incident)
        text = bulk_sending.open_sample(send, ticket, by=request.access.user)
    except (TicketError, PermissionDenied) as error:
        messages.error(request, str(error))
        return back_to(incident)
    except (BulkRecipient.DoesNotExist, BulkSend.DoesNotExist) as error:
        raise Http404 from error
    row = send.recipients.get(ticket=ticket)
    return page(request, "incident_sample", {"incident": incident, "ticket": ticket, "text": text, "row": row})


def _planned(incident: Incident) -> BulkSend:
    return BulkSend.objects.get(incident=incident, state=SendState.PLANNED)


def _send_of(incident: Incident, request: DeskRequest) -> BulkSend:
    """The sending that the page showed."""
    number = number_of(request.POST.get("send", "")) or 0
    return get_object_or_404(BulkSend, incident=incident, pk=number)


def _chosen(request: DeskRequest) -> list[Ticket]:
    numbers = request.POST.getlist("ticket")[:MOST_AT_ONCE]
    return acts.visible_tickets([number.replace("\0", "")[:16] for number in numbers], by=request.access.user)


def _link(incident: Incident, request: DeskRequest) -> str:
    count = acts.link_tickets(incident, _chosen(request), by=request.access.user)
    return ngettext("%(count)d ticket is in the incident.", "%(count)d tickets are in the incident.", count) % {
        "count": count
    }


def _take_out(incident: Incident, request: DeskRequest) -> str:
    count = acts.take_out(incident, _chosen(request), by=request.access.user)
    return ngettext("%(count)d ticket was taken out.", "%(count)d tickets were taken out.", count) % {"count": count}


def _search(incident: Incident, request: DeskRequest) -> str:
    count = acts.find_candidates(incident)
    return ngettext("%(count)d more was found.", "%(count)d more were found.", count) % {"count": count}


def _pick(incident: Incident, request: DeskRequest) -> str:
    for ticket in _chosen(request)[:1]:
        acts.pick_language(incident, ticket, request.POST.get("language", ""), by=request.access.user)
    return gettext("The language of the answer is chosen.")


def _approve_text(incident: Incident, request: DeskRequest) -> str:
    language = request.POST.get("language", "").replace("\0", "")
    answer = get_object_or_404(incident.answers, version=incident.version, language=language)
    incident_texts.approve_answer(answer, by=request.access.user, seen=request.POST.get("seen", ""))
    return gettext("The text is approved.")


def _fall_back(incident: Incident, request: DeskRequest) -> str:
    incident_texts.fall_back(incident, request.POST.get("language", ""), by=request.access.user)
    return gettext("They get English with a note in their language once somebody else has approved that.")


def _update(incident: Incident, request: DeskRequest) -> str:
    incident_texts.begin_update(incident, by=request.access.user)
    return gettext("A new version has begun. Change its texts, and let somebody else approve them.")


def _publish(incident: Incident, request: DeskRequest) -> str:
    incident_texts.publish_page(incident, by=request.access.user, is_band=bool(request.POST.get("band")))
    return gettext("The public page shows the approved texts.")


def _dry_run(incident: Incident, request: DeskRequest) -> str:
    wanted = request.POST.get("then", Status.PENDING)
    then = Status(wanted) if wanted in Status.values else Status.PENDING
    bulk_planning.dry_run(incident, by=request.access.user, then=then)
    return gettext("Nothing was sent. Look at the figures, and open the sample.")


def _approve(incident: Incident, request: DeskRequest) -> str:
    bulk_sending.approve_send(_send_of(incident, request), by=request.access.user)
    return gettext("You have approved this sending.")


def _send(incident: Incident, request: DeskRequest) -> str:
    bulk_sending.send_bulk(_send_of(incident, request), by=request.access.user)
    return gettext("The answer goes out in a minute. Until then it can be taken back.")


def _undo(incident: Incident, request: DeskRequest) -> str:
    bulk_sending.undo_bulk(_send_of(incident, request), by=request.access.user)
    return gettext("The answer was taken back. Nobody got it.")


def _join(incident: Incident, request: DeskRequest) -> str:
    if joining.approve_joining(incident, by=request.access.user, seen=request.POST.get("seen", "")):
        return gettext("New requests that surely belong get the answer again.")
    return gettext("More than a hundred people have the answer. Somebody else has to look at the incident as well.")


def _watch(incident: Incident, request: DeskRequest) -> str:
    acts.watch_incident(incident, by=request.access.user)
    return gettext("The incident is mended and being watched.")


def _again(incident: Incident, request: DeskRequest) -> str:
    acts.watch_incident(incident, by=request.access.user, is_mended=False)
    return gettext("The incident is open again.")


def _close(incident: Incident, request: DeskRequest) -> str:
    acts.close_incident(incident, by=request.access.user)
    return gettext("The incident is closed. Its report stands below.")


ACTS: dict[str, Callable[[Incident, Any], str]] = {
    "link": _link,
    "take-out": _take_out,
    "search": _search,
    "pick": _pick,
    "approve-text": _approve_text,
    "fall-back": _fall_back,
    "update": _update,
    "publish": _publish,
    "dry-run": _dry_run,
    "approve": _approve,
    "send": _send,
    "undo": _undo,
    "join": _join,
    "watch": _watch,
    "again": _again,
    "close": _close,
}
