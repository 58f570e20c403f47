"""What is written down of readers without making them wait: searches and reads.

Rows gather in the memory of a process and are written every five seconds, or when there are two hundred. What a
crash takes with it is accepted: these are statistics, not promises.
"""

import atexit
import logging
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone

from helpcenter.models import AddressUse, Article, ReadCount, SearchLog
from supportdesk import guard

logger = logging.getLogger(__name__)

MOST_ROWS = 200
EVERY = 5.0  # seconds
READS_PER_HOUR = 300  # of one address

Row = TypeVar("Row")


class FromAddress(Protocol):
    """What an address did at a moment."""

    @property
    def address_hash(self) -> str: ...
    @property
    def at(self) -> datetime: ...


Visit = TypeVar("Visit", bound=FromAddress)


@dataclass(frozen=True)
class Search:
    token: str
    query: str
    language: str
    hits: int
    stage: str
    at: datetime


@dataclass(frozen=True)
class Read:
    article: int
    language: str
    query_token: str
    address_hash: str
    at: datetime


class Buffer(Generic[Row]):
    """Rows on their way to the database; `write` gets them all at once."""

    def __init__(self, write: Callable[[list[Row]], None]) -> None:
        self.write = write
        self.rows: list[Row] = []
        self.lock = threading.Lock()
        self.timer: threading.Timer | None = None

    def add(self, row: Row) -> None:
        with self.lock:
            self.rows.append(row)
            full = len(self.rows) >= MOST_ROWS
            if self.timer is None and not full:
                self.timer = threading.Timer(EVERY, self._flush_and_hang_up)
                self.timer.daemon = True
                self.timer.start()
        if full:
            self.flush()

    def flush(self) -> int:
        """Write what has gathered; returns how many rows."""
        with self.lock:
            rows, self.rows = self.rows, []
            if self.timer is not None:
                self.timer.cancel()
                self.timer = None
        if rows:
            try:
                with transaction.atomic():
                    self.write(rows)
            except DatabaseError:
                logger.exception("%d rows of statistics were lost.", len(rows))
        return len(rows)

    def drop(self) -> None:
        """Forget what has gathered, as a process does that ends unexpectedly."""
        with self.lock:
            self.rows = []
            if self.timer is not None:
                self.timer.cancel()
                self.timer = None

    def _flush_and_hang_up(self) -> None:
        self.flush()
        connection.close()  # the timer's thread ends here


def log_search(*, token: str, query: str, language: str, hits: int, stage: str) -> None:
    """Remember a search; the query passes the secret guard before anything else."""
    cleaned = guard.clean(query, door="search").text[:200]
    searches.add(Search(token, cleaned, language, hits, stage, timezone.now()))


def count_read(*, article: int, language: str, query_token: str, address_hash: str) -> None:
    """Remember that an article was read, and from which search."""
    reads.add(Read(article, language, query_token, address_hash, timezone.now()))


def _write_searches(rows: list[Search]) -> None:
    SearchLog.objects.bulk_create(
        SearchLog(
            token=row.token, query=row.query, language=row.language, hits=row.hits, stage=row.stage, created_at=row.at
        )
        for row in rows
    )


def _write_reads(rows: list[Read]) -> None:
    known = set(Article.objects.filter(pk__in={row.article for row in rows}).values_list("pk", flat=True))
    allowed = [row for row in within_limits(rows, "beacon", READS_PER_HOUR) if row.article in known]
    sums = Counter((row.article, row.language, _hour(row.at)) for row in allowed)
    for (article, language, hour), count in sums.items():
        _, created = ReadCount.objects.get_or_create(
            article_id=article, language=language, hour=hour, defaults={"count": count}
        )
        if not created:
            ReadCount.objects.filter(article=article, language=language, hour=hour).update(count=F("count") + count)
    searches.flush()  # a click can only be noted on a search that is written
    for row in allowed:
        if row.query_token:
            SearchLog.objects.filter(token=row.query_token, clicked=None).update(clicked_id=row.article)


def within_limits(rows: list[Visit], door: str, most: int) -> list[Visit]:
    """The rows of addresses that have not used a door more often in this hour than people do."""
    allowed = []
    for (address, hour), count in Counter((row.address_hash, _hour(row.at)) for row in rows).items():
        used = use_address(address, door, hour, count)
        own = [row for row in rows if row.address_hash == address and _hour(row.at) == hour]
        allowed += own[: max(0, most - (used - count))]
    return allowed


def use_address(address_hash: str, door: str, at: datetime, count: int = 1) -> int:
    """Count uses of a door by an address in the hour of `at`; returns its uses in that hour, these included."""
    hour = AddressUse._meta.get_field("hour").get_db_prep_save(_hour(at), connection)
    with connection.cursor() as cursor:
        cursor.execute(_USE, [address_hash, door, hour, count])
        ((used,),) = cursor.fetchall()
    return int(used)


# Every form that is sent counts itself: in one statement, which both databases know.
_USE = """
    INSERT INTO helpcenter_addressuse AS known (address_hash, door, hour, count) VALUES (%s, %s, %s, %s)
    ON CONFLICT (address_hash, door, hour) DO UPDATE SET count = known.count + excluded.count
    RETURNING count
"""


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


searches = Buffer(_write_searches)
reads = Buffer(_write_reads)
atexit.register(searches.flush)
atexit.register(reads.flush)
