"""Translated columns of the desk: what people read of topics, departments and macros. All edited in the admin."""

from modeltranslation.translator import TranslationOptions, register
from simple_history import register as keep_history

from tickets.models import (
    Calendar,
    Department,
    FieldChoice,
    Macro,
    RoutingSetup,
    SlaPolicy,
    SurgeText,
    TierHeadStart,
    Topic,
    TopicField,
    TriagePhrases,
    TriageRule,
    WarnLevel,
)


@register(Topic)
class TopicTranslation(TranslationOptions):
    fields = ("name", "description")


@register(TopicField)
class TopicFieldTranslation(TranslationOptions):
    fields = ("label", "hint", "problem")


@register(FieldChoice)
class FieldChoiceTranslation(TranslationOptions):
    fields = ("label",)


@register(Department)
class DepartmentTranslation(TranslationOptions):
    fields = ("name", "public_name")


@register(Macro)
class MacroTranslation(TranslationOptions):
    fields = ("body",)


@register(SurgeText)
class SurgeTextTranslation(TranslationOptions):
    fields = ("title", "body", "acknowledgement")


# Configuration keeps its history; a model registered here gets it after its columns exist.
for _model in (
    Calendar,
    Department,
    FieldChoice,
    Macro,
    RoutingSetup,
    SlaPolicy,
    SurgeText,
    TierHeadStart,
    Topic,
    TopicField,
    TriagePhrases,
    TriageRule,
    WarnLevel,
):
    keep_history(_model, app="tickets")
