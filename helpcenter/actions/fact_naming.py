"""Kinds of facts and regions as documents: what `fact_kinds.yaml` and `regions.yaml` say becomes rows."""

from collections.abc import Iterator
from typing import Any

import yaml
from django.db import transaction
from django.utils.translation import gettext

from helpcenter import facts, freshness
from helpcenter.content import yaml_text
from helpcenter.content.files import BadFile
from helpcenter.errors import InvalidFact
from helpcenter.models import FactKind, Region
from helpcenter.units import Unit
from supportdesk.ui.languages import column, content_languages


@transaction.atomic
def save_kinds(text: str) -> int:
    """Create and change kinds of facts in the order of the document; none is removed. Returns how many it names.

    Raises BadFile for what is no such document, or gives a kind a unit that its facts do not have.
    """
    known = {kind.slug: kind for kind in FactKind.objects.all()}
    count = 0
    for position, (slug, entry) in enumerate(_entries(text), 1):
        kind = known.get(slug) or FactKind(slug=slug)
        unit = _unit(slug, entry)
        strange = (
            [own for own in kind.facts.values_list("unit", flat=True) if not Unit.of(own).fits(unit)] if kind.pk else []
        )
        if strange:
            message = gettext("“%(slug)s”: its facts are measured in %(unit)s.")
            raise BadFile(message % {"slug": slug, "unit": strange[0]})
        _save(kind, {"unit": str(unit), "position": position * 10, **_names(slug, entry)})
        count += 1
    freshness.bump()
    return count


@transaction.atomic
def save_regions(text: str) -> int:
    """Create and change regions in the order of the document; none is removed. Raises BadFile."""
    known = {region.code: region for region in Region.objects.all()}
    count = 0
    for position, (code, entry) in enumerate(_entries(text), 1):
        _save(known.get(code) or Region(code=code), {"position": position * 10, **_names(code, entry)})
        count += 1
    freshness.bump()
    return count


def _save(row: FactKind | Region, wanted: dict[str, Any]) -> None:
    if row.pk is None or any(getattr(row, name) != value for name, value in wanted.items()):
        for name, value in wanted.items():
            setattr(row, name, value)
        row.save()


def _entries(text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        written = yaml_text.load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        message = gettext("The document is not valid YAML: %(problem)s.")
        raise BadFile(
            message % {"problem": getattr(error, "problem", None) or error}, mark.line + 1 if mark else 1
        ) from error
    if not isinstance(written, dict):
        raise BadFile(gettext("The document has to name each entry by its slug."))
    for slug, entry in written.items():
        if not isinstance(slug, str) or not facts.is_name(slug) or not isinstance(entry, dict):
            raise BadFile(
                gettext("“%(slug)s” is no entry: a slug of a-z, 0-9 and “-”, with its names below.") % {"slug": slug}
            )
        yield slug, entry


def _unit(slug: str, entry: dict[str, Any]) -> Unit:
    try:
        return Unit.of(str(entry.get("unit", "")))
    except InvalidFact as error:
        raise BadFile(f"{slug}: {error}") from error


def _names(slug: str, entry: dict[str, Any]) -> dict[str, str]:
    names = entry.get("names")
    if not isinstance(names, dict):
        raise BadFile(gettext("“%(slug)s” needs names by language.") % {"slug": slug})
    limit = FactKind._meta.get_field("name").max_length or 0
    if any(len(str(name)) > limit for name in names.values()):
        message = gettext("A name of “%(slug)s” is longer than %(limit)d characters.")
        raise BadFile(message % {"slug": slug, "limit": limit})
    return {column("name", code): str(names[code]) for code in content_languages() if names.get(code)}
