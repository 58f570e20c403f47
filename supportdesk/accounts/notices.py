"""Notices to staff: a line and a link for the person whose turn it is. Never the text that it is about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Case, Count, F, Q, Subquery, Value, When, Window
from django.db.models.functions import Coalesce, RowNumber
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from supportdesk.accounts import kinds, quiet
from supportdesk.accounts.models import Notice, NoticeChoice, NoticeQuerySet, User, Way
from supportdesk.outbox import delivery
from supportdesk.ui import drawn
from supportdesk.ui.context import of_site
from supportdesk.ui.prepared import Prepared

NEWEST = 10  # lines in the bell
READ_BEFORE = 200  # notices among which the bell finds what was read already
MAIL = "notice_mail"  # the event that the mailing of notices hears of


def notify(person: User, kind: str, *, subject: str, link: str, event: str) -> Notice:
    """Tell a person something once: a second call for the same event changes nothing. What they want by mail at once
    is mailed by the outbox, after their quiet hours; what they want once a day waits for `digests.send_digests`.

    `kind` is one of `accounts.kinds`, `subject` names the thing, `link` is a path of this site, `event` names what
    happened, such as `content:4711`.
    """
    found: dict[str, Any] = {"kind": kind, "subject": subject[:200], "link": link}
    notice, is_new = Notice.objects.get_or_create(person=person, event=event, defaults=found)
    if is_new and way_of(person, kind) == Way.AT_ONCE:
        at = quiet.not_before(timezone.now(), person.quiet_from, person.quiet_until, person.time_zone)
        delivery.post(MAIL, notice.pk, at=at)
    return notice


def way_of(person: User, kind: str) -> Way:
    """How a person wants to hear of a kind."""
    chosen = NoticeChoice.objects.filter(person=person, kind=kind).values_list("way", flat=True).first()
    return Way(chosen) if chosen else by_default(kind)


def by_default(kind: str) -> Way:
    return Way.AT_ONCE if kinds.of(kind).mails else Way.BELL


def choose_ways(person: User, ways: Mapping[str, str]) -> None:
    """Store how a person wants to hear of each kind; what equals the kind's default is not stored. Raises ValueError
    for an unknown way."""
    wanted = {kind: Way(way) for kind, way in ways.items() if kind in kinds.KINDS}
    with transaction.atomic():
        NoticeChoice.objects.filter(person=person, kind__in=wanted).delete()
        NoticeChoice.objects.bulk_create(
            NoticeChoice(person=person, kind=kind, way=way) for kind, way in wanted.items() if way != by_default(kind)
        )


def mark_read(person: User, *, link: str = "", kind: str = "") -> int:
    """Take a person's notices as read: those that lead to `link`, those of a kind, or all; returns how many were not
    read before."""
    wanted = {name: value for name, value in {"link": link, "kind": kind}.items() if value}
    return Notice.objects.unread().filter(person=person, **wanted).update(read_at=timezone.now())


@dataclass(frozen=True)
class Line:
    """The newest of `count` notices that are told as one: they are of a kind, all read or none, and of one thing,
    unless the kind is one that gathers."""

    notice: Notice
    count: int
    is_alone: bool = False  # on the list of its kind, where it leads to the thing itself

    @property
    def others(self) -> int:
        return self.count - 1

    @property
    def list_of(self) -> str:
        """The kind whose list the line leads to; empty where it leads to the thing itself."""
        is_list = self.count > 1 and not self.is_alone and kinds.of(self.notice.kind).gathers
        return self.notice.kind if is_list else ""


@dataclass(frozen=True)
class Bell:
    """The newest lines of a person, and how many notices in all have not been read."""

    newest: tuple[Line, ...]
    unread: int

    @property
    def version(self) -> str:
        """Differs whenever the bell looks different."""
        return f"{self.newest[0].notice.pk if self.newest else 0}-{self.unread}"


def in_lines(own: NoticeQuerySet, gathering: Sequence[str]) -> NoticeQuerySet:
    """The newest notice of each line, with the number of notices in it as `in_line`; kinds that are `gathering` are
    one line whatever they are about."""
    of_kind = When(kind__in=gathering, then=Value(""))
    line: list[Any] = [F("kind"), Case(of_kind, default=F("link")), Q(read_at__isnull=True)]
    newest_first = [F("created_at").desc(), F("pk").desc()]
    place = Window(RowNumber(), partition_by=line, order_by=newest_first)
    return own.annotate(place=place, in_line=Window(Count("pk"), partition_by=line)).filter(place=1)


@Prepared
def _newest(gathering: tuple[str, ...], *, person: int) -> Any:
    own = Notice.objects.filter(person=person)
    unread = Notice.objects.unread().filter(person=person).order_by().values("person")
    counted = Coalesce(Subquery(unread.annotate(number=Count("pk")).values("number")), 0)
    looked_at = own.filter(Q(read_at__isnull=True) | Q(pk__in=own.values("pk")[:READ_BEFORE]))
    columns = [field.attname for field in Notice._meta.concrete_fields]
    return in_lines(looked_at, gathering).values(*columns, "in_line", unread_in_all=counted)[:NEWEST]


def bell_of(person: User) -> Bell:
    """What the bell shows, with one question to the database."""
    rows = _newest(kinds.gathering(), person=person.pk)
    unread = [row.pop("unread_in_all") for row in rows]
    counts = [row.pop("in_line") for row in rows]
    lines = (Line(Notice(**row), count) for row, count in zip(rows, counts, strict=True))
    return Bell(tuple(lines), unread[0] if unread else 0)


def drawn_bell(person: User, token: str) -> SafeString:
    """The bell of a person's pages, with the token of their forms. Notices say how long ago they came: those are drawn
    each time."""
    bell, settings = bell_of(person), {"sound": person.notice_sound, "window": person.notice_window}
    shape = {f"user.notice_{name}": value for name, value in settings.items()}
    if not bell.newest:
        return drawn.fill("accounts/bell.html", {**shape, "bell": bell}, {"user.pk": str(person.pk)})
    return render_to_string("accounts/bell.html", {**of_site(), "bell": bell, "user": person, "csrf_token": token})
