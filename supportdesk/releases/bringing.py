"""Bringing what a release ships to the rows of a desk, without a loss of what its staff changed."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from django.db import transaction

from supportdesk.releases.kinds import Kind, Shipped
from supportdesk.releases.merging import Content, differing, merged
from supportdesk.releases.models import ShippedRow


class Fate(StrEnum):
    """What became of a row; the value is what the command line says."""

    ADDED = "added"
    RENEWED = "renewed"
    MERGED = "merged with changes of the desk"
    REMOVED = "removed"
    KEPT = "kept, though the release has another wording"
    AWAY = "removed here before and left so"
    LEFT = "no longer in the release and left"
    SAME = "as they were"


@dataclass
class Outcome:
    """What became of the rows of a kind. `kept` holds the keys for which the release has another wording, with the
    parts that differ; `unknown` of them are those of which nobody knows what was shipped before."""

    kind: Kind
    counts: Counter[Fate] = field(default_factory=Counter)
    kept: dict[str, list[str]] = field(default_factory=dict)
    unknown: int = 0


def bring(kind: Kind) -> Outcome:
    """Add, renew, merge and remove rows as the release has them, where this site has rows of the kind from us; a second
    time changes nothing. Raises what the kind does for a bad file, which stores nothing."""
    return bring_always(kind) if kind.is_taken() else Outcome(kind)


@transaction.atomic
def bring_always(kind: Kind) -> Outcome:
    """As `bring`, and to a site that has none of them as well."""
    return _Bringing(kind).bring()


class _Bringing:
    """One run over one kind."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.outcome = Outcome(kind)
        rows = ShippedRow.objects.select_for_update().filter(kind=kind.name)
        self.records = {row.key: row for row in rows}
        self.present = kind.present()
        self.added: list[Shipped] = []
        self.renewed: list[Shipped] = []
        self.new: list[ShippedRow] = []
        self.touched: list[ShippedRow] = []

    def bring(self) -> Outcome:
        shipped = {row.key: row for row in self.kind.shipped()}
        gone = self._gone(shipped)
        for row in shipped.values():
            if row.key not in self.present:
                self._count(self._look_for(row, gone))
        if self.added:
            self.kind.add(self.added)
        for row in shipped.values():
            if row.key in self.present:
                self._count(self._compare(row, self.present[row.key]))
        if self.renewed:
            self.kind.write_all(self.renewed)
        self._withdraw_all([record for key, record in self.records.items() if key not in shipped])
        ShippedRow.objects.bulk_create(self.new, batch_size=500)
        ShippedRow.objects.bulk_update(self.touched, ["base", "offered"], batch_size=100)
        changing = (Fate.ADDED, Fate.RENEWED, Fate.MERGED, Fate.REMOVED)
        if any(self.outcome.counts[fate] for fate in changing):
            self.kind.changed()
        return self.outcome

    def _gone(self, keys: Collection[str]) -> list[Content]:
        """What staff removed and the release does not have any more either."""
        absent = (record for key, record in self.records.items() if key not in keys and key not in self.present)
        return [record.base for record in absent if record.base is not None]

    def _count(self, fate: Fate) -> None:
        self.outcome.counts[fate] += 1

    @cached_property
    def _once_here(self) -> Collection[str]:
        return self.kind.once_here()

    def _look_for(self, row: Shipped, gone: Collection[Content]) -> Fate:
        """A row that is not here: new, or removed by staff."""
        record = self.records.get(row.key)
        if record is None and row.key in self._once_here:
            return self._remember(row, Fate.AWAY)
        if record is not None and record.base is not None:
            return self._remember(row, Fate.AWAY, base=record.base)
        is_open = record is not None and not record.is_withdrawn
        if is_open or self.kind.was_refused(row, gone):
            return self._offer(row, {}, base=None)
        if not self.kind.is_possible(row):
            return Fate.AWAY
        if self.kind.in_bulk:
            self.added.append(row)
        else:
            self.kind.write(row)
        return self._remember(row, Fate.ADDED)

    def _compare(self, row: Shipped, mine: Content) -> Fate:
        """A row that is here: as it was shipped, or changed by staff."""
        record, content = self.records.get(row.key), row.content
        base = record.base if record else None
        if record is None and mine != content and self.kind.is_as_added(row.key):
            base = mine
        result = merged(base, mine, content, self.kind.lists)
        if result is None or (result != mine and not self.kind.is_possible(row)):
            return self._offer(row, mine, base=base)
        if result == mine:
            return self._remember(row, Fate.SAME)
        renewed = Shipped(row.key, result, row.place, row.order)
        if self.kind.in_bulk:
            self.renewed.append(renewed)
        else:
            self.kind.write(renewed)
        return self._remember(row, Fate.RENEWED if result == content else Fate.MERGED)

    def _offer(self, row: Shipped, mine: Content, base: Content | None) -> Fate:
        self.outcome.kept[row.key] = differing(mine, row.content)
        self.outcome.unknown += base is None
        self._store(row.key, base, row.content)
        return Fate.KEPT

    def _remember(self, row: Shipped, fate: Fate, base: Content | None = None) -> Fate:
        self._store(row.key, row.content if base is None else base, None)
        return fate

    def _withdraw_all(self, records: list[ShippedRow]) -> None:
        """Remove the rows that the release no longer has. A row that another row points to is removed after that
        one."""
        while left := [record for record in records if not self._is_withdrawn(record)]:
            if len(left) == len(records):
                break
            records = left
        for record in left:
            self._store(record.key, record.base, None)
            self._count(Fate.LEFT)

    def _is_withdrawn(self, record: ShippedRow) -> bool:
        """What staff removed is remembered: another release may have it again."""
        mine = self.present.get(record.key)
        if mine is None:
            self._store(record.key, record.base, None)
            return True
        if self.kind.removes and mine == record.base and self.kind.remove(record.key):
            self._store(record.key, None, None)
            self._count(Fate.REMOVED)
            return True
        return False

    def _store(self, key: str, base: Content | None, offered: Content | None) -> None:
        record = self.records.get(key)
        if record is None:
            self.new.append(ShippedRow(kind=self.kind.name, key=key, base=base, offered=offered))
        elif (record.base, record.offered) != (base, offered):
            record.base, record.offered = base, offered
            self.touched.append(record)
