"""What the desk's pages draw without the loops of a template."""

from collections.abc import Iterable
from functools import lru_cache, partial
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from supportdesk.ui import languages
from tickets.enums import Priority, Status
from tickets.identifiers import reference
from tickets.models import Ticket
from tickets.workspace.acting import Offered
from tickets.workspace.listing import Place, Row, Wanted

register = template.Library()

_NOTHING = escape("")
_TONES = {"urgent": escape("bad"), "high": escape("warn")}  # of the priorities that a list names


# Words that many rows share: names of topics, of colleagues, of languages. To escape one takes as long as to find ten.
_known = lru_cache(2000)(escape)


# Thirty rows were a third of what a page of the queue costs when a template drew them.
@register.simple_tag
def ticket_rows(rows: Iterable[Row], wanted: Wanted, current: Any = None, *, choosable: bool = False) -> SafeString:
    """The lines of a list; `current` is the ticket that is open beside it, `choosable` puts a box before each."""
    before, after = reverse("workspace:thread", args=[_NUMBER]).split(_NUMBER)
    drawn = partial(_drawn, _known(before), escape(f"{after}?{wanted.query}"), gettext("Choose %(number)s"))
    return format_html_join("\n", "{}", ((drawn(row, choosable, row.ticket.pk == current),) for row in rows))


_NUMBER = "NUMBER"  # stands in an address for what each line has of its own
_ROW = """<li class="trow{}">{}<a href="{}{}{}"%s>
<span class="s{}" dir="auto" lang="{}">{}</span>
<span class="tag{}">{}</span>
<span class="m"><span class="lg">{}</span><bdi class="id">{}</bdi><span class="of">{}</span><bdi>{}</bdi>{}{}{}</span>
</a></li>"""
_OTHER, _CURRENT = _ROW % "", _ROW % ' aria-current="true"'


def _drawn(before: str, after: str, choose: str, row: Row, choosable: bool, is_current: bool) -> SafeString:
    ticket, number = row.ticket, reference(row.ticket.public_id)
    return format_html(
        _CURRENT if is_current else _OTHER,
        _known(" now" if is_current else ""),
        _box(ticket.public_id, choose % {"number": number}) if choosable else _NOTHING,
        before,
        ticket.public_id,
        after,
        _known(" un" if row.waits else ""),
        _known(languages.tag(ticket.language)),
        ticket.subject,
        _known(f" num {row.chip.tone}" if row.chip else ""),
        _known(row.chip.words if row.chip else str(Status(ticket.status).label)),
        _known(row.badge),
        number,
        _known(row.topic),
        row.customer,
        _priority(ticket.priority),
        format_html('<bdi class="of">{}</bdi>', _known(row.department)) if row.department else _NOTHING,
        format_html('<bdi class="of has">{}</bdi>', _known(row.assignee)) if row.assignee else _NOTHING,
    )


@register.simple_tag
def place_lines(places: Iterable[Place]) -> SafeString:
    """The lines of the rail: lists of tickets with their counts."""
    queue = reverse("workspace:queue")
    return format_html_join("\n", "{}", ((_place(queue, place),) for place in places))


def _place(queue: str, place: Place) -> SafeString:
    current = ' aria-current="page"' if place.is_current else ""
    line = f'<li><a href="{{}}?{{}}"{current}><bdi>{{}}</bdi> <span class="num">{{}}</span></a></li>'
    return format_html(line, _known(queue), _known(place.query), _known(place.label), _known(place.count))


@register.simple_tag(takes_context=True)
def act_lines(context: template.Context, acts: Iterable[Offered], ticket: Ticket, wanted: Wanted) -> SafeString:
    """The lines of the menu of acts: a link to the page of one that asks for something, a button for another."""
    before, after = reverse("workspace:act", args=[ticket.public_id, _NUMBER]).split(_NUMBER)
    after, token = f"{after}?{wanted.query}", context["csrf_token"]
    return format_html_join("\n", "{}", ((_act(act, f"{before}{act.name}{after}", token),) for act in acts))


def _act(act: Offered, address: str, token: str) -> SafeString:
    if act.asks:
        return format_html('<a href="{}">{}</a>', address, act.label)
    field = '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'
    return format_html(
        '<form method="post" action="{}">' + field + "<button>{}</button></form>", address, token, act.label
    )


def _box(number: str, label: str) -> SafeString:
    box = '<label class="pick"><input type="checkbox" name="ticket" value="{}" form="desk_bulk">'
    return format_html(box + '<span class="visually-hidden">{}</span></label>', number, label)


def _priority(name: str) -> SafeString:
    tone = _TONES.get(name)
    return format_html('<span class="tag {}">{}</span>', tone, str(Priority(name).label)) if tone else _NOTHING
