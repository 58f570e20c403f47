"""Coverage is measured on tests of one thing each. What goes through a whole library proves more than lines and takes
half as long again while they are counted: it is marked `unmeasured`, and the bar of coverage holds without it."""

from collections.abc import Iterator
from contextlib import contextmanager

import coverage


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
