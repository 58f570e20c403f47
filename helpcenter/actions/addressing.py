"""Addresses of articles: a new one, with the old one leading to it."""

from typing import Any

from django.core.validators import validate_slug
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from helpcenter import freshness
from helpcenter.actions import events
from helpcenter.actions.access import require
from helpcenter.enums import EventKind
from helpcenter.errors import InvalidText
from helpcenter.models import Article, SlugRedirect


@transaction.atomic
def move_article(article: Article, slug: str, *, by: Any) -> Article:
    """Give an article a new slug; every address that it had before leads to it. Going back to an old one is a move
    like any other. Raises PermissionDenied, ValidationError, and InvalidText for a slug that another article has."""
    require(by, "helpcenter.add_article")
    article = Article.objects.select_for_update(of=("self",)).reading([]).get(pk=article.pk)
    if article.slug == slug:
        return article
    validate_slug(slug)
    if Article.objects.filter(slug=slug).exists():
        raise InvalidText(
            gettext("Another article has the address “%(slug)s”. Choose a different one.") % {"slug": slug}
        )
    SlugRedirect.objects.filter(slug=slug).delete()  # a live article goes before an old address
    SlugRedirect.objects.update_or_create(
        slug=article.slug, defaults={"article": article, "created_at": timezone.now()}
    )  # fmt: skip
    article.slug = slug
    article.save(update_fields={"slug"})
    freshness.bump()
    events.record(EventKind.MOVED, by=by, article=article)
    return article
