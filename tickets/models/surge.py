"""How many requests come in, what the desk makes of it when they are many, and what the market says."""

import base64
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tickets import sealing
from tickets.enums import Priority, SignalKind, SurgeReason, SurgeStatus
from tickets.models.ticket import Ticket
from tickets.models.topic import Topic

PURPOSE = "signal"


class ArrivalCount(models.Model):
    """Requests that came in from `minute` on (UTC), for one minute or, after two days, for sixty. `watched` of them
    have been through the detector: what is counted late goes there late, and nothing is lost."""

    minute = models.DateTimeField(_("from"))
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=1)
    topic = models.CharField(_("topic"), max_length=40)
    language = models.CharField(_("language"), max_length=12)
    count = models.PositiveIntegerField(_("requests"), default=0)
    watched = models.PositiveIntegerField(_("watched"), default=0)

    class Meta:
        verbose_name = _("count of requests")
        verbose_name_plural = _("counts of requests")
        ordering = ["minute"]
        constraints = [
            models.UniqueConstraint(fields=["minute", "minutes", "topic", "language"], name="one_count_of_a_minute")
        ]

    def __str__(self) -> str:
        return f"{self.minute:%Y-%m-%d %H:%M} {self.topic} {self.language}: {self.count}"


class CountedArrival(models.Model):
    """An event that has been counted; counting it again changes nothing."""

    event_id = models.BigIntegerField(unique=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("counted request")
        verbose_name_plural = _("counted requests")

    def __str__(self) -> str:
        return str(self.event_id)


class StreamHour(models.Model):
    """What an hour (UTC) adds to the history of a stream: the number of requests, or the number that was expected while
    the stream alarmed."""

    hour = models.DateTimeField(_("hour"))
    stream = models.CharField(_("stream"), max_length=60)
    count = models.FloatField(_("requests"))

    class Meta:
        verbose_name = _("hour of a stream")
        verbose_name_plural = _("hours of streams")
        constraints = [models.UniqueConstraint(fields=["hour", "stream"], name="one_hour_of_a_stream")]

    def __str__(self) -> str:
        return f"{self.hour:%Y-%m-%d %H} {self.stream}: {self.count:g}"


def _at_least(least: float, most: float) -> list[Any]:
    return [MinValueValidator(least), MaxValueValidator(most)]


class SurgeSetup(models.Model):
    """What operators may tune about surges: a single row. Without it the defaults apply."""

    threshold = models.FloatField(
        _("score of an alarm"),
        default=20.0,
        validators=_at_least(6, 60),
        help_text=_("Lower finds smaller waves and cries wolf more often. docs/surge.md shows both for 20."),
    )
    ratio = models.FloatField(
        _("how many times as many requests the score looks for"), default=3.0, validators=_at_least(1.5, 10)
    )
    latch = models.PositiveSmallIntegerField(
        _("an alarm lasts at least (minutes)"), default=60, validators=_at_least(5, 720)
    )
    calm = models.PositiveSmallIntegerField(
        _("an alarm ends after so many calm minutes"), default=30, validators=_at_least(5, 240)
    )
    is_automatic = models.BooleanField(
        _("a surge is declared without a lead"),
        default=True,
        help_text=_("Only while the score stays above twice the alarm; otherwise a lead confirms every surge."),
    )
    auto_after = models.PositiveSmallIntegerField(
        _("declared after (minutes)"), default=10, validators=_at_least(3, 120)
    )
    recovery = models.PositiveSmallIntegerField(
        _("recovery takes (minutes)"), default=60, validators=_at_least(10, 1440)
    )
    mute = models.PositiveSmallIntegerField(
        _("a dismissed watch stays away for (minutes)"), default=60, validators=_at_least(10, 1440)
    )
    shows_band = models.BooleanField(_("a surge puts a notice on every page of the help centre"), default=True)
    acknowledges = models.BooleanField(_("a surge acknowledges new requests with its prepared text"), default=True)
    poll_after = models.PositiveSmallIntegerField(
        _("pages ask for news every (seconds) during a surge"), default=60, validators=_at_least(20, 600)
    )

    class Meta:
        verbose_name = _("set-up of surges")
        verbose_name_plural = _("set-up of surges")

    def __str__(self) -> str:
        return str(_("set-up of surges"))

    def clean(self) -> None:
        if SurgeSetup.objects.exclude(pk=self.pk).exists():
            raise ValidationError(_("There is a set-up of surges already. Change that one."))
        if self.calm is not None and self.latch is not None and self.calm > self.latch:
            raise ValidationError({"calm": _("An alarm cannot need more calm minutes than it lasts at least.")})


class SurgeState(models.Model):
    """Where the desk stands: one row. `watched_until` is the last minute that the detector has taken, `memory` what it
    keeps; `band` is the notice that readers see now. Times are UTC."""

    state = models.CharField(_("state"), max_length=10, choices=SurgeStatus, default=SurgeStatus.NORMAL)
    since = models.DateTimeField(_("since"), default=timezone.now)
    streams = models.JSONField(_("streams"), default=list)
    muted = models.JSONField(default=list)
    muted_until = models.DateTimeField(null=True)
    level = models.PositiveSmallIntegerField(_("level of the market"), default=0)
    watched_until = models.DateTimeField(_("watched until"), null=True)
    memory = models.JSONField(default=dict)
    band = models.ForeignKey("helpcenter.Announcement", on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("state of surges")
        verbose_name_plural = _("state of surges")

    def __str__(self) -> str:
        return str(self.get_state_display())


class SurgeTransition(models.Model):
    """The desk went from one state to another. Append-only; nobody in `by`: it went by itself."""

    at = models.DateTimeField(_("at"), default=timezone.now)
    came_from = models.CharField(_("from"), max_length=10, choices=SurgeStatus)
    to = models.CharField(pgettext_lazy("state", "to"), max_length=10, choices=SurgeStatus)
    why = models.CharField(_("why"), max_length=10, choices=SurgeReason)
    streams = models.JSONField(_("streams"), default=list)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("change of the state of surges")
        verbose_name_plural = _("changes of the state of surges")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_came_from_display()} -> {self.get_to_display()} {self.at:%Y-%m-%d %H:%M}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise PermissionError("Changes of state are append-only.")
        super().save(*args, **kwargs)


class SurgeText(models.Model):
    """What readers are told in a surge: the general text, or that of a topic. `title`, `body` and `acknowledgement`
    are translated columns; Markdown in `body`, plain text in the acknowledgement of a new request."""

    key = models.SlugField(_("key"), max_length=40, unique=True)
    topic = models.OneToOneField(
        Topic,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("topic"),
        help_text=_("For surges of this topic; empty: for all others."),
    )
    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(_("text of the notice"), blank=True)
    acknowledgement = models.TextField(_("acknowledgement of a new request"), blank=True)

    class Meta:
        verbose_name = _("text for surges")
        verbose_name_plural = _("texts for surges")
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key


class SurgeRuleQuerySet(models.QuerySet["SurgeRule"]):
    def active(self) -> "SurgeRuleQuerySet":
        return self.filter(is_active=True).select_related("topic")


class SurgeRule(models.Model):
    """New requests get at least `priority` while many come in: those of a topic while it or all requests alarm, or all
    of them while all requests do. `set_aside_at` (UTC): a lead has undone it until the desk is calm again."""

    name = models.CharField(
        _("name"), max_length=80, unique=True, help_text=_("Agents read it in the history of a ticket.")
    )
    topic = models.ForeignKey(
        Topic,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("topic"),
        help_text=_("Empty: requests of all topics, while all requests together are more than usual."),
    )
    holds_from = models.CharField(
        _("holds from"),
        max_length=10,
        choices=[(SurgeStatus.WATCH.value, _("a watch on")), (SurgeStatus.SURGE.value, _("a declared surge on"))],
        default=SurgeStatus.SURGE.value,
    )
    priority = models.CharField(_("new requests are at least"), max_length=8, choices=Priority, default=Priority.HIGH)
    is_active = models.BooleanField(_("in use"), default=True)
    set_aside_at = models.DateTimeField(null=True, editable=False)

    objects = SurgeRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of priority in a surge")
        verbose_name_plural = _("rules of priority in a surge")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.priority == Priority.LOW:
            raise ValidationError({"priority": _("Nothing is below low: choose a priority that raises a request.")})
        topic = self.topic
        if topic is not None and Priority(topic.priority).rank >= Priority(self.priority).rank:
            message = _("Requests of this topic begin at “%(priority)s” already. Choose a higher one.")
            raise ValidationError({"priority": message % {"priority": Priority(topic.priority).label}})


class SurgeRaiseQuerySet(models.QuerySet["SurgeRaise"]):
    def standing(self) -> "SurgeRaiseQuerySet":
        """Those that have not been taken back or left as they are."""
        return self.filter(over_at__isnull=True)


class SurgeRaise(models.Model):
    """A rule gave a ticket a higher priority, which made its `version`. `over_at` (UTC) is when that was taken back; or
    left as it is, where a person has had a hand in it."""

    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, related_name="surge_raise")
    rule = models.ForeignKey(SurgeRule, on_delete=models.SET_NULL, null=True, related_name="raises")
    came_from = models.CharField(max_length=8, choices=Priority)
    to = models.CharField(max_length=8, choices=Priority)
    version = models.PositiveIntegerField()
    at = models.DateTimeField(_("at"))
    over_at = models.DateTimeField(null=True)
    is_taken_back = models.BooleanField(default=False)

    objects = SurgeRaiseQuerySet.as_manager()

    class Meta:
        verbose_name = _("priority raised in a surge")
        verbose_name_plural = _("priorities raised in a surge")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["over_at", "rule"], name="raises_that_stand")]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.came_from} -> {self.to}"


