"""Announcements: their window, and the text of one language at a time."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_lazy as _

from helpcenter.actions.announcing import (
    AnnouncementText,
    approve_announcement,
    changes_waiting,
    dead_links,
    discard_pending,
    save_announcement,
    with_pending,
    written_summary,
)
from helpcenter.actions.drafting import stale_draft
from helpcenter.admin.editing import EditingAdmin, MarkdownEditor
from helpcenter.admin.languages import (
    edited_language,
    filled_with,
    language_choices,
    mark_language,
    tabs,
    with_language,
)
from helpcenter.admin.refusals import RefusingAdmin, see_again
from helpcenter.admin.slugs import slug_of_announcement
from helpcenter.errors import ContentError
from helpcenter.models import Announcement
from supportdesk.ui import languages
from supportdesk.ui.languages import column, content_languages

DECIDE = "helpcenter_announcement_decide"
WINDOW = _(
    "Readers find it from the moment of publication on; without one it is a draft. A band is on top of every page from "
    "the beginning to the end; without them, from publication on."
)


class AnnouncementForm(forms.ModelForm):
    text_language = forms.ChoiceField(choices=language_choices, widget=forms.HiddenInput, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    text_title = forms.CharField(label=_("Title"), max_length=200)
    text_summary = forms.CharField(
        label=_("Summary"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    text_body = forms.CharField(label=_("Text (Markdown)"), required=False, strip=False, widget=MarkdownEditor)

    source_language = forms.ChoiceField(label=_("Source language"), choices=language_choices)

    class Meta:
        model = Announcement
        fields = ("slug", "kind", "source_language", "is_band", "published_at", "starts_at", "ends_at")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mark_language(self, ("text_title", "text_summary", "text_body"))
        if slug := self.fields.get("slug"):  # who may only look is shown values without fields
            slug.required = False
            slug.help_text = _("In every language the same. Empty: made of the English title.")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self._clean_address(data)
        starts, ends = data.get("starts_at"), data.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _("The end has to come after the beginning."))
        saved = self.instance.updated_at.isoformat() if self.instance.pk else ""
        if saved and data.get("seen") and data["seen"] != saved:
            see_again(self, saved)
            self.add_error(None, stale_draft())
        return data

    def _clean_address(self, data: dict[str, Any]) -> None:
        """The slug that was typed, else one of the English title."""
        if data.get("slug") or "slug" in self.errors or "text_title" in self.errors:
            return
        language = data.get("text_language") or data.get("source_language", "")
        try:
            data["slug"] = slug_of_announcement(data.get("text_title", ""), language)
        except ContentError as error:
            self.add_error("slug", str(error))


class WaitingFilter(admin.SimpleListFilter):
    title = _("second person")
    parameter_name = "second"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("waiting", _("waits for a second person"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.waiting() if self.value() == "waiting" else queryset


@admin.register(Announcement)
class AnnouncementAdmin(EditingAdmin, RefusingAdmin):
    form = AnnouncementForm
    change_form_template = "admin/helpcenter/announcement/change_form.html"
    list_display = ("slug", "shown_title", "kind", "standing", "is_band", "published_at", "window")
    list_display_links = ("slug", "shown_title")
    list_filter = (WaitingFilter, "kind", "is_band")
    search_fields = ("slug",)  # and titles: see get_search_fields
    fieldsets = (
        (_("Text"), {"fields": ("text_title", "text_summary", "text_body", "text_language", "seen")}),
        (_("Announcement"), {"fields": (("slug", "kind"), ("source_language", "is_band"))}),
        (_("Window (UTC)"), {"fields": ("published_at", "starts_at", "ends_at"), "description": WINDOW}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Announcement]:
        return Announcement.objects.rewrite(False).select_related("written_by", "approved_by")

    def get_urls(self) -> list[URLPattern]:
        address = path("<int:pk>/second-person/", self.admin_site.admin_view(self.decide), name=DECIDE)
        return [address, *super().get_urls()]

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Announcement | None:
        """The announcement with the change that waits: that is what the next writer goes on from."""
        found = super().get_object(request, object_id, from_field)
        return with_pending(found) if found is not None else None

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        return ["slug", *(column("title", code) for code in content_languages())]

    @admin.display(description=_("title"))
    def shown_title(self, announcement: Announcement) -> str:
        """In the language of the person, else in that of its source."""
        wanted = (get_language() or "en", announcement.source_language, *announcement.languages())
        titles = (announcement.text("title", code) for code in wanted if code in content_languages())
        return next((title for title in titles if title), "")

    @admin.display(description=_("Window (UTC)"), ordering="starts_at")
    def window(self, announcement: Announcement) -> str:
        if not (announcement.starts_at or announcement.ends_at):
            return "–"
        ends = (announcement.starts_at, announcement.ends_at)
        return " – ".join(f"{moment:%Y-%m-%d %H:%M}" if moment else "…" for moment in ends)

    @admin.display(description=_("for readers"))
    def standing(self, announcement: Announcement) -> str | Promise:
        if announcement.is_waiting:
            return _("waits for a second person")
        if announcement.published_at is None:
            return _("draft")
        return _("public") if announcement.published_at <= timezone.now() else _("scheduled")

    def decide(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A second person approves an alert, or its change is forgotten; what is asked for is in the form."""
        announcement = get_object_or_404(self.get_queryset(request), pk=pk)
        if request.method == "POST":
            try:
                self._decide(request, announcement)
            except ContentError as error:
                self.message_user(request, str(error), messages.ERROR)
        return HttpResponseRedirect(reverse("admin:helpcenter_announcement_change", args=[pk]))

    def _decide(self, request: HttpRequest, announcement: Announcement) -> None:
        if "_discard" in request.POST:
            discard_pending(announcement, by=request.user)
            self.message_user(request, gettext("The change is forgotten; readers see what they saw before."))
        else:
            approve_announcement(announcement, by=request.user, seen=request.POST.get("seen", ""))
            self.message_user(request, gettext("Approved. Readers see it in its window."))

    def has_delete_permission(self, request: HttpRequest, obj: Announcement | None = None) -> bool:
        return False  # its events stay; without a moment of publication no reader sees it

    def get_fieldsets(self, request: HttpRequest, obj: Announcement | None = None) -> Any:
        """Who may only look gets the text from the template."""
        may_write = obj is None or self.has_change_permission(request, obj)
        return self.fieldsets if may_write else self.fieldsets[1:]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        language = edited_language(request, "en")
        return {"text_language": language, "source_language": language}

    def get_form(
        self, request: HttpRequest, obj: Announcement | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        if obj is None:
            return form
        language = edited_language(request, obj.source_language)
        values = {f"text_{name}": obj.text(name, language) for name in ("title", "body")}
        values["text_summary"] = written_summary(obj, language)
        return filled_with(form, {**values, "text_language": language, "seen": obj.updated_at.isoformat()})

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: Any = False,
        change: Any = False,
        form_url: str = "",
        obj: Announcement | None = None,
    ) -> HttpResponse:
        if obj is not None:
            context |= self._languages(request, obj) | self._waiting(request, obj)
            context["subtitle"] = self.shown_title(obj) or obj.slug
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _languages(self, request: HttpRequest, announcement: Announcement) -> dict[str, Any]:
        """The tabs of its languages, and what the page needs of the one that is shown: the public address, the text for
        who may only read."""
        current = edited_language(request, announcement.source_language)
        written = set(announcement.languages())

        def describe(code: str) -> tuple[str | Promise, str]:
            return ("✓", "ok") if code in written else (_("missing"), "warn")

        context: dict[str, Any] = {
            "tabs": tabs(current, describe),
            "missing": [languages.language(code) for code in content_languages() if code not in written],
        }
        if Announcement.objects.published().filter(pk=announcement.pk).exists():
            with override(current):
                context["public_path"] = reverse("helpcenter:announcement", args=[announcement.slug])
        if not self.has_change_permission(request, announcement):
            context["read"] = {name: announcement.text(name, current) for name in ("title", "summary", "body")}
            context["edited"] = languages.language(current)
        return context

    def _waiting(self, request: HttpRequest, announcement: Announcement) -> dict[str, Any]:
        """What a second person has to know and may do."""
        if not announcement.is_waiting:
            return {}
        is_own = announcement.written_by_id == request.user.pk
        return {
            "waiting": announcement,
            "changes": changes_waiting(announcement),
            "is_own": is_own,
            "may_approve": request.user.has_perm("helpcenter.approve_announcement") and not is_own,
            "seen": announcement.updated_at.isoformat(),
        }

    def save_model(self, request: HttpRequest, obj: Announcement, form: Any, change: bool) -> None:
        data = form.cleaned_data
        language = data["text_language"] or obj.source_language
        text = AnnouncementText(data["text_title"], data["text_summary"], data["text_body"].replace("\r\n", "\n"))
        saved = save_announcement(obj, {language: text}, by=request.user, seen=data["seen"])
        for line, message in dead_links(text.body):
            placed = gettext("Line %(line)d: %(message)s") % {"line": line, "message": message}
            self.message_user(request, placed, messages.WARNING)
        if saved.is_waiting:
            self.message_user(
                request, gettext("Saved. Readers see it once a second person has approved it."), messages.WARNING
            )  # fmt: skip

    def response_change(self, request: HttpRequest, obj: Announcement) -> HttpResponse:
        if "_continue" in request.POST:
            address = reverse("admin:helpcenter_announcement_change", args=[obj.pk])
            return HttpResponseRedirect(with_language(address, edited_language(request, obj.source_language)))
        return super().response_change(request, obj)
