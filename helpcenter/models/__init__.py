from helpcenter.models.announcement import Announcement
from helpcenter.models.article import Article, ArticleTag, RelatedArticle, Tag, article_path
from helpcenter.models.category import Category, category_path
from helpcenter.models.contract import Contract
from helpcenter.models.event import ContentEvent
from helpcenter.models.fact import Fact, FactKind, FactUse, FactValue, Region
from helpcenter.models.feedback import AddressUse, Feedback, ReadCount, WalkCount
from helpcenter.models.glossary import GlossaryTerm, TermUse
from helpcenter.models.link import ArticleLink
from helpcenter.models.media import Picture, PictureFile, PictureUse
from helpcenter.models.pin import Pin
from helpcenter.models.review import EditLock, ParityOverride, ReviewNote, WorkingDraft
from helpcenter.models.revision import Finding, LinkHost, Revision
from helpcenter.models.search_log import SearchLog, Synonym
from helpcenter.models.site import ContentGeneration, PopularSearch, SiteLanguage
from helpcenter.models.status import PublicStatus
from helpcenter.models.team import MemorySegment, TeamMember
from helpcenter.models.translation_state import TranslationState
from helpcenter.models.upkeep import ArticleUse, CheckInterval, ContentTask, SlugRedirect

__all__ = [
    "AddressUse",
    "Announcement",
    "Article",
    "ArticleLink",
    "ArticleTag",
    "ArticleUse",
    "Category",
    "CheckInterval",
    "ContentEvent",
    "ContentGeneration",
    "ContentTask",
    "Contract",
    "EditLock",
    "Fact",
    "FactKind",
    "FactUse",
    "FactValue",
    "Feedback",
    "Finding",
    "GlossaryTerm",
    "LinkHost",
    "MemorySegment",
    "ParityOverride",
    "Picture",
    "PictureFile",
    "PictureUse",
    "Pin",
    "PopularSearch",
    "PublicStatus",
    "ReadCount",
    "Region",
    "RelatedArticle",
    "ReviewNote",
    "Revision",
    "SearchLog",
    "SiteLanguage",
    "SlugRedirect",
    "Synonym",
    "Tag",
    "TeamMember",
    "TermUse",
    "TranslationState",
    "WalkCount",
    "WorkingDraft",
    "article_path",
    "category_path",
]
