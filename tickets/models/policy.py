"""What is promised to whom: office hours, policies with their targets, and the editions that clocks were set by.

`Calendar`, `CalendarDate`, `SlaPolicy` and `SlaTarget` are what people edit. Clocks follow none of them: each saved
edit is kept as a `PolicyEdition` (with a `CalendarVersion` for each calendar that became another), which never changes.
"""

from typing import Any, NoReturn

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tickets.enums import Metric, Priority
from tickets.models.clock import Clock

MOST_MINUTES = 366 * 24 * 60  # a promise beyond a year is a slip of the hand


class Calendar(models.Model):
    """Office hours of one place. A day is written like `09:00-12:00, 13:00-18:00` in its own time; empty: closed."""

    key = models.SlugField(_("key"), max_length=40, unique=True)
    name = models.CharField(pgettext_lazy("of a calendar", "name"), max_length=80)
    tz = models.CharField(_("time zone"), max_length=60, default="UTC", help_text=_("Such as Asia/Seoul."))
    monday = models.CharField(_("Monday"), max_length=120, blank=True)
    tuesday = models.CharField(_("Tuesday"), max_length=120, blank=True)
    wednesday = models.CharField(_("Wednesday"), max_length=120, blank=True)
    thursday = models.CharField(_("Thursday"), max_length=120, blank=True)
    friday = models.CharField(_("Friday"), max_length=120, blank=True)
    saturday = models.CharField(_("Saturday"), max_length=120, blank=True)
    sunday = models.CharField(_("Sunday"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("calendar")
        verbose_name_plural = _("calendars")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class CalendarDate(models.Model):
    """A date with hours of its own; empty: closed, as on a holiday."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="dates", verbose_name=_("calendar"))
    day = models.DateField(_("date"))
    hours = models.CharField(_("hours"), max_length=120, blank=True)
    name = models.CharField(pgettext_lazy("of a date", "name"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("special date")
        verbose_name_plural = _("special dates")
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["calendar", "day"], name="one_row_of_a_date")]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.name}".strip()


class AppendOnly(models.QuerySet[Any]):
    def update(self, **values: Any) -> NoReturn:
        raise PermissionError("Versions are append-only.")


class CalendarVersion(models.Model):
    """A calendar as it was at one time; `content` is what `tickets.calendars.Calendar.from_dict` takes. Clocks name it
    by `key@number`."""

    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    content = models.JSONField(_("content"))
    at = models.DateTimeField(_("at"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = AppendOnly.as_manager()

    class Meta:
        verbose_name = _("version of a calendar")
        verbose_name_plural = _("versions of calendars")
        ordering = ["calendar", "-number"]
        constraints = [models.UniqueConstraint(fields=["calendar", "number"], name="one_calendar_version_of_a_number")]

    def __str__(self) -> str:
        return f"{self.calendar.key}@{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise PermissionError("Versions are append-only.")
        super().save(*args, **kwargs)


class SlaPolicy(models.Model):
    """What is promised to the tickets that match; the first in the order that fits a ticket decides. An empty list
    means all. Without a calendar the time counts round the clock."""

    name = models.CharField(pgettext_lazy("of a policy", "name"), max_length=60, unique=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    topics = models.JSONField(_("topics"), default=list, blank=True)
    languages = models.JSONField(_("languages"), default=list, blank=True)
    tiers = models.JSONField(_("tiers"), default=list, blank=True)
    channels = models.JSONField(_("channels"), default=list, blank=True)
    calendar_urgent = models.ForeignKey(
        Calendar, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("hours for urgent")
    )
    calendar_high = models.ForeignKey(
        Calendar, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("hours for high")
    )
    calendar_normal = models.ForeignKey(
        Calendar, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("hours for normal")
    )
    calendar_low = models.ForeignKey(
        Calendar, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("hours for low")
    )

    class Meta:
        verbose_name = _("policy of answering times")
        verbose_name_plural = _("policies of answering times")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name


class SlaTarget(models.Model):
    """Minutes of working time in which something is promised; a missing row promises nothing."""

    policy = models.ForeignKey(SlaPolicy, on_delete=models.CASCADE, related_name="targets", verbose_name=_("policy"))
    priority = models.CharField(_("priority"), max_length=8, choices=Priority)
    metric = models.CharField(_("clock"), max_length=12, choices=Metric)
    minutes = models.PositiveIntegerField(
        _("minutes"), validators=[MinValueValidator(1), MaxValueValidator(MOST_MINUTES)]
    )

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        constraints = [models.UniqueConstraint(fields=["policy", "priority", "metric"], name="one_target_of_a_clock")]

    def __str__(self) -> str:
        return f"{self.get_priority_display()}, {self.get_metric_display()}: {self.minutes}"


class PolicyEdition(models.Model):
    """All policies and the calendars that they name, as they were from a moment on. `content` has `policies` and
    `calendars` as `tickets.policies.Policies.from_dicts` takes them; a policy's name ends in `@` and its version.

    The last three columns say how far open tickets were brought to it: the last one, how many changed, whether all are.
    """

    number = models.PositiveIntegerField(_("number"), unique=True)
    content = models.JSONField(_("content"))
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(_("at"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    reached = models.PositiveBigIntegerField(default=0)
    changed = models.PositiveIntegerField(_("tickets with other targets"), default=0)
    done_at = models.DateTimeField(_("all tickets follow since"), null=True)

    class Meta:
        verbose_name = _("edition of the policies")
        verbose_name_plural = _("editions of the policies")
        ordering = ["-number"]

    def __str__(self) -> str:
        return str(self.number)


class WarnLevel(models.Model):
    """Who hears of a clock when this part of its time is used up."""

    percent = models.PositiveSmallIntegerField(
        _("percent of the time"), unique=True, validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )
    tells_assignee = models.BooleanField(_("tells who has the ticket"), default=False)
    tells_leads = models.BooleanField(_("tells team leads"), default=True)

    class Meta:
        verbose_name = _("warning of clocks")
        verbose_name_plural = _("warnings of clocks")
        ordering = ["percent"]

    def __str__(self) -> str:
        return f"{self.percent} %"


class ClockNotice(models.Model):
    """That a level of a clock was told, so that it is told once."""

    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="told")
    percent = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("told warning of a clock")
        verbose_name_plural = _("told warnings of clocks")
        constraints = [models.UniqueConstraint(fields=["clock", "percent"], name="one_notice_of_a_level")]

    def __str__(self) -> str:
        return f"{self.clock_id} {self.percent} %"
