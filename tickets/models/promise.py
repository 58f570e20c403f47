"""What customers were told of how long they wait, whether it came true, and what would be said now."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tickets.enums import Priority, PromiseKind, PromiseOutcome
from tickets.models.ticket import Ticket

FRESH = timedelta(minutes=5)  # an older outlook is not shown: nobody knows how the desk stands


class PromiseQuerySet(models.QuerySet["Promise"]):
    def first_ones(self) -> "PromiseQuerySet":
        """What was said when the request came in; what is said later is not counted."""
        return self.filter(kind=PromiseKind.FIRST)

    def open(self) -> "PromiseQuerySet":
        """Those of which a time was named that is not settled."""
        return self.filter(outcome=PromiseOutcome.OPEN, due_at__isnull=False)


class Promise(models.Model):
    """`seconds` is what was named, None for “more than a day”: then nothing is due. `priority` is that of the ticket
    when it was said. `followed_at`: when the customer was told that a promise was missed, or needed no such word."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="promises", verbose_name=_("ticket"))
    kind = models.CharField(_("kind"), max_length=8, choices=PromiseKind, default=PromiseKind.FIRST)
    priority = models.CharField(_("priority"), max_length=8, choices=Priority)
    is_surge = models.BooleanField(_("in a surge"), default=False)
    shown_at = models.DateTimeField(_("said"), default=timezone.now)
    seconds = models.PositiveIntegerField(_("seconds"), null=True)
    due_at = models.DateTimeField(_("due"), null=True)
    outcome = models.CharField(_("outcome"), max_length=6, choices=PromiseOutcome, default=PromiseOutcome.OPEN)
    followed_at = models.DateTimeField(null=True)

    objects = PromiseQuerySet.as_manager()

    class Meta:
        verbose_name = _("promise of the wait")
        verbose_name_plural = _("promises of the wait")
        constraints = [
            models.UniqueConstraint(fields=["ticket"], condition=Q(kind="first"), name="one_first_promise"),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(outcome="open"), name="promises_to_settle"),
            models.Index(fields=["due_at"], condition=Q(outcome="missed", followed_at=None), name="promises_to_follow"),
            models.Index(fields=["shown_at"], name="promises_by_moment"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.seconds}"


class WaitOutlook(models.Model):
    """What a new request would be promised now: one row. `waits` maps language, certificate and class (see `pool`) to
    seconds, None for more than a day; a pool of which nothing is known is not in it."""

    ONLY = 1

    at = models.DateTimeField(_("at"), default=timezone.now)
    waits = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("outlook on waits")
        verbose_name_plural = _("outlooks on waits")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S}"

    @classmethod
    def fresh(cls, at: datetime) -> Self | None:
        return cls.objects.filter(pk=cls.ONLY, at__gt=at - FRESH).first()

    @staticmethod
    def pool(language: str, skill: str, priority: str) -> str:
        return f"{language}:{skill}:{priority}"


class PromiseDayQuerySet(models.QuerySet["PromiseDay"]):
    def since(self, day: object) -> "PromiseDayQuerySet":
        return self.filter(day__gte=day)


class PromiseDay(models.Model):
    """What was promised on one UTC day to one class in one language, in calm or in a surge, and what came of it.
    `beyond` counts those who were told “more than a day”; `unsettled` those whose time is not up, or whom nobody had to
    answer."""

    day = models.DateField(_("day"))
    priority = models.CharField(_("priority"), max_length=8, choices=Priority)
    language = models.CharField(_("language"), max_length=12)
    is_surge = models.BooleanField(_("in a surge"), default=False)
    kept = models.PositiveIntegerField(_("kept"), default=0)
    missed = models.PositiveIntegerField(_("missed"), default=0)
    beyond = models.PositiveIntegerField(_("more than a day"), default=0)
    unsettled = models.PositiveIntegerField(_("not settled"), default=0)

    objects = PromiseDayQuerySet.as_manager()

    class Meta:
        verbose_name = _("day of promises")
        verbose_name_plural = _("days of promises")
        constraints = [
            models.UniqueConstraint(
                fields=["day", "priority", "language", "is_surge"], name="one_row_of_promises_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.priority} {self.language}"
