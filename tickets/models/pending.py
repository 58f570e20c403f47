"""What a guest wrote before the address was proven: no ticket, no clock, never routed, gone after a week."""

from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tickets.enums import Channel
from tickets.identifiers import new_public_id
from tickets.models.ticket import Ticket
from tickets.models.topic import Topic

KEPT = timedelta(days=7)


class PendingRequest(models.Model):
    """Guarded like any text. `ticket` is what it became."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    email = models.EmailField(_("e-mail address"))
    name = models.CharField(_("name"), max_length=150, blank=True)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="+", verbose_name=_("topic"))
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))
    language = models.CharField(_("language"), max_length=12)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    region = models.CharField(_("region"), max_length=12, blank=True)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, default=Channel.WEB)
    details = models.JSONField(_("details"), default=dict, blank=True)
    removed = models.JSONField(default=list, blank=True)
    submission_token = models.CharField(max_length=80, blank=True, editable=False)
    source_key = models.CharField(max_length=80, null=True, blank=True, unique=True)
    created_at = models.DateTimeField(_("sent"), default=timezone.now)
    ticket = models.OneToOneField(Ticket, on_delete=models.SET_NULL, null=True, related_name="was_pending")

    class Meta:
        verbose_name = _("unconfirmed request")
        verbose_name_plural = _("unconfirmed requests")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["email", "submission_token"],
                condition=~models.Q(submission_token=""),
                name="one_request_of_a_submission",
            )
        ]
        indexes = [models.Index(fields=["created_at"], name="requests_by_age")]

    def __str__(self) -> str:
        return self.subject
