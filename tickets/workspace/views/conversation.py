"""How the conversation of a ticket is drawn, and the boxes below it: with templates that are drawn once for each shape
and filled with words, since a page has them many times."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import formats
from django.utils.safestring import SafeString

from supportdesk.ui import drawn, languages, markup
from tickets.enums import MessageKind
from tickets.models import Agent, Looking, Ticket
from tickets.workspace.composer import NOTHING_BEGUN, Composer
from tickets.workspace.doors import DeskRequest
from tickets.workspace.listing import Wanted
from tickets.workspace.thread import Line, Written

_PARTS = "tickets/workspace/parts"


def drawn_lines(request: DeskRequest, ticket: Ticket, lines: Iterable[Line], *, is_again: bool = False) -> SafeString:
    """Messages and events; `is_again`: they take the places of those that a window has already."""
    return markup.joined(_line(request, ticket, line, is_again) for line in lines)


def _line(request: DeskRequest, ticket: Ticket, line: Line, is_again: bool) -> SafeString:
    when = {"line.moment": line.at.isoformat(), "line.time": _time(line.at, is_today=line.is_today)}
    if line.message is None:
        question = reverse("workspace:question", args=[line.question]) if line.question else ""
        said = {"line.sentence": line.sentence, "line.words": line.words, "line.question": question}
        return drawn.fill(f"{_PARTS}/line.html", {}, when | said)
    shape = {
        "line.is_new": line.is_new,
        "line.is_again": is_again,
        "line.is_note": line.is_note,
        "line.is_customer": line.message.kind == MessageKind.CUSTOMER,
        "line.is_cleaned": bool(line.message.removed),
    }
    return drawn.fill(f"{_PARTS}/line.html", shape, when | _words(request, ticket, line, line.message))


def _words(request: DeskRequest, ticket: Ticket, line: Line, message: Written) -> dict[str, str]:
    """What is said of a message and by it."""
    return {
        "line.number": str(message.pk),
        "line.initials": line.initials,
        "line.author": line.author,
        "line.role": line.role,
        "line.badge": line.badge,
        "line.tag": languages.tag(message.language) if message.language else "",
        "line.body": message.body,
        "line.quoted": message.quoted,
        "line.files": render_to_string(f"{_PARTS}/files.html", {"files": line.files}) if line.files else "",
        "line.held": _held(request, ticket, line) if line.is_held or line.is_stopped else "",
    }


def _time(at: datetime, *, is_today: bool) -> str:
    return formats.time_format(at, "H:i") if is_today else formats.date_format(at, "SHORT_DATETIME_FORMAT")


def _held(request: DeskRequest, ticket: Ticket, line: Line) -> SafeString:
    """What can be done about a reply that has not gone out."""
    context = {"ticket": ticket, "line": line, "wanted": Wanted.of(request.GET)}
    context["may_decide"] = line.is_mine or request.access.leads
    return render_to_string(f"{_PARTS}/held.html", context, request)


def drawn_onlookers(there: list[Looking]) -> SafeString:
    part = f"{_PARTS}/onlookers.html"
    return render_to_string(part, {"onlookers": there}) if there else drawn.fill(part, {}, {})


def drawn_composer(request: DeskRequest, ticket: Ticket, agent: Agent, box: Composer) -> SafeString:
    """The boxes to write in; of a ticket that has ended, what had been begun."""
    reads = languages.language(ticket.language) if languages.is_known(ticket.language) else None
    context: dict[str, Any] = {"ticket": ticket, "agent": agent, "box": box, "reads": reads}
    context["wanted"] = Wanted.of(request.GET)
    if not ticket.is_live:
        return render_to_string(f"{_PARTS}/ended.html", context, request)
    if not box.is_empty:
        return render_to_string(f"{_PARTS}/composer.html", context, request)
    shape = {
        "reads": reads,
        "agent.signature": bool(agent.signature),
        "box.kind": box.kind,
        "box.then": box.then,
        "box.sign": box.sign,
        "box.boxes": NOTHING_BEGUN,
    }
    words = {
        "csrf_token": get_token(request),
        "agent.person_id": str(agent.person_id),
        "ticket.public_id": ticket.public_id,
        "ticket.version": str(ticket.version),
        "box.token": box.token,
        "wanted.query": context["wanted"].query,
    }
    return drawn.fill(f"{_PARTS}/composer.html", shape, words)
