"""How old a page may be: one number that grows with every visible change, and what a process remembers of it.

A process re-reads the number at most every two seconds (`RE_READ`), so an unpublished article is gone everywhere soon
after, and a warm page costs no query in between. Languages of the site travel with it in the same query.
"""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import F, Subquery
from django.db.models.functions import Coalesce

from helpcenter.models import ContentGeneration, SiteLanguage

RE_READ = 2.0  # seconds


@dataclass(frozen=True)
class Snapshot:
    """The number, the public languages in menu order, and where each language falls back to."""

    generation: int
    public: tuple[str, ...]
    fallbacks: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def is_public(self, language: str) -> bool:
        return language in self.public


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
    if snapshot is not None and time.monotonic() - _memory.read_at < RE_READ:
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


def instant_reached(event_id: int) -> None:
    """An announcement's moment has come: pages look different from now on (consumer of the outbox)."""
    bump()


def _read() -> Snapshot:
    number = ContentGeneration.objects.filter(pk=1).values("number")[:1]
    rows = list(
        SiteLanguage.objects.annotate(generation=Coalesce(Subquery(number), 0)).values_list(
            "code", "is_public", "fallbacks", "generation"
        )
    )
    return _snapshot(rows)


def _snapshot(rows: Sequence[tuple[str, bool, list[str], int]]) -> Snapshot:
    known = [code for code, _ in settings.LANGUAGES]
    listed = {code for code, *_ in rows}
    # A language that has no row yet is public: a site works before anybody configured it.
    public = [code for code, is_public, *_ in rows if is_public and code in known]
    public += [code for code in known if code not in listed]
    generation = max((row[3] for row in rows), default=0)
    return Snapshot(generation, tuple(public), {code: tuple(fallbacks or ()) for code, _, fallbacks, _ in rows})
