"""Where webhooks go, and what is still on its way."""

import base64
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tickets import sealing
from tickets.enums import EventKind
from tickets.models import TicketEvent
from tickets.webhooks import addresses

# What is told; the rest is the desk's own business, or told when it goes out.
TOLD = (
    EventKind.CREATED,
    EventKind.CUSTOMER_WROTE,
    EventKind.REPLIED,
    EventKind.NOTED,
    EventKind.MOVED,
    EventKind.ASSIGNED,
    EventKind.UNASSIGNED,
    EventKind.TRANSFERRED,
    EventKind.CHANGED,
    EventKind.TAGGED,
    EventKind.MERGED_INTO,
    EventKind.RECEIVED_MERGE,
    EventKind.SPLIT_OFF,
    EventKind.FOLLOWED,
    EventKind.CONSULTED,
    EventKind.CONSULT_ANSWERED,
    EventKind.RATED,
)
PURPOSE = "webhook"


class EndpointQuerySet(models.QuerySet["Endpoint"]):
    def active(self) -> "EndpointQuerySet":
        return self.filter(is_active=True)


class Endpoint(models.Model):
    """An address that hears of `events` (kinds; none: all that are told). Its secret lies sealed."""

    url = models.URLField(_("address"), max_length=500, help_text=_("http or https, on port 80 or 443."))
    events = models.JSONField(_("events"), default=list, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    sealed_secret = models.TextField(editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("made by")
    )
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)

    objects = EndpointQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.url

    def clean(self) -> None:
        try:
            addresses.target(self.url)
        except addresses.Refused as error:
            raise ValidationError({"url": str(error)}) from error

    def wants(self, kind: str) -> bool:
        return not self.events or kind in self.events

    @property
    def secret(self) -> str:
        """Raises sealing.Broken where the site's key has changed."""
        return sealing.unseal(base64.b64decode(self.sealed_secret), PURPOSE, purpose=PURPOSE).decode()

    @secret.setter
    def secret(self, value: str) -> None:
        self.sealed_secret = base64.b64encode(sealing.seal(value.encode(), PURPOSE, purpose=PURPOSE)).decode()


class State(models.TextChoices):
    WAITING = "waiting", _("waiting")
    SENT = "sent", _("sent")
    DEAD = "dead", _("given up")


class SendingQuerySet(models.QuerySet["Sending"]):
    def due(self, at: datetime) -> "SendingQuerySet":
        """What is to be sent now and nobody is sending."""
        free = models.Q(lease_until__isnull=True) | models.Q(lease_until__lte=at)
        return self.filter(free, state=State.WAITING, next_at__lte=at, endpoint__is_active=True)


class Sending(models.Model):
    """An event on its way to an endpoint. `status` is what its server answered last, None where it did not."""

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="sendings", verbose_name=_("webhook"))
    event = models.ForeignKey(TicketEvent, on_delete=models.CASCADE, related_name="+", verbose_name=_("event"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    lease_until = models.DateTimeField(null=True, editable=False)
    status = models.PositiveSmallIntegerField(_("answer"), null=True)
    error = models.CharField(_("last error"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("made"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent"), null=True)

    objects = SendingQuerySet.as_manager()

    class Meta:
        verbose_name = _("sending of a webhook")
        verbose_name_plural = _("sendings of webhooks")
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["endpoint", "event"], name="one_sending_of_an_event")]
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(state="waiting"), name="sendings_due"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} -> {self.endpoint_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.error = self.error.replace("\0", "")[:300]
        super().save(*args, **kwargs)
