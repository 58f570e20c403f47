"""Why the clocks of a ticket show what they show."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tickets.actions import rebuilding_clocks
from tickets.workspace import clocks
from tickets.workspace.doors import DeskRequest, desk, ticket_for
from tickets.workspace.views.pages import page


@require_safe
@desk
def explain(request: DeskRequest, number: str) -> HttpResponse:
    """Each clock with its policy, its hours, what counted and when its target changed; where the events do not tell
    it, why not."""
    ticket, now = ticket_for(request, number), timezone.now()
    try:
        return page(request, "clocks", {"ticket": ticket, "told": clocks.explained(ticket, now)})
    except rebuilding_clocks.CannotRebuild as reason:
        return page(request, "clocks", {"ticket": ticket, "untold": str(reason)})
