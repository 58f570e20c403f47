"""Tickets and what happened to them, to look at: who, when, where, never the text of a message or an answer."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from supportdesk.accounts.finding import FindsAddresses
from supportdesk.ui.records import ReadOnlyAdmin
from tickets.access import Access
from tickets.desk_ui.customers import customer_name
from tickets.enums import Role
from tickets.models import PendingRequest, Ticket, TicketEvent


class DeskRecordAdmin(FindsAddresses, ReadOnlyAdmin):
    """The desk decides which rows a person sees, so the right to see any is asked before a row is looked for."""

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)


@admin.register(Ticket)
class TicketAdmin(DeskRecordAdmin):
    list_display = ("number", "topic", "language", "status", "priority", "department", "assignee", "created_at")
    list_filter = ("status", "priority", "language", "channel", "topic", "department")
    search_fields = ("public_id", "requester__email")
    ordering = ("-created_at", "-pk")
    fields = (
        ("number", "version"),
        ("topic", "language", "region", "channel"),
        ("status", "priority"),
        ("customer", "assignee", "department"),
        ("created_at", "status_since", "solved_at"),
        ("message_count", "reopen_count"),
        ("follows_number", "merged_number", "split_number"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Ticket]:
        seen = Ticket.objects.visible_to(Access.of_staff(request.user))
        return seen.select_related(
            "topic", "department", "assignee", "requester", "follows", "merged_into", "split_from"
        )

    @admin.display(description=_("number"), ordering="public_id")
    def number(self, ticket: Ticket) -> str:
        return ticket.reference

    @admin.display(description=_("asked by"))
    def customer(self, ticket: Ticket) -> str:
        return customer_name(ticket.requester)

    @admin.display(description=_("follows"))
    def follows_number(self, ticket: Ticket) -> str:
        return ticket.follows.reference if ticket.follows else "-"

    @admin.display(description=_("merged into"))
    def merged_number(self, ticket: Ticket) -> str:
        return ticket.merged_into.reference if ticket.merged_into else "-"

    @admin.display(description=_("split from"))
    def split_number(self, ticket: Ticket) -> str:
        return ticket.split_from.reference if ticket.split_from else "-"


@admin.register(TicketEvent)
class TicketEventAdmin(DeskRecordAdmin):
    list_display = ("at", "kind", "number", "who", "role", "from_status", "to_status")
    list_filter = ("kind", "role")
    search_fields = ("ticket__public_id",)
    ordering = ("-at", "-pk")
    fields = (("at", "kind"), ("number", "version"), ("who", "role"), ("from_status", "to_status"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[TicketEvent]:
        seen = Ticket.objects.visible_to(Access.of_staff(request.user))
        return TicketEvent.objects.filter(ticket__in=seen).select_related("ticket", "by")

    @admin.display(description=_("ticket"))
    def number(self, event: TicketEvent) -> str:
        return event.ticket.reference

    @admin.display(description=_("by"))
    def who(self, event: TicketEvent) -> str:
        if event.by is None:
            return "-"
        return customer_name(event.by) if event.role == Role.CUSTOMER else str(event.by)


@admin.register(PendingRequest)
class PendingRequestAdmin(DeskRecordAdmin):
    """Nobody has proven the address yet, so these are for leads alone."""

    list_display = ("created_at", "email", "topic", "language", "channel", "became")
    list_filter = ("channel", "language", ("ticket", admin.EmptyFieldListFilter))
    search_fields = ("email",)
    fields = (("created_at", "channel"), ("email", "topic"), ("language", "time_zone", "region"), "became")

    def get_queryset(self, request: HttpRequest) -> QuerySet[PendingRequest]:
        found = PendingRequest.objects.select_related("topic", "ticket").defer("body", "details")
        return found if Access.of_staff(request.user).leads else found.none()

    @admin.display(description=_("ticket"))
    def became(self, request: Any) -> str:
        return request.ticket.reference if request.ticket else "-"
