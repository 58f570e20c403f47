"""The rail and the list of the queue: what is asked for, where else one could look, the rows as they are shown."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs, urlencode

from django.core.cache import cache, caches
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import get_language, gettext

from supportdesk.accounts.models import User
from tickets import search
from tickets.access import Access
from tickets.enums import Priority, Status
from tickets.models import Department, SavedView, SideConversation, Ticket, Topic
from tickets.workspace import queries
from tickets.workspace.display import Chip, badge, due_chip, language_named, masked, staff_name, topic_name, whole
from tickets.workspace.forms import FilterForm
from tickets.workspace.queries import MOST_COUNTED, VIEWS, Asked, Listed

COUNTED_FOR = 15  # seconds
NAMED_FOR = 60
_CODES: dict[str, Any] = {"status": Status, "priority": Priority}
# A list that is narrowed by exactly one of these has its name as title.
_TITLES = ("topic", "department", "unclear", "status")
FILTERS = ("q", "topic", "language", "status", "priority", "department", "assignee", "tag", "unclear")


@dataclass(frozen=True)
class Place:
    """A list of the rail; `count` is words, such as "1,000+"."""

    label: str
    query: str
    count: str = ""
    is_current: bool = False
    pk: int | None = None  # number of a saved view, which can be removed


@dataclass(frozen=True)
class Group:
    label: str
    places: list[Place]


@dataclass(frozen=True)
class Row:
    """A ticket of the list."""

    ticket: Listed
    chip: Chip | None
    badge: str
    topic: str
    customer: str
    assignee: str
    department: str

    @property
    def waits(self) -> bool:
        """Whether the customer had the last word."""
        return self.ticket.unanswered_since is not None


@dataclass(frozen=True)
class Names:
    """Topics and departments by number, in their order."""

    topics: tuple[tuple[int, str], ...]
    departments: tuple[tuple[int, str], ...]


def names() -> Names:
    """Topics and departments as the filters and the rail call them, remembered for a minute."""
    key = f"desk-names:{get_language()}"
    found = caches["pages"].get(key)
    if found is None:
        topics = tuple((row.pk, topic_name(row)) for row in Topic.objects.order_by("order", "pk"))
        found = Names(topics, tuple((row.pk, row.staff_name) for row in Department.objects.all()))
        caches["pages"].set(key, found, NAMED_FOR)
    return found


@dataclass(frozen=True)
class Narrowing:
    """A filter by name, and the list without it as an address says it."""

    label: str
    query: str


@dataclass(frozen=True)
class Wanted:
    """What the address of the queue asks for: a view, filters, where the page begins."""

    view: str
    filters: dict[str, Any]
    after: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> "Wanted":
        chosen = FilterForm(query).chosen() if any(name in query for name in FILTERS) else {}
        view = query.get("view", "")
        return cls(
            view if view in VIEWS else ("all" if chosen else "mine"), chosen, query.get("after", "")[:40]
        )  # fmt: skip

    @property
    def query(self) -> str:
        """The same list from its beginning, as an address says it."""
        return urlencode({"view": self.view, **self.filters})

    def asked(self, access: Access) -> Asked:
        """What the database is asked; a text is searched for here."""
        own = {name: value for name, value in self.filters.items() if name != "q"}
        text = self.filters.get("q")
        ids = tuple(search.find(text, access)) if text else None
        return Asked(view=self.view, **own, ids=ids)

    @property
    def title(self) -> str:
        if text := self.filters.get("q"):
            return gettext("Search: %(text)s") % {"text": text}
        if len(self.filters) == 1 and self.view == "all":
            return self._name_of_filter() or str(VIEWS[self.view].label)
        return str(VIEWS[self.view].label)

    @property
    def narrowing(self) -> list["Narrowing"]:
        """The filters by name, each with the list without it. What is searched for stands in the title."""
        named = ((name, self._named(name, value)) for name, value in self.filters.items() if name != "q")
        return [Narrowing(words, self._without(name)) for name, words in named if words]

    def _without(self, name: str) -> str:
        others = {other: value for other, value in self.filters.items() if other != name}
        return urlencode({"view": self.view, **others})

    def _named(self, name: str, value: Any) -> str:
        known = names()
        if name == "topic":
            return dict(known.topics).get(value, "")
        if name == "department":
            return dict(known.departments).get(value, "")
        if name == "assignee":
            colleague = User.objects.filter(pk=value, agent__isnull=False).first()  # nobody looks customers up here
            return staff_name(colleague) if colleague is not None else str(value)
        if name == "language":
            return language_named(value)
        if name in _CODES:
            return str(_CODES[name](value).label)
        return gettext("Topic not clear") if name == "unclear" else str(value)

    def _name_of_filter(self) -> str:
        name, value = next(iter(self.filters.items()))
        return self._named(name, value) if name in _TITLES else ""


def form_of(query: QueryDict, known: Names) -> FilterForm:
    form = FilterForm(query)
    form.offer(known.topics, known.departments)
    return form


def rows(tickets: Iterable[Listed], now: datetime) -> list[Row]:
    language = get_language()
    return [_row(ticket, now, language) for ticket in tickets]


def _row(ticket: Listed, now: datetime, language: str | None) -> Row:
    return Row(
        ticket,
        due_chip(ticket, now, language),
        badge(ticket.language),
        ticket.topic or ticket.topic_in_english or ticket.topic__key,
        ticket.requester__name or masked(ticket.requester__email),
        ticket.assignee__name or ticket.assignee__email or "",
        ticket.department or ticket.department_in_english or ticket.department__key or "",
    )


def rail(access: Access, wanted: Wanted) -> list[Group]:
    """The lists beside the queue with their counts, which may be `COUNTED_FOR` seconds old."""
    key = f"desk-rail:{access.user.pk}:{get_language()}"
    groups = cache.get(key)
    if groups is None:
        groups = _counted(access)
        cache.set(key, groups, COUNTED_FOR)
    asked = _parts(wanted.query)
    return [Group(group.label, [_marked(place, asked) for place in group.places]) for group in groups]


def forget_rail(access: Access) -> None:
    """Count anew when the rail is shown next."""
    cache.delete(f"desk-rail:{access.user.pk}:{get_language()}")


def _marked(place: Place, asked: list[tuple[str, list[str]]]) -> Place:
    return replace(place, is_current=True) if _parts_of_place(place.query) == asked else place


def _parts(query: str) -> list[tuple[str, list[str]]]:
    return sorted(parse_qs(query).items())


_parts_of_place = lru_cache(1000)(_parts)  # the rail has the same lists on every page


def _counted(access: Access) -> list[Group]:
    """All lists, counted with one question."""
    known = names()
    saved = views_of(access)
    lists = [
        (gettext("My work"), [Place(str(v.label), f"view={name}") for name, v in VIEWS.items() if v.is_in_rail]),
        (gettext("Departments"), [Place(name, f"view=all&department={pk}") for pk, name in known.departments]),
        (gettext("Topics"), [Place(name, f"view=all&topic={pk}") for pk, name in known.topics]),
        (gettext("Saved"), [Place(row.name, row.query, pk=row.pk) for row in saved]),
    ]
    asked = [_without_text(place.query) for _, places in lists for place in places]
    numbers = iter(queries.counts(asked, access, timezone.now()))
    counted = [Group(label, [_with(place, next(numbers)) for place in places]) for label, places in lists]
    return [group for group in counted if group.places]


def views_of(access: Access) -> QuerySet[SavedView]:
    """The kept filters that somebody sees: their own and everybody's."""
    return SavedView.objects.filter(Q(owner=access.user) | Q(owner__isnull=True))


def _without_text(query: str) -> Asked:
    """A list as it is counted: a search for words would have to be made to be counted."""
    wanted = Wanted.of(QueryDict(query))
    return Asked(view=wanted.view, **{name: value for name, value in wanted.filters.items() if name != "q"})


def _with(place: Place, number: int) -> Place:
    words = "" if "q=" in place.query else f"{whole(MOST_COUNTED)}+" if number > MOST_COUNTED else whole(number)
    return Place(place.label, place.query, words, pk=place.pk)


def open_questions(access: Access) -> Any:
    """Questions to departments that concern somebody: all for a lead, else their departments' and their own."""
    rows = SideConversation.objects.open()
    if access.leads:
        return rows
    rows = rows.filter(ticket__in=Ticket.objects.visible_to(access))
    own = Department.objects.filter(agents__person=access.user)
    return rows.filter(Q(department__in=own) | Q(opened_by=access.user))
