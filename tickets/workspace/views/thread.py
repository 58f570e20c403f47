"""A ticket: its conversation, what stands beside it, what is new on it, its files, its print."""

from datetime import datetime

from django.http import Http404, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from supportdesk.ui import languages
from tickets import sealing
from tickets.actions import alerting, drafting
from tickets.desk_ui import downloads
from tickets.models import Agent, Attachment, Looking, Ticket
from tickets.workspace import acting, lines, panels
from tickets.workspace import thread as conversation
from tickets.workspace.composer import Composer, composer_for
from tickets.workspace.display import customer_name, due_chip, moment_and_zone, staff_name
from tickets.workspace.doors import DeskRequest, bare_ticket_for, desk, ticket_for
from tickets.workspace.listing import Wanted
from tickets.workspace.views.conversation import drawn_composer, drawn_lines, drawn_onlookers
from tickets.workspace.views.pages import around, filled, page, part

POLL_AFTER = 5  # seconds, while somebody is there


@require_safe
@desk
def show(request: DeskRequest, number: str) -> HttpResponse:
    """The conversation, with the box to write in."""
    ticket = ticket_for(request, number)
    agent = drafting.agent_of(request.access.user)
    chosen = {name: request.GET.get(name, "") for name in ("macro", "article", "draft")}
    box = composer_for(ticket, agent, chosen)
    return ticket_page(request, ticket, box, agent)


def ticket_page(request: DeskRequest, ticket: Ticket, box: Composer, agent: Agent, status: int = 200) -> HttpResponse:
    """The page of a ticket, with these boxes to write in."""
    wanted, now = Wanted.of(request.GET), timezone.now()
    chip = due_chip(ticket, now)
    shape = {
        "agent.has_shortcuts": agent.has_shortcuts,
        "status.tone": ticket.display.tone,
        "status.label": ticket.get_status_display(),
        "chip.tone": chip.tone if chip else "",
        "may_take": acting.fits("take", ticket, request.access) and ticket.assignee_id is None,
        "may_solve": acting.fits("solve", ticket, request.access),
    }
    words = {
        "ticket.public_id": ticket.public_id,
        "ticket.reference": ticket.reference,
        "ticket.version": str(ticket.version),
        "ticket.tag": languages.tag(ticket.language),
        "ticket.subject": ticket.subject,
        "chip.words": chip.words if chip else "",
        "assignee": staff_name(ticket.assignee) if ticket.assignee_id else "",
        "sleeps": _sleeps(ticket, now),
    }
    words |= around(request, wanted).words(current=ticket.pk) | _conversation(request, ticket, box, agent, wanted)
    return filled(request, "thread", shape, words, wanted=wanted, agent=agent, status=status)


def _sleeps(ticket: Ticket, now: datetime) -> str:
    if ticket.snoozed_until is None or not ticket.sleeps(now):
        return ""
    return gettext("Sleeps until %(time)s") % {"time": moment_and_zone(ticket.snoozed_until)}


def _conversation(request: DeskRequest, ticket: Ticket, box: Composer, agent: Agent, wanted: Wanted) -> dict[str, str]:
    """What is drawn of a ticket apart: the line of time, who else is there, the boxes, the menu of acts."""
    there, acts = drafting.onlookers(ticket, but=request.access.user), acting.offered(ticket, request.access)
    written = conversation.lines(ticket, person=request.access.user, now=timezone.now(), seen=box.seen)
    return {
        "acts": lines.act_lines(acts, ticket.public_id, wanted.query, get_token(request)),
        "lines": drawn_lines(request, ticket, written),
        "onlookers": drawn_onlookers(there),
        "composer": drawn_composer(request, ticket, agent, box),
        "with": _mark(there),
        "poll_after": str(_poll_after()),
    }


def _mark(there: list[Looking]) -> str:
    """Who else is there, as short as an address can say it."""
    return ",".join(f"{one.person_id}{'w' if one.is_writing else ''}" for one in there)


@require_safe
@desk
def side(request: DeskRequest, number: str) -> HttpResponse:
    """The customer, the details, what may help: a pane, or without a script a page."""
    ticket = ticket_for(request, number)
    context = panels.side(ticket, access=request.access, now=timezone.now()) | {"ticket": ticket}
    context["wanted"] = Wanted.of(request.GET)
    return part(request, "side", context) if request.headers.get("HX-Request") else page(request, "side", context)


@require_safe
@desk
def updates(request: DeskRequest, number: str) -> HttpResponse:
    """What came after the version that the window has (`?since=`), and who else is there; 204 when nothing changed."""
    rows = Ticket.objects.visible_to(request.access).select_related("requester")
    ticket = get_object_or_404(rows, public_id=number)
    there = drafting.onlookers(ticket, but=request.access.user)
    mark = _mark(there)
    since = request.GET.get("since", "")
    known = int(since) if since.isascii() and since.isdigit() and len(since) < 10 else ticket.version
    after = _poll_after()
    if known >= ticket.version and mark == request.GET.get("with", ""):
        return HttpResponse(status=204, headers={"X-Poll-After": str(after)})
    now = timezone.now()
    new = conversation.lines(ticket, person=request.access.user, now=now, since=known) if known < ticket.version else []
    again = [line for line in new if line.message and not line.is_new]
    context = {"ticket": ticket, "onlookers": there, "with": mark, "poll_after": after, "is_more": bool(new)}
    context["again"] = drawn_lines(request, ticket, again, is_again=True)
    context["new"] = drawn_lines(request, ticket, [line for line in new if line not in again])
    response = part(request, "updates", context)
    response.headers["X-Poll-After"] = str(after)
    return response


def _poll_after() -> int:
    """In a surge an agent's window asks less often too, though four times as often as a reader's page."""
    return max(POLL_AFTER, alerting.poll_after() // 4)


@require_POST
@desk
def look(request: DeskRequest, number: str) -> HttpResponse:
    """Somebody has the ticket open, and may be writing on it."""
    ticket = bare_ticket_for(request, number)
    drafting.look(ticket, by=request.access.user, is_writing=request.POST.get("writing") == "1")
    drafting.see_mentions(ticket, by=request.access.user)
    return HttpResponse(status=204)


@require_safe
@desk
def download(request: DeskRequest, number: str) -> HttpResponse:
    """A file of a ticket; with `?preview=1` a picture is shown in its place."""
    file = get_object_or_404(Attachment.objects.visible_to(request.access), public_id=number)
    try:
        return downloads.answer(file, is_preview=request.GET.get("preview") == "1")
    except (FileNotFoundError, sealing.Broken) as gone:
        raise Http404 from gone


@require_safe
@desk
def printed(request: DeskRequest, number: str) -> HttpResponse:
    """The conversation on paper, with notes and without the desk around it."""
    ticket = ticket_for(request, number)
    written = conversation.lines(ticket, person=request.access.user, now=timezone.now())
    context = {"ticket": ticket, "lines": written, "customer": customer_name(ticket.requester)}
    return page(request, "print", context)
