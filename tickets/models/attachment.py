"""Files: examined and re-encoded before they are kept, sealed where they lie, served only to who sees the ticket."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tickets.access import Access
from tickets.enums import PUBLIC_KINDS, Delivery
from tickets.identifiers import new_public_id
from tickets.models.message import Message
from tickets.models.pending import PendingRequest
from tickets.models.ticket import Ticket


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, access: Access) -> "AttachmentQuerySet":
        """Files of tickets that somebody sees, and of messages that they see."""
        found = self.filter(ticket__in=Ticket.objects.visible_to(access), removed_at__isnull=True)
        return found if access.works else found.filter(message__kind__in=PUBLIC_KINDS, message__delivery=Delivery.SENT)


class Attachment(models.Model):
    """`name` is safe to show and to save under; `stored_as` says nothing about it. `size` in bytes."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, null=True, related_name="attachments")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, null=True, related_name="attachments")
    pending = models.ForeignKey(PendingRequest, on_delete=models.CASCADE, null=True, related_name="attachments")
    name = models.CharField(_("file name"), max_length=140)
    content_type = models.CharField(_("type"), max_length=80)
    size = models.PositiveIntegerField(_("size in bytes"))
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    digest = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=100)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("sent"), default=timezone.now)
    removed_at = models.DateTimeField(null=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")
