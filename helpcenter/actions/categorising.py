"""The category tree as a document: what `categories.yaml` says becomes rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml
from django.db import transaction
from django.utils.translation import gettext

from helpcenter import freshness
from helpcenter.content import yaml_text
from helpcenter.content.files import SLUG, BadFile
from helpcenter.models import Category
from helpcenter.models.category import DEEPEST
from supportdesk.ui.languages import column, content_languages

TEXTS = ("name", "description")


@dataclass(frozen=True)
class Entry:
    """A category as the document has it: the slug of its parent ("" at the top), its place, its texts by column."""

    slug: str
    parent: str
    position: int
    texts: dict[str, str]


def read_categories(text: str) -> list[Entry]:
    """The entries of a document, parents before their children. Raises BadFile, with the line where it is known."""
    try:
        written = yaml_text.load(text)
        entries = list(_entries(written, "", 1))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadFile(_invalid(error.problem or error), line) from error
    except yaml.reader.ReaderError as error:
        raise BadFile(_invalid(error.reason), text.count("\n", 0, error.position) + 1) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise BadFile(_invalid(error), 1) from error
    seen: set[str] = set()
    for entry in entries:
        if entry.slug in seen:
            raise BadFile(gettext("The category “%(slug)s” stands there twice.") % {"slug": entry.slug})
        seen.add(entry.slug)
    return entries


@transaction.atomic
def save_categories(entries: list[Entry]) -> int:
    """Create and change categories as the entries say, in their order; none is removed. Returns how many there are."""
    known = {category.slug: category for category in Category.objects.all()}
    for entry in entries:
        category = known.setdefault(entry.slug, Category(slug=entry.slug))
        parent = known[entry.parent].pk if entry.parent else None
        wanted = {"parent_id": parent, "position": entry.position, **entry.texts}
        if category.pk is None or any(getattr(category, name) != value for name, value in wanted.items()):
            for name, value in wanted.items():
                setattr(category, name, value)
            category.save()
    freshness.bump()
    return len(entries)


def category_called(slug: str) -> Category:
    """The category of a slug; one that nobody has described yet is created under a name made from its slug."""
    category = Category.objects.filter(slug=slug).first()
    if category is None:
        name = slug.replace("-", " ").replace("_", " ")
        category = Category(slug=slug, **{column("name", "en"): name[:1].upper() + name[1:]})
        category.save()
    return category


def _invalid(problem: object) -> str:
    return gettext("The categories are not valid YAML: %(problem)s.") % {"problem": problem}


def _entries(written: Any, parent: str, level: int) -> Iterator[Entry]:
    if not isinstance(written, list):
        raise BadFile(gettext("Categories have to be a list, each with a slug."))
    if written and level > DEEPEST:
        message = gettext("Categories go %(levels)d levels deep; “%(slug)s” has more below it.")
        raise BadFile(message % {"levels": DEEPEST, "slug": parent})
    for position, entry in enumerate(written, 1):
        slug = str(entry.get("slug", "")) if isinstance(entry, dict) else ""
        if not SLUG.fullmatch(slug) or len(slug) > longest("slug"):
            message = gettext("Category %(number)d below “%(parent)s” has no valid slug.")
            raise BadFile(message % {"number": position, "parent": parent or "/"})
        yield Entry(slug, parent, position * 10, dict(_texts(entry, slug)))
        yield from _entries(entry.get("children") or [], slug, level + 1)


def _texts(entry: dict[str, Any], slug: str) -> Iterator[tuple[str, str]]:
    for name in TEXTS:
        by_language = entry.get(name) or {}
        if not isinstance(by_language, dict):
            message = gettext("“%(key)s” of the category “%(slug)s” has to be a list of texts by language.")
            raise BadFile(message % {"key": name, "slug": slug})
        for code, value in by_language.items():
            if len(str(value)) > longest(name):
                message = gettext("“%(key)s” of the category “%(slug)s” is longer than %(limit)d characters.")
                raise BadFile(message % {"key": name, "slug": slug, "limit": longest(name)})
            if code in content_languages():
                yield column(name, code), str(value)


def longest(name: str) -> int:
    """How many characters a field of a category may have."""
    return int(Category._meta.get_field(name).max_length or 0)
