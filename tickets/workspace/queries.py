"""Which tickets a list of the desk shows, in what order, from where on, and how many there are.

Lists go by the partial indexes of the ticket: the WHERE repeats their condition word for word, the order is theirs,
and a page begins where the last one ended (`due >= x AND (due > x OR id > y)`), never at an offset.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from supportdesk.ui.languages import column, content_languages
from supportdesk.ui.prepared import PreparedCounts, PreparedTuples
from tickets.access import Access, Rank
from tickets.enums import Status
from tickets.models import Mention, Ticket, TicketTriage
from tickets.models.ticket import TicketQuerySet
from tickets.workspace.display import SOON

PER_PAGE = 30
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)  # nothing is due before
MOST_COUNTED = 1000  # beyond that a number says nothing more


@dataclass(frozen=True)
class View:
    """A list that everybody has: its name, and which of the tickets that somebody sees are in it, given the person and
    the moment until which a ticket is due soon. One that is not in the rail is linked from elsewhere."""

    label: str | Promise
    narrow: Callable[[TicketQuerySet, Any, datetime], TicketQuerySet]
    is_in_rail: bool = True
    is_asleep: bool = False  # shows tickets that sleep, and no others


def _mine(rows: TicketQuerySet, person: Any, soon: datetime) -> TicketQuerySet:
    return rows.filter(assignee=person)


def _due(rows: TicketQuerySet, person: Any, soon: datetime) -> TicketQuerySet:
    return rows.filter(next_due_at__lt=soon)


def _unassigned(rows: TicketQuerySet, person: Any, soon: datetime) -> TicketQuerySet:
    return rows.filter(assignee__isnull=True)


def _in(status: Status) -> Callable[[TicketQuerySet, Any, datetime], TicketQuerySet]:
    return lambda rows, person, soon: rows.filter(status=status.value)


def _mentioned(rows: TicketQuerySet, person: Any, soon: datetime) -> TicketQuerySet:
    """By their numbers, which are few: SQLite would ask of every open ticket whether somebody is mentioned on it."""
    return rows.filter(pk__in=Mention.objects.filter(person=person, seen_at__isnull=True).values("ticket"))


def _first(rows: TicketQuerySet, person: Any, soon: datetime) -> TicketQuerySet:
    return rows.filter(first_reply_at__isnull=True)


def _all(rows: TicketQuerySet, person: Any, soon: datetime) -> TicketQuerySet:
    return rows


VIEWS: dict[str, View] = {
    "mine": View(_("Mine"), _mine),
    "due": View(_("Due in 30 min"), _due),
    "unassigned": View(_("Unassigned"), _unassigned),
    "pending": View(_("Pending"), _in(Status.PENDING)),
    "on_hold": View(_("On hold"), _in(Status.ON_HOLD)),
    "asleep": View(_("Asleep"), _mine, is_asleep=True),
    "mentions": View(_("Mentions"), _mentioned),
    "all": View(_("All open"), _all),
    "first": View(_("Waiting for a first reply"), _first, is_in_rail=False),
}


@dataclass(frozen=True)
class Asked:
    """What a list is asked for; `status` names an ended status where those are wanted, which are ordered by their
    time, newest first. `ids` are what a text search has found. `unclear`: a person has to choose the topic."""

    view: str = "all"
    topic: int | None = None
    language: str = ""
    status: str = ""
    priority: str = ""
    department: int | None = None
    assignee: int | None = None
    tag: str = ""
    unclear: bool = False
    ids: tuple[int, ...] | None = None

    @property
    def is_ended(self) -> bool:
        return self.status in (Status.SOLVED, Status.CLOSED, Status.SPAM, Status.MERGED)

    @property
    def is_by_age(self) -> bool:
        """Whether the newest come first instead of the most urgent."""
        return self.is_ended or self.ids is not None


def rows_of(asked: Asked, access: Access, now: datetime, soon: datetime | None = None) -> TicketQuerySet:
    """The tickets of a list that somebody may see, unordered. One that sleeps is shown in searches and in its own list
    alone. `soon` is `now + SOON`, where that is not reckoned here."""
    rows = Ticket.objects.visible_to(access)
    if asked.ids is not None:
        return _narrowed(rows.filter(pk__in=asked.ids), asked)
    if asked.is_ended:
        return _narrowed(rows.filter(status=asked.status), asked)
    view = VIEWS[asked.view]
    sleeps = Q(snoozed_until__gt=now) if view.is_asleep else Q(snoozed_until__isnull=True) | Q(snoozed_until__lte=now)
    return _narrowed(view.narrow(rows.unsolved().filter(sleeps), access.user, soon or now + SOON), asked)


def _narrowed(rows: TicketQuerySet, asked: Asked) -> TicketQuerySet:
    wanted: dict[str, Any] = {"topic": asked.topic, "department": asked.department, "assignee": asked.assignee}
    wanted |= {"language": asked.language, "priority": asked.priority, "status": asked.status}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    if asked.unclear:
        rows = rows.filter(Exists(TicketTriage.objects.filter(ticket=OuterRef("pk"), needs_person=True)))
    return rows.filter(tags__name=asked.tag) if asked.tag else rows


class Listed(NamedTuple):
    """A ticket as a list shows it: values alone, since rows with all they name take three times as long to make. The
    fields are columns of the database, in this order; `topic` and `department` are their names for the reader."""

    pk: int
    public_id: str
    subject: str
    language: str
    status: str
    priority: str
    next_due_at: datetime
    status_since: datetime
    unanswered_since: datetime | None
    requester__name: str
    requester__email: str
    assignee__name: str | None
    assignee__email: str | None
    topic__key: str
    department__key: str | None
    topic: str | None
    topic_in_english: str | None
    department: str | None
    department_in_english: str | None


def page_of(
    asked: Asked, access: Access, now: datetime, after: str = "", size: int = PER_PAGE
) -> tuple[list[Listed], str]:
    """A page of a list, and the mark after which the next one begins; empty at the end. Text is not loaded."""
    at, number = read_mark(after)
    values = _values(access, now) | ({"at": at, "number": number} if at is not None else {})
    shape = asked
    if asked.ids is not None:  # what a search has found is asked for; else a statement would be kept for each search
        shape, values = replace(asked, ids=()), values | {"ids": _padded(asked.ids)}
    rows = _page(shape, access.of_rank(0), get_language(), size + 1, **values)
    found = [Listed(*row) for row in rows]
    return found[:size], mark_of(found[size - 1], asked) if len(found) > size else ""


def _values(access: Access, now: datetime) -> dict[str, Any]:
    """What the lists of a rank ask for."""
    return {"person": access.user.pk, "now": now, "soon": now + SOON}


def _padded(ids: tuple[int, ...]) -> list[int]:
    """The same numbers, the last as often as makes their count a power of two: that few statements are kept."""
    return [*ids, *ids[-1:] * ((1 << len(ids).bit_length()) - len(ids))]


@PreparedTuples
def _page(
    asked: Asked,
    rank: Rank,
    reader: str | None,
    most: int,
    *,
    person: int,
    now: datetime,
    soon: datetime,
    at: datetime | None = None,
    number: int = 0,
    ids: list[int] | None = None,
) -> QuerySet[Ticket, Any]:
    if ids is not None:
        asked = replace(asked, ids=tuple(ids))
    rows = _from(rows_of(asked, replace(rank, user=person), now, soon), asked, (at, number))
    return rows.values_list(*Listed._fields[:-4], *_names("topic", reader), *_names("department", reader))[:most]


def _names(row: str, reader: str | None) -> list[str]:
    """The columns of a topic's or a department's name in the reader's language and in English."""
    code = reader or settings.LANGUAGE_CODE
    return [column(f"{row}__name", code if code in content_languages() else "en"), f"{row}__name_en"]


