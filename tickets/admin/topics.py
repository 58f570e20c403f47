"""Topics, the fields that the form asks for each, and the choices of a field."""

from typing import Any

from adminsortable2.admin import SortableAdminBase, SortableStackedInline, SortableTabularInline
from django.contrib import admin
from django.db.models import Field, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from helpcenter.admin.configuration import FreshensPages, OrderedAdmin
from supportdesk.ui.languages import column, content_languages
from supportdesk.ui.templatetags.ui import ICONS
from tickets.admin.translated import SOURCE_LANGUAGE, TranslatedAdmin, marked, text_choice
from tickets.models import FieldChoice, Topic, TopicField


class TopicFieldInline(SortableTabularInline):
    """The fields with their English labels; other texts and the choices are on the page of the field."""

    model = TopicField
    fields = ("key", "kind", column("label", SOURCE_LANGUAGE), "is_required", "page")
    readonly_fields = ("page",)
    extra = 0

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        form_field = super().formfield_for_dbfield(db_field, request, **kwargs)
        return marked(form_field, db_field, ("label",)) if form_field else form_field

    @admin.display(description=_("texts and choices"))
    def page(self, field: TopicField) -> str:
        if field.pk is None:
            return "-"
        address = reverse("admin:tickets_topicfield_change", args=[field.pk])
        return format_html('<a href="{}">{}</a>', address, _("Open %(field)s") % {"field": field})


@admin.register(Topic)
class TopicAdmin(OrderedAdmin, TranslatedAdmin):
    list_display = ("label", "key", "priority", "department", "skill", "is_offered", "solves_itself")
    list_filter = ("is_offered", "priority")
    list_select_related = ("department",)
    search_fields = ("key", "name_en", "name_zh_hans")
    same_everywhere = ("key", "icon", "priority", "department", "skill", "is_offered", "solves_itself")
    translated = ("name", "description")
    inlines = (TopicFieldInline,)

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "icon":
            return text_choice([(name, name) for name in ICONS], db_field)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description=_("name"))
    def label(self, topic: Topic) -> str:
        return str(topic)


class FieldChoiceInline(SortableStackedInline):
    model = FieldChoice
    extra = 0

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """English beside the value; the other languages folded up."""
        own = column("label", SOURCE_LANGUAGE)
        others = [column("label", code) for code in content_languages() if code != SOURCE_LANGUAGE]
        return [
            (None, {"fields": ("value", own)}),
            (_("Other languages"), {"fields": others, "classes": ("collapse",)}),
        ]

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        form_field = super().formfield_for_dbfield(db_field, request, **kwargs)
        return marked(form_field, db_field, ("label",)) if form_field else form_field


@admin.register(TopicField)
class TopicFieldAdmin(FreshensPages, SortableAdminBase, TranslatedAdmin):
    """A field is made on the page of its topic, and has its texts and choices here."""

    list_display = ("label_shown", "key", "topic_link", "kind", "is_required")
    list_filter = ("topic", "kind")
    list_select_related = ("topic",)
    search_fields = ("key", "label_en", "label_zh_hans")
    same_everywhere = ("topic", "key", "kind", "is_required")
    fixed = ("topic", "key")
    translated = ("label", "hint", "problem")
    inlines = (FieldChoiceInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[TopicField]:
        return TopicField.objects.order_by("topic__order", "topic", "order", "pk")

    @admin.display(description=_("label"))
    def label_shown(self, field: TopicField) -> str:
        return str(field)

    @admin.display(description=_("topic"), ordering="topic__order")
    def topic_link(self, field: TopicField) -> str:
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:tickets_topic_change", args=[field.topic_id]), field.topic
        )
