"""The outbox: whoever changes something posts its event in the same transaction, consumers hear of it afterwards.

At least once: a consumer is told again when the process that told it died, so it must be idempotent by event.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks_db.models import DBTaskResult

from supportdesk.outbox.models import Outbox, State
from supportdesk.ui import written

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
BACKOFF = tuple(timedelta(seconds=s) for s in (5, 30, 120, 600, 3600, 3 * 3600, 12 * 3600))
BATCH = 100
TASK = "supportdesk.outbox.tasks.deliver"


@dataclass(frozen=True)
class Consumer:
    """`handler` is the dotted path of a callable that takes the number of an event of one of `kinds`."""

    name: str
    kinds: frozenset[str]
    handler: str


CONSUMERS: dict[str, Consumer] = {}
_is_owing = ContextVar("outbox_is_owing", default=True)


def register(name: str, kinds: Iterable[str], handler: str) -> None:
    """Make a consumer known; called from `AppConfig.ready()`."""
    CONSUMERS[name] = Consumer(name, frozenset(kinds), handler)


def post(kind: str, event_id: int, *, at: datetime | None = None) -> None:
    """Owe an event to every consumer of its kind, not before `at` (UTC); wakes the worker when the transaction
    commits."""
    post_all([(kind, event_id)], at=at)


def post_all(events: Iterable[tuple[str, int]], *, at: datetime | None = None) -> None:
    """Owe several events, each a kind and a number, with one statement."""
    if not _is_owing.get():
        return
    due = at or timezone.now()
    rows = [
        Outbox(event_kind=kind, event_id=event_id, consumer=consumer.name, next_at=due)
        for kind, event_id in events
        for consumer in CONSUMERS.values()
        if kind in consumer.kinds
    ]
    written.insert(rows, ignore_conflicts=True)
    if rows and due <= timezone.now():
        transaction.on_commit(_wake_worker)


@contextmanager
def owing_nothing() -> Iterator[None]:
    """Nothing that is posted inside is owed to anybody: for content of a demo, from which no mail may go out. Whoever
    loads it does for the consumers what has to be done."""
    token = _is_owing.set(False)
    try:
        yield
    finally:
        _is_owing.reset(token)


def _wake_worker() -> None:
    """Enqueue a call of the worker, unless one waits that no worker has taken up: it will see what was committed before
    it runs."""
    if not is_waiting(TASK):
        import_string(TASK).enqueue()


def is_waiting(task: str) -> bool:
    """Whether a call of a task, by its dotted path, waits for a worker."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [task])
        return cursor.fetchone() is not None


# The status stands in the statement itself: SQLite takes the index of waiting tasks only where it reads the word.
_WAITING = f"SELECT 1 FROM {DBTaskResult._meta.db_table} WHERE status = 'READY' AND task_path = %s LIMIT 1"  # noqa: S608


def deliver_due(now: Callable[[], datetime] = timezone.now) -> int:
    """Deliver a batch of what is due; returns the number of deliveries that succeeded. Behind a full batch the worker
    is woken for the next: one call stands for all that was committed before it."""
    delivered = 0
    rows = list(Outbox.objects.due(now()).order_by("next_at", "pk")[:BATCH])
    for row in rows:
        if _claim(row, now()):
            delivered += _deliver(row, now)
    if len(rows) == BATCH:
        _wake_worker()
    return delivered


def _claim(row: Outbox, at: datetime) -> bool:
    """Take the row for a minute; only one of several workers sees its update succeed."""
    lease_until = at + LEASE
    claimed = Outbox.objects.due(at).filter(pk=row.pk).update(lease_until=lease_until, attempts=F("attempts") + 1)
    if claimed:
        row.lease_until, row.attempts = lease_until, row.attempts + 1
    return claimed == 1


def _held(row: Outbox) -> QuerySet[Outbox]:
    """The row as long as our lease stands: a worker that was slower than its lease must not undo what the next one
    wrote."""
    return Outbox.objects.pending().filter(pk=row.pk, lease_until=row.lease_until)


def _deliver(row: Outbox, now: Callable[[], datetime]) -> bool:
    consumer = CONSUMERS.get(row.consumer)
    try:
        if consumer is None:
            raise LookupError(f"No consumer is called {row.consumer!r}.")
        import_string(consumer.handler)(row.event_id)
    except Exception as error:  # noqa: BLE001 - whatever a consumer raises is written down and tried again
        _postpone(row, error, now())
        return False
    return _held(row).update(state=State.DONE, lease_until=None, error="") == 1


def _postpone(row: Outbox, error: Exception, at: datetime) -> None:
    given_up = row.attempts > len(BACKOFF)
    logger.warning("Delivery %s failed at attempt %d: %s", row, row.attempts, error)
    reason = f"{type(error).__name__}: {error}".replace("\0", "")  # PostgreSQL keeps no NUL
    _held(row).update(
        state=State.FAILED if given_up else State.PENDING,
        next_at=at if given_up else at + BACKOFF[row.attempts - 1],
        lease_until=None,
        error=reason[:300],
    )
