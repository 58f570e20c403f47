"""What customers thought of how a ticket was solved."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tickets.models.ticket import Ticket


class Rating(models.Model):
    """One per ticket. `agent` and `language` are kept as of asking; `score` from 1 (very poor) to 5 (very good)."""

    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, related_name="rating")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    language = models.CharField(_("language"), max_length=12)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    score = models.PositiveSmallIntegerField(
        _("score"), null=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    comment = models.TextField(_("comment"), max_length=1000, blank=True)
    rated_at = models.DateTimeField(_("rated"), null=True)

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.score or '-'}"
