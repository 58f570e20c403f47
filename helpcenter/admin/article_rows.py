"""The rows below an article's form: its tags, and the articles that it leads to."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import ForeignKey, QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst

from helpcenter.admin.choosing import Choice, ChoosingAdmin
from helpcenter.models import ArticleTag, RelatedArticle


class RowForm(forms.ModelForm):
    """What a row names has been read with it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            choice = getattr(field.widget, "widget", None)
            if isinstance(choice, Choice) and self.instance.pk:
                choice.read = getattr(self.instance, name)


class RowFormSet(forms.BaseInlineFormSet):
    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for field in form.fields.values():  # the head of the table is no label to a screen reader
            field.widget.attrs.setdefault("aria-label", capfirst(str(field.label or "")))


class RowsOfArticle(ChoosingAdmin, admin.TabularInline):
    form = RowForm
    formset = RowFormSet
    fk_name = "article"
    extra = 0

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        label = capfirst(db_field.remote_field.model._meta.verbose_name)
        return super().formfield_for_foreignkey(db_field, request, **{"label": label, **kwargs})

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        (other,) = self.autocomplete_fields
        rows = super().get_queryset(request).select_related("article", other)
        return rows.only("position", "article__slug", f"{other}__slug")


class TagInline(RowsOfArticle):
    model = ArticleTag
    autocomplete_fields = ("tag",)


class RelatedInline(RowsOfArticle):
    model = RelatedArticle
    autocomplete_fields = ("to",)
