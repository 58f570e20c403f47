"""How the desk stood at a moment, counted once by the worker for everybody who looks."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tickets.overview import Overview


class DeskSnapshot(models.Model):
    """`figures` is an `Overview` as JSON; `at` is the moment (UTC) for which it was counted."""

    at = models.DateTimeField(_("at"), db_index=True)
    figures = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("state of the desk")
        verbose_name_plural = _("states of the desk")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S}"

    @property
    def overview(self) -> Overview:
        return Overview.of_json(self.figures)

    @classmethod
    def newest(cls) -> Self | None:
        return cls.objects.order_by("-at", "-pk").first()

    def age(self, at: datetime) -> timedelta:
        return max(at - self.at, timedelta(0))
