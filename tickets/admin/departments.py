"""Departments."""

from adminsortable2.admin import SortableAdminMixin
from django.contrib import admin

from tickets.admin.translated import TranslatedAdmin
from tickets.models import Department


@admin.register(Department)
class DepartmentAdmin(SortableAdminMixin, TranslatedAdmin):
    list_display = ("name", "key", "is_discreet", "target_minutes")
    search_fields = ("key", "name")
    same_everywhere = ("key", "name", "is_discreet", "target_minutes")
    translated = ("public_name",)
