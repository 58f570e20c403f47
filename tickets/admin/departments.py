"""Departments."""

from adminsortable2.admin import SortableAdminMixin
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from tickets.admin.translated import TranslatedAdmin
from tickets.models import Department


@admin.register(Department)
class DepartmentAdmin(SortableAdminMixin, TranslatedAdmin):
    list_display = ("label", "key", "is_discreet", "target_minutes")
    search_fields = ("key", "name_en", "name_zh_hans")
    same_everywhere = ("key", "is_discreet", "target_minutes")
    translated = ("name", "public_name")

    @admin.display(description=_("name"))
    def label(self, department: Department) -> str:
        return str(department)
