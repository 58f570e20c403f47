"""The queue: lists with their counts, filters, and what is done to several tickets at once."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from tickets.actions import personal
from tickets.errors import TicketError
from tickets.models import SavedView
from tickets.workspace import bulk, listing, people
from tickets.workspace.doors import DeskRequest, desk
from tickets.workspace.listing import Wanted
from tickets.workspace.views.pages import around, page, part


@require_safe
@desk
def queue(request: DeskRequest) -> HttpResponse:
    """The list of tickets, the most urgent first."""
    wanted = Wanted.of(request.GET)
    known = listing.names()
    shown = request.GET if wanted.filters else QueryDict()  # without filters the form is drawn once, for everybody
    forms = {"names": known, "filters": partial(listing.form_of, shown, known), "bulk": bulk.BulkForm}
    return page(request, "queue", around(request, wanted) | forms)


@require_POST
@desk
def several(request: DeskRequest) -> HttpResponse:
    """Do one thing to every chosen ticket, one by one, and say of each what became of it."""
    form = bulk.BulkForm(request.POST)
    numbers = [number.replace("\0", "") for number in request.POST.getlist("ticket")[: bulk.MOST]]
    back = f"{reverse('workspace:queue')}?{Wanted.of(request.GET).query}"
    if not numbers or not form.is_valid():
        errors = [str(error) for found in form.errors.values() for error in found]
        messages.error(request, " ".join(errors) or gettext("Choose at least one ticket."))
        return HttpResponseRedirect(back)
    results = bulk.do(form.cleaned_data, numbers, request.access)
    listing.forget_rail(request.access)
    return page(request, "bulk", {"results": results, "back": back})


@require_POST
@desk
def keep_view(request: DeskRequest) -> HttpResponse:
    """Keep what is filtered for under a name."""
    wanted = Wanted.of(request.GET)
    try:
        personal.keep_view(
            request.POST.get("name", ""), wanted.query, by=request.access.user, is_shared="shared" in request.POST
        )  # fmt: skip
        messages.success(request, gettext("The view is kept."))
    except (TicketError, PermissionDenied) as error:
        messages.error(request, str(error))
    listing.forget_rail(request.access)
    return HttpResponseRedirect(f"{reverse('workspace:queue')}?{wanted.query}")


@require_POST
@desk
def drop_view(request: DeskRequest, pk: int) -> HttpResponse:
    """Let a kept view go."""
    access = request.access
    rows = SavedView.objects.all() if access.leads else listing.views_of(access)
    view = get_object_or_404(rows, pk=pk)
    try:
        personal.drop_view(view, by=access.user)
        messages.success(request, gettext("The view “%(name)s” is gone.") % {"name": view.name})
    except PermissionDenied as error:
        messages.error(request, str(error))
    listing.forget_rail(access)
    return HttpResponseRedirect(reverse("workspace:queue"))


@require_safe
@desk
def colleagues(request: DeskRequest) -> HttpResponse:
    """Colleagues whose name begins so, for a field that is being filled in."""
    return part(request, "people", {"people": people.suggested(request.GET.get("q", "").replace("\0", "")[:60])})
