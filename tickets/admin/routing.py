"""How tickets find their agents: the one row to set up, and what was declined, decided and said, to look at."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from helpcenter.admin.configuration import HistoryAdmin
from tickets.access import Access
from tickets.admin.records import DeskRecordAdmin
from tickets.models import Decline, PresenceChange, RoutingDecision, RoutingSetup, Ticket, TierHeadStart


class TierHeadStartInline(admin.TabularInline):
    model = TierHeadStart
    extra = 0


@admin.register(RoutingSetup)
class RoutingSetupAdmin(HistoryAdmin, admin.ModelAdmin):
    """There is one row, from the beginning on."""

    list_display = ("__str__", "is_on", "guard_every", "guard_ratio", "sticky_minutes", "decline_minutes")
    inlines = (TierHeadStartInline,)
    fieldsets = (
        (None, {"fields": ("is_on",)}),
        (
            _("When an agent may help with a translation aid"),
            {
                "fields": ("assist_after_urgent", "assist_after_high", "assist_after_normal", "assist_after_low"),
                "description": _("At once where nobody who is there speaks the language and holds the certificate."),
            },
        ),
        (_("Who has waited too long"), {"fields": ("guard_every", "guard_ratio", "missed_percent")}),
        (_("Agents who know a ticket"), {"fields": ("sticky_minutes", "decline_minutes")}),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class OfSeenTickets(DeskRecordAdmin):
    """Rows of the tickets that a person may see."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        seen = Ticket.objects.visible_to(Access.of_staff(request.user))
        return super().get_queryset(request).filter(ticket__in=seen).select_related("ticket", "agent__person")

    @admin.display(description=_("ticket"))
    def number(self, row: Any) -> str:
        return str(row.ticket.reference)


@admin.register(RoutingDecision)
class RoutingDecisionAdmin(OfSeenTickets):
    list_display = ("at", "number", "agent", "reason", "trigger", "times")
    list_filter = ("reason", "trigger")
    search_fields = ("ticket__public_id",)
    fields = (("at", "trigger"), ("number", "agent"), ("reason", "key", "times"), "candidates")


@admin.register(Decline)
class DeclineAdmin(OfSeenTickets):
    list_display = ("at", "number", "agent", "reason", "until")
    list_filter = ("reason",)
    search_fields = ("ticket__public_id", "agent__person__name", "agent__person__email")
    fields = (("at", "until"), ("number", "agent"), ("reason", "note"))


@admin.register(PresenceChange)
class PresenceChangeAdmin(DeskRecordAdmin):
    """When colleagues came and went is for leads alone."""

    list_display = ("at", "agent", "presence", "reason", "by")
    list_filter = ("presence",)
    search_fields = ("agent__person__name", "agent__person__email")
    fields = (("at", "agent"), ("presence", "reason"), "by")

    def get_queryset(self, request: HttpRequest) -> QuerySet[PresenceChange]:
        found = PresenceChange.objects.select_related("agent__person", "by")
        return found if Access.of_staff(request.user).leads else found.none()
