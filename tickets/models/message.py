"""What was written on a ticket: by the customer, to the customer, and between colleagues."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tickets.access import Access
from tickets.enums import PUBLIC_KINDS, Channel, Delivery, MessageKind
from tickets.models.ticket import Ticket


class MessageQuerySet(models.QuerySet["Message"]):
    def public(self) -> "MessageQuerySet":
        """What the customer sees: never a note, never what is still held."""
        return self.filter(kind__in=PUBLIC_KINDS, delivery=Delivery.SENT)

    def visible_to(self, access: Access) -> "MessageQuerySet":
        """The messages of a ticket that was found by `Ticket.objects.visible_to`."""
        return self if access.works else self.public()

    def held(self) -> "MessageQuerySet":
        return self.filter(delivery=Delivery.HELD)


class Message(models.Model):
    """`body` has passed the guard; `quoted` is the history that a mail carried along. A reply is held until
    `visible_at`; `then_status` is the status that it brings when it goes out."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="messages", verbose_name=_("ticket"))
    original_ticket = models.ForeignKey(
        Ticket, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("came from")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=MessageKind)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    body = models.TextField(_("text"))
    quoted = models.TextField(_("quoted history"), blank=True)
    language = models.CharField(_("language"), max_length=12, blank=True)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, default=Channel.WEB)
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    visible_at = models.DateTimeField(_("visible from"), default=timezone.now)
    delivery = models.CharField(_("delivery"), max_length=8, choices=Delivery, default=Delivery.SENT)
    then_status = models.CharField(max_length=8, blank=True)
    removed = models.JSONField(_("removed by the guard"), default=list, blank=True)
    source_key = models.CharField(max_length=80, null=True, blank=True, unique=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["created_at", "pk"]
        indexes = [
            models.Index(fields=["ticket", "created_at", "id"], name="messages_of_a_ticket"),
            models.Index(fields=["visible_at"], condition=Q(delivery="held"), name="messages_held"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.created_at:%Y-%m-%d %H:%M}"


class ReplyDraft(models.Model):
    """What an agent has begun to write, a reply and a note apart; a shared one is seen by all who see the ticket.
    Guarded before it is kept. Files that go along are each an `Upload` of `uploading.draft_owner`."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="drafts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    body = models.TextField(_("text"))
    is_note = models.BooleanField(default=False)
    is_shared = models.BooleanField(_("shared"), default=False)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("draft of a reply")
        verbose_name_plural = _("drafts of replies")
        constraints = [models.UniqueConstraint(fields=["ticket", "author", "is_note"], name="one_draft_of_a_kind")]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.author_id}"
