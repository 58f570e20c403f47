"""Pages of incidents, for leads: the list, one of them in five steps, its texts, who got the answer."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from helpcenter.content import tables
from supportdesk.ui import languages
from supportdesk.ui.pagination import page_number, paginate
from tickets.actions import incident_texts
from tickets.actions import incidents as acts
from tickets.errors import TicketError
from tickets.models import Incident, SurgeState
from tickets.workspace import incidents, surge_state
from tickets.workspace.doors import DeskRequest, lead_desk
from tickets.workspace.incident_forms import AnswerForm, DryRunForm, IncidentForm, values_of
from tickets.workspace.views.pages import page, part


def incident_for(slug: str) -> Incident:
    return get_object_or_404(Incident.objects.select_related("lead", "announcement"), slug=slug)


def back_to(incident: Incident) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("workspace:incident", args=[incident.slug]))


@require_safe
@lead_desk
def index(request: DeskRequest) -> HttpResponse:
    """All incidents, running ones first."""
    return page(request, "incidents", {"incidents": incidents.overview(timezone.now())})


@require_safe
@lead_desk
def show(request: DeskRequest, slug: str) -> HttpResponse:
    """One incident: candidates, answer, dry run, sending, late joiners; after its end the report."""
    incident = incident_for(slug)
    context = incidents.whole(incident, request.GET.get("show", ""), page_number(request))
    return page(request, "incident", {**context, "dry_form": DryRunForm()})


@require_safe
@lead_desk
def sending(request: DeskRequest, slug: str) -> HttpResponse:
    """How far the answer is on its way, for the page that shows it already."""
    incident = incident_for(slug)
    shown = incidents.sending(incident, timezone.now())
    return part(request, "incident_band", {"incident": incident, "sending": shown, "is_update": True})


@require_http_methods(["GET", "HEAD", "POST"])
@lead_desk
def new(request: DeskRequest) -> HttpResponse:
    """Open an incident, or one of the surge that stands (`?from=surge`)."""
    is_of_surge = request.GET.get("from") == "surge"
    known = surge_state.as_incident(SurgeState.objects.filter(pk=1).first() or SurgeState()) if is_of_surge else {}
    began = timezone.localtime(known.get("started_at")).replace(second=0, microsecond=0)
    initial = {**known, "started_at": began}
    form = IncidentForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = {name: value for name, value in form.cleaned_data.items() if name != "joins_late"}
        try:
            return back_to(acts.open_incident(values.pop("title"), by=request.access.user, **values))
        except (TicketError, PermissionDenied) as error:
            refuse(form, error)
    return page(request, "incident_form", {"form": form, "incident": None}, 422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@lead_desk
def edit(request: DeskRequest, slug: str) -> HttpResponse:
    """Describe an incident anew; its tickets are compared again."""
    incident = incident_for(slug)
    form = IncidentForm(request.POST or None, initial=values_of(incident))
    if request.method == "POST" and form.is_valid():
        try:
            return back_to(acts.change_incident(incident, by=request.access.user, **form.cleaned_data))
        except (TicketError, PermissionDenied) as error:
            refuse(form, error)
    return page(request, "incident_form", {"form": form, "incident": incident}, 422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@lead_desk
def answer(request: DeskRequest, slug: str, language: str) -> HttpResponse:
    """The text of one language: read, write."""
    incident = incident_for(slug)
    if not languages.is_known(language):
        raise Http404
    found = incident.answers.filter(version=incident.version, language=language).first()
    initial = {name: getattr(found, name) for name in AnswerForm.base_fields} if found else {}
    form = AnswerForm(request.POST or None, initial=initial)
    form.write_in(language)
    if request.method == "POST" and form.is_valid():
        try:
            incident_texts.write_answer(incident, language, by=request.access.user, **form.cleaned_data)
            messages.success(request, gettext("The text is kept. Somebody else has to approve it."))
            return back_to(incident)
        except (TicketError, PermissionDenied) as error:
            refuse(form, error)
    context = {"form": form, "incident": incident, "answer": found, "code": language, "english": _english(incident)}
    return page(request, "incident_answer", context, 422 if form.errors else 200)


def _english(incident: Incident) -> Any:
    """The English text, to translate from."""
    return incident.answers.filter(version=incident.version, language="en").first()


def refuse(form: Any, error: Exception) -> None:
    field = getattr(error, "field", "")
    form.add_error(field if field in form.fields else None, str(error))


@require_safe
@lead_desk
def got(request: DeskRequest, slug: str) -> HttpResponse:
    """Who got the answer, and who did not after all."""
    incident = incident_for(slug)
    rows = paginate(incidents.got(incident), page_number(request), incidents.GOT_ON_A_PAGE)
    return page(request, "incident_got", {"incident": incident, "page": rows})


@require_safe
@lead_desk
def got_file(request: DeskRequest, slug: str) -> HttpResponse:
    """The same as a file."""
    incident = incident_for(slug)
    form = tables.Format.CSV
    head, *rows = incidents.got_lines(incident)
    response = HttpResponse(tables.write(head, rows, form), content_type=tables.CONTENT_TYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{incident.slug}.csv"'
    return response
