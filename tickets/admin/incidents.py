"""Incidents, the sendings of their answers and the ledger of who got them, to look at. What is decided about them is
decided on the pages of incidents."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tickets.access import Access
from tickets.admin.records import DeskRecordAdmin
from tickets.enums import Omission
from tickets.models import BulkRecipient, BulkSend, Incident


class OfLeads(DeskRecordAdmin):
    """Rows for team leads alone: a single permission given to somebody else does not open them."""

    related: tuple[str, ...] = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        found = super().get_queryset(request).select_related(*self.related)
        return found if Access.of_staff(request.user).leads else found.none()


@admin.register(Incident)
class IncidentAdmin(OfLeads):
    related = ("opened_by", "lead")
    list_display = ("number", "title", "state", "kind", "started_at", "lead", "version", "closed_at")
    list_filter = ("state", "kind")
    search_fields = ("title", "slug")
    ordering = ("-opened_at", "-pk")
    fields = (
        ("number", "slug"),
        ("title", "kind", "state"),
        ("started_at", "opened_at", "closed_at"),
        ("opened_by", "lead"),
        ("version", "joins_late"),
    )

    @admin.display(description=_("number"), ordering="pk")
    def number(self, incident: Incident) -> str:
        return incident.number


@admin.register(BulkSend)
class BulkSendAdmin(OfLeads):
    related = ("incident", "planned_by", "sent_by", "undone_by")
    list_display = ("planned_at", "incident", "version", "state", "getting", "sent_by", "starts_at", "finished_at")
    list_filter = ("state",)
    search_fields = ("incident__title", "incident__slug")
    ordering = ("-planned_at", "-pk")
    fields = (
        ("incident", "version", "state"),
        ("planned_at", "planned_by"),
        ("getting", "left_out", "then_status"),
        "approved",
        ("sent_by", "starts_at", "finished_at"),
        ("undone_by", "undone_at"),
    )

    @admin.display(description=_("Get this answer"))
    def getting(self, send: BulkSend) -> int:
        return int(send.counts.get("getting", 0))

    @admin.display(description=_("left out"))
    def left_out(self, send: BulkSend) -> str:
        omitted = send.counts.get("omitted", {}).items()
        return ", ".join(f"{Omission(reason).label}: {count}" for reason, count in omitted) or "-"

    @admin.display(description=_("approved by"))
    def approved(self, send: BulkSend) -> str:
        return ", ".join(str(one.person) for one in send.approvals.select_related("person").order_by("pk")) or "-"


@admin.register(BulkRecipient)
class BulkRecipientAdmin(OfLeads):
    related = ("incident", "ticket")
    list_display = ("number", "incident", "version", "state", "reason", "language", "for_language", "sent_at")
    list_filter = ("state", "reason", "is_late", "language")
    search_fields = ("ticket__public_id", "incident__title", "incident__slug")
    ordering = ("-pk",)
    fields = (
        ("number", "incident", "version"),
        ("state", "reason"),
        ("language", "for_language"),
        ("is_late", "stays_open"),
        ("due_at", "sent_at"),
        ("attempts", "error"),
    )

    @admin.display(description=_("ticket"), ordering="ticket")
    def number(self, row: BulkRecipient) -> str:
        return row.ticket.reference
