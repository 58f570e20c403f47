"""What was answered in a day, and how fast: counted once, so that a year costs no more to look at than its days."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from tickets.models.topic import Topic
from tickets.speed import Measure


class SpeedDayQuerySet(models.QuerySet["SpeedDay"]):
    def between(self, first: date, last: date) -> "SpeedDayQuerySet":
        return self.filter(day__gte=first, day__lte=last)


class SpeedDay(models.Model):
    """What one measure gave on one UTC day for one topic, language and channel, in calm or in a surge. `hours` maps the
    hour (UTC) in which people asked to `[kept promises, {minutes: how often}]`; JSON makes its keys strings."""

    day = models.DateField(_("day"))
    measure = models.CharField(_("measure"), max_length=16, choices=[(one.value, one.value) for one in Measure])
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="+", verbose_name=_("topic"))
    language = models.CharField(_("language"), max_length=12)
    channel = models.CharField(_("channel"), max_length=10)
    is_surge = models.BooleanField(_("in a surge"), default=False)
    hours = models.JSONField(default=dict)

    objects = SpeedDayQuerySet.as_manager()

    class Meta:
        verbose_name = _("day of response times")
        verbose_name_plural = _("days of response times")
        constraints = [
            models.UniqueConstraint(
                fields=["day", "measure", "topic", "language", "channel", "is_surge"], name="one_row_of_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.measure}"
