"""The ticket: who asks what, where it stands, who has it, when it is due."""

from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from supportdesk.ui.languages import column, content_languages
from supportdesk.ui.made import made
from supportdesk.ui.prepared import Prepared, PreparedRows
from tickets.access import Access, Rank
from tickets.enums import FAR, LIVE, REOPEN_FOR, STATUS_DISPLAY, UNSOLVED, Channel, Priority, Status, StatusDisplay
from tickets.identifiers import new_public_id, reference
from tickets.models.department import Department
from tickets.models.topic import Topic

# A database takes the partial index of the queue only for these words, in this order.
UNSOLVED_VALUES = [status.value for status in UNSOLVED]


class _Word(models.Expression):
    """One of our own words in the SQL itself: SQLite compares the condition of a partial index with what it reads,
    never with a parameter."""

    def __init__(self, word: str) -> None:
        super().__init__(output_field=models.CharField())
        self.word = word

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        return f"'{self.word}'", []


_UNSOLVED_WORDS = [_Word(value) for value in UNSOLVED_VALUES]


class Tag(models.Model):
    name = models.CharField(_("name"), max_length=40, unique=True)

    class Meta:
        verbose_name = _("tag of tickets")
        verbose_name_plural = _("tags of tickets")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class TicketQuerySet(models.QuerySet["Ticket"]):
    def visible_to(self, access: Access) -> "TicketQuerySet":
        """The only door. At the desk: all for a lead; for an agent the front line's, their departments', what they
        were given, asked or mentioned on. Elsewhere: one's own, and what a link and a code have opened, as long as
        its customer's account is open."""
        if not access.is_desk:
            seen = Q(requester=access.user) if access.user is not None else Q(pk__in=[])
            if access.ticket_ids:
                seen |= Q(pk__in=access.ticket_ids, requester__is_active=True)
            return self.filter(seen).exclude(status=Status.SPAM)
        if access.leads:
            return self
        return self.filter(self._reach(access.user)) if access.works else self.none()

    def _reach(self, person: Any) -> Q:
        from tickets.models.mention import Mention
        from tickets.models.side_conversation import SideConversation

        own = Department.objects.filter(agents__person=person)
        asked = SideConversation.objects.filter(ticket=OuterRef("pk"), department__in=own)
        mentioned = Mention.objects.filter(ticket=OuterRef("pk"), person=person)
        return (
            Q(department__isnull=True) | Q(department__in=own) | Q(assignee=person) | Exists(asked) | Exists(mentioned)
        )

    def with_names(self, *rows: str) -> "TicketQuerySet":
        """With the rows that a ticket names, or those of them that are listed: topic, department, who asked, who has
        it. Of those what the desk needs: a topic and a department have a hundred columns of words in every language,
        and each column of a row costs time. Anything else is read where somebody asks for it."""
        rows = rows or ("topic", "department", "requester", "assignee")
        return self.select_related(*rows).only(*_read(rows, get_language()))

    def unsolved(self) -> "TicketQuerySet":
        return self.filter(status__in=_UNSOLVED_WORDS)

    def live(self) -> "TicketQuerySet":
        return self.filter(status__in=[status.value for status in LIVE])

    def due_first(self) -> "TicketQuerySet":
        return self.order_by("next_due_at", "pk")

    def overdue(self, at: datetime | None = None) -> "TicketQuerySet":
        return self.unsolved().filter(next_due_at__lt=at or timezone.now())

    def of_submission(self, token: str) -> "TicketQuerySet":
        """The tickets that one try to send something has made. A database takes their index only where the condition
        of it is read in the statement itself."""
        return self.filter(submission_token=token).exclude(submission_token=_Word(""))

    def of(self, person: Any) -> "TicketQuerySet":
        """What somebody asked."""
        return self.filter(requester=person)


_OF_TOPIC = ("key", "name_en", "icon", "priority", "department", "skill", "solves_itself")
_OF_DEPARTMENT = ("key", "name_en", "is_discreet", "public_name_en", "target_minutes")
_OF_PERSON = ("name", "email", "language", "time_zone", "tier", "is_active", "date_joined")


