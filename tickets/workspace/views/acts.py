"""The acts of a ticket: the page of one, and doing it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from tickets.errors import TicketError
from tickets.models import Ticket
from tickets.workspace import listing
from tickets.workspace.act_forms import ActForm
from tickets.workspace.acting import ACTS, Act
from tickets.workspace.doors import DeskRequest, desk, ticket_for
from tickets.workspace.listing import Wanted
from tickets.workspace.views.pages import page
from tickets.workspace.views.writing import following_of, go_on


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def act(request: DeskRequest, number: str, name: str) -> HttpResponse:
    """Ask what an act needs to know, or do it. What is refused comes back with its reason beside what was filled in."""
    if name not in ACTS:
        raise Http404
    ticket, what = ticket_for(request, number), ACTS[name]
    wanted = Wanted.of(request.GET)
    is_sent = request.method == "POST"
    following = following_of(request, ticket) if request.POST.get("go_on") else None
    form = _form(what, ticket, request)
    said = _done(what, form, ticket, request) if is_sent and form.is_valid() else None
    if said is None:
        status = 422 if is_sent else 200
        return page(
            request, "act", {"form": form, "act": what, "name": name, "ticket": ticket, "wanted": wanted}, status
        )
    listing.forget_rail(request.access)
    if request.POST.get("go_on"):
        return go_on(request, following, said)
    messages.success(request, said)
    left_at = form.cleaned_data["number"] if name == "merge" else ticket
    return HttpResponseRedirect(f"{reverse('workspace:thread', args=[left_at.public_id])}?{wanted.query}")


def _form(what: Act, ticket: Ticket, request: DeskRequest) -> ActForm:
    """What was sent; before that, what the address says already."""
    return what.form(
        request.POST if request.method == "POST" else None,
        ticket=ticket,
        access=request.access,
        initial={name: value for name, value in request.GET.items() if name in what.form.base_fields},
    )


def _done(what: Act, form: ActForm, ticket: Ticket, request: DeskRequest) -> str | None:
    """What was done, in words; None when it was refused, and then the form says why."""
    try:
        return what.run(ticket, form.cleaned_data, request.access.user)
    except (TicketError, PermissionDenied) as error:
        field = getattr(error, "field", "")
        form.add_error(field if field in form.fields else None, str(error))
        return None
