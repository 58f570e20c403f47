"""What went wrong for many at once, which tickets are about it, and the one answer that each of them gets once."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tickets.enums import (
    AnswerState,
    IncidentKind,
    IncidentState,
    Membership,
    Omission,
    RecipientState,
    SendState,
    Status,
)
from tickets.models.message import Message
from tickets.models.ticket import Ticket
from tickets.models.topic import Topic

OF_PERSON: dict[str, Any] = {"on_delete": models.SET_NULL, "null": True, "blank": True, "related_name": "+"}


class IncidentQuerySet(models.QuerySet["Incident"]):
    def running(self) -> "IncidentQuerySet":
        return self.exclude(state=IncidentState.CLOSED)

    def of(self, ticket: Ticket) -> "IncidentQuerySet":
        """Those that a ticket is part of."""
        inside = IncidentTicket.objects.linked().filter(incident=OuterRef("pk"), ticket=ticket)
        return self.filter(Exists(inside))


class Incident(models.Model):
    """`reference` is what customers write about it, in the words of one of them, and the first thing that candidates
    are compared with. `keywords` are words of it by language. `version` is that of the answer: an update begins a new
    one, and every ticket gets each version once. `described_at` is when what decides who joins was changed last; None
    where it stands as the incident was opened. `report` is kept when it closes. Times are UTC."""

    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=120)
    description = models.TextField(_("description for colleagues"), blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=IncidentKind, default=IncidentKind.DEGRADED)
    topics = models.ManyToManyField(Topic, blank=True, related_name="+", verbose_name=_("topics"))
    state = models.CharField(_("state"), max_length=10, choices=IncidentState, default=IncidentState.OPEN)
    started_at = models.DateTimeField(_("began at (UTC)"))
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("opened by"), **OF_PERSON)
    lead = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("led by"), **OF_PERSON)
    reference = models.TextField(_("in a customer's words"), blank=True)
    reference_language = models.CharField(max_length=12, blank=True)
    keywords = models.JSONField(_("words by language"), default=dict, blank=True)
    version = models.PositiveSmallIntegerField(_("version of the answer"), default=1)
    joins_late = models.BooleanField(_("late joiners get the answer"), default=True)
    searched_until = models.DateTimeField(null=True, editable=False)
    described_at = models.DateTimeField(null=True, editable=False)
    announcement = models.ForeignKey(
        "helpcenter.Announcement", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    report = models.JSONField(default=dict, blank=True)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        ordering = ["-opened_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_running(self) -> bool:
        return self.state != IncidentState.CLOSED

    @property
    def number(self) -> str:
        return f"INC-{self.pk}"


class IncidentTicketQuerySet(models.QuerySet["IncidentTicket"]):
    def linked(self) -> "IncidentTicketQuerySet":
        return self.filter(state=Membership.LINKED)

    def candidates(self) -> "IncidentTicketQuerySet":
        return self.filter(state=Membership.CANDIDATE)

    def best_first(self) -> "IncidentTicketQuerySet":
        return self.order_by("-score", "pk")


class IncidentTicket(models.Model):
    """`score` (0 to 1) says how sure the comparison is, `evidence` why: codes with the words that were found.
    `language` is what a person chose for the answer where the ticket itself leaves doubt. `by` is None where a ticket
    joined without a person."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="members")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="incidents")
    state = models.CharField(_("state"), max_length=10, choices=Membership, default=Membership.CANDIDATE)
    score = models.FloatField(_("likeness"), default=0.0)
    evidence = models.JSONField(default=list, blank=True)
    language = models.CharField(_("language of the answer"), max_length=12, blank=True)
    is_late = models.BooleanField(_("joined after the answer"), default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("by"), **OF_PERSON)
    at = models.DateTimeField(_("at"), default=timezone.now)

    objects = IncidentTicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("ticket of an incident")
        verbose_name_plural = _("tickets of incidents")
        constraints = [models.UniqueConstraint(fields=["incident", "ticket"], name="one_place_in_an_incident")]
        indexes = [models.Index(fields=["incident", "state", "-score", "id"], name="tickets_of_an_incident")]

    def __str__(self) -> str:
        return f"{self.incident_id}: {self.ticket_id}"


