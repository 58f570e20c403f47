"""How long a ticket has been waiting for what, against its target; `tickets.sla` is the rule."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tickets.enums import Metric
from tickets.models.ticket import Ticket


class Clock(models.Model):
    """Seconds of working time of `calendar`. `elapsed_s` is as of the last change; while `running_since` is set, time
    goes on from there. One that was met or missed is never changed again. `policy` and `calendar` are a name, `@` and a
    version; `tzdata` is the edition of the time zones. `notify_at` is when to look whether to warn somebody."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="clocks")
    metric = models.CharField(_("clock"), max_length=12, choices=Metric)
    cycle = models.PositiveSmallIntegerField(_("cycle"), default=1)
    calendar = models.CharField(_("calendar"), max_length=60, default="24x7")
    started_at = models.DateTimeField(_("started"))
    target_s = models.PositiveIntegerField(_("target in seconds"))
    allowed_s = models.PositiveIntegerField(_("allowed seconds"))
    elapsed_s = models.PositiveIntegerField(_("elapsed seconds"), default=0)
    running_since = models.DateTimeField(_("running since"), null=True)
    due_at = models.DateTimeField(_("due"), null=True)
    warn_at = models.DateTimeField(_("warn at"), null=True)
    satisfied_at = models.DateTimeField(_("stopped"), null=True)
    breached_at = models.DateTimeField(_("missed"), null=True)
    void_reason = models.CharField(_("void because"), max_length=40, blank=True)
    via = models.CharField(max_length=20, blank=True)
    policy = models.CharField(_("policy"), max_length=80, blank=True)
    tzdata = models.CharField(_("time zone data"), max_length=20, blank=True)
    notify_at = models.DateTimeField(null=True, default=None)

    class Meta:
        verbose_name = _("clock")
        verbose_name_plural = _("clocks")
        constraints = [models.UniqueConstraint(fields=["ticket", "metric", "cycle"], name="one_clock_of_a_cycle")]
        indexes = [
            models.Index(fields=["satisfied_at"], condition=models.Q(satisfied_at__isnull=False), name="clocks_by_end"),
            models.Index(fields=["notify_at"], condition=models.Q(notify_at__isnull=False), name="clocks_to_look_at"),
        ]

    def __str__(self) -> str:
        return f"{self.get_metric_display()} {self.cycle}"
