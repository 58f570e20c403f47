"""The words of the glossary, their files in and out."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Field, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin

from helpcenter.actions import glossary_import
from helpcenter.actions.glossary_import import Report
from helpcenter.admin.choosing import ChoosingAdmin
from helpcenter.admin.configuration import FreshensPages, HistoryAdmin
from helpcenter.models import GlossaryTerm
from helpcenter.models.glossary import TRANSLATED
from supportdesk.ui import languages
from supportdesk.ui.languages import column, content_languages

LARGEST_FILE = 2 * 1024 * 1024  # bytes; the table that ships has 70 KB
MOST_FILES = 30
SAME_EVERYWHERE = ("key", "subject", "part_of_speech", "article", "is_shown", "is_linked", "is_searched", "position")


class MissingDefinitionFilter(admin.SimpleListFilter):
    """Words without a definition in a language."""

    title = _("no definition in")
    template = "admin/helpcenter/long_filter.html"
    parameter_name = "missing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(code, languages.language(code).name) for code in content_languages()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        code = self.value()
        if code not in content_languages():
            return queryset
        own = column("definition", code)
        return queryset.filter(Q(**{own: ""}) | Q(**{f"{own}__isnull": True}))


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Files of a glossary, read: name and bytes of each."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[tuple[str, bytes]]:
        files = [super(FilesField, self).clean(file, initial) for file in data or [None]]
        if len(files) > MOST_FILES or sum(file.size for file in files) > LARGEST_FILE:
            raise forms.ValidationError(_("Choose at most 30 files, together at most 2 MB."))
        return [(file.name, file.read()) for file in files]


class ImportForm(forms.Form):
    sources = FilesField(
        label=_("Files"), help_text=_("A table “*.csv”, “uses.yaml”, definitions named after a language: “ja.yaml”.")
    )


@admin.register(GlossaryTerm)
class GlossaryTermAdmin(FreshensPages, HistoryAdmin, ChoosingAdmin, TranslationAdmin):
    list_display = ("key", "english", "subject", "is_shown", "is_linked", "is_searched", "missing")
    list_filter = (MissingDefinitionFilter, "subject", "is_shown", "is_linked", "is_searched")
    autocomplete_fields = ("article",)
    actions = ("export",)
    change_list_template = "admin/helpcenter/glossary/change_list.html"

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

    def get_urls(self) -> list[URLPattern]:
        screen = self.admin_site.admin_view(self.import_files)
        return [path("import/", screen, name="helpcenter_glossaryterm_import"), *super().get_urls()]

    @admin.action(description=_("Export as a table (CSV)"), permissions=["view"])
    def export(self, request: HttpRequest, queryset: Any) -> HttpResponse:
        table = glossary_import.export_table(queryset.order_by("position", "key"))
        answer = HttpResponse(table, content_type="text/csv; charset=utf-8")
        answer.headers["Content-Disposition"] = 'attachment; filename="glossary.csv"'
        return answer

    def import_files(self, request: HttpRequest) -> HttpResponse:
        """Take in a table and definitions; what cannot be taken is listed with its line, and nothing else is lost."""
        if not (self.has_add_permission(request) and self.has_change_permission(request)):
            raise PermissionDenied
        form, report = ImportForm(*((request.POST, request.FILES) if request.method == "POST" else ())), None
        if form.is_valid():
            report = glossary_import.import_glossary(form.cleaned_data["sources"], by=request.user)
            self.message_user(request, _told(report), messages.WARNING if report.problems else messages.SUCCESS)
            if not report.problems:
                return HttpResponseRedirect(reverse("admin:helpcenter_glossaryterm_changelist"))
        page = {**self.admin_site.each_context(request), "opts": self.opts, "title": capfirst(gettext("import files"))}
        context = page | {"form": form, "report": report, "media": self.media + form.media}
        return TemplateResponse(request, "admin/helpcenter/glossary/import.html", context)


def _touched(changed: Sequence[str]) -> set[str]:
    """The languages in which readers may see a difference; all where a field changed that every language has."""
    own = {code for code in content_languages() for name in TRANSLATED if column(name, code) in changed}
    return set(content_languages()) if set(changed) & set(SAME_EVERYWHERE) else own


def _told(report: Report) -> str:
    counts = gettext("Words added: %(added)d, changed: %(changed)d, unchanged: %(unchanged)d.")
    told = counts % {"added": report.added, "changed": report.changed, "unchanged": report.unchanged}
    if not report.problems:
        return told
    left = ngettext("%(count)d row was left out.", "%(count)d rows were left out.", len(report.problems))
    return f"{told} {left % {'count': len(report.problems)}}"
