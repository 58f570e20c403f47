"""The category tree as a document: what `categories.yaml` says becomes rows."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from helpcenter import freshness
from helpcenter.content.files import SLUG, BadFile
from helpcenter.models import Category
from supportdesk.ui.languages import column, content_languages


@transaction.atomic
def save_categories(entries: Any, parent: Category | None = None) -> int:
    """Create and change categories as the list says, in its order; none is removed. Returns how many were written.

    Each entry has `slug`, `name` and `description` by language, and optionally `children`. Raises BadFile.
    """
    if not isinstance(entries, list):
        raise BadFile(gettext("%(file)s has to be a list of categories.") % {"file": "categories.yaml"})
    written = 0
    for position, entry in enumerate(entries, 1):
        category = _save(entry, parent, position * 10)
        written += 1 + save_categories(entry.get("children") or [], category)
    if parent is None:
        freshness.bump()
    return written


def _save(entry: Any, parent: Category | None, position: int) -> Category:
    slug = str(entry.get("slug", "")) if isinstance(entry, dict) else ""
    if not SLUG.fullmatch(slug):
        raise BadFile(gettext("A category in %(file)s has no valid slug.") % {"file": "categories.yaml"})
    category = Category.objects.filter(slug=slug).first() or Category(slug=slug)
    category.parent, category.position = parent, position
    for name in ("name", "description"):
        for code, value in (entry.get(name) or {}).items():
            if code in content_languages():
                setattr(category, column(name, code), str(value))
    category.save()
    return category


def category_called(slug: str) -> Category:
    """The category of a slug; one that nobody has described yet is created under a name made from its slug."""
    category = Category.objects.filter(slug=slug).first()
    if category is None:
        name = slug.replace("-", " ").replace("_", " ")
        category = Category(slug=slug, **{column("name", "en"): name[:1].upper() + name[1:]})
        category.save()
    return category