class SignalSource(models.Model):
    """Whose signals of the market are believed. Its secret lies sealed and is shown once."""

    name = models.SlugField(_("name"), max_length=40, unique=True)
    is_active = models.BooleanField(_("active"), default=True)
    sealed_secret = models.TextField(editable=False)
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("source of market signals")
        verbose_name_plural = _("sources of market signals")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def secret(self) -> str:
        """Raises sealing.Broken where the site's key has changed."""
        return sealing.unseal(base64.b64decode(self.sealed_secret), PURPOSE, purpose="webhook").decode()

    @secret.setter
    def secret(self, value: str) -> None:
        self.sealed_secret = base64.b64encode(sealing.seal(value.encode(), PURPOSE, purpose="webhook")).decode()


class MarketSignalQuerySet(models.QuerySet["MarketSignal"]):
    def holding(self, at: datetime) -> "MarketSignalQuerySet":
        """Those that hold at a moment (UTC)."""
        return self.filter(at__lte=at, until__gt=at)


class MarketSignal(models.Model):
    """What a source said of the market: level 0 (all is well) to 3, from `at` until `until` (UTC). `key` is the
    sender's own, so that a second try tells the same."""

    source = models.ForeignKey(SignalSource, on_delete=models.CASCADE, related_name="signals", verbose_name=_("source"))
    key = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    kind = models.CharField(_("kind"), max_length=12, choices=SignalKind)
    level = models.PositiveSmallIntegerField(_("level"))
    symbol = models.CharField(_("symbol"), max_length=40, blank=True)
    at = models.DateTimeField(_("from"))
    until = models.DateTimeField(_("until"))
    received_at = models.DateTimeField(_("received"), default=timezone.now)

    objects = MarketSignalQuerySet.as_manager()

    class Meta:
        verbose_name = _("market signal")
        verbose_name_plural = _("market signals")
        ordering = ["-received_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="one_signal_of_a_key")]
        indexes = [models.Index(fields=["until"], name="signals_by_end")]

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.level}"
