"""Many articles at once: copies of one that was published properly, with states and revisions of their own."""

from typing import Any

from helpcenter import freshness
from helpcenter.models import Article, Category, Revision, TranslationState
from tests.helpcenter.factories import ArticleFactory


def fill(category: Category, count: int, *languages: str, prefix: str = "a") -> Article:
    """Publish `<prefix>-0000` and so on in a category, in English or in the languages named; returns the first."""
    languages = languages or ("en",)
    first: Article = ArticleFactory(
        slug=f"{prefix}-0000", category=category, texts=dict.fromkeys(languages, f"Text of {prefix}.")
    )
    values = Article.objects.rewrite(False).filter(pk=first.pk).values().get()
    Article.objects.bulk_create(
        Article(**{**values, "id": None, "slug": f"{prefix}-{number:04}"}) for number in range(1, count)
    )
    copies = Article.objects.reading([]).filter(category=category, slug__startswith=f"{prefix}-").exclude(pk=first.pk)
    states = TranslationState.objects.select_related("published").filter(article=first)
    TranslationState.objects.bulk_create(_copy(state, copy) for copy in copies for state in states)
    freshness.bump()
    return first


def _copy(state: TranslationState, article: Article) -> TranslationState:
    revision = Revision.objects.filter(pk=state.published_id).values().get()
    own: Any = Revision.objects.create(**{**revision, "id": None, "article_id": article.pk})
    return TranslationState(
        article=article, language=state.language, latest=own, published=own, published_at=state.published_at
    )
