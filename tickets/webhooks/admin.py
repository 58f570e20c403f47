"""Webhooks for operators: where they go, and what was given up, with another try."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from supportdesk.ui import shown_once
from supportdesk.ui.records import ReadOnlyAdmin
from tickets.enums import EventKind
from tickets.webhooks import actions
from tickets.webhooks.models import TOLD, Endpoint, Sending


class EndpointForm(forms.ModelForm):
    events = forms.MultipleChoiceField(
        label=_("Events"),
        required=False,
        choices=[(kind.value, kind.label) for kind in TOLD],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all of them."),
    )

    class Meta:
        model = Endpoint
        fields = ("url", "events", "is_active")
        field_classes = {"url": forms.CharField}


@admin.register(Endpoint)
class EndpointAdmin(admin.ModelAdmin):
    form = EndpointForm
    list_display = ("url", "is_active", "told", "created_by", "created_at")
    list_select_related = ("created_by",)
    actions = ("renew_secret",)

    @admin.display(description=_("events"))
    def told(self, endpoint: Endpoint) -> str:
        return ", ".join(str(EventKind(kind).label) for kind in endpoint.events) or gettext("all")

    def save_model(self, request: HttpRequest, obj: Endpoint, form: Any, change: bool) -> None:
        request.new_secret = actions.save_endpoint(obj, by=request.user)  # type: ignore[attr-defined]

    def response_add(self, request: HttpRequest, obj: Endpoint, post_url_continue: str | None = None) -> HttpResponse:
        return self._shown(request, obj, request.new_secret)  # type: ignore[attr-defined]

    def _shown(self, request: HttpRequest, endpoint: Endpoint, secret: str) -> HttpResponse:
        advice = gettext("Copy it now: it is not shown again. The receiver at %(url)s checks every signature with it.")
        return shown_once.page(
            request,
            self.admin_site,
            title=gettext("The secret of this webhook"),
            advice=advice % {"url": endpoint.url},
            value=secret,
            back=reverse("admin:tickets_webhooks_endpoint_changelist"),
        )

    @admin.action(description=_("New secret"), permissions=["change"])
    def renew_secret(self, request: HttpRequest, queryset: QuerySet[Endpoint]) -> HttpResponse | None:
        endpoint = queryset.first()
        if endpoint is None or queryset.count() > 1:
            self.message_user(request, gettext("Choose one webhook at a time."), messages.WARNING)
            return None
        return self._shown(request, endpoint, actions.renew_secret(endpoint, by=request.user))


@admin.register(Sending)
class SendingAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "state", "status", "error", "kind", "number", "endpoint", "attempts", "next_at")
    list_filter = ("state", "endpoint")
    list_select_related = ("endpoint", "event__ticket")
    search_fields = ("event__ticket__public_id",)
    fields = (("endpoint", "kind", "number"), ("state", "attempts", "next_at"), ("status", "error", "sent_at"))
    actions = ("send_again",)

    @admin.display(description=_("event"))
    def kind(self, sending: Sending) -> str:
        return str(sending.event.get_kind_display())

    @admin.display(description=_("ticket"))
    def number(self, sending: Sending) -> str:
        return sending.event.ticket.reference

    def has_resend_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("tickets_webhooks.change_sending")

    @admin.action(description=_("Send again"), permissions=["resend"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Sending]) -> None:
        count = actions.send_again(queryset, by=request.user)
        message = ngettext("%(count)d is sent again.", "%(count)d are sent again.", count)
        self.message_user(request, message % {"count": count})
