"""Lists of the desk's pages, written without templates: thirty rows were a third of what a page costs when a template
drew them. Every value is escaped where it is put in."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from html import escape
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from supportdesk.ui import languages, markup
from tickets.enums import Priority, Status
from tickets.identifiers import reference
from tickets.workspace.acting import Offered
from tickets.workspace.listing import Group, Narrowing, Place, Row

_TONES = {"urgent": "bad", "high": "warn"}  # colours of the priorities that a list names
_known = lru_cache(2000)(escape)  # words that many rows share: names of topics, of colleagues, of languages
_ANY = "NUMBER"  # placeholder in an address, replaced line by line


def ticket_rows(rows: Iterable[Row], query: str, current: Any = None, *, choosable: bool = False) -> SafeString:
    """The lines of a list that an address asks for with `query`; `current` is the ticket that is open beside it,
    `choosable` puts a box before each."""
    before, after = _around("workspace:thread")
    language, end = get_language() or "", f"{after}?{escape(query)}"
    choose = escape(gettext("Choose %(number)s")) if choosable else ""
    return SafeString(
        "\n".join([_line(row, language, before, end, choose, row.ticket.pk == current) for row in rows])
    )  # fmt: skip


def _line(row: Row, language: str, before: str, end: str, choose: str, is_current: bool) -> str:
    ticket, chip, department = row.ticket, row.chip, row.department
    number = reference(ticket.public_id)
    due = _known(chip.words) if chip else _status(ticket.status, language)
    return f"""<li class="trow{" now" if is_current else ""}">{_box(ticket.public_id, choose, number)}\
<a href="{before}{ticket.public_id}{end}"{' aria-current="true"' if is_current else ""}>
<span class="s{" un" if row.waits else ""}" dir="auto" lang="{_tag(ticket.language)}">{escape(ticket.subject)}</span>
<span class="tag{f" num {chip.tone}" if chip else ""}">{due}</span>
<span class="m"><span class="lg">{_known(row.badge)}</span><bdi class="id">{number}</bdi>\
<span class="of">{_known(row.topic)}</span><bdi>{escape(row.customer)}</bdi>{_priority(ticket.priority, language)}\
{f'<bdi class="of">{_known(department)}</bdi>' if department else ""}\
{f'<bdi class="of has">{_known(row.assignee)}</bdi>' if row.assignee else ""}</span>
</a></li>"""


def _box(number: str, choose: str, shown: str) -> str:
    if not choose:
        return ""
    box = f'<label class="pick"><input type="checkbox" name="ticket" value="{number}" form="desk_bulk">'
    return f'{box}<span class="visually-hidden">{choose % {"number": shown}}</span></label>'


@lru_cache(100)
def _tag(language: str) -> str:
    return escape(languages.tag(language))


# What a language calls things; `language` is the active one and tells the answers apart.
@lru_cache(500)
def _status(value: str, language: str) -> str:
    return escape(str(Status(value).label))


@lru_cache(500)
def _priority(value: str, language: str) -> str:
    tone = _TONES.get(value)
    return f'<span class="tag {tone}">{escape(str(Priority(value).label))}</span>' if tone else ""


def rail_lines(groups: Iterable[Group]) -> SafeString:
    """The lists beside the queue with their counts, under the names of their groups."""
    drawn = (f'<li class="lbl">{escape(group.label)}</li>\n{_places(group.places)}' for group in groups)
    return SafeString("\n".join(drawn))


def _places(places: Iterable[Place]) -> SafeString:
    """A name that is longer than the rail is wide stands in full under the pointer."""
    line = '<li><a href="{}?{}"{} title="{}"><bdi>{}</bdi> <span class="num">{}</span></a></li>'
    return markup.lines(line, ((*place[:3], place[3], *place[3:]) for place in map(_place, places)), "\n")


def narrowing_lines(filters: Iterable[Narrowing]) -> SafeString:
    """The filters of a list; a click on one takes it away."""
    remove = gettext("Remove %(name)s")
    line = '<a class="chip" href="{}?{}" title="{}"><bdi>{}</bdi> <span aria-hidden="true">×</span></a>'
    return markup.lines(line, ((_queue(), one.query, remove % {"name": one.label}, one.label) for one in filters))


def short_lines(places: Iterable[Place]) -> SafeString:
    """The first lists of the rail in one line, for a narrow window."""
    return markup.lines(
        '<a class="chip" href="{}?{}"{}>{} <span class="num">{}</span></a>', (_place(place) for place in places)
    )


_CURRENT = SafeString(' aria-current="page"')


def _place(place: Place) -> tuple[str, ...]:
    current = _CURRENT if place.is_current else markup.NOTHING
    return _queue(), place.query, current, place.label, place.count


def act_lines(acts: Sequence[Offered], ticket: str, query: str, token: str) -> SafeString:
    """The lines of the menu of acts: a link to the page of one that asks for something, a button for another."""
    before, after = _around("workspace:act", ticket)
    end, field = f"{after}?{query}", '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'
    link, form = '<a href="{}">{}</a>', '<form method="post" action="{}">' + field + "<button>{}</button></form>"
    drawn = [
        link.format(escape(f"{before}{act.name}{end}"), escape(act.label))
        if act.asks
        else form.format(escape(f"{before}{act.name}{end}"), escape(token), escape(act.label))
        for act in acts
    ]
    return SafeString("\n".join(drawn))


@lru_cache(1)
def _queue() -> str:
    return reverse("workspace:queue")


def _around(name: str, *numbers: str) -> tuple[str, str]:
    """What stands in an address before and after the last of its parts, the others being these."""
    path = _pattern(name, len(numbers))
    for place, number in enumerate(numbers):
        path = path.replace(f"{_ANY}{place}", number)
    before, _, after = path.partition(f"{_ANY}{len(numbers)}")
    return before, after


@lru_cache(100)
def _pattern(name: str, others: int) -> str:
    return reverse(name, args=[f"{_ANY}{place}" for place in range(others + 1)])
