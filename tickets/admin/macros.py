"""Prepared replies, views and tags."""

from typing import Any

from adminsortable2.admin import SortableAdminMixin
from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from helpcenter.admin.choosing import ChoosingAdmin
from supportdesk import guard
from supportdesk.ui.languages import column, content_languages
from tickets.actions import macro_uses
from tickets.admin.staff import StaffChoosingAdmin
from tickets.admin.translated import TranslatedAdmin
from tickets.enums import Status
from tickets.models import Macro, SavedView, Tag

AFTER_A_REPLY = (Status.OPEN, Status.PENDING, Status.SOLVED)
VARIABLES = "{{ customer }} {{ reference }} {{ agent }} {{ article:slug }} {{ fact:key }}"


class MacroForm(forms.ModelForm):
    class Meta:
        model = Macro
        fields = "__all__"  # noqa: DJ007 - the admin names them

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        if (text := self.fields.get(column("body", "en"))) is not None:  # who may only look has no fields
            text.help_text = f"{_('What stands in double braces is filled in:')} {VARIABLES}"
        if (status := self.fields.get("set_status")) is not None:
            self._narrow(status)

    def _narrow(self, status: Any) -> None:
        """A reply leaves a ticket open, pending or solved. What an older macro says is kept."""
        kept = {"", *AFTER_A_REPLY, self.instance.set_status}
        status.choices = [(value, label) for value, label in status.choices if value in kept]

    def clean(self) -> dict[str, Any]:
        """A key or a seed phrase must not be stored; what asks for one is refused when the reply is sent."""
        data = super().clean() or {}
        for name in (column("body", code) for code in content_languages()):
            if guard.findings(data.get(name) or ""):
                self.add_error(name, _("This text holds a key or a seed phrase. Take it out: it must never be stored."))
        return data


@admin.register(Macro)
class MacroAdmin(SortableAdminMixin, StaffChoosingAdmin, ChoosingAdmin, TranslatedAdmin):
    form = MacroForm
    staff = ("owner",)
    list_display = ("name", "topic", "owner", "set_status", "is_active", "uses")
    list_filter = ("is_active", "topic", "set_status")
    list_select_related = ("topic", "owner")
    search_fields = ("name", "body_en", "body_zh_hans")
    same_everywhere = (
        "name",
        "owner",
        "topic",
        "set_status",
        "set_priority",
        "set_department",
        "add_tags",
        "is_active",
        "uses",
    )
    translated = ("body",)
    readonly_fields = ("uses",)
    fixed = ()
    autocomplete_fields = ("add_tags",)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        macro_uses.note_macro(form.instance)

    def delete_model(self, request: HttpRequest, obj: Macro) -> None:
        macro_uses.forget_macro(obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Macro]) -> None:
        for macro in queryset:
            macro_uses.forget_macro(macro)
        super().delete_queryset(request, queryset)


@admin.register(SavedView)
class SavedViewAdmin(SortableAdminMixin, StaffChoosingAdmin, admin.ModelAdmin):
    staff = ("owner",)
    list_display = ("name", "owner", "query")
    list_select_related = ("owner",)
    search_fields = ("name", "query")
    fields = ("name", "owner", "query")


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin):
    list_display = ("name",)
    search_fields = ("name",)
