"""Words that a search takes for the same."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from helpcenter.actions import search_words, synonym_import, upkeep
from helpcenter.admin.configuration import FreshensPages, HistoryAdmin
from helpcenter.admin.languages import language_choices
from helpcenter.admin.table_files import File, ImportForm, TableFilesAdmin, table_in
from helpcenter.models import Synonym
from helpcenter.models.search_log import tidied

ALL = "all"


class SynonymForm(forms.ModelForm):
    language = forms.ChoiceField(
        label=_("Language"), choices=lambda: [("", _("All languages")), *language_choices()], required=False
    )

    class Meta:
        model = Synonym
        fields = ("language", "words")

    def clean_words(self) -> str:
        words = tidied(self.cleaned_data["words"])
        if fault := search_words.fault_in_synonyms(words):
            raise forms.ValidationError(fault)
        return words


class SynonymImportForm(ImportForm):
    removes = forms.BooleanField(
        label=_("Remove the groups that the file does not name"),
        required=False,
        help_text=_("Nothing is removed while a row of the file is left out."),
    )


class SynonymLanguageFilter(admin.SimpleListFilter):
    """Groups of one language; those that hold in all of them have none."""

    title = _("Language")
    template = "admin/helpcenter/long_filter.html"
    parameter_name = "language"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(ALL, str(_("All languages"))), *language_choices()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        code = self.value()
        return queryset.filter(language="" if code == ALL else code) if code else queryset


@admin.register(Synonym)
class SynonymAdmin(TableFilesAdmin, FreshensPages, HistoryAdmin):
    form = SynonymForm
    list_display = ("words", "language")
    list_filter = (SynonymLanguageFilter,)
    search_fields = ("words",)
    import_form = SynonymImportForm
    table_name = "synonyms"

    def save_model(self, request: HttpRequest, obj: Synonym, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        upkeep.synonym_added(obj.language, obj.terms(), by=request.user)

    def make_form(self, request: HttpRequest, *args: Any, **options: Any) -> ImportForm:
        """Who may not delete is not offered to remove."""
        form = super().make_form(request, *args, **options)
        if not self.has_delete_permission(request):
            del form.fields["removes"]
        return form

    def plan_import(self, files: list[File], data: dict[str, Any]) -> synonym_import.Plan:
        return synonym_import.plan(table_in(files), removes=data.get("removes", False))

    def apply_import(self, files: list[File], data: dict[str, Any], by: Any) -> synonym_import.Plan:
        return synonym_import.apply(table_in(files), by=by, digest=data["digest"], removes=data.get("removes", False))

    def import_columns(self) -> Sequence[str]:
        return synonym_import.COLUMNS

    def export_rows(self, queryset: QuerySet[Synonym]) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        return synonym_import.export(queryset)
