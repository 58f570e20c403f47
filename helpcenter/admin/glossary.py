"""The words of the glossary, their files in and out."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import Field, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin

from helpcenter.actions import glossary_import
from helpcenter.admin.choosing import ChoosingAdmin
from helpcenter.admin.configuration import FreshensPages, HistoryAdmin
from helpcenter.admin.languages import language_choices
from helpcenter.admin.table_files import File, ManyFilesForm, TableFilesAdmin
from helpcenter.content.tables import Format
from helpcenter.models import GlossaryTerm
from helpcenter.models.glossary import TRANSLATED
from supportdesk.ui import languages
from supportdesk.ui.languages import column, content_languages

SAME_EVERYWHERE = ("key", "subject", "part_of_speech", "article", "is_shown", "is_linked", "is_searched", "position")


class TermLanguageFilter(admin.SimpleListFilter):
    """Words that have a term in a language."""

    title = _("term in")
    template = "admin/helpcenter/long_filter.html"
    parameter_name = "language"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return language_choices()

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        code = self.value()
        return queryset.exclude(_empty(column("term", code))) if code in content_languages() else queryset


class MissingDefinitionFilter(admin.SimpleListFilter):
    """Words without a definition in a language."""

    title = _("no definition in")
    template = "admin/helpcenter/long_filter.html"
    parameter_name = "missing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return language_choices()

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        code = self.value()
        return queryset.filter(_empty(column("definition", code))) if code in content_languages() else queryset


def _empty(name: str) -> Q:
    return Q(**{name: ""}) | Q(**{f"{name}__isnull": True})


class GlossaryFilesForm(ManyFilesForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sources"].help_text = _("Also “uses.yaml”, and definitions named after a language: “ja.yaml”.")


@admin.register(GlossaryTerm)
class GlossaryTermAdmin(TableFilesAdmin, FreshensPages, HistoryAdmin, ChoosingAdmin, TranslationAdmin):
    list_display = ("key", "english", "subject", "is_shown", "is_linked", "is_searched", "missing")
    list_filter = (TermLanguageFilter, MissingDefinitionFilter, "subject", "is_shown", "is_linked", "is_searched")
    autocomplete_fields = ("article",)
    actions = ("export_chosen",)
    import_form = GlossaryFilesForm
    table_name = "glossary"

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        return ["key", *(column(name, code) for name in ("term", "also") for code in content_languages())]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """What is the same everywhere, then a part for each language; all but English folded up."""
        parts: list[Any] = [(None, {"fields": [*SAME_EVERYWHERE, "note"]})]
        for code in content_languages():
            fields = [column(name, code) for name in TRANSLATED]
            classes = () if code == "en" else ("collapse",)
            parts.append((languages.language(code).name, {"fields": fields, "classes": classes}))
        return parts

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name.startswith("definition_"):
            kwargs["widget"] = forms.Textarea
        form_field = super().formfield_for_dbfield(db_field, request, **kwargs)
        code = next((c for c in content_languages() for n in TRANSLATED if column(n, c) == db_field.name), "")
        if code and form_field is not None:
            shown = languages.language(code)
            rows = {"rows": 3} if isinstance(form_field.widget, forms.Textarea) else {}
            form_field.widget.attrs |= {"lang": shown.tag, "dir": shown.direction, **rows}
        return form_field

    @admin.display(description=_("English term"), ordering="term_en")
    def english(self, word: GlossaryTerm) -> str:
        return word.text("term", "en")

    @admin.display(description=_("definitions missing"))
    def missing(self, word: GlossaryTerm) -> str:
        return ", ".join(code for code in content_languages() if not word.text("definition", code))

    def save_model(self, request: HttpRequest, obj: GlossaryTerm, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        glossary_import.note_change(_touched(form.changed_data), by=request.user)

    def delete_model(self, request: HttpRequest, obj: GlossaryTerm) -> None:
        super().delete_model(request, obj)
        glossary_import.note_change(content_languages(), by=request.user)

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        super().delete_queryset(request, queryset)
        glossary_import.note_change(content_languages(), by=request.user)

    # Files

    @admin.action(description=_("Export as a table (CSV)"), permissions=["view"])
    def export_chosen(self, request: HttpRequest, queryset: Any) -> HttpResponse:
        return self.exported(queryset.order_by("position", "key"), Format.CSV)

    def plan_import(self, files: list[File], data: dict[str, Any]) -> glossary_import.Plan:
        return glossary_import.plan(files)

    def apply_import(self, files: list[File], data: dict[str, Any], by: Any) -> glossary_import.Plan:
        return glossary_import.apply(files, by=by, digest=data["digest"])

    def import_columns(self) -> Sequence[str]:
        return glossary_import.export([])[0]

    def export_rows(self, queryset: QuerySet[GlossaryTerm]) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        return glossary_import.export(queryset)


def _touched(changed: Sequence[str]) -> set[str]:
    """The languages in which readers may see a difference; all where a field changed that every language has."""
    own = {code for code in content_languages() for name in TRANSLATED if column(name, code) in changed}
    return set(content_languages()) if set(changed) & set(SAME_EVERYWHERE) else own
