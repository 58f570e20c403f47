"""A question to a department: its own thread, with the excerpts that were chosen for it, and its own clock."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tickets.models.department import Department
from tickets.models.message import Message
from tickets.models.ticket import Ticket


class SideConversationQuerySet(models.QuerySet["SideConversation"]):
    def open(self) -> "SideConversationQuerySet":
        return self.filter(ended_at__isnull=True)


class SideConversation(models.Model):
    """Open until `ended_at`; `answered_at` is the first answer of the department."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="side_conversations")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="side_conversations")
    subject = models.CharField(_("subject"), max_length=200)
    excerpts = models.ManyToManyField(Message, blank=True, related_name="+", verbose_name=_("excerpts"))
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)
    due_at = models.DateTimeField(_("due"))
    answered_at = models.DateTimeField(_("answered"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)

    objects = SideConversationQuerySet.as_manager()

    class Meta:
        verbose_name = _("question to a department")
        verbose_name_plural = _("questions to departments")
        ordering = ["opened_at", "pk"]
        indexes = [models.Index(fields=["department", "due_at"], name="questions_of_a_department")]

    def __str__(self) -> str:
        return self.subject


class SideMessage(models.Model):
    conversation = models.ForeignKey(SideConversation, on_delete=models.CASCADE, related_name="messages")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    body = models.TextField(_("text"))
    created_at = models.DateTimeField(_("written"), default=timezone.now)

    class Meta:
        verbose_name = _("message to a department")
        verbose_name_plural = _("messages to departments")
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return f"{self.conversation_id}: {self.created_at:%Y-%m-%d %H:%M}"
