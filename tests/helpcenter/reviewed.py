"""What the tests of the review share: an article with an old and a new text, and what its reviewer posts."""

from typing import Any

from django.urls import reverse

from helpcenter.actions import reviewing
from helpcenter.models import Article, TranslationState
from supportdesk.accounts.models import User
from tests.helpcenter.factories import ArticleFactory, save_text

OLD = "## Why {#why}\n\nBecause it is fair.\n\n## When {#when}\n\nEvery second."
NEW = "## Why {#why}\n\nBecause it is just.\n\n## When {#when}\n\nEvery second."


def review(article: Article, language: str = "en") -> str:
    return reverse("admin:helpcenter_article_review", args=[article.pk, language])


def state(article: Article, language: str = "en") -> TranslationState:
    return TranslationState.objects.get(article=article, language=language)


def submitted(by: User, article: Article | None = None, text: str = NEW, **more: Any) -> Article:
    """An article whose English text waits for a review."""
    article = article or ArticleFactory(texts={"en": OLD})
    revision = save_text(article, "en", text, by=by)
    reviewing.submit(revision, by=by, **more)
    return article


def decision(article: Article, button: str, language: str = "en", **more: str) -> dict[str, Any]:
    """What a button under the newest text posts."""
    return {"seen": state(article, language).latest.number, button: "1", **more}
