"""How old a page may be: one number that grows with every visible change, and what a process remembers of it.

A process re-reads the number at most every two seconds (`RE_READ`), so an unpublished article is gone everywhere soon
after, and a warm page costs no query in between. Languages of the site travel with it in the same query, and so do the
moments at which announcements and values of facts begin and end: pages change there though nobody does anything.
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Subquery
from django.utils import timezone

from helpcenter.enums import EventKind
from helpcenter.models import Announcement, ContentGeneration, Pin, PublicStatus, SiteLanguage
from supportdesk.outbox.models import Outbox

RE_READ = 2.0  # seconds

T = TypeVar("T")


@dataclass(frozen=True)
class Snapshot:
    """The number, the public languages in menu order, where each language falls back to, and whether there are bands
    and pinned texts. It holds `until` the next moment of an announcement or of a fact (UTC), where one lies ahead.
    `usual`: within how many minutes people usually hear, by language."""

    generation: int
    public: tuple[str, ...]
    fallbacks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    until: datetime | None = None
    has_bands: bool = False
    has_pins: bool = False
    usual: dict[str, int] = field(default_factory=dict)
    memory: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def is_public(self, language: str) -> bool:
        return language in self.public

    @cached_property
    def order(self) -> tuple[tuple[str, ...], tuple[tuple[str, tuple[str, ...]], ...]]:
        """The public languages and the fallbacks: all that decides which language a reader gets, as one value."""
        return self.public, tuple(self.fallbacks.items())

    @cached_property
    def version(self) -> str:
        """What tells the pages of this snapshot from those of any other; the same in every process. When a moment has
        come, another one is the next, though nobody has counted it yet."""
        return f"{self.generation}-{int(self.until.timestamp() * 1000) if self.until else 0:x}"

    @property
    def is_over(self) -> bool:
        return self.until is not None and self.until <= timezone.now()


class _Memory:
    """What this process read last, and when (monotonic seconds)."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.snapshot: Snapshot | None = None
        self.read_at = float("-inf")

    def forget(self) -> None:
        self.read_at = float("-inf")

    def reset(self) -> None:
        self.snapshot = None
        self.forget()


_memory = _Memory()


def current() -> Snapshot:
    """The snapshot, at most two seconds old. One thread reads it, the others go on with the last one meanwhile."""
    snapshot = _memory.snapshot
    if snapshot is not None and time.monotonic() - _memory.read_at < RE_READ and not snapshot.is_over:
        return snapshot
    if snapshot is not None and not _memory.lock.acquire(blocking=False):
        return snapshot
    if snapshot is None:
        _memory.lock.acquire()
    try:
        _memory.snapshot, _memory.read_at = _read(), time.monotonic()
        return _memory.snapshot
    finally:
        _memory.lock.release()


def remembered(name: str, read: Callable[[], T]) -> T:
    """What `read` gives for every page alike, read once for each snapshot: as old as the snapshot at most."""
    memory = current().memory
    if name not in memory:
        memory[name] = read()
    found: T = memory[name]
    return found


def stored_number() -> int:
    """The generation as the database has it now."""
    return ContentGeneration.objects.values_list("number", flat=True).filter(pk=1).first() or 0


def forget() -> None:
    """Make this process read again at once: after its own change, and in tests."""
    _memory.forget()


def reset() -> None:
    """Forget everything, as a process does that has just started."""
    _memory.reset()


def bump() -> None:
    """Count a visible change; call it inside the transaction that makes the change."""
    if not ContentGeneration.objects.filter(pk=1).update(number=F("number") + 1):
        ContentGeneration(number=2).save()
    forget()
    transaction.on_commit(forget)  # another thread may have read the old number before the change was committed


def instant_reached(event_id: int) -> None:
    """A moment of an announcement or of a fact has come: pages look different from now on (consumer of the outbox)."""
    bump()


def _read() -> Snapshot:
    now = timezone.now()
    facts = _facts(now)
    stated = PublicStatus.objects.current(now).filter(language=OuterRef("code")).values("reply_promise")
    languages = SiteLanguage.objects.annotate(**facts, usual=Subquery(stated[:1]))
    rows = list(languages.values("code", "is_public", "fallbacks", "usual", *facts))
    found = rows[0] if rows else ContentGeneration.objects.annotate(**facts).values(*facts).first()
    return _snapshot(rows, found or {})


def _facts(now: datetime) -> dict[str, Any]:
    """What is read beside the languages: the number, the next moment that is owed to `instant_reached`, and
    whether any announcement is on top of the pages, or any text pinned."""
    number = ContentGeneration.objects.filter(pk=1).values("number")
    ahead = Outbox.objects.pending().filter(event_kind=EventKind.INSTANT, next_at__gt=now).order_by("next_at")
    above = {"has_bands": Exists(Announcement.objects.in_band()), "has_pins": Exists(Pin.objects.current(now))}
    return {"generation": Subquery(number[:1]), "until": Subquery(ahead.values("next_at")[:1]), **above}


def _snapshot(rows: Sequence[dict[str, Any]], facts: dict[str, Any]) -> Snapshot:
    known = [code for code, _ in settings.LANGUAGES]
    listed = {row["code"] for row in rows}
    # A language that has no row yet is public: a site works before anybody configured it.
    public = [row["code"] for row in rows if row["is_public"] and row["code"] in known]
    public += [code for code in known if code not in listed]
    return Snapshot(
        generation=facts.get("generation") or 0,
        public=tuple(public) or (settings.LANGUAGE_CODE,),  # with all of them off, readers still have to arrive
        fallbacks={row["code"]: tuple(row["fallbacks"] or ()) for row in rows},
        until=facts.get("until"),
        has_bands=bool(facts.get("has_bands")),
        has_pins=bool(facts.get("has_pins")),
        usual={row["code"]: row["usual"] for row in rows if row["usual"]},
    )
