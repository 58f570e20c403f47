"""Who gets which ticket next: what operators set up, what was declined, and why each choice was made."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tickets.enums import DeclineReason, Presence, Status, Trigger
from tickets.models.agent import Agent
from tickets.models.ticket import Ticket, TicketQuerySet

DECISIONS_KEPT = timedelta(days=90)
NOBODY = "nobody"  # the reason of a decision that found nobody
IN_WORK = (Status.NEW.value, Status.OPEN.value)  # pending and on hold wait for somebody else, and weigh nothing
_DAY = 24 * 60


def owes_work() -> Q:
    """Tickets on which the desk has the next word: a message is unanswered, or nothing was said since it was given to
    somebody."""
    is_untouched = Q(last_reply_at__isnull=True) | Q(last_reply_at__lt=F("assigned_at"))
    return Q(status__in=IN_WORK) & (Q(unanswered_since__isnull=False) | is_untouched)


def waiting(at: datetime) -> TicketQuerySet:
    """Tickets that nobody has and that somebody should get now (UTC): not those that sleep."""
    awake = Q(snoozed_until__isnull=True) | Q(snoozed_until__lte=at)
    found: TicketQuerySet = Ticket.objects.unsolved()
    return found.filter(awake, assignee__isnull=True, status__in=IN_WORK)


class RoutingSetup(models.Model):
    """How tickets find their agents: one row. Durations are minutes; what is promised to customers is set with the
    policies, not here."""

    ONLY = 1  # the key of the row

    is_on = models.BooleanField(
        _("give out tickets"),
        default=True,
        help_text=_("Off: agents take their tickets by hand. On: only agents who are available get any."),
    )
    assist_after_urgent = models.PositiveSmallIntegerField(
        _("urgent: minutes until a translation aid may be used"), default=2, validators=[MaxValueValidator(_DAY)]
    )
    assist_after_high = models.PositiveSmallIntegerField(
        _("high: minutes until a translation aid may be used"), default=10, validators=[MaxValueValidator(_DAY)]
    )
    assist_after_normal = models.PositiveSmallIntegerField(
        _("normal: minutes until a translation aid may be used"), default=45, validators=[MaxValueValidator(_DAY)]
    )
    assist_after_low = models.PositiveSmallIntegerField(
        _("low: minutes until a translation aid may be used"), default=120, validators=[MaxValueValidator(_DAY)]
    )
    guard_every = models.PositiveSmallIntegerField(
        _("every how many tickets the longest waiting is served"),
        default=8,
        validators=[MinValueValidator(2), MaxValueValidator(100)],
        help_text=_("Of those that have waited too long, as the next field says. A smaller number helps them sooner."),
    )
    guard_ratio = models.FloatField(
        _("too long is so many times the promise"),
        default=2.0,
        validators=[MinValueValidator(1.0), MaxValueValidator(20.0)],
    )
    missed_percent = models.PositiveSmallIntegerField(
        _("head start after a missed promise, in percent of the promise to reply"),
        default=25,
        validators=[MaxValueValidator(90)],
        help_text=_(
            "A ticket whose customer was told a time that has passed goes so much sooner, within its priority."
        ),
    )
    sticky_minutes = models.PositiveSmallIntegerField(
        _("kept for the agent who knows the ticket, at most"),
        default=30,
        validators=[MaxValueValidator(_DAY)],
        help_text=_("Minutes. Never longer than a quarter of the time in which the next reply is promised."),
    )
    decline_minutes = models.PositiveSmallIntegerField(
        _("not offered again to who declined it, for"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(_DAY)],
        help_text=_("Minutes."),
    )

    class Meta:
        verbose_name = _("setup of routing")
        verbose_name_plural = _("setup of routing")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_setup_of_routing")]

    def __str__(self) -> str:
        return gettext("Setup of routing")

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = self.ONLY
        super().save(*args, **kwargs)

    @classmethod
    def current(cls) -> Self:
        """What is set up; the defaults where the row is gone."""
        return cls.objects.filter(pk=cls.ONLY).prefetch_related("head_starts").first() or cls(pk=cls.ONLY)

    def clean(self) -> None:
        waits = [self.assist_after_urgent, self.assist_after_high, self.assist_after_normal, self.assist_after_low]
        known = [wait for wait in waits if wait is not None]
        if known != sorted(known):
            raise ValidationError(
                gettext(
                    "A higher priority may not wait longer for a translation aid than a lower one. Shorten its time."
                )
            )

    @property
    def assist_after(self) -> dict[str, int]:
        """Minutes by priority."""
        names = ("urgent", "high", "normal", "low")
        return {name: getattr(self, f"assist_after_{name}") for name in names}


class TierHeadStart(models.Model):
    """How much sooner the tickets of a tier count as due, within their priority and never across."""

    setup = models.ForeignKey(
        RoutingSetup, on_delete=models.CASCADE, related_name="head_starts", verbose_name=_("setup of routing")
    )
    tier = models.SlugField(_("tier"), max_length=20)
    percent = models.PositiveSmallIntegerField(
        _("head start in percent of the promise"), default=25, validators=[MaxValueValidator(90)]
    )

    class Meta:
        verbose_name = _("head start of a tier")
        verbose_name_plural = _("head starts of tiers")
        ordering = ["tier"]
        constraints = [models.UniqueConstraint(fields=["setup", "tier"], name="one_head_start_of_a_tier")]

    def __str__(self) -> str:
        return f"{self.tier}: {self.percent} %"


class DeclineQuerySet(models.QuerySet["Decline"]):
    def holding(self, at: datetime) -> "DeclineQuerySet":
        """Declines because of which a ticket is not offered to its decliner at a moment (UTC)."""
        return self.filter(until__gt=at)


class Decline(models.Model):
    """An agent gave a ticket back with a reason; it is not offered to them again before `until`."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="declines", verbose_name=_("ticket"))
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="declines", verbose_name=_("agent"))
    reason = models.CharField(_("reason"), max_length=12, choices=DeclineReason)
    note = models.CharField(_("note"), max_length=200, blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)
    until = models.DateTimeField(_("not offered before"))

    objects = DeclineQuerySet.as_manager()

    class Meta:
        verbose_name = _("declined ticket")
        verbose_name_plural = _("declined tickets")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["until"], name="declines_by_end")]

    def __str__(self) -> str:
        return f"{self.ticket.reference}: {self.agent}"


