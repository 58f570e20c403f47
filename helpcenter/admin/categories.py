"""The category tree."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin
from simple_history.admin import SimpleHistoryAdmin

from helpcenter.admin.configuration import FreshensPages
from helpcenter.models import Category


@admin.register(Category)
class CategoryAdmin(FreshensPages, SimpleHistoryAdmin, TranslationAdmin):
    list_display = ("indented", "slug", "position")
    search_fields = ("slug", "name_en", "name_zh_hans")
    autocomplete_fields = ("parent",)
    ordering = ("position",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Category]:
        return Category.objects.in_order()

    @admin.display(description=_("name"))
    def indented(self, category: Category) -> str:
        return "\u2003" * getattr(category, "tree_depth", 0) + (category.name_en or category.slug)