class IncidentAnswer(models.Model):
    """The answer in one language; a text of a customer goes out as it stands here. `title` is the heading of the public
    page. Where `is_fallback`, the customers of this language get the English text under a note in their own."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="answers")
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    language = models.CharField(_("language"), max_length=12)
    title = models.CharField(_("heading of the public page"), max_length=200, blank=True)
    body = models.TextField(_("text"), blank=True)
    is_fallback = models.BooleanField(_("English with a note"), default=False)
    is_machine = models.BooleanField(_("translated by a machine"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=AnswerState, default=AnswerState.DRAFT)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("written by"), **OF_PERSON)
    written_at = models.DateTimeField(_("written"), default=timezone.now)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("approved by"), **OF_PERSON)
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)

    class Meta:
        verbose_name = _("answer of an incident")
        verbose_name_plural = _("answers of incidents")
        constraints = [
            models.UniqueConstraint(fields=["incident", "version", "language"], name="one_answer_of_a_language")
        ]

    def __str__(self) -> str:
        return f"{self.incident_id}: {self.language} {self.version}"

    @property
    def is_approved(self) -> bool:
        return self.state == AnswerState.APPROVED

    @property
    def as_read(self) -> str:
        """What somebody reads before they approve it: the heading, then the text; it says also whether English stands
        in, or a machine has translated."""
        marks = [name for name in ("is_fallback", "is_machine") if getattr(self, name)]
        return "\n".join([" ".join([*marks, self.title]).strip(), self.body])


class BulkSend(models.Model):
    """One sending of one version of the answer. `counts` is what the dry run found; `sample` holds the tickets of which
    each has to be opened before it goes. Nothing leaves before `starts_at`."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="sends")
    version = models.PositiveSmallIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=8, choices=SendState, default=SendState.PLANNED)
    then_status = models.CharField(_("status afterwards"), max_length=8, choices=Status, default=Status.PENDING)
    counts = models.JSONField(_("dry run"), default=dict)
    sample = models.JSONField(default=list)
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("planned by"), **OF_PERSON)
    planned_at = models.DateTimeField(_("planned"), default=timezone.now)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("sent by"), **OF_PERSON)
    starts_at = models.DateTimeField(_("starts at (UTC)"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("taken back by"), **OF_PERSON)
    undone_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    class Meta:
        verbose_name = _("sending of an incident's answer")
        verbose_name_plural = _("sendings of incidents' answers")
        constraints = [
            models.UniqueConstraint(
                fields=["incident"], condition=Q(state__in=["planned", "sending"]), name="one_sending_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.incident_id}: {self.version} ({self.state})"

    def may_be_undone(self, at: datetime) -> bool:
        return self.state == SendState.SENDING and self.starts_at is not None and at < self.starts_at


class BulkApproval(models.Model):
    """Somebody who has read the dry run lets it go."""

    send = models.ForeignKey(BulkSend, on_delete=models.CASCADE, related_name="approvals")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("approval of a sending")
        verbose_name_plural = _("approvals of sendings")
        constraints = [models.UniqueConstraint(fields=["send", "person"], name="one_approval_of_a_person")]

    def __str__(self) -> str:
        return f"{self.send_id}: {self.person_id}"


class JoiningApproval(models.Model):
    """Somebody has looked at an incident that was described anew, and lets new requests join it."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="joining_approvals")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("approval of late joiners")
        verbose_name_plural = _("approvals of late joiners")

    def __str__(self) -> str:
        return f"{self.incident_id}: {self.person_id}"


class BulkSample(models.Model):
    """Who opened which message of the sample."""

    send = models.ForeignKey(BulkSend, on_delete=models.CASCADE, related_name="opened")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, **OF_PERSON)
    opened_at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("opened message of a sample")
        verbose_name_plural = _("opened messages of samples")
        constraints = [models.UniqueConstraint(fields=["send", "ticket"], name="one_opening_of_a_sample")]

    def __str__(self) -> str:
        return f"{self.send_id}: {self.ticket_id}"


class BulkRecipientQuerySet(models.QuerySet["BulkRecipient"]):
    def due(self, at: datetime) -> "BulkRecipientQuerySet":
        return self.filter(state=RecipientState.QUEUED, due_at__lte=at)

    def unsent(self) -> "BulkRecipientQuerySet":
        return self.exclude(state=RecipientState.SENT)

    def taken(self) -> "BulkRecipientQuerySet":
        """Sent, or on the way."""
        return self.filter(state__in=(RecipientState.SENT, RecipientState.QUEUED))

    def of_present(self, incident: Incident) -> "BulkRecipientQuerySet":
        """Of the version that the answer of an incident has now."""
        return self.filter(incident=incident, version=incident.version)


class BulkRecipient(models.Model):
    """The ledger: one line for each ticket and version of the answer, whatever happens. `language` is the text that it
    gets, `for_language` the customer's own where that is a fallback. `ticket_version` is the one that the dry run
    saw."""

    send = models.ForeignKey(BulkSend, on_delete=models.CASCADE, related_name="recipients")
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="recipients")
    version = models.PositiveSmallIntegerField(_("version"))
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="bulk_answers")
    language = models.CharField(_("language"), max_length=12)
    for_language = models.CharField(_("in place of"), max_length=12, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=RecipientState, default=RecipientState.PLANNED)
    reason = models.CharField(_("why not"), max_length=16, choices=Omission, blank=True)
    stays_open = models.BooleanField(_("stays with its agent"), default=False)
    is_late = models.BooleanField(_("joined after the answer"), default=False)
    ticket_version = models.PositiveIntegerField(default=0)
    message = models.OneToOneField(Message, on_delete=models.SET_NULL, null=True, related_name="bulk_recipient")
    due_at = models.DateTimeField(pgettext_lazy("recipient", "due"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.CharField(_("last error"), max_length=300, blank=True)

    objects = BulkRecipientQuerySet.as_manager()

    class Meta:
        verbose_name = _("recipient of an incident's answer")
        verbose_name_plural = _("recipients of incidents' answers")
        constraints = [
            models.UniqueConstraint(fields=["incident", "version", "ticket"], name="one_answer_of_a_version"),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state="queued"), name="bulk_answers_due"),
            models.Index(fields=["incident", "version", "state", "id"], name="bulk_answers_of_an_incident"),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id}: {self.ticket_id} {self.version}"