class RoutingDecision(models.Model):
    """Why an agent got a ticket, or why nobody did: codes and numbers, in words on the screen. `candidates` holds the
    numbers of agents by the code why they did not get it. Of the decisions that found nobody a ticket keeps one row, in
    which the newest is."""

    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="routing_decisions", verbose_name=_("ticket")
    )
    agent = models.ForeignKey(
        Agent,
        on_delete=models.SET_NULL,
        null=True,
        related_name="routing_decisions",
        verbose_name=_("agent"),
    )
    at = models.DateTimeField(_("at"), default=timezone.now)
    reason = models.CharField(_("reason"), max_length=12)
    trigger = models.CharField(_("because of"), max_length=12, choices=Trigger)
    key = models.CharField(_("place in the queue"), max_length=80, blank=True)
    candidates = models.JSONField(_("who was refused why"), default=dict)
    times = models.PositiveIntegerField(_("how often"), default=1)

    class Meta:
        verbose_name = _("routing decision")
        verbose_name_plural = _("routing decisions")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["ticket"], condition=Q(reason=NOBODY), name="one_newest_that_found_nobody")
        ]
        indexes = [models.Index(fields=["at"], name="decisions_by_age")]

    def __str__(self) -> str:
        return f"{self.ticket.reference}: {self.agent or NOBODY}"


class PresenceChange(models.Model):
    """Somebody began or ceased to take work; `by` is somebody else where a lead said so."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="presence_changes", verbose_name=_("agent"))
    presence = models.CharField(_("presence"), max_length=10, choices=Presence)
    reason = models.CharField(_("reason"), max_length=80, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("change of presence")
        verbose_name_plural = _("changes of presence")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["agent", "-at"], name="presences_of_an_agent")]

    def __str__(self) -> str:
        return f"{self.agent}: {self.get_presence_display()}"


class AgentIdleTime(models.Model):
    """Since when an agent has neither got a ticket nor finished one, and how many the dispatcher has given them: of
    several who may get a ticket the one who has been idle longest does, and every so many go to who waited longest."""

    agent = models.OneToOneField(Agent, on_delete=models.CASCADE, related_name="idle_time", verbose_name=_("agent"))
    since = models.DateTimeField(_("since"))
    picks = models.PositiveBigIntegerField(_("tickets given"), default=0)

    class Meta:
        db_table = "tickets_turn"  # as it was called at first
        verbose_name = _("turn of an agent")
        verbose_name_plural = _("turns of agents")

    def __str__(self) -> str:
        return f"{self.agent} {self.since:%Y-%m-%d %H:%M:%S}"


class DispatchLease(models.Model):
    """Who gives out tickets just now: one row, one holder. `wanted` counts the calls; a holder that was called again
    meanwhile goes round once more before it lets go."""

    ONLY = 1

    wanted = models.PositiveBigIntegerField(default=0)
    holder = models.CharField(max_length=32, blank=True)
    held_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("lease of the dispatcher")
        verbose_name_plural = _("leases of the dispatcher")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_lease_of_the_dispatcher")]

    def __str__(self) -> str:
        return self.holder or "-"


def working_agents() -> "models.QuerySet[Agent]":
    """Agents who may work on tickets now: the account is active, and the right is theirs or their group's."""
    right = {"codename": "work_ticket", "content_type__app_label": "tickets"}
    own = Q(**{f"person__user_permissions__{name}": value for name, value in right.items()})
    group = Q(**{f"person__groups__permissions__{name}": value for name, value in right.items()})
    may = own | group | Q(person__is_superuser=True)
    return Agent.objects.filter(may, person__is_active=True, person__is_staff=True).distinct()


def left_behind() -> TicketQuerySet:
    """Tickets with a message that waits for somebody who is not there: they said that they left after they had got it,
    or their account is closed. Who never said that they were there keeps what they took by hand."""
    said_so = PresenceChange.objects.filter(agent__person=OuterRef("assignee"), at__gt=OuterRef("assigned_at"))
    is_away = Q(assignee__agent__presence__in=[Presence.AWAY, Presence.OFFLINE]) & Q(Exists(said_so))
    found: TicketQuerySet = Ticket.objects.unsolved().select_related("assignee__agent")
    return found.filter(
        is_away | Q(assignee__is_active=False), status__in=IN_WORK, unanswered_since__isnull=False
    )  # fmt: skip


def asleep_unseen(at: datetime) -> TicketQuerySet:
    """Tickets that sleep at a moment (UTC) in nobody's list: without an agent, or with one whose account is closed."""
    found: TicketQuerySet = Ticket.objects.unsolved().filter(snoozed_until__gt=at)
    return found.filter(Q(assignee__isnull=True) | Q(assignee__is_active=False))
