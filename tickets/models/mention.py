"""Colleagues who were called to a ticket."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tickets.models.message import Message
from tickets.models.ticket import Ticket


class Mention(models.Model):
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="mentions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mentions")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="mentions")
    at = models.DateTimeField(_("at"), default=timezone.now)
    seen_at = models.DateTimeField(_("seen"), null=True)

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        constraints = [models.UniqueConstraint(fields=["message", "person"], name="one_mention_of_a_person")]
        indexes = [models.Index(fields=["person", "ticket"], name="mentions_of_a_person")]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.person_id}"


class Looking(models.Model):
    """Who has a ticket open just now, and whether they are writing. Fades after half a minute."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="onlookers")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    is_writing = models.BooleanField(_("writing"), default=False)
    seen_at = models.DateTimeField(_("seen"), default=timezone.now)

    class Meta:
        verbose_name = _("onlooker")
        verbose_name_plural = _("onlookers")
        constraints = [models.UniqueConstraint(fields=["ticket", "person"], name="one_look_of_a_person")]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.person_id}"


class Reminder(models.Model):
    """An agent's note to be told about a ticket at a time."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="reminders")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(_("at"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    told_at = models.DateTimeField(_("told"), null=True)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.at:%Y-%m-%d %H:%M}"