def _beside(reader: str | None) -> dict[str, tuple[str, ...]]:
    """The columns of the rows that a ticket names: those above, and words in the reader's language."""
    code = reader if reader is not None and reader in content_languages() else "en"
    return {
        "topic": (*_OF_TOPIC, column("name", code)),
        "department": (*_OF_DEPARTMENT, column("name", code), column("public_name", code)),
        "requester": _OF_PERSON,
        "assignee": _OF_PERSON,
    }


@cache
def _read(rows: tuple[str, ...], reader: str | None) -> list[str]:
    """The columns of `with_names`: all of the ticket, and of the rows beside it what `_beside` says."""
    beside = _beside(reader)
    own = [field.name for field in Ticket._meta.concrete_fields if field.name not in rows]
    return [*own, *(f"{row}__{name}" for row in rows for name in beside[row])]


class Ticket(models.Model):
    """`version` counts changes: who acts names the one that they saw. `details` are the answers to the topic's fields
    by key. `next_due_at` is a copy of the earliest running clock, FAR without one. Times are UTC."""

    public_id = models.CharField(_("number"), max_length=16, unique=True, default=new_public_id, editable=False)
    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="tickets", verbose_name=_("asked by")
    )
    subject = models.CharField(_("subject"), max_length=200)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="tickets", verbose_name=_("topic"))
    language = models.CharField(_("language"), max_length=12)
    region = models.CharField(_("region"), max_length=12, blank=True)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, default=Channel.WEB)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.NEW)
    former_status = models.CharField(_("status before"), max_length=8, blank=True)
    priority = models.CharField(_("priority"), max_length=8, choices=Priority, default=Priority.NORMAL)
    tier = models.SlugField(_("tier"), max_length=20, blank=True)  # of the requester when the ticket was opened
    details = models.JSONField(_("details"), default=dict, blank=True)
    tags = models.ManyToManyField(Tag, blank=True, related_name="tickets", verbose_name=_("tags"))

    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="assigned_tickets",
        verbose_name=_("assigned to"),
    )
    assigned_at = models.DateTimeField(_("assigned at"), null=True, blank=True)
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tickets",
        verbose_name=_("department"),
    )
    department_since = models.DateTimeField(_("there since"), null=True, blank=True)

    created_at = models.DateTimeField(_("created"), default=timezone.now)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)  # before a guest proved the address
    updated_at = models.DateTimeField(_("changed"), default=timezone.now)
    status_since = models.DateTimeField(_("status since"), default=timezone.now)
    first_reply_at = models.DateTimeField(_("first reply"), null=True, blank=True)
    last_reply_at = models.DateTimeField(_("last message"), null=True, blank=True)
    unanswered_since = models.DateTimeField(_("unanswered since"), null=True, blank=True)
    next_due_at = models.DateTimeField(_("due"), default=FAR)
    revisit_at = models.DateTimeField(_("look again at"), null=True, blank=True)
    snoozed_until = models.DateTimeField(_("snoozed until"), null=True, blank=True)
    hold_reason = models.CharField(_("why it is on hold"), max_length=200, blank=True)
    solved_at = models.DateTimeField(_("solved"), null=True, blank=True)
    message_count = models.PositiveIntegerField(_("messages"), default=0)
    reopen_count = models.PositiveSmallIntegerField(_("reopened"), default=0)
    version = models.PositiveIntegerField(_("version"), default=1)

    follows = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="followers", verbose_name=_("follows")
    )
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("merged into")
    )
    split_from = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="parts", verbose_name=_("split from")
    )
    submission_token = models.CharField(max_length=80, blank=True, editable=False)

    objects = TicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        ordering = ["-created_at", "-pk"]
        permissions = [("work_ticket", "Can work on tickets"), ("lead_ticket", "Can lead the desk")]
        constraints = [
            models.UniqueConstraint(
                fields=["requester", "submission_token"],
                condition=~Q(submission_token=""),
                name="one_ticket_of_a_submission",
            ),
            models.CheckConstraint(condition=~Q(merged_into=models.F("pk")), name="never_merged_into_itself"),
        ]
        indexes = [
            models.Index(
                fields=["next_due_at", "id", "language", "priority"],
                condition=Q(status__in=UNSOLVED_VALUES),
                name="tickets_of_the_queue",
            ),
            models.Index(
                fields=["assignee", "next_due_at", "id"],
                condition=Q(status__in=UNSOLVED_VALUES),
                name="tickets_of_an_agent",
            ),
            models.Index(
                fields=["department", "next_due_at", "id"],
                condition=Q(status__in=UNSOLVED_VALUES),
                name="tickets_of_a_department",
            ),
            models.Index(
                fields=["topic", "next_due_at", "id"],
                condition=Q(status__in=UNSOLVED_VALUES),
                name="tickets_of_a_topic",
            ),
            models.Index(
                fields=["status", "next_due_at", "id"],
                condition=Q(status__in=UNSOLVED_VALUES),
                name="tickets_of_a_status",
            ),
            models.Index(fields=["requester", "-created_at", "-id"], name="tickets_of_a_person"),
            models.Index(fields=["status", "-status_since", "-id"], name="tickets_by_status"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.subject}"

    def sleeps(self, at: datetime) -> bool:
        """Whether no list of the desk shows it at a moment. Nothing writes down that a ticket woke."""
        return self.snoozed_until is not None and self.snoozed_until > at

    @property
    def reference(self) -> str:
        return reference(self.public_id)

    @property
    def display(self) -> StatusDisplay:
        return STATUS_DISPLAY[Status(self.status)]

    @property
    def is_live(self) -> bool:
        return self.status in LIVE

    @property
    def is_unsolved(self) -> bool:
        return self.status in UNSOLVED

    def may_reopen(self, at: datetime) -> bool:
        """Whether the customer may still open it again."""
        return self.status == Status.SOLVED and self.solved_at is not None and at < self.solved_at + REOPEN_FOR


@Prepared
def _named(reader: str | None, rank: Rank, *, number: str, person: int) -> Any:
    beside = [f"{row}__{name}" for row, names in _beside(reader).items() for name in names]
    own = [field.attname for field in Ticket._meta.concrete_fields]
    return Ticket.objects.visible_to(replace(rank, user=person)).filter(public_id=number).values(*own, *beside)


def named_ticket(number: str, access: Access) -> Ticket | None:
    """The ticket of a number with all the rows that it names, as `with_names` reads them, for somebody at the desk who
    may see it. The page of a ticket asks for nothing more often, and the SQL of it is long."""
    found = _named(get_language(), access.of_rank(0), number=number, person=access.user.pk)
    row = next(iter(found), None)
    if row is None:
        return None
    ticket = made(Ticket, row)
    for name in _beside(None):
        setattr(ticket, name, _row_beside(ticket, name, row))
    return ticket


@PreparedRows
def _bare(rank: Rank, *, number: str, person: int) -> Any:
    rows = Ticket.objects.visible_to(replace(rank, user=person)).filter(public_id=number)
    return rows.only("public_id", "version", "next_due_at", "status_since")


def bare_ticket(number: str, access: Access) -> Ticket | None:
    """The same with no more than its number and its place in a list."""
    return next(iter(_bare(access.of_rank(0), number=number, person=access.user.pk)), None)


def _row_beside(ticket: Ticket, name: str, row: dict[str, Any]) -> Any:
    field: Any = Ticket._meta.get_field(name)
    model, number = field.related_model, row[field.attname]
    if number is None:
        return None
    values = {key.removeprefix(f"{name}__"): value for key, value in row.items() if key.startswith(f"{name}__")}
    foreign = {one.attname: values[one.name] for one in model._meta.concrete_fields if one.name in values}
    return made(model, {**foreign, "id": number})


class TicketLink(models.Model):
    """Two tickets that have to do with one another; `first` is the older row."""

    first = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="links", verbose_name=_("ticket"))
    second = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="linked", verbose_name=_("ticket"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("link of tickets")
        verbose_name_plural = _("links of tickets")
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="one_link_of_two_tickets")]

    def __str__(self) -> str:
        return f"{self.first_id} - {self.second_id}"
