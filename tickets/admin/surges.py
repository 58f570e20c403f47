"""Surges for operators: the knobs of the detector, texts for readers, sources of market signals, and the records."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from supportdesk.ui import shown_once
from supportdesk.ui.languages import column, content_languages
from supportdesk.ui.records import ReadOnlyAdmin
from tickets.actions import guarding, market_signals
from tickets.admin.translated import TranslatedAdmin
from tickets.errors import TicketError
from tickets.models import MarketSignal, SignalSource, SurgeRule, SurgeSetup, SurgeText, SurgeTransition


@admin.register(SurgeSetup)
class SurgeSetupAdmin(admin.ModelAdmin):
    """One row; without it the defaults count."""

    list_display = ("__str__", "threshold", "is_automatic", "auto_after", "shows_band", "acknowledges")


class SurgeTextForm(forms.ModelForm):
    class Meta:
        model = SurgeText
        fields = "__all__"  # noqa: DJ007 - the admin names them

    def clean(self) -> dict[str, Any]:
        """Readers and customers get these texts without another look: what asks for a secret, or holds one, is refused
        here."""
        data = super().clean() or {}
        names = (column(name, code) for name in SurgeTextAdmin.translated for code in content_languages())
        for name in names:
            try:
                guarding.outgoing(data.get(name) or "-", field=name)
            except TicketError as error:
                self.add_error(name, str(error))
        return data


@admin.register(SurgeText)
class SurgeTextAdmin(TranslatedAdmin):
    form = SurgeTextForm
    list_display = ("key", "topic", "title")
    list_select_related = ("topic",)
    search_fields = ("key", "title_en", "title_zh_hans")
    same_everywhere = ("key", "topic")
    translated = ("title", "body", "acknowledgement")


@admin.register(SurgeRule)
class SurgeRuleAdmin(admin.ModelAdmin):
    """Laid down ahead; the page of the state shows what each would do, and undoes it."""

    list_display = ("name", "topic", "holds_from", "priority", "is_active")
    list_filter = ("is_active", "holds_from", "priority")
    list_select_related = ("topic",)
    search_fields = ("name",)


@admin.register(SignalSource)
class SignalSourceAdmin(admin.ModelAdmin):
    list_display = ("name", "is_active", "created_at")
    fields = ("name", "is_active")
    actions = ("renew_secret",)

    def save_model(self, request: HttpRequest, obj: SignalSource, form: Any, change: bool) -> None:
        request.new_secret = market_signals.save_source(obj, by=request.user)  # type: ignore[attr-defined]

    def response_add(
        self, request: HttpRequest, obj: SignalSource, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._shown(request, obj, request.new_secret)  # type: ignore[attr-defined]

    def _shown(self, request: HttpRequest, source: SignalSource, secret: str) -> HttpResponse:
        advice = gettext("Copy it now: it is not shown again. The source %(name)s signs every signal with it.")
        return shown_once.page(
            request,
            self.admin_site,
            title=gettext("The secret of this source"),
            advice=advice % {"name": source.name},
            value=secret,
            back=reverse("admin:tickets_signalsource_changelist"),
        )

    @admin.action(description=_("New secret"), permissions=["change"])
    def renew_secret(self, request: HttpRequest, queryset: QuerySet[SignalSource]) -> HttpResponse | None:
        source = queryset.first()
        if source is None or queryset.count() > 1:
            self.message_user(request, gettext("Choose one source at a time."), messages.WARNING)
            return None
        return self._shown(request, source, market_signals.renew_secret(source, by=request.user))


@admin.register(MarketSignal)
class MarketSignalAdmin(ReadOnlyAdmin):
    list_display = ("received_at", "source", "kind", "level", "symbol", "at", "until")
    list_filter = ("source", "kind", "level")
    list_select_related = ("source",)
    fields = (("source", "received_at"), ("kind", "level", "symbol"), ("at", "until"))


@admin.register(SurgeTransition)
class SurgeTransitionAdmin(ReadOnlyAdmin):
    list_display = ("at", "came_from", "to", "why", "by")
    list_filter = ("to", "why")
    list_select_related = ("by",)
    fields = (("at", "why"), ("came_from", "to"), "streams", "by")
