"""Deflection: counting the questions that an article answered before they became tickets."""

from helpcenter.models import Article
from tickets.models import Deflection, Topic


def count_solved(article: Article, *, language: str, topic: Topic | None) -> Deflection:
    """Somebody needed no ticket because of an article."""
    return Deflection.objects.create(article=article, language=language, topic=topic)
