from helpcenter.models.announcement import Announcement
from helpcenter.models.article import Article, ArticleTag, RelatedArticle, Tag, article_path
from helpcenter.models.category import Category
from helpcenter.models.contract import Contract
from helpcenter.models.event import ContentEvent
from helpcenter.models.fact import Fact, FactKind, FactUse, FactValue, Region
from helpcenter.models.feedback import AddressUse, Feedback, ReadCount, WalkCount
from helpcenter.models.glossary import GlossaryTerm, TermUse
from helpcenter.models.media import Picture, PictureFile, PictureUse
from helpcenter.models.revision import Finding, LinkHost, Revision
from helpcenter.models.search_log import SearchLog, Synonym
from helpcenter.models.site import ContentGeneration, PopularSearch, SiteLanguage
from helpcenter.models.translation_state import TranslationState

__all__ = [
    "AddressUse",
    "Announcement",
    "Article",
    "ArticleTag",
    "Category",
    "ContentEvent",
    "ContentGeneration",
    "Contract",
    "Fact",
    "FactKind",
    "FactUse",
    "FactValue",
    "Feedback",
    "Finding",
    "GlossaryTerm",
    "LinkHost",
    "Picture",
    "PictureFile",
    "PictureUse",
    "PopularSearch",
    "ReadCount",
    "Region",
    "RelatedArticle",
    "Revision",
    "SearchLog",
    "SiteLanguage",
    "Synonym",
    "Tag",
    "TermUse",
    "TranslationState",
    "WalkCount",
    "article_path",
]
