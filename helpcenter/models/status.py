"""The public status: how soon readers usually hear from the desk, by language."""

from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

HOLDS_FOR = timedelta(hours=2)  # nobody is told of a figure that nobody measures any more


class PublicStatusQuerySet(models.QuerySet["PublicStatus"]):
    def current(self, at: datetime | None = None) -> "PublicStatusQuerySet":
        """Measured lately (UTC; now by default)."""
        return self.filter(measured_at__gt=(at or timezone.now()) - HOLDS_FOR)


class PublicStatus(models.Model):
    """`reply_promise` is within how many minutes people who write in a language usually hear from a person, measured on
    `sample` of them."""

    language = models.CharField(_("language"), max_length=12, unique=True)
    reply_promise = models.PositiveIntegerField(_("usual first reply in minutes"))
    sample = models.PositiveIntegerField(_("measured on"))
    measured_at = models.DateTimeField(_("measured at (UTC)"))

    objects = PublicStatusQuerySet.as_manager()

    class Meta:
        verbose_name = _("public status")
        verbose_name_plural = _("public statuses")

    def __str__(self) -> str:
        return f"{self.language}: {self.reply_promise} min"
