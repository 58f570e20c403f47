"""Rows whose texts are translated columns: what is the same everywhere first, then a part for each language."""

from typing import Any

from django import forms
from django.db.models import Field, TextField
from django.http import HttpRequest
from modeltranslation.admin import TranslationAdmin

from helpcenter.admin.configuration import HistoryAdmin
from supportdesk.ui import languages
from supportdesk.ui.languages import column, content_languages

SOURCE_LANGUAGE = "en"


class TranslatedAdmin(HistoryAdmin, TranslationAdmin):
    """`same_everywhere` names the plain fields, `translated` the texts, `fixed` what stays as it was once it is stored.
    A text that must be filled must be so in English, from which it is translated."""

    same_everywhere: tuple[str, ...] = ()
    translated: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ("key",)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        parts: list[Any] = [(None, {"fields": self.same_everywhere})]
        for code in content_languages():
            classes = () if code == SOURCE_LANGUAGE else ("collapse",)
            fields = [column(name, code) for name in self.translated]
            parts.append((languages.language(code).name, {"fields": fields, "classes": classes}))
        return parts

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        kept = tuple(name for name in self.fixed if obj is not None and name in self.same_everywhere)
        return (*super().get_readonly_fields(request, obj), *kept)

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        form_field = super().formfield_for_dbfield(db_field, request, **kwargs)
        return marked(form_field, db_field, self.translated) if form_field else form_field


def marked(form_field: Any, db_field: Any, names: tuple[str, ...]) -> Any:
    """Give a field that holds a text its language and direction; the English one is required where the text is."""
    code = next((code for code in content_languages() for name in names if column(name, code) == db_field.name), "")
    if code:
        shown = languages.language(code)
        rows = {"rows": 12} if isinstance(db_field, TextField) else {}
        form_field.widget.attrs |= {"lang": shown.tag, "dir": shown.direction, **rows}
        form_field.required = code == SOURCE_LANGUAGE and not db_field.translated_field.blank
        form_field.widget.is_required = form_field.required
    return form_field


def text_choice(names: list[tuple[str, str]], field: Field[Any, Any]) -> forms.ChoiceField:
    """A choice for a column that holds any text; empty is one of them where the column may be."""
    return forms.ChoiceField(
        choices=[*([("", "---------")] if field.blank else []), *names],
        label=str(field.verbose_name).capitalize(),
        required=not field.blank,
        help_text=field.help_text,
    )
