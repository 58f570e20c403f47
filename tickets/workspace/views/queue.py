"""The queue: lists with their counts, filters, and what is done to several tickets at once."""

from functools import lru_cache

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST, require_safe

from tickets.actions import personal
from tickets.errors import TicketError
from tickets.models import SavedView
from tickets.workspace import bulk, lines, listing, people
from tickets.workspace.doors import DeskRequest, desk
from tickets.workspace.listing import Wanted
from tickets.workspace.views.pages import around, filled, page, part


@require_safe
@desk
def queue(request: DeskRequest) -> HttpResponse:
    """The list of tickets, the most urgent first."""
    wanted = Wanted.of(request.GET)
    shown = around(request, wanted)
    place = shown.current
    words = {
        "wanted.view": wanted.view,
        "wanted.after": wanted.after,
        "following": shown.following,
        "short": lines.short_lines(shown.groups[0].places),
        "filters": _filters(request.GET, wanted),
        "bulk": _bulk(get_language()),
        "narrowing": lines.narrowing_lines(shown.narrowing),
        "kept": reverse("workspace:drop-view", args=[place.pk]) if place and place.pk else "",
    }
    words |= shown.words(choosable=True)
    return filled(request, "queue", {"filtered": bool(wanted.filters)}, words, wanted=wanted)


def _filters(query: QueryDict, wanted: Wanted) -> str:
    """The fields of the filters. Without filters they are drawn once, for everybody."""
    known = listing.names()
    return _fields("filters", listing.form_of(query, known)) if wanted.filters else _open(known, get_language())


@lru_cache(50)
def _open(known: listing.Names, language: str | None) -> str:
    """`language` is the active one, and tells the answers apart."""
    return _fields("filters", listing.form_of(QueryDict(), known))


@lru_cache(50)
def _bulk(language: str | None) -> str:
    return _fields("bulk", bulk.BulkForm())


def _fields(template: str, form: Form) -> str:
    return render_to_string(f"tickets/workspace/parts/{template}.html", {"form": form})


@require_POST
@desk
def several(request: DeskRequest) -> HttpResponse:
    """Do one thing to every chosen ticket, one by one, and say of each what became of it. What is asked for wrongly is
    asked for again, with the same tickets."""
    form = bulk.BulkForm(request.POST)
    numbers = [number.replace("\0", "") for number in request.POST.getlist("ticket")[: bulk.MOST]]
    wanted = Wanted.of(request.GET)
    back = f"{reverse('workspace:queue')}?{wanted.query}"
    if not numbers:
        messages.error(request, gettext("Choose at least one ticket."))
        return HttpResponseRedirect(back)
    if not form.is_valid():
        errors = [str(error) for found in form.errors.values() for error in found]
        chosen = bulk.chosen(numbers, request.access)
        again = {"errors": errors, "chosen": chosen, "fields": _fields("bulk", form), "back": back, "wanted": wanted}
        return page(request, "bulk_again", again, status=422)
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
