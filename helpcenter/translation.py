"""Translated columns. Articles and announcements get theirs from actions; category names are edited in the admin."""

from modeltranslation.translator import TranslationOptions, register
from simple_history import register as keep_history

from helpcenter.models import (
    Announcement,
    Article,
    Category,
    Contract,
    Fact,
    FactKind,
    FactValue,
    GlossaryTerm,
    LinkHost,
    PopularSearch,
    Region,
    SiteLanguage,
    Synonym,
)
from helpcenter.models.article import PUBLISHED_FIELDS
from helpcenter.models.glossary import TRANSLATED


@register(Article)
class ArticleTranslation(TranslationOptions):
    fields = PUBLISHED_FIELDS


@register(Announcement)
class AnnouncementTranslation(TranslationOptions):
    fields = ("title", "summary", "body", "html", "extra")


@register(Category)
class CategoryTranslation(TranslationOptions):
    fields = ("name", "description")


@register(PopularSearch)
class PopularSearchTranslation(TranslationOptions):
    fields = ("text",)


@register(GlossaryTerm)
class GlossaryTermTranslation(TranslationOptions):
    fields = TRANSLATED


@register(FactKind)
class FactKindTranslation(TranslationOptions):
    fields = ("name",)


@register(Region)
class RegionTranslation(TranslationOptions):
    fields = ("name",)


WITH_HISTORY = (
    Category,
    Contract,
    Fact,
    FactKind,
    FactValue,
    GlossaryTerm,
    LinkHost,
    PopularSearch,
    Region,
    SiteLanguage,
    Synonym,
)

# Configuration keeps its history; a model registered here gets it after its columns exist.
for _model in WITH_HISTORY:
    keep_history(_model, app="helpcenter")
