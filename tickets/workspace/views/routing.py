"""For leads: trying another setup of routing on the last tickets (a dry run)."""

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tickets.models import RoutingSetup
from tickets.workspace import routing_dry_run
from tickets.workspace.doors import DeskRequest, desk
from tickets.workspace.views.pages import page


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def dry_run(request: DeskRequest) -> HttpResponse:
    """What would have gone to whom under another setup. Nothing is stored."""
    if not request.access.leads:
        raise Http404
    setup = RoutingSetup.current()
    form = routing_dry_run.SetupForm(request.POST or None, setup)
    result = routing_dry_run.run(form, timezone.now()) if request.method == "POST" and form.is_valid() else None
    context = {"form": form, "result": result, "is_on": RoutingSetup.current().is_on}
    return page(request, "routing", context, 422 if form.errors else 200)