def _from(rows: TicketQuerySet, asked: Asked, mark: tuple[datetime | None, int]) -> TicketQuerySet:
    at, number = mark
    if asked.is_by_age:
        ordered = rows.order_by("-status_since", "-pk")
        return ordered.filter(Q(status_since__lt=at) | Q(pk__lt=number), status_since__lte=at) if at else ordered
    ordered = rows.due_first()
    if at is None:  # a bound on the due time makes SQLite take the index that is in its order
        return ordered.filter(next_due_at__gte=_BEGINNING)
    return ordered.filter(Q(next_due_at__gt=at) | Q(pk__gt=number), next_due_at__gte=at)


def mark_of(ticket: Ticket | Listed, asked: Asked) -> str:
    """Where a ticket stands in its list, for an address: microseconds since 1970 and its number."""
    at = ticket.status_since if asked.is_by_age else ticket.next_due_at
    return f"{(at - _BEGINNING) // timedelta(microseconds=1)}-{ticket.pk}"


def read_mark(mark: str) -> tuple[datetime | None, int]:
    """The moment and the number of a mark; None for what is no mark."""
    moment, _, number = mark.partition("-")
    if not (moment.isascii() and moment.isdigit() and number.isascii() and number.isdigit()):
        return None, 0
    try:
        return _BEGINNING + timedelta(microseconds=int(moment[:18])), int(number[:18])
    except OverflowError:
        return None, 0


def neighbours(ticket: Ticket, asked: Asked, access: Access, now: datetime) -> Ticket | None:
    """The ticket to go on with: the one after this in its list, else the first of the others."""
    rows = rows_of(asked, access, now).exclude(pk=ticket.pk).only("public_id", "next_due_at", "status_since")
    after = read_mark(mark_of(ticket, asked))
    return _from(rows, asked, after).first() or _from(rows, asked, (None, 0)).first()


def counts(lists: Iterable[Asked], access: Access, now: datetime) -> list[int]:
    """How many tickets each list has, one more than `MOST_COUNTED` at most, with one question to the database."""
    return _counting(tuple(lists), access.of_rank(0), **_values(access, now))


@PreparedCounts
def _counting(
    lists: tuple[Asked, ...], rank: Rank, *, person: int, now: datetime, soon: datetime
) -> list[QuerySet[Ticket, Any]]:
    own = replace(rank, user=person)
    return [rows_of(asked, own, now, soon).order_by().values("pk")[: MOST_COUNTED + 1] for asked in lists]
