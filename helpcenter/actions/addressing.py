"""Addresses of articles: a new one, with the old one leading to it."""

import re
from itertools import chain, count
from typing import Any

from django.core.validators import validate_slug
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext

from helpcenter import freshness
from helpcenter.actions import events
from helpcenter.actions.access import require
from helpcenter.enums import EventKind
from helpcenter.errors import InvalidText
from helpcenter.models import Announcement, Article, SlugRedirect

SLUG = re.compile(r"[A-Za-z0-9_-]+")

LONGEST_SLUG = 120
LONGEST_PROPOSAL = 60  # characters: an address that people can read


def propose_slug(title: str, *, but: int | None = None) -> str:
    """An address out of the words of an English title that no other article has, nor had; empty where the title has no
    ASCII letter or digit. `but` is the article that it is for.

    `Lost your 2FA device?` gives `lost-your-2fa-device`, or `lost-your-2fa-device-2` where that is taken.
    """
    base = address_of(title)
    return _first_free(base, _taken(base, but)) if base else ""


def propose_announcement(title: str) -> str:
    """The same for an announcement, whose addresses have a place of their own."""
    base = address_of(title)
    taken = Announcement.objects.filter(slug__startswith=base).values_list("slug", flat=True)
    return _first_free(base, set(taken)) if base else ""


def _first_free(base: str, taken: set[str]) -> str:
    numbered = (f"{base}-{number}" for number in count(2))
    return next(slug for slug in chain([base], numbered) if slug not in taken)


def address_of(title: str) -> str:
    """A title as an address: ASCII letters, digits and single `-`, at most 60 characters, cut between words."""
    words = slugify(title.replace("_", " ")).strip("-")
    if len(words) <= LONGEST_PROPOSAL:
        return words
    cut = words[: LONGEST_PROPOSAL + 1].rpartition("-")[0] or words[:LONGEST_PROPOSAL]
    return cut.strip("-")


def _taken(base: str, but: int | None) -> set[str]:
    """Addresses that begin with `base` and lead to an article, now or as an old one."""
    live = Article.objects.filter(slug__startswith=base).exclude(pk=but or 0).values_list("slug", flat=True)
    old = SlugRedirect.objects.filter(slug__startswith=base).exclude(article=but).values_list("slug", flat=True)
    return {*live, *old}


def refuse_slug(slug: str, *, but: int | None = None) -> None:
    """Refuse what cannot be the address of an article. Raises InvalidText, which says why and what to do."""
    if not SLUG.fullmatch(slug):
        raise InvalidText(gettext("An address consists of a-z, A-Z, 0-9, “-” and “_”, as in lost-2fa-device."))
    if len(slug) > LONGEST_SLUG:
        message = gettext("%(what)s has %(length)d characters; at most %(limit)d fit.")
        raise InvalidText(message % {"what": gettext("The address"), "length": len(slug), "limit": LONGEST_SLUG})
    if Article.objects.filter(slug=slug).exclude(pk=but or 0).exists():
        raise InvalidText(_clash(slug))


def warning_of_slug(slug: str, *, but: int | None = None) -> str:
    """What somebody has to know who takes a free address: it may have led to another article; empty for nothing."""
    found = SlugRedirect.objects.filter(slug=slug).exclude(article=but).values_list("article__slug", flat=True).first()
    if found is None:
        return ""
    message = gettext("“%(slug)s” is an old address of “%(article)s”; its readers would come to this article instead.")
    return message % {"slug": slug, "article": found}


def _clash(slug: str) -> str:
    return gettext("Another article has the address “%(slug)s”. Choose a different one.") % {"slug": slug}


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
        raise InvalidText(_clash(slug))
    SlugRedirect.objects.filter(slug=slug).delete()  # a live article goes before an old address
    SlugRedirect.objects.update_or_create(
        slug=article.slug, defaults={"article": article, "created_at": timezone.now()}
    )  # fmt: skip
    article.slug = slug
    article.save(update_fields={"slug"})
    freshness.bump()
    events.record(EventKind.MOVED, by=by, article=article)
    return article
