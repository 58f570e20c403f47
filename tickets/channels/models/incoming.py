"""Mails that came in: one row each, with what became of it; the mail itself only while it has to be kept."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tickets.channels.enums import KEPT, Kept, Outcome, Reason
from tickets.identifiers import new_public_id


def _in_a_week() -> datetime:
    return timezone.now() + KEPT


class IncomingMailQuerySet(models.QuerySet["IncomingMail"]):
    def failed(self) -> "IncomingMailQuerySet":
        return self.filter(outcome=Outcome.FAILED, kept=Kept.SEALED)

    def sealed(self) -> "IncomingMailQuerySet":
        return self.filter(kept=Kept.SEALED)

    def light(self) -> "IncomingMailQuerySet":
        """Without the sealed bytes, which may be 25 MB each."""
        return self.defer("sealed")


class IncomingMail(models.Model):
    """`key` names mailbox, Message-ID, sender and bytes: what comes twice meets its row, and `copies` counts it.
    `sealed` holds the mail and its envelope where nobody could take it in, until `purge_at` (UTC). `is_quiet` asks for
    no automatic answer. Nothing here holds what was written."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    key = models.CharField(max_length=64, unique=True, editable=False)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome)
    reason = models.CharField(_("why"), max_length=20, choices=Reason, blank=True)
    sender = models.CharField(_("sender"), max_length=254, blank=True)
    mail_id = models.CharField(max_length=300, blank=True)
    size = models.PositiveIntegerField(_("size in bytes"), default=0)
    copies = models.PositiveIntegerField(_("came again"), default=0)
    is_quiet = models.BooleanField(default=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("person")
    )
    ticket = models.ForeignKey(
        "tickets.Ticket", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("ticket")
    )
    message = models.ForeignKey("tickets.Message", on_delete=models.SET_NULL, null=True, related_name="+")
    pending = models.ForeignKey("tickets.PendingRequest", on_delete=models.SET_NULL, null=True, related_name="+")
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    kept = models.CharField(_("raw mail"), max_length=8, choices=Kept, default=Kept.NOT)
    sealed = models.BinaryField(null=True)
    purge_at = models.DateTimeField(_("destroyed at"), default=_in_a_week)

    objects = IncomingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("incoming mail")
        verbose_name_plural = _("incoming mails")
        ordering = ["-received_at", "-pk"]
        indexes = [
            models.Index(fields=["outcome", "-received_at"], name="mails_by_outcome"),
            models.Index(fields=["purge_at"], condition=Q(kept="sealed"), name="mails_to_destroy"),
            models.Index(fields=["received_at"], name="mails_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.public_id} {self.get_outcome_display()}"
