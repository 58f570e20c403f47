"""The category tree."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.db.models import Field, QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin

from helpcenter.actions import category_import
from helpcenter.admin.choosing import ChoosingAdmin
from helpcenter.admin.configuration import FreshensPages, HistoryAdmin
from helpcenter.admin.table_files import File, TableFilesAdmin, table_in
from helpcenter.models import Category


class TreeList(ChangeList):
    """Branches stay together unless somebody sorts by a column."""

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        return list(super().get_ordering(request, queryset)) if ORDER_VAR in self.params else ["tree_ordering"]

    def get_ordering_field_columns(self) -> dict[int, Any]:
        return super().get_ordering_field_columns() if ORDER_VAR in self.params else {}


@admin.register(Category)
class CategoryAdmin(TableFilesAdmin, FreshensPages, HistoryAdmin, ChoosingAdmin, TranslationAdmin):
    list_display = ("indented", "slug", "place")
    search_fields = ("slug", "name_en", "name_zh_hans")
    autocomplete_fields = ("parent",)
    table_name = "categories"
    ordering = ("position",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Category]:
        return Category.objects.in_order()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return TreeList

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "position":  # the library's field has no name in other languages
            kwargs["label"] = capfirst(_("position"))
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def plan_import(self, files: list[File], data: dict[str, Any]) -> category_import.Plan:
        return category_import.plan(table_in(files))

    def apply_import(self, files: list[File], data: dict[str, Any], by: Any) -> category_import.Plan:
        return category_import.apply(table_in(files), by=by, digest=data["digest"])

    def import_columns(self) -> Sequence[str]:
        return category_import.columns()

    def export_rows(self, queryset: QuerySet[Category]) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        return category_import.export(queryset)

    @admin.display(description=_("position"), ordering="position")
    def place(self, category: Category) -> int:
        return category.position

    @admin.display(description=_("name"))
    def indented(self, category: Category) -> str:
        return "\u2003" * getattr(category, "tree_depth", 0) + (category.name or category.name_en or category.slug)
