"""Changing facts: values with their times, and what follows from a change for readers and editors."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext

from helpcenter import facts, freshness, units
from helpcenter.actions import events
from helpcenter.actions.access import require
from helpcenter.actions.drafting import stale_draft
from helpcenter.enums import EventKind
from helpcenter.errors import FactInUse, InvalidFact, StaleDraft
from helpcenter.facts import DatedFact, DatedValue
from helpcenter.models import Fact, FactUse, FactValue
from helpcenter.units import Unit

MOST_TEXTS = 10  # named in a refusal
LONGEST_WORDS = 300  # characters of a source and of a note


@transaction.atomic
def save_fact(
    fact: Fact, *, changed: Sequence[FactValue] = (), removed: Sequence[FactValue] = (), by: Any, seen: str = ""
) -> Fact:
    """Store a fact with new and changed values, and without removed ones. `seen` is the moment (ISO) of the fact that
    the writer began with.

    Pages show a value from its first second on, in every process. Raises PermissionDenied, StaleDraft where somebody
    else saved it meanwhile, and InvalidFact for a key, unit or value that does not fit, values that overlap, or a
    change that would leave a public text without a value.
    """
    require(by, "helpcenter.change_fact")
    refuse_unfit(fact)
    if fact.pk is not None:
        stored = Fact.objects.select_for_update().get(pk=fact.pk)
        if seen and stored.updated_at.isoformat() != seen:
            raise StaleDraft(stale_draft())
    values = list(changed)
    for value in values:
        tidy(value, Unit.of(fact.unit))
    dated = _together(fact, values, removed)
    refuse_overlaps(dated)
    _refuse_hole(fact, dated)
    try:
        with transaction.atomic():
            fact.save()
            _write(fact, values, removed)
    except IntegrityError as error:  # somebody added it since it was looked for
        raise InvalidFact(gettext("The fact “%(key)s” exists already.") % {"key": fact.key}) from error
    _after(fact, values, by)
    return fact


@transaction.atomic
def delete_fact(fact: Fact, *, by: Any) -> None:
    """Forget a fact with its values. Raises PermissionDenied, and FactInUse while a published text names it."""
    require(by, "helpcenter.delete_fact")
    uses = FactUse.objects.filter(fact=fact).select_related("article", "announcement")[:MOST_TEXTS]
    if uses:
        message = gettext("“%(key)s” stays: public texts name it (%(texts)s). Change them first.")
        raise FactInUse(message % {"key": fact.key, "texts": ", ".join(sorted(str(use) for use in uses))})
    fact.delete()
    freshness.bump()


def refuse_unfit(fact: Fact) -> None:
    """Complete the unit from the kind where it is empty, and check key and unit. Raises InvalidFact."""
    fact.unit = fact.unit.strip() or fact.kind.unit
    if not facts.is_name(fact.subject):
        message = gettext("“%(subject)s” cannot be a subject: use a-z, 0-9 and “-” between them.")
        raise InvalidFact(message % {"subject": fact.subject[:60]})
    if not Unit.of(fact.unit).fits(Unit.of(fact.kind.unit)):
        message = gettext("The unit %(unit)s does not fit “%(key)s”, which is measured in %(wanted)s.")
        raise InvalidFact(message % {"unit": fact.unit[:40], "key": fact.key, "wanted": fact.kind.unit})


def tidy(value: FactValue, unit: Unit) -> None:
    """Bring a value into the form in which it is kept. Raises InvalidFact."""
    value.value = unit.read(value.value)
    value.source, value.note = value.source.strip(), value.note.strip()
    if value.effective_until is not None and value.effective_until <= value.effective_from:
        raise InvalidFact(gettext("A value has to end after it begins."))
    if "://" in value.source and not _is_address(value.source):
        message = gettext("“%(source)s” is no source: write an address that begins with https://, or words.")
        raise InvalidFact(message % {"source": value.source[:80]})
    for text in (value.source, value.note):
        if len(text) > LONGEST_WORDS or "\0" in text:
            message = gettext("Source and note take at most %(limit)d characters.")
            raise InvalidFact(message % {"limit": LONGEST_WORDS})


def refuse_overlaps(fact: DatedFact) -> None:
    """Raises InvalidFact, naming the two values."""
    for one, other in facts.overlapping(fact.values):
        raise InvalidFact(overlap(fact.key, one, other))


def overlap(key: str, one: DatedValue, other: DatedValue) -> str:
    """What is wrong with two values that hold at the same time."""
    message = gettext(
        "“%(key)s”: the value from %(one)s and the value from %(other)s hold at the same time%(where)s. "
        "Let the first one end when the second one begins."
    )
    where = f" ({one.region})" if one.region else ""
    first, second = sorted((one.since, other.since))
    moments = {"one": units.write_moment(first), "other": units.write_moment(second)}
    return message % {"key": key, "where": where, **moments}


def _is_address(source: str) -> bool:
    try:
        parts = urlsplit(source)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and " " not in source


def _write(fact: Fact, values: Iterable[FactValue], removed: Iterable[FactValue]) -> None:
    """Removed values first, then those that end, then those that begin: no two are open in between."""
    for value in removed:
        value.delete()
    for value in sorted(values, key=lambda value: (value.pk is None, value.effective_until is None)):
        value.fact = fact
        value.save()


def _together(fact: Fact, values: Iterable[FactValue], removed: Iterable[FactValue]) -> DatedFact:
    """The fact with the change applied. Raises InvalidFact where a value that stays does not fit the unit."""
    unit, gone = Unit.of(fact.unit), {value.pk for value in (*values, *removed)}
    stay = fact.values.select_related("region").exclude(pk__in=gone - {None}) if fact.pk else ()
    dated = sorted((value.dated() for value in (*stay, *values)), key=lambda value: value.since)
    for value in dated:
        unit.read(value.text)
    return DatedFact(fact.subject, fact.kind.slug, unit, {}, tuple(dated))


def _refuse_hole(fact: Fact, dated: DatedFact) -> None:
    """A fact that a public text names has a value that has begun, for readers of every region."""
    if fact.pk and dated.at(timezone.now()) is None and FactUse.objects.filter(fact=fact).exists():
        message = gettext("Public texts name “%(key)s”, so it needs a value that has begun and holds everywhere.")
        raise InvalidFact(message % {"key": fact.key})


def _after(fact: Fact, values: Iterable[FactValue], by: Any) -> None:
    """What a change of values brings about: pages change now and at each later moment of these values, and editors are
    told."""
    freshness.bump()
    events.record(EventKind.FACT_CHANGED, by=by, fact=fact)
    for moment in _ahead(values):
        events.record(EventKind.INSTANT, by=by, fact=fact, at=moment)
        events.record(EventKind.FACT_CHANGED, by=by, fact=fact, at=moment)


def _ahead(values: Iterable[FactValue]) -> list[datetime]:
    now = timezone.now()
    moments = {moment for value in values for moment in (value.effective_from, value.effective_until) if moment}
    return sorted(moment for moment in moments if moment > now)
