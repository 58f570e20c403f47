"""Deliveries that are owed: one row per event and consumer, and one per run of a periodic job."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    PENDING = "pending", _("pending")
    DONE = "done", _("done")
    FAILED = "failed", _("given up")


class OutboxQuerySet(models.QuerySet["Outbox"]):
    def pending(self) -> "OutboxQuerySet":
        return self.filter(state=State.PENDING)

    def due(self, at: datetime) -> "OutboxQuerySet":
        """Rows whose turn has come and that nobody holds a lease on."""
        free = models.Q(lease_until__isnull=True) | models.Q(lease_until__lte=at)
        return self.pending().filter(free, next_at__lte=at)


class Outbox(models.Model):
    """An event that a consumer has still to hear of; written in the transaction of the event."""

    event_kind = models.CharField(_("event"), max_length=60)
    event_id = models.BigIntegerField(_("number of the event"))
    consumer = models.CharField(_("consumer"), max_length=60)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_at = models.DateTimeField(_("next attempt"))
    lease_until = models.DateTimeField(_("held until"), null=True, blank=True)
    error = models.CharField(_("last error"), max_length=300, blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(fields=["event_kind", "event_id", "consumer"], name="outbox_once_per_consumer")
        ]
        indexes = [models.Index(fields=["next_at"], condition=models.Q(state="pending"), name="outbox_due")]

    def __str__(self) -> str:
        return f"{self.event_kind} {self.event_id} -> {self.consumer}"


class Run(models.Model):
    """One run of a periodic job. Two schedulers that want the same slot meet at the constraint: one of them wins."""

    job = models.CharField(_("job"), max_length=60)
    slot = models.DateTimeField(_("slot"))

    class Meta:
        verbose_name = _("run of a job")
        verbose_name_plural = _("runs of jobs")
        constraints = [models.UniqueConstraint(fields=["job", "slot"], name="outbox_one_run_per_slot")]

    def __str__(self) -> str:
        return f"{self.job} {self.slot:%Y-%m-%d %H:%M:%S}"
