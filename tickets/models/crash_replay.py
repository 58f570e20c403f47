"""The replay of a recorded crash on a site with demo content: how far it is."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

FASTEST = 600


class ReplayState(models.TextChoices):
    IDLE = "idle", _("Not begun")
    RUNNING = "running", _("Running")
    STOPPED = "stopped", _("Stopped")
    DONE = "done", _("Played to its end")
    REMOVING = "removing", _("Being removed")


class CrashReplay(models.Model):
    """One row, and only where the demo's content was loaded. `position` requests of `total` have been made. The first
    was due at `begun_at` (UTC), the others `speed` times as fast as in the trace. `step` is the number of the event
    that goes on with it: others are void. `presences` are what agents were before, by their number."""

    ONLY = 1  # the key of the row

    state = models.CharField(_("state"), max_length=8, choices=ReplayState, default=ReplayState.IDLE)
    speed = models.PositiveSmallIntegerField(
        _("times as fast"), default=60, validators=[MinValueValidator(1), MaxValueValidator(FASTEST)]
    )
    trace = models.CharField(_("file"), max_length=500, blank=True)
    position = models.PositiveIntegerField(_("requests made"), default=0)
    total = models.PositiveIntegerField(_("requests in all"), default=0)
    begun_at = models.DateTimeField(_("begun"), null=True)
    step = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    presences = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("replay of a crash")
        verbose_name_plural = _("replays of a crash")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_replay_of_a_crash")]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.position}/{self.total}"

    @classmethod
    def offered(cls) -> Self | None:
        """The row where a replay may be played: with demo content, and never on a site that serves people."""
        return None if settings.IS_PRODUCTION else cls.objects.filter(pk=cls.ONLY).first()

    @property
    def is_under_way(self) -> bool:
        return self.state in (ReplayState.RUNNING, ReplayState.REMOVING)

    @property
    def can_begin(self) -> bool:
        return self.state in (ReplayState.IDLE, ReplayState.STOPPED)

    @property
    def can_remove(self) -> bool:
        return self.state in (ReplayState.STOPPED, ReplayState.DONE)

    def began(self, at: datetime) -> datetime:
        return self.begun_at or at
