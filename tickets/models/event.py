"""What happened to a ticket: kinds, ids and codes, never what people wrote."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tickets.enums import EventKind
from tickets.models.message import Message
from tickets.models.ticket import Ticket


class TicketEventQuerySet(models.QuerySet["TicketEvent"]):
    def update(self, **values: Any) -> NoReturn:
        raise PermissionError("Events are append-only.")


class TicketEvent(models.Model):
    """One thing that somebody did. `from_status` and `to_status` are equal where the status stayed; `version` is the
    one that the ticket had afterwards; `reason` is one of `EVENT_REASONS`; `data` holds ids."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(_("event"), max_length=20, choices=EventKind)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    role = models.CharField(_("acting as"), max_length=10)
    at = models.DateTimeField(_("at"), default=timezone.now)
    from_status = models.CharField(max_length=8, blank=True)
    to_status = models.CharField(max_length=8)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    message = models.ForeignKey(Message, on_delete=models.SET_NULL, null=True, related_name="+")
    version = models.PositiveIntegerField()
    data = models.JSONField(default=dict, blank=True)

    objects = TicketEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("ticket event")
        verbose_name_plural = _("ticket events")
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["ticket", "version"], name="events_of_a_ticket")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise PermissionError("Events are append-only.")
        super().save(*args, **kwargs)


class EventNote(models.Model):
    """Why somebody of the staff did something, in their own words. Beside the event and not in it: events stay as they
    are, words can be taken out or go with the person that they are about."""

    event = models.OneToOneField(TicketEvent, on_delete=models.CASCADE, primary_key=True, related_name="words")
    note = models.CharField(_("reason"), max_length=200)

    class Meta:
        verbose_name = _("reason of an event")
        verbose_name_plural = _("reasons of events")

    def __str__(self) -> str:
        return f"{self.event_id}"
