"""What operators and editors tune: languages, link hosts, offered searches, pictures."""

from typing import Any

from adminsortable2.admin import SortableAdminBase, SortableAdminMixin
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.validators import validate_domain_name
from django.db import transaction
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin
from simple_history.admin import SimpleHistoryAdmin

from helpcenter import freshness
from helpcenter.actions import picturing
from helpcenter.admin.choosing import is_key
from helpcenter.admin.languages import language_choices
from helpcenter.admin.refusals import RefusingAdmin
from helpcenter.content import pictures
from helpcenter.errors import PictureRejected
from helpcenter.models import (
    LinkHost,
    Picture,
    PictureFile,
    PictureUse,
    PopularSearch,
    SiteLanguage,
    TranslationState,
)
from supportdesk.ui import languages


class FreshensPages:
    """Rows that readers see: each change makes pages new."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)  # type: ignore[misc]
        freshness.bump()

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)  # type: ignore[misc]
        freshness.bump()

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        super().delete_queryset(request, queryset)  # type: ignore[misc]
        freshness.bump()


class HistoryAdmin(RefusingAdmin, SimpleHistoryAdmin):
    """Rows with their earlier versions; an earlier version is put back by those alone who may change the row."""

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        _refuse_no_key(object_id)
        return super().history_view(request, object_id, extra_context)

    @transaction.atomic
    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        _refuse_no_key(object_id, version_id)
        if request.method == "POST" and not self.has_change_permission(request):  # the library looks at reading alone
            raise PermissionDenied
        return super().history_form_view(request, object_id, version_id, extra_context)


def _refuse_no_key(*keys: str) -> None:
    if not all(is_key(key) for key in keys):
        raise Http404


class OrderedAdmin(FreshensPages, SortableAdminMixin):
    """Rows whose order readers see."""

    @transaction.atomic
    def update_order(self, request: HttpRequest) -> HttpResponse:
        """What dragging a row posts."""
        answer = super().update_order(request)
        if answer.status_code == 200:
            freshness.bump()
        return answer

    @transaction.atomic
    def _bulk_move(self, request: HttpRequest, queryset: Any, method: int) -> None:
        """What the actions "move to another page" of a long list call."""
        super()._bulk_move(request, queryset, method)
        freshness.bump()


class SiteLanguageForm(forms.ModelForm):
    class Meta:
        model = SiteLanguage
        fields = ("is_public", "fallbacks")

    def clean_fallbacks(self) -> Any:
        """Nothing typed means no fallbacks of its own."""
        typed = self.data.get(self.add_prefix("fallbacks"), "")
        return self.cleaned_data["fallbacks"] if typed.strip() else []


@admin.register(SiteLanguage)
class SiteLanguageAdmin(OrderedAdmin, HistoryAdmin):
    form = SiteLanguageForm
    list_display = ("code", "is_public", "fallbacks")
    fields = ("code", "is_public", "fallbacks")
    readonly_fields = ("code",)

    def save_model(self, request: HttpRequest, obj: SiteLanguage, form: Any, change: bool) -> None:
        """Say what becomes of readers and of texts on their way where a language is switched off."""
        super().save_model(request, obj, form, change)
        if "is_public" in form.changed_data and not obj.is_public:
            self.message_user(request, _switched_off(obj), messages.WARNING)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # EXTRA_LANGUAGES adds one

    def has_delete_permission(self, request: HttpRequest, obj: SiteLanguage | None = None) -> bool:
        return False


def _switched_off(language: SiteLanguage) -> str:
    texts = TranslationState.objects.filter(language=language.code, article__archived_at__isnull=True)
    drafts = texts.filter(latest__isnull=False).exclude(published__isnull=False, latest=F("published"))
    message = gettext(
        "%(language)s is off: its pages lead readers to another language. Its texts stay: %(public)d public ones, "
        "%(drafts)d drafts, %(planned)d planned. Work on them goes on, and readers see them once it is on again."
    )
    counts = {"public": texts.published().count(), "drafts": drafts.count(), "planned": texts.scheduled().count()}
    return message % {"language": languages.language(language.code).name, **counts}


class LinkHostForm(forms.ModelForm):
    class Meta:
        model = LinkHost
        fields = ("host",)

    def clean_host(self) -> str:
        """Hosts are compared as browsers write them: small letters, no dot at the end."""
        host = str(self.cleaned_data["host"]).lower().rstrip(".")
        validate_domain_name(host)
        return host


@admin.register(LinkHost)
class LinkHostAdmin(HistoryAdmin):
    form = LinkHostForm
    search_fields = ("host",)


@admin.register(PopularSearch)
class PopularSearchAdmin(OrderedAdmin, TranslationAdmin):
    list_display = ("__str__",)


class PictureFileInline(admin.TabularInline):
    model = PictureFile
    fields = readonly_fields = ("language", "extension", "width", "height", "digest")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class PictureForm(forms.ModelForm):
    """A picture's name, and a file for one language."""

    language = forms.ChoiceField(label=_("Language of the file"), choices=language_choices)
    file = forms.FileField(label=_("File"), help_text=_("PNG, JPEG, WebP or GIF, at most 15 MB."))

    class Meta:
        model = Picture
        fields = ("name",)

    def clean_file(self) -> bytes:
        data: bytes = self.cleaned_data["file"].read()
        try:
            pictures.accept(data)
        except PictureRejected as error:
            raise forms.ValidationError(str(error)) from error
        return data


@admin.register(Picture)
class PictureAdmin(SortableAdminBase, admin.ModelAdmin):
    form = PictureForm
    list_display = ("name",)
    search_fields = ("name",)
    inlines = (PictureFileInline,)

    def get_fields(self, request: HttpRequest, obj: Picture | None = None) -> tuple[str, ...]:
        may_add_a_file = obj is None or self.has_change_permission(request, obj)
        return ("name", "language", "file") if may_add_a_file else ("name",)

    def get_readonly_fields(self, request: HttpRequest, obj: Picture | None = None) -> tuple[str, ...]:
        return ("name",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Picture | None = None) -> bool:
        """A picture that readers see stays: the texts that show it come first."""
        is_shown = obj is not None and PictureUse.objects.filter(file__picture=obj).exists()
        return super().has_delete_permission(request, obj) and not is_shown

    def save_model(self, request: HttpRequest, obj: Picture, form: Any, change: bool) -> None:
        if not request.user.has_perm("helpcenter.change_picture"):
            raise PermissionDenied
        super().save_model(request, obj, form, change)
        picturing.save_picture(obj.name, form.cleaned_data["language"], form.cleaned_data["file"], by=request.user)
