"""What every page of the desk shows around its own: the places of the header, the bell, the rail and the list."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone

from supportdesk.accounts import notices
from supportdesk.ui import drawn, main_menu
from tickets.models import Agent
from tickets.workspace import attendance, lines, listing, queries
from tickets.workspace.doors import DeskRequest

Shape = Mapping[str, Hashable]
Words = Mapping[str, str]


def page(request: DeskRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A whole page, with its header. Raises ValueError where the context has a name that the frame has already: one
    would be shown in the place of the other."""
    shape, words = _frame(request, context.get("agent"), context.get("wanted"))
    frame = drawn.nested({**shape, **words})
    if twice := frame.keys() & context.keys():
        raise ValueError(f"Names of the frame are not for a page: {', '.join(sorted(twice))}")
    return render(request, f"tickets/workspace/{template}.html", {**frame, **context}, status=status)


def filled(
    request: DeskRequest,
    template: str,
    shape: Shape,
    words: Words,
    *,
    wanted: listing.Wanted,
    agent: Agent | None = None,
    status: int = 200,
) -> HttpResponse:
    """As `page`, for one that is drawn once for each shape and filled with its words (`drawn.fill`)."""
    frame_shape, frame_words = _frame(request, agent, wanted)
    shape, words = {**frame_shape, **shape}, {**frame_words, **words}
    return HttpResponse(drawn.fill(f"tickets/workspace/{template}.html", shape, words), status=status)


def part(request: DeskRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A piece that a script puts into a page."""
    return render(request, f"tickets/workspace/parts/{template}.html", context, status=status)


def _frame(
    request: DeskRequest, agent: Agent | None, wanted: listing.Wanted | None
) -> tuple[dict[str, Hashable], dict[str, str]]:
    """What decides how the frame of a page is drawn, and what it says of this one."""
    person, presence, token = request.access.user, attendance.shown(request, agent), get_token(request)
    shape: dict[str, Hashable] = {
        "main_menu": tuple(main_menu.shown(request)),
        "reader.leads": request.access.leads,
        "presence.value": presence.value,
        "presence.label": presence.label,
        "presence.tone": presence.tone,
    }
    words = {
        "csrf_token": token,
        "reader.name": str(person),
        "sought": wanted.filters.get("q", "") if wanted else "",
        "bell": notices.drawn_bell(person, token),
        "presence.reason": presence.reason,
        "presence.back": presence.back,
        "said": _said(request),
    }
    return shape, words


def _said(request: DeskRequest) -> str:
    """What came of what was done before."""
    messages = get_messages(request)
    return render_to_string("tickets/workspace/parts/said.html", {"messages": messages}, request) if messages else ""


@dataclass(frozen=True)
class Around:
    """The rail and the list of a queue."""

    wanted: listing.Wanted
    groups: list[listing.Group]
    rows: list[listing.Row]
    following: str

    @property
    def current(self) -> listing.Place | None:
        """The list of the rail that is shown."""
        return next((place for group in self.groups for place in group.places if place.is_current), None)

    @property
    def title(self) -> str:
        """What the list is called; a kept view has a name of its own."""
        place = self.current
        return place.label if place and place.pk else self.wanted.title

    @property
    def narrowing(self) -> list[listing.Narrowing]:
        """The filters that the title does not tell of."""
        place = self.current
        return [] if place and not place.pk else self.wanted.narrowing

    def words(self, *, current: Any = None, choosable: bool = False) -> dict[str, str]:
        """What a page says of them; `current` is the number of the ticket that is open, `choosable` are those that
        something can be done to together."""
        place = self.current
        return {
            "wanted.title": self.title,
            "wanted.query": self.wanted.query,
            "count": place.count if place else "",
            "rail": lines.rail_lines(self.groups),
            "rows": lines.ticket_rows(self.rows, self.wanted.query, current, choosable=choosable),
        }


def around(request: DeskRequest, wanted: listing.Wanted) -> Around:
    now = timezone.now()
    found, following = queries.page_of(wanted.asked(request.access), request.access, now, wanted.after)
    return Around(wanted, listing.rail(request.access, wanted), listing.rows(found, now), following)
