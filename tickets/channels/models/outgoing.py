"""Mails that went out: each happening is told once, under one Message-ID however often it is tried."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tickets.channels.enums import MailKind, Sent


class OutgoingMail(models.Model):
    """`event` names what happened (`ticket:4711`); with `kind` it is unique. `is_open` marks the one question to an
    address that nobody has confirmed: there is never a second one beside it."""

    event = models.CharField(_("event"), max_length=40)
    kind = models.CharField(_("kind"), max_length=12, choices=MailKind)
    to = models.CharField(pgettext_lazy("of a mail", "to"), max_length=254)
    language = models.CharField(_("language"), max_length=12)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("person")
    )
    ticket = models.ForeignKey(
        "tickets.Ticket", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("ticket")
    )
    pending = models.ForeignKey("tickets.PendingRequest", on_delete=models.SET_NULL, null=True, related_name="+")
    message_id = models.CharField(max_length=300, unique=True)
    state = models.CharField(_("state"), max_length=8, choices=Sent, default=Sent.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.CharField(_("last error"), max_length=200, blank=True)
    is_open = models.BooleanField(default=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent"), null=True)
    bounced_at = models.DateTimeField(_("came back"), null=True)

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mails")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["event", "kind"], name="one_mail_of_a_happening"),
            models.UniqueConstraint(fields=["to"], condition=Q(is_open=True), name="one_question_to_an_address"),
        ]
        indexes = [
            models.Index(fields=["to", "kind", "created_at"], name="mails_to_an_address"),
            models.Index(fields=["ticket", "created_at"], name="mails_of_a_ticket"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.created_at:%Y-%m-%d %H:%M}"


class DeadAddress(models.Model):
    """An address where mail does not arrive for good; nothing is sent there until its owner writes to us."""

    address = models.CharField(_("e-mail address"), max_length=254, unique=True)
    status = models.CharField(_("what the mail server said"), max_length=20, blank=True)
    since = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        verbose_name = _("address where nothing arrives")
        verbose_name_plural = _("addresses where nothing arrives")
        ordering = ["-since"]

    def __str__(self) -> str:
        return self.address
