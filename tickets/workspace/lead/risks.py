"""What is due first, read from the index of the queue at the moment of looking."""

from datetime import datetime

from tickets.access import Access
from tickets.workspace import listing, queries
from tickets.workspace.listing import Row
from tickets.workspace.queries import Asked

SHOWN = 10


def risks(access: Access, now: datetime) -> list[Row]:
    """The tickets whose clocks run out first, late ones before all."""
    found, _ = queries.page_of(Asked(view="all"), access, now, size=SHOWN)
    return [row for row in listing.rows(found, now) if row.chip is not None]
