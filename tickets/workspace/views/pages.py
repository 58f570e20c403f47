"""What every page of the desk shows around its own: the places of the header, the bell, the rail and the list."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from supportdesk.accounts import notices
from supportdesk.ui import main_menu
from tickets.workspace import attendance, listing, queries
from tickets.workspace.doors import DeskRequest


def page(request: DeskRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A whole page, with its header."""
    frame = {"main_menu": main_menu.shown(request), "bell": notices.bell_of(request.access.user)}
    frame["presence"] = attendance.shown(request, context.get("agent"))
    return render(request, f"tickets/workspace/{template}.html", {**frame, **context}, status=status)


def part(request: DeskRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A piece that a script puts into a page."""
    return render(request, f"tickets/workspace/parts/{template}.html", context, status=status)


def around(request: DeskRequest, wanted: listing.Wanted) -> dict[str, Any]:
    """The rail and the list of a queue."""
    now = timezone.now()
    asked = wanted.asked(request.access)
    found, following = queries.page_of(asked, request.access, now, wanted.after)
    groups = listing.rail(request.access, wanted)
    return {
        "wanted": wanted,
        "groups": groups,
        "count": next((place.count for group in groups for place in group.places if place.is_current), ""),
        "rows": listing.rows(found, now),
        "following": following,
    }
