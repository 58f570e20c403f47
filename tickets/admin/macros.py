"""Prepared replies, views and tags."""

from typing import Any

from adminsortable2.admin import SortableAdminMixin
from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from helpcenter.admin.choosing import ChoosingAdmin
from supportdesk import guard
from supportdesk.ui.languages import column, content_languages
from tickets.admin.staff import StaffChoosingAdmin
from tickets.admin.translated import TranslatedAdmin
from tickets.models import Macro, SavedView, Tag


class MacroForm(forms.ModelForm):
    class Meta:
        model = Macro
        fields = "__all__"  # noqa: DJ007 - the admin names them

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
