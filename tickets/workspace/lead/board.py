"""The figures of the newest count in words, its tables and its chart."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.utils.translation import gettext, ngettext

from supportdesk.ui.languages import language
from tickets.actions import surveying
from tickets.models import DeskSnapshot
from tickets.overview import OTHER, STEP, Cell, Overview, matrix
from tickets.workspace.display import badge, percent, span, whole

STALE = timedelta(minutes=1)  # the worker counts every twenty seconds


@dataclass(frozen=True)
class Figure:
    """One number of the page with what it means; `tone` is a class of the style sheet, `query` a list of the queue."""

    label: str
    value: str
    note: str = ""
    tone: str = "mute"
    query: str = ""


@dataclass(frozen=True)
class Square:
    """A cell of a table of counts; `query` is a list of the queue, `words` say what its tone means."""

    count: int
    tone: str = ""
    words: str = ""
    query: str = ""


@dataclass(frozen=True)
class Head:
    """A language of the table's head."""

    badge: str
    name: str


@dataclass(frozen=True)
class Line:
    name: str
    squares: list[Square]


@dataclass(frozen=True)
class Arrived:
    """Tickets that came in the five minutes from `at` on, and how many are usual; of the last step some may still
    come."""

    at: datetime
    count: int
    expected: float | None = None


@dataclass(frozen=True)
class Board:
    """`age` is set where the figures are older than they should be."""

    at: datetime
    age: str
    figures: list[Figure]
    heads: list[Head]
    lines: list[Line]
    arrivals: list[Arrived]
    loads: Mapping[int, int]
    opened: int
    times_usual: float | None

    @property
    def knows_usual(self) -> bool:
        return any(one.expected is not None for one in self.arrivals)

    @property
    def most(self) -> int:
        return max((one.count for one in self.arrivals), default=0)


def board(now: datetime, names: Mapping[int, str]) -> Board:
    """The newest count; where there is none yet, one is made. `names` are topics by number."""
    snapshot = DeskSnapshot.newest() or surveying.take_snapshot(now)
    age, found = snapshot.age(now), snapshot.overview
    table = matrix(found.cells)
    return Board(
        at=snapshot.at,
        age=span(age) if age >= STALE else "",
        figures=_figures(found, snapshot.at),
        heads=[_head(code) for code in table.languages],
        lines=[Line(names.get(pk, str(pk)), [_square(cell) for cell in row]) for pk, row in table.rows],
        arrivals=_arrivals(found),
        loads=found.loads,
        opened=found.opened,
        times_usual=found.times_usual,
    )


def _figures(found: Overview, at: datetime) -> list[Figure]:
    return [_waiting(found, at), _soon(found), _overdue(found), _replied(found), _by_article(found)]


def _waiting(found: Overview, at: datetime) -> Figure:
    note = gettext("oldest %(time)s") % {"time": span(at - found.oldest)} if found.oldest else gettext("nobody")
    return Figure(gettext("Waiting for a first reply"), whole(found.waiting), note, query="view=first")


def _soon(found: Overview) -> Figure:
    label = gettext("Will be late within 30 min")
    return Figure(label, whole(found.soon), *_free(found.soon, found.soon_free), query="view=due")


def _overdue(found: Overview) -> Figure:
    return Figure(
        gettext("Overdue"), whole(found.overdue), *_free(found.overdue, found.overdue_free), query="view=due"
    )  # fmt: skip


def _free(count: int, free: int) -> tuple[str, str]:
    """What to say of those that nobody has, and its tone."""
    if not count:
        return gettext("none"), "ok"
    if not free:
        return gettext("all have an agent"), "mute"
    words = ngettext("%(number)s without an agent", "%(number)s without an agent", free)
    return words % {"number": whole(free)}, "bad"


def _replied(found: Overview) -> Figure:
    label = gettext("First reply, median of the last hour")
    if found.replied_median is None or found.kept is None:
        return Figure(label, "–", gettext("nothing was answered"))
    note = gettext("%(share)s of %(number)s in time") % {"share": percent(found.kept), "number": whole(found.replied)}
    tone = "ok" if found.kept >= 0.9 else "warn" if found.kept >= 0.75 else "bad"
    return Figure(label, span(timedelta(minutes=found.replied_median)), note, tone)


def _by_article(found: Overview) -> Figure:
    label = gettext("Answered by an article, last hour")
    if found.by_article is None:
        return Figure(label, "–", gettext("nobody asked"))
    solved, opened = whole(found.solved_by_article), whole(found.opened)
    note = ngettext(
        "%(solved)s by an article, %(opened)s new ticket",
        "%(solved)s by an article, %(opened)s new tickets",
        found.opened,
    )
    return Figure(label, percent(found.by_article), note % {"solved": solved, "opened": opened})


def _head(code: str) -> Head:
    return Head(badge(code), language(code).name) if code != OTHER else Head(gettext("Other"), "")


def _square(cell: Cell) -> Square:
    query = urlencode({"view": "first", "topic": cell.topic, "language": cell.language})
    shown = Square(cell.count, query=query if cell.count and cell.language != OTHER else "")
    if cell.late:
        words = ngettext("%(number)d overdue", "%(number)d overdue", cell.late)
        return Square(shown.count, "bad", words % {"number": cell.late}, shown.query)
    if cell.soon:
        words = ngettext("%(number)d due within 30 min", "%(number)d due within 30 min", cell.soon)
        return Square(shown.count, "warn", words % {"number": cell.soon}, shown.query)
    return shown


def _arrivals(found: Overview) -> list[Arrived]:
    if found.arrivals_from is None:
        return []
    usual = found.expected or [None] * len(found.arrivals)
    pairs = enumerate(zip(found.arrivals, usual, strict=True))
    return [Arrived(found.arrivals_from + STEP * number, count, expected) for number, (count, expected) in pairs]
