"""Haystack's view of what is searchable: published articles, per language (the alias says which)."""

from typing import Any

from haystack import indexes
from haystack.constants import DEFAULT_ALIAS

from helpcenter.models import Article
from helpcenter.search import indexing


class ArticleIndex(indexes.SearchIndex, indexes.Indexable):
    body = indexes.CharField(document=True)
    title = indexes.CharField()
    headings = indexes.CharField()

    language = "en"
    fingerprints: dict[int, str] = {}

    def get_model(self) -> type[Article]:
        return Article

    def index_queryset(self, using: str | None = None) -> Any:
        """Articles that the index of this alias holds; Haystack calls this before it asks for their documents."""
        alias = using if using and using != DEFAULT_ALIAS else "en"
        self.language = alias.partition(".")[0]
        self.fingerprints = indexing.wanted(alias)
        articles = Article.objects.reading([self.language], "title", "html", "outline")
        return articles.filter(pk__in=list(self.fingerprints))

    def full_prepare(self, obj: Article) -> dict[str, Any]:
        asked = indexing.questions([obj.pk], self.language).get(obj.pk, ())
        return indexing.document(obj, self.language, self.fingerprints.get(obj.pk, ""), asked)
