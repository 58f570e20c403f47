"""Facts from a table: first a plan that says what each line would do, then exactly that plan, or nothing.

A line adds a value or changes the one that begins at the same moment in the same region. An open value that a new one
takes the place of ends where the new one begins. What a file does not name stays as it is. Where one line of a fact is
refused, the others of that fact are left out too: half a change may be worse than none.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from helpcenter import facts, units
from helpcenter.actions import import_plan, saving_facts
from helpcenter.actions.access import require
from helpcenter.actions.import_plan import Effect, Step
from helpcenter.content import fact_rows
from helpcenter.content.fact_rows import Row
from helpcenter.content.tables import Table
from helpcenter.errors import InvalidFact
from helpcenter.models import Fact, FactKind, FactValue, Region


@dataclass
class FactPlan:
    """What becomes of one fact: the row that is there (or not yet), and the values to store."""

    fact: Fact
    changed: list[FactValue] = field(default_factory=list)


@dataclass
class Plan(import_plan.Plan):
    """All steps in the order of the file, and the values that they come to."""

    facts: list[FactPlan] = field(default_factory=list)

    effects = (Effect.ADDED, Effect.CHANGED, Effect.ENDED, Effect.UNCHANGED, Effect.REFUSED)

    @property
    def changes_something(self) -> bool:
        return bool(self.facts)


def plan(given: str | Table) -> Plan:
    """What a table would do to the facts as they are now. Raises BadTable for what is no table of facts."""
    rows, bad = fact_rows.read(given)
    refused = [Step(row.line, Effect.REFUSED, row.key, row.region, reason=row.reason) for row in bad]
    known = _Known.of(rows)
    steps, plans = list(refused), []
    in_groups = sorted(rows, key=lambda row: (row.key, row.line))
    for key, group in groupby(in_groups, key=lambda row: row.key):
        own, fact_plan = _plan_fact(key, list(group), known, [step for step in refused if step.key == key])
        steps += own
        plans += [fact_plan] if fact_plan and fact_plan.changed else []
    ordered = sorted(steps, key=lambda step: (step.line, step.effect == Effect.ENDED))
    return Plan(ordered, _kept(known), plans)


@transaction.atomic
def apply(given: str | Table, *, by: Any, digest: str = "") -> Plan:
    """Do what a file says. With the `digest` of a plan that somebody has seen, that plan or nothing.

    Raises PermissionDenied, BadTable, InvalidFact, and StalePlan where the facts have changed since the plan was made.
    """
    require(by, "helpcenter.add_fact")
    require(by, "helpcenter.change_fact")
    list(Fact.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
    found = plan(given)
    found.refuse_stale(digest)
    for fact_plan in found.facts:
        saving_facts.save_fact(fact_plan.fact, changed=fact_plan.changed, by=by)
    return found


def export(facts: Iterable[Fact]) -> tuple[list[str], Iterator[list[str]]]:
    """The first row and a row per value, which an import takes back unchanged."""
    keys = [fact.pk for fact in facts]
    found = Fact.objects.filter(pk__in=keys).select_related("kind").prefetch_related("values__region")
    places = {key: place for place, key in enumerate(keys)}
    in_order = sorted(found, key=lambda fact: places[fact.pk])
    return list(fact_rows.COLUMNS), (row.cells() for fact in in_order for _value, row in _stored(fact))


def _kept(known: "_Known") -> int:
    """How many facts the file does not name."""
    return Fact.objects.count() - len(known.facts)


@dataclass
class _Known:
    """What the database knows of the things that a file names."""

    facts: dict[str, Fact]
    kinds: dict[str, FactKind]
    regions: dict[str, Region]

    @classmethod
    def of(cls, rows: Iterable[Row]) -> "_Known":
        keys = {row.key for row in rows}
        known = Fact.objects.keyed(keys).select_related("kind").prefetch_related("values__region")
        return cls(
            {fact.key: fact for fact in known},
            {kind.slug: kind for kind in FactKind.objects.all()},
            {region.code: region for region in Region.objects.all()},
        )


# Planning


def _plan_fact(key: str, rows: list[Row], known: _Known, refused: list[Step]) -> tuple[list[Step], FactPlan | None]:
    """The steps of one fact; without a plan where one of them is refused."""
    steps: list[Step] = []
    fact = _fact(key, rows, known, steps)
    if fact is None:
        return steps, None
    ready = list(_tidied(fact, rows, known, steps))
    stored = {_place(row): (value, row) for value, row in _stored(fact)}
    wanted = {_place(row): row for row in ready}
    ended = _ended(stored, wanted)
    steps += _overlapping(fact, {**{place: row for place, (_v, row) in stored.items()}, **ended, **wanted}, wanted)
    if steps or refused:
        first = min(step.line for step in (*steps, *refused))
        named = {step.line for step in steps}
        return steps + [_left_out(row, first) for row in ready if row.line not in named], None
    steps += [_step(row, stored.get(_place(row))) for row in ready]
    steps += [
        Step(row.line, Effect.ENDED, key, row.region, str(stored[place][1]), str(replace(row, line=0)))
        for place, row in ended.items()
    ]
    changed = [row for row in (*ended.values(), *ready) if not _is_stored(row, stored)]
    return steps, FactPlan(fact, [_value(row, stored, known) for row in changed])


def _place(row: Row) -> tuple[str, datetime]:
    return row.region, row.since


def _fact(key: str, rows: list[Row], known: _Known, steps: list[Step]) -> Fact | None:
    """The fact of a key, a new one where its kind is known; the refusals of all lines where it cannot be."""
    fact = known.facts.get(key)
    parts = facts.split_key(key)
    try:
        if parts is None:
            raise InvalidFact(
                gettext("“%(key)s” is no key: write subject.kind, of a-z, 0-9 and “-”.") % {"key": key[:60]}
            )
        if fact is None and parts[1] not in known.kinds:
            raise InvalidFact(gettext("There is no kind of fact called “%(kind)s”.") % {"kind": parts[1]})
        if fact is None:
            fact = Fact(subject=parts[0], kind=known.kinds[parts[1]], unit=rows[0].unit)
        saving_facts.refuse_unfit(fact)
    except InvalidFact as error:
        steps += [Step(row.line, Effect.REFUSED, key[:120], row.region[:20], reason=str(error)) for row in rows]
        return None
    return fact


def _tidied(fact: Fact, rows: list[Row], known: _Known, steps: list[Step]) -> Iterator[Row]:
    """The rows in the form in which their values are kept; refusals go to `steps`."""
    lines: dict[tuple[str, datetime], int] = {}
    for row in rows:
        try:
            yield _tidy(fact, row, known, lines)
            lines[_place(row)] = row.line
        except InvalidFact as error:
            steps.append(Step(row.line, Effect.REFUSED, row.key, row.region[:20], reason=str(error)))


def _tidy(fact: Fact, row: Row, known: _Known, lines: dict[tuple[str, datetime], int]) -> Row:
    if row.region and row.region not in known.regions:
        raise InvalidFact(gettext("There is no region “%(code)s”.") % {"code": row.region[:20]})
    if row.unit and row.unit != fact.unit:
        message = gettext("The unit %(unit)s does not fit “%(key)s”, which is measured in %(wanted)s.")
        raise InvalidFact(message % {"unit": row.unit[:40], "key": fact.key, "wanted": fact.unit})
    if earlier := lines.get(_place(row)):
        message = gettext("Line %(line)d has a value that begins at the same moment in the same region.")
        raise InvalidFact(message % {"line": earlier})
    value = FactValue(
        value=row.value, effective_from=row.since, effective_until=row.until, source=row.source, note=row.note
    )
    saving_facts.tidy(value, units.Unit.of(fact.unit))
    return replace(row, value=value.value, unit=fact.unit, source=value.source, note=value.note)


def _stored(fact: Fact) -> Iterator[tuple[FactValue, Row]]:
    for value in fact.values.all() if fact.pk else ():
        yield (
            value,
            Row(
                line=0,
                key=fact.key,
                region=value.region.code if value.region else facts.EVERYWHERE,
                value=value.value,
                unit=fact.unit,
                since=value.effective_from,
                until=value.effective_until,
                source=value.source,
                note=value.note,
            ),
        )


def _ended(
    stored: dict[tuple[str, datetime], tuple[FactValue, Row]], wanted: dict[tuple[str, datetime], Row]
) -> dict[tuple[str, datetime], Row]:
    """Open values that the file does not name and that a new one takes the place of, with the end that this gives
    them and the line that does it."""
    found = {}
    for place, (_value, row) in stored.items():
        after = [new for new in wanted.values() if new.region == row.region and new.since > row.since]
        if row.until is None and place not in wanted and after:
            first = min(after, key=lambda new: new.since)
            found[place] = replace(row, until=first.since, line=first.line)
    return found


def _overlapping(
    fact: Fact, together: dict[tuple[str, datetime], Row], wanted: dict[tuple[str, datetime], Row]
) -> list[Step]:
    """Refusals for rows that would hold at the same time as another value."""
    rows = {facts.DatedValue(row.value, row.since, row.until, row.region): row for row in together.values()}
    steps = {}
    for pair in facts.overlapping(rows):
        one, other = sorted((rows[value] for value in pair), key=lambda row: row.line)
        if _place(other) in wanted:
            reason = saving_facts.overlap(fact.key, *pair)
            if _place(one) in wanted:
                reason += " " + gettext("The other one is in line %(line)d.") % {"line": one.line}
            steps[other.line] = Step(other.line, Effect.REFUSED, fact.key, other.region, reason=reason)
    return list(steps.values())


def _left_out(row: Row, line: int) -> Step:
    message = gettext("Left out because line %(line)d of the same fact is refused.")
    return Step(row.line, Effect.REFUSED, row.key, row.region, reason=message % {"line": line})


def _step(row: Row, stored: tuple[FactValue, Row] | None) -> Step:
    after = str(row)
    if stored is None:
        return Step(row.line, Effect.ADDED, row.key, row.region, after=after)
    before = stored[1]
    if replace(row, line=0) == before:
        return Step(row.line, Effect.UNCHANGED, row.key, row.region, before=str(before), after=after)
    only_ends = before.until is None and replace(row, line=0, until=None) == before
    effect = Effect.ENDED if only_ends else Effect.CHANGED
    return Step(row.line, effect, row.key, row.region, before=str(before), after=after)


def _is_stored(row: Row, stored: dict[tuple[str, datetime], tuple[FactValue, Row]]) -> bool:
    return _place(row) in stored and stored[_place(row)][1] == replace(row, line=0)


def _value(row: Row, stored: dict[tuple[str, datetime], tuple[FactValue, Row]], known: _Known) -> FactValue:
    """The row of the database that a line makes or changes."""
    value = stored[_place(row)][0] if _place(row) in stored else FactValue(region=known.regions.get(row.region))
    value.value, value.effective_from, value.effective_until = row.value, row.since, row.until
    value.source, value.note = row.source, row.note
    return value
