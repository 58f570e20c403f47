"""Tables of rows out to files and in from them: one screen to choose a format, one to compare and then to apply."""

import base64
import binascii
import json
import zlib
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from helpcenter.actions.import_plan import Plan
from helpcenter.content import tables
from helpcenter.content.table_limits import LARGEST
from helpcenter.content.tables import Format, Table
from helpcenter.errors import BadTable, ContentError, StalePlan

File = tuple[str, bytes]
LARGEST_PACKED = 1_900_000  # characters; forms without their files may have 2 MiB
MOST_FILES = 30
MOST_SHOWN = 500  # changes, and as many refusals
FORMATS = (
    (Format.XLSX, _("Workbook (XLSX)")),
    (Format.CSV_FOR_EXCEL, _("CSV for Excel (UTF-8 with a mark)")),
    (Format.CSV, _("CSV (UTF-8)")),
)


def pack(files: Sequence[File]) -> str:
    """Files as the value of a hidden field, so that what was compared is what is applied."""
    names = json.dumps([[name, len(data)] for name, data in files]).encode()
    return base64.b64encode(zlib.compress(b"\n".join([names, b"".join(data for _name, data in files)]), 9)).decode()


def unpack(packed: str) -> list[File]:
    """Raises BadTable for what `pack` has not made."""
    try:
        unpacked = zlib.decompressobj().decompress(base64.b64decode(packed, validate=True), LARGEST + 100_000)
        names, _line, data = unpacked.partition(b"\n")
        files, start = [], 0
        for name, size in json.loads(names)[:MOST_FILES]:
            files.append((str(name), data[start : start + int(size)]))
            start += int(size)
    except (binascii.Error, zlib.error, ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
        raise BadTable(gettext("The comparison did not come back whole. Choose the file again.")) from error
    return files


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Files, read: name and bytes of each."""

    def __init__(self, *, many: bool = False, **options: Any) -> None:
        super().__init__(widget=SeveralFiles if many else forms.FileInput, **options)
        self.many = many

    def clean(self, data: Any, initial: Any = None) -> list[File]:
        chosen = (data if isinstance(data, list) else [data]) if data else []
        files = [super(FilesField, self).clean(file, initial) for file in chosen]
        if len(files) > MOST_FILES or sum(file.size for file in files) > LARGEST:
            raise forms.ValidationError(_("Choose files of at most 5 MB together, and at most 30."))
        return [(file.name, file.read()) for file in files]


class ImportForm(forms.Form):
    """Files to compare; once compared they travel with the form."""

    sources = FilesField(label=_("File"), required=False)
    packed = forms.CharField(widget=forms.HiddenInput, required=False)
    digest = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        try:
            data["sources"] = data.get("sources") or (unpack(data["packed"]) if data.get("packed") else [])
        except BadTable as error:
            raise forms.ValidationError({"sources": str(error)}) from error
        if not data["sources"]:
            raise forms.ValidationError({"sources": _("Choose a file.")})
        data["packed"] = pack(data["sources"])
        if len(data["packed"]) > LARGEST_PACKED:
            raise forms.ValidationError({"sources": _("The file is too large to be compared at once. Split it.")})
        return data


class ManyFilesForm(ImportForm):
    sources = FilesField(label=_("Files"), required=False, many=True)


class ExportForm(forms.Form):
    format = forms.ChoiceField(label=_("Format"), choices=FORMATS, initial=Format.XLSX, widget=forms.RadioSelect)


class TableFilesAdmin(admin.ModelAdmin):
    """Mixed into the admin of a model whose rows go in and out as tables; the actions of its import do the work."""

    change_list_template = "admin/helpcenter/tables/change_list.html"
    import_form: ClassVar[type[ImportForm]] = ImportForm
    table_name = ""  # of the exported file
    where: str | Promise = _("Column")  # what steps name beside the row

    def plan_import(self, files: list[File], data: dict[str, Any]) -> Plan:
        raise NotImplementedError

    def apply_import(self, files: list[File], data: dict[str, Any], by: Any) -> Plan:
        raise NotImplementedError

    def import_columns(self) -> Sequence[str]:
        raise NotImplementedError

    def export_rows(self, queryset: QuerySet[Any]) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        raise NotImplementedError

    def get_urls(self) -> list[URLPattern]:
        def named(view: Any, verb: str) -> URLPattern:
            name = f"{self.opts.app_label}_{self.opts.model_name}_{verb}"
            return path(f"{verb}/", self.admin_site.admin_view(view), name=name)

        return [named(self.compare, "import"), named(self.export, "export"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        tools = {
            "import_url": self._url("import") if self._may_import(request) else "",
            "export_url": self._url("export"),
        }
        return super().changelist_view(request, {**(extra_context or {}), **tools})

    # In

    def make_form(self, request: HttpRequest, *args: Any, **options: Any) -> ImportForm:
        return self.import_form(*args, **options)

    def compare(self, request: HttpRequest) -> HttpResponse:
        """Upload -> what each line would do -> do exactly that."""
        if not self._may_import(request):
            raise PermissionDenied
        form = self.make_form(request, *((request.POST, request.FILES) if request.method == "POST" else ()))
        plan = None
        if request.method == "POST" and form.is_valid():
            try:
                if "_apply" in request.POST:
                    return self._applied(request, form.cleaned_data)
                plan = self.plan_import(form.cleaned_data["sources"], form.cleaned_data)
            except StalePlan as error:
                self.message_user(request, str(error), messages.WARNING)
                plan = self.plan_import(form.cleaned_data["sources"], form.cleaned_data)
            except ContentError as error:
                form.add_error("sources", str(error))
        return self._compared(request, form, plan)

    def _may_import(self, request: HttpRequest) -> bool:
        return self.has_change_permission(request) and self.has_add_permission(request)

    def _applied(self, request: HttpRequest, data: dict[str, Any]) -> HttpResponse:
        data["digest"] = data["digest"] or "-"  # nothing is applied that nobody has seen
        plan = self.apply_import(data["sources"], data, request.user)
        level = messages.WARNING if plan.refused else messages.SUCCESS
        self.message_user(request, gettext("Applied: %(counts)s.") % {"counts": _told(plan)}, level)
        return HttpResponseRedirect(self._url("changelist"))

    def _compared(self, request: HttpRequest, form: ImportForm, plan: Plan | None) -> HttpResponse:
        files = form.cleaned_data["sources"] if plan is not None else []
        if plan is not None:
            form = self.make_form(request, initial={**form.cleaned_data, "sources": None, "digest": plan.digest})
        title = gettext("Import: %(rows)s") % {"rows": self.opts.verbose_name_plural}
        context = self._page(request, title) | {
            "form": form,
            "plan": plan,
            "columns": self.import_columns(),
            "where": self.where,
        }
        context |= {"names": [name for name, _data in files], "told": _told(plan) if plan else ""}
        context |= {"refused": _shown(plan.refused), "changes": _shown(plan.changes)} if plan else {}
        return TemplateResponse(request, "admin/helpcenter/tables/import.html", context)

    # Out

    def export(self, request: HttpRequest) -> HttpResponse:
        """Choose a format -> the rows of the list as it is filtered, as a file."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        form = ExportForm(*((request.POST,) if request.method == "POST" else ()))
        try:
            rows: QuerySet[Any] = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(f"{self._url('changelist')}?e=1")
        if request.method == "POST" and form.is_valid():
            return self.exported(rows, Format(form.cleaned_data["format"]))
        title = gettext("Export: %(rows)s") % {"rows": self.opts.verbose_name_plural}
        context = self._page(request, title) | {"form": form, "count": rows.count()}
        return TemplateResponse(request, "admin/helpcenter/tables/export.html", context)

    def exported(self, rows: QuerySet[Any], form: Format) -> HttpResponse:
        answer = HttpResponse(tables.write(*self.export_rows(rows), form), content_type=tables.CONTENT_TYPES[form])
        name = f"{self.table_name}-{timezone.now():%Y-%m-%d}.{form.partition('-')[0]}"
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer

    def _page(self, request: HttpRequest, title: str) -> dict[str, Any]:
        own = {"opts": self.opts, "title": capfirst(title), "list_url": self._url("changelist"), "media": self.media}
        return {**self.admin_site.each_context(request), **own}

    def _url(self, verb: str) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{verb}")


def table_in(files: list[File]) -> Table:
    """The table of the one file that was chosen. Raises BadTable."""
    return tables.read(*files[0])


def _told(plan: Plan) -> str:
    """How many lines of the file add, change or do nothing, and how many rows it does not name."""
    counts = ", ".join(f"{count} {effect.label}" for effect, count in plan.counts.items() if count)
    if not plan.kept:
        return counts or gettext("nothing to do")
    kept = ngettext("%(count)d not named and kept", "%(count)d not named and kept", plan.kept) % {"count": plan.kept}
    return f"{counts}, {kept}" if counts else kept


def _shown(steps: list[Any]) -> dict[str, Any]:
    return {"steps": steps[:MOST_SHOWN], "more": max(0, len(steps) - MOST_SHOWN)}
