"""Coverage is measured on tests of one thing each. What goes through a whole library proves more than lines and takes
twice as long while they are counted: it is marked `unmeasured`, and so is what only repeats a test with other values.
The bar of coverage holds without them."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import coverage
import pytest

MEASURED = 2  # examples of one test


def beyond_the_first(items: Iterable[pytest.Item]) -> Iterator[pytest.Item]:
    """The examples of each test after its first few, in the order in which they are written."""
    seen: Counter[str] = Counter()
    for item in items:
        name = item.nodeid.partition("[")[0]
        seen[name] += 1
        if seen[name] > MEASURED:
            yield item


@contextmanager
def unmeasured() -> Iterator[None]:
    """Lines that run inside do not count as covered; nothing happens where nobody counts."""
    stopped = []
    while measuring := coverage.Coverage.current():  # a process of pytest-xdist has two, one above the other
        measuring.stop()
        stopped.append(measuring)
    try:
        yield
    finally:
        for measuring in reversed(stopped):
            measuring.start()
