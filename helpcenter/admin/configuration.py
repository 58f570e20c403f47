"""What operators and editors tune: languages, synonyms, link hosts, offered searches, pictures."""

from typing import Any

from adminsortable2.admin import SortableAdminBase, SortableAdminMixin
from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin
from simple_history.admin import SimpleHistoryAdmin

from helpcenter import freshness
from helpcenter.actions import picturing
from helpcenter.content import pictures
from helpcenter.errors import PictureRejected
from helpcenter.models import LinkHost, Picture, PictureFile, PopularSearch, SiteLanguage, Synonym
from helpcenter.models.search_log import split_words
from supportdesk.ui import languages
from supportdesk.ui.languages import content_languages


class FreshensPages:
    """Rows that readers see: each change makes pages new."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)  # type: ignore[misc]
        freshness.bump()

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)  # type: ignore[misc]
        freshness.bump()

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        super().delete_queryset(request, queryset)  # type: ignore[misc]
        freshness.bump()


@admin.register(SiteLanguage)
class SiteLanguageAdmin(FreshensPages, SortableAdminMixin, SimpleHistoryAdmin):
    list_display = ("code", "is_public", "fallbacks")
    readonly_fields = ("code",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # EXTRA_LANGUAGES adds one

    def has_delete_permission(self, request: HttpRequest, obj: SiteLanguage | None = None) -> bool:
        return False


class SynonymForm(forms.ModelForm):
    class Meta:
        model = Synonym
        fields = ("language", "words")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("All languages")), *((code, languages.language(code).name) for code in content_languages())]
        self.fields["language"] = forms.ChoiceField(label=_("Language"), choices=choices, required=False)

    def clean_words(self) -> str:
        words = split_words(self.cleaned_data["words"])
        if len(words) < 2:
            raise forms.ValidationError(_("Write at least two words, separated by commas."))
        return ", ".join(words)


@admin.register(Synonym)
class SynonymAdmin(FreshensPages, SimpleHistoryAdmin):
    form = SynonymForm
    list_display = ("words", "language")
    list_filter = ("language",)
    search_fields = ("words",)


@admin.register(LinkHost)
class LinkHostAdmin(SimpleHistoryAdmin):
    search_fields = ("host",)


@admin.register(PopularSearch)
class PopularSearchAdmin(FreshensPages, SortableAdminMixin, TranslationAdmin):
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

    language = forms.ChoiceField(label=_("Language of the file"))
    file = forms.FileField(label=_("File"), help_text=_("PNG, JPEG, WebP or GIF, at most 15 MB."))

    class Meta:
        model = Picture
        fields = ("name",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(code, languages.language(code).name) for code in content_languages()]
        self.fields["language"] = forms.ChoiceField(label=_("Language of the file"), choices=choices)

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

    def get_readonly_fields(self, request: HttpRequest, obj: Picture | None = None) -> tuple[str, ...]:
        return ("name",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Picture, form: Any, change: bool) -> None:
        if not request.user.has_perm("helpcenter.change_picture"):
            raise PermissionDenied
        super().save_model(request, obj, form, change)
        picturing.save_picture(obj.name, form.cleaned_data["language"], form.cleaned_data["file"], by=request.user)
