"""Translated columns. Articles and announcements get theirs from actions; category names are edited in the admin."""

from modeltranslation.translator import TranslationOptions, register
from simple_history import register as keep_history

from helpcenter.models import (
    Announcement,
    Article,
    Category,
    Fact,
    FactKind,
    FactValue,
    LinkHost,
    PopularSearch,
    Region,
    SiteLanguage,
    Synonym,
)
from helpcenter.models.article import PUBLISHED_FIELDS


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


@register(FactKind)
class FactKindTranslation(TranslationOptions):
    fields = ("name",)


@register(Region)
class RegionTranslation(TranslationOptions):
    fields = ("name",)


# Configuration keeps its history; a model registered here gets it after its columns exist.
for _model in (Category, Fact, FactKind, FactValue, LinkHost, PopularSearch, Region, SiteLanguage, Synonym):
    keep_history(_model, app="helpcenter")
