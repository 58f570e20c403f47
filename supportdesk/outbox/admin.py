"""Deliveries for operators: what is owed, what was given up, and a second chance for it."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from supportdesk.outbox.models import Outbox, State
from supportdesk.ui.records import ReadOnlyAdmin


@admin.register(Outbox)
class OutboxAdmin(ReadOnlyAdmin):
    list_display = ("event_kind", "event_id", "consumer", "state", "attempts", "next_at", "error")
    list_filter = ("state", "consumer", "event_kind")
    actions = ("try_again",)

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("outbox.change_outbox")

    @admin.action(description=_("Try again now"), permissions=["retry"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Outbox]) -> None:
        given_up = queryset.filter(state=State.FAILED)
        count = given_up.update(state=State.PENDING, attempts=0, next_at=timezone.now(), lease_until=None)
        told = ngettext("%(count)d is sent again.", "%(count)d are sent again.", count) % {"count": count}
        self.message_user(request, told, messages.SUCCESS if count else messages.WARNING)
