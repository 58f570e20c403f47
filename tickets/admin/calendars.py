"""Calendars: the hours of a week, special dates, and holidays from a file."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from tickets.actions import publishing_policies
from tickets.admin.publishing import PublishingAdmin
from tickets.calendars import Calendar as Hours
from tickets.calendars import pairs_of
from tickets.errors import InvalidInput
from tickets.models import Calendar, CalendarDate
from tickets.models.policy import DAYS
from tickets.policies import ALWAYS

LARGEST = 200_000  # bytes of a file of holidays


def _checked_hours(text: str) -> str:
    """Hours of a day as they are stored. Raises ValidationError."""
    try:
        return ", ".join("-".join(pair) for pair in pairs_of(text))
    except InvalidInput as error:
        raise forms.ValidationError(str(error)) from error


class CalendarForm(forms.ModelForm):
    class Meta:
        model = Calendar
        fields = ("key", "name", "tz", *DAYS)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for day in DAYS:
            if day in self.fields:
                self.fields[day].widget.attrs["placeholder"] = gettext("closed")
                self.fields[day].widget.attrs["dir"] = "ltr"
        if DAYS[0] in self.fields:
            self.fields[DAYS[0]].help_text = _("Such as 09:00-12:00, 13:00-18:00. Empty: closed.")

    def clean(self) -> dict[str, Any]:
        """Each day that is wrong is told beside it."""
        data = super().clean() or {}
        for day in DAYS:
            try:
                data[day] = _checked_hours(data.get(day, ""))
            except forms.ValidationError as error:
                self.add_error(day, error)
        return data

    def clean_key(self) -> str:
        if self.cleaned_data["key"] == ALWAYS:
            raise forms.ValidationError(_("This key means round the clock. Choose another."))
        return str(self.cleaned_data["key"])

    def clean_tz(self) -> str:
        try:
            return Hours.from_dict({"tz": self.cleaned_data["tz"].strip()}).tz
        except InvalidInput as error:
            raise forms.ValidationError(str(error)) from error


class CalendarDateForm(forms.ModelForm):
    class Meta:
        model = CalendarDate
        fields = ("day", "hours", "name")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "hours" in self.fields:
            self.fields["hours"].widget.attrs |= {"placeholder": gettext("closed"), "dir": "ltr"}

    def clean_hours(self) -> str:
        return _checked_hours(self.cleaned_data["hours"])


class CalendarDateInline(admin.TabularInline):
    model = CalendarDate
    form = CalendarDateForm
    extra = 3


class HolidaysForm(forms.Form):
    """A file, or the same as text: what was compared stands in the text and is what is added."""

    file = forms.FileField(label=_("CSV file"), required=False)
    text = forms.CharField(
        label=_("Or the lines themselves"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 12, "cols": 60, "dir": "auto"}),
        help_text=_("One date in a line and its name after a comma, such as 2026-12-25,Christmas."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("file"):
            data["text"] = self._read(data["file"])
        elif not data.get("text", "").strip():
            self.add_error("text", _("Choose a file, or write at least one line."))
        return data

    def _read(self, file: Any) -> str:
        if file.size > LARGEST:
            self.add_error("file", _("The file is larger than 200 kB. A year of holidays is far smaller: look at it."))
            return ""
        try:
            return str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            self.add_error("file", _("The file is not in UTF-8. Save it as “CSV UTF-8” and choose it again."))
            return ""


@admin.register(Calendar)
class CalendarAdmin(PublishingAdmin):
    """Calendars are never deleted: old clocks name the calendar that they counted by."""

    form = CalendarForm
    change_form_template = "admin/tickets/calendar/change_form.html"
    list_display = ("name", "key", "tz", "dates_count")
    search_fields = ("key", "name")
    fieldsets = (
        (None, {"fields": ("key", "name", "tz")}),
        (_("Hours of a week"), {"fields": DAYS}),
    )
    inlines = (CalendarDateInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Calendar]:
        return super().get_queryset(request).annotate(date_count=Count("dates"))

    def get_readonly_fields(self, request: HttpRequest, obj: Calendar | None = None) -> tuple[str, ...]:
        return ("key",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Its dates may be taken out of its page, the calendar itself may not."""
        return False

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.holidays)
        return [path("<int:pk>/holidays/", page, name="tickets_calendar_holidays"), *super().get_urls()]

    @admin.display(description=_("special dates"), ordering="date_count")
    def dates_count(self, calendar: Any) -> int:
        return int(calendar.date_count)

    def holidays(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Compare a list of holidays with the calendar, then add what is new."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        calendar = Calendar.objects.filter(pk=pk).first()
        if calendar is None:
            raise Http404
        form = HolidaysForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
        if request.method != "POST" or not form.is_valid():
            return self._compared(request, calendar, form, [])
        lines = publishing_policies.read_holidays(form.cleaned_data["text"])
        if "_apply" in request.POST and lines and not any(line.problem for line in lines):
            return self._added(request, calendar, lines)
        return self._compared(request, calendar, HolidaysForm(initial={"text": form.cleaned_data["text"]}), lines)

    def _added(
        self, request: HttpRequest, calendar: Calendar, lines: list[publishing_policies.Holiday]
    ) -> HttpResponse:
        count = publishing_policies.add_holidays(calendar, lines, by=request.user)
        text = ngettext("%(count)d date was added.", "%(count)d dates were added.", count) % {"count": count}
        self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:tickets_calendar_change", args=[calendar.pk]))

    def _compared(
        self, request: HttpRequest, calendar: Calendar, form: HolidaysForm, lines: list[publishing_policies.Holiday]
    ) -> HttpResponse:  # fmt: skip
        there = set(calendar.dates.values_list("day", flat=True))
        context = self.framed(request, gettext("Holidays of %(calendar)s") % {"calendar": calendar})
        context |= {"form": form, "rows": [(line, line.day in there) for line in lines]}
        context["may_apply"] = lines and not any(line.problem for line in lines)
        return TemplateResponse(request, "admin/tickets/calendar/holidays.html", context)
