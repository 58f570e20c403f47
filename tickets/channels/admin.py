"""Mail for administrators: what came in and what became of it, what went out, where nothing arrives. Never a word of
what was written."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from supportdesk.ui.records import ReadOnlyAdmin
from tickets import sealing
from tickets.channels.actions import receiving
from tickets.channels.enums import Kept
from tickets.channels.models import DeadAddress, IncomingMail, OutgoingMail
from tickets.errors import AlreadyDone


class MailAdmin(ReadOnlyAdmin):
    """Who leads the desk sees what became of mails; only administrators change it."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("tickets.lead_ticket") or super().has_view_permission(request, obj)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("tickets.lead_ticket") or super().has_module_permission(request)


@admin.register(IncomingMail)
class IncomingMailAdmin(MailAdmin):
    list_display = (
        "public_id",
        "outcome",
        "reason",
        "sender",
        "ticket_number",
        "received_at",
        "size",
        "copies",
        "kept",
    )
    list_filter = ("outcome", "reason", "kept")
    fields = (
        "public_id",
        "outcome",
        "reason",
        "sender",
        "ticket_number",
        "person",
        "received_at",
        "size",
        "copies",
        "kept",
        "purge_at",
    )
    readonly_fields = fields
    actions = ("run_again",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[IncomingMail]:
        return IncomingMail.objects.light().select_related("ticket", "person")

    @admin.display(description=_("ticket"))
    def ticket_number(self, row: IncomingMail) -> str:
        return row.ticket.reference if row.ticket is not None else "-"

    def has_rerun_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("tickets_channels.change_incomingmail")

    @admin.action(description=_("Run again"), permissions=["rerun"])
    def run_again(self, request: HttpRequest, queryset: QuerySet[IncomingMail]) -> None:
        done = [number for number in queryset.filter(kept=Kept.SEALED).values_list("pk", flat=True) if _ran(number)]
        message = ngettext("%(number)d mail was run again.", "%(number)d mails were run again.", len(done))
        self.message_user(request, message % {"number": len(done)})
        if len(done) < queryset.count():
            self.message_user(
                request, gettext("What is not kept any more cannot be run again."), level=messages.WARNING
            )


def _ran(number: int) -> bool:
    try:
        receiving.run_again(IncomingMail.objects.light().get(pk=number))
    except (AlreadyDone, sealing.Broken, IncomingMail.DoesNotExist):
        return False
    return True


@admin.register(OutgoingMail)
class OutgoingMailAdmin(MailAdmin):
    list_display = ("kind", "to", "language", "state", "attempts", "error", "created_at", "sent_at", "bounced_at")
    list_filter = ("state", "kind", "language")
    search_fields = ("to",)


@admin.register(DeadAddress)
class DeadAddressAdmin(MailAdmin):
    list_display = ("address", "status", "since")
    search_fields = ("address",)
    actions = ("try_again",)

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("tickets_channels.delete_deadaddress")

    @admin.action(description=_("Send mail there again"), permissions=["retry"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[DeadAddress]) -> None:
        queryset.delete()
